package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writePair writes a certificate of localhost and its key; serial tells it
// from others.
func writePair(t *testing.T, dir string, serial int64) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file+".new", pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(file+".new", file); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

// TestTLS asks by HTTP/2 and by HTTP/1.1, for tiles of one write and of two.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := writePair(t, dir, 1)
	st := startSite(t, Options{TLSCert: certFile, TLSKey: keyFile})
	roots := x509.NewCertPool()
	text, err := os.ReadFile(certFile)
	if err != nil {
		t.Fatal(err)
	}
	roots.AppendCertsFromPEM(text)
	for _, proto := range []string{"HTTP/2.0", "HTTP/1.1"} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: proto == "HTTP/2.0", DisableCompression: true}}
		for _, target := range []string{tileAddress(smallTile), tileAddress(largeTile), "/en/at/36.3,139.19"} {
			res, err := client.Get("https://" + st.address + target)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || res.StatusCode != 200 || res.Proto != proto || len(body) == 0 {
				t.Errorf("GET %s: %s %s, %d bytes, %v", target, res.Proto, res.Status, len(body), err)
			}
			if target[1] == 'e' && res.Header.Get("Strict-Transport-Security") == "" {
				t.Error("a page over TLS has no Strict-Transport-Security")
			}
		}
		client.CloseIdleConnections()
	}
	res, err := http.Get("http://" + st.address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("without TLS: %s", res.Status)
	}
	if text := metricsText(t, st.admin); strings.Contains(text, "hazardmap_certificate_expiry_timestamp_seconds 0\n") {
		t.Error("the metrics tell no end of the certificate")
	}
}

// TestCertificateIsReadAgain renews the pair, then breaks it.
func TestCertificateIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := writePair(t, dir, 1)
	logged := &syncBuffer{}
	c, err := newCertificate(certFile, keyFile, textLog(logged), func(time.Time) {})
	if err != nil {
		t.Fatal(err)
	}
	shown := func() int64 {
		t.Helper()
		c.looked = time.Time{}
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	if got := shown(); got != 1 {
		t.Errorf("serial %d, want 1", got)
	}
	writePair(t, dir, 2)
	if got := shown(); got != 2 {
		t.Errorf("after a renewal serial %d, want 2", got)
	}
	if err := os.WriteFile(keyFile, []byte("no key at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got := shown(); got != 2 {
			t.Errorf("with a broken key serial %d, want the one before", got)
		}
	}
	os.Remove(certFile)
	shown()
	if text := logged.String(); strings.Count(text, "the one before is kept") != 2 || strings.Contains(text, "no key at all") {
		t.Errorf("two faults are logged as %s", text)
	}
	writePair(t, dir, 3)
	if got := shown(); got != 3 {
		t.Errorf("after the repair serial %d, want 3", got)
	}
}

func TestNoCertificate(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := writePair(t, dir, 1)
	absent := filepath.Join(dir, "absent.pem")
	for _, opts := range []Options{{TLSCert: certFile}, {TLSKey: keyFile}, {TLSCert: absent, TLSKey: keyFile}, {TLSCert: keyFile, TLSKey: certFile}} {
		opts.Datasets = []*Dataset{testCity(t)}
		if _, err := newServer(t.Context(), opts); err == nil {
			t.Errorf("a server starts with certificate %q and key %q", opts.TLSCert, opts.TLSKey)
		}
	}
}
