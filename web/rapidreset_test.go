package web

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Frames of HTTP/2, as far as the attack needs them (RFC 9113, 6).
const (
	frameHeaders  = 1
	frameReset    = 3
	frameSettings = 4
	endOfRequest  = 1 | 4 // END_STREAM, END_HEADERS
	cancelled     = 8     // CANCEL
)

func frame(kind, flags byte, stream uint32, payload []byte) []byte {
	header := make([]byte, 9, 9+len(payload))
	binary.BigEndian.PutUint32(header, uint32(len(payload))<<8|uint32(kind))
	header[4] = flags
	binary.BigEndian.PutUint32(header[5:], stream)
	return append(header, payload...)
}

// requestHeaders is GET in HPACK without compression (RFC 7541).
func requestHeaders(authority, target string) []byte {
	block := []byte{0x82, 0x87, 0x04, byte(len(target))} // :method GET, :scheme https, :path
	block = append(append(block, target...), 0x01, byte(len(authority)))
	return append(block, authority...)
}

// TestRapidReset asks and takes back 20,000 times on one connection: the server
// lets go of it or bears it, nothing of it is left, and others are answered.
func TestRapidReset(t *testing.T) {
	certFile, keyFile := writePair(t, t.TempDir(), 1)
	st := startSite(t, Options{TLSCert: certFile, TLSKey: keyFile})
	unchecked := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}
	nc, err := tls.Dial("tcp", st.address, unchecked)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(30 * time.Second))
	var flood bytes.Buffer
	flood.WriteString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	flood.Write(frame(frameSettings, 0, 0, nil))
	for i := range uint32(20000) {
		flood.Write(frame(frameHeaders, endOfRequest, 2*i+1, requestHeaders(st.address, "/en/at/36.3,139.19")))
		flood.Write(frame(frameReset, 0, 2*i+1, binary.BigEndian.AppendUint32(nil, cancelled)))
	}
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, nc)
		read <- err
	}()
	nc.Write(flood.Bytes()) // the server may close in the middle
	nc.Close()
	<-read
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	waitFor(t, func() bool { return strings.Contains(metricsText(t, st.admin), "hazardmap_requests_in_hand 0\n") })
	res, err := client.Get("https://" + st.address + "/en/at/36.3,139.19")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("after the flood: %s", res.Status)
	}
	answered := 0.0
	for line := range strings.Lines(metricsText(t, st.admin)) {
		if count, ok := strings.CutPrefix(line, `hazardmap_requests_total{method="GET",route="/{lang}/at/{position}",status="200"} `); ok {
			fmt.Sscan(count, &answered)
		}
	}
	if answered < 1 {
		t.Error("the metrics count no answer: the test looks in the wrong place")
	}
	t.Logf("%.0f of 20,001 answers were made", answered)
}
