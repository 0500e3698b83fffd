package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"testing/fstest"
	"time"

	"hazardmap/web/offline"
)

// phoneServer serves one dataset whose look-up index takes three shards.
func phoneServer(t *testing.T, change func(*Dataset)) *server {
	t.Helper()
	city := testCity(t)
	city.RisksFile, city.PlacesFile = noise(rand.New(rand.NewPCG(1, 2)), 2*shardBytes+1), []byte("places")
	change(city)
	s := testServer(t, Options{Datasets: []*Dataset{city}})
	files := fstest.MapFS{"dist/main-1.js": {Data: []byte("main()")}, "dist/main-1.js.br": {Data: []byte("m")},
		"dist-worker/hazardmap-1.wasm": {Data: []byte("program")}, "dist-worker/hazardmap-1.wasm.br": {Data: []byte("p")}}
	for name, file := range phoneClient {
		files[name] = file
	}
	var err error
	if s.client, err = openClient(files); err != nil {
		t.Fatal(err)
	}
	return s
}

func phoneManifestOf(t *testing.T, s *server) phoneManifest {
	t.Helper()
	w := ask(s, "GET", "/offline/10204.json")
	var m phoneManifest
	if err := json.Unmarshal(w.Body.Bytes(), &m); w.Code != 200 || err != nil {
		t.Fatalf("%d %s, %v", w.Code, w.Body, err)
	}
	if w.Header().Get("Access-Control-Allow-Origin") != "" || w.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("sent with %v", w.Header())
	}
	return m
}

// TestPhonePack: the shards of each file, fetched in either coding, are what
// their hashes say, and end to end they are the file.
func TestPhonePack(t *testing.T) {
	expires := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	var city *Dataset
	s := phoneServer(t, func(d *Dataset) { d.Expires, city = expires, d })
	m := phoneManifestOf(t, s)
	if m.Expires != expires.UnixMilli() || m.Exec != "/assets/exec-1.js" || m.WASM != "/assets/hazardmap-1.wasm" || len(m.Assets) != 2 {
		t.Errorf("manifest %+v", m)
	}
	got := map[string][]byte{}
	for _, file := range m.Files {
		for _, shard := range file.Shards {
			plain := ask(s, "GET", shard.URL).Body.Bytes()
			packed := ask(s, "GET", shard.URL, "Accept-Encoding", "gzip")
			if unpacked, err := gunzip(packed.Body.Bytes()); err != nil || !bytes.Equal(unpacked, plain) || packed.Header().Get("Content-Encoding") != "gzip" {
				t.Errorf("%s in gzip is another shard, %v", shard.URL, err)
			}
			sum := sha256.Sum256(plain)
			if hex.EncodeToString(sum[:]) != shard.SHA256 || len(plain) != shard.Bytes || packed.Body.Len() != shard.Send || len(plain) > shardBytes {
				t.Errorf("%s has %d bytes, %d sent: not what the manifest says: %+v", shard.URL, len(plain), packed.Body.Len(), shard)
			}
			got[file.Name] = append(got[file.Name], plain...)
		}
	}
	if !bytes.Equal(got[offline.RisksFile], city.RisksFile) || !bytes.Equal(got[offline.PlacesFile], city.PlacesFile) || len(got[offline.TilesFile]) == 0 {
		t.Error("the shards are not the files end to end")
	}
	for _, target := range []string{"/offline/99999.json", "/offline/00000000000000000000000000000000.bin"} {
		if w := ask(s, "GET", target); w.Code != 404 {
			t.Errorf("GET %s = %d, want 404", target, w.Code)
		}
	}
}

// TestPhonePackNames: whatever changes on a phone, the pack has another name.
func TestPhonePackNames(t *testing.T) {
	first := phoneManifestOf(t, phoneServer(t, func(*Dataset) {})).Pack
	if again := phoneManifestOf(t, phoneServer(t, func(*Dataset) {})).Pack; again != first {
		t.Errorf("the same pack is called %s and %s", first, again)
	}
	for name, change := range map[string]func(*Dataset){
		"a byte of the look-up":  func(d *Dataset) { d.RisksFile[7]++ },
		"a byte of the places":   func(d *Dataset) { d.PlacesFile = []byte("placet") },
		"the edition":            func(d *Dataset) { d.Edition = "2026-04-02" },
		"the day of its expiry":  func(d *Dataset) { d.Expires = time.Unix(1, 0) },
		"the version of the set": func(d *Dataset) { d.Version = "fedcba9876543210" },
	} {
		if got := phoneManifestOf(t, phoneServer(t, change)).Pack; got == first {
			t.Errorf("%s changes and the pack is still called %s", name, got)
		}
	}
}

// TestPhonePackRefused: an index that no phone can hold is offered to none.
func TestPhonePackRefused(t *testing.T) {
	for name, risks := range map[string][]byte{"none": nil, "too large": make([]byte, mostPhoneBytes+1)} {
		if w := ask(phoneServer(t, func(d *Dataset) { d.RisksFile = risks }), "GET", "/offline/10204.json"); w.Code != 404 {
			t.Errorf("%s: %d, want 404", name, w.Code)
		}
	}
}
