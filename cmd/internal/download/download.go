// Package download reads a file over HTTP across a link that breaks: it goes on
// where it was cut off, and sends for nothing twice.
//
// It trusts nobody: whether the bytes are good is for the reader to check.
package download

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Options tune a download. The zero value is ready to use.
type Options struct {
	Stall time.Duration // without a byte, after which a connection is given up; 0 means 30 s
	Pause time.Duration // before the first new try, doubled up to 64 times for each that brings nothing; 0 means 1 s
	Tries int           // without a byte, after which a download is given up; 0 means 10

	At    int64          // bytes that are there already, of a file of Size
	Size  int64          // of the file, where it is known; 0 means that the server says it
	Roots *x509.CertPool // nil means those of the system
}

// Is reports whether a name is the address of a file on a server.
func Is(name string) bool {
	return strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://")
}

// Open begins to read a file. The caller closes it.
func Open(ctx context.Context, address string, opts Options) io.ReadCloser {
	if opts.Stall == 0 {
		opts.Stall = 30 * time.Second
	}
	if opts.Pause == 0 {
		opts.Pause = time.Second
	}
	if opts.Tries == 0 {
		opts.Tries = 10
	}
	f := &file{ctx: ctx, address: address, opts: opts, client: Client(opts.Stall, opts.Roots), at: opts.At, size: -1}
	if opts.Size > 0 {
		f.size = opts.Size
	}
	return f
}

// Client is a client that waits for nothing longer than a stall and takes bytes
// as they are. Without roots it believes those of the system.
func Client(stall time.Duration, roots *x509.CertPool) *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: stall}).DialContext,
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		TLSHandshakeTimeout: stall, ResponseHeaderTimeout: stall,
		DisableCompression: true, // or the ranges would count other bytes
		ForceAttemptHTTP2:  true,
	}}
}

type file struct {
	ctx     context.Context // of the one call that reads the file
	address string
	opts    Options
	client  *http.Client

	body   io.ReadCloser // nil between connections
	cancel context.CancelFunc
	stall  *time.Timer
	at     int64  // bytes that were read
	size   int64  // -1 before the first answer
	tag    string // of the first answer; "" for none
	vain   int
}

// fatal is an answer that no new try changes.
type fatal struct{ error }

// Read reads on, over as many connections as it takes.
func (f *file) Read(p []byte) (int, error) {
	for {
		if f.at == f.size {
			return 0, io.EOF
		}
		n, err := f.read(p)
		if n > 0 {
			f.at += int64(n)
			f.vain = 0
			return n, nil
		}
		var final fatal
		if errors.As(err, &final) || f.ctx.Err() != nil {
			return 0, fmt.Errorf("%s: %w", f.address, errors.Join(err, f.ctx.Err()))
		}
		if f.vain++; f.vain >= f.opts.Tries {
			return 0, fmt.Errorf("%s: given up after %d bytes: %w", f.address, f.at, err)
		}
		f.pause()
	}
}

func (f *file) pause() {
	select {
	case <-f.ctx.Done():
	case <-time.After(f.opts.Pause << min(f.vain-1, 6)):
	}
}

// read reads from the connection that is open, or opens one.
func (f *file) read(p []byte) (int, error) {
	if f.body == nil {
		if err := f.connect(); err != nil {
			f.hangUp()
			return 0, err
		}
		if f.at == f.size {
			return 0, nil
		}
	}
	f.stall.Reset(f.opts.Stall)
	if f.size >= 0 {
		p = p[:min(int64(len(p)), f.size-f.at)]
	}
	n, err := f.body.Read(p)
	if n == 0 && err != nil {
		f.hangUp()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

// connect asks for what is missing.
func (f *file) connect() error {
	var ctx context.Context
	ctx, f.cancel = context.WithCancel(f.ctx)
	f.stall = time.AfterFunc(f.opts.Stall, f.cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address, nil)
	if err != nil {
		return fatal{err}
	}
	if f.at > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", f.at))
		if f.tag != "" {
			request.Header.Set("If-Range", f.tag)
		}
	}
	response, err := f.client.Do(request)
	if err != nil {
		return err
	}
	f.body = response.Body
	return f.check(response)
}

// check refuses an answer that is not what is missing.
func (f *file) check(response *http.Response) error {
	switch {
	case response.StatusCode >= 500, response.StatusCode == http.StatusTooManyRequests:
		return errors.New(response.Status)
	case f.at == 0 && response.StatusCode == http.StatusOK:
		if response.ContentLength <= 0 {
			return fatal{errors.New("the server does not say how long the file is")}
		}
		if f.size >= 0 && f.size != response.ContentLength {
			return fatal{fmt.Errorf("the file has %d bytes on the server, want %d", response.ContentLength, f.size)}
		}
		f.size = response.ContentLength
		if tag := response.Header.Get("ETag"); !strings.HasPrefix(tag, "W/") {
			f.tag = tag
		}
		return nil
	case f.at > 0 && response.StatusCode == http.StatusPartialContent:
		if want := fmt.Sprintf("bytes %d-%d/%d", f.at, f.size-1, f.size); response.Header.Get("Content-Range") != want {
			return fatal{fmt.Errorf("the server sends %q, want %q", response.Header.Get("Content-Range"), want)}
		}
		return nil
	case f.at > 0 && response.StatusCode == http.StatusOK:
		return fatal{errors.New("the file on the server has changed, or the server cannot go on where it was cut off")}
	}
	return fatal{errors.New(response.Status)}
}

func (f *file) hangUp() {
	if f.body != nil {
		f.body.Close()
		f.body = nil
	}
	if f.cancel != nil {
		f.stall.Stop()
		f.cancel()
	}
}

// Close ends the download.
func (f *file) Close() error {
	f.hangUp()
	f.client.CloseIdleConnections()
	return nil
}
