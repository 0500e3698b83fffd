package view

import (
	"slices"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
)

// fakeRisks answers every position with the same findings.
type fakeRisks struct {
	findings []hazard.Finding
	ranges   []hazard.Range
	around   []hazard.Range // a parent lot
	shelters []hazard.NearShelter
	sourced  hazard.KindSet
	outside  bool
}

func (f fakeRisks) Answer(at geo.Point, home hazard.Home) hazard.Answer {
	return hazard.Answer{At: at, InArea: !f.outside, Action: hazard.Decide(f.findings, home), Findings: f.findings, Shelters: f.shelters}
}
func (f fakeRisks) AnswerWithin(at geo.Point, _ geo.Metres, home hazard.Home) hazard.Answer {
	return f.Answer(at, home)
}
func (f fakeRisks) AreaShares(orb.MultiPolygon) []hazard.Range { return f.around }
func (f fakeRisks) Range(id string) ([]hazard.Range, bool)     { return f.ranges, id == "town-1" }
func (f fakeRisks) NearShelters(_ geo.Point, n int) []hazard.NearShelter {
	return f.shelters[:min(n, len(f.shelters))]
}
func (f fakeRisks) Shelters() []hazard.Shelter {
	var all []hazard.Shelter
	for _, s := range f.shelters {
		all = append(all, s.Shelter)
	}
	return all
}
func (f fakeRisks) WorstAt(geo.E7) []hazard.ZoneRank { return nil }
func (f fakeRisks) Sources() []hazard.Source         { return []hazard.Source{fakeSource} }
func (f fakeRisks) Sourced() hazard.KindSet          { return f.sourced }

var fakeSource = hazard.Source{Title: "洪水浸水想定区域（見本）", Attribution: "出典：見本市（実在しません）", Licence: "CC BY 4.0", Edition: "2026-04-01"}

type fakePlaces struct{}

var fakeTown = gazetteer.Place{ID: "town-1", Level: gazetteer.LevelTown, Precision: gazetteer.PrecisionTown, Approximate: true,
	Label:  gazetteer.Label{Ja: "見本市川原町", Kana: "みほんしかわらまち", Romaji: "Kawara-machi, Mihon-shi"},
	Bounds: gazetteer.Bounds{West: 139.215, South: 36.268, East: 139.235, North: 36.281}}

var fakeFound = Found{
	Result: gazetteer.Result{Query: "川原町5 ひばり荘", Unread: "", Read: []gazetteer.Span{{From: 0, To: 3, As: gazetteer.PartTown, Text: "川原町"}, {From: 3, To: 4, As: gazetteer.PartNumber, Text: "5"}, {From: 5, To: 9, As: gazetteer.PartBuilding, Text: "ひばり荘"}}},
	Candidate: gazetteer.Candidate{ID: "town-1", AreaID: "town-1", Label: fakeTown.Label, Number: "5", Match: gazetteer.Verified,
		Precision: gazetteer.PrecisionTown, Bounds: fakeTown.Bounds},
}

func (fakePlaces) Place(id string) (gazetteer.Place, bool) {
	if id == "office-1" {
		return gazetteer.Place{ID: id, Level: gazetteer.LevelOffice, Parent: fakeTown.ID, Precision: gazetteer.PrecisionTown, Label: gazetteer.Label{Ja: "見本電機 本社"}}, true
	}
	return fakeTown, id == fakeTown.ID
}
func (fakePlaces) Suggest(q gazetteer.Query) (gazetteer.Result, error) {
	return fakePlaces{}.Search(q)
}
func (fakePlaces) Search(q gazetteer.Query) (gazetteer.Result, error) {
	point := geo.Point{Lon: 139.2244, Lat: 36.2740}
	town := gazetteer.Candidate{ID: "town-1", AreaID: "town-1", Label: fakeTown.Label, Match: gazetteer.Verified, Precision: gazetteer.PrecisionTown, Bounds: fakeTown.Bounds}
	block := gazetteer.Candidate{ID: "block-1", AreaID: "town-1", Label: fakeTown.Label, Number: "4-10", Match: gazetteer.Similar, Precision: gazetteer.PrecisionBlock, Radius: 60, Point: &point, Completed: []gazetteer.Part{gazetteer.PartPrefecture}}
	switch q.Text {
	case "川原町":
		return gazetteer.Result{Query: q.Text, Candidates: []gazetteer.Candidate{town}}, nil
	case fakeFound.Result.Query:
		found := fakeFound.Result
		found.Candidates = []gazetteer.Candidate{fakeFound.Candidate}
		return found, nil
	case "nothing":
		return gazetteer.Result{Query: q.Text, Hint: gazetteer.HintNothingFound, Unread: q.Text}, nil
	}
	town.Match = gazetteer.Similar
	return gazetteer.Result{Query: q.Text, Hint: gazetteer.HintDidYouMean, Candidates: []gazetteer.Candidate{town, block}}, nil
}

func inside(k hazard.Kind, s hazard.Scenario, rank, near uint8, river string) hazard.Finding {
	return hazard.Finding{Kind: k, Scenario: s, Status: hazard.Inside, Rank: rank, Designated: true, Within100: max(rank, near), Within200: max(rank, near), LineWithin: -1,
		Zones: []hazard.ZoneRef{{Number: 7, Rank: rank, River: river, Designated: "2017-07-20", Source: fakeSource}}}
}

func status(k hazard.Kind, s hazard.Scenario, st hazard.Status) hazard.Finding {
	return hazard.Finding{Kind: k, Scenario: s, Status: st, Designated: true, LineWithin: -1}
}

// fakeDataset is a small city in which the given findings hold everywhere.
func fakeDataset(findings ...hazard.Finding) *Dataset {
	var sourced hazard.KindSet
	for _, f := range findings {
		if f.Status != hazard.NoData {
			sourced = sourced.With(f.Kind)
		}
	}
	return &Dataset{
		ID: "99999", Version: "0123456789abcdef", Edition: "2026-04-01",
		Area: hazard.Area{Code: "99999", Name: "見本市", Kana: "みほんし", Romaji: "Mihon City", Sample: true,
			Boundary: orb.MultiPolygon{{{{139.12, 36.22}, {139.30, 36.22}, {139.30, 36.38}, {139.12, 36.38}, {139.12, 36.22}}}}},
		Risks:    fakeRisks{findings: findings, ranges: fakeRanges(), around: []hazard.Range{{Kind: hazard.FloodDepth, Scenario: hazard.Max, Shares: []float64{0, 0, 1, 0, 0, 0, 0}, Min: 2, Max: 2, Headline: 2}}, shelters: fakeShelters(), sourced: sourced},
		Places:   fakePlaces{},
		Contacts: []Contact{{Name: "見本市役所 安心安全課", Phone: "0270-00-0000", Address: "見本市中央町1-1", Hours: []Hours{{Lang: "vi", Text: "Thứ Hai – Thứ Sáu, 9:00 – 17:00"}, {Lang: "pt", Text: "Segunda a sexta, 9h às 17h"}}}},
	}
}

func fakeRanges() []hazard.Range {
	return []hazard.Range{
		{Kind: hazard.FloodDepth, Scenario: hazard.Max, Shares: []float64{0.18, 0.21, 0.455, 0.15, 0.005, 0, 0}, Min: 0, Max: 4, Headline: 3, Approximate: true},
		{Kind: hazard.FloodDuration, Scenario: hazard.Max, Shares: []float64{0.3, 0.5, 0.2, 0, 0, 0, 0, 0}, Max: 2, Headline: 2},
		{Kind: hazard.CollapseFlow, Scenario: hazard.Max, Shares: []float64{1, 0}},
		{Kind: hazard.CollapseErosion, Scenario: hazard.Max, Shares: []float64{0.97, 0.03}, Max: 1, Headline: 1},
		{Kind: hazard.LandslideSteep, Shares: []float64{0, 0, 0}, NoData: 1},
		{Kind: hazard.LandslideDebris, Shares: []float64{1, 0, 0}, NoneInArea: true},
	}
}

func fakeShelters() []hazard.NearShelter {
	near := func(name, kana, en string, suitable uint8, metres geo.Metres, bearing, lon, lat float64, zones ...hazard.ZoneRank) hazard.NearShelter {
		return hazard.NearShelter{Shelter: hazard.Shelter{Name: name, Kana: kana, NameEnglish: en, Address: "見本市川原町10", Lon: lon, Lat: lat, Emergency: true, Evacuation: true, Suitable: suitable, Phone: "0270-00-0001"},
			Distance: metres, Bearing: bearing, InZone: zones}
	}
	list := []hazard.NearShelter{
		near("川原小学校", "かわらしょうがっこう", "", 1<<hazard.ShelterEarthquake|1<<hazard.ShelterFire, 320, 42, 139.2270, 36.2762, hazard.ZoneRank{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 2}),
		near("見本北公民館", "みほんきたこうみんかん", "Mihon North Community Hall", 1<<hazard.ShelterFlood|1<<hazard.ShelterLandslide|1<<hazard.ShelterEarthquake, 640, 300, 139.2180, 36.2775),
		near("高台中学校", "たかだいちゅうがっこう", "", 0xff&^(1<<hazard.ShelterSurge|1<<hazard.ShelterTsunami|1<<hazard.ShelterVolcano), 1840, 185, 139.2230, 36.2600),
	}
	list[1].Remarks = "洪水では２階に避難"
	list[2].Emergency = false
	return slices.Clip(list)
}

// worstHome is a place in deep water that stays long; everything else known.
func worstHome() []hazard.Finding {
	return []hazard.Finding{
		inside(hazard.FloodDepth, hazard.Max, 3, 4, "利根川"), inside(hazard.FloodDepth, hazard.Plan, 1, 2, "利根川"),
		inside(hazard.FloodDuration, hazard.Max, 4, 4, "利根川"),
		status(hazard.CollapseFlow, hazard.Max, hazard.Outside), status(hazard.CollapseErosion, hazard.Max, hazard.Undecided),
		status(hazard.LandslideSteep, 0, hazard.Outside), status(hazard.LandslideDebris, 0, hazard.Outside), status(hazard.LandslideSlide, 0, hazard.Outside),
		status(hazard.InlandDepth, 0, hazard.NoData), status(hazard.PondDepth, 0, hazard.NoData),
	}
}
