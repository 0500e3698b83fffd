package importer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/hazard/ksj"
	"hazardmap/mbtiles/dataset"
)

// source is one file that was handed over, as far as it holds one kind of
// thing: the members of an archive are counted together.
type source struct {
	dataset.Source
	cite hazard.Source
	disk string
	asks asks
}

// source returns the account of the file that a member lies in.
func (g *gatherer) source(path, content string, cite hazard.Source) *source {
	return g.sources[g.sourceIndex(path, content, cite)]
}

func (g *gatherer) sourceIndex(path, content string, cite hazard.Source) int {
	if g.opts.Invented != nil {
		cite = g.opts.Invented.Source
	}
	disk, _, _ := strings.Cut(path, "!")
	i := slices.IndexFunc(g.sources, func(s *source) bool { return s.disk == disk && s.Content == content && s.cite == cite })
	if i >= 0 {
		return i
	}
	g.sources = append(g.sources, &source{disk: disk, cite: cite, Source: dataset.Source{
		File: outerName(path), SHA256: g.hash(disk), Content: content,
		Title: cite.Title, Licence: cite.Licence, Attribution: cite.Attribution, Edition: cite.Edition,
	}})
	return len(g.sources) - 1
}

// hash returns the SHA-256 of a file on disk, "" for what cannot be read as
// one; why it cannot is reported where it is read.
func (g *gatherer) hash(disk string) string {
	if i := slices.IndexFunc(g.sources, func(s *source) bool { return s.disk == disk }); i >= 0 {
		return g.sources[i].SHA256
	}
	f, err := os.Open(disk)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (s *source) compare(other *source) int {
	return cmp.Or(
		cmp.Compare(s.File, other.File), cmp.Compare(s.SHA256, other.SHA256), cmp.Compare(s.Content, other.Content),
		cmp.Compare(s.Title, other.Title), cmp.Compare(s.Edition, other.Edition), cmp.Compare(s.Licence, other.Licence), cmp.Compare(s.Attribution, other.Attribution),
	)
}

// note counts records under a reason; the first keeps its place.
func (s *source) note(reason, first string, records int) {
	i := slices.IndexFunc(s.Why, func(r dataset.Reason) bool { return r.Reason == reason })
	if i < 0 {
		s.Why = append(s.Why, dataset.Reason{Reason: reason, First: first})
		i = len(s.Why) - 1
	}
	s.Why[i].Records += records
}

// refuse counts a record, or a whole file where record is 0, as refused.
func (s *source) refuse(err error, path string, record int) {
	var refused *geo.RecordError
	if errors.As(err, &refused) {
		err = refused.Err
	}
	if record > 0 {
		s.Read++
	}
	s.Refused++
	s.note(reasonOf(err, path), placeOf(path, record), 1)
}

// repaired takes the notes of a decoder over.
func (s *source) repaired(notes []ksj.Note) {
	for _, n := range notes {
		s.Repaired += n.Count
		s.note(n.What, "", n.Count)
	}
}
