package demo

import "github.com/paulmach/orb"

// mesh is a grid of equal cells in degrees, as flood simulations use, with a
// class in each cell; 0 is none.
type mesh struct {
	columns, rows int
	class         []uint8
	corner        func(i, j int) orb.Point // of the grid, in degrees or metres
}

func newMesh(columns, rows int, corner func(i, j int) orb.Point) *mesh {
	return &mesh{columns: columns, rows: rows, class: make([]uint8, columns*rows), corner: corner}
}

// middle returns the middle of a cell.
func (m *mesh) middle(i, j int) orb.Point {
	a, b := m.corner(i, j), m.corner(i+1, j+1)
	return orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
}

func (m *mesh) at(i, j int) uint8 {
	if i < 0 || j < 0 || i >= m.columns || j >= m.rows {
		return 0
	}
	return m.class[j*m.columns+i]
}

// patch is a connected part of one class.
type patch struct {
	class uint8
	shape orb.Polygon
	cells int
}

// patches traces the outlines of the classes along the edges of the cells.
// Cells that touch at a corner only are apart.
func (m *mesh) patches() []patch {
	label, count := m.label()
	found := make([]patch, count)
	for _, l := range label {
		if l > 0 {
			found[l-1].cells++
		}
	}
	// The lowest edge of a patch is on its outer ring, so that ring comes first.
	done := make([]bool, len(label))
	for j := range m.rows {
		for i := range m.columns {
			k := j*m.columns + i
			if label[k] == 0 || done[k] || m.at(i, j-1) == m.class[k] {
				continue
			}
			p := &found[label[k]-1]
			p.class = m.class[k]
			p.shape = append(p.shape, m.trace(i, j, done))
		}
	}
	return found
}

// trace walks around a patch with its cells on the left, from the bottom edge
// of a cell, and marks the bottom edges it meets.
func (m *mesh) trace(i, j int, done []bool) orb.Ring {
	ahead := [4][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} // east, north, west, south
	first := [4][2]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}}   // the corner where an edge begins
	class := m.at(i, j)
	startI, startJ, heading := i, j, 0
	var ring orb.Ring
	turned := true
	for {
		if heading == 0 {
			if done[j*m.columns+i] {
				break
			}
			done[j*m.columns+i] = true
		}
		if turned {
			ring = append(ring, m.corner(i+first[heading][0], j+first[heading][1]))
		}
		forward, right := ahead[heading], ahead[(heading+3)%4]
		switch {
		case m.at(i+forward[0], j+forward[1]) != class:
			heading, turned = (heading+1)%4, true
		case m.at(i+forward[0]+right[0], j+forward[1]+right[1]) != class:
			i, j, turned = i+forward[0], j+forward[1], false
		default:
			i, j = i+forward[0]+right[0], j+forward[1]+right[1]
			heading, turned = (heading+3)%4, true
		}
		if i == startI && j == startJ && heading == 0 {
			break
		}
	}
	return append(ring, ring[0])
}

// label numbers the connected parts from 1.
func (m *mesh) label() (label []int32, count int) {
	label = make([]int32, len(m.class))
	var stack []int
	for k, class := range m.class {
		if class == 0 || label[k] != 0 {
			continue
		}
		count++
		label[k] = int32(count)
		stack = append(stack[:0], k)
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			i, j := k%m.columns, k/m.columns
			for _, n := range [4][2]int{{i + 1, j}, {i - 1, j}, {i, j + 1}, {i, j - 1}} {
				if m.at(n[0], n[1]) != class {
					continue
				}
				if q := n[1]*m.columns + n[0]; label[q] == 0 {
					label[q] = int32(count)
					stack = append(stack, q)
				}
			}
		}
	}
	return label, count
}
