package fleet

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"hazardmap/cmd/internal/download"
)

// webSource is an announcement on a server, beside which the bundle lies: a
// replica of ours, or any server of plain files.
type webSource struct {
	address *url.URL
	roots   *x509.CertPool // nil means those of the system
}

func openWeb(address string, access Access) (source, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if !download.Is(address) || u.Host == "" || !strings.HasSuffix(u.Path, ".json") {
		return nil, fmt.Errorf("%s: want nats://HOST/DATASET or https://HOST/bundles/DATASET.json", u.Redacted())
	}
	w := &webSource{address: u}
	if access.CAFile != "" {
		w.roots, err = withRoots(access.CAFile)
	}
	return w, err
}

// withRoots adds certificates to those of the system.
func withRoots(path string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: holds no certificate", path)
	}
	return pool, nil
}

// soon is an answer that will be another after a while.
type soon struct {
	error
	after time.Duration
}

func (w *webSource) announcement(ctx context.Context) (Announcement, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.address.String(), nil)
	if err != nil {
		return Announcement{}, err
	}
	client := download.Client(askTime, w.roots)
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return Announcement{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		err := errors.New(response.Status)
		if seconds, e := strconv.ParseUint(response.Header.Get("Retry-After"), 10, 16); e == nil {
			return Announcement{}, soon{err, max(1, time.Duration(seconds)) * time.Second}
		}
		return Announcement{}, err
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnnouncement+1))
	if err != nil {
		return Announcement{}, err
	}
	return parseAnnouncement(data)
}

func (w *webSource) fetch(ctx context.Context, a Announcement, f *os.File) error {
	at, err := f.Seek(0, io.SeekEnd)
	if err != nil || at == a.Bytes {
		return err
	}
	address := w.address.ResolveReference(&url.URL{Path: a.file()})
	from := download.Open(ctx, address.String(), download.Options{At: at, Size: a.Bytes, Roots: w.roots, Tries: 3, Pause: time.Second})
	defer from.Close()
	_, err = io.Copy(f, from)
	return err
}

func (w *webSource) news() <-chan struct{} { return nil }

func (w *webSource) close() {}
