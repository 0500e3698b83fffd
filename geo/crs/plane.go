package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// plane is a transverse Mercator projection of GRS 80, by the series of
// Krüger in the form of Karney, "Transverse Mercator with an accuracy of a few
// nanometers" (2011), to the sixth order.
type plane struct {
	lon0, scale, origin float64 // radians; k0; metres from the equator to the origin
	alpha, beta         [6]float64
	radius              float64 // of the sphere with the same meridian, in metres
}

// plane9 is 平面直角座標系 IX (国土交通省告示第9号 of 2002): origin 36° N, 139°50′ E.
var plane9 = newPlane(36, 139+50.0/60)

const (
	flattening = 1 / 298.257222101 // of GRS 80
	planeScale = 0.9999
)

var eccentricity = math.Sqrt(flattening * (2 - flattening))

func newPlane(lat0, lon0 float64) *plane {
	const n = flattening / (2 - flattening)
	const n2, n3, n4, n5, n6 = n * n, n * n * n, n * n * n * n, n * n * n * n * n, n * n * n * n * n * n
	p := &plane{
		lon0: lon0 * math.Pi / 180, scale: planeScale,
		radius: earthAxis / (1 + n) * (1 + n2/4 + n4/64 + n6/256),
		alpha: [6]float64{
			n/2 - n2*2/3 + n3*5/16 + n4*41/180 - n5*127/288 + n6*7891/37800,
			n2*13/48 - n3*3/5 + n4*557/1440 + n5*281/630 - n6*1983433/1935360,
			n3*61/240 - n4*103/140 + n5*15061/26880 + n6*167603/181440,
			n4*49561/161280 - n5*179/168 + n6*6601661/7257600,
			n5*34729/80640 - n6*3418889/1995840,
			n6 * 212378941 / 319334400,
		},
		beta: [6]float64{
			n/2 - n2*2/3 + n3*37/96 - n4/360 - n5*81/512 + n6*96199/604800,
			n2/48 + n3/15 - n4*437/1440 + n5*46/105 - n6*1118711/3870720,
			n3*17/480 - n4*37/840 - n5*209/4480 + n6*5569/90720,
			n4*4397/161280 - n5*11/504 - n6*830251/7257600,
			n5*4583/161280 - n6*108847/3991680,
			n6 * 20648693 / 638668800,
		},
	}
	p.origin, _ = p.forward(orb.Point{lon0, lat0})
	return p
}

// conformal returns the tangent of the conformal latitude for that of the
// geographic one.
func conformal(tau float64) float64 {
	sigma := math.Sinh(eccentricity * math.Atanh(eccentricity*tau/math.Hypot(1, tau)))
	return tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
}

func (p *plane) forward(at orb.Point) (north, east float64) {
	tau := conformal(math.Tan(at[1] * math.Pi / 180))
	sin, cos := math.Sincos(at[0]*math.Pi/180 - p.lon0)
	xi, eta := math.Atan2(tau, cos), math.Asinh(sin/math.Hypot(tau, cos))
	dXi, dEta := series(p.alpha, xi, eta)
	reach := p.scale * p.radius
	return reach*(xi+dXi) - p.origin, reach * (eta + dEta)
}

func (p *plane) inverse(north, east float64) orb.Point {
	reach := p.scale * p.radius
	xi, eta := (north+p.origin)/reach, east/reach
	dXi, dEta := series(p.beta, xi, eta)
	xi, eta = xi-dXi, eta-dEta
	want := math.Sin(xi) / math.Hypot(math.Sinh(eta), math.Cos(xi))
	tau := want
	for range 5 { // by Newton; three steps reach the last bit
		miss := want - conformal(tau)
		tau += miss / math.Hypot(1, conformal(tau)) * (1 + (1-eccentricity*eccentricity)*tau*tau) /
			((1 - eccentricity*eccentricity) * math.Hypot(1, tau))
	}
	lon := p.lon0 + math.Atan2(math.Sinh(eta), math.Cos(xi))
	return orb.Point{lon * 180 / math.Pi, math.Atan(tau) * 180 / math.Pi}
}

// series adds up the corrections of one direction.
func series(coefficients [6]float64, xi, eta float64) (dXi, dEta float64) {
	for i, c := range coefficients {
		k := float64(2 * (i + 1))
		sin, cos := math.Sincos(k * xi)
		dXi += c * sin * math.Cosh(k*eta)
		dEta += c * cos * math.Sinh(k*eta)
	}
	return dXi, dEta
}
