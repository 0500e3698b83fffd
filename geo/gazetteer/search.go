package gazetteer

import (
	"errors"
	"slices"
	"sync"
)

// ErrTooLong refuses a text of more than [MaxRunes] code points.
var ErrTooLong = errors.New("text is longer than 200 characters")

const (
	// MaxRunes is the longest text that is searched, in code points.
	MaxRunes = 200
	// DefaultLimit is how many candidates a query returns if it does not say.
	DefaultLimit = 8
)

// readers keeps the scratch memory of finished queries.
var readers = sync.Pool{New: func() any { return new(reader) }}

// hit is one possible reading of the text.
type hit struct {
	place  uint32
	match  Match
	prec   Precision // 0: of the place
	done   uint16    // bits of completed parts
	dist   uint8     // steps of the fuzzy comparison, doubled
	hint   Hint
	length int16 // of the town's name in the text
	number span
	spans  spans
	sort   sortKey

	townRead bool // the town's name ended surely, though the text goes on unread
}

// state is how far a reading has come before the town.
type state struct {
	pos   int
	pref  int
	muni  uint32 // none if the text names no municipality
	later bool   // words before pos stayed unread
	voice bool   // muni is named with another voicing: Isezaki
	only  bool   // muni is not named, it is the only one in the data
	spans spans
}

// Search reads a whole address and returns the places that it may mean. The
// only error is [ErrTooLong].
func (x *Index) Search(query Query) (Result, error) {
	q := readers.Get().(*reader)
	defer readers.Put(q)
	if err := q.start(x, query.Text, true); err != nil {
		return Result{}, err
	}
	q.search()
	return q.result(query), nil
}

// start normalises the text and takes the postal code from it. whole tells
// that nothing will follow, so that numerals at the end are numbers.
func (q *reader) start(x *Index, s string, whole bool) error {
	q.x, q.hits, q.words = x, q.hits[:0], q.words[:0]
	if err := q.t.read(s, whole); err != nil {
		return err
	}
	q.lo, q.hi = 0, len(q.t.r)
	q.findPostal()
	q.lo = q.skip(q.lo)
	for q.hi > q.lo && (q.t.r[q.hi-1] == ' ' || q.t.r[q.hi-1] == ',') {
		q.hi--
	}
	q.k.fold(q.t.r, q.lo, q.hi)
	return nil
}

// search fills q.hits.
func (q *reader) search() {
	if q.lo >= q.hi {
		q.postalArea()
		return
	}
	q.readAll()
	if q.best() > Assumed && !q.townRead() {
		q.fuzzy()
	}
	q.checkPostal()
	q.prune()
}

// readAll reads the text in the order of Japanese, then, where Latin letters
// leave it open, in any order.
func (q *reader) readAll() {
	if slices.ContainsFunc(q.t.r[q.lo:q.hi], func(r rune) bool { return r >= 0x3041 }) {
		q.japanese()
	}
	if q.best() > Assumed && q.anyLatin() && !q.townRead() {
		q.latin()
	}
}

// townRead reports whether the town is known though the answer is a question:
// no other need be guessed.
func (q *reader) townRead() bool {
	return slices.ContainsFunc(q.hits, func(h hit) bool { return h.townRead || h.hint == HintNoSuchChome })
}

func (q *reader) best() Match { return q.bestFrom(0) }

// bestFrom returns the best match of the hits from first on.
func (q *reader) bestFrom(first int) Match {
	best := Partial + 1
	for i := first; i < len(q.hits); i++ {
		best = min(best, q.hits[i].match)
	}
	return best
}

func (q *reader) anyLatin() bool { return slices.ContainsFunc(q.t.r[q.lo:q.hi], isLatin) }
