package web

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"hazardmap/geo/charset"
	"hazardmap/i18n"
)

// risksPattern is the address of the batch.
const risksPattern = "/api/v1/risks"

// Limits of a batch. A sheet keeps a core busy for seconds, so few are in the
// making at once.
const (
	maxBatch      = 256 << 20
	maxBatchRow   = 64 << 10
	batchBlock    = 64 << 10 // written at once
	batchPause    = 30 * time.Second
	batchesAtOnce = 4
)

// batchQuestion is what is asked of every row.
type batchQuestion struct {
	address string // name of the column with addresses; "" for the usual names
	lang    i18n.Lang
	ndjson  bool
}

// batchFormat turns rows of one format into the same rows with risks. It
// returns what ended the input early; every row before was written.
type batchFormat interface {
	contentType() string
	header(w *bufio.Writer) error
	next(w *bufio.Writer) error // [io.EOF] after the last row
}

func parseBatchQuestion(r *http.Request) (batchQuestion, error) {
	q := batchQuestion{lang: i18n.Japanese}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || (kind != "text/csv" && kind != "application/x-ndjson") {
		return q, &problem{status: http.StatusUnsupportedMediaType, detail: "want text/csv or application/x-ndjson"}
	}
	q.ndjson = kind == "application/x-ndjson"
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, badRequest("the query of the address cannot be read")
	}
	for name, given := range values {
		if len(given) != 1 {
			return q, badRequest("a parameter is given more than once")
		}
		switch name {
		case "address":
			q.address = given[0]
		case "lang":
			if q.lang, err = parseLang(given[0]); err != nil {
				return q, err
			}
		default:
			return q, badRequest("unknown parameter; want address, lang")
		}
	}
	if r.ContentLength > maxBatch {
		return q, tooLarge()
	}
	return q, nil
}

func tooLarge() error {
	return &problem{status: http.StatusRequestEntityTooLarge, detail: "want at most 256 MB; send the rest as a second file"}
}

// risks answers a sheet row by row.
func (s *server) risks(r *http.Request, _ *openSet) (reply, error) {
	q, err := parseBatchQuestion(r)
	if err != nil {
		return reply{}, err
	}
	return reply{stream: func(w http.ResponseWriter, r *http.Request) (int, int) { return s.streamRisks(w, r, q) }}, nil
}

func (s *server) streamRisks(w http.ResponseWriter, r *http.Request, q batchQuestion) (status, sent int) {
	refuse := func(err error) (int, int) {
		rep := problemOf(err).reply()
		return rep.status, rep.send(w, r)
	}
	select {
	case s.batches <- struct{}{}:
		defer func() { <-s.batches }()
	default:
		return refuse(s.busy(sheet))
	}
	set := s.acquire()
	defer set.release()
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return refuse(err)
	}
	format, err := openBatch(&batchBody{http.MaxBytesReader(w, r.Body, maxBatch), control}, newBatchRows(set, q))
	if err != nil {
		return refuse(err)
	}
	h := w.Header()
	for name, value := range jsonReply(noStore, nil).header {
		h.Set(name, value)
	}
	h.Set("Content-Type", format.contentType())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	out := &batchOut{w: w, control: control, done: r.Context().Err, giveWay: func() { s.gate.giveWay(r.Context()) }}
	buffered := bufio.NewWriterSize(out, batchBlock)
	err = format.header(buffered)
	for err == nil {
		err = format.next(buffered)
	}
	if errors.Is(err, io.EOF) {
		err = buffered.Flush()
	}
	if err != nil {
		panic(http.ErrAbortHandler) // the client must not take the part for the whole
	}
	return http.StatusOK, out.sent
}

func openBatch(body io.Reader, rows *batchRows) (batchFormat, error) {
	text, _, err := charset.Decode(body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge()
	case err != nil:
		return nil, badRequest("want text in UTF-8 or CP932")
	case rows.q.ndjson:
		return newNDJSONBatch(text, rows), nil
	}
	return newCSVBatch(text, rows)
}

// endCode says in the last row why nothing after it was read.
func endCode(err error) string {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "body-too-large"
	case errors.Is(err, errRowTooLong):
		return "row-too-long"
	}
	return "unreadable"
}

// batchBody gives a client that sends slowly its time, block by block.
type batchBody struct {
	r       io.Reader
	control *http.ResponseController
}

func (b *batchBody) Read(p []byte) (int, error) {
	if err := b.control.SetReadDeadline(time.Now().Add(batchPause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return b.r.Read(p)
}

// batchOut sends block by block, until the client is gone.
type batchOut struct {
	w       http.ResponseWriter
	control *http.ResponseController
	done    func() error
	giveWay func()
	sent    int
}

func (o *batchOut) Write(p []byte) (int, error) {
	o.giveWay()
	if err := o.done(); err != nil {
		return 0, err
	}
	if err := o.control.SetWriteDeadline(time.Now().Add(batchPause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := o.w.Write(p)
	o.sent += n
	if err == nil {
		err = o.control.Flush()
	}
	if errors.Is(err, http.ErrNotSupported) {
		err = nil
	}
	return n, err
}
