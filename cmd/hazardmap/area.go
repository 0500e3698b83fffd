package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/i18n"
	"hazardmap/mbtiles/dataset"
	"hazardmap/web/areas"
)

// areaFlags say what is asked about areas and how it is answered.
type areaFlags struct {
	data, lang         string
	towns              bool
	population         string
	far                float64
	disasters          string
	json, csv, geojson bool
	table              string
	answer             func(*areas.Report) ([]byte, error)
	question           string
}

func (f *areaFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.data, "data", "", "`DATASET` directory")
	set.StringVar(&f.lang, "lang", string(i18n.Japanese), "`LANGUAGE` of the answer: ja, ja-easy, en, es, pt, vi, tl")
	set.BoolVar(&f.towns, "towns", false, "ask about every town")
	set.StringVar(&f.population, "population", "", "CSV `FILE` with people beside towns or positions, to be counted by class")
	set.Float64Var(&f.far, "far", 0, "tell from where no fit shelter is within so many `METRES`")
	set.StringVar(&f.disasters, "for", "", "`DISASTERS` that -far asks for, as flood,landslide,inland; these if none is named")
	set.BoolVar(&f.json, "json", false, "answer as JSON, as /api/v1/areas does")
	set.BoolVar(&f.csv, "csv", false, "answer as CSV for a spreadsheet: the table that -table names")
	set.BoolVar(&f.geojson, "geojson", false, "answer as GeoJSON")
	set.StringVar(&f.table, "table", "classes", "`TABLE` of -csv: "+strings.Join(areas.Tables(), ", "))
}

// checked says what cannot be meant.
func (f *areaFlags) checked(rest []string) error {
	forms := 0
	for _, form := range []struct {
		given  bool
		answer func(*areas.Report) ([]byte, error)
	}{
		{f.json, (*areas.Report).JSON}, {f.geojson, (*areas.Report).GeoJSON},
		{f.csv, func(r *areas.Report) ([]byte, error) { return r.CSV(f.table) }},
	} {
		if form.given {
			f.answer, forms = form.answer, forms+1
		}
	}
	if forms == 0 {
		f.answer = func(r *areas.Report) ([]byte, error) { return []byte(r.Text()), nil }
	}
	f.question = strings.Join(rest, " ")
	switch {
	case f.data == "":
		return errors.New("-data is missing")
	case f.towns == (f.question != ""):
		return errors.New("want a file of GeoJSON, a town, or -towns")
	case forms > 1:
		return errors.New("want one of -json, -csv and -geojson")
	case f.far < 0:
		return errors.New("-far: want metres")
	}
	return nil
}

func runArea(ctx context.Context, p *program, args []string) (err error) {
	set := p.flags()
	var f areaFlags
	f.register(set)
	rest, err := parse(set, args)
	if err != nil {
		return err
	}
	language, known := i18n.Parse(f.lang)
	if err := f.checked(rest); err != nil {
		return p.misused(set, "%v", err)
	}
	if !known {
		return p.misused(set, "-lang %s is not a language of this program", f.lang)
	}
	d, err := dataset.Open(f.data)
	if err != nil {
		return fmt.Errorf("area: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	report, err := f.ask(ctx, d)
	if err != nil {
		return fmt.Errorf("area: %w", err)
	}
	if report.Dataset, err = shownDataset(d); err != nil {
		return fmt.Errorf("area: %w", err)
	}
	report.Words = i18n.For(language)
	out, err := f.answer(report)
	if err != nil {
		return fmt.Errorf("area: %w", err)
	}
	_, err = p.stdout.Write(out)
	return err
}

func (f *areaFlags) ask(ctx context.Context, d *dataset.Dataset) (*areas.Report, error) {
	city, err := openCity(ctx, d)
	if err != nil {
		return nil, err
	}
	question := area.Question{}
	if question.Areas, err = f.areas(city); err != nil {
		return nil, err
	}
	if f.population != "" {
		if question.People, err = readPeople(city, f.population); err != nil {
			return nil, err
		}
	}
	if f.far > 0 {
		var names []string
		if f.disasters != "" {
			names = strings.Split(f.disasters, ",")
		}
		if question.Far, err = area.NewFar(geo.Metres(f.far), names); err != nil {
			return nil, err
		}
	}
	answer, err := city.Ask(ctx, question)
	return &areas.Report{Answer: answer, Far: question.Far}, err
}

// openCity is a dataset as the questions of planners see it.
func openCity(ctx context.Context, d *dataset.Dataset) (*area.City, error) {
	city := &area.City{Index: d.Index}
	var err error
	if d.Places != nil {
		if city.Places, err = gazetteer.Open(d.Places); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Dir, err)
		}
	}
	city.Towns, err = townsOf(ctx, d)
	return city, err
}

// areas finds what is asked about: all towns, a drawn area in a file, or a
// town. A town that is not surely one is asked back.
func (f *areaFlags) areas(city *area.City) ([]hazard.Place, error) {
	if f.towns {
		towns := city.AllTowns()
		if len(towns) == 0 {
			return nil, hinted{errors.New("the dataset holds no areas of towns"), "import it again, with a list of towns"}
		}
		return towns, nil
	}
	if ext := strings.ToLower(filepath.Ext(f.question)); ext == ".geojson" || ext == ".json" {
		file, err := os.Open(f.question)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		shape, err := area.ReadShape(file, f.question)
		return []hazard.Place{{Area: shape}}, err
	}
	town, candidates, err := city.Find(f.question)
	if err == nil {
		return []hazard.Place{town}, nil
	}
	err = fmt.Errorf("%q: %w", f.question, err)
	if len(candidates) == 0 {
		return nil, err
	}
	for _, c := range candidates {
		err = fmt.Errorf("%w\n  %s  %s  %s (%s)", err, c.AreaID, c.Label.Ja, c.Label.Romaji, c.Match)
	}
	return nil, hinted{err, "ask again with the id of one of them"}
}

func readPeople(city *area.City, path string) ([]area.People, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return city.ReadPeople(file, path)
}
