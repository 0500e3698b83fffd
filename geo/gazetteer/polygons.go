//go:build !js

package gazetteer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// The columns that hold a town in published polygons, the census first.
var (
	townColumns   = []string{"S_NAME", "町丁目名", "町丁名", "町名", "MOJI", "machiaza", "oaza_cho", "town", "name"}
	codeColumns   = []string{"lg_code", "code", "市区町村コード", "行政区域コード", "N03_007"}
	kanaColumns   = []string{"kana", "町丁目名カナ", "oaza_cho_kana", "town_kana"}
	romajiColumns = []string{"romaji", "oaza_cho_roma", "town_romaji"}
	postalColumns = []string{"postal_code", "post_code", "郵便番号"}
)

func firstText(a geo.Attributes, names []string) string {
	for _, n := range names {
		if s := a.Code(n); s != "" {
			return s
		}
	}
	return ""
}

// NamesTowns reports whether a file of polygons with these columns is a map of
// towns rather than of municipalities or zones.
func NamesTowns(a geo.Attributes) bool {
	return firstText(a, townColumns[:len(townColumns)-1]) != ""
}

// AddAreas reads polygons of towns from a file of any format: each record
// names its town in one of the usual columns.
func (b *Builder) AddAreas(name string, src Source, features geo.Features) (Count, error) {
	var count Count
	n, err := b.source(src)
	if err != nil {
		return count, fmt.Errorf("%s: %w", name, err)
	}
	for f, err := range features {
		count.Read++
		if err != nil {
			if re, ok := err.(*geo.RecordError); ok {
				count.refuse(re.Err.Error())
				continue
			}
			return count, fmt.Errorf("%s: %w", name, err)
		}
		switch err := b.addShape(f, n); err {
		case nil:
			count.Kept++
		case errElsewhere:
			count.Elsewhere++
		default:
			count.refuse(err.Error())
		}
	}
	return count, nil
}

func (b *Builder) addShape(f geo.Feature, source int) error {
	var shape orb.MultiPolygon
	switch g := f.Geometry.(type) {
	case orb.Polygon:
		shape = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		shape = g
	default:
		return fmt.Errorf("no polygon")
	}
	t := townRow{id: -1, name: firstText(f.Attr, townColumns), source: source,
		kana: katakana(firstText(f.Attr, kanaColumns)), romaji: firstText(f.Attr, romajiColumns)}
	if t.name == "" {
		return fmt.Errorf("no name")
	}
	code := firstText(f.Attr, codeColumns)
	if code == "" && len(f.Attr.Code("KEY_CODE")) >= 5 { // census small areas
		code = f.Attr.Code("KEY_CODE")[:5]
	}
	if code != "" {
		muni, err := parseCode(code)
		if err != nil {
			return err
		}
		if t.muni = muni; !b.ours(muni) {
			return errElsewhere
		}
	} else if t.muni = b.code; b.code < 1000 && b.code > 0 {
		return fmt.Errorf("no municipality code")
	}
	if t.name, t.chome = splitChome(t.name); t.chome == 0 {
		t.chome, _ = f.Attr.Int("chome")
	}
	if n, err := strconv.ParseUint(strings.ReplaceAll(firstText(f.Attr, postalColumns), "-", ""), 10, 32); err == nil && n > 0 {
		t.postal = []uint32{uint32(n)}
	}
	b.shapes = append(b.shapes, shapeRow{t, shape})
	return nil
}
