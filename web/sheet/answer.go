package sheet

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/web/view"
)

// kindsOf lists every kind and scenario that a dataset answers, undecided.
func kindsOf(datasets []*Dataset) []hazard.Finding {
	var kinds []hazard.Finding
	for _, d := range datasets {
		for _, f := range d.Index.Findings(geo.E7{}) {
			if columnOf(kinds, f.Kind, f.Scenario) < 0 {
				kinds = append(kinds, hazard.Finding{Kind: f.Kind, Scenario: f.Scenario, Status: hazard.Undecided, LineWithin: -1})
			}
		}
	}
	slices.SortStableFunc(kinds, func(x, y hazard.Finding) int { return int(x.Kind) - int(y.Kind) })
	return kinds
}

// columnOf returns the number of a kind and scenario, -1 for none.
func columnOf(kinds []hazard.Finding, k hazard.Kind, s hazard.Scenario) int {
	return slices.IndexFunc(kinds, func(f hazard.Finding) bool { return f.Kind == k && f.Scenario == s })
}

// worker answers blocks. What it keeps are verdicts, which say nothing of where
// they were met.
type worker struct {
	*Sheet
	verdicts map[string]*Verdict
	key      []byte
	unknown  *Verdict
	points   [][]geo.E7 // of the block at hand, per dataset
	asked    [][]int    // the rows they belong to
}

// mostVerdicts bounds what is kept. A city has some hundreds.
const mostVerdicts = 1 << 12

func (s *Sheet) newWorker() *worker {
	return &worker{Sheet: s, verdicts: map[string]*Verdict{}, unknown: &Verdict{Findings: s.kinds},
		points: make([][]geo.E7, len(s.datasets)), asked: make([][]int, len(s.datasets))}
}

// answer answers the rows of a block: positions together, addresses one by one.
func (w *worker) answer(b *block) {
	b.answers = slices.Grow(b.answers[:0], len(b.rows))[:len(b.rows)]
	for i := range w.points {
		w.points[i], w.asked[i] = w.points[i][:0], w.asked[i][:0]
	}
	for i := range b.rows {
		r, a := &b.rows[i], &b.answers[i]
		if r.fault == "" && !r.blank {
			w.source.fill(r)
		}
		*a = Answer{From: w.datasets[0], Verdict: w.unknown, Fault: r.fault, Town: r.town}
		switch {
		case r.fault != "" || r.blank:
		case r.lat == "" && r.lon == "" && r.address == "":
			a.Fault = "no-position"
		case r.lat == "" && r.lon == "":
			w.address(a, r.address)
		default:
			w.position(a, r, i)
		}
	}
	for n, points := range w.points {
		d, rows := w.datasets[n], w.asked[n]
		d.Index.BatchFindings(points, func(i int, findings []hazard.Finding) {
			a := &b.answers[rows[i]]
			a.Verdict = w.verdict(n, findings)
			w.refuge(a, n, a.At, findings)
		})
	}
}

// position notes where a row is, to be looked up with others.
func (w *worker) position(a *Answer, r *row, i int) {
	lat, errLat := parseDegrees(r.lat, 90)
	lon, errLon := parseDegrees(r.lon, 180)
	if errLat != nil || errLon != nil {
		a.Fault = "bad-position"
		return
	}
	a.At, a.HasPoint, a.Precision = geo.Point{Lat: lat, Lon: lon}, true, "point"
	n := w.at(a.At)
	a.From = w.datasets[n]
	w.points[n], w.asked[n] = append(w.points[n], a.At.E7()), append(w.asked[n], i)
}

// parseDegrees reads degrees as [geo.ParseDegrees] does. Programs write more
// decimals than there is meaning in, so those beyond a tenth of a millimetre
// may be there.
func parseDegrees(s string, limit float64) (float64, error) {
	if dot := strings.IndexByte(s, '.'); dot >= 0 && len(s)-dot > 10 && len(s)-dot <= 20 {
		for _, digit := range []byte(s[dot+10:]) {
			if digit < '0' || digit > '9' {
				return 0, strconv.ErrSyntax
			}
		}
		s = s[:dot+10]
	}
	return geo.ParseDegrees(s, limit)
}

// at returns the number of the dataset to ask about a position: the one whose
// area holds it, else the first whose bounds do, else the first.
func (s *Sheet) at(p geo.Point) int {
	if len(s.datasets) == 1 {
		return 0
	}
	near := -1
	for i, d := range s.datasets {
		if !d.Bounds.Contains([2]float64{p.Lon, p.Lat}) {
			continue
		}
		if d.Index.InArea(p.E7()) {
			return i
		}
		if near < 0 {
			near = i
		}
	}
	return max(near, 0)
}

// verdict returns the one that says what the findings say.
func (w *worker) verdict(dataset int, findings []hazard.Finding) *Verdict {
	w.key = binary.AppendUvarint(w.key[:0], uint64(dataset))
	for i := range findings {
		f := &findings[i]
		flags := f.Status[0] << 3 // the statuses begin with different letters
		for bit, set := range [...]bool{f.Designated, f.RedNotSurveyed, f.NoneInArea} {
			if set {
				flags ^= 1 << bit
			}
		}
		w.key = append(w.key, byte(f.Kind), byte(f.Scenario), flags, f.Rank, f.Within100, f.Within200)
		if f.LineWithin >= 0 {
			w.key = binary.LittleEndian.AppendUint32(w.key, uint32(math.Round(float64(f.LineWithin))))
		}
	}
	if v, ok := w.verdicts[string(w.key)]; ok {
		return v
	}
	v := &Verdict{Findings: slices.Clone(findings)}
	for i := range v.Findings {
		v.Findings[i].Zones = nil
	}
	w.keep(v)
	return v
}

// keep keeps a verdict under the key at hand.
func (w *worker) keep(v *Verdict) {
	if len(w.verdicts) >= mostVerdicts {
		clear(w.verdicts)
	}
	w.verdicts[string(w.key)] = v
}

// refuge finds the nearest suitable shelter.
func (w *worker) refuge(a *Answer, dataset int, at geo.Point, findings []hazard.Finding) {
	if best, ok := w.refuges[dataset].Nearest(at, findings); ok {
		a.Refuge, a.Metres, a.inZone = best.Shelter, best.Metres, best.InZone
	}
}

// address answers only what is verified and means one place.
func (w *worker) address(a *Answer, text string) {
	n, result, err := w.search(text)
	switch {
	case errors.Is(err, gazetteer.ErrTooLong):
		a.Fault = "address-too-long"
		return
	case n < 0:
		a.Reason = "no-gazetteer"
		return
	case len(result.Candidates) == 0:
		a.Reason = "not-found"
		return
	}
	c := &result.Candidates[0]
	a.From, a.Match, a.Precision, a.Place = w.datasets[n], c.Match.String(), c.Precision.String(), c.Label.Ja+c.Number
	var completed []string
	for _, part := range c.Completed {
		completed = append(completed, part.String())
	}
	a.Completed = strings.Join(completed, " ")
	_, sure := view.OneSure(result.Candidates)
	switch {
	case c.Match != gazetteer.Verified:
		a.Reason = "not-verified"
	case !sure:
		a.Reason = "several-places"
	default:
		a.Town = c.Label.Ja
		w.sure(a, n, c)
	}
}

// sure answers for a house or a parcel at its point, for all else as an area.
func (w *worker) sure(a *Answer, n int, c *gazetteer.Candidate) {
	if c.RiskScope() == "place" && c.Point != nil {
		a.At, a.HasPoint = *c.Point, true
		if c.Precision == gazetteer.PrecisionBlock {
			a.around = c.Radius // the house may stand anywhere there
		}
		findings := findingsAround(a.From.Index, a.At, a.around)
		a.Verdict = w.verdict(n, findings)
		w.refuge(a, n, a.At, findings)
		return
	}
	v := w.area(n, c)
	if v == nil {
		a.Reason = "no-range"
		return
	}
	a.Verdict = v
	if c.Bounds.IsZero() {
		return
	}
	var worst []hazard.Finding
	for _, r := range v.Ranges {
		if r.Max > 0 {
			worst = append(worst, hazard.Finding{Kind: r.Kind, Status: hazard.Inside})
		}
	}
	middle := geo.Point{Lon: (c.Bounds.West + c.Bounds.East) / 2, Lat: (c.Bounds.South + c.Bounds.North) / 2}
	w.refuge(a, n, middle, worst)
}

// search asks every dataset and returns what the surest one found; -1 where
// none has a gazetteer.
func (w *worker) search(text string) (from int, best gazetteer.Result, err error) {
	from = -1
	for i, d := range w.datasets {
		if d.Shown.Places == nil {
			continue
		}
		result, err := d.Shown.Places.Search(gazetteer.Query{Text: text})
		if err != nil {
			return i, result, err
		}
		if from < 0 || Surer(result, best) {
			from, best = i, result
		}
	}
	return from, best, nil
}

// Surer reports whether a found something and b did not, or a better match.
func Surer(a, b gazetteer.Result) bool {
	return len(a.Candidates) > 0 && (len(b.Candidates) == 0 || a.Candidates[0].Match < b.Candidates[0].Match)
}

// findingsAround are those at a point, or the worst within a distance of it.
func findingsAround(x *hazard.Index, at geo.Point, around geo.Metres) []hazard.Finding {
	if around > 0 {
		return x.FindingsWithin(at.E7(), around)
	}
	return x.Findings(at.E7())
}

// area returns the range over what a candidate stands for, nil where the
// dataset holds none.
func (w *worker) area(n int, c *gazetteer.Candidate) *Verdict {
	w.key = append(binary.AppendUvarint(w.key[:0], uint64(n)), c.AreaID...)
	w.key = append(append(w.key, ' '), c.ID...)
	lot := c.Precision == gazetteer.PrecisionParentLot
	if v, ok := w.verdicts[string(w.key)]; ok && !lot {
		return v
	}
	ranges := view.Ranges(w.datasets[n].Index, c)
	if len(ranges) == 0 {
		return nil
	}
	v := &Verdict{Ranges: ranges}
	if !lot { // each has its own surroundings
		w.keep(v)
	}
	return v
}
