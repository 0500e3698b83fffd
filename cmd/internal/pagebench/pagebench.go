// Package pagebench measures how long the server takes to render answer pages:
// hundreds of different places, since neighbours share their drawn map, in
// every language in turn, on one core.
package pagebench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/i18n"
	"hazardmap/mbtiles/dataset"
	"hazardmap/web"
)

// Target is the 99th percentile that an answer page may take.
const Target = time.Millisecond

const (
	places = 700
	rounds = 5
	settle = 3 * time.Second // in which the server has made its maps ready
)

// Figures are times of one run, sorted: of each place the least of some rounds,
// because others use the machine too. Nothing of a place is kept in between.
type Figures struct {
	Plain  []time.Duration
	Packed []time.Duration // other places, compressed
	Mean   time.Duration   // processor time of all requests, garbage collection and all
}

// Run asks for places spread over the area of a dataset.
func Run(ctx context.Context, dir string) (Figures, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var f Figures
	d, err := open(dir)
	if err != nil {
		return f, err
	}
	defer d.Close()
	site, err := web.NewHandler(ctx, web.Options{Datasets: []*web.Dataset{d}})
	if err != nil {
		return f, err
	}
	time.Sleep(settle)
	random := rand.New(rand.NewPCG(7, 7))
	before := processorTime()
	if f.Plain, err = askAll(site, random, d, ""); err != nil {
		return f, err
	}
	f.Mean = (processorTime() - before) / (rounds * places)
	f.Packed, err = askAll(site, random, d, "gzip")
	return f, err
}

func askAll(site http.Handler, random *rand.Rand, d *web.Dataset, encoding string) ([]time.Duration, error) {
	addresses := make([]string, places)
	for i := range addresses {
		addresses[i] = somewhere(random, d)
	}
	times := make([]time.Duration, places)
	for round := range rounds {
		for i, address := range addresses {
			took, err := ask(site, address, encoding)
			if err != nil {
				return nil, err
			}
			if round == 0 || took < times[i] {
				times[i] = took
			}
		}
	}
	slices.Sort(times)
	return times, nil
}

func open(dir string) (*web.Dataset, error) {
	d, err := dataset.Open(dir)
	if err != nil {
		return nil, err
	}
	b := d.Manifest.Bounds
	served := &web.Dataset{
		ID: d.Manifest.ID, Version: d.Version, Edition: d.Manifest.Edition,
		Bounds: orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}},
		Index:  d.Index, Archives: map[string]web.Archive{}, Close: d.Close,
	}
	for _, name := range d.Tilesets() {
		served.Archives[name], _ = d.Tileset(name)
	}
	return served, nil
}

// somewhere returns the address of a place inside the municipality.
func somewhere(random *rand.Rand, d *web.Dataset) string {
	for {
		at := geo.Point{
			Lon: d.Bounds.Min[0] + random.Float64()*(d.Bounds.Max[0]-d.Bounds.Min[0]),
			Lat: d.Bounds.Min[1] + random.Float64()*(d.Bounds.Max[1]-d.Bounds.Min[1]),
		}
		if d.Index.InArea(at.E7()) {
			langs := i18n.Langs()
			return "/" + string(langs[random.IntN(len(langs))]) + "/at/" + at.String()
		}
	}
}

func ask(site http.Handler, address, encoding string) (time.Duration, error) {
	r := httptest.NewRequest("GET", address, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := &sink{header: http.Header{}}
	begin := time.Now()
	site.ServeHTTP(w, r)
	took := time.Since(begin)
	if w.status != http.StatusOK {
		return 0, fmt.Errorf("%s: status %d", address, w.status)
	}
	return took, nil
}

// sink takes a response and forgets it.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the arguments are right
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Print writes each figure beside its target.
func (f Figures) Print(w io.Writer) {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	at := func(times []time.Duration, share float64) float64 { return ms(times[int(share*float64(len(times)-1))]) }
	fmt.Fprintf(w, "answer page, %d different places:   p50 %.2f ms, p99 %.2f ms   target p99 ≤ %.0f ms (one core; %.2f ms of processor on average)\n",
		len(f.Plain), at(f.Plain, 0.5), at(f.Plain, 0.99), ms(Target), ms(f.Mean))
	fmt.Fprintf(w, "the same and gzip, %d others:       p50 %.2f ms, p99 %.2f ms\n", len(f.Packed), at(f.Packed, 0.5), at(f.Packed, 0.99))
}
