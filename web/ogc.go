package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/mux"
	"github.com/klauspost/compress/gzip"

	"hazardmap/tiles"
	"hazardmap/web/ogc"
)

// layersAtOnce bounds how many layers are read out at once: each holds a
// connection to a file and keeps a core busy.
const layersAtOnce = 4

// layerBlock is how much of a layer is sent at once.
const layerBlock = 64 << 10

// openPlanners describes the datasets of a set to the service for planners.
func (o *openSet) openPlanners() *ogc.Service {
	var all []ogc.Dataset
	for _, d := range o.datasets {
		shown := ogc.Dataset{ID: d.ID, Version: d.version, Edition: d.Edition, Bounds: d.Bounds, Shapes: d.Shapes}
		if d.Index != nil {
			shown.Area, shown.Sourced, shown.Sources = d.Index.Area(), d.Index.Sourced(), d.Index.Sources()
		}
		for _, name := range slices.Sorted(maps.Keys(d.Archives)) {
			t := o.tilesets[name+"/"+d.version]
			shown.Tilesets = append(shown.Tilesets, ogc.Tileset{
				Name: name, Meta: t.meta, Type: t.format.contentType[0], Vector: t.format.vector, Limits: t.limits(),
				Tiles: tilePrefix + name + "/" + d.version + "/{z}/{x}/{y}." + t.format.ext,
			})
		}
		all = append(all, shown)
	}
	return ogc.New(all)
}

// limits are the rectangles in which the tileset has tiles.
func (t *tileset) limits() []ogc.Limit {
	var all []ogc.Limit
	for z := t.meta.MinZoom; z <= min(t.meta.MaxZoom, tiles.DeepestZoom); z++ {
		if w := t.windows[z]; w != (window{}) {
			all = append(all, ogc.Limit{Zoom: z, MinX: w.minX, MinY: w.minY, MaxX: w.endX - 1, MaxY: w.endY - 1})
		}
	}
	return all
}

// ogc answers programs of planners, and the people who look what is there.
func (s *server) ogc(r *http.Request, set *openSet) (reply, error) {
	base, err := s.origin.of(r)
	if err != nil {
		return reply{}, err
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return reply{}, badRequest("the query of the address cannot be read")
	}
	a, err := set.planners.Answer(r.Context(), ogc.Request{
		Path: r.URL.Path, Query: query, Base: base,
		Accept: r.Header["Accept"], AcceptLanguage: r.Header.Get("Accept-Language"),
	})
	var fault *ogc.Fault
	if errors.As(err, &fault) {
		return reply{}, &problem{status: fault.Status, detail: fault.Detail}
	}
	if err != nil {
		return reply{}, err
	}
	rep := s.ogcReply(a)
	if matches(r.Header["If-None-Match"], strings.TrimPrefix(a.Tag, "W/")) {
		rep.status, rep.body = http.StatusNotModified, nil
		return rep, nil
	}
	if a.Stream != nil {
		set.users.Add(1) // until the last of it is read
		rep.stream = func(w http.ResponseWriter, r *http.Request) (int, int) {
			defer set.release()
			return s.streamLayer(w, r, rep.header, a.Stream)
		}
	}
	return rep, nil
}

func (s *server) ogcReply(a *ogc.Answer) reply {
	rep := jsonReply(s.origin.cache(), a.Body)
	rep.header["Content-Type"] = a.Type
	rep.header["Content-Language"] = a.Lang.Tag()
	rep.header["ETag"] = a.Tag
	rep.header["Vary"] = "Accept, Accept-Language"
	rep.header["Access-Control-Expose-Headers"] = "Content-Crs, ETag"
	if a.Place {
		rep.header["Cache-Control"] = ownShort
	}
	if strings.HasPrefix(a.Type, "text/html") {
		rep.header["Content-Security-Policy"] = plainPolicy()
	}
	for name, value := range a.Header {
		rep.header[name] = value
	}
	return rep
}

var streamCompressors = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

// streamLayer sends a page of features while it is read.
func (s *server) streamLayer(w http.ResponseWriter, r *http.Request, header map[string]string, stream func(context.Context, io.Writer) error) (status, sent int) {
	refuse := func(err error) (int, int) {
		rep := problemOf(err).reply()
		return rep.status, rep.send(w, r)
	}
	select {
	case s.layers <- struct{}{}:
		defer func() { <-s.layers }()
	default:
		return refuse(s.busy(layer))
	}
	h := w.Header()
	out := &layerOut{batchOut: batchOut{w: w, control: http.NewResponseController(w), done: r.Context().Err, giveWay: func() { s.gate.giveWay(r.Context()) }}, begin: func() {
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		for name, value := range header {
			h.Set(name, value)
		}
		h.Add("Vary", "Accept-Encoding")
	}}
	zipped := acceptsGzip(r.Header["Accept-Encoding"])
	if r.Method == http.MethodHead {
		out.begin()
		w.WriteHeader(http.StatusOK)
		return http.StatusOK, 0
	}
	err := out.stream(r.Context(), zipped, stream)
	switch {
	case err == nil:
		return http.StatusOK, out.sent
	case !out.begun && r.Context().Err() == nil:
		s.log.ErrorContext(r.Context(), "layer not read", "err", err)
		return refuse(err)
	}
	panic(http.ErrAbortHandler) // the client must not take the part for the whole
}

// layerOut sends block by block, and its header with the first.
type layerOut struct {
	batchOut
	begin func()
	begun bool
}

// Write sends a block.
func (o *layerOut) Write(p []byte) (int, error) {
	if !o.begun {
		o.begun = true
		o.begin()
	}
	return o.batchOut.Write(p)
}

// stream sends a page, compressed where the client reads that.
func (o *layerOut) stream(ctx context.Context, zipped bool, write func(context.Context, io.Writer) error) error {
	if !zipped {
		return write(ctx, o)
	}
	plain := o.begin
	o.begin = func() {
		plain()
		o.w.Header().Set("Content-Encoding", "gzip")
	}
	buffered := bufio.NewWriterSize(o, layerBlock)
	z := streamCompressors.Get().(*gzip.Writer)
	defer streamCompressors.Put(z)
	z.Reset(buffered)
	if err := write(ctx, z); err != nil {
		return err
	}
	return errors.Join(z.Close(), buffered.Flush())
}

// ogcTile answers a tile by the path of the standard, row before column. The
// tileset's document names an address that lives for ever instead.
func (s *server) ogcTile(r *http.Request, set *openSet) (reply, error) {
	vars := mux.Vars(r)
	if r.URL.RawQuery != "" {
		return reply{}, badRequest("a tile has no parameters")
	}
	path, ok := set.planners.TilePath(vars["tileset"], vars["matrixSet"], vars["matrix"], vars["row"], vars["column"])
	p, _ := parseTilePath(path)
	t := set.tilesets[p.set]
	switch {
	case !ok || t == nil:
		return reply{}, notFound("no such tileset or tile matrix set")
	case !p.ok:
		return reply{}, badRequest("want the matrix, row and column of a tile as whole numbers, row and column below 2^matrix")
	}
	rep := reply{status: http.StatusNoContent, header: map[string]string{"Cache-Control": shortLived, "Access-Control-Allow-Origin": "*"}}
	body, hash, ok := t.pack.find(p.id)
	if !ok {
		if !t.windows[p.id.Z].holds(p.id) {
			return reply{}, notFound("the tileset does not cover this tile")
		}
		return rep, nil
	}
	zipped := t.format.vector && acceptsGzip(r.Header["Accept-Encoding"])
	suffix := byte(0)
	if t.format.vector {
		rep.header["Vary"] = "Accept-Encoding"
		suffix = 'i'
		if zipped {
			suffix = 'g'
		}
	}
	tag := entityTag(hash, suffix)
	rep.header["ETag"] = tag
	if matches(r.Header["If-None-Match"], tag) {
		rep.status = http.StatusNotModified
		return rep, nil
	}
	rep.status = http.StatusOK
	rep.header["Content-Type"] = t.format.contentType[0]
	if !t.format.vector || zipped {
		rep.body = slices.Clone(body) // it is sent when the set may be gone
		if zipped {
			rep.header["Content-Encoding"] = "gzip"
		}
		return rep, nil
	}
	var err error
	rep.body, err = s.inflater.inflate(r.Context(), body)
	return rep, err
}
