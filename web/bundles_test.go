package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBundles: what lies in the folder is answered by name, whole and in ranges,
// and nothing else is.
func TestBundles(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "bundles")
	name := strings.Repeat("0123456789abcdef", 4)
	if err := os.MkdirAll(filepath.Join(dir, "folder.hazmap"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{dir + "/" + name + ".hazmap": "0123456789", dir + "/10204.json": `{"bundle":"x"}`, dir + "/begun.hazmap.part": "1", root + "/trusted": "key", root + "/trusted.json": "key"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(root+"/trusted", dir+"/link.json"); err != nil {
		t.Fatal(err)
	}
	s := testServer(t, Options{Bundles: os.DirFS(dir)})
	tag := `"` + name + `"`
	for _, tt := range []struct {
		path   string
		header [2]string
		status int
		body   string
		want   [2]string
	}{
		{"/bundles/10204.json", [2]string{}, 200, `{"bundle":"x"}`, [2]string{"Cache-Control", shortLived}},
		{"/bundles/" + name + ".hazmap", [2]string{}, 200, "0123456789", [2]string{"ETag", tag}},
		{"/bundles/" + name + ".hazmap", [2]string{"Range", "bytes=4-"}, 206, "456789", [2]string{"Content-Range", "bytes 4-9/10"}},
		{"/bundles/" + name + ".hazmap", [2]string{"Range", "bytes=10-"}, 416, "", [2]string{"Content-Range", "bytes */10"}},
		{"/bundles/" + name + ".hazmap", [2]string{"If-None-Match", tag}, 304, "", [2]string{"Cache-Control", immutable}},
		{"/bundles/" + strings.Repeat("f", 64) + ".hazmap", [2]string{}, 404, "", [2]string{"Cache-Control", noStore}},
		{"/bundles/folder.hazmap", [2]string{}, 404, "", [2]string{}},
		{"/bundles/link.json", [2]string{}, 404, "", [2]string{}},
		{"/bundles/begun.hazmap.part", [2]string{}, 404, "", [2]string{}},
		{"/bundles/..%2ftrusted.json", [2]string{}, 404, "", [2]string{}},
		{"/bundles/../trusted.json", [2]string{}, 404, "", [2]string{}},
		{"/bundles/", [2]string{}, 404, "", [2]string{}},
	} {
		r := httptest.NewRequest(http.MethodGet, tt.path, nil)
		r.Host = "localhost"
		if tt.header[0] != "" {
			r.Header.Set(tt.header[0], tt.header[1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != tt.status || (tt.body != "" && w.Body.String() != tt.body) || w.Header().Get(tt.want[0]) != tt.want[1] {
			t.Errorf("%s %v = %d %q, %s %q", tt.path, tt.header, w.Code, w.Body, tt.want[0], w.Header().Get(tt.want[0]))
		}
	}
	coming := t.TempDir()
	for _, want := range []string{"", "3"} {
		if w := ask(testServer(t, Options{Bundles: os.DirFS(coming)}), "GET", "/bundles/10204.json"); w.Header().Get("Retry-After") != want {
			t.Errorf("Retry-After is %q, want %q: %d %s", w.Header().Get("Retry-After"), want, w.Code, w.Body)
		}
		if err := os.WriteFile(coming+"/"+name+".hazmap.part", nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if w := ask(testServer(t, Options{}), "GET", "/bundles/10204.json"); w.Code != http.StatusNotFound {
		t.Errorf("without a folder: %d", w.Code)
	}
}
