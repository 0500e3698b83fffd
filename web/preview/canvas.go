package preview

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
)

// canvas is a picture in units, and the mask of the shape in hand.
type canvas struct {
	w, h   int
	pix    []color.RGBA
	opaque []uint8 // how much of a unit is painted: patterns are see-through
	mask   []bool
	marked [2]int // rows from and to which the mask may hold marks
	rows   [][]crossing
}

func newCanvas(w, h int) *canvas {
	return &canvas{w: w, h: h, pix: make([]color.RGBA, w*h), opaque: make([]uint8, w*h), mask: make([]bool, w*h), marked: [2]int{h, 0}}
}

type point struct{ x, y float64 }

// line is one part of a path; a closed one comes back to its first point.
type line []point

// readPath reads path data of M, l, h, v, H, V and z.
func readPath(d string) (lines []line, err error) {
	var at, start point
	for d != "" {
		op := d[0]
		var numbers []float64
		if numbers, d, err = readNumbers(d[1:]); err != nil {
			return nil, err
		}
		want := map[byte]int{'M': 2, 'l': 2, 'h': 1, 'v': 1, 'H': 1, 'V': 1, 'z': 0}
		if n, ok := want[op]; !ok || len(numbers) != n || op != 'M' && lines == nil {
			return nil, fmt.Errorf("path: %q with %d numbers", op, len(numbers))
		}
		switch op {
		case 'M':
			at = point{numbers[0], numbers[1]}
			start = at
			lines = append(lines, nil)
		case 'l':
			at = point{at.x + numbers[0], at.y + numbers[1]}
		case 'h':
			at.x += numbers[0]
		case 'v':
			at.y += numbers[0]
		case 'H':
			at.x = numbers[0]
		case 'V':
			at.y = numbers[0]
		case 'z':
			at = start
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], at)
	}
	return lines, nil
}

// readNumbers reads the numbers up to the next command.
func readNumbers(d string) (numbers []float64, rest string, err error) {
	for {
		d = strings.TrimLeft(d, " ")
		n := 0
		for n < len(d) && (d[n] >= '0' && d[n] <= '9' || d[n] == '.' || d[n] == '-' && n == 0) {
			n++
		}
		if n == 0 {
			return numbers, d, nil
		}
		v, err := strconv.ParseFloat(d[:n], 64)
		if err != nil || math.Abs(v) > 1e5 {
			return nil, "", fmt.Errorf("path: number %q", d[:n])
		}
		numbers, d = append(numbers, v), d[n:]
	}
}

// crossing is where an edge passes the middle of a row.
type crossing struct {
	x  float64
	up int
}

// fill marks the units whose middle lies within lines, by their winding.
func (c *canvas) fill(lines []line) {
	low, high := float64(c.h), 0.0
	for _, l := range lines {
		for _, p := range l {
			low, high = min(low, p.y), max(high, p.y)
		}
	}
	top, bottom := int(max(low, 0)), int(math.Ceil(min(high, float64(c.h))))
	for len(c.rows) < bottom-top {
		c.rows = append(c.rows, nil)
	}
	rows := c.rows[:max(0, bottom-top)]
	for i := range rows {
		rows[i] = rows[i][:0]
	}
	c.marked = [2]int{min(c.marked[0], top), max(c.marked[1], bottom)}
	for _, l := range lines {
		for i, b := range l {
			a := l[(i+len(l)-1)%len(l)]
			up := 1
			if a.y > b.y {
				a, b, up = b, a, -1
			}
			first, end := int(math.Ceil(max(a.y-0.5, 0))), int(math.Ceil(min(b.y-0.5, float64(c.h))))
			for y := first; y < end; y++ {
				rows[y-top] = append(rows[y-top], crossing{a.x + (float64(y)+0.5-a.y)/(b.y-a.y)*(b.x-a.x), up})
			}
		}
	}
	for y, row := range rows {
		slices.SortFunc(row, func(a, b crossing) int { return cmp.Compare(a.x, b.x) })
		winding := 0
		for i := range row {
			if winding += row[i].up; winding != 0 && i+1 < len(row) {
				c.mark(top+y, row[i].x, row[i+1].x)
			}
		}
	}
}

func (c *canvas) mark(y int, from, to float64) {
	first, end := int(math.Ceil(max(from-0.5, 0))), int(math.Ceil(min(to-0.5, float64(c.w))))
	for x := first; x < end; x++ {
		c.mask[y*c.w+x] = true
	}
}

// stroke marks the units along lines: each edge as an upright or level band,
// whichever is across it.
func (c *canvas) stroke(lines []line, width float64) {
	for _, l := range lines {
		for i := range len(l) - 1 {
			a, b := l[i], l[i+1]
			length := math.Hypot(b.x-a.x, b.y-a.y)
			if length == 0 {
				continue
			}
			// Half the width along and across, so that corners close.
			dx, dy := (b.x-a.x)/length*width/2, (b.y-a.y)/length*width/2
			a, b = point{a.x - dx/2, a.y - dy/2}, point{b.x + dx/2, b.y + dy/2}
			c.fill([]line{{{a.x - dy, a.y + dx}, {b.x - dy, b.y + dx}, {b.x + dy, b.y - dx}, {a.x + dy, a.y - dx}}})
		}
	}
}

// paint puts a colour over what is marked, and clears the marks.
func (c *canvas) paint(of func(x, y int) (color.RGBA, uint8)) {
	from, to := c.marked[0]*c.w, c.marked[1]*c.w
	c.marked = [2]int{c.h, 0}
	for i := from; i < to; i++ {
		if !c.mask[i] {
			continue
		}
		c.mask[i] = false
		top, alpha := of(i%c.w, i/c.w)
		below := c.pix[i]
		mix := func(a, b uint8) uint8 { return uint8((int(a)*int(alpha) + int(b)*(255-int(alpha))) / 255) }
		if c.opaque[i] == 0 {
			c.pix[i] = top
		} else {
			c.pix[i] = color.RGBA{mix(top.R, below.R), mix(top.G, below.G), mix(top.B, below.B), 255}
		}
		c.opaque[i] = max(c.opaque[i], alpha)
	}
}
