package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is the pair of files by which the server proves its name. It is
// read again when a file changes, so that a renewal needs no restart; a pair
// that does not fit keeps the one before.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	expires           func(time.Time)

	mu     sync.Mutex
	pair   *tls.Certificate
	seen   [2]fileState
	looked time.Time
	fault  string // of the last look, told once
}

// fileState tells whether a file was replaced or rewritten.
type fileState struct {
	modified time.Time
	bytes    int64
}

// certificateEvery is how often the files are looked at, at most: once for
// whatever number of handshakes falls into it.
const certificateEvery = time.Second

// newCertificate reads the pair; expires is told the end of each that is read.
func newCertificate(certFile, keyFile string, log *slog.Logger, expires func(time.Time)) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log, expires: expires}
	state, err := c.state()
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return c, c.read(state)
}

func (c *certificate) state() (state [2]fileState, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return state, err
		}
		state[i] = fileState{info.ModTime(), info.Size()}
	}
	return state, nil
}

func (c *certificate) read(state [2]fileState) error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate: %s, %s: %w", c.certFile, c.keyFile, err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return fmt.Errorf("certificate: %s: %w", c.certFile, err)
		}
	}
	c.pair, c.seen = &pair, state
	c.expires(pair.Leaf.NotAfter)
	return nil
}

// get returns the pair for a handshake, as it lies on disk now.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < certificateEvery {
		return c.pair, nil
	}
	c.looked = time.Now()
	state, err := c.state()
	if err == nil && state == c.seen {
		return c.pair, nil
	}
	if err == nil {
		err = c.read(state)
	}
	switch {
	case err == nil:
		c.fault = ""
		c.log.Info("certificate read again", "expires", c.pair.Leaf.NotAfter)
	case err.Error() != c.fault:
		c.fault = err.Error()
		c.log.Warn("new certificate not read, the one before is kept", "err", err)
	}
	return c.pair, nil
}

// tlsConfig is nil for a site without a certificate.
func (s *server) tlsConfig() (*tls.Config, error) {
	if s.opts.TLSCert == "" && s.opts.TLSKey == "" {
		return nil, nil
	}
	if s.opts.TLSCert == "" || s.opts.TLSKey == "" {
		return nil, errors.New("a certificate needs its key, and a key its certificate")
	}
	c, err := newCertificate(s.opts.TLSCert, s.opts.TLSKey, s.log, s.metrics.certificateUntil)
	if err != nil {
		return nil, err
	}
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil
}
