package dataset

import (
	"time"

	"hazardmap/geo/geopackage"
	"hazardmap/hazard"

	"github.com/paulmach/orb"
)

// The layers of hazards.gpkg. A zone is record number+1 of zones, or of
// zone_lines where the file draws only a line.
const (
	zonesLayer    = "zones"
	linesLayer    = "zone_lines"
	sheltersLayer = "shelters"
	coverageLayer = "coverage"
	boundaryLayer = "boundary"
	townsLayer    = "towns"
)

var zoneColumns = []geopackage.Column{
	{Name: "kind", Type: geopackage.Text},
	{Name: "scenario", Type: geopackage.Text},
	{Name: "rank", Type: geopackage.Integer}, // none where the class could not be read
	{Name: "class_low", Type: geopackage.Real},
	{Name: "class_high", Type: geopackage.Real},
	{Name: "class_text", Type: geopackage.Text},
	{Name: "designated", Type: geopackage.Boolean},
	{Name: "designated_on", Type: geopackage.Text},
	{Name: "red_not_surveyed", Type: geopackage.Boolean},
	{Name: "clipped", Type: geopackage.Boolean},
	{Name: "river", Type: geopackage.Text},
	{Name: "river_code", Type: geopackage.Text},
	{Name: "name", Type: geopackage.Text},
	{Name: "number", Type: geopackage.Text},
	{Name: "place", Type: geopackage.Text},
	{Name: "source", Type: geopackage.Integer}, // position in the manifest
	{Name: "source_title", Type: geopackage.Text},
}

func zoneValues(z *hazard.Zone, sources []hazard.Source) []any {
	var rank, low, high any
	if z.Rank != hazard.RankUnknown {
		rank = int64(z.Rank)
	}
	if class, ok := hazard.ClassOf(z.Kind, z.Rank); ok && (z.Kind.Depth() || z.Kind == hazard.FloodDuration) {
		low = class.Low
		if !class.Open {
			high = class.High
		}
	}
	title := ""
	if z.Source >= 0 && z.Source < len(sources) {
		title = sources[z.Source].Title
	}
	return []any{
		z.Kind.String(), z.Scenario.String(), rank, low, high, z.ClassText,
		z.Flags&hazard.NotDesignated == 0, z.Designated, z.Flags&hazard.RedNotSurveyed != 0, z.Flags&hazard.Clipped != 0,
		z.River, z.RiverCode, z.Name, z.Number, z.Place, int64(z.Source), title,
	}
}

// writeShapes writes hazards.gpkg, every shape at full precision.
func writeShapes(path string, in *hazard.Input, edition time.Time) error {
	w, err := geopackage.Create(path, edition)
	if err != nil {
		return err
	}
	for _, step := range []func(*geopackage.Writer, *hazard.Input) error{writeZones, writeLines, writeShelters, writeCoverage, writeBoundary, writeTowns} {
		if err := step(w, in); err != nil {
			w.Close() // the file is of no use; the first error says why
			return err
		}
	}
	return w.Close()
}

func writeZones(w *geopackage.Writer, in *hazard.Input) error {
	if err := w.Layer(zonesLayer, geopackage.MultiPolygon, geopackage.JGD2011, zoneColumns); err != nil {
		return err
	}
	return addZones(w, in, func(z *hazard.Zone) bool { return z.Flags&hazard.LineOnly == 0 })
}

func writeLines(w *geopackage.Writer, in *hazard.Input) error {
	isLine := func(z *hazard.Zone) bool { return z.Flags&hazard.LineOnly != 0 }
	if err := w.Layer(linesLayer, geopackage.MultiLineString, geopackage.JGD2011, zoneColumns); err != nil {
		return err
	}
	return addZones(w, in, isLine)
}

func addZones(w *geopackage.Writer, in *hazard.Input, belongs func(*hazard.Zone) bool) error {
	for i := range in.Zones {
		z := &in.Zones[i]
		if !belongs(z) {
			continue
		}
		if err := w.Add(int64(i+1), z.Shape, zoneValues(z, in.Sources)...); err != nil {
			return err
		}
	}
	return nil
}

func writeShelters(w *geopackage.Writer, in *hazard.Input) error {
	columns := []geopackage.Column{
		{Name: "id", Type: geopackage.Text}, {Name: "name", Type: geopackage.Text}, {Name: "kana", Type: geopackage.Text},
		{Name: "name_en", Type: geopackage.Text}, {Name: "address", Type: geopackage.Text},
		{Name: "emergency", Type: geopackage.Boolean}, {Name: "evacuation", Type: geopackage.Boolean},
	}
	for h := range hazard.ShelterHazards {
		columns = append(columns, geopackage.Column{Name: h.String(), Type: geopackage.Boolean})
	}
	for _, name := range []string{"capacity", "phone", "accepts", "remarks"} {
		columns = append(columns, geopackage.Column{Name: name, Type: geopackage.Text})
	}
	columns = append(columns, geopackage.Column{Name: "source", Type: geopackage.Integer})
	if err := w.Layer(sheltersLayer, geopackage.Point, geopackage.WGS84, columns); err != nil {
		return err
	}
	for i, s := range in.Shelters {
		values := []any{s.ID, s.Name, s.Kana, s.NameEnglish, s.Address, s.Emergency, s.Evacuation}
		for h := range hazard.ShelterHazards {
			values = append(values, s.Fit(h))
		}
		values = append(values, s.Capacity, s.Phone, s.Accepts, s.Remarks, int64(s.Source))
		if err := w.Add(int64(i+1), orb.Point{s.Lon, s.Lat}, values...); err != nil {
			return err
		}
	}
	return nil
}

// writeCoverage writes one record per kind and surveyed area.
func writeCoverage(w *geopackage.Writer, in *hazard.Input) error {
	columns := []geopackage.Column{{Name: "kind", Type: geopackage.Text}, {Name: "incomplete", Type: geopackage.Boolean}}
	if err := w.Layer(coverageLayer, geopackage.MultiPolygon, geopackage.JGD2011, columns); err != nil {
		return err
	}
	id := int64(0)
	for _, c := range in.Coverage {
		for _, k := range hazard.Kinds() {
			if !c.Kinds.Has(k) {
				continue
			}
			id++
			if err := w.Add(id, c.Area, k.String(), c.Incomplete); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeBoundary(w *geopackage.Writer, in *hazard.Input) error {
	columns := []geopackage.Column{{Name: "code", Type: geopackage.Text}, {Name: "name", Type: geopackage.Text}}
	if err := w.Layer(boundaryLayer, geopackage.MultiPolygon, geopackage.JGD2011, columns); err != nil {
		return err
	}
	return w.Add(1, in.Area.Boundary, in.Area.Code, in.Area.Name)
}

// writeTowns writes the area of every place that is asked about as a whole. A
// dataset without a gazetteer has no such layer.
func writeTowns(w *geopackage.Writer, in *hazard.Input) error {
	if len(in.Places) == 0 {
		return nil
	}
	columns := []geopackage.Column{
		{Name: "id", Type: geopackage.Text}, {Name: "level", Type: geopackage.Text}, {Name: "name", Type: geopackage.Text},
		{Name: "kana", Type: geopackage.Text}, {Name: "romaji", Type: geopackage.Text}, {Name: "approximate", Type: geopackage.Boolean},
	}
	if err := w.Layer(townsLayer, geopackage.MultiPolygon, geopackage.JGD2011, columns); err != nil {
		return err
	}
	for i, p := range in.Places {
		if err := w.Add(int64(i+1), p.Area, p.ID, p.Level, p.Name, p.Kana, p.Romaji, p.Approximate); err != nil {
			return err
		}
	}
	return nil
}
