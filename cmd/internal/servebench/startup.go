package servebench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
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

// Start runs "hazardmap serve" on a dataset and measures it.
func Start(ctx context.Context, program, dataset string) (s Startup, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	serve := exec.CommandContext(ctx, program, "serve", "-addr", "127.0.0.1:0", dataset)
	serve.Stderr = os.Stderr
	out, err := serve.StdoutPipe()
	if err != nil {
		return s, err
	}
	begin := time.Now()
	if err := serve.Start(); err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, serve.Process.Signal(os.Interrupt), waited(serve)) }()
	site, err := announced(out)
	if err != nil {
		return s, err
	}
	if err := get(site + "/readyz"); err != nil {
		return s, err
	}
	s.Ready = time.Since(begin)
	if s.ReadyRSS, err = resident(serve.Process.Pid); err != nil {
		return s, err
	}
	for range 200 {
		for _, target := range []string{"/ja/", "/en/map", "/api/v1/risk?lat=36.3&lon=139.2"} {
			if err := get(site + target); err != nil {
				return s, err
			}
		}
	}
	s.LoadedRSS, err = resident(serve.Process.Pid)
	return s, err
}

// announced reads the address that the program prints once it listens.
func announced(out io.Reader) (string, error) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if i := strings.Index(lines.Text(), "http://"); i >= 0 {
			go io.Copy(io.Discard, out)
			return lines.Text()[i:], nil
		}
	}
	return "", errors.Join(errors.New("the server ended without an address"), lines.Err())
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
