package mbtiles

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"hazardmap/tiles"
)

// maxJSONBytes caps the json row.
const maxJSONBytes = 1 << 20

// row is one line of the table metadata.
type row struct{ name, value string }

// jsonRow is the value of the row "json".
type jsonRow struct {
	VectorLayers []tiles.VectorLayer `json:"vector_layers"`
}

// rows returns the metadata as MBTiles 1.3 lists it, without agg_tiles_hash.
func (m Metadata) rows() ([]row, error) {
	rows := []row{
		{"name", m.Name},
		{"format", m.Format},
		{"bounds", formatNumbers(m.Bounds[:])},
		{"center", formatNumbers(m.Center[:])},
		{"minzoom", strconv.Itoa(int(m.MinZoom))},
		{"maxzoom", strconv.Itoa(int(m.MaxZoom))},
	}
	for _, r := range []row{{"attribution", m.Attribution}, {"description", m.Description}, {"type", m.Type}, {"version", m.Version}} {
		if r.value != "" {
			rows = append(rows, r)
		}
	}
	layers := m.Layers
	if layers == nil {
		layers = []tiles.VectorLayer{}
	}
	text, err := json.Marshal(jsonRow{layers})
	if err != nil {
		return nil, err
	}
	return append(rows, row{"json", string(text)}), nil
}

// formatNumbers writes numbers as metadata does: "139.1,36.2,139.3,36.4".
func formatNumbers(numbers []float64) string {
	var texts []string
	for _, n := range numbers {
		texts = append(texts, strconv.FormatFloat(n, 'f', -1, 64))
	}
	return strings.Join(texts, ",")
}

// parseNumbers reads what formatNumbers writes, blanks around numbers allowed.
func parseNumbers(s string, into []float64) error {
	texts := strings.Split(s, ",")
	if len(texts) != len(into) {
		return fmt.Errorf("%q: want %d numbers", s, len(into))
	}
	for i, text := range texts {
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("%q: %q is not a number", s, text)
		}
		into[i] = n
	}
	return nil
}

// parseBounds reads west, south, east, north and checks that they are on Earth.
func parseBounds(s string) ([4]float64, error) {
	var b [4]float64
	if err := parseNumbers(s, b[:]); err != nil {
		return b, err
	}
	if b[0] < -180 || b[2] > 180 || b[1] < -90 || b[3] > 90 || b[0] > b[2] || b[1] > b[3] {
		return b, fmt.Errorf("%q: want west,south,east,north in degrees", s)
	}
	return b, nil
}

// parseCenter reads longitude, latitude, zoom and checks that they are on Earth.
func parseCenter(s string) ([3]float64, error) {
	var c [3]float64
	if err := parseNumbers(s, c[:]); err != nil {
		return c, err
	}
	if math.Abs(c[0]) > 180 || math.Abs(c[1]) > 90 || c[2] < 0 || c[2] > tiles.DeepestZoom {
		return c, fmt.Errorf("%q: want longitude,latitude,zoom", s)
	}
	return c, nil
}

// parseZoom reads a zoom level in plain digits.
func parseZoom(s string) (uint8, error) {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || n > tiles.DeepestZoom {
		return 0, fmt.Errorf("%q: want a zoom up to %d", s, tiles.DeepestZoom)
	}
	return uint8(n), nil
}

// parseLayers reads the json row.
func parseLayers(s string) ([]tiles.VectorLayer, error) {
	if len(s) > maxJSONBytes {
		return nil, fmt.Errorf("%d bytes are more than %d", len(s), maxJSONBytes)
	}
	var j jsonRow
	if err := json.Unmarshal([]byte(s), &j); err != nil {
		return nil, err
	}
	return j.VectorLayers, nil
}

// parseMetadata reads the rows of a file. It returns as much as can be read;
// the errors, joined, name the rows that could not.
func parseMetadata(rows []row) (Metadata, error) {
	m := Metadata{Other: map[string]string{}}
	var errs []error
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.name] {
			errs = append(errs, fmt.Errorf("metadata %q is there twice", r.name))
			continue
		}
		seen[r.name] = true
		if err := m.set(r); err != nil {
			errs = append(errs, fmt.Errorf("metadata %q: %w", r.name, err))
		}
	}
	return m, errors.Join(errs...)
}

func (m *Metadata) set(r row) (err error) {
	switch r.name {
	case "name":
		m.Name = r.value
	case "description":
		m.Description = r.value
	case "attribution":
		m.Attribution = r.value
	case "version":
		m.Version = r.value
	case "type":
		m.Type = r.value
	case "format":
		m.Format = r.value
	case "bounds":
		var b [4]float64
		if b, err = parseBounds(r.value); err == nil {
			m.Bounds = b
		}
	case "center":
		var c [3]float64
		if c, err = parseCenter(r.value); err == nil {
			m.Center = c
		}
	case "minzoom":
		m.MinZoom, err = parseZoom(r.value)
	case "maxzoom":
		m.MaxZoom, err = parseZoom(r.value)
	case "json":
		m.Layers, err = parseLayers(r.value)
	default:
		m.Other[r.name] = r.value
	}
	return err
}
