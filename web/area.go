package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/i18n"
	"hazardmap/web/areas"
	"hazardmap/web/view"
)

// areasPattern is the address of questions about areas.
const areasPattern = "/api/v1/areas"

// Limits of a question about areas. It keeps the cores busy for a tenth of a
// second, where a stranger draws a tangle for longer.
const (
	maxAreas     = 8 << 20
	areasAtOnce  = 2
	areasTime    = 10 * time.Second
	mostDistance = 100_000 // metres
)

// areasQuestion is what a program asks about areas.
type areasQuestion struct {
	Area       json.RawMessage `json:"area"`  // GeoJSON
	Place      string          `json:"place"` // id or name
	Towns      bool            `json:"towns"`
	Dataset    string          `json:"dataset"`    // who is asked, of several
	Population string          `json:"population"` // CSV
	Far        *struct {
		Metres    float64  `json:"metres"`
		Disasters []string `json:"disasters"`
	} `json:"far"`

	format, table string
	lang          i18n.Lang
	shape         orb.MultiPolygon
	far           *area.Far
}

func parseAreasQuestion(r *http.Request) (*areasQuestion, error) {
	q := &areasQuestion{lang: i18n.Japanese, format: "json"}
	if err := q.parseQuery(r.URL.RawQuery); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	case "application/geo+json":
		q.Area = body
	case "application/json":
		if err := decodeStrictly(body, q); err != nil {
			return nil, err
		}
	default:
		return nil, &problem{status: http.StatusUnsupportedMediaType, detail: "want application/json or application/geo+json"}
	}
	return q, q.check()
}

func decodeStrictly(body []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return badRequest("the JSON object cannot be read: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return badRequest("the body holds more than one JSON object")
	}
	return nil
}

func (q *areasQuestion) parseQuery(raw string) error {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return badRequest("the query of the address cannot be read")
	}
	for name, given := range values {
		if len(given) != 1 {
			return badRequest("a parameter is given more than once")
		}
		switch text := given[0]; name {
		case "lang":
			if q.lang, err = parseLang(text); err != nil {
				return err
			}
		case "format":
			if q.format = text; !slices.Contains([]string{"json", "csv", "geojson"}, text) {
				return badRequest("format: want json, csv or geojson")
			}
		case "table":
			if q.table = text; !slices.Contains(areas.Tables(), text) {
				return badRequest("table: want one of " + strings.Join(areas.Tables(), ", "))
			}
		default:
			return badRequest("unknown parameter; want lang, format, table")
		}
	}
	return nil
}

// check reads the area and the disasters.
func (q *areasQuestion) check() error {
	if string(q.Area) == "null" {
		q.Area = nil
	}
	given := 0
	for _, is := range []bool{q.Area != nil, q.Place != "", q.Towns} {
		if is {
			given++
		}
	}
	if given != 1 {
		return badRequest("want one of area (GeoJSON), place (an id or a name) and towns (true)")
	}
	var err error
	if q.Area != nil {
		if q.shape, err = area.ReadShape(bytes.NewReader(q.Area), "area"); err != nil {
			return badRequest(err.Error())
		}
	}
	if q.Far == nil {
		return nil
	}
	if !(q.Far.Metres >= 0 && q.Far.Metres <= mostDistance) {
		return badRequest("far.metres: want metres from 0 to 100000")
	}
	q.far, err = area.NewFar(geo.Metres(q.Far.Metres), q.Far.Disasters)
	if err != nil {
		return badRequest("far.disasters: " + err.Error())
	}
	return nil
}

// areas answers a drawn area, a town, or all towns.
func (s *server) areas(r *http.Request, set *openSet) (reply, error) {
	q, err := parseAreasQuestion(r)
	if err != nil {
		return reply{}, err
	}
	select {
	case s.areasInHand <- struct{}{}:
		defer func() { <-s.areasInHand }()
	default:
		return reply{}, s.busy(batch)
	}
	ctx, cancel := context.WithTimeout(r.Context(), areasTime)
	defer cancel()
	d, answer, err := set.ask(ctx, q)
	var p *problem
	var several *severalError
	switch {
	case errors.As(err, &p):
		return reply{}, p
	case errors.As(err, &several), errors.Is(err, errOutside):
		return reply{}, badRequest("area: " + err.Error())
	case errors.Is(err, hazard.ErrTangled), errors.Is(err, context.DeadlineExceeded) && r.Context().Err() == nil:
		return reply{}, badRequest("area: takes too long; draw it more simply")
	case err != nil && r.Context().Err() != nil:
		return reply{}, s.busy(batch) // the client went away: nobody reads this
	case errors.Is(err, area.ErrNoGround):
		return reply{}, badRequest(err.Error())
	case err != nil:
		return reply{}, err
	}
	return q.reply(&areas.Report{Answer: answer, Far: q.far, Dataset: d.pages, Words: i18n.For(q.lang)})
}

// areasOf finds the dataset and the areas that a question means.
func (o *openSet) areasOf(ctx context.Context, q *areasQuestion) (d *served, question area.Question, err error) {
	question.Far = q.far
	switch {
	case q.shape != nil:
		if d, err = o.under(ctx, q); err != nil {
			return nil, question, err
		}
		question.Areas = []hazard.Place{{Area: q.shape}}
	case q.Towns:
		if d, err = o.named(q.Dataset); err != nil {
			return nil, question, err
		}
	default:
		var town hazard.Place
		if d, town, err = o.findTown(ctx, q); err != nil {
			return nil, question, err
		}
		question.Areas = []hazard.Place{town}
	}
	city, err := d.city(ctx)
	if err != nil {
		return nil, question, err
	}
	if q.Towns {
		if question.Areas = city.AllTowns(); len(question.Areas) == 0 {
			return nil, question, notFound("the dataset holds no areas of towns")
		}
	}
	if q.Population != "" {
		if question.People, err = city.ReadPeople(strings.NewReader(q.Population), "population"); err != nil {
			return nil, question, badRequest(err.Error())
		}
	}
	return d, question, nil
}

// named returns the dataset of an id. No id means the only one: of several, one
// alone must not pass for all.
func (o *openSet) named(id string) (*served, error) {
	for _, d := range o.datasets {
		if d.ID == id || id == "" && len(o.datasets) == 1 {
			return d, nil
		}
	}
	return nil, badRequest(wantOneOf(o.datasets))
}

func wantOneOf(datasets []*served) string {
	var ids []string
	for _, d := range datasets {
		ids = append(ids, d.ID)
	}
	return "dataset: want one of " + strings.Join(ids, ", ")
}

// under returns the dataset that a drawn area is asked of: the one named, or the
// only one whose ground it holds a piece of. Of an area on several, one alone
// would tell the ground of the others as no data and leave out their shelters.
func (o *openSet) under(ctx context.Context, q *areasQuestion) (*served, error) {
	if q.Dataset != "" || len(o.datasets) == 1 {
		return o.named(q.Dataset)
	}
	var reached []*served
	for _, d := range o.datasets {
		if !d.Bounds.Intersects(q.shape.Bound()) {
			continue
		}
		_, common, err := d.Index.Measure(ctx, q.shape, d.Index.Area().Boundary)
		if err != nil {
			return nil, err
		}
		if common > 0 {
			reached = append(reached, d)
		}
	}
	switch len(reached) {
	case 0:
		return nil, fmt.Errorf("%w; %s", errOutside, wantOneOf(o.datasets))
	case 1:
		return reached[0], nil
	}
	return nil, &severalError{reached}
}

// errOutside refuses an area that lies in none of several datasets.
var errOutside = errors.New("lies in no dataset")

// severalError refuses a question that means several datasets and names none.
type severalError struct{ datasets []*served }

func (e *severalError) Error() string {
	return "lies in several datasets; ask again for each. " + wantOneOf(e.datasets)
}

// pages are the datasets as pages show them.
func (e *severalError) pages() []*view.Dataset {
	var list []*view.Dataset
	for _, d := range e.datasets {
		list = append(list, d.pages)
	}
	return list
}

// findTown asks the dataset named, or every one, for a town. A text that is not
// surely one is a question, which goes back; so is one that is a town in several
// datasets.
func (o *openSet) findTown(ctx context.Context, q *areasQuestion) (where *served, town hazard.Place, err error) {
	datasets := o.datasets
	if q.Dataset != "" {
		if where, err = o.named(q.Dataset); err != nil {
			return nil, town, err
		}
		datasets = []*served{where}
	}
	var sure, unsure []candidateJSON
	why := area.ErrNoPlace
	for _, d := range datasets {
		city, err := d.city(ctx)
		if err != nil {
			return nil, town, err
		}
		one, found, err := city.Find(q.Place)
		switch {
		case err == nil && len(sure) == 0:
			where, town, sure = d, one, []candidateJSON{{ID: one.ID, Name: one.Name, Romaji: one.Romaji}}
		case err == nil && one.ID != town.ID:
			sure = append(sure, candidateJSON{ID: one.ID, Name: one.Name, Romaji: one.Romaji})
		case errors.Is(err, gazetteer.ErrTooLong):
			return nil, town, badRequest("place: too long")
		case errors.Is(err, area.ErrNoArea):
			why = err
		case unsure == nil:
			unsure = candidatesOf(found)
		}
	}
	switch {
	case len(sure) == 1:
		return where, town, nil
	case sure == nil && unsure == nil:
		return nil, town, notFound("place: " + why.Error())
	case sure != nil:
		unsure = sure
	}
	return nil, town, &problem{status: http.StatusUnprocessableEntity, detail: "place: " + area.ErrUnsure.Error() + "; ask again with an id", candidates: unsure}
}

// candidateJSON is a place that an unsure text may mean.
type candidateJSON struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Romaji string `json:"romaji,omitempty"`
	Match  string `json:"match,omitempty"` // none: it is surely this one, in one dataset of several
}

func candidatesOf(found []gazetteer.Candidate) []candidateJSON {
	var list []candidateJSON
	for _, c := range found {
		list = append(list, candidateJSON{c.AreaID, c.Label.Ja, c.Label.Romaji, c.Match.String()})
	}
	return list
}

// city is a dataset as the questions of planners see it. Its towns are read
// when first asked for.
func (d *served) city(ctx context.Context) (*area.City, error) {
	towns, err := d.towns.read(ctx, d.Towns)
	return &area.City{Index: d.Index, Places: d.Places, Towns: towns}, err
}

// townList reads the towns of a dataset once. An attempt that failed, as one
// whose client went away, is made again.
type townList struct {
	mu    sync.Mutex
	known bool
	towns []hazard.Place
}

func (l *townList) read(ctx context.Context, read func(context.Context) ([]hazard.Place, error)) ([]hazard.Place, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known || read == nil {
		return l.towns, nil
	}
	towns, err := read(ctx)
	l.towns, l.known = towns, err == nil
	return towns, err
}

func (q *areasQuestion) reply(report *areas.Report) (reply, error) {
	var body []byte
	var err error
	rep := jsonReply(noStore, nil)
	switch q.format {
	case "csv":
		rep.header["Content-Type"] = "text/csv; charset=utf-8"
		body, err = report.CSV(q.table)
	case "geojson":
		rep.header["Content-Type"] = "application/geo+json"
		body, err = report.GeoJSON()
	default:
		body, err = report.JSON()
	}
	rep.body = body
	return rep, err
}
