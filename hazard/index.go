package hazard

import (
	"context"
	"errors"
	"io"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// Hit is one zone that holds a position.
type Hit struct {
	Zone uint32 // its number in the dataset
	Edge bool   // the position lies on the edge of the zone, which belongs to it
}

// Index answers positions and areas from the bytes of risks.idx.
type Index struct{ b []byte }

var errSoon = errors.New("not yet")

// SortZones puts zones into the order that gives them their numbers.
func SortZones(zones []Zone) {}

// WriteIndex writes risks.idx.
func WriteIndex(ctx context.Context, w io.Writer, in *Input) error { return errSoon }

// OpenIndex reads the header.
func OpenIndex(b []byte) (*Index, error) { return nil, errSoon }

// Verify checks every checksum and reference.
func (x *Index) Verify() error { return errSoon }

// At appends the zones that hold p.
func (x *Index) At(dst []Hit, p geo.E7) []Hit { return dst }

// Zone returns zone n without its shape.
func (x *Index) Zone(n uint32) Zone { return Zone{} }

// Zones returns how many zones there are.
func (x *Index) Zones() int { return 0 }

// Covered returns the kinds surveyed at p, and those with an incomplete source.
func (x *Index) Covered(p geo.E7) (covered, incomplete KindSet) { return 0, 0 }

// Sourced returns the kinds with any coverage.
func (x *Index) Sourced() KindSet { return 0 }

// InArea reports whether p lies in the boundary of the area, its edge included.
func (x *Index) InArea(p geo.E7) bool { return false }

// CountInArea returns how many zones touch the area.
func (x *Index) CountInArea(k Kind, s Scenario) int { return 0 }

// Near returns the worst rank within a distance.
func (x *Index) Near(p geo.E7, k Kind, s Scenario, within geo.Metres) uint8 { return 0 }

// LineWithin returns the distance to the nearest zone drawn only as a line.
func (x *Index) LineWithin(p geo.E7, k Kind, within geo.Metres) (geo.Metres, bool) { return 0, false }

// Batch looks up many points.
func (x *Index) Batch(points []geo.E7, fn func(i int, hits []Hit)) {}

// AreaShares returns the shares of each class inside a polygon.
func (x *Index) AreaShares(area orb.MultiPolygon) []Range { return nil }

// Range returns the stored shares of a place.
func (x *Index) Range(placeID string) ([]Range, bool) { return nil, false }

// Shelters returns every shelter.
func (x *Index) Shelters() []Shelter { return nil }

// Area returns the municipality.
func (x *Index) Area() Area { return Area{} }

// Sources returns the sources.
func (x *Index) Sources() []Source { return nil }

// DatasetID returns the id.
func (x *Index) DatasetID() string { return "" }
