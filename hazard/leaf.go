package hazard

import "iter"

// leafGroup is one group of a leaf as it lies in the file.
type leafGroup struct {
	zone         uint32
	word         uint32
	narrow, wide []byte
}

// leafGroups goes through the groups of the leaf at offset o. A group that
// does not lie within b ends it.
func leafGroups(b []byte, o int) iter.Seq[leafGroup] {
	return func(yield func(leafGroup) bool) {
		for o+8 <= len(b) {
			g := leafGroup{zone: load32(b[o:]), word: load32(b[o+4:])}
			wide := o + 8 + int(g.word&groupNarrow)*8
			end := wide + int(g.word&groupWide>>wideShift)*16
			if end > len(b) {
				return
			}
			g.narrow, g.wide = b[o+8:wide], b[wide:end]
			if !yield(g) || g.word&groupLast != 0 {
				return
			}
			o = end
		}
	}
}

// edges goes through the edges of a group that lies in cell c.
func (g leafGroup) edges(c cell) iter.Seq[segment] {
	return func(yield func(segment) bool) {
		x0, y0 := int32(c.x0), int32(c.y0)
		for b := g.narrow; len(b) >= 8; b = b[8:] {
			v := load64(b)
			if !yield(segment{x0 + int32(int16(v)), y0 + int32(int16(v>>16)), x0 + int32(int16(v>>32)), y0 + int32(int16(v>>48))}) {
				return
			}
		}
		for b := g.wide; len(b) >= 16; b = b[16:] {
			if !yield(segment{int32(load32(b)), int32(load32(b[4:])), int32(load32(b[8:])), int32(load32(b[12:]))}) {
				return
			}
		}
	}
}
