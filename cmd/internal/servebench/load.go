package servebench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	tileScript        = "tiles.lua"
	conditionalScript = "conditional.lua"
)

func haveLoader() bool {
	_, err := exec.LookPath("wrk")
	return err == nil
}

// writeScripts writes what the load generator asks: one random tile after the
// other, the second time with the tag that the server gave for it.
func (c *city) writeScripts(dir, address string) error {
	var plain, conditional bytes.Buffer
	for _, s := range c.stored {
		path := fmt.Sprintf("/tiles/flood/%s/%v.mvt", version, s.ID)
		tag, err := tagOf("http://" + address + path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&plain, "%q,\n", path)
		fmt.Fprintf(&conditional, "{%q, %s},\n", path, strconv.Quote(tag))
	}
	const plainLua = "local paths = {\n%s}\nmath.randomseed(1)\nlocal requests = {}\nfunction init(args)\n for i, p in ipairs(paths) do requests[i] = wrk.format('GET', p, {['Accept-Encoding']='gzip', ['Host']='localhost'}) end\nend\nfunction request() return requests[math.random(#requests)] end\n"
	const conditionalLua = "local paths = {\n%s}\nmath.randomseed(1)\nlocal requests = {}\nfunction init(args)\n for i, p in ipairs(paths) do requests[i] = wrk.format('GET', p[1], {['Accept-Encoding']='gzip', ['Host']='localhost', ['If-None-Match']=p[2]}) end\nend\nfunction request() return requests[math.random(#requests)] end\n"
	return errors.Join(
		os.WriteFile(filepath.Join(dir, tileScript), fmt.Appendf(nil, plainLua, plain.String()), 0o644),
		os.WriteFile(filepath.Join(dir, conditionalScript), fmt.Appendf(nil, conditionalLua, conditional.String()), 0o644),
	)
}

func tagOf(url string) (string, error) {
	req, err := http.NewRequest(http.MethodHead, url, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", url, res.Status)
	}
	return res.Header.Get("ETag"), nil
}

var perSecond = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)

// loadCPU loads a server of this process and returns also the processor time
// that the process took per request.
func loadCPU(ctx context.Context, address, dir, script string) (perSecond, secondsEach float64, err error) {
	before := processorTime()
	perSecond, err = load(ctx, address, dir, script, loadTime)
	return perSecond, (processorTime() - before).Seconds() / (perSecond * loadTime.Seconds()), err
}

// processorTime is what this process used so far, its children apart.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // the arguments are constants
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

const (
	loadTime  = 2 * time.Second
	traceTime = 2 * time.Second
)

// load runs wrk with 64 connections for a while and returns requests per second.
func load(ctx context.Context, address, dir, script string, d time.Duration) (float64, error) {
	out, err := exec.CommandContext(ctx, "wrk", "-t", "1", "-c", "64", "-d", d.String(), "-s", filepath.Join(dir, script), "http://"+address).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("wrk: %w: %s", err, out)
	}
	if bytes.Contains(out, []byte("Non-2xx")) && script == tileScript {
		return 0, fmt.Errorf("wrk: answers that are no tiles: %s", out)
	}
	found := perSecond.FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("wrk: no figure in %q", out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// callsPerRequest counts the system calls of this process while tiles are
// asked for, or returns 0 where strace is missing or not allowed. The load is
// started first, so that strace does not follow into it.
func callsPerRequest(ctx context.Context, dir, address, admin string) (float64, error) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		return 0, nil
	}
	loaded := make(chan error, 1)
	go func() {
		_, err := load(ctx, address, dir, tileScript, 3*traceTime)
		loaded <- err
	}()
	time.Sleep(time.Second) // until the load runs
	summary := filepath.Join(dir, "calls")
	trace := exec.CommandContext(ctx, strace, "-f", "-c", "-qq", "-o", summary, "-p", strconv.Itoa(os.Getpid()))
	before, err := answered(admin)
	if err = errors.Join(err, trace.Start()); err != nil {
		return 0, err
	}
	time.Sleep(traceTime)
	err = errors.Join(trace.Process.Signal(os.Interrupt), waited(trace))
	after, errAfter := answered(admin)
	if err = errors.Join(err, errAfter, <-loaded); err != nil {
		return 0, err
	}
	calls, err := countCalls(summary)
	return float64(calls) / (after - before), err
}

var tilesAnswered = regexp.MustCompile(`hazardmap_requests_total\{.*route="/tiles/\{set\}/\{version\}.*status="200"\} ([0-9.e+]+)`)

// answered asks the metrics how many tiles were sent.
func answered(admin string) (float64, error) {
	res, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	found := tilesAnswered.FindSubmatch(text)
	if found == nil {
		return 0, errors.New("metrics: no count of tiles")
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// waited waits for a process that was interrupted.
func waited(c *exec.Cmd) error {
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// countCalls reads the table of strace -c: the calls of the request path.
func countCalls(path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, nil // strace was not allowed to attach
	}
	defer file.Close()
	total := 0
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 5 || fields[0] == "%" || fields[len(fields)-1] == "total" {
			continue
		}
		if n, err := strconv.Atoi(fields[3]); err == nil {
			total += n
		}
	}
	return total, lines.Err()
}
