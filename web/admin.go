package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"hazardmap/i18n"
	"hazardmap/web/view"
)

// adminHandler is the door of those who run the site: numbers for machines, a
// page for people.
func (s *server) adminHandler() http.Handler {
	admin := http.NewServeMux()
	admin.Handle("GET /metrics", s.metrics.handler())
	admin.HandleFunc("GET /{$}", s.staffPage)
	admin.HandleFunc("POST /reload", s.reloadNow)
	return s.guard(admin)
}

// guard lets read whoever is on this machine, and everything else only whoever
// has the token. A page of another site cannot get in by a name that it points
// here: the Host must be the address itself, or localhost, or the name that
// the operator gave.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", noStore)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case !s.adminHost(r):
			(&problem{status: http.StatusMisdirectedRequest, detail: "want localhost or the address of the admin port as Host"}).reply().send(w, r)
		case reads && onLoopback(r), s.holdsToken(r):
			next.ServeHTTP(w, r)
		default:
			h.Set("WWW-Authenticate", "Bearer")
			(&problem{status: http.StatusUnauthorized, detail: "want the token of -admin-token as Authorization: Bearer"}).reply().send(w, r)
		}
	})
}

// adminHost reports whether a request names this door and not some other site.
func (s *server) adminHost(r *http.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsLoopback() || isLocal(r, addr)
	}
	named, _, err := net.SplitHostPort(loopback(s.opts.AdminAddr))
	return host == "localhost" || err == nil && host == strings.ToLower(named)
}

// onLoopback reports whether a connection cannot have come from elsewhere.
func onLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && local.IP.IsLoopback()
}

func (s *server) holdsToken(r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || s.opts.AdminToken == "" {
		return false
	}
	want, got := sha256.Sum256([]byte(s.opts.AdminToken)), sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// lastFault is what last went wrong on our side, for staff.
type lastFault struct {
	mu   sync.Mutex
	text string
	at   time.Time
}

func (f *lastFault) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text, f.at = err.Error(), time.Now()
}

func (f *lastFault) last() (text string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.text, f.at
}

// staffPage tells people how the server is.
func (s *server) staffPage(w http.ResponseWriter, r *http.Request) {
	lang := visitorLang(r)
	if asked, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		lang = asked
	}
	reply{status: http.StatusOK, body: view.StaffPage(lang, s.state(time.Now())), header: map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": noStore, "Content-Security-Policy": s.policy, "Vary": "Accept-Language",
	}}.send(w, r)
}

// state gathers what the page shows from the same numbers as the metrics.
func (s *server) state(now time.Time) view.StaffState {
	numbers := s.metrics.read()
	state := view.StaffState{Program: s.opts.Program, Now: now, Since: s.started, Word: "staff.ready",
		Memory: int64(numbers.memory), Connections: int(numbers.connections), Swaps: int(numbers.swaps), Refused: int(numbers.swapsRefused)}
	state.Fault, state.FaultAt = s.fault.last()
	switch {
	case s.draining.Load():
		state.Word = "staff.draining"
	case numbers.ready == 0:
		state.Word = "staff.refused"
	}
	if numbers.certificate > 0 {
		state.Certificate = time.Unix(int64(numbers.certificate), 0)
	}
	if s.opts.Following != nil {
		following := s.opts.Following()
		state.Following = &view.StaffFollowing{Contact: following.Contact, Source: following.Source, Fault: following.Fault}
	}
	for c := range probe {
		n := numbers.classes[c]
		state.Asked = append(state.Asked, view.StaffClass{Word: "staff." + c.String(),
			Answered: int(n.answered), Busy: int(n.busy), Client: int(n.client), Failed: int(n.failed)})
	}
	set := s.acquire()
	defer set.release()
	for _, d := range set.datasets {
		state.Datasets = append(state.Datasets, d.forStaff(now))
	}
	return state
}

func (d *served) forStaff(now time.Time) view.StaffDataset {
	days := -1
	if date, ok := d.editionDate(); ok {
		days = max(0, int(now.Sub(date).Hours()/24))
	}
	return view.StaffDataset{ID: d.ID, Area: d.pages.Area.Name, Edition: d.Edition, Version: d.version, Days: days}
}
