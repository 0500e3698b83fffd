package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/mbtiles/dataset"
	"hazardmap/web/view"
)

// asked is one question to a dataset.
type asked struct {
	dataset *dataset.Dataset
	shown   *view.Dataset
	words   *i18n.Catalogue
	home    hazard.Home
	json    bool
	out     io.Writer
}

func runLookup(ctx context.Context, p *program, args []string) (err error) {
	set := p.flags()
	data := set.String("data", "", "`DATASET` directory")
	lang := set.String("lang", string(i18n.Japanese), "`LANGUAGE` of the answer: ja, ja-easy, en, es, pt, vi, tl")
	q := asked{out: p.stdout}
	set.BoolVar(&q.json, "json", false, "answer as JSON, as /api/v1/risk does")
	set.IntVar(&q.home.Floor, "floor", 0, "`FLOOR` lived on; 1 is the ground floor, 0 not told")
	set.IntVar(&q.home.Storeys, "storeys", 0, "`STOREYS` of the building, 0 not told")
	set.BoolVar(&q.home.Stocked, "stocked", false, "there is food and water until the flood recedes")
	var rows sheetFlags
	rows.register(set)
	texts, err := parse(set, args)
	if err != nil {
		return err
	}
	language, known := i18n.Parse(*lang)
	switch {
	case *data == "":
		return p.misused(set, "-data is missing")
	case len(texts) == 0 == (rows.in == ""):
		return p.misused(set, "want a position, an address or a sheet with -csv")
	case rows.checked() != nil:
		return p.misused(set, "%v", rows.checked())
	case !known:
		return p.misused(set, "-lang %s is not a language of this program", *lang)
	}
	if q.dataset, err = dataset.Open(*data); err != nil {
		return fmt.Errorf("lookup: %w", err)
	}
	defer func() { err = errors.Join(err, q.dataset.Close()) }()
	q.words = i18n.For(language)
	if q.shown, err = shownDataset(q.dataset); err != nil {
		return fmt.Errorf("lookup: %w", err)
	}
	if rows.in == "" {
		return q.answer(strings.Join(texts, " "))
	}
	count, err := q.sheet(ctx, &rows)
	if err != nil {
		return fmt.Errorf("lookup: %w", err)
	}
	_, err = fmt.Fprintf(p.stderr, "%d rows answered, %d marked because they could not be read or surely placed\n", count.Rows-count.Marked, count.Marked)
	return err
}

// answer answers for a position, else for what the text names.
func (q *asked) answer(text string) error {
	at, err := geo.ParsePoint(text)
	if err == nil {
		return q.place(at)
	}
	if looksLikePosition(text) {
		return hinted{fmt.Errorf("lookup: %w", err), "a position is written as LAT,LON: 36.2740,139.2244"}
	}
	return q.address(text)
}

// looksLikePosition reports whether a text is two numbers, though perhaps not
// written as a position must be.
func looksLikePosition(text string) bool {
	lat, lon, ok := strings.Cut(text, ",")
	for _, s := range []string{lat, lon} {
		_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		ok = ok && (err == nil || errors.Is(err, strconv.ErrRange))
	}
	return ok
}

func (q *asked) place(at geo.Point) error {
	answer := q.dataset.Index.Answer(at, q.home)
	if q.json {
		_, err := fmt.Fprintf(q.out, "%s\n", view.AppendRiskJSON(nil, q.shown, q.words, answer))
		return err
	}
	_, err := io.WriteString(q.out, view.Text(q.shown, q.words, answer))
	return err
}

// address answers for the one place that a text surely means, or lists those
// that it may mean.
func (q *asked) address(text string) error {
	if q.shown.Places == nil {
		return hinted{errors.New("lookup: the dataset holds no places"), "import it with a list of towns, or give a position as LAT,LON"}
	}
	found, err := q.shown.Places.Search(gazetteer.Query{Text: text})
	if err != nil {
		return fmt.Errorf("lookup: %w", err)
	}
	sure, ok := view.OneSure(found.Candidates)
	if q.json && !ok {
		if _, err := fmt.Fprintf(q.out, "%s\n", view.AppendPlacesJSON(nil, q.shown, q.words, found)); err != nil {
			return err
		}
	}
	if len(found.Candidates) == 0 {
		return fmt.Errorf("lookup: %q: no place found (%s)%s", text, found.Hint, unread(found))
	}
	if !ok {
		return q.candidates(text, found)
	}
	if sure.RiskScope() == "place" && sure.Point != nil {
		return q.found(view.Found{Result: found, Candidate: sure})
	}
	return q.area(view.Found{Result: found, Candidate: sure})
}

// found answers for a house, a parcel or a block, which may stand anywhere
// within its radius.
func (q *asked) found(found view.Found) error {
	c := &found.Candidate
	answer := q.dataset.Index.Answer(*c.Point, q.home)
	if c.Precision == gazetteer.PrecisionBlock {
		answer = q.dataset.Index.AnswerWithin(*c.Point, c.Radius, q.home)
	}
	if q.json {
		_, err := fmt.Fprintf(q.out, "%s\n", view.AppendFoundJSON(nil, q.shown, q.words, found, answer))
		return err
	}
	_, err := io.WriteString(q.out, view.Text(q.shown, q.words, answer))
	return err
}

// area answers for a town as a whole, never for one point of it.
func (q *asked) area(found view.Found) error {
	ranges := view.Ranges(q.dataset.Index, &found.Candidate)
	if len(ranges) == 0 {
		return fmt.Errorf("lookup: %s: the dataset holds no area of it", found.Candidate.Label.Ja)
	}
	if q.json {
		_, err := fmt.Fprintf(q.out, "%s\n", view.AppendRangeJSON(nil, q.shown, q.words, found, ranges, q.home))
		return err
	}
	_, err := io.WriteString(q.out, view.TextRange(q.shown, q.words, found, ranges, q.home))
	return err
}

func (q *asked) candidates(text string, found gazetteer.Result) error {
	var b strings.Builder
	for _, c := range found.Candidates {
		fmt.Fprintf(&b, "\n  %s%s  %s  %s  %s (%s)", c.Label.Ja, c.Number, c.Label.Kana, c.Label.Romaji, c.Match, c.Precision)
	}
	return hinted{fmt.Errorf("lookup: %q is not surely one place%s; it may mean:%s", text, unread(found), b.String()), "ask again with the name of one of them"}
}

// unread names the part of the text that no place explains.
func unread(found gazetteer.Result) string {
	if found.Unread == "" {
		return ""
	}
	return fmt.Sprintf("; not understood: %q", found.Unread)
}
