package ogc_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hazardmap/web/ogc"
)

// relation is one link as the standard asks for it.
type relation struct{ rel, kind string }

// TestLinksOfTheStandard holds the links of every document, of all collections,
// against OGC 17-069r4 (/req/core/root-success, fc-md-links, fc-links, f-links)
// and Part 2 (/req/crs/fc-md-crs-list, fc-md-storageCrs).
func TestLinksOfTheStandard(t *testing.T) {
	s := city(t)
	const json1, html, geo = "application/json", "text/html", "application/geo+json"
	self := []relation{{"self", json1}, {"alternate", html}}
	demanded := map[string][]relation{
		"/ogc": append([]relation{{"service-desc", "application/vnd.oai.openapi+json;version=3.0"}, {"service-doc", html},
			{"conformance", json1}, {"data", json1}}, self...),
		"/ogc/collections": self,
	}
	var list struct {
		Collections []struct {
			ID, StorageCRS string
			CRS            []string
			Extent         struct {
				Spatial struct {
					BBox [][]float64
					CRS  string
				}
			}
		}
	}
	read(t, s, "/ogc/collections", &list)
	if len(list.Collections) < 4 {
		t.Fatalf("only %d collections", len(list.Collections))
	}
	for _, c := range list.Collections {
		at := "/ogc/collections/" + c.ID
		demanded[at] = append([]relation{{"items", geo}, {"items", html}}, self...)
		demanded[at+"/items?limit=1"] = []relation{{"self", geo}, {"alternate", html}, {"collection", json1}}
		if !slices.Contains(c.CRS, "http://www.opengis.net/def/crs/OGC/1.3/CRS84") || !slices.Contains(c.CRS, c.StorageCRS) {
			t.Errorf("%s: crs %q, storageCrs %q", c.ID, c.CRS, c.StorageCRS)
		}
		box := c.Extent.Spatial.BBox
		if len(box) != 1 || len(box[0]) != 4 || box[0][0] > box[0][2] || box[0][1] > box[0][3] || c.Extent.Spatial.CRS != "http://www.opengis.net/def/crs/OGC/1.3/CRS84" {
			t.Errorf("%s: extent %+v", c.ID, c.Extent)
		}
	}
	for _, one := range []string{slides + "/61", "/ogc/collections/10204-shelters/items/1"} {
		demanded[one] = []relation{{"self", geo}, {"alternate", html}, {"collection", json1}}
	}
	for target, relations := range demanded {
		var document struct {
			Links []struct{ Href, Rel, Type string }
		}
		a := read(t, s, target, &document)
		for _, want := range relations {
			i := slices.IndexFunc(document.Links, func(l struct{ Href, Rel, Type string }) bool { return l.Rel == want.rel && l.Type == want.kind })
			if i < 0 {
				t.Errorf("%s: no link %s of %s among %v", target, want.rel, want.kind, document.Links)
				continue
			}
			if !strings.HasPrefix(document.Links[i].Href, site+"/ogc") {
				t.Errorf("%s: %s leads to %s", target, want.rel, document.Links[i].Href)
			}
			if want.rel == "self" && want.kind != a {
				t.Errorf("%s: is %s and calls itself %s", target, a, want.kind)
			}
		}
	}
}

// read answers a path, reads the document, and returns its media type.
func read(t *testing.T, s *ogc.Service, target string, document any) string {
	t.Helper()
	a, body, err := ask(t, s, target)
	if err == nil {
		err = json.Unmarshal(body, document)
	}
	if err != nil {
		t.Fatalf("GET %s: %v", target, err)
	}
	return a.Type
}
