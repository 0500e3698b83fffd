// Package servebench measures how fast tiles are served, against a handler
// that does nothing but write one slice, in the same process and the same
// minute: machines differ, the ratio does not.
package servebench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"slices"

	"hazardmap/mbtiles"
	"hazardmap/tiles"
	"hazardmap/web"
)

// Figures are ratios and counts of one run.
type Figures struct {
	Tiles, NotModified float64 // requests answered per request of the null handler
	TileCPU            float64 // processor time of the server per tile, by that of the null handler
	NotModifiedCPU     float64 // the same per 304: steadier than the ratios where others use the machine
	NullPerSecond      float64
	CallsPerTile       float64 // system calls; 0 where they could not be counted
}

// Targets of TILES.md 7.
const (
	TilesTarget       = 1.0
	NotModifiedTarget = 1.3
	CallsTarget       = 3.0
)

const (
	tileCount = 4253
	meanBytes = 7272
	rounds    = 5
)

// Run serves a synthetic city of 4,253 tiles and measures it.
func Run(ctx context.Context) (Figures, error) {
	if !haveLoader() {
		return Figures{}, errors.New("wrk is not installed")
	}
	dir, err := os.MkdirTemp("", "hazardmap-bench-")
	if err != nil {
		return Figures{}, err
	}
	defer os.RemoveAll(dir)
	city := newCity()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ours, admin, stopOurs, err := serveTiles(ctx, city)
	if err != nil {
		return Figures{}, err
	}
	defer stopOurs()
	null, stopNull, err := serveNull(ctx)
	if err != nil {
		return Figures{}, err
	}
	defer stopNull()
	if err := city.writeScripts(dir, ours); err != nil {
		return Figures{}, err
	}
	return measure(ctx, dir, ours, admin, null)
}

// measure asks both servers in turn and takes the median ratio.
func measure(ctx context.Context, dir, ours, admin, null string) (Figures, error) {
	var tile, conditional, cpu, conditionalCPU, nulls []float64
	for range rounds {
		base, baseCPU, err := loadCPU(ctx, null, dir, tileScript)
		if err != nil {
			return Figures{}, err
		}
		plain, plainCPU, err := loadCPU(ctx, ours, dir, tileScript)
		if err != nil {
			return Figures{}, err
		}
		unchanged, unchangedCPU, err := loadCPU(ctx, ours, dir, conditionalScript)
		if err != nil {
			return Figures{}, err
		}
		nulls = append(nulls, base)
		tile = append(tile, plain/base)
		cpu = append(cpu, plainCPU/baseCPU)
		conditional = append(conditional, unchanged/base)
		conditionalCPU = append(conditionalCPU, unchangedCPU/baseCPU)
	}
	calls, err := callsPerRequest(ctx, dir, ours, admin)
	return Figures{
		Tiles: median(tile), TileCPU: median(cpu), NotModified: median(conditional), NotModifiedCPU: median(conditionalCPU),
		NullPerSecond: median(nulls), CallsPerTile: calls,
	}, err
}

func median[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

// Print writes each figure beside its target.
func (f Figures) Print(w io.Writer) {
	fmt.Fprintf(w, "serve: tiles with all headers      %5.2f × null   target ≥ %.1f   (null %.0f/s)\n", f.Tiles, TilesTarget, f.NullPerSecond)
	fmt.Fprintf(w, "serve: processor time per tile     %5.2f × null\n", f.TileCPU)
	fmt.Fprintf(w, "serve: 304                         %5.2f × null   target ≥ %.1f\n", f.NotModified, NotModifiedTarget)
	fmt.Fprintf(w, "serve: processor time per 304      %5.2f × null\n", f.NotModifiedCPU)
	if f.CallsPerTile > 0 {
		fmt.Fprintf(w, "serve: system calls per tile       %5.2f          target ≤ %.1f\n", f.CallsPerTile, CallsTarget)
	} else {
		fmt.Fprintln(w, "serve: system calls per tile       not counted: strace is not at hand")
	}
}

// city is a tileset in memory.
type city struct{ stored []mbtiles.Stored }

// newCity makes tiles of 1 to 21 KB, on average as those of the published
// comparison.
func newCity() *city {
	rng := rand.New(rand.NewPCG(1, 1))
	c := &city{}
	for i := range tileCount {
		body := make([]byte, 1000+rng.IntN(2*(meanBytes-1000)))
		for j := range body {
			body[j] = byte(rng.Uint32())
		}
		id := tiles.ID{Z: 14, X: 14500 + uint32(i%70), Y: 6400 + uint32(i/70)}
		c.stored = append(c.stored, mbtiles.Stored{ID: id, Data: body, Encoding: mbtiles.Gzip})
	}
	return c
}

// Metadata describes the tileset.
func (c *city) Metadata() mbtiles.Metadata {
	return mbtiles.Metadata{Name: "bench", Format: "pbf", MinZoom: 14, MaxZoom: 14}
}

// All yields the tiles.
func (c *city) All(context.Context) iter.Seq2[mbtiles.Stored, error] {
	return func(yield func(mbtiles.Stored, error) bool) {
		for _, s := range c.stored {
			if !yield(s, nil) {
				return
			}
		}
	}
}

const version = "0123456789abcdef"

func serveTiles(ctx context.Context, c *city) (address, admin string, stop func() error, err error) {
	ctx, cancel := context.WithCancel(ctx)
	listening := make(chan [2]string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, web.Options{
			Addr:      "127.0.0.1:0",
			Datasets:  []*web.Dataset{{ID: "bench", Version: version, Archives: map[string]web.Archive{"flood": c}}},
			AdminAddr: "127.0.0.1:0",
			Listening: func(addr, admin net.Addr) { listening <- [2]string{addr.String(), admin.String()} },
		})
	}()
	stop = func() error {
		cancel()
		return <-ended
	}
	select {
	case at := <-listening:
		return at[0], at[1], stop, nil
	case err := <-ended:
		cancel()
		return "", "", nil, err
	}
}

// serveNull is the bar: net/http, one slice, nothing looked at.
func serveNull(ctx context.Context) (address string, stop func() error, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	body := make([]byte, meanBytes)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(body)
	})}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	return listener.Addr().String(), func() error {
		return errors.Join(server.Close(), ignoreClosed(<-ended))
	}, nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
