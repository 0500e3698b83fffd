package fleet_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"hazardmap/cmd/internal/fleet"
)

// relay is a line that counts what it carries from the hub, and can be cut.
type relay struct {
	listener net.Listener
	target   string
	sent     atomic.Int64

	mu    sync.Mutex
	open  map[net.Conn]bool
	until time.Time // cut
	cutAt []int64   // of what was sent, ascending
	down  time.Duration
	wait  sync.WaitGroup
}

func newRelay(t *testing.T, target string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: l, target: target, open: map[net.Conn]bool{}}
	r.wait.Go(r.accept)
	t.Cleanup(func() { l.Close(); r.cut(time.Hour); r.wait.Wait() })
	return r
}

// cutsAt has the line cut after so many bytes, each time for a while.
func (r *relay) cutsAt(down time.Duration, sent ...int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cutAt, r.down = sent, down
}

// cutsLeft returns how many cuts are still to come.
func (r *relay) cutsLeft() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.cutAt)
}

func (r *relay) nats() string { return "nats://" + r.listener.Addr().String() }

func (r *relay) accept() {
	for {
		in, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.wait.Go(func() { r.carry(in) })
	}
}

func (r *relay) carry(in net.Conn) {
	defer in.Close()
	r.mu.Lock()
	if time.Now().Before(r.until) {
		r.mu.Unlock()
		return
	}
	r.open[in] = true
	r.mu.Unlock()
	defer r.forget(in)
	out, err := net.Dial("tcp", r.target)
	if err != nil {
		return
	}
	var up sync.WaitGroup
	up.Go(func() { io.Copy(out, in); out.Close() })
	buf := make([]byte, 32<<10)
	for {
		n, err := out.Read(buf)
		if _, err := in.Write(buf[:n]); err != nil {
			break
		}
		r.count(int64(n))
		if err != nil {
			break
		}
	}
	in.Close()
	out.Close()
	up.Wait()
}

func (r *relay) forget(in net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, in)
}

func (r *relay) count(n int64) {
	sent := r.sent.Add(n)
	r.mu.Lock()
	due := len(r.cutAt) > 0 && sent >= r.cutAt[0]
	if due {
		r.cutAt = r.cutAt[1:]
	}
	r.mu.Unlock()
	if due {
		r.cut(r.down)
	}
}

// cut ends what is open and lets nobody in for a while.
func (r *relay) cut(down time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = time.Now().Add(down)
	for c := range r.open {
		c.Close()
	}
}

// sumOf makes an announcement name other bytes.
func sumOf(a *fleet.Announcement, body []byte) {
	sum := sha256.Sum256(body)
	a.Bundle, a.Bytes = hex.EncodeToString(sum[:]), int64(len(body))
}

func encoded(t *testing.T, a fleet.Announcement) []byte {
	t.Helper()
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// putObject puts any bytes on a hub as a publisher puts a bundle.
func putObject(t *testing.T, js jetstream.JetStream, objects jetstream.ObjectStore, a fleet.Announcement, body []byte) {
	t.Helper()
	ctx := context.Background()
	const chunk = 128 << 10
	first, last := uint64(0), uint64(0)
	n := 0
	for ; len(body) > 0; n++ {
		ack, err := js.Publish(ctx, "$O.datasets.C."+a.Bundle, body[:min(chunk, len(body))])
		if err != nil {
			t.Fatal(err)
		}
		if body = body[min(chunk, len(body)):]; first == 0 {
			first = ack.Sequence
		}
		last = ack.Sequence
	}
	info := jetstream.ObjectInfo{ObjectMeta: jetstream.ObjectMeta{Name: a.Bundle, Metadata: map[string]string{"hazardmap-sequences": fmt.Sprintf("%d-%d", first, last)}},
		Bucket: "datasets", NUID: a.Bundle, Size: uint64(a.Bytes), Chunks: uint32(n)}
	data, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(ctx, "$O.datasets.M."+base64.URLEncoding.EncodeToString([]byte(a.Bundle)), data); err != nil {
		t.Fatal(err)
	}
}

func startWeb(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}
