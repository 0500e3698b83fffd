package drawn

import (
	"math"
	"strconv"
)

// dot is a point of the picture.
type dot struct{ x, y int32 }

// dot returns where a point of a sheet lies in the picture.
func (s *placed) dot(p xy) dot {
	return dot{int32(math.Round(s.left + float64(p.x)*s.scale)), int32(math.Round(s.top + float64(p.y)*s.scale))}
}

// box returns where a box of a sheet lies in the picture.
func (s *placed) box(b box) box {
	x := func(v int32) int32 { return int32(math.Round(s.left + float64(v)*s.scale)) }
	y := func(v int32) int32 { return int32(math.Round(s.top + float64(v)*s.scale)) }
	return box{x(b.x0), y(b.y0), x(b.x1), y(b.y1)}
}

// rings appends the rings of a region to the path data, cut at the view.
func (p *picture) rings(s *placed, r *region) {
	for i := range r.parts {
		q := &r.parts[i]
		around := s.box(q.box)
		if !around.meets(p.view) {
			continue
		}
		ring := p.place(s, r.points[q.first:q.end])
		if !p.view.holds(around) {
			ring = p.clip(ring)
		}
		if len(ring) > 2 {
			p.closed(ring)
		}
	}
}

// place turns points of a sheet into dots, each once.
func (p *picture) place(s *placed, points []xy) []dot {
	p.ring = p.ring[:0]
	for _, at := range points {
		if d := s.dot(at); len(p.ring) == 0 || p.ring[len(p.ring)-1] != d {
			p.ring = append(p.ring, d)
		}
	}
	return p.ring
}

// strokes appends the lines of a region, without those segments that the view
// does not meet.
func (p *picture) strokes(s *placed, r *region) {
	for i := range r.parts {
		q := &r.parts[i]
		if s.box(q.box).meets(p.view) {
			p.strokeLine(p.place(s, r.points[q.first:q.end]))
		}
	}
}

// stretch appends a part of the border.
func (p *picture) stretch(s *stretch) {
	at := func(i int) dot {
		return dot{int32(math.Round(s.line[i][0]*p.world - p.west)), int32(math.Round(s.line[i][1]*p.world - p.north))}
	}
	left, top := (float64(p.view.x0)+p.west)/p.world, (float64(p.view.y0)+p.north)/p.world
	right, bottom := (float64(p.view.x1)+p.west)/p.world, (float64(p.view.y1)+p.north)/p.world
	if s.box.Min[0] > right || s.box.Max[0] < left || s.box.Min[1] > bottom || s.box.Max[1] < top {
		return
	}
	const near = 3 // units: less of a bend is not seen
	p.ring = append(p.ring[:0], at(0))
	for i := range s.line[1:] {
		d, last := at(i+1), p.ring[len(p.ring)-1]
		if i == len(s.line)-2 || max(d.x-last.x, last.x-d.x, d.y-last.y, last.y-d.y) >= near {
			p.ring = append(p.ring, d)
		}
	}
	p.strokeLine(p.ring)
}

// strokeLine appends a line.
func (p *picture) strokeLine(line []dot) {
	drawing := false
	for i := range line[:max(0, len(line)-1)] {
		a, b := line[i], line[i+1]
		if a == b || !(box{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}).meets(p.view) {
			drawing = drawing && a == b
			continue
		}
		if !drawing {
			p.move(a)
			drawing = true
		}
		p.step(b.x-a.x, b.y-a.y)
	}
}

// closed appends a ring.
func (p *picture) closed(ring []dot) {
	p.move(ring[0])
	for i := range ring[1:] {
		p.step(ring[i+1].x-ring[i].x, ring[i+1].y-ring[i].y)
	}
	p.data = append(p.data, 'z')
}

func (p *picture) move(to dot) {
	p.data = append(p.data, 'M')
	p.data = strconv.AppendInt(p.data, int64(to.x), 10)
	p.number(to.y)
}

// step appends the shortest form of a relative step.
func (p *picture) step(dx, dy int32) {
	switch {
	case dx == 0 && dy == 0:
	case dy == 0:
		p.data = strconv.AppendInt(append(p.data, 'h'), int64(dx), 10)
	case dx == 0:
		p.data = strconv.AppendInt(append(p.data, 'v'), int64(dy), 10)
	default:
		p.data = strconv.AppendInt(append(p.data, 'l'), int64(dx), 10)
		p.number(dy)
	}
}

// number appends a number that follows another.
func (p *picture) number(n int32) {
	if n >= 0 {
		p.data = append(p.data, ' ')
	}
	p.data = strconv.AppendInt(p.data, int64(n), 10)
}

// clip cuts a ring at the four sides of the view, one after the other
// (Sutherland and Hodgman). Edges along the sides lie beyond what is seen.
func (p *picture) clip(ring []dot) []dot {
	v := p.view
	from, to := ring, p.cut[:0]
	for side := range 4 {
		to = to[:0]
		for i, b := range from {
			a := from[(i+len(from)-1)%len(from)]
			da, db := v.depth(side, a), v.depth(side, b)
			if (da < 0) != (db < 0) {
				t := float64(da) / float64(da-db)
				to = append(to, dot{a.x + int32(math.Round(t*float64(b.x-a.x))), a.y + int32(math.Round(t*float64(b.y-a.y)))})
			}
			if db >= 0 {
				to = append(to, b)
			}
		}
		from, to = to, from
	}
	p.ring, p.cut = from, to
	return from
}

// depth is how far a dot lies inside one side of a box.
func (b box) depth(side int, d dot) int32 {
	switch side {
	case 0:
		return d.x - b.x0
	case 1:
		return b.x1 - d.x
	case 2:
		return d.y - b.y0
	}
	return b.y1 - d.y
}
