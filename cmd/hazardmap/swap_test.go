package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aead.dev/minisign"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/dataset/datasettest"
	"hazardmap/mbtiles/store"
	"hazardmap/tiles"
	"hazardmap/web"
)

// long is set for the full numbers that `make bench` prints.
func long() bool { return os.Getenv("HAZARDMAP_TEST_LONG") != "" }

// edition is one of two datasets that take turns, and what is right for it.
type edition struct {
	dir, version string
	rank         int
	tile         []byte // at zoom 14 over the place that is asked about
}

var askedTile = tiles.ID{Z: 14, X: 14518, Y: 6433}

func buildEdition(t *testing.T, dir, date string, rank uint8) edition {
	t.Helper()
	c := datasettest.Small("10999", date)
	c.Input.Zones[0].Rank = rank
	report, err := dataset.Build(context.Background(), dir, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	flood, _ := d.Tileset("flood")
	tile, err := flood.Tile(context.Background(), askedTile)
	if err != nil {
		t.Fatal(err)
	}
	return edition{dir, report.Version, int(rank), tile}
}

// running is a server that was started for a test.
type running struct {
	t           *testing.T
	site, admin string
}

const testToken = "0123456789abcdef"

func startServing(t *testing.T, from *source, more ...func(*web.Options)) running {
	t.Helper()
	from.say = func(format string, a ...any) { t.Logf(strings.TrimSpace(format), a...) }
	ctx, cancel := context.WithCancel(context.Background())
	addresses := make(chan [2]string, 1)
	opts := web.Options{Addr: "localhost:0", AdminAddr: "localhost:0", AdminToken: testToken, Log: slog.New(slog.DiscardHandler),
		Listening: func(site, admin net.Addr) { addresses <- [2]string{site.String(), admin.String()} }}
	for _, add := range more {
		add(&opts)
	}
	ended := make(chan error, 1)
	go func() { ended <- serveFrom(ctx, from, opts) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case a := <-addresses:
		return running{t: t, site: "http://" + a[0], admin: "http://" + a[1]}
	case err := <-ended:
		ended <- err
		t.Fatal(err)
	}
	return running{}
}

// reload asks for a reload as staff does and returns the status.
func (r running) reload() int {
	r.t.Helper()
	request, err := http.NewRequest(http.MethodPost, r.admin+"/reload", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+testToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func (r running) get(path string) (int, []byte) {
	r.t.Helper()
	response, err := http.Get(r.site + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response.StatusCode, body
}

func (r running) metrics() string {
	r.t.Helper()
	response, err := http.Get(r.admin + "/metrics")
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(body)
}

func (r running) version() string {
	r.t.Helper()
	_, body := r.get("/api/v1/risk?lat=36.001&lon=139.001")
	answer, err := parseAnswer(body)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer.Dataset.Version
}

// answer is what is looked at of GET /api/v1/risk.
type answer struct {
	Hazards []struct {
		Kind, Scenario, Status string
		Rank                   int
	}
	Dataset struct{ Version string }
}

func parseAnswer(body []byte) (answer, error) {
	var a answer
	err := json.Unmarshal(body, &a)
	return a, err
}

// load asks all the time and counts what is wrong.
type load struct {
	running
	editions     []edition
	asked, wrong atomic.Int64
	first        atomic.Pointer[string]
}

func (l *load) fault(format string, a ...any) {
	l.wrong.Add(1)
	text := fmt.Sprintf(format, a...)
	l.first.CompareAndSwap(nil, &text)
}

// run asks from several clients until ctx is done.
func (l *load) run(ctx context.Context, clients int) {
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				l.askRisk(client)
				l.askTile(client)
				l.askPage(client)
				time.Sleep(time.Millisecond)
			}
		})
	}
	all.Wait()
}

func (l *load) ask(client *http.Client, path string, want int) []byte {
	l.asked.Add(1)
	request, err := http.NewRequest(http.MethodGet, l.site+path, nil)
	if err != nil {
		l.fault("%v", err)
		return nil
	}
	request.Header.Set("Accept-Encoding", "gzip;q=0, identity")
	if strings.HasSuffix(path, ".mvt") {
		request.Header.Set("Accept-Encoding", "gzip")
	}
	response, err := client.Do(request)
	if err != nil {
		l.fault("%s: %v", path, err)
		return nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != want {
		l.fault("%s: %d, %v", path, response.StatusCode, err)
		return nil
	}
	return body
}

// of returns the edition that an address or an answer names.
func (l *load) of(version string) (edition, bool) {
	for _, e := range l.editions {
		if version != "" && strings.HasPrefix(e.version, version) {
			return e, true
		}
	}
	return edition{}, false
}

func (l *load) askRisk(client *http.Client) {
	body := l.ask(client, "/api/v1/risk?lat=36.001&lon=139.001", http.StatusOK)
	if body == nil {
		return
	}
	a, err := parseAnswer(body)
	e, ok := l.of(a.Dataset.Version)
	if err != nil || !ok || len(a.Hazards) == 0 {
		l.fault("answer %s: %v", body, err)
		return
	}
	for _, h := range a.Hazards {
		if h.Kind == "flood-depth" && h.Scenario == "max" && (h.Status != "inside" || h.Rank != e.rank) {
			l.fault("version %.8s: %s rank %d, want %d", e.version, h.Status, h.Rank, e.rank)
		}
	}
}

// askTile asks for a tile of the version that the TileJSON names, some time
// after it was named.
func (l *load) askTile(client *http.Client) {
	var tileJSON struct{ Tiles []string }
	body := l.ask(client, "/tiles/flood.json", http.StatusOK)
	if body == nil {
		return
	}
	if err := json.Unmarshal(body, &tileJSON); err != nil || len(tileJSON.Tiles) == 0 {
		l.fault("TileJSON %s: %v", body, err)
		return
	}
	time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
	path := strings.TrimPrefix(tileJSON.Tiles[0], l.site)
	path = strings.NewReplacer("{z}", fmt.Sprint(askedTile.Z), "{x}", fmt.Sprint(askedTile.X), "{y}", fmt.Sprint(askedTile.Y)).Replace(path)
	tile := l.ask(client, path, http.StatusOK)
	if e, ok := l.of(strings.Split(path, "/")[3]); tile != nil && (!ok || !bytes.Equal(tile, e.tile)) {
		l.fault("%s: not the tile of that version", path)
	}
}

// askPage looks whether the words of a page and the date below it agree.
func (l *load) askPage(client *http.Client) {
	body := l.ask(client, "/ja/at/36.001,139.001", http.StatusOK)
	if body == nil {
		return
	}
	matching := 0
	for _, e := range l.editions {
		date, depth := filepath.Base(e.dir), map[int]string{3: "3.0メートル以上5.0メートル未満", 4: "5.0メートル以上10.0メートル未満"}[e.rank]
		dated, deep := strings.Contains(string(body), "データの版："+date), strings.Contains(string(body), depth)
		if dated != deep {
			l.fault("the page of %s is not of one edition", date)
		}
		if dated {
			matching++
		}
	}
	if matching != 1 {
		l.fault("the page is of %d editions", matching)
	}
}

// TestSwapsUnderLoad replaces the dataset that is served, by renaming and by
// writing over it, while clients ask.
func TestSwapsUnderLoad(t *testing.T) {
	swaps := 12
	if long() {
		swaps = 100
	}
	root := t.TempDir()
	editions := []edition{buildEdition(t, filepath.Join(root, "2025"), "2025", 3), buildEdition(t, filepath.Join(root, "2026"), "2026", 4)}
	shown := filepath.Join(root, "shown")
	copyDir(t, editions[0].dir, shown)
	l := &load{running: startServing(t, &source{dirs: []string{shown}}), editions: editions}
	ctx, stop := context.WithCancel(context.Background())
	var loading sync.WaitGroup
	loading.Go(func() { l.run(ctx, 4) })
	for i := range swaps {
		next := editions[(i+1)%2]
		if i%4 < 2 {
			renameOver(t, next.dir, shown)
		} else {
			writeOver(t, next.dir, shown)
		}
		if status := l.reload(); status != http.StatusOK {
			t.Errorf("swap %d: reload answers %d", i, status)
		}
		if got := l.version(); !strings.HasPrefix(next.version, got) {
			t.Errorf("swap %d: version %s is served, want %.16s", i, got, next.version)
		}
	}
	stop()
	loading.Wait()
	if l.wrong.Load() > 0 {
		t.Errorf("%d of %d answers wrong, the first: %s", l.wrong.Load(), l.asked.Load(), *l.first.Load())
	}
	t.Logf("%d swaps under load: %d wrong of %d answers", swaps, l.wrong.Load(), l.asked.Load())
}

func copyDir(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func renameOver(t *testing.T, from, shown string) {
	t.Helper()
	copyDir(t, from, shown+".new")
	if err := os.Rename(shown, shown+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(shown+".new", shown); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(shown + ".old"); err != nil {
		t.Fatal(err)
	}
}

// writeOver cuts off every file and writes it anew, as cp does.
func writeOver(t *testing.T, from, shown string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range rand.Perm(len(entries)) {
		name := entries[n].Name()
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(shown, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// eventually waits for something that happens by itself.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestServeFollowsADirectory replaces a dataset without telling the server,
// then breaks it: the one before goes on and readiness says so.
func TestServeFollowsADirectory(t *testing.T) {
	root := t.TempDir()
	one, two := buildEdition(t, filepath.Join(root, "2025"), "2025", 3), buildEdition(t, filepath.Join(root, "2026"), "2026", 4)
	shown := filepath.Join(root, "shown")
	copyDir(t, one.dir, shown)
	r := startServing(t, &source{dirs: []string{shown}})
	response, err := http.Post(r.admin+"/reload", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a reload without the token answers %d", response.StatusCode)
	}
	renameOver(t, two.dir, shown)
	eventually(t, "the new edition is served", func() bool { return strings.HasPrefix(two.version, r.version()) })

	if err := os.Truncate(filepath.Join(shown, "risks.idx"), 100); err != nil {
		t.Fatal(err)
	}
	eventually(t, "readiness tells of the broken one", func() bool { status, _ := r.get("/readyz"); return status == http.StatusServiceUnavailable })
	if got := r.version(); !strings.HasPrefix(two.version, got) {
		t.Errorf("version %s is served", got)
	}
	if status := r.reload(); status != http.StatusConflict {
		t.Errorf("a reload of what is broken answers %d", status)
	}
	writeOver(t, one.dir, shown)
	eventually(t, "the mended one is served", func() bool { return strings.HasPrefix(one.version, r.version()) })
	eventually(t, "readiness is green again", func() bool { status, _ := r.get("/readyz"); return status == http.StatusOK })
}

// TestServeFollowsAStore installs, breaks and rolls back under a server that
// begins with the factory dataset.
func TestServeFollowsAStore(t *testing.T) {
	root := t.TempDir()
	factory := buildEdition(t, filepath.Join(root, "2024"), "2024", 2)
	one, two := buildEdition(t, filepath.Join(root, "2025"), "2025", 3), buildEdition(t, filepath.Join(root, "2026"), "2026", 4)
	s := &store.Store{Dir: filepath.Join(root, "store"), Program: Version}
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	sequence := int64(0)
	install := func(e edition, expires time.Time) {
		t.Helper()
		p, err := bundle.PointerTo(e.dir)
		if err != nil {
			t.Fatal(err)
		}
		sequence++
		p.Sequence, p.Expires = sequence, expires
		var b bytes.Buffer
		if err := bundle.Write(context.Background(), &b, e.dir, p, secret); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Install(context.Background(), &b, []minisign.PublicKey{public}, nil); err != nil {
			t.Fatal(err)
		}
	}
	r := startServing(t, &source{store: s, dirs: []string{factory.dir}})
	serves := func(e edition) func() bool { return func() bool { return strings.HasPrefix(e.version, r.version()) } }
	if !serves(factory)() {
		t.Errorf("an empty store serves version %s", r.version())
	}
	if status, _ := r.get("/readyz"); status != http.StatusOK {
		t.Errorf("readiness of a machine as it comes: %d", status)
	}
	install(one, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	eventually(t, "what was installed is served", serves(one))
	if _, page := r.get("/en/plan"); strings.Contains(string(page), `href="/en/changes"`) {
		t.Error("a store without an edition before leads to what changed")
	}
	if _, page := r.get("/en/"); strings.Contains(string(page), "may be out of date") {
		t.Error("the page warns of data that are not old")
	}
	install(two, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	eventually(t, "what expired is served all the same", serves(two))
	if _, page := r.get("/en/"); !strings.Contains(string(page), "These data are of 2026 and may be out of date.") {
		t.Error("the page does not warn of data that may be old")
	}
	if _, page := r.get("/en/plan"); !strings.Contains(string(page), `href="/en/changes"`) {
		t.Error("the page of those who plan does not lead to what changed")
	}
	eventually(t, "the store's edition before is compared", func() bool {
		_, page := r.get("/en/changes")
		text := string(page)
		return strings.Contains(text, "the edition 2025 (") && strings.Contains(text, "the edition 2026 (")
	})
	if metrics := r.metrics(); !strings.Contains(metrics, `hazardmap_dataset_expires_timestamp_seconds{id="10999"} 9.466848e+08`) || !strings.Contains(metrics, `hazardmap_swaps_total{result="done"} 2`) {
		t.Errorf("the metrics do not tell of two swaps and the end of the second:\n%s", metrics)
	}
	if _, err := s.Rollback(context.Background()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the one before is served after a rollback", serves(one))

	if err := os.WriteFile(filepath.Join(s.Dir, "current"), []byte("{}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	eventually(t, "readiness tells of it", func() bool { status, _ := r.get("/readyz"); return status == http.StatusServiceUnavailable })
	if !serves(one)() {
		t.Errorf("after the pointer broke version %s is served", r.version())
	}
	again := startServing(t, &source{store: s, dirs: []string{factory.dir}})
	if got := again.version(); !strings.HasPrefix(two.version, got) {
		t.Errorf("a start with a broken pointer serves version %s, want the one before", got)
	}
	if err := os.Remove(filepath.Join(s.Dir, "trusted")); err != nil {
		t.Fatal(err)
	}
	again = startServing(t, &source{store: s, dirs: []string{factory.dir}})
	if got := again.version(); !strings.HasPrefix(factory.version, got) {
		t.Errorf("a start with a store that trusts nobody serves version %s, want the factory's", got)
	}
	if status, _ := again.get("/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("readiness of the factory dataset after a broken store: %d", status)
	}
}
