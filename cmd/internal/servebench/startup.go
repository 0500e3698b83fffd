package servebench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Startup is what it takes to serve one dataset.
type Startup struct {
	Ready     time.Duration // from the start of the process to the first answer of /readyz
	ReadyRSS  int64         // bytes resident then
	LoadedRSS int64         // and after 600 answers
}

// Targets of DESIGN.md 8, for a city.
const (
	ReadyTarget = 300 * time.Millisecond
	RSSTarget   = 64 << 20
)

// Start runs "hazardmap serve" on a dataset, or as the arguments say, and
// measures it.
func Start(ctx context.Context, program string, what ...string) (s Startup, err error) {
	begin := time.Now()
	p, err := startProcess(ctx, nil, program, append([]string{"serve", "-addr", "127.0.0.1:0"}, what...)...)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if err := get(p.site + "/readyz"); err != nil {
		return s, err
	}
	s.Ready = time.Since(begin)
	if s.ReadyRSS, err = resident(p.pid()); err != nil {
		return s, err
	}
	for range 200 {
		for _, target := range []string{"/ja/", "/en/map", "/api/v1/risk?lat=36.3&lon=139.2"} {
			if err := get(p.site + target); err != nil {
				return s, err
			}
		}
	}
	s.LoadedRSS, err = resident(p.pid())
	return s, err
}

func get(url string) error {
	res, err := http.Get(url)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, res.Status)
	}
	return nil
}

// resident reads how much memory of a process lies in RAM.
func resident(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.ParseInt(strings.Fields(rest + " x")[0], 10, 64)
	return kilobytes << 10, err
}

// Print writes each figure beside its target.
func (s Startup) Print(w io.Writer) {
	fmt.Fprintf(w, "serve: start to ready              %5d ms       target ≤ %d ms\n", s.Ready.Milliseconds(), ReadyTarget.Milliseconds())
	fmt.Fprintf(w, "serve: memory when ready           %5d MB       target ≤ %d MB\n", s.ReadyRSS>>20, RSSTarget>>20)
	fmt.Fprintf(w, "serve: memory after 600 answers    %5d MB       target ≤ %d MB\n", s.LoadedRSS>>20, RSSTarget>>20)
}
