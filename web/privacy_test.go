package web

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestNoPlaceIsKept looks one place up in every way, right and wrong, and then
// searches everything that the server wrote.
func TestNoPlaceIsKept(t *testing.T) {
	st := startSite(t, Options{})
	const (
		lat, lon = "36.3001234", "139.1905678"
		typed    = "ひみつ町12-3"
	)
	site := "http://" + st.address
	asked := 0
	send := func(method, target, contentType, body string) {
		t.Helper()
		r, err := http.NewRequest(method, site+target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Referer", site+"/ja/at/"+lat+","+lon)
		r.Header.Set("X-Forwarded-For", "203.0.113.77")
		r.Header.Set("User-Agent", typed)
		r.AddCookie(&http.Cookie{Name: "lang", Value: lat})
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Fatal(err)
		}
		for name, values := range res.Header {
			if text := strings.Join(values, " "); name != "Location" && (strings.Contains(text, lat) || strings.Contains(text, typed)) {
				t.Errorf("%s %s: header %s: %s", method, target, name, text)
			}
		}
		if p := res.Header.Get("Referrer-Policy"); p != "no-referrer" && !strings.HasPrefix(target, tilePrefix) {
			t.Errorf("%s %s: Referrer-Policy %q", method, target, p)
		}
		asked++
	}
	const form, object = "application/x-www-form-urlencoded", "application/json"
	q := url.QueryEscape(typed)
	for _, target := range []string{
		"/api/v1/risk?lat=" + lat + "&lon=" + lon, "/api/v1/risk?lat=" + lat + "&lon=" + lon + "x", "/api/v1/risk?lat=" + lat + "&" + lat + "=1",
		"/api/v1/risk?lat=%zz" + lat, "/api/v1/places?q=" + q, "/api/v1/places?q=" + q + "&limit=" + lat, "/api/v1/" + lat, "/api/v1/risk/" + lat,
		"/ja/at/" + lat + "," + lon, "/en/at/" + lon + "," + lat, "/ja/at/" + lat + "," + lon + "?form=short", "/ja/at/" + q, "/ja/print/" + lat + "," + lon,
		"/ja/place/" + q, "/ja/search?q=" + q, "/ja/shelters?near=" + lat + "," + lon, "/ja/" + q, "/" + q, "/ja/at/" + lat + "," + lon + "/x", "/tiles/" + lat + "/a/1/1/1.mvt",
		"/tiles/flood/" + lat + "/1/1/1.mvt?q=" + q, "/tiles/" + lat + ".json", "/?at=" + lat, "/ja/?at=" + lat, "/ogc?bbox=" + lat, "/ogc/" + q, "/ogc/collections/" + q,
		"/ogc/collections/10204-flood-depth/items?bbox=" + lon + "," + lat + "," + lon + "," + lat, "/ogc/collections/10204-shelters/items?filter=S_INTERSECTS(geom,POINT(" + lon + "%20" + lat + "))&river=" + q,
		"/ogc/tiles/10204-flood/WebMercatorQuad/" + lat + "/1/1",
	} {
		send("GET", target, "", "")
		send("HEAD", target, "", "")
		send("DELETE", target, "", "")
		send(lat, target, "", "")
	}
	send("POST", "/api/v1/risk", object, `{"lat":`+lat+`,"lon":`+lon+`}`)
	send("POST", "/api/v1/risk", object, `{"lat":"`+lat+`","lon":`+lon+`,`)
	send("POST", "/api/v1/risk", object, `{"`+lat+`":1}`)
	send("POST", "/api/v1/risk", lat, `{}`)
	send("POST", "/api/v1/risk", form, "lat="+lat+"&lon="+lon+"&floor="+lat)
	send("POST", "/api/v1/risk", form, "lat="+lat+"&lon="+lon)
	send("POST", "/api/v1/places", object, `{"q":"`+typed+`"}`)
	send("POST", "/api/v1/places", form, "q="+strings.Repeat(q, 40))
	for _, sheet := range []string{"id,lat,lon\n1," + lat + "," + lon + "\n", "住所\n" + typed + "\n", lat + "," + typed + "\n1,2\n", "lat,lon\n\"" + lat + "\n", "lat,lon\n" + lat + ",\xff\xff" + lon + "\n"} {
		send("POST", "/api/v1/risks", "text/csv", sheet)
		send("POST", "/api/v1/risks?address="+q, "text/csv", sheet)
	}
	send("POST", "/api/v1/risks", "application/x-ndjson", `{"lat":`+lat+`,"lon":`+lon+"}\n{\"address\":\""+typed+"\"}\n{"+lat)
	send("POST", "/api/v1/risks?lang="+lat, "text/csv", typed)
	send("POST", "/api/v1/risks", lat, typed)
	for _, sheet := range []string{"lat,lon\n" + lat + "," + lon + "\n", "住所\n" + typed + "\n", "PK\x03\x04" + lat} {
		for _, target := range []string{"/ja/plan/sheet", "/ja/plan/sheet?as=csv", "/ja/plan/sheet?as=" + lat} {
			send("POST", target, "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""+typed+"\"\r\n\r\n"+sheet+"\r\n--b--\r\n")
		}
	}
	send("POST", "/ja/plan/area", form, "corners="+lat+"%2C"+lon+"%0A"+lat+"%2C139.2%0A36.31%2C139.2")
	send("POST", "/ja/plan/area", form, "place="+q)
	send("POST", "/ja/search", form, "q="+q)
	send("POST", "/ja/search", form, "q="+lat+","+lon)
	send("POST", "/ja/search", "multipart/form-data; boundary="+lat, typed)
	malformed(t, st.address, "GET /ja/at/"+lat+" HTTP/9.9\r\n\r\n", "GET /ja/at/"+lat+" HTTP/1.1\r\nHost: a b\r\n\r\n", lat+"\r\n\r\n")

	written := st.log.String() + metricsText(t, st.admin)
	for _, secret := range []string{lat, lon, "36.30", "139.19", typed, q, "ひみつ", url.QueryEscape("ひみつ"), "127.0.0.1", "203.0.113.77", "Mozilla", "3001234"} {
		if i := strings.Index(written, secret); i >= 0 {
			t.Errorf("%q was written: …%s…", secret, written[max(0, i-100):min(len(written), i+100)])
		}
	}
	if n := strings.Count(written, "msg=request "); n < asked/2 {
		t.Errorf("%d lines for %d requests: the log that was searched is not the log", n, asked)
	}
}

// malformed sends what net/http itself refuses.
func malformed(t *testing.T, address string, requests ...string) {
	t.Helper()
	for _, request := range requests {
		nc, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		nc.SetDeadline(time.Now().Add(5 * time.Second))
		fmt.Fprint(nc, request)
		if _, err := io.Copy(io.Discard, nc); err != nil {
			t.Log(err)
		}
		nc.Close()
	}
}

func metricsText(t *testing.T, admin string) string {
	t.Helper()
	res, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPanicTellsNoPlace: the fault of a handler is logged by function and line.
func TestPanicTellsNoPlace(t *testing.T) {
	s := testServer(t, Options{})
	logged := &syncBuffer{}
	s.log = textLog(logged)
	h := s.serve(route{"/{lang}/at/{position}", map[string]handler{"GET": panickingHandler}, forPrograms})
	w := ask(h, "GET", "/ja/at/36.3001234,139.1905678")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "36.300") {
		t.Errorf("a panic is answered %d %s", w.Code, w.Body)
	}
	if text := logged.String(); strings.Contains(text, "36.300") || !strings.Contains(text, "web.panickingHandler") {
		t.Errorf("a panic is logged as %s", text)
	}
}

func panickingHandler(r *http.Request, _ *openSet) (reply, error) {
	panic("no answer for " + r.URL.Path)
}
