package gml

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// store keeps geometries by id, and features that wait for them.
type store struct {
	room    int // how much is laid aside in memory before a file is used
	memory  []byte
	disk    *os.File // what follows memory
	size    int64
	seed    maphash.Seed
	first   map[uint64]int32 // hash of an id in lower case: its last entry
	entries []entry
	waiting []span
}

// span is where a record lies.
type span struct {
	at   int64
	size int32
}

// entry is a record with an id, and the one before of the same hash.
type entry struct {
	span
	before int32 // -1 for none
}

// storeError is a fault of the machine, not of the file.
type storeError struct{ error }

func (s *store) close() {
	if s.disk != nil {
		s.disk.Close()
	}
	*s = store{}
}

// keep lays bytes aside.
func (s *store) keep(b []byte) (span, error) {
	if len(b) > math.MaxInt32 {
		return span{}, &storeError{errors.New("one geometry of more than 2 GB")}
	}
	at := span{s.size, int32(len(b))}
	if s.disk == nil && len(s.memory)+len(b) <= s.room {
		s.memory = append(s.memory, b...)
		s.size += int64(len(b))
		return at, nil
	}
	if s.disk == nil {
		disk, err := os.CreateTemp("", "hazardmap-gml-*")
		if err != nil {
			return at, &storeError{err}
		}
		s.disk = disk
		if err := os.Remove(disk.Name()); err != nil { // the open file stays
			return at, &storeError{err}
		}
	}
	if _, err := s.disk.WriteAt(b, s.size-int64(len(s.memory))); err != nil {
		return at, &storeError{err}
	}
	s.size += int64(len(b))
	return at, nil
}

// load returns bytes that were laid aside.
func (s *store) load(at span) ([]byte, error) {
	if end := at.at + int64(at.size); end <= int64(len(s.memory)) {
		return s.memory[at.at:end], nil
	}
	b := make([]byte, at.size)
	if _, err := s.disk.ReadAt(b, at.at-int64(len(s.memory))); err != nil {
		return nil, &storeError{err}
	}
	return b, nil
}

func (s *store) hash(id string) uint64 {
	if s.first == nil {
		s.first, s.seed = map[uint64]int32{}, maphash.MakeSeed()
	}
	return maphash.String(s.seed, strings.ToLower(id))
}

// put keeps a geometry under its id; without one nobody can refer to it.
func (s *store) put(id string, n node) error {
	if id == "" {
		return nil
	}
	at, err := s.keep(appendNode(appendText(nil, id), n))
	if err != nil {
		return err
	}
	hash := s.hash(id)
	before, ok := s.first[hash]
	if !ok {
		before = -1
	}
	s.first[hash] = int32(len(s.entries))
	s.entries = append(s.entries, entry{at, before})
	return nil
}

// missingError says that nothing of an id has come yet.
type missingError struct{ id string }

func (e *missingError) Error() string {
	return fmt.Sprintf("refers to #%s, which is not in the file", e.id)
}

// get returns the geometry of an id. Files do not always write an id in the
// same letter case; the very id is preferred.
func (s *store) get(id string) (node, error) {
	var exact, folded [][]byte
	at, ok := s.first[s.hash(id)]
	for ; ok && at >= 0; at = s.entries[at].before {
		b, err := s.load(s.entries[at].span)
		if err != nil {
			return node{}, err
		}
		name, rest := cutText(b)
		if name == id {
			exact = append(exact, rest)
		} else if strings.EqualFold(name, id) {
			folded = append(folded, rest)
		}
	}
	if len(exact) == 0 {
		exact = folded
	}
	switch len(exact) {
	case 0:
		return node{}, &missingError{id}
	case 1:
		n, _ := cutNode(exact[0])
		return n, nil
	}
	return node{}, fmt.Errorf("refers to #%s, which is there %d times", id, len(exact))
}

// wait lays a feature aside until the end of the file.
func (s *store) wait(f feature) error {
	b := binary.AppendUvarint(nil, uint64(f.record))
	b = appendText(b, f.element)
	b = binary.AppendUvarint(b, uint64(len(f.attr)))
	for name, value := range f.attr {
		text, _ := value.(string) // all that GML holds
		b = appendText(appendText(b, name), text)
	}
	at, err := s.keep(appendNode(b, f.shape))
	s.waiting = append(s.waiting, at)
	return err
}

// feature returns a feature that waited.
func (s *store) feature(at span) (feature, error) {
	b, err := s.load(at)
	if err != nil {
		return feature{}, err
	}
	var f feature
	var record, n uint64
	record, b = cutNumber(b)
	f.record = int(record)
	f.element, b = cutText(b)
	n, b = cutNumber(b)
	f.attr = make(geo.Attributes, n)
	for range n {
		var name, value string
		name, b = cutText(b)
		value, b = cutText(b)
		f.attr[name] = value
	}
	f.shape, _ = cutNode(b)
	return f, nil
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func cutNumber(b []byte) (uint64, []byte) {
	v, n := binary.Uvarint(b)
	return v, b[n:]
}

func cutText(b []byte) (string, []byte) {
	n, b := cutNumber(b)
	return string(b[:n]), b[n:]
}

func appendNode(b []byte, n node) []byte {
	b = appendText(append(b, byte(n.kind)), n.text)
	b = binary.AppendUvarint(b, uint64(len(n.points)))
	b = slices.Grow(b, 16*len(n.points))
	for _, p := range n.points {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1]))
	}
	b = binary.AppendUvarint(b, uint64(len(n.parts)))
	for _, part := range n.parts {
		b = appendNode(b, part)
	}
	return b
}

func cutNode(b []byte) (node, []byte) {
	n := node{kind: kind(b[0])}
	n.text, b = cutText(b[1:])
	count, b := cutNumber(b)
	if count > 0 {
		n.points = make([]orb.Point, count)
	}
	for i := range n.points {
		n.points[i][0] = math.Float64frombits(binary.LittleEndian.Uint64(b))
		n.points[i][1] = math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))
		b = b[16:]
	}
	count, b = cutNumber(b)
	if count > 0 {
		n.parts = make([]node, count)
	}
	for i := range n.parts {
		n.parts[i], b = cutNode(b)
	}
	return n, b
}
