package shelter

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Merge brings the rows of one building together, so that it stands once in
// the list, with both of its designations.
//
// The first eleven characters of the 共通ID name an address, not a building: in
// Gunma 30 of 1,713 addresses hold several 指定緊急避難場所, such as a gymnasium and
// a community hall with other flags. So within an address rows are one
// building where their names agree, or, for a pair of the two kinds whose names
// do not, where they stand within a few steps of each other. Rows of other ids
// are one where the id and the name are the same.
func Merge(rows []hazard.Shelter) []hazard.Shelter {
	groups := map[string][]hazard.Shelter{}
	for _, s := range rows {
		groups[addressID(s.ID)] = append(groups[addressID(s.ID)], s)
	}
	merged := make([]hazard.Shelter, 0, len(rows))
	for id, group := range groups {
		buildings := mergeAddress(group)
		if len(buildings) == 1 {
			buildings[0].ID = id
		}
		merged = append(merged, buildings...)
	}
	slices.SortFunc(merged, func(a, b hazard.Shelter) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name))
	})
	return merged
}

var commonID = regexp.MustCompile(`^E\d{13}$`)

func isCommonID(id string) bool { return commonID.MatchString(id) }

// addressID returns a 共通ID without its last three digits, the kind and the
// serial number at the address; other ids as they are.
func addressID(id string) string {
	if isCommonID(id) {
		return id[:len(id)-3]
	}
	return id
}

// mergeAddress joins the rows of one address. Those to run to come first, for
// their names and places are the ones that matter: 「第五小学校　洪水時２階以上」. The
// others then look for theirs, the surest sign first.
func mergeAddress(rows []hazard.Shelter) []hazard.Shelter {
	var buildings, left []hazard.Shelter
	slices.SortStableFunc(rows, func(a, b hazard.Shelter) int { return cmp.Compare(a.ID, b.ID) })
	for _, row := range rows {
		if !row.Emergency {
			left = append(left, row)
		} else if i := sameName(buildings, row); i >= 0 {
			join(&buildings[i], row)
		} else {
			buildings = append(buildings, row)
		}
	}
	for _, find := range []func([]hazard.Shelter, hazard.Shelter) int{sameName, partOfName, beside} {
		left = slices.DeleteFunc(left, func(row hazard.Shelter) bool {
			i := find(buildings, row)
			if i >= 0 {
				join(&buildings[i], row)
			}
			return i >= 0
		})
	}
	for _, row := range left {
		if i := sameName(buildings, row); i >= 0 {
			join(&buildings[i], row)
		} else {
			buildings = append(buildings, row)
		}
	}
	return buildings
}

func sameName(buildings []hazard.Shelter, row hazard.Shelter) int {
	return slices.IndexFunc(buildings, func(b hazard.Shelter) bool { return plainName(b.Name) == plainName(row.Name) })
}

// partOfName finds the place to run to, not yet one to live in, whose name
// holds the other or lies in it: 「榛東村立南小学校」 holds 「南小学校」.
func partOfName(buildings []hazard.Shelter, row hazard.Shelter) int {
	name := plainName(row.Name)
	return slices.IndexFunc(buildings, func(b hazard.Shelter) bool {
		other := plainName(b.Name)
		return !b.Evacuation && name != "" && other != "" && (strings.Contains(other, name) || strings.Contains(name, other))
	})
}

// besideMetres is how near two rows of one address stand that are one
// building under two names, as 「旧小坂小学校」 and 「小坂社会体育館」 (0 m) are. A playing
// field and a hall of the same address are 93 and 105 m apart.
const besideMetres geo.Metres = 50

// beside returns the nearest place to run to that is no place to live in yet.
func beside(buildings []hazard.Shelter, row hazard.Shelter) int {
	found, nearest := -1, besideMetres
	for i, b := range buildings {
		d := geo.Point{Lon: b.Lon, Lat: b.Lat}.Distance(geo.Point{Lon: row.Lon, Lat: row.Lat})
		if !b.Evacuation && d <= nearest {
			found, nearest = i, d
		}
	}
	return found
}

// A name may carry what its remark should: 「（洪水時２階）」, 「　洪水時３階以上」.
var nameRemark = regexp.MustCompile(`\(?洪水時.*$`)

// plainName makes names comparable.
func plainName(name string) string {
	folded := strings.Join(strings.Fields(norm.NFKC.String(name)), "")
	if plain := nameRemark.ReplaceAllString(folded, ""); plain != "" {
		folded = plain
	}
	return strings.NewReplacer("・", "", "「", "", "」", "", "ー", "", "-", "").Replace(folded)
}

// join adds what a second row of the same building says. Where two rows name
// the disasters it is fit for, it is fit for those that both name.
func join(s *hazard.Shelter, row hazard.Shelter) {
	if s.Emergency && row.Emergency {
		s.Suitable &= row.Suitable
	} else {
		s.Suitable |= row.Suitable
	}
	s.Emergency = s.Emergency || row.Emergency
	s.Evacuation = s.Evacuation || row.Evacuation
	s.Remarks = joinWords(s.Remarks, row.Remarks)
	s.Accepts = joinWords(s.Accepts, row.Accepts)
	s.Capacity = joinWords(s.Capacity, row.Capacity)
	s.Kana = cmp.Or(s.Kana, row.Kana)
	s.NameEnglish = cmp.Or(s.NameEnglish, row.NameEnglish)
	s.Phone = cmp.Or(s.Phone, row.Phone)
	s.Address = cmp.Or(s.Address, row.Address)
}

// joinWords puts two texts behind each other, each once.
func joinWords(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "" || slices.Contains(strings.Split(a, "／"), b):
		return a
	}
	return a + "／" + b
}
