package gazetteer

import "errors"

// Index is an opened places.idx. It is safe for use by several goroutines.
type Index struct{ b []byte }

// Open checks the header of an index and nothing else. Later calls cannot
// leave b, whatever it holds.
func Open(b []byte) (*Index, error) { return nil, errors.New("places.idx: not an index") }

// Verify checks all of an index: checksums and every reference.
func (x *Index) Verify() error { return nil }

// Place returns the place with an id, and whether there is one.
func (x *Index) Place(id string) (Place, bool) { return Place{}, false }

// ErrTooLong refuses a text of more than [MaxRunes] code points.
var ErrTooLong = errors.New("text is longer than 200 characters")

// MaxRunes is the longest text that is searched.
const MaxRunes = 200

// Search reads a whole address and returns the places that it may mean.
func (x *Index) Search(q Query) (Result, error) { return Result{}, nil }

// Suggest returns the places that a text not yet complete may become.
func (x *Index) Suggest(q Query) (Result, error) { return Result{}, nil }
