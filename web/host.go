package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
)

// origin knows how visitors reach the site, for the few addresses that must be
// absolute. X-Forwarded headers are not read for them: whoever runs a proxy
// gives Options.BaseURL.
type origin struct {
	base  string // from the options; "" to go by the request
	names map[string]bool
}

func newOrigin(opts Options) (*origin, error) {
	o := &origin{base: strings.TrimSuffix(opts.BaseURL, "/"), names: map[string]bool{"localhost": true}}
	if o.base != "" {
		u, err := url.Parse(o.base)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Path != "" {
			return nil, fmt.Errorf("base URL %q: want https://HOST without a path", opts.BaseURL)
		}
		return o, nil
	}
	if name, err := os.Hostname(); err == nil {
		o.names[strings.ToLower(name)] = true
		o.names[strings.ToLower(name)+".local"] = true
	}
	if host, _, err := net.SplitHostPort(opts.Addr); err == nil && host != "" {
		o.names[strings.ToLower(host)] = true
	}
	return o, nil
}

// cache says who may keep a response that holds an origin.
func (o *origin) cache() string {
	if o.base != "" {
		return shortLived
	}
	return ownShort
}

// secure reports whether visitors reach the site by TLS.
func (o *origin) secure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(o.base, "https://")
}

// of returns the origin to write into a response: that of the options, else
// the request's Host if it is one of our names or the very address that the
// connection came in on. Anything else could be planted by a stranger.
func (o *origin) of(r *http.Request) (string, error) {
	if o.base != "" {
		return o.base, nil
	}
	host, port := r.Host, ""
	if h, p, err := net.SplitHostPort(r.Host); err == nil {
		if !validPort(p) {
			return "", badRequest("the port of the Host header is no number")
		}
		host, port = h, ":"+p
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.Zone() == "" && (addr.IsLoopback() || isLocal(r, addr)) {
		if addr.Is6() {
			host = "[" + addr.String() + "]"
		}
		return scheme + host + port, nil
	}
	if o.names[host] {
		return scheme + host + port, nil
	}
	return "", &problem{status: http.StatusMisdirectedRequest, detail: "this server does not know the Host of the request; its operator can name it with -base-url"}
}

func validPort(s string) bool {
	port, ok := parseCount(s)
	return ok && port <= 65535
}

// isLocal reports whether the request's connection was made to addr.
func isLocal(r *http.Request, addr netip.Addr) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && local.AddrPort().Addr().Unmap() == addr.Unmap()
}
