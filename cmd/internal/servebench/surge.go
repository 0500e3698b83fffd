package servebench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Surge is what happens when ten times as much is asked as can be answered.
type Surge struct {
	Peak, Goodput  float64 // look-ups answered per second, at most and in the surge
	PeakCPU, CPU   float64 // the same per second of the server's processor time, where others use the machine
	Capacity       float64 // requests answered per second at most
	Offered        float64 // requests per second in the surge
	Refused        float64 // of them told to come again
	Wrong, Faults  int
	Fault          string
	CalmWait, Wait time.Duration // 99 of 100 look-ups were answered within, at the peak and in the surge
	Before, After  held
	Recovery       time.Duration // from the end of the surge until all is as before
	Slow           Slow
}

// Slow is what 5,000 clients that never finish their question do to others.
type Slow struct {
	Clients    int
	Before, In time.Duration // wait of 99 of 100 honest look-ups
	Worst      time.Duration // of all of them
	Growth     int64         // bytes
	Gone       time.Duration // until the last of them was let go
}

// Targets of the surge.
const (
	overload       = 10.0
	GoodputTarget  = 0.8
	WaitTarget     = 250 * time.Millisecond
	SlowWaitTarget = 2.0
	SlowRSSTarget  = 100 << 20
	SlowGoneTarget = 10 * time.Second
)

const (
	peakVisitors  = 64
	surgeVisitors = 400
	peakTime      = 5 * time.Second
	surgeTime     = 10 * time.Second
	slowClients   = 5000
	slowTime      = 8 * time.Second
	serverCore    = 0
)

// RunSurge loads a dataset with questions about places all over it. The server
// has one core, so that the visitors find the other free.
func RunSurge(ctx context.Context, program, dataset string) (s Surge, err error) {
	p, err := startOnOneCore(ctx, program, dataset)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	give, err := keepOff(serverCore)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, give()) }()
	all, err := askedOf(p.site)
	if err != nil {
		return s, err
	}
	peak, err := p.visited(ctx, all, peakVisitors, 0, peakTime)
	if err != nil {
		return s, err
	}
	s.Peak, s.CalmWait, s.Capacity = peak.perSecond(peak.lookups), peak.wait(99), peak.perSecond(peak.lookups+peak.tiles)
	if _, err := visit(ctx, hostOf(p.site), all, surgeVisitors, overload*s.Capacity, peakTime); err != nil { // as many connections as later
		return s, err
	}
	if s.Before, err = p.holds(); err != nil {
		return s, err
	}
	surge, err := p.visited(ctx, all, surgeVisitors, overload*s.Capacity, surgeTime)
	if err != nil {
		return s, err
	}
	if s.Recovery, err = recovery(hostOf(p.site), all, s.CalmWait); err != nil {
		return s, err
	}
	s.Goodput, s.Wait = surge.perSecond(surge.lookups), surge.wait(99)
	s.PeakCPU, s.CPU = float64(peak.lookups)/peak.cpu.Seconds(), float64(surge.lookups)/surge.cpu.Seconds()
	s.Offered, s.Refused = surge.perSecond(surge.asked), surge.perSecond(surge.shed)
	s.Wrong, s.Faults, s.Fault = peak.wrong+surge.wrong, peak.faults+surge.faults, peak.fault+surge.fault
	if s.After, err = p.holds(); err != nil {
		return s, err
	}
	s.Slow, err = p.slow(ctx, all)
	return s, err
}

// visited is visit, with the processor time that the server took.
func (p *process) visited(ctx context.Context, all []question, visitors int, rate float64, d time.Duration) (crowd, error) {
	before, err := p.cpu()
	if err != nil {
		return crowd{}, err
	}
	c, err := visit(ctx, hostOf(p.site), all, visitors, rate, d)
	if err != nil {
		return c, err
	}
	after, err := p.cpu()
	c.cpu = after - before
	return c, err
}

func startOnOneCore(ctx context.Context, program, dataset string) (*process, error) {
	command := []string{program, "serve", "-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0", dataset}
	if _, err := exec.LookPath("taskset"); err == nil {
		command = append([]string{"taskset", "-c", strconv.Itoa(serverCore)}, command...)
	}
	return startProcess(ctx, []string{"GOMAXPROCS=1"}, command[0], command[1:]...)
}

// askedOf makes questions of what the server says it covers: look-ups and
// tiles in equal number.
func askedOf(site string) ([]question, error) {
	res, err := http.Get(site + "/tiles/flood.json")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	var set struct {
		Tiles  []string   `json:"tiles"`
		Bounds [4]float64 `json:"bounds"`
	}
	if err := json.Unmarshal(text, &set); err != nil || len(set.Tiles) == 0 {
		return nil, fmt.Errorf("TileJSON: %.100q: %w", text, err)
	}
	var paths []string
	const zoom = 14
	side := math.Exp2(zoom)
	for x := uint32((set.Bounds[0] + 180) / 360 * side); float64(x) <= (set.Bounds[2]+180)/360*side && len(paths) < 300; x++ {
		for y := row(set.Bounds[3], side); y <= row(set.Bounds[1], side); y++ {
			path := strings.NewReplacer("{z}", fmt.Sprint(zoom), "{x}", fmt.Sprint(x), "{y}", fmt.Sprint(y)).Replace(set.Tiles[0])
			path = path[strings.Index(path, "/tiles/"):]
			if err := get(site + path); err == nil { // an empty tile is no load
				paths = append(paths, path)
			}
		}
	}
	return questions(hostOf(site), set.Bounds, paths)
}

func row(lat, side float64) uint32 {
	sin := math.Sin(lat * math.Pi / 180)
	return uint32((0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)) * side)
}

// recovery asks one look-up after the other until twenty in a row are right and
// as quick as before the surge.
func recovery(address string, all []question, calm time.Duration) (time.Duration, error) {
	begin := time.Now()
	v, err := newVisitor(address)
	if err != nil {
		return 0, err
	}
	defer v.Close()
	good := time.Now()
	for i, inRow := 0, 0; inRow < 20; i++ {
		q := &all[i%300] // the look-ups come first
		sent := time.Now()
		status, sum, err := v.ask(q.request)
		if err != nil {
			return 0, err
		}
		if status == http.StatusOK && q.right(sum) && time.Since(sent) <= calm {
			inRow++
			continue
		}
		inRow, good = 0, time.Now()
		if time.Since(begin) > time.Minute {
			return time.Since(begin), nil
		}
	}
	return good.Sub(begin), nil
}

// slow opens connections that send half a header and then nothing, while
// honest visitors ask: from before the first until after the last was let go.
func (p *process) slow(ctx context.Context, all []question) (s Slow, err error) {
	lookups := all[:300]
	calm, err := visit(ctx, hostOf(p.site), lookups, 4, 100, slowTime)
	if err != nil {
		return s, err
	}
	before, err := p.holds()
	if err != nil {
		return s, err
	}
	var busy crowd
	var visiting errgroup.Group
	visiting.Go(func() (err error) {
		busy, err = visit(ctx, hostOf(p.site), lookups, 4, 100, slowTime)
		return err
	})
	begin := time.Now()
	gone := make(chan struct{}, slowClients)
	for range slowClients {
		nc, err := net.Dial("tcp", hostOf(p.site))
		if err != nil {
			return s, errors.Join(fmt.Errorf("slow client %d: %w", s.Clients, err), visiting.Wait())
		}
		s.Clients++
		fmt.Fprint(nc, "GET /ja/ HTTP/1.1\r\nHost: loc")
		go func() {
			var none [1]byte
			nc.Read(none[:]) // until the server closes
			nc.Close()
			gone <- struct{}{}
		}()
	}
	during, err := p.holds()
	if err != nil {
		return s, errors.Join(err, visiting.Wait())
	}
	for range slowClients {
		<-gone
	}
	s.Gone = time.Since(begin)
	after, err := p.holds()
	if err = errors.Join(err, visiting.Wait()); err != nil {
		return s, err
	}
	s.Before, s.In, s.Worst, s.Growth = calm.wait(99), busy.wait(99), busy.wait(100), max(during.rss, after.rss)-before.rss
	return s, nil
}

// Print writes each figure beside its target.
func (s Surge) Print(w io.Writer) {
	fmt.Fprintf(w, "surge: wanted by %d visitors      %5.1f × what can be answered (%.0f/s); %.0f/s came through, %.0f/s of them told to come again, in turn\n",
		surgeVisitors, overload, s.Capacity, s.Offered, s.Refused)
	fmt.Fprintf(w, "surge: look-ups answered           %5.2f × peak   target ≥ %.1f   (%.0f of %.0f/s)\n", s.Goodput/s.Peak, GoodputTarget, s.Goodput, s.Peak)
	fmt.Fprintf(w, "surge: by processor time           %5.2f × peak   target ≥ %.1f   (%.0f of %.0f per second of the server)\n", s.CPU/s.PeakCPU, GoodputTarget, s.CPU, s.PeakCPU)
	fmt.Fprintf(w, "surge: 99 of 100 look-ups within   %5d ms       target ≤ %d ms   (%d ms at the peak)\n", s.Wait.Milliseconds(), WaitTarget.Milliseconds(), s.CalmWait.Milliseconds())
	fmt.Fprintf(w, "surge: wrong answers, faults       %2d, %2d         target 0, 0   %s\n", s.Wrong, s.Faults, s.Fault)
	fmt.Fprintf(w, "surge: memory after a first and a second %3d, %3d MB target flat\n", s.Before.rss>>20, s.After.rss>>20)
	fmt.Fprintf(w, "surge: as before after             %5.1f s        target seconds\n", s.Recovery.Seconds())
	fmt.Fprintf(w, "slow: %d clients: others wait    %5.2f × before target ≤ %.0f   (%.1f ms, one %.1f ms)\n", s.Slow.Clients, float64(s.Slow.In)/float64(s.Slow.Before), SlowWaitTarget, float64(s.Slow.In.Microseconds())/1000, float64(s.Slow.Worst.Microseconds())/1000)
	fmt.Fprintf(w, "slow: memory more                  %5d MB       target ≤ %d MB\n", s.Slow.Growth>>20, SlowRSSTarget>>20)
	fmt.Fprintf(w, "slow: all gone after               %5.1f s        target ≤ %.0f s\n", s.Slow.Gone.Seconds(), SlowGoneTarget.Seconds())
}
