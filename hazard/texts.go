package hazard

import (
	"context"
	"errors"
	"math"
)

// zoneRecords writes what answers say about each zone. Zones that say the same
// share one record.
func (b *builder) zoneRecords(context.Context) error {
	texts := interner{index: map[string]uint32{}}
	texts.number("")
	known := map[string]uint32{}
	var zones, attributes, record []byte
	for _, z := range b.in.Zones {
		record = le.AppendUint32(record[:0], uint32(z.Source))
		for _, s := range z.texts() {
			record = le.AppendUint32(record, texts.number(*s))
		}
		n, ok := known[string(record)]
		if !ok {
			n = uint32(len(known))
			known[string(record)] = n
			attributes = append(attributes, record...)
		}
		zones = append(zones, byte(z.Kind), byte(z.Scenario), z.Rank, byte(z.Flags))
		zones = le.AppendUint32(zones, n)
	}
	if texts.size > math.MaxUint32 {
		return errors.New("more than 4 GiB of text")
	}
	b.sections[secZones], b.sections[secAttributes], b.sections[secStrings] = zones, attributes, texts.encode()
	return nil
}

// interner numbers strings in the order in which they come.
type interner struct {
	index map[string]uint32
	texts []string
	size  int
}

func (t *interner) number(s string) uint32 {
	n, ok := t.index[s]
	if !ok {
		n = uint32(len(t.texts))
		t.index[s], t.texts, t.size = n, append(t.texts, s), t.size+len(s)
	}
	return n
}

func (t *interner) encode() []byte {
	b := le.AppendUint32(nil, uint32(len(t.texts)))
	at := 0
	for _, s := range t.texts {
		b = le.AppendUint32(b, uint32(at))
		at += len(s)
	}
	b = le.AppendUint32(b, uint32(at))
	for _, s := range t.texts {
		b = append(b, s...)
	}
	return b
}
