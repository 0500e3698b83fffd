package doctor

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hazardmap/i18n"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// examine returns the findings by key.
func examine(t *testing.T, p Patient) map[string]Level {
	t.Helper()
	if p.Now.IsZero() {
		p.Now = noon
	}
	found, err := Examine(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	levels := map[string]Level{}
	for _, f := range found {
		levels[f.Key] = f.Level
	}
	return levels
}

func TestFindings(t *testing.T) {
	empty := t.TempDir()
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, "manifest.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	spoilt := t.TempDir()
	if err := os.WriteFile(filepath.Join(spoilt, "current"), []byte("garbage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/healthz":
			w.Write([]byte("ok\n"))
		case "/readyz":
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer ours.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	at := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	tests := []struct {
		name    string
		patient Patient
		key     string
		want    Level
	}{
		{"nothing named", Patient{}, "none-given", Note},
		{"no dataset", Patient{Datasets: []string{filepath.Join(empty, "absent")}}, "dataset-absent", Fault},
		{"an empty directory", Patient{Datasets: []string{empty}}, "dataset-absent", Fault},
		{"a damaged manifest", Patient{Datasets: []string{damaged}}, "dataset-damaged", Fault},
		{"nothing installed", Patient{Store: empty}, "store-none", Fault},
		{"a damaged pointer", Patient{Store: spoilt}, "store-damaged", Fault},
		{"no store", Patient{Store: filepath.Join(empty, "absent")}, "store-none", Fault},
		{"room on the disk", Patient{Store: empty}, "disk-good", Good},
		{"a good clock", Patient{}, "clock-good", Good},
		{"a clock without battery", Patient{Now: time.Unix(0, 0)}, "clock-wrong", Fault},
		{"no server", Patient{Addr: free.Addr().String()}, "port-free", Note},
		{"our server, not ready", Patient{Addr: at(ours)}, "port-not-ready", Fault},
		{"another server", Patient{Addr: at(other)}, "port-taken", Fault},
		{"no address", Patient{Addr: "-1"}, "port-bad", Fault},
		{"an address of another machine", Patient{Addr: "192.0.2.1:80"}, "port-bad", Fault},
		{"no admin", Patient{Admin: free.Addr().String()}, "admin-silent", Fault},
		{"another admin", Patient{Admin: at(other)}, "admin-silent", Fault},
		{"an admin", Patient{Admin: at(ours)}, "admin-good", Good},
		{"no certificate", Patient{TLSCert: filepath.Join(empty, "cert.pem")}, "certificate-bad", Fault},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := examine(t, tt.patient)
			if found[tt.key] != tt.want {
				t.Errorf("%+v: %s is %q, want %q; found %v", tt.patient, tt.key, found[tt.key], tt.want, found)
			}
		})
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) != 0 {
		t.Errorf("the doctor left %v, %v", left, err)
	}
}

// TestAge: only what is much older than its edition's successor is noted, and
// what lies ahead of the clock is a fault.
func TestAge(t *testing.T) {
	tests := map[string]Findings{
		"2025":       nil,
		"2026-11-25": nil,
		"":           nil,
		"2020-04":    {{Level: Note, Key: "dataset-old"}},
		"2027":       {{Level: Fault, Key: "dataset-future"}},
	}
	for text, want := range tests {
		e := &examination{Patient: Patient{Now: noon}}
		e.age("d", text)
		if !slices.EqualFunc(e.found, want, func(a, b Finding) bool { return a.Level == b.Level && a.Key == b.Key }) {
			t.Errorf("age of %q: %v, want %v", text, e.found, want)
		}
	}
}

// TestWords: every finding has a text in both languages, and advice unless it
// is good.
func TestWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, rest := range strings.Split(string(text), "e.see(")[1:] {
			level, rest, _ := strings.Cut(rest, `, "`)
			key, _, _ := strings.Cut(rest, `"`)
			keys++
			for _, lang := range i18n.StaffLangs() {
				c := i18n.Staff(lang)
				if !c.Has("doctor."+key) || (level != "Good") != c.Has("doctor."+key+".do") {
					t.Errorf("%s: %s: %s has no text, or %s lacks advice", file, lang, key, level)
				}
			}
		}
	}
	if keys < 30 {
		t.Errorf("%d findings in the code: the test no longer finds them", keys)
	}
}

// TestFollowing: what the numbers say of the source of newer data.
func TestFollowing(t *testing.T) {
	const contact, good = "hazardmap_follow_contact_timestamp_seconds ", "hazardmap_follow_good "
	week := strconv.FormatInt(noon.Add(-7*24*time.Hour).Unix(), 10)
	now := strconv.FormatInt(noon.Unix(), 10)
	for _, tt := range []struct{ metrics, want string }{
		{"hazardmap_ready 1\n", ""},
		{contact + "NaNs\n", ""},
		{contact + "0\n" + good + "0\n", "follow-never"},
		{contact + week + "\n" + good + "1\n", "follow-silent"},
		{contact + now + "\n" + good + "0\n", "follow-refused"},
		{"# HELP " + contact + "\n" + contact + now + "\n" + good + "1\n", "follow-good"},
	} {
		e := &examination{Patient: Patient{Now: noon}}
		e.following(tt.metrics)
		got := ""
		if len(e.found) == 1 {
			got = e.found[0].Key
		}
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.metrics, got, tt.want)
		}
	}
}

func TestWrite(t *testing.T) {
	all := Findings{
		{Note, "dataset-old", []i18n.Arg{path("/d"), edition("2015"), i18n.Int("n", 4000)}},
		{Fault, "fonts-none", nil},
		{Good, "gpu-good", nil},
	}
	var text, object bytes.Buffer
	if err := all.Write(&text, i18n.StaffLangs()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"[注意] /d：版 2015 は4000日前のものです。", "    /d: edition 2015 is 4000 days old.", "→ 対処: 「apt install", "Faults: 1. Notes: 1."} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &text)
		}
	}
	if strings.Contains(text.String(), "[doctor") || strings.Contains(text.String(), "{") {
		t.Errorf("a text is not filled in:\n%s", &text)
	}
	if err := all.WriteJSON(&object); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Good     bool
		Findings []struct {
			Level, Code string
			Text, Do    map[string]string
		}
	}
	if err := json.Unmarshal(object.Bytes(), &read); err != nil || read.Good || len(read.Findings) != 3 || read.Findings[1].Do["en"] == "" || len(read.Findings[2].Do) != 0 {
		t.Errorf("%v: %s", err, &object)
	}
}
