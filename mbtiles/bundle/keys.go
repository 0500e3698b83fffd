package bundle

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"

	"aead.dev/minisign"
)

// KeyID writes the number of a key as minisign does.
func KeyID(id uint64) string { return fmt.Sprintf("%016X", id) }

// Trusted is the keys whose signatures are believed.
type Trusted struct {
	Keys    []minisign.PublicKey // sign what may be installed
	Retired []minisign.PublicKey // signed what is installed already, and nothing new
}

const retiredMark = "retired "

// ParseTrusted reads a list of keys: one a line, "retired" before those that
// were replaced. It reads a public key as minisign writes it, too.
func ParseTrusted(text []byte) (Trusted, error) {
	var t Trusted
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "untrusted comment:") {
			continue
		}
		line, retired := strings.CutPrefix(line, retiredMark)
		var key minisign.PublicKey
		if err := key.UnmarshalText([]byte(line)); err != nil {
			return Trusted{}, fmt.Errorf("line %d: is no minisign key: %w", n, err)
		}
		if retired {
			t.Retired = append(t.Retired, key)
		} else {
			t.Keys = append(t.Keys, key)
		}
	}
	return t, lines.Err()
}

// Bytes writes the list as [ParseTrusted] reads it.
func (t Trusted) Bytes() []byte {
	var b bytes.Buffer
	for _, key := range t.Keys {
		fmt.Fprintln(&b, key)
	}
	for _, key := range t.Retired {
		fmt.Fprintln(&b, retiredMark+key.String())
	}
	return b.Bytes()
}

// All returns every key, retired ones too.
func (t Trusted) All() []minisign.PublicKey {
	return append(t.Keys[:len(t.Keys):len(t.Keys)], t.Retired...)
}

// With adds keys.
func (t Trusted) With(keys []minisign.PublicKey) Trusted {
	for _, key := range keys {
		if !holds(t.Keys, key) {
			t.Keys = append(t.Keys[:len(t.Keys):len(t.Keys)], key)
		}
	}
	return t
}

// Replaced returns the list after a pointer named new keys.
func (t Trusted) Replaced(p Pointer) (Trusted, error) {
	if len(p.Keys) == 0 {
		return t, nil
	}
	var next Trusted
	for _, text := range p.Keys {
		var key minisign.PublicKey
		if err := key.UnmarshalText([]byte(text)); err != nil {
			return t, err
		}
		next = next.With([]minisign.PublicKey{key})
	}
	for _, key := range t.All() {
		if !holds(next.Keys, key) && !holds(next.Retired, key) {
			next.Retired = append(next.Retired, key)
		}
	}
	return next, nil
}

func holds(keys []minisign.PublicKey, key minisign.PublicKey) bool {
	for _, k := range keys {
		if k.Equal(key) {
			return true
		}
	}
	return false
}
