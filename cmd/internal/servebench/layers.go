package servebench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Layers is how long a planner's program waits for 1,000 zones, as the middle
// of several answers that are read to the end.
type Layers struct {
	First, Deep, Box time.Duration // the first page, one far behind, those of a quarter of the city
}

// LayersTarget is for any page of 1,000 zones.
const LayersTarget = 50 * time.Millisecond

const layerRounds = 9

// RunLayers runs "hazardmap serve" on a dataset and reads pages of its zones.
func RunLayers(ctx context.Context, program, dataset string) (l Layers, err error) {
	p, err := startProcess(ctx, nil, program, "serve", "-addr", "127.0.0.1:0", dataset)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	items := p.site + "/ogc/collections/10204-flood-depth/items?limit=1000"
	next, err := followed(items, 20)
	if err != nil {
		return l, err
	}
	for _, page := range []struct {
		took *time.Duration
		url  string
	}{{&l.First, items}, {&l.Deep, next}, {&l.Box, items + "&bbox=139.21,36.32,139.28,36.41"}} {
		if *page.took, err = middleTime(page.url); err != nil {
			return l, err
		}
	}
	return l, nil
}

// followed returns the address of a page that is so many behind another.
func followed(url string, pages int) (string, error) {
	for range pages {
		var page struct{ Links []struct{ Rel, Href string } }
		res, err := http.Get(url)
		if err != nil {
			return "", err
		}
		err = json.NewDecoder(res.Body).Decode(&page)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return "", fmt.Errorf("%s: %s: %w", url, res.Status, err)
		}
		last := page.Links[len(page.Links)-1]
		if last.Rel != "next" {
			return "", fmt.Errorf("%s: has no page behind it", url)
		}
		url = last.Href
		time.Sleep(300 * time.Millisecond) // within the allowance of a client
	}
	return url, nil
}

func middleTime(url string) (time.Duration, error) {
	var all []float64
	for range layerRounds {
		time.Sleep(300 * time.Millisecond)
		begin := time.Now()
		if err := get(url); err != nil {
			return 0, err
		}
		all = append(all, float64(time.Since(begin)))
	}
	return time.Duration(median(all)), nil
}

// Print writes each figure beside its target.
func (l Layers) Print(w io.Writer) {
	for _, line := range []struct {
		what string
		took time.Duration
	}{{"first page", l.First}, {"page 21", l.Deep}, {"in a box", l.Box}} {
		fmt.Fprintf(w, "layers: 1,000 zones, %s%s %5d ms       target ≤ %d ms\n", line.what, strings.Repeat(" ", 14-len(line.what)), line.took.Milliseconds(), LayersTarget.Milliseconds())
	}
}
