package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hazardmap/i18n"
)

const (
	answerTime = 5 * time.Second
	renewAt    = 21 * 24 * time.Hour
)

// certificate reads the pair as the server would.
func (e *examination) certificate(context.Context) {
	if e.TLSCert == "" {
		return
	}
	pair, err := tls.LoadX509KeyPair(e.TLSCert, e.TLSKey)
	if err != nil {
		e.see(Fault, "certificate-bad", path(e.TLSCert), reason(err))
		return
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		e.see(Fault, "certificate-bad", path(e.TLSCert), reason(err))
		return
	}
	left := i18n.Int("n", days(leaf.NotAfter.Sub(e.Now)))
	switch {
	case e.Now.Before(leaf.NotBefore), e.Now.After(leaf.NotAfter):
		e.see(Fault, "certificate-expired", path(e.TLSCert), i18n.Str("from", moment(leaf.NotBefore)), i18n.Str("until", moment(leaf.NotAfter)))
	case leaf.NotAfter.Sub(e.Now) < renewAt:
		e.see(Note, "certificate-soon", path(e.TLSCert), left)
	default:
		e.see(Good, "certificate-good", path(e.TLSCert), left)
	}
}

// site looks who holds the port, by taking it for a moment.
func (e *examination) site(ctx context.Context) {
	if e.Addr == "" {
		return
	}
	l, err := net.Listen("tcp", e.Addr)
	switch {
	case err == nil:
		l.Close()
		e.see(Note, "port-free", address(e.Addr))
	case errors.Is(err, syscall.EADDRINUSE):
		e.holder(ctx)
	case errors.Is(err, fs.ErrPermission):
		e.see(Fault, "port-denied", address(e.Addr))
	default:
		e.see(Fault, "port-bad", address(e.Addr), reason(err))
	}
}

// holder asks whoever holds the port whether it is ours and ready.
func (e *examination) holder(ctx context.Context) {
	scheme := "http://"
	if e.TLSCert != "" {
		scheme = "https://"
	}
	alive, _, err := fetch(ctx, scheme+dialled(e.Addr)+"/healthz")
	if err != nil || alive != "ok\n" {
		e.see(Fault, "port-taken", address(e.Addr))
		return
	}
	text, status, err := fetch(ctx, scheme+dialled(e.Addr)+"/readyz")
	switch {
	case err != nil:
		e.see(Fault, "port-not-ready", address(e.Addr), reason(err))
	case status != http.StatusOK:
		e.see(Fault, "port-not-ready", address(e.Addr), i18n.Str("reason", strings.TrimSpace(text)))
	default:
		e.see(Good, "port-serving", address(e.Addr))
	}
}

// admin asks the staff's door for its numbers.
func (e *examination) admin(ctx context.Context) {
	if e.Admin == "" {
		return
	}
	text, status, err := fetch(ctx, "http://"+dialled(e.Admin)+"/metrics")
	if err == nil && status != http.StatusOK && status != http.StatusUnauthorized { // that is guarded, so there
		err = fmt.Errorf("%d %.80q", status, text)
	}
	if err != nil {
		e.see(Fault, "admin-silent", address(e.Admin), reason(err))
		return
	}
	e.see(Good, "admin-good", address(e.Admin))
	e.following(text)
}

// silentAfter is how long sources of newer data may be silent before somebody
// should look.
const silentAfter = 6 * time.Hour

// following reads from the numbers whether newer data would come here.
func (e *examination) following(metrics string) {
	contact, follows := number(metrics, "hazardmap_follow_contact_timestamp_seconds")
	good, _ := number(metrics, "hazardmap_follow_good")
	at := time.Unix(int64(contact), 0)
	silent := e.Now.Sub(at)
	switch {
	case !follows:
	case contact == 0:
		e.see(Note, "follow-never")
	case silent > silentAfter:
		e.see(Note, "follow-silent", i18n.Str("at", moment(at)), i18n.Int("n", int(silent/time.Hour)))
	case good == 0:
		e.see(Note, "follow-refused")
	default:
		e.see(Good, "follow-good", i18n.Str("at", moment(at)))
	}
}

// number finds a metric without labels.
func number(metrics, name string) (value float64, ok bool) {
	for line := range strings.Lines(metrics) {
		if text, found := strings.CutPrefix(line, name+" "); found {
			value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
			return value, err == nil
		}
	}
	return 0, false
}

// dialled is where an address to listen on is reached from the machine itself.
func dialled(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// fetch asks a server of this machine, whose certificate names another host.
func fetch(ctx context.Context, url string) (body string, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", 0, err
	}
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	res, err := transport.RoundTrip(r)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	const enough = 64 << 10
	text, err := io.ReadAll(io.LimitReader(res.Body, enough))
	return string(text), res.StatusCode, err
}
