package web

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

func TestSharePictures(t *testing.T) {
	s := testServer(t, Options{BaseURL: "https://map.example.jp"})
	for address, want := range map[string]int{
		"/share/city.png": 200, "/share/36.30,139.19.png": 200,
		"/share/36.3012,139.1934.png": 404, "/share/36.3,139.19.png": 404, "/share/-1.png": 404, "/share/NaN,NaN.png": 404, "/share/.png": 404,
	} {
		w := ask(s, "GET", address)
		if w.Code != want {
			t.Errorf("%s: status %d, want %d", address, w.Code, want)
			continue
		}
		if want != 200 {
			continue
		}
		img, err := png.Decode(bytes.NewReader(w.Body.Bytes()))
		if err != nil || img.Bounds().Dx() != 600 || img.Bounds().Dy() != 315 {
			t.Errorf("%s: %v, %v", address, err, img)
		}
	}
	body := ask(s, "GET", "/en/at/36.301234,139.194567").Body.String()
	if !strings.Contains(body, `content="https://map.example.jp/share/36.30,139.19.png"`) {
		t.Error("an answer does not name its picture")
	}
	if head, _, _ := strings.Cut(body, "</head>"); strings.Contains(head, "36.301") {
		t.Error("what services show of a link names the exact place")
	}
}
