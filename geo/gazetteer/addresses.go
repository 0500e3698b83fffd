package gazetteer

import "hazardmap/geo"

// Addresses calls fn with the position of every address that the index holds:
// of the houses of a place, or of its lots where it has no numbers of houses.
func (x *Index) Addresses(fn func(at geo.E7)) {
	for i := range x.count(secNumberDir) {
		p, kind := x.u32(secNumberDir, numberDirSize, i, 0), x.u32(secNumberDir, numberDirSize, i, 4)
		if kind == numbersParcel {
			if _, _, houses := x.numberTable(p, numbersHouse); houses {
				continue
			}
		}
		x.numbersUnder(p, kind, nil, func(e numberEntry) bool {
			if e.has {
				fn(e.at)
			}
			return true
		})
	}
}
