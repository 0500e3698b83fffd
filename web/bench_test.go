package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func BenchmarkTile(b *testing.B) {
	s := testServer(b, Options{})
	r := httptest.NewRequest("GET", tileAddress(largeTile), nil)
	r.Header = http.Header{"Accept-Encoding": {"gzip, deflate, br"}}
	w := nullWriter{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		s.ServeHTTP(w, r)
	}
}

func BenchmarkAnswerPage(b *testing.B) {
	benchmarkGet(b, "/en/at/36.30,139.19")
}

func BenchmarkRisk(b *testing.B) {
	benchmarkGet(b, "/api/v1/risk?lat=36.30&lon=139.19")
}

func benchmarkGet(b *testing.B, target string) {
	s := testServer(b, Options{})
	b.ReportAllocs()
	for b.Loop() {
		if w := ask(s, "GET", target); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
