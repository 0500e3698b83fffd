package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hazardmap/i18n"
	"hazardmap/web/view"
)

func TestHomeNegotiatesTheLanguage(t *testing.T) {
	s := testServer(t, Options{})
	tests := []struct {
		name, cookie, accepts string
		want                  i18n.Lang
	}{
		{"nothing said", "", "", "ja"},
		{"Japanese", "", "ja,en;q=0.8", "ja"},
		{"English of anywhere", "", "en-GB", "en"},
		{"Portuguese of Portugal", "", "pt-PT,pt;q=0.9", "pt"},
		{"Spanish of Peru", "", "es-PE", "es"},
		{"Vietnamese first", "", "vi-VN,vi;q=0.9,ja;q=0.5", "vi"},
		{"Filipino", "", "fil-PH", "tl"},
		{"Tagalog", "", "tl", "tl"},
		{"by weight", "", "en;q=0.1, es;q=0.9", "es"},
		{"a language we lack", "", "ne-NP", "ja-easy"},
		{"a language we lack, then English", "", "ne-NP,en;q=0.5", "en"},
		{"the cookie first", "ja-easy", "en", "ja-easy"},
		{"a cookie of nothing", "xx", "en", "en"},
		{"rubbish", "", ";;;q=,,*", "ja"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(s, "GET", "/", "Accept-Language", tt.accepts, "Cookie", "lang="+tt.cookie)
			if got, want := w.Header().Get("Location"), "/"+string(tt.want)+"/"; w.Code != http.StatusFound || got != want {
				t.Errorf("%d to %q, want %q", w.Code, got, want)
			}
			if w.Header().Get("Cache-Control") != noStore {
				t.Errorf("Cache-Control %q", w.Header().Get("Cache-Control"))
			}
		})
	}
}

// TestPagesInEveryLanguage asks for every page: each is whole, kept from other
// sites and from what does not belong to it.
func TestPagesInEveryLanguage(t *testing.T) {
	s := testServer(t, Options{})
	for _, lang := range i18n.Langs() {
		for _, page := range []string{"", "map", "shelters", "about", "help", "privacy", "timeline", "at/36.30,139.19", "at/36.30,139.19?form=short", "print/36.30,139.19"} {
			target := "/" + string(lang) + "/" + page
			w := ask(s, "GET", target)
			h := w.Header()
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `<html lang="`+lang.Tag()+`"`) {
				t.Errorf("GET %s = %d", target, w.Code)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(h.Get("Permissions-Policy"), "geolocation=(self)") {
				t.Errorf("GET %s: headers %v", target, h)
			}
			if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, styleHash(view.StyleSheet())) || strings.Contains(csp, "unsafe") || strings.Contains(csp, "blob:") {
				t.Errorf("GET %s: policy %q", target, csp)
			}
			place := strings.Contains(page, "139.19")
			if got := h.Get("Cache-Control"); (got == noStore) != place {
				t.Errorf("GET %s: Cache-Control %q", target, got)
			}
			if strings.Contains(w.Body.String(), ` style="`) {
				t.Errorf("GET %s has a style attribute, which its policy forbids", target)
			}
		}
	}
}

func TestPageFaults(t *testing.T) {
	s := testServer(t, Options{})
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name   string
		got    *httptest.ResponseRecorder
		status int
		tag    string
	}{
		{"a page that is not there", ask(s, "GET", "/en/nothing"), 404, "en"},
		{"deeper", ask(s, "GET", "/es/at/1,2/3"), 404, "es"},
		{"a language that is not there", ask(s, "GET", "/xx/", "Accept-Language", "vi"), 404, "vi"},
		{"a file", ask(s, "GET", "/favicon.ico"), 404, "ja"},
		{"a position that is none", ask(s, "GET", "/pt/at/abc"), 400, "pt-BR"},
		{"two slashes", ask(s, "GET", "//"), 404, "ja"},
		{"dots", ask(s, "GET", "/ja/../etc/passwd"), 404, "ja"},
		{"dots, escaped", ask(s, "GET", "/ja/%2e%2e/%2e%2e/etc/passwd"), 404, "ja"},
		{"another method", ask(s, "DELETE", "/en/"), 405, "en"},
		{"parts", post(s, "/en/search", "multipart/form-data; boundary=x", "--x--"), 415, "en"},
		{"too much", post(s, "/en/search", form, strings.Repeat("q", maxBody+1)), 413, "en"},
		{"a broken query", ask(s, "GET", "/en/?%zz"), 400, "en"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := tt.got.Header()
			if tt.got.Code != tt.status || !strings.HasPrefix(h.Get("Content-Type"), "text/html") || h.Get("Cache-Control") != noStore {
				t.Errorf("%d %q %q, want %d as a page", tt.got.Code, h.Get("Content-Type"), h.Get("Cache-Control"), tt.status)
			}
			if !strings.Contains(tt.got.Body.String(), `<html lang="`+tt.tag+`"`) {
				t.Errorf("not a page in %s", tt.tag)
			}
			if len(tt.got.Result().Cookies()) > 0 {
				t.Errorf("a fault sets cookies")
			}
		})
	}
}

func TestSearchForAPositionLeadsThere(t *testing.T) {
	s := testServer(t, Options{})
	w := post(s, "/en/search", "application/x-www-form-urlencoded", "q=36.30,139.19")
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(got, "/en/at/36.3,139.19") || w.Header().Get("Cache-Control") != noStore {
		t.Errorf("%d to %q", w.Code, got)
	}
}

func TestCookies(t *testing.T) {
	tests := []struct {
		name, target, sent string
		opts               Options
		want               string // of the Set-Cookie headers, in order
	}{
		{"language of the page", "/en/", "", Options{}, "lang=en; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"},
		{"language is known", "/en/", "lang=en", Options{}, ""},
		{"a setting", "/en/?contrast=on", "lang=en", Options{}, "look=nc; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"},
		{"with TLS in front", "/en/", "", Options{BaseURL: "https://map.example.jp"}, "lang=en; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax"},
		{"a kiosk keeps no language", "/en/", "", Options{Kiosk: true}, ""},
		{"a kiosk forgets settings", "/en/?contrast=on", "", Options{Kiosk: true}, "look=nc; Path=/; HttpOnly; SameSite=Lax"},
		{"the next visitor of a kiosk starts anew", "/ja/kiosk", "look=nc", Options{Kiosk: true}, "look=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(testServer(t, tt.opts), "GET", tt.target, "Cookie", tt.sent)
			if got := strings.Join(w.Header().Values("Set-Cookie"), " | "); got != tt.want {
				t.Errorf("Set-Cookie %q, want %q", got, tt.want)
			}
			if hsts := w.Header().Get("Strict-Transport-Security"); (hsts != "") != strings.HasPrefix(tt.opts.BaseURL, "https") {
				t.Errorf("Strict-Transport-Security %q", hsts)
			}
		})
	}
}

func TestTextIsCompressed(t *testing.T) {
	s := testServer(t, Options{})
	plain := ask(s, "GET", "/en/at/36.30,139.19")
	w := ask(s, "GET", "/en/at/36.30,139.19", "Accept-Encoding", "gzip")
	raw, err := gunzip(w.Body.Bytes())
	if err != nil || string(raw) != plain.Body.String() || w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("compressed: %v, headers %v", err, w.Header())
	}
	t.Logf("the answer page: %d bytes, %d sent", plain.Body.Len(), w.Body.Len())
	if head := ask(s, "HEAD", "/en/at/36.30,139.19", "Accept-Encoding", "gzip"); head.Body.Len() != 0 || head.Header().Get("Content-Length") != w.Header().Get("Content-Length") {
		t.Errorf("HEAD: %d bytes, length %q, want %q", head.Body.Len(), head.Header().Get("Content-Length"), w.Header().Get("Content-Length"))
	}
}

// TestOnlyPagesWithoutAPlaceAreKept asks for everything twice.
func TestOnlyPagesWithoutAPlaceAreKept(t *testing.T) {
	s := testServer(t, Options{})
	for range 2 {
		for _, target := range []string{"/en/", "/en/?contrast=on", "/en/at/36.30,139.19", "/en/place/" + testTown, "/en/print/36.30,139.19",
			"/en/shelters?near=36.30,139.19", "/en/nothing", "/en/at/x", "/en/search", "/en/?lat=36.30&lon=139.19&z=15"} {
			first := ask(s, "GET", target)
			if again := ask(s, "GET", target); again.Code != first.Code || again.Body.String() != first.Body.String() {
				t.Errorf("GET %s twice gives different answers", target)
			}
		}
		post(s, "/en/search", "application/x-www-form-urlencoded", "q=36.30,139.19")
	}
	kept := s.current.Load().kept.pages
	for key := range kept {
		if key.path != "/en/" || key.prefs != (view.Prefs{}) {
			t.Errorf("kept: %+v", key)
		}
	}
	if len(kept) != 1 {
		t.Errorf("%d pages are kept, want the home page", len(kept))
	}
	ask(s, "GET", "/en/", "Cookie", "look=xc")
	if len(kept) != 2 {
		t.Errorf("the home page with another look is not kept apart")
	}
	for i := range 3 * keptPages {
		s.current.Load().kept.keep(pageKey{path: strings.Repeat("x", i)}, view.Page{Status: 200})
	}
	if len(kept) > keptPages {
		t.Errorf("%d pages are kept, want at most %d", len(kept), keptPages)
	}
}
