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
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// process is a running "hazardmap serve".
type process struct {
	cmd         *exec.Cmd
	cancel      context.CancelFunc
	site, admin string // "http://127.0.0.1:1234"; admin "" without -admin
}

// startProcess runs the program until stop is called and returns once it has
// said where it listens.
func startProcess(ctx context.Context, env []string, program string, args ...string) (*process, error) {
	ctx, cancel := context.WithCancel(ctx)
	p := &process{cmd: exec.CommandContext(ctx, program, args...), cancel: cancel}
	p.cmd.Stderr = os.Stderr
	p.cmd.Env = append(os.Environ(), env...)
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for p.site == "" && lines.Scan() {
		p.site = addressIn(lines.Text())
	}
	for p.site != "" && p.admin == "" && strings.Contains(strings.Join(args, " "), "-admin ") && lines.Scan() {
		p.admin = addressIn(lines.Text())
	}
	if p.site == "" {
		return nil, errors.Join(errors.New("the server ended without an address"), lines.Err(), p.stop())
	}
	go io.Copy(io.Discard, out)
	return p, nil
}

var address = regexp.MustCompile(`http://[0-9.]+:[0-9]+`)

func addressIn(line string) string { return address.FindString(line) }

// keepOff takes a core from this process, all its threads, so that what the
// load costs is not taken for the server's; give gives it back.
func keepOff(core int) (give func() error, err error) {
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return nil, err
	}
	rest := before
	if rest.Clear(core); rest.Count() == 0 {
		rest = before // there is only one
	}
	return func() error { return onEveryThread(&before) }, onEveryThread(&rest)
}

// onEveryThread sets where the threads of this process may run; later ones
// inherit it.
func onEveryThread(cores *unix.CPUSet) error {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(id, cores); err != nil && !errors.Is(err, unix.ESRCH) { // it has ended
			return err
		}
	}
	return nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) stop() error {
	defer p.cancel()
	return errors.Join(p.cmd.Process.Signal(os.Interrupt), waited(p.cmd))
}

// cpu is the processor time that the process took so far.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid()))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat: %d fields", p.pid(), len(fields))
	}
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	const tick = 10 * time.Millisecond // USER_HZ is 100 on Linux
	return time.Duration(user+system) * tick, errors.Join(err, err2)
}

// privateCopy is in the name of each file of a dataset that a server maps.
const privateCopy = "hazardmap-"

// held is what a process holds.
type held struct {
	rss                     int64 // bytes
	files, maps, goroutines int
}

func (p *process) holds() (h held, err error) {
	if h.rss, err = resident(p.pid()); err != nil {
		return h, err
	}
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.pid()))
	if err != nil {
		return h, err
	}
	h.files = len(files)
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", p.pid()))
	if err != nil {
		return h, err
	}
	h.maps = bytes.Count(maps, []byte(privateCopy)) // of datasets, not of the heap
	goroutines, err := metric(p.admin, "go_goroutines")
	h.goroutines = int(goroutines)
	return h, err
}

// metric reads one number without labels.
func metric(admin, name string) (float64, error) {
	res, err := http.Get(admin + "/metrics")
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, errors.Join(fmt.Errorf("metrics: no %s", name), lines.Err())
}
