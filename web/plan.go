package web

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/web/sheet"
	"hazardmap/web/view"
	"hazardmap/web/view/plan"
)

// The addresses of the page of those who plan.
const (
	planSheetPattern = "/{lang}/" + plan.SheetPath
	planAreaPattern  = "/{lang}/" + plan.AreaPath
)

// planGiven is what the page says whatever is asked: the limits of a batch, and
// what changed as far as it is known by now.
func (o *openSet) planGiven() plan.Given {
	return plan.Given{
		Limits:  plan.Limits{Sheet: maxBatch >> 20, Workbook: sheet.MaxWorkbook >> 20},
		Changes: o.compared(),
	}
}

// planPage leads back to the page: what was posted is not repeated.
func (s *server) planPage(r *http.Request, _ *openSet) (reply, error) {
	lang, _ := pageLang(r)
	return redirect(http.StatusSeeOther, "/"+string(lang)+"/"+plan.Path), nil
}

// planSheet answers a file that a form sends while it is read.
func (s *server) planSheet(*http.Request, *openSet) (reply, error) {
	return reply{stream: s.streamPlan}, nil
}

// planFields are what stands in the form before the file.
type planFields struct {
	sheet.Question
	kind hazard.Kind
}

// maxField bounds a field that is no file.
const maxField = 1 << 10

// errNoFile reports a form without a file.
var errNoFile = &sheet.Refusal{Code: "no-file", Detail: "the form holds no file"}

// openForm reads the fields of a form up to the file, which it does not read.
func openForm(r *http.Request, body io.Reader) (planFields, *multipart.Part, error) {
	var f planFields
	r.Body = io.NopCloser(body)
	parts, err := r.MultipartReader()
	if err != nil {
		return f, nil, errNoFile
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, sheet.ErrTooLarge):
			return f, nil, sheet.ErrTooLarge
		case err != nil:
			return f, nil, errNoFile
		case part.FormName() == "file" && part.FileName() == "":
			return f, nil, errNoFile
		case part.FormName() == "file":
			return f, part, nil
		}
		text, err := io.ReadAll(io.LimitReader(part, maxField))
		if err != nil {
			return f, nil, errNoFile
		}
		switch value := strings.TrimSpace(string(text)); part.FormName() {
		case "lat":
			f.Lat = value
		case "lon":
			f.Lon = value
		case "address":
			f.Address = value
		case "kind":
			f.kind, _ = hazard.ParseKind(value) // none: the first that is known
		}
	}
}

// streamPlan reads a file and answers with a page, or with a file if the address
// says as what.
func (s *server) streamPlan(w http.ResponseWriter, r *http.Request) (status, sent int) {
	set := s.acquire()
	defer set.release()
	request, err := s.planRequest(r, set)
	if err != nil {
		rep := s.pageFault(r, problemOf(err))
		return rep.status, rep.send(w, r)
	}
	body := r.Body
	send := func(page view.Page) (int, int) {
		rep := s.pageReply(r, request, page)
		return rep.status, rep.send(w, r)
	}
	refuse := func(err error) (int, int) {
		takeRest(w, body)
		status, code := s.planRefusal(r, err)
		return send(plan.Refused(set.datasets[0].pages, request, set.planGiven(), status, code))
	}
	if r.ContentLength > maxBatch {
		return refuse(sheet.ErrTooLarge)
	}
	if !s.takeBatch() {
		return refuse(s.busy(batch))
	}
	defer s.endBatch()
	fields, file, err := openForm(r, newBatchBody(w, r))
	if err != nil {
		return refuse(err)
	}
	lang, _ := pageLang(r)
	fields.Lang = lang
	in, format, err := sheet.Sniff(file)
	if err != nil {
		return refuse(err)
	}
	rows, err := sheet.Open(in, format, fields.Question, set.sheets())
	if err != nil {
		return refuse(err)
	}
	if as := r.URL.Query().Get("as"); as != "" {
		out, err := parseSheetFormat(as)
		if err != nil {
			return refuse(err)
		}
		return s.sendRows(w, r, rows, out, "risks", refuse)
	}
	tally, err := rows.Tally(r.Context(), fields.kind)
	if err != nil {
		return refuse(err)
	}
	return send(plan.Tallied(set.datasets[0].pages, request, set.planGiven(), tally))
}

// What is taken of a file that is refused.
const (
	maxRest  = 4 * maxBatch
	restTime = time.Minute
)

// takeRest reads what a client still sends, and forgets it: a browser and most
// programs look for an answer only after they have sent all, and find a
// connection that was cut.
func takeRest(w http.ResponseWriter, body io.Reader) {
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(restTime)); err == nil {
		io.CopyN(io.Discard, body, maxRest) // a client that is gone reads no answer either
	}
}

// planRequest is the request of a page whose form is read elsewhere. What was
// posted is in no address, so links of the page lead to the page without it.
func (s *server) planRequest(r *http.Request, set *openSet) (view.Request, error) {
	get := r.Clone(r.Context())
	get.Method, get.Body = http.MethodGet, http.NoBody
	request, err := s.pageRequest(get)
	lang, _ := pageLang(r)
	request.Path, request.Query, request.Old = "/"+string(lang)+"/"+plan.Path, url.Values{}, set.datasets[0].old(time.Now())
	return request, err
}

// planRefusal returns the status and the code of a fault.
func (s *server) planRefusal(r *http.Request, err error) (status int, code string) {
	var p *problem
	var refusal *sheet.Refusal
	switch {
	case errors.As(err, &p) && p.status == http.StatusServiceUnavailable:
		return p.status, "busy"
	case errors.Is(err, sheet.ErrTooLarge):
		return http.StatusRequestEntityTooLarge, sheet.ErrTooLarge.Code
	case errors.As(err, &refusal):
		return http.StatusBadRequest, refusal.Code
	}
	s.logBatch(r, err)
	return http.StatusInternalServerError, "failed"
}

// planArea measures an area whose corners or whose name a form sends.
func (s *server) planArea(r *http.Request, set *openSet) (reply, error) {
	form, err := postedForm(r)
	if err != nil {
		return reply{}, err
	}
	request, err := s.planRequest(r, set)
	if err != nil {
		return reply{}, err
	}
	refuse := func(status int, code string) (reply, error) {
		return s.pageReply(r, request, plan.AreaRefused(set.datasets[0].pages, request, set.planGiven(), form, status, code)), nil
	}
	q, code := planAreaQuestion(form)
	if code != "" {
		return refuse(http.StatusBadRequest, code)
	}
	select {
	case s.areasInHand <- struct{}{}:
		defer func() { <-s.areasInHand }()
	default:
		return refuse(http.StatusServiceUnavailable, "busy")
	}
	ctx, cancel := context.WithTimeout(r.Context(), areasTime)
	defer cancel()
	d, answer, err := set.ask(ctx, q)
	var p *problem
	var several *severalError
	switch {
	case errors.As(err, &several):
		return s.pageReply(r, request, plan.AreaOfSeveral(set.datasets[0].pages, request, set.planGiven(), form, several.pages())), nil
	case errors.Is(err, errOutside):
		return refuse(http.StatusBadRequest, "outside")
	case errors.As(err, &p), errors.Is(err, area.ErrNoGround), errors.Is(err, hazard.ErrTangled), errors.Is(err, context.DeadlineExceeded):
		return refuse(http.StatusBadRequest, map[bool]string{true: "place", false: "corners"}[q.Place != ""])
	case err != nil:
		return reply{}, err
	}
	return s.pageReply(r, request, plan.Measured(d.pages, request, set.planGiven(), form, answer)), nil
}

// planAreaQuestion reads the form of an area. Corners that were drawn count more
// than a name.
func planAreaQuestion(form url.Values) (q *areasQuestion, refused string) {
	corners, err := plan.Corners(form.Get("corners"))
	switch {
	case err != nil, len(corners) > 0 && len(corners) < 3:
		return nil, "corners"
	case len(corners) > plan.MostCorners, tooWide(corners):
		return nil, "too-large"
	case len(corners) > 0:
		return &areasQuestion{shape: plan.Ring(corners), Dataset: form.Get("dataset")}, ""
	case strings.TrimSpace(form.Get("place")) == "":
		return nil, "corners"
	}
	return &areasQuestion{Place: form.Get("place")}, ""
}

// tooWide reports whether an area is larger than a prefecture.
func tooWide(corners []geo.Point) bool {
	const mostDegrees = 3
	for _, at := range corners {
		if max(at.Lat-corners[0].Lat, corners[0].Lat-at.Lat, at.Lon-corners[0].Lon, corners[0].Lon-at.Lon) > mostDegrees {
			return true
		}
	}
	return false
}

// ask finds out which areas a question means and answers it.
func (o *openSet) ask(ctx context.Context, q *areasQuestion) (*served, *area.Answer, error) {
	d, question, err := o.areasOf(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	city, err := d.city(ctx)
	if err != nil {
		return nil, nil, err
	}
	answer, err := city.Ask(ctx, question)
	return d, answer, err
}
