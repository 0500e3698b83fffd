// Package ogc answers planners' programs, QGIS and GDAL first: every zone,
// shelter and area of the open datasets as OGC API - Features, with filters in
// CQL2, and the tilesets as OGC API - Tiles.
//
// All datasets stand below one landing page, and the name of a collection
// begins with that of its dataset: 10204-flood-depth. Whoever connects once
// has everything, and a layer that was saved stays the same layer when another
// city is opened beside it. A page goes on after the id of its last feature,
// and only in the edition in which it began: two editions are never mixed.
//
// The package makes documents; what surrounds them in HTTP is the server's.
package ogc

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"hazardmap/geo/geopackage"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/mbtiles"
)

// Root is where the landing page is.
const Root = "/ogc"

// Dataset is what this package needs of one open dataset.
type Dataset struct {
	ID, Version, Edition string // the version as it stands in addresses
	Area                 hazard.Area
	Bounds               orb.Bound
	Sourced              hazard.KindSet // the kinds that were surveyed
	Sources              []hazard.Source
	Shapes               *geopackage.File // nil where there is none
	Tilesets             []Tileset
}

// Tileset is a tileset of a dataset.
type Tileset struct {
	Name   string // "flood"
	Meta   mbtiles.Metadata
	Type   string // media type of its tiles
	Vector bool
	Tiles  string // path of its tiles with {z}, {x} and {y}
	Limits []Limit
}

// Limit is the rectangle of tiles of one zoom.
type Limit struct {
	Zoom                   uint8
	MinX, MinY, MaxX, MaxY uint32
}

// Request is what is asked.
type Request struct {
	Path           string // from [Root] on
	Query          url.Values
	Accept         []string // headers
	AcceptLanguage string
	Base           string // "https://map.example.jp"
}

// Answer is what a request is answered with: a body, or a stream of it.
type Answer struct {
	Type   string
	Lang   i18n.Lang
	Header map[string]string
	Body   []byte
	Stream func(ctx context.Context, w io.Writer) error // instead of a body
	Tag    string                                       // changes with everything that the answer depends on
	Place  bool                                         // the request names a place: not for shared caches
}

// Fault is why a request is not answered, for whoever asked.
type Fault struct {
	Status int
	Detail string
}

func (f *Fault) Error() string { return f.Detail }

func wrong(format string, args ...any) error {
	return &Fault{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func missing(what string) error { return &Fault{http.StatusNotFound, what} }

// Service answers requests about datasets that stay open. It may be used by
// several goroutines at once.
type Service struct {
	datasets []Dataset
	version  string // of all datasets and of this program

	mu          sync.Mutex
	collections []*collection // nil until they are first asked for
}

// New returns a service. Of two datasets with one id the first is served.
func New(datasets []Dataset) *Service {
	s := &Service{}
	hash := fnv.New64a()
	if info, ok := debug.ReadBuildInfo(); ok {
		io.WriteString(hash, info.String())
	}
	seen := map[string]bool{}
	for _, d := range datasets {
		io.WriteString(hash, d.ID+" "+d.Version+"\n")
		if !seen[d.ID] {
			seen[d.ID] = true
			s.datasets = append(s.datasets, d)
		}
	}
	s.version = fmt.Sprintf("%016x", hash.Sum64())
	return s
}

// Answer makes the answer to a request, or a [*Fault].
func (s *Service) Answer(ctx context.Context, r Request) (*Answer, error) {
	v, err := s.visit(ctx, r)
	if err != nil {
		return nil, err
	}
	a, err := v.route()
	if err != nil {
		return nil, err
	}
	a.Lang, a.Place = v.lang, v.Query.Has("bbox") || v.Query.Has("filter")
	hash := fnv.New64a()
	fmt.Fprintln(hash, s.version, r.Base, r.Path, r.Query.Encode(), a.Type, a.Lang)
	a.Tag = fmt.Sprintf(`W/"%016x"`, hash.Sum64())
	return a, nil
}

// route finds the resource of a path.
func (v *visit) route() (*Answer, error) {
	switch p := v.path; {
	case len(p) == 0:
		return v.landing()
	case len(p) == 1 && p[0] == "conformance":
		return v.conformance()
	case len(p) == 1 && p[0] == "api":
		return v.api()
	case len(p) == 1 && p[0] == "tiles":
		return v.tilesets()
	case len(p) == 2 && p[0] == "tiles":
		return v.tileset(p[1])
	case len(p) == 1 && p[0] == "tileMatrixSets":
		return v.matrixSets()
	case len(p) == 2 && p[0] == "tileMatrixSets":
		return v.matrixSet(p[1])
	case len(p) == 1 && p[0] == "collections":
		return v.collectionList()
	case len(p) >= 2 && p[0] == "collections":
		return v.ofCollection(p[1], p[2:])
	}
	return nil, missing("no such resource")
}

func (v *visit) ofCollection(id string, rest []string) (*Answer, error) {
	c := v.find(id)
	if c == nil {
		return nil, missing("no such collection")
	}
	switch {
	case len(rest) == 0:
		return v.collection(c)
	case len(rest) == 1 && rest[0] == "queryables":
		return v.queryables(c)
	case len(rest) == 1 && rest[0] == "items":
		return v.items(c)
	case len(rest) == 2 && rest[0] == "items":
		return v.item(c, rest[1])
	}
	return nil, missing("no such resource")
}

// slug keeps what may stand in a path as it is.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '.', r == '_', r == '-':
			return r
		}
		return '_'
	}, s)
}
