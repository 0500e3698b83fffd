package servebench

import (
	"bufio"
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// question is one request and the answer that it had while nobody else asked.
type question struct {
	request []byte
	lookup  bool
	want    uint64   // hash of the body
	before  []uint64 // of the same question in other editions, which are shown in turn
}

// right reports whether this is the answer of an edition.
func (q *question) right(sum uint64) bool { return sum == q.want || slices.Contains(q.before, sum) }

var seed = maphash.MakeSeed()

// questions asks a quiet server about places all over a city, in words and in
// pictures, and keeps its answers as the right ones.
func questions(address string, bounds [4]float64, tilePaths []string) ([]question, error) {
	rng := rand.New(rand.NewPCG(7, 7))
	langs := []string{"ja", "ja-easy", "en", "pt", "vi"}
	var all []question
	for i := range 300 {
		lon := bounds[0] + rng.Float64()*(bounds[2]-bounds[0])
		lat := bounds[1] + rng.Float64()*(bounds[3]-bounds[1])
		path := fmt.Sprintf("/%s/at/%.5f,%.5f", langs[i%len(langs)], lat, lon)
		if i%3 == 0 {
			path = fmt.Sprintf("/api/v1/risk?lat=%.5f&lon=%.5f", lat, lon)
		}
		all = append(all, question{request: requestFor(path), lookup: true})
	}
	for _, path := range tilePaths {
		all = append(all, question{request: requestFor(path)})
	}
	return all, learn(address, all)
}

// learn takes what a quiet server answers now as right.
func learn(address string, all []question) error {
	v, err := newVisitor(address)
	if err != nil {
		return err
	}
	defer v.Close()
	for i := range all {
		status, sum, err := v.ask(all[i].request)
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("%.60q: %d, %w", all[i].request, status, err)
		}
		all[i].want = sum
	}
	return nil
}

func requestFor(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
}

// visitor is one connection.
type visitor struct {
	net.Conn
	in *bufio.Reader
}

func newVisitor(address string) (*visitor, error) {
	nc, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &visitor{nc, bufio.NewReader(nc)}, nil
}

// answerTime is how long a visitor waits before giving up.
const answerTime = 30 * time.Second

// ask sends a request and returns the status and the hash of the body.
func (v *visitor) ask(request []byte) (status int, sum uint64, err error) {
	if err := v.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return 0, 0, err
	}
	if _, err := v.Write(request); err != nil {
		return 0, 0, err
	}
	res, err := http.ReadResponse(v.in, nil)
	if err != nil {
		return 0, 0, err
	}
	defer res.Body.Close()
	var hash maphash.Hash
	hash.SetSeed(seed)
	if _, err := io.Copy(&hash, res.Body); err != nil {
		return 0, 0, err
	}
	if res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") == "" {
		return 0, 0, fmt.Errorf("%s without Retry-After", res.Status)
	}
	return res.StatusCode, hash.Sum64(), nil
}

// crowd is what many visitors saw together.
type crowd struct {
	took, cpu                   time.Duration
	asked, lookups, tiles, shed int
	wrong                       int // answers that differ from those of the quiet server
	faults                      int // neither an answer nor a refusal
	fault                       string
	waits                       []time.Duration // of look-ups that were answered
}

func (c *crowd) perSecond(n int) float64 { return float64(n) / c.took.Seconds() }

// wait returns the wait that so many of 100 look-ups stay below.
func (c *crowd) wait(percent int) time.Duration {
	if len(c.waits) == 0 {
		return 0
	}
	slices.Sort(c.waits)
	return c.waits[(len(c.waits)-1)*percent/100]
}

// visit lets visitors ask for a while, all together at a rate, or each again
// as soon as it was answered where the rate is 0.
func visit(ctx context.Context, address string, all []question, visitors int, rate float64, d time.Duration) (crowd, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	seen := make([]crowd, visitors)
	errs := make([]error, visitors)
	begin := time.Now()
	var asking sync.WaitGroup
	for i := range visitors {
		asking.Go(func() {
			pause := time.Duration(0)
			if rate > 0 {
				pause = time.Duration(float64(visitors) / rate * float64(time.Second))
			}
			errs[i] = seen[i].visitOne(ctx, address, all, rand.New(rand.NewPCG(uint64(i), 1)), pause)
		})
	}
	asking.Wait()
	total := crowd{took: time.Since(begin)}
	for i := range seen {
		if errs[i] != nil {
			return total, errs[i]
		}
		total.add(&seen[i])
	}
	return total, nil
}

func (c *crowd) add(o *crowd) {
	c.asked += o.asked
	c.lookups += o.lookups
	c.tiles += o.tiles
	c.shed += o.shed
	c.wrong += o.wrong
	c.faults += o.faults
	if o.fault != "" {
		c.fault = o.fault
	}
	c.waits = append(c.waits, o.waits...)
}

func (c *crowd) visitOne(ctx context.Context, address string, all []question, rng *rand.Rand, pause time.Duration) error {
	v, err := newVisitor(address)
	if err != nil {
		return err
	}
	defer func() { v.Close() }()
	due := time.Now().Add(time.Duration(rng.Float64() * float64(pause)))
	for ctx.Err() == nil {
		if wait := time.Until(due); wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return nil
			}
		}
		due = due.Add(pause)
		if behind := time.Now().Add(-time.Second); due.Before(behind) {
			due = behind // what one could not ask a second ago is not asked any more
		}
		q := &all[rng.IntN(len(all))]
		sent := time.Now()
		status, sum, err := v.ask(q.request)
		c.note(q, status, sum, err, time.Since(sent))
		if err != nil {
			v.Close()
			if v, err = newVisitor(address); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *crowd) note(q *question, status int, sum uint64, err error, took time.Duration) {
	c.asked++
	switch {
	case err != nil:
		c.faults++
		c.fault = err.Error()
	case status == http.StatusServiceUnavailable:
		c.shed++
	case status != http.StatusOK:
		c.faults++
		c.fault = fmt.Sprintf("%.60q: %d", q.request, status)
	case !q.right(sum):
		c.wrong++
		c.fault = fmt.Sprintf("%.60q: an answer that no edition gave when it was quiet", q.request)
	case q.lookup:
		c.lookups++
		c.waits = append(c.waits, took)
	default:
		c.tiles++
	}
}

// hostOf takes the scheme off an address.
func hostOf(site string) string { return strings.TrimPrefix(site, "http://") }
