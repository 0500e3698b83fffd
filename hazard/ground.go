package hazard

import "math"

// groundScale returns the metres per 1e-7 degree of longitude and of latitude
// at a latitude in 1e-7 degree.
func groundScale(lat float64) (x, y float64) {
	const a, e2 = 6378137, 0.00669437999014 // WGS 84
	sin, cos := math.Sincos(lat * (math.Pi / 180e7))
	w := math.Sqrt(1 - e2*sin*sin)
	return a * cos / w * (math.Pi / 180e7), a * (1 - e2) / (w * w * w) * (math.Pi / 180e7)
}

// ground measures the ground in square metres per square of the lattice, which
// changes evenly from south to north within a small cell.
type ground struct {
	from          cell // where it holds
	bottom, slope float64
}

func newGround(c cell) ground {
	at := func(y int64) float64 {
		sx, sy := groundScale(float64(y) - 0.5)
		return sx * sy
	}
	low, high := at(c.y0), at(c.y0+c.size())
	return ground{c, low, (high - low) / float64(c.size())}
}

// in returns the measure for a cell, counted from its own lower border.
func (g ground) in(c cell) ground {
	if g.from.shift > sweepShift || c.y0 < g.from.y0 || c.y0+c.size() > g.from.y0+g.from.size() {
		return newGround(c)
	}
	return ground{c, g.bottom + g.slope*float64(c.y0-g.from.y0), g.slope}
}

// cell returns the ground of a whole cell.
func (g ground) cell(c cell) float64 {
	size := float64(c.size())
	if c.shift <= sweepShift {
		return size * size * (g.bottom + g.slope*size/2)
	}
	return size * (math.Pi / 180e7) * (zoneArea(float64(c.y0+c.size())-0.5) - zoneArea(float64(c.y0)-0.5))
}

// zoneArea returns the area of the ellipsoid between the equator and a
// latitude in 1e-7 degree, per radian of longitude.
func zoneArea(lat float64) float64 {
	const b, e = 6356752.314245, 0.0818191908426215 // WGS 84
	sin := math.Sin(lat * (math.Pi / 180e7))
	return b * b / 2 * (sin/(1-e*e*sin*sin) + math.Atanh(e*sin)/e)
}
