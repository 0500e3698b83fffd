package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"

	"hazardmap/geo/geopackage"
	"hazardmap/i18n"
	"hazardmap/web/sheet"
)

// risksPattern is the address of the batch.
const risksPattern = "/api/v1/risks"

// Limits of a batch. A sheet keeps every core busy for seconds, so few are in
// the making at once.
const (
	maxBatch      = 256 << 20
	batchPause    = 30 * time.Second
	batchesAtOnce = 4
)

// batchQuestion is a sheet and what is wanted of it.
type batchQuestion struct {
	sheet.Question
	in, out sheet.Format
}

func parseBatchQuestion(r *http.Request) (batchQuestion, error) {
	q := batchQuestion{Question: sheet.Question{Lang: i18n.Japanese}}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "text/csv":
		q.in, q.out = sheet.CSV, sheet.CSV
	case err == nil && kind == "application/x-ndjson":
		q.in, q.out = sheet.NDJSON, sheet.NDJSON
	case err == nil && kind == sheet.XLSX.ContentType():
		q.in, q.out = sheet.XLSX, sheet.CSV
	default:
		return q, &problem{status: http.StatusUnsupportedMediaType, detail: "want text/csv, application/x-ndjson or " + sheet.XLSX.ContentType()}
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, badRequest("the query of the address cannot be read")
	}
	for name, given := range values {
		if len(given) != 1 {
			return q, badRequest("a parameter is given more than once")
		}
		switch name {
		case "lat":
			q.Lat = given[0]
		case "lon":
			q.Lon = given[0]
		case "address":
			q.Address = given[0]
		case "lang":
			q.Lang, err = parseLang(given[0])
		case "format":
			q.out, err = parseSheetFormat(given[0])
		default:
			err = badRequest("unknown parameter; want lat, lon, address, lang, format")
		}
		if err != nil {
			return q, err
		}
	}
	if r.ContentLength > maxBatch {
		return q, refused(sheet.ErrTooLarge)
	}
	return q, nil
}

// sheetFormats are those in which a sheet goes out.
var sheetFormats = []sheet.Format{sheet.CSV, sheet.NDJSON, sheet.GeoJSON, sheet.GeoPackage}

func parseSheetFormat(s string) (sheet.Format, error) {
	if !slices.Contains(sheetFormats, sheet.Format(s)) {
		return "", badRequest("format: want csv, ndjson, geojson or gpkg")
	}
	return sheet.Format(s), nil
}

// refused tells a program why a sheet as a whole is not answered.
func refused(err error) error {
	var r *sheet.Refusal
	switch {
	case errors.Is(err, sheet.ErrTooLarge):
		return &problem{status: http.StatusRequestEntityTooLarge, detail: "want at most 256 MB, of a workbook 64 MB; send the rest as a second file"}
	case errors.As(err, &r):
		return badRequest(r.Detail)
	}
	return err
}

// risks answers a sheet row by row.
func (s *server) risks(*http.Request, *openSet) (reply, error) {
	return reply{stream: s.streamRisks}, nil
}

// streamRisks answers a sheet while it is read.
func (s *server) streamRisks(w http.ResponseWriter, r *http.Request) (status, sent int) {
	body, asked := r.Body, r.Header.Get("Expect") != ""
	refuse := func(err error) (int, int) {
		if !asked { // who asks before sending has sent nothing
			takeRest(w, body)
		}
		p := problemOf(refused(err))
		s.gate.hold(r.Context(), p)
		rep := p.reply()
		return rep.status, rep.send(w, r)
	}
	q, err := parseBatchQuestion(r)
	if err != nil {
		return refuse(err)
	}
	if !s.takeBatch() {
		return refuse(s.busy(batch))
	}
	defer s.endBatch()
	set := s.acquire()
	defer set.release()
	asked = false // reading tells the client to send
	rows, err := sheet.Open(newBatchBody(w, r), q.in, q.Question, set.sheets())
	if err != nil {
		return refuse(err)
	}
	return s.sendRows(w, r, rows, q.out, "", refuse)
}

// sendRows answers the rows and sends them while they are made. With a name they
// are a file to be saved.
func (s *server) sendRows(w http.ResponseWriter, r *http.Request, rows *sheet.Sheet, format sheet.Format, name string, refuse func(error) (int, int)) (status, sent int) {
	if err := rows.Check(format); err != nil {
		return refuse(err)
	}
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return refuse(err)
	}
	out := &batchOut{w: w, control: control, done: r.Context().Err, giveWay: func() { s.gate.giveWay(r.Context()) }}
	var err error
	if format == sheet.GeoPackage {
		var file []byte
		if file, err = tableOf(r.Context(), rows); err != nil {
			return refuse(err)
		}
		batchHeader(w.Header(), format, name)
		_, err = out.Write(file)
	} else {
		batchHeader(w.Header(), format, name)
		_, err = rows.Write(r.Context(), out, format)
	}
	if err != nil {
		s.logBatch(r, err)
		panic(http.ErrAbortHandler) // the client must not take the part for the whole
	}
	return http.StatusOK, out.sent
}

// takeBatch takes a place for a sheet, if one is free; endBatch gives it back.
func (s *server) takeBatch() bool {
	select {
	case s.batches <- struct{}{}:
		return true
	default:
		return false
	}
}

func (s *server) endBatch() { <-s.batches }

// logBatch tells of a fault of ours, not of clients that went away.
func (s *server) logBatch(r *http.Request, err error) {
	if r.Context().Err() == nil && !errors.Is(err, errClientGone) {
		s.log.ErrorContext(r.Context(), "sheet not answered", "err", err)
	}
}

func batchHeader(h http.Header, out sheet.Format, name string) {
	for name, value := range jsonReply(noStore, nil).header {
		h.Set(name, value)
	}
	h.Set("Content-Type", out.ContentType())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+name+"."+string(out)+`"`)
	}
}

// tableOf makes a GeoPackage in memory.
func tableOf(ctx context.Context, rows *sheet.Sheet) ([]byte, error) {
	out, err := geopackage.CreateInMemory(time.Now())
	if err != nil {
		return nil, err
	}
	if _, err := rows.WriteTable(ctx, out, sheet.InMemory); err != nil {
		_, closeErr := out.Bytes()
		return nil, errors.Join(err, closeErr)
	}
	return out.Bytes()
}

// sheets are the datasets as rows are asked of them.
func (o *openSet) sheets() []*sheet.Dataset {
	var all []*sheet.Dataset
	for _, d := range o.datasets {
		all = append(all, &sheet.Dataset{Index: d.Index, Bounds: d.Bounds, Shown: d.pages})
	}
	return all
}

// batchBody gives a client that sends slowly its time, block by block.
type batchBody struct {
	r       io.Reader
	control *http.ResponseController
}

func newBatchBody(w http.ResponseWriter, r *http.Request) *batchBody {
	return &batchBody{http.MaxBytesReader(w, r.Body, maxBatch), http.NewResponseController(w)}
}

func (b *batchBody) Read(p []byte) (int, error) {
	if err := b.control.SetReadDeadline(time.Now().Add(batchPause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := b.r.Read(p)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = sheet.ErrTooLarge
	}
	return n, err
}

// errClientGone ends a sheet that nobody waits for.
var errClientGone = errors.New("the client is gone")

// batchPiece is how much is sent under one deadline.
const batchPiece = 256 << 10

// batchOut sends piece by piece, until the client is gone.
type batchOut struct {
	w       http.ResponseWriter
	control *http.ResponseController
	done    func() error
	giveWay func()
	sent    int
}

func (o *batchOut) Write(p []byte) (int, error) {
	n := len(p)
	for piece := range slices.Chunk(p, batchPiece) {
		if err := o.send(piece); err != nil {
			return n, errors.Join(errClientGone, err)
		}
	}
	return n, nil
}

func (o *batchOut) send(p []byte) error {
	o.giveWay()
	if err := o.done(); err != nil {
		return err
	}
	if err := o.control.SetWriteDeadline(time.Now().Add(batchPause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	n, err := o.w.Write(p)
	o.sent += n
	if err == nil {
		err = o.control.Flush()
	}
	if errors.Is(err, http.ErrNotSupported) {
		err = nil
	}
	return err
}
