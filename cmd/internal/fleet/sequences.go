package fleet

import (
	"fmt"
	"strconv"
	"strings"
)

// sequences are the numbers under which a stream holds the chunks of one object,
// in order. They are runs, since nobody else writes for long.
type sequences []run

type run struct{ first, last uint64 }

// add appends the number of the next chunk.
func (s sequences) add(n uint64) sequences {
	if len(s) > 0 && s[len(s)-1].last+1 == n {
		s[len(s)-1].last = n
		return s
	}
	return append(s, run{n, n})
}

// at returns the number of a chunk; ok is false behind the last.
func (s sequences) at(chunk uint64) (n uint64, ok bool) {
	for _, r := range s {
		if length := r.last - r.first + 1; chunk >= length {
			chunk -= length
			continue
		}
		return r.first + chunk, true
	}
	return 0, false
}

// String writes the runs as parseSequences reads them: "12-411,500-500".
func (s sequences) String() string {
	var parts []string
	for _, r := range s {
		parts = append(parts, fmt.Sprintf("%d-%d", r.first, r.last))
	}
	return strings.Join(parts, ",")
}

func parseSequences(text string) (sequences, error) {
	var s sequences
	for part := range strings.SplitSeq(text, ",") {
		a, b, _ := strings.Cut(part, "-")
		first, err := strconv.ParseUint(a, 10, 63)
		if err != nil {
			return nil, fmt.Errorf("sequences %.80q: %w", text, err)
		}
		last, err := strconv.ParseUint(b, 10, 63)
		if err != nil || first == 0 || last < first || (len(s) > 0 && s[len(s)-1].last >= first) {
			return nil, fmt.Errorf("sequences %.80q: are not in order", text)
		}
		s = append(s, run{first, last})
	}
	return s, nil
}

// count is how many chunks there are.
func (s sequences) count() uint64 {
	var n uint64
	for _, r := range s {
		n += r.last - r.first + 1
	}
	return n
}

// last is the number of the last chunk, 0 where there is none.
func (s sequences) last() uint64 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].last
}
