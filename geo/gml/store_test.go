package gml

import (
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// What does not fit in memory is laid aside on disk, and comes back the same,
// features that waited for it included.
func TestSpill(t *testing.T) {
	const zones = 300
	var text strings.Builder
	text.WriteString(`<Dataset>`)
	for i := range zones {
		fmt.Fprintf(&text, `<Zone id="z%d"><bounds href="#C%d"/><waterDepth>%d</waterDepth></Zone>`, i, i, i)
	}
	for i := range zones {
		fmt.Fprintf(&text, `<Curve id="c%d"><segments><LineStringSegment><posList>36 139 36.5 %d.25</posList></LineStringSegment></segments></Curve>`, i, i%180)
	}
	text.WriteString(`</Dataset>`)
	for _, room := range []int{0, 1, 1000, 20_000, maxMemory} {
		r, err := Read(strings.NewReader(text.String()), "x.xml")
		if err != nil {
			t.Fatal(err)
		}
		r.store.room = room
		got := 0
		for f, err := range r.Features() {
			if err != nil {
				t.Fatal(err)
			}
			want := orb.LineString{{139, 36}, {float64(got%180) + 0.25, 36.5}}
			if !orb.Equal(f.Geometry, want) || f.Attr.Text("waterDepth") != fmt.Sprint(got) || f.Record != got+1 {
				t.Fatalf("room for %d bytes: record %d is %v with %v, want %v", room, f.Record, f.Geometry, f.Attr, want)
			}
			got++
		}
		if got != zones {
			t.Errorf("room for %d bytes: %d features, want %d", room, got, zones)
		}
	}
}
