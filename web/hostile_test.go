package web

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestHostileRequests sends what attackers send, byte by byte: each is refused,
// nothing of it comes back as a header, and the site goes on.
func TestHostileRequests(t *testing.T) {
	st := startSite(t, Options{})
	get := func(target string) string { return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n" }
	post := func(headers, body string) string {
		return fmt.Sprintf("POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n%s", headers, body)
	}
	sized := func(body string) string { return post(fmt.Sprintf("Content-Length: %d\r\n", len(body)), body) }
	tests := []struct {
		name, request string
		want          []int // 0: closed without a word
	}{
		{"parent folders", get("/../../etc/passwd"), []int{404}},
		{"encoded parent folders", get("/%2e%2e/%2e%2e/etc/passwd"), []int{404}},
		{"encoded slashes", get("/assets/..%2f..%2f..%2fetc%2fpasswd"), []int{404}},
		{"doubly encoded slashes", get("/assets/..%252f..%252fetc%252fpasswd"), []int{404}},
		{"backslashes", get("/assets/..%5c..%5cmanifest.json"), []int{404}},
		{"a hidden file", get("/assets/.built"), []int{404}},
		{"the manifest of the client", get("/assets/manifest.json"), []int{404}},
		{"a drive", get("/assets/C:%5cx.js"), []int{404}},
		{"two slashes", get("//etc/passwd"), []int{404}},
		{"overlong UTF-8", get("/assets/%c0%ae%c0%ae/x.js"), []int{404}},
		{"NUL in a name", get("/assets/main.js%00.css"), []int{404}},
		{"NUL in a page", get("/ja/%00"), []int{404}},
		{"NUL as it is", get("/ja/\x00"), []int{400}},
		{"a tileset above", get("/tiles/..%2fflood/a/1/1/1.mvt"), []int{400, 404}},
		{"a tile below nothing", get("/tiles/flood/" + testVersion + "/-1/0/0.mvt"), []int{400}},
		{"a tile of no number", get("/tiles/flood/" + testVersion + "/NaN/0/0.mvt"), []int{400}},
		{"a tile with a query", get(tileAddress(smallTile) + "?x=1"), []int{400}},
		{"a tile with an escape", get(strings.Replace(tileAddress(smallTile), "flood", "fl%6fod", 1)), []int{400}},
		{"line ends in a path", get("/ja/%0d%0aX-Planted:%201"), []int{404}},
		{"line ends in a position", get("/ja/at/36.3,139.19%0d%0aX-Planted:%201"), []int{400, 404}},
		{"line ends in a query", get("/api/v1/risk?lat=36.3&lon=139.19%0d%0aX-Planted:%201"), []int{400}},
		{"line ends in a language", get("/%0d%0aX-Planted:%201/"), []int{404}},
		{"a query of 1 MB", get("/api/v1/risk?lat=" + strings.Repeat("1", 1<<20)), []int{431, 0}},
		{"a path of 1 MB", get("/" + strings.Repeat("a/", 1<<19)), []int{431, 0}},
		{"a header of 1 MB", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", []int{431, 0}},
		{"100,000 headers", "GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("A: b\r\n", 100000) + "\r\n", []int{431, 0}},
		{"10,000 parameters", get("/api/v1/risk?" + strings.Repeat("a&", 3000)), []int{400}},
		{"deep JSON", sized(strings.Repeat("[", 16000)), []int{400}},
		{"deep JSON in an object", sized(`{"lat":` + strings.Repeat("[", 15000) + "}"), []int{400}},
		{"JSON with a huge number", sized(`{"lat":1e999,"lon":-1e999}`), []int{400}},
		{"JSON with NaN", sized(`{"lat":NaN,"lon":1}`), []int{400}},
		{"an entity bomb", post("Content-Length: 60\r\n", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>`[:60]), []int{400}},
		{"XML where JSON is wanted", "POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/xml\r\nContent-Length: 4\r\n\r\n<x/>", []int{415}},
		{"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "{}   "), []int{400}},
		{"a negative length", post("Content-Length: -1\r\n", ""), []int{400}},
		{"a length of too much", post("Content-Length: 99999999999999999999\r\n", ""), []int{400}},
		{"a coding that is not known", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), []int{501, 400}},
		{"two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"), []int{400, 501}},
		{"a chunk of no number", post("Transfer-Encoding: chunked\r\n", "zz\r\n"), []int{400}},
		{"a chunk of too much", post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\n"), []int{400}},
		{"a space before the colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", []int{400}},
		{"no host", "GET / HTTP/1.1\r\n\r\n", []int{400}},
		{"two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", []int{400}},
		{"a host with a path", "GET / HTTP/1.1\r\nHost: localhost/evil\r\n\r\n", []int{400}},
		{"a proxy request", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n", []int{404, 405}},
		{"TRACE", "TRACE / HTTP/1.1\r\nHost: localhost\r\nCookie: lang=ja\r\n\r\n", []int{405}},
		{"a method of its own", "BREW /ja/ HTTP/1.1\r\nHost: localhost\r\n\r\n", []int{405}},
		{"a method with a line end", "GE\rT / HTTP/1.1\r\nHost: localhost\r\n\r\n", []int{400}},
		{"HTTP/0.9", "GET /\r\n\r\n", []int{400}},
		{"HTTP/3.0", "GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", []int{505, 400}},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", []int{400}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, answer := sendRaw(t, st.address, tt.request)
			if !slices.Contains(tt.want, status) {
				t.Errorf("%.80q is answered %d, want one of %d", tt.request, status, tt.want)
			}
			head, _, _ := strings.Cut(answer, "\r\n\r\n")
			for _, sign := range []string{"\nX-Planted", "root:", "evil.example", "ENTITY"} {
				if strings.Contains(head, sign) {
					t.Errorf("%.80q plants %q in %q", tt.request, sign, head)
				}
			}
			if status >= 400 && strings.Contains(head, "Cache-Control") && !strings.Contains(head, "no-store") {
				t.Errorf("%.80q: the refusal may be kept: %q", tt.request, head)
			}
		})
	}
	if status, _ := sendRaw(t, st.address, get(tileAddress(smallTile))); status != 200 {
		t.Errorf("afterwards a tile is answered %d", status)
	}
}

// sendRaw writes a request as it is and returns the first answer.
func sendRaw(t *testing.T, address, request string) (status int, answer string) {
	t.Helper()
	nc, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(20 * time.Second))
	go func() {
		io.WriteString(nc, request) // the server may close in the middle
		nc.(*net.TCPConn).CloseWrite()
	}()
	var seen bytes.Buffer
	res, err := http.ReadResponse(bufio.NewReader(io.TeeReader(nc, &seen)), nil)
	if err != nil {
		return 0, seen.String()
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	return res.StatusCode, seen.String()
}

// TestNothingPlantedComesBack sends headers that proxies understand: the
// answers are those without them, so no cache can be poisoned.
func TestNothingPlantedComesBack(t *testing.T) {
	s := testServer(t, Options{})
	planted := []string{"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https", "X-Forwarded-Port", "81", "X-Forwarded-Prefix", "/evil.example", "X-Forwarded-For", "203.0.113.9",
		"Forwarded", "host=evil.example;proto=https", "X-Original-URL", "/api/openapi.json", "X-Rewrite-URL", "/api/openapi.json", "X-HTTP-Method-Override", "DELETE",
		"X-Host", "evil.example", "Referer", "http://evil.example/", "Origin", "http://evil.example", "X-Requested-With", "evil.example"}
	for _, target := range []string{"/", "/ja/", "/en/at/36.3,139.19", "/en/style.json", "/tiles/flood.json", tileAddress(smallTile), "/api/v1/risk?lat=36.3&lon=139.19", "/robots.txt", "/api/openapi.json", "/nowhere"} {
		plain, other := ask(s, "GET", target), ask(s, "GET", target, planted...)
		if plain.Code != other.Code || !bytes.Equal(plain.Body.Bytes(), other.Body.Bytes()) {
			t.Errorf("GET %s changes with headers of proxies: %d, %d", target, plain.Code, other.Code)
		}
		for name, values := range other.Header() {
			if text := strings.Join(values, " "); strings.Contains(text, "evil") || text != strings.Join(plain.Header()[name], " ") {
				t.Errorf("GET %s: %s: %s", target, name, text)
			}
		}
	}
}

// TestNoRequestNamesAFile: the server opens no file by name but its own
// certificate and the one that tiles are laid out in, so no request can.
func TestNoRequestNamesAFile(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]bool{}
	for _, name := range []string{"Open", "OpenFile", "OpenRoot", "ReadFile", "ReadDir", "DirFS", "Stat", "Lstat", "Create", "CreateTemp", "WriteFile", "Mkdir", "MkdirAll", "MkdirTemp", "Remove", "RemoveAll", "Rename", "Link", "Symlink", "Truncate", "Chmod"} {
		byName[name] = true
	}
	allowed := map[string]bool{"tls.go": true, "pack.go": true}
	opened := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if room, ok := call.X.(*ast.Ident); ok && room.Name == "os" && byName[call.Sel.Name] {
				opened++
				if !allowed[file] {
					t.Errorf("%s uses os.%s", file, call.Sel.Name)
				}
			}
			return true
		})
	}
	if opened == 0 {
		t.Error("nothing is opened at all: the test looks in the wrong place")
	}
}
