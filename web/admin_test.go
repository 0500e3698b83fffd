package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestAdminDoor tries to get in at the admin port.
func TestAdminDoor(t *testing.T) {
	const token = "a-token-of-good-length"
	s := testServer(t, Options{AdminAddr: "kiosk-3.example:9100", AdminToken: token})
	admin := s.guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	tests := []struct {
		name, method, local, host, auth string
		want                            int
	}{
		{"reads on this machine", "GET", "127.0.0.1", "localhost:9100", "", 200},
		{"reads by address", "GET", "127.0.0.1", "127.0.0.1:9100", "", 200},
		{"reads by IPv6", "GET", "::1", "[::1]:9100", "", 200},
		{"reads by the given name", "GET", "127.0.0.1", "kiosk-3.example:9100", "", 200},
		{"a name that points here", "GET", "127.0.0.1", "evil.example:9100", "", 421},
		{"a name that points here, with token", "GET", "127.0.0.1", "evil.example:9100", "Bearer " + token, 421},
		{"an address that is not here", "GET", "127.0.0.1", "192.0.2.1", "", 421},
		{"no host", "GET", "127.0.0.1", "", "", 421},
		{"changes without token", "POST", "127.0.0.1", "localhost", "", 401},
		{"changes with token", "POST", "127.0.0.1", "localhost", "Bearer " + token, 200},
		{"changes with a wrong token", "POST", "127.0.0.1", "localhost", "Bearer " + token + "x", 401},
		{"changes with half a token", "POST", "127.0.0.1", "localhost", "Bearer " + token[:8], 401},
		{"changes with no token at all", "POST", "127.0.0.1", "localhost", "Bearer ", 401},
		{"changes with the token as password", "POST", "127.0.0.1", "localhost", "Basic " + token, 401},
		{"an unknown method", "BREW", "127.0.0.1", "localhost", "", 401},
		{"reads from elsewhere", "GET", "192.0.2.9", "192.0.2.9:9100", "", 401},
		{"reads from elsewhere with token", "GET", "192.0.2.9", "192.0.2.9:9100", "Bearer " + token, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := askAt(admin, tt.method, "/", tt.local, tt.host, tt.auth)
			if w.Code != tt.want {
				t.Errorf("%s at %s for %q with %q = %d, want %d", tt.method, tt.local, tt.host, tt.auth, w.Code, tt.want)
			}
			if w.Code != 200 && strings.Contains(w.Body.String(), token) {
				t.Error("the answer tells the token")
			}
		})
	}
	s.opts.AdminToken = ""
	if w := askAt(admin, "POST", "/", "127.0.0.1", "localhost", "Bearer "); w.Code != 401 {
		t.Errorf("without a token set, an empty one lets in: %d", w.Code)
	}
}

// askAt sends a request as if its connection had been made to an address.
func askAt(h http.Handler, method, target, local, host, auth string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Host = host
	if auth != "" {
		r.Header.Set("Authorization", auth)
	}
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP(local), Port: 9100}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestStaffPage reads the state after some requests, in both languages.
func TestStaffPage(t *testing.T) {
	st := startSite(t, Options{Program: "hazardmap 9.9.9"})
	for _, target := range []string{"/api/v1/risk?lat=36.3&lon=139.19", "/api/v1/risk?lat=x", tileAddress(smallTile)} {
		res, err := http.Get("http://" + st.address + target)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	for lang, want := range map[string][]string{
		"ja": {"hazardmapの状態", "住民の質問に答えています。", "試験市", "2026-04-01", "hazardmap 9.9.9", "場所の答え・ページ</th><td>2</td>"},
		"en": {"State of hazardmap", "Visitors are answered.", "Answers and pages</th><td>2</td>", "Map tiles</th><td>1</td>", "none"},
	} {
		res, err := http.Get("http://" + st.admin + "/?lang=" + lang)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(string(page), text) {
				t.Errorf("%s: %q is missing in %s", lang, text, page)
			}
		}
		if strings.Contains(string(page), "[staff") || strings.Contains(res.Header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: a text is missing, or the policy is weak", lang)
		}
	}
	numbers := metricsText(t, st.admin)
	for _, line := range []string{`hazardmap_dataset_edition_timestamp_seconds{id="10204"} 1.7750016e+09`, "hazardmap_connections ", "hazardmap_datasets_loaded_timestamp_seconds 1", `hazardmap_page_cache_total{result="hit"}`} {
		if !strings.Contains(numbers, line) {
			t.Errorf("the metrics hold no %s", line)
		}
	}
}
