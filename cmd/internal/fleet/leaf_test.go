package fleet_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"hazardmap/cmd/internal/hub"
)

// leaf is one that was started for a test.
type leaf struct {
	address string
	stop    func()
}

func startLeaf(t *testing.T, o hub.LeafOptions) leaf {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listening := make(chan string, 1)
	o.Listening = func(address string) { listening <- address }
	o.Every = 100 * time.Millisecond
	if o.PasswordFile == "" {
		o.PasswordFile = passwordFile(t)
	}
	ended := make(chan error, 1)
	go func() { ended <- hub.RunLeaf(ctx, o) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the leaf ends with %v", err)
		}
	})
	t.Cleanup(stop)
	select {
	case address := <-listening:
		return leaf{"nats://" + address, stop}
	case <-time.After(time.Minute):
		t.Fatal("the leaf does not start")
		return leaf{}
	}
}

// hubWithLeaves starts a hub in a directory, on the same addresses each time.
func hubWithLeaves(t *testing.T, addr, leaves, dir string) *server.Server {
	t.Helper()
	return startHub(t, hub.Options{Addr: addr, Leaves: leaves, LeafPasswordFile: passwordFile(t), Dir: dir})
}

func end(node *server.Server) {
	node.Shutdown()
	node.WaitForShutdown()
}

// TestLeaf: a leaf keeps what the hub had while the line is down, and follows it
// again, also after the hub was wiped.
func TestLeaf(t *testing.T) {
	c := newCity(t)
	addr, leaves, dir := freeAddress(t), freeAddress(t), t.TempDir()
	node := hubWithLeaves(t, addr, leaves, dir)
	o := hub.LeafOptions{Addr: freeAddress(t), Dir: t.TempDir(), Hubs: []string{"nats://" + leaves}}
	l := startLeaf(t, o)
	k := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, l.address+"/"+testDataset)
	one := c.bundle(testDataset, "2025", 1)
	if err := publish(t, address(node), one, c); err != nil {
		t.Fatal(err)
	}
	k.shows(1)

	end(node)
	l.stop()
	l = startLeaf(t, o) // nobody is there to ask
	fresh := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, l.address+"/"+testDataset)
	fresh.shows(1)

	node = hubWithLeaves(t, addr, leaves, dir)
	if err := publish(t, address(node), c.bundle(testDataset, "2026", 2), c); err != nil {
		t.Fatal(err)
	}
	k.shows(2)
	fresh.shows(2)

	end(node)
	node = hubWithLeaves(t, addr, leaves, t.TempDir()) // wiped
	if err := publish(t, address(node), c.bundle(testDataset, "2026", 3), c); err != nil {
		t.Fatal(err)
	}
	k.shows(3)
}

// TestLeafLetsGo: what the hub let go the leaf lets go, too, and keeps the rest.
func TestLeafLetsGo(t *testing.T) {
	c := newCity(t)
	leaves := freeAddress(t)
	node := hubWithLeaves(t, "localhost:0", leaves, t.TempDir())
	l := startLeaf(t, hub.LeafOptions{Addr: "localhost:0", Dir: t.TempDir(), Hubs: []string{"nats://" + leaves}})
	k := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, l.address+"/"+testDataset)
	for sequence := range int64(3) {
		if err := publish(t, address(node), c.bundle(testDataset, fmt.Sprint(2025+sequence), 1+sequence), c); err != nil {
			t.Fatal(err)
		}
		k.shows(1 + sequence)
	}
	nc, err := nats.Connect(l.address)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	eventually(t, "the first bundle is let go", func() bool {
		first, err := nc.Request("$JS.API.DIRECT.GET.OBJ_datasets", []byte(`{"seq":1}`), time.Minute)
		return err == nil && first.Header.Get("Status") == "404"
	})
	fresh := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, l.address+"/"+testDataset)
	fresh.shows(3)
}

// TestLeafWritesNothing: neither a kiosk beside a leaf nor whoever has the
// password of the leaves can write to the hub.
func TestLeafWritesNothing(t *testing.T) {
	c := newCity(t)
	leaves := freeAddress(t)
	node := hubWithLeaves(t, "localhost:0", leaves, t.TempDir())
	if err := publish(t, address(node), c.bundle(testDataset, "2025", 1), c); err != nil {
		t.Fatal(err)
	}
	l := startLeaf(t, hub.LeafOptions{Addr: "localhost:0", Dir: t.TempDir(), Hubs: []string{"nats://" + leaves}})
	k := startKiosk(t, filepath.Join(t.TempDir(), "store"), c, l.address+"/"+testDataset)
	k.shows(1)
	mayNotWrite(t, l.address)
	mayNotWrite(t, address(node), nats.UserInfo("leaf", testPassword))
}
