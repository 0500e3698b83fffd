package view

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hazardmap/i18n"
)

// missing is how a catalogue writes a key that it does not hold.
var missing = regexp.MustCompile(`\[[a-z-]+\.[a-z0-9.-]+\]`)

// get renders a page.
func get(t *testing.T, d *Dataset, address string) (Page, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	page := Handle(d, Request{Path: u.Path, Query: u.Query(), BaseURL: "https://map.example.jp"})
	return page, string(page.Body)
}

// addresses are every page of the site.
var addresses = []string{"", "at/36.2740,139.2244", "at/36.2740,139.2244?form=short", "at/36.2740,139.2244?floor=2&storeys=3&stocked=1",
	"place/town-1", "print/36.2740,139.2244?second=vi", "shelters", "shelters?for=flood", "shelters?near=36.27,139.22", "about", "help", "privacy",
	"timeline", "timeline?at=36.2740,139.2244", "settings", "map", "nothing-here", "at/x"}

func TestEveryPageInEveryLanguage(t *testing.T) {
	d := fakeDataset(worstHome()...)
	out := os.Getenv("HAZARDMAP_PAGES") // a folder to look at
	for _, lang := range i18n.Langs() {
		for _, address := range addresses {
			page, body := get(t, d, "/"+string(lang)+"/"+address)
			if want := `<html lang="` + lang.Tag() + `"`; !strings.Contains(body, want) {
				t.Errorf("%s %s: no %s", lang, address, want)
			}
			if key := missing.FindString(body); key != "" {
				t.Errorf("%s %s: no text for %s", lang, address, key)
			}
			if strings.Contains(body, " style=") || strings.Contains(body, "<script>") || strings.Contains(body, " onclick") {
				t.Errorf("%s %s: a strict policy forbids style attributes and inline scripts", lang, address)
			}
			if page.Status == 0 {
				t.Errorf("%s %s: no status", lang, address)
			}
			if out != "" {
				name := strings.NewReplacer("/", "_", "?", "_", "&", "_", ",", "_").Replace(string(lang)+"_"+address) + ".html"
				if err := os.WriteFile(filepath.Join(out, name), page.Body, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
