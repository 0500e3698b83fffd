package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"

	"hazardmap/cmd/internal/fleet"
	"hazardmap/cmd/internal/hub"
	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/store"
	"hazardmap/web"
)

// signer signs what a test publishes.
type signer struct {
	t      *testing.T
	public minisign.PublicKey
	secret minisign.PrivateKey
}

func newSigner(t *testing.T) *signer {
	t.Helper()
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{t, public, secret}
}

// bundle signs an edition.
func (s *signer) bundle(e edition, sequence int64) *os.File {
	s.t.Helper()
	p, err := bundle.PointerTo(e.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	p.Sequence = sequence
	f, err := os.Create(filepath.Join(s.t.TempDir(), "b.hazmap"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { f.Close() })
	if err := bundle.Write(context.Background(), f, e.dir, p, s.secret); err != nil {
		s.t.Fatal(err)
	}
	return f
}

// startFollowing starts a server whose store is filled from addresses.
func startFollowing(t *testing.T, dir string, s *signer, addresses ...string) running {
	t.Helper()
	from := &source{store: &store.Store{Dir: dir, Program: Version}}
	var err error
	from.follower, err = fleet.Open(from.store, addresses, fleet.FollowOptions{Keys: []minisign.PublicKey{s.public}, Every: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(from.follower.Close)
	return startServing(t, from, func(o *web.Options) { follow(o, from.store, from.follower) })
}

// TestFleet carries an edition from the desk over a hub to a server, from there
// over HTTPS to another, and onto a stick; cut off from all, the last goes on.
func TestFleet(t *testing.T) {
	root := t.TempDir()
	one, two := buildEdition(t, filepath.Join(root, "2025"), "2025", 3), buildEdition(t, filepath.Join(root, "2026"), "2026", 4)
	s := newSigner(t)
	password := filepath.Join(root, "password")
	if err := os.WriteFile(password, []byte("a password for tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	node, err := hub.Start(hub.Options{Addr: "localhost:0", Dir: filepath.Join(root, "hub"), PasswordFile: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(node.Shutdown)
	at := "nats://" + node.Addr().String()
	publish := func(f *os.File) {
		t.Helper()
		opts := fleet.PublishOptions{Access: fleet.Access{PasswordFile: password}}
		if _, err := fleet.Publish(context.Background(), at, f, []minisign.PublicKey{s.public}, opts); err != nil {
			t.Fatal(err)
		}
	}
	publish(s.bundle(one, 1))
	serves := func(r running, e edition) func() bool {
		return func() bool { return strings.HasPrefix(e.version, r.version()) }
	}

	server := startFollowing(t, filepath.Join(root, "server"), s, at+"/10999") // waits for its first data
	eventually(t, "the server serves what was published", serves(server, one))
	kioskStore := filepath.Join(root, "kiosk")
	kiosk := startFollowing(t, kioskStore, s, "nats://127.0.0.1:1/10999", server.site+"/bundles/10999.json")
	eventually(t, "the kiosk takes it from the server", serves(kiosk, one))
	last := s.bundle(two, 2)
	publish(last)
	eventually(t, "the server switches", serves(server, two))
	eventually(t, "the kiosk switches", serves(kiosk, two))

	want, err := os.ReadFile(last.Name())
	if err != nil {
		t.Fatal(err)
	}
	news := startFollowing(t, kioskStore, s, "nats://127.0.0.1:1/10999") // nobody there, as for a week
	if !serves(news, two)() {
		t.Errorf("a kiosk that is cut off serves version %s", news.version())
	}
	if status, text := news.get("/readyz"); status != http.StatusOK || !strings.Contains(string(text), "edition 2026") || !strings.Contains(string(text), "no source of newer data has answered yet") {
		t.Errorf("readiness of a kiosk that is cut off: %d %s", status, text)
	}
	if metrics := news.metrics(); !strings.Contains(metrics, "hazardmap_follow_contact_timestamp_seconds 0\n") || !strings.Contains(metrics, "hazardmap_follow_good 0\n") || !strings.Contains(metrics, `hazardmap_dataset_edition_timestamp_seconds{id="10999"}`) {
		t.Errorf("the metrics do not tell that it is cut off:\n%s", metrics)
	}
	if _, page := news.get("/ja/at/36.001,139.001"); !strings.Contains(string(page), "データの版：2026") {
		t.Error("the page of a kiosk that is cut off does not say of when the data are")
	}

	// The same file is what a stick carries.
	stick, kept := filepath.Join(root, "stick"), filepath.Join(kioskStore, fleet.Folder)
	copyDir(t, kept, stick)
	fresh := &store.Store{Dir: filepath.Join(root, "by-stick"), Program: Version}
	if _, err := fresh.Install(context.Background(), bytes.NewReader(readAll(t, s.bundle(one, 1))), []minisign.PublicKey{s.public}, nil); err != nil {
		t.Fatal(err)
	}
	path, p, refused, err := fresh.InstallFrom(context.Background(), stick, nil)
	if err != nil || p.Sequence != 2 || len(refused) > 0 {
		t.Fatalf("from the stick: sequence %d, %v, %v", p.Sequence, refused, err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the stick carries another file, %v", err)
	}
}

func readAll(t *testing.T, f *os.File) []byte {
	t.Helper()
	data, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return data
}
