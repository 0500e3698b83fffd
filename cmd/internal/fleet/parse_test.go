package fleet

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestSequences: runs hold the numbers that were added, in order.
func TestSequences(t *testing.T) {
	for _, numbers := range [][]uint64{{1}, {5, 6, 7}, {5, 7, 8, 12}} {
		var s sequences
		for _, n := range numbers {
			s = s.add(n)
		}
		read, err := parseSequences(s.String())
		if err != nil || !slices.Equal(read, s) || s.count() != uint64(len(numbers)) || s.last() != numbers[len(numbers)-1] {
			t.Errorf("%v: %q, %v", numbers, s, err)
		}
		for i, want := range numbers {
			if got, ok := read.at(uint64(i)); !ok || got != want {
				t.Errorf("%v: at(%d) = %d, %v", numbers, i, got, ok)
			}
		}
		if n, ok := read.at(uint64(len(numbers))); ok {
			t.Errorf("%v: one too many: %d", numbers, n)
		}
	}
}

// FuzzSequences: what is read is in order and written the same.
func FuzzSequences(f *testing.F) {
	for _, seed := range []string{"", "-1", "NaN", "1-", "1-3", "1-3,5-5", "3-1", "1-3,2-4", "1-9223372036854775807", "1-99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSequences(text)
		if err != nil {
			return
		}
		again, err := parseSequences(s.String())
		if err != nil || !slices.Equal(again, s) || s.count() == 0 || s.last() > math.MaxInt64 {
			t.Errorf("%q is read as %q, %v", text, s, err)
		}
		if first, ok := s.at(0); !ok || first != s[0].first {
			t.Errorf("%q: at(0) = %d, %v", text, first, ok)
		}
		if last, ok := s.at(s.count() - 1); !ok || last != s.last() {
			t.Errorf("%q: the last is %d, %v", text, last, ok)
		}
	})
}

// FuzzAnnouncement: what is read names a file and nothing above it.
func FuzzAnnouncement(f *testing.F) {
	for _, seed := range []string{"", "{", "-1", "NaN", "null", `{"bundle":"../x","bytes":1}`, `{"bundle":"` + strings.Repeat("A", 64) + `","bytes":1}`,
		`{"bundle":"` + strings.Repeat("a", 64) + `","bytes":-1}`, `{"bundle":"` + strings.Repeat("a", 64) + `","bytes":7,"pointer":"{}\n"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := parseAnnouncement(data)
		if err != nil {
			return
		}
		if a.Bytes <= 0 || strings.Trim(a.Bundle, "0123456789abcdef") != "" || len(a.Bundle) != 64 {
			t.Errorf("%q is read as %+v", data, a)
		}
		if again, err := parseAnnouncement(a.encode()); err != nil || again != a {
			t.Errorf("%+v is read as %+v, %v", a, again, err)
		}
	})
}

// TestSplit: an address names a hub and one dataset.
func TestSplit(t *testing.T) {
	for address, want := range map[string]string{
		"nats://hub.example.jp/10204":    "nats://hub.example.jp 10204",
		"tls://hub.example.jp:4222/a-b":  "tls://hub.example.jp:4222 a-b",
		"nats://hub.example.jp":          "",
		"nats://hub.example.jp/a/b":      "",
		"nats://hub.example.jp/>":        "",
		"nats://hub.example.jp/*":        "",
		"nats://hub.example.jp/a.b":      "",
		"nats://u:p@hub.example.jp/1020": "",
		"nats:///10204":                  "",
	} {
		servers, dataset, err := split(address)
		got := servers + " " + dataset
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("split(%q) = %q, %v, want %q", address, got, err, want)
		}
	}
}
