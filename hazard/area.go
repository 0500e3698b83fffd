package hazard

import "github.com/paulmach/orb"

func (x *Index) AreaShares(area orb.MultiPolygon) []Range { return nil }
