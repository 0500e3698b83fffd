package fleet_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aead.dev/minisign"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"hazardmap/cmd/internal/fleet"
	"hazardmap/cmd/internal/hub"
	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset/datasettest"
	"hazardmap/mbtiles/store"
)

const (
	testDataset  = "10999"
	testPassword = "a password for tests"
)

// city signs bundles for a test.
type city struct {
	t      *testing.T
	public minisign.PublicKey
	secret minisign.PrivateKey
}

func newCity(t *testing.T) *city {
	t.Helper()
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &city{t, public, secret}
}

func (c *city) keys() []minisign.PublicKey { return []minisign.PublicKey{c.public} }

// bundle writes a bundle of a small dataset and opens it.
func (c *city) bundle(id, edition string, sequence int64) *os.File {
	c.t.Helper()
	dir := filepath.Join(c.t.TempDir(), "dataset")
	datasettest.Build(c.t, dir, id, edition)
	p, err := bundle.PointerTo(dir)
	if err != nil {
		c.t.Fatal(err)
	}
	p.Sequence = sequence
	f, err := os.Create(filepath.Join(c.t.TempDir(), "b.hazmap"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { f.Close() })
	if err := bundle.Write(context.Background(), f, dir, p, c.secret); err != nil {
		c.t.Fatal(err)
	}
	return f
}

func random(seed uint64, n int) []byte {
	data := make([]byte, n)
	var key [32]byte
	key[0] = byte(seed)
	rand.NewChaCha8(key).Read(data)
	return data
}

func passwordFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte(testPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// startHub starts a node in a directory and returns its address.
func startHub(t *testing.T, o hub.Options) *server.Server {
	t.Helper()
	if o.PasswordFile == "" {
		o.PasswordFile = passwordFile(t)
	}
	node, err := hub.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { node.Shutdown(); node.WaitForShutdown() })
	return node
}

func address(node *server.Server) string { return "nats://" + node.Addr().String() }

func access(t *testing.T) fleet.Access { return fleet.Access{PasswordFile: passwordFile(t)} }

func publish(t *testing.T, to string, f *os.File, c *city) error {
	t.Helper()
	_, err := fleet.Publish(context.Background(), to, f, c.keys(), fleet.PublishOptions{Access: access(t), Patience: 20 * time.Second})
	return err
}

// kiosk follows in a store of its own.
type kiosk struct {
	t     *testing.T
	store *store.Store
	f     *fleet.Follower
	stop  func()
}

func startKiosk(t *testing.T, dir string, c *city, addresses ...string) *kiosk {
	t.Helper()
	k := &kiosk{t: t, store: &store.Store{Dir: dir, Program: "1.0.0"}}
	var err error
	k.f, err = fleet.Open(k.store, addresses, fleet.FollowOptions{Keys: c.keys(), Every: 200 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); k.f.Run(ctx) }()
	k.stop = sync.OnceFunc(func() { cancel(); <-ended; k.f.Close() })
	t.Cleanup(k.stop)
	return k
}

// sequence is that of what the kiosk shows, 0 for nothing.
func (k *kiosk) sequence() int64 {
	shown, err := k.store.Choose(context.Background())
	if err != nil {
		return 0
	}
	return shown.Pointer.Sequence
}

func (k *kiosk) shows(sequence int64) {
	k.t.Helper()
	for deadline := time.Now().Add(time.Minute); k.sequence() != sequence; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			k.t.Fatalf("the kiosk shows sequence %d, want %d: %+v", k.sequence(), sequence, k.f.State())
		}
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestFollow: what is published is installed, once; what is older or strange is
// not, and a hub that is wiped is filled again by publishing again.
func TestFollow(t *testing.T) {
	c := newCity(t)
	node := startHub(t, hub.Options{Addr: "localhost:0", Dir: t.TempDir()})
	relay := newRelay(t, node.Addr().String())
	k := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, relay.nats()+"/"+testDataset)
	one, two := c.bundle(testDataset, "2025", 1), c.bundle(testDataset, "2026", 2)
	if err := publish(t, address(node), one, c); err != nil {
		t.Fatal(err)
	}
	k.shows(1)
	if err := publish(t, address(node), two, c); err != nil {
		t.Fatal(err)
	}
	k.shows(2)

	sent := relay.sent.Load()
	if err := publish(t, address(node), one, c); err == nil {
		t.Error("the hub was made to announce an older bundle")
	}
	if err := publish(t, address(node), two, c); err != nil {
		t.Errorf("publishing again: %v", err)
	}
	asked := k.f.State().Contact
	eventually(t, "the kiosk asks again", func() bool { return k.f.State().Contact.After(asked) })
	if info, err := two.Stat(); err != nil || relay.sent.Load()-sent > info.Size()/2 {
		t.Errorf("%d bytes for a bundle that was there, %v", relay.sent.Load()-sent, err)
	}
	k.stop()
	again := startKiosk(t, k.store.Dir, c, relay.nats()+"/"+testDataset)
	eventually(t, "it has asked", func() bool { return !again.f.State().Contact.IsZero() })
	if fault := again.f.State().Fault; fault != "" {
		t.Errorf("after a start: %s", fault)
	}

	empty := startHub(t, hub.Options{Addr: "localhost:0", Dir: t.TempDir()})
	if err := publish(t, address(empty), two, c); err != nil {
		t.Fatal(err)
	}
	fresh := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, address(empty)+"/"+testDataset)
	fresh.shows(2)
}

// TestBegunByAnother: what a bad source began is no fault of the good one, which
// sends all of it.
func TestBegunByAnother(t *testing.T) {
	c := newCity(t)
	f := c.bundle(testDataset, "2026", 2)
	a, _, err := fleet.Announce(context.Background(), f, c.keys())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "store")
	if err := os.MkdirAll(filepath.Join(dir, fleet.Folder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fleet.Folder, a.Bundle+".hazmap.part"), random(9, int(a.Bytes/2)), 0o644); err != nil {
		t.Fatal(err)
	}
	var served atomic.Int64
	k := startKiosk(t, dir, c, serveFile(t, f, a, &served))
	k.shows(2)
	if got := served.Load(); got != a.Bytes+a.Bytes-a.Bytes/2 {
		t.Errorf("%d bytes were sent, want what was missing and then all %d", got, a.Bytes)
	}
}

// TestOffer: what was installed here from a file is fetched by others, and whoever
// asks before it is there asks again soon.
func TestOffer(t *testing.T) {
	c := newCity(t)
	dir := filepath.Join(t.TempDir(), "store")
	asked := make(chan bool, 64)
	files := http.FileServerFS(os.DirFS(filepath.Join(dir, fleet.Folder)))
	web := startWeb(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(filepath.Join(dir, fleet.Folder, testDataset+".json")); err != nil {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "it comes", http.StatusServiceUnavailable)
			select {
			case asked <- true:
			default:
			}
			return
		}
		files.ServeHTTP(w, r)
	}))
	other := &store.Store{Dir: filepath.Join(t.TempDir(), "store"), Program: "1.0.0"}
	f, err := fleet.Open(other, []string{web + "/" + testDataset + ".json"}, fleet.FollowOptions{Keys: c.keys(), Every: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var following sync.WaitGroup
	following.Go(func() { f.Run(ctx) })
	t.Cleanup(func() { cancel(); following.Wait(); f.Close() })
	<-asked

	s := &store.Store{Dir: dir, Program: "1.0.0"}
	offer := fleet.NewOffer(dir, io.NewSectionReader(c.bundle(testDataset, "2025", 1), 0, 1<<30))
	defer offer.Close()
	p, err := s.Install(ctx, offer, c.keys(), nil)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := os.ReadFile(s.Pointers()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := offer.Keep(signed, p); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the other installs it", func() bool { _, err := other.Choose(ctx); return err == nil })

	// What is refused is not offered.
	refused := fleet.NewOffer(dir, io.NewSectionReader(newCity(t).bundle(testDataset, "2026", 2), 0, 1<<30))
	if _, err := s.Install(ctx, refused, nil, nil); err == nil {
		t.Error("a stranger's bundle was installed")
	}
	refused.Close()
	if left, err := os.ReadDir(filepath.Join(dir, fleet.Folder)); err != nil || len(left) != 2 {
		t.Errorf("%v are offered, %v; want the bundle and its announcement", left, err)
	}
}

// TestHostileHub: whoever holds the hub can neither show other data nor old
// ones, and what it sends is forgotten.
func TestHostileHub(t *testing.T) {
	ctx := context.Background()
	c, stranger := newCity(t), newCity(t)
	node := startHub(t, hub.Options{Addr: "localhost:0", Dir: t.TempDir()})
	k := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, address(node)+"/"+testDataset)
	old := c.bundle(testDataset, "2024", 1)
	good := c.bundle(testDataset, "2025", 2)
	if err := publish(t, address(node), good, c); err != nil {
		t.Fatal(err)
	}
	k.shows(2)
	nc, err := nats.Connect(address(node), nats.UserInfo("publisher", testPassword))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	values, err := js.KeyValue(ctx, "current")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := js.ObjectStore(ctx, "datasets")
	if err != nil {
		t.Fatal(err)
	}
	oldNews, _, err := fleet.Announce(context.Background(), old, c.keys())
	if err != nil {
		t.Fatal(err)
	}
	strange := stranger.bundle(testDataset, "2026", 9)
	strangeNews, _, err := fleet.Announce(context.Background(), strange, stranger.keys())
	if err != nil {
		t.Fatal(err)
	}
	newer := c.bundle(testDataset, "2026", 3)
	newNews, _, err := fleet.Announce(context.Background(), newer, c.keys())
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := fleet.Announce(context.Background(), c.bundle("10998", "2026", 9), c.keys())
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"not JSON":            "{",
		"empty":               "",
		"a number":            "-1",
		"a climbing path":     `{"bundle":"../../etc/passwd","bytes":1,"pointer":"x"}`,
		"endless":             fmt.Sprintf(`{"bundle":%q,"bytes":%d,"pointer":%q}`, newNews.Bundle, int64(1)<<60, newNews.Pointer),
		"older":               fmt.Sprintf(`{"bundle":%q,"bytes":%d,"pointer":%q}`, oldNews.Bundle, oldNews.Bytes, oldNews.Pointer),
		"signed by a strange": fmt.Sprintf(`{"bundle":%q,"bytes":%d,"pointer":%q}`, strangeNews.Bundle, strangeNews.Bytes, strangeNews.Pointer),
		"of another city":     fmt.Sprintf(`{"bundle":%q,"bytes":%d,"pointer":%q}`, other.Bundle, other.Bytes, other.Pointer),
		"not there":           fmt.Sprintf(`{"bundle":%q,"bytes":%d,"pointer":%q}`, newNews.Bundle, newNews.Bytes, newNews.Pointer),
	} {
		if _, err := values.PutString(ctx, testDataset, value); err != nil {
			t.Fatal(err)
		}
		looks := k.f.Looks()
		eventually(t, name+" is refused", func() bool { return k.f.State().Fault != "" && k.f.Looks() > looks+1 })
		if k.sequence() != 2 {
			t.Errorf("%s: sequence %d is shown", name, k.sequence())
		}
	}

	if err := publish(t, address(node), newer, c); err != nil {
		t.Fatal(err)
	}
	k.shows(3)
	for _, lie := range []string{"old", "strange", "damaged"} {
		if _, err := values.Put(ctx, testDataset, encoded(t, newNews)); err != nil {
			t.Fatal(err)
		}
		k2 := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, address(node)+"/"+testDataset)
		k2.shows(3)
		next := c.bundle(testDataset, "2027", 4)
		body, err := os.ReadFile(map[string]string{"old": old.Name(), "strange": strange.Name(), "damaged": next.Name()}[lie])
		if err != nil {
			t.Fatal(err)
		}
		if lie == "damaged" {
			body[len(body)/2] ^= 1
		}
		lied, _, err := fleet.Announce(context.Background(), next, c.keys())
		if err != nil {
			t.Fatal(err)
		}
		sumOf(&lied, body)
		putObject(t, js, objects, lied, body)
		if _, err := values.Put(ctx, testDataset, encoded(t, lied)); err != nil {
			t.Fatal(err)
		}
		eventually(t, lie+" content is refused", func() bool { return k2.f.State().Fault != "" })
		if k2.sequence() != 3 {
			t.Errorf("%s content: sequence %d is shown", lie, k2.sequence())
		}
		if left, _ := filepath.Glob(filepath.Join(k2.store.Dir, fleet.Folder, "*"+lied.Bundle+"*")); len(left) > 0 {
			t.Errorf("%s content stays: %v", lie, left)
		}
		k2.stop()
		empty := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, address(node)+"/"+testDataset)
		eventually(t, lie+" content is refused by an empty kiosk", func() bool { return empty.f.State().Fault != "" })
		if empty.sequence() != 0 {
			t.Errorf("%s content: an empty kiosk shows %d", lie, empty.sequence())
		}
		empty.stop()
	}
}

// TestAnyoneMayReadNobodyWrite: a follower can ask and cannot change, answer or
// list anything.
func TestAnyoneMayReadNobodyWrite(t *testing.T) {
	c := newCity(t)
	node := startHub(t, hub.Options{Addr: "localhost:0", Dir: t.TempDir()})
	f := c.bundle(testDataset, "2025", 1)
	if err := publish(t, address(node), f, c); err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(t.TempDir(), "wrong")
	if err := os.WriteFile(wrong, []byte("not the password"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]fleet.Access{"no password": {}, "a wrong one": {PasswordFile: wrong}} {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		if _, err := fleet.Publish(ctx, address(node), f, c.keys(), fleet.PublishOptions{Access: a, Patience: time.Second}); err == nil {
			t.Errorf("%s publishes", name)
		}
		cancel()
	}
	mayNotWrite(t, address(node))
}

// mayNotWrite tries to write where a hub keeps what it has, to change that and
// to answer in its name.
func mayNotWrite(t *testing.T, address string, as ...nats.Option) {
	t.Helper()
	refused := make(chan error, 16)
	nc, err := nats.Connect(address, append(as, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))...)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	for _, subject := range []string{"$KV.current." + testDataset, "$O.datasets.C.x", "$JS.API.STREAM.DELETE.OBJ_datasets", "$JS.API.STREAM.PURGE.KV_current",
		"$JS.hub.API.STREAM.DELETE.OBJ_datasets", "$JS.API.CONSUMER.CREATE.KV_current", "$JS.API.STREAM.LIST", "_INBOX.of.another", "$SYS.REQ.SERVER.PING"} {
		if err := nc.Publish(subject, nil); err != nil {
			t.Fatal(err)
		}
		nc.Flush()
		select {
		case <-refused:
		case <-time.After(5 * time.Second):
			t.Errorf("%s: one may write to %s", address, subject)
		}
	}
}

// TestForeignClientReads: what was published is an object as any client of NATS
// reads it.
func TestForeignClientReads(t *testing.T) {
	c := newCity(t)
	node := startHub(t, hub.Options{Addr: "localhost:0", Dir: t.TempDir()})
	f := c.bundle(testDataset, "2025", 1)
	if err := publish(t, address(node), f, c); err != nil {
		t.Fatal(err)
	}
	a, _, err := fleet.Announce(context.Background(), f, c.keys())
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	if got := objectOn(t, node, a.Bundle); !bytes.Equal(got, want) {
		t.Errorf("%d bytes, want the %d of the bundle", len(got), len(want))
	}
}

func objectOn(t *testing.T, node *server.Server, name string) []byte {
	t.Helper()
	nc, err := nats.Connect(address(node), nats.UserInfo("publisher", testPassword))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := js.ObjectStore(context.Background(), "datasets")
	if err != nil {
		t.Fatal(err)
	}
	data, err := objects.GetBytes(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
