package web

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// Limits of the listeners. A phone on a bad network sends its header within a
// few seconds and takes a page of 14 KB within a minute.
const (
	requestTime   = 5 * time.Second // header and body: a question is short
	writeTime     = time.Minute
	adminPlaces   = 64
	h2Streams     = 100 // requests at once on one connection of HTTP/2
	idleTime      = 2 * time.Minute
	drainTime     = 15 * time.Second
	maxHeaderSize = 8 << 10
)

// listen answers on both addresses until ctx is done, then drains.
func (s *server) listen(ctx context.Context) error {
	site, err := listenTCP(ctx, s.opts.Addr)
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	defer site.Close()
	visitors := limitListener(site, connectionsAllowed(), s.clients, s.metrics.connectionRefused)
	s.metrics.watchConnections(func() int { return len(visitors.places) - 1 }) // one place waits for the next
	listeners := []net.Listener{visitors}
	servers := []*http.Server{s.httpServer(s)}
	servers[0].TLSConfig = s.tls
	var adminAddr net.Addr
	if s.opts.AdminAddr != "" {
		admin, err := listenTCP(ctx, loopback(s.opts.AdminAddr))
		if err != nil {
			return fmt.Errorf("serve: admin: %w", err)
		}
		defer admin.Close()
		adminAddr = admin.Addr()
		listeners = append(listeners, limitListener(admin, adminPlaces, newClients(nil), s.metrics.connectionRefused))
		servers = append(servers, s.httpServer(s.adminHandler()))
	}
	if s.opts.Listening != nil {
		s.opts.Listening(site.Addr(), adminAddr)
	}
	return s.run(ctx, servers, listeners)
}

// loopback keeps the numbers of the server to its own machine unless a host is
// named: ":9100" is "localhost:9100".
func loopback(address string) string {
	if strings.HasPrefix(address, ":") {
		return "localhost" + address
	}
	return address
}

// run serves until ctx is done or a listener fails.
func (s *server) run(ctx context.Context, servers []*http.Server, listeners []net.Listener) error {
	ended := make(chan error, len(servers))
	for i, server := range servers {
		go func() {
			if server.TLSConfig != nil {
				ended <- server.ServeTLS(listeners[i], "", "")
				return
			}
			ended <- server.Serve(listeners[i])
		}()
	}
	var first error
	running := len(servers)
	select {
	case <-ctx.Done():
	case first = <-ended:
		running--
	}
	s.draining.Store(true)
	s.metrics.ready.Set(0)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	for _, server := range servers {
		if err := server.Shutdown(drain); err != nil {
			s.log.Warn("requests cut off at shutdown", "err", err)
			server.Close()
		}
	}
	for ; running > 0; running-- {
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			first = errors.Join(first, err)
		}
	}
	return first
}

func (s *server) httpServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:                      handler,
		ReadHeaderTimeout:            requestTime,
		ReadTimeout:                  requestTime,
		WriteTimeout:                 writeTime,
		IdleTimeout:                  idleTime,
		MaxHeaderBytes:               maxHeaderSize,
		ConnContext:                  withConn,
		ConnState:                    connState,
		HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: h2Streams, SendPingTimeout: idleTime},
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     log.New(faultLog{s.log}, "", 0),
	}
}

// faultLog passes on what net/http says about the listener and keeps back what
// it says about a client, which holds the client's address.
type faultLog struct{ log *slog.Logger }

// Write logs one line of net/http.
func (l faultLog) Write(line []byte) (int, error) {
	if text := string(line); strings.HasPrefix(text, "http: Accept error") {
		l.log.Warn("connection not accepted", "err", strings.TrimSpace(text))
	} else {
		l.log.Debug("connection failed")
	}
	return len(line), nil
}
