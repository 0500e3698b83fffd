package tiles

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// pen walks the commands of one geometry.
type pen struct {
	b  []byte
	at XY
}

func (p *pen) number() (uint32, error) {
	n, size := binary.Uvarint(p.b)
	if size <= 0 || n > 1<<32-1 {
		return 0, errCutOff
	}
	p.b = p.b[size:]
	return uint32(n), nil
}

// command reads the next command and checks that its numbers can follow.
func (p *pen) command() (id, count int, err error) {
	n, err := p.number()
	if err != nil {
		return 0, 0, err
	}
	id, count = int(n&7), int(n>>3)
	if id != closePath && 2*count > len(p.b) {
		return 0, 0, fmt.Errorf("command %d: %d points are announced, %d bytes follow", id, count, len(p.b))
	}
	return id, count, nil
}

// step reads one point and reports whether the pen moved.
func (p *pen) step() (moved bool, err error) {
	dx, err := p.number()
	if err != nil {
		return false, err
	}
	dy, err := p.number()
	p.at.X += int32(dx>>1) ^ -int32(dx&1)
	p.at.Y += int32(dy>>1) ^ -int32(dy&1)
	return dx != 0 || dy != 0, err
}

func decodeGeometry(b []byte, kind GeomType) ([][]XY, error) {
	p := &pen{b: b}
	if kind == Points {
		return p.points()
	}
	var parts [][]XY
	for len(p.b) > 0 {
		part, err := p.line()
		if err != nil {
			return nil, fmt.Errorf("part %d: %w", len(parts), err)
		}
		if kind == Polygons {
			if err := p.close(part); err != nil {
				return nil, fmt.Errorf("ring %d: %w", len(parts), err)
			}
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func (p *pen) points() ([][]XY, error) {
	id, count, err := p.command()
	if err != nil {
		return nil, err
	}
	if id != moveTo || count < 1 {
		return nil, fmt.Errorf("command %d with count %d, want one MoveTo", id, count)
	}
	points := make([]XY, 0, count)
	for range count {
		if _, err := p.step(); err != nil {
			return nil, err
		}
		points = append(points, p.at)
	}
	if len(p.b) > 0 {
		return nil, errors.New("more follows the points")
	}
	return [][]XY{points}, nil
}

// line reads MoveTo and LineTo.
func (p *pen) line() ([]XY, error) {
	id, count, err := p.command()
	if err != nil {
		return nil, err
	}
	if id != moveTo || count != 1 {
		return nil, fmt.Errorf("command %d with count %d, want MoveTo with 1", id, count)
	}
	if _, err := p.step(); err != nil {
		return nil, err
	}
	start := p.at
	id, count, err = p.command()
	if err != nil {
		return nil, err
	}
	if id != lineTo || count < 1 {
		return nil, fmt.Errorf("command %d with count %d, want LineTo", id, count)
	}
	points := append(make([]XY, 0, count+1), start)
	for range count {
		moved, err := p.step()
		if err != nil {
			return nil, err
		}
		if !moved {
			return nil, errors.New("LineTo that does not move")
		}
		points = append(points, p.at)
	}
	return points, nil
}

func (p *pen) close(ring []XY) error {
	id, count, err := p.command()
	if err != nil {
		return err
	}
	if id != closePath || count != 1 {
		return fmt.Errorf("command %d with count %d, want ClosePath with 1", id, count)
	}
	if len(ring) < 3 {
		return fmt.Errorf("has %d points", len(ring))
	}
	return nil
}
