package offline

import (
	"encoding/binary"
	"errors"

	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Site is what the pages say beyond the look-up index and the gazetteer.
type Site struct {
	ID       string // "10204"
	Version  string // as it stands in the addresses of tiles
	Edition  string
	BaseURL  string // the site's own origin
	Script   string // address of the client
	Worker   string // address of the service worker
	Tilesets []string
	Contacts []view.Contact
}

const siteMagic = "hazardmap site 1\n"

var errNotSite = errors.New("is not the description of a site that this program knows")

// Encode writes the site as [ParseSite] reads it.
func (s Site) Encode() []byte {
	b := []byte(siteMagic)
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	count := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	for _, field := range []string{s.ID, s.Version, s.Edition, s.BaseURL, s.Script, s.Worker} {
		text(field)
	}
	count(len(s.Tilesets))
	for _, name := range s.Tilesets {
		text(name)
	}
	count(len(s.Contacts))
	for _, c := range s.Contacts {
		for _, field := range []string{c.Name, c.Phone, c.Address, c.URL} {
			text(field)
		}
		count(len(c.Hours))
		for _, h := range c.Hours {
			text(string(h.Lang))
			text(h.Text)
		}
	}
	return b
}

// ParseSite reads what [Site.Encode] writes, and nothing else.
func ParseSite(b []byte) (Site, error) {
	if len(b) < len(siteMagic) || string(b[:len(siteMagic)]) != siteMagic {
		return Site{}, errNotSite
	}
	r := reader{b: b[len(siteMagic):]}
	var s Site
	for _, field := range []*string{&s.ID, &s.Version, &s.Edition, &s.BaseURL, &s.Script, &s.Worker} {
		*field = r.text()
	}
	for range r.count() {
		s.Tilesets = append(s.Tilesets, r.text())
	}
	for range r.count() {
		c := view.Contact{Name: r.text(), Phone: r.text(), Address: r.text(), URL: r.text()}
		for range r.count() {
			c.Hours = append(c.Hours, view.Hours{Lang: i18n.Lang(r.text()), Text: r.text()})
		}
		s.Contacts = append(s.Contacts, c)
	}
	if r.broken || len(r.b) > 0 {
		return Site{}, errCutOff
	}
	return s, nil
}

// reader takes texts and counts from the front of a slice. After a fault
// everything it returns is empty.
type reader struct {
	b      []byte
	broken bool
}

// count reads a number of things, of which each takes at least a byte.
func (r *reader) count() int {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || size != len(binary.AppendUvarint(nil, n)) || n > uint64(len(r.b)-size) {
		r.b, r.broken = nil, true
		return 0
	}
	r.b = r.b[size:]
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
