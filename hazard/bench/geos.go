package main

/*
#cgo LDFLAGS: -lgeos_c
#include <geos_c.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct {
	GEOSContextHandle_t h;
	GEOSSTRtree *tree;
	GEOSGeometry **geoms;
	const GEOSPreparedGeometry **prepared;
	uint32_t *zone;
	size_t n;
} engine;

static engine *engine_new(size_t n) {
	engine *e = calloc(1, sizeof *e);
	e->h = GEOS_init_r();
	e->tree = GEOSSTRtree_create_r(e->h, 10);
	e->geoms = calloc(n, sizeof *e->geoms);
	e->prepared = calloc(n, sizeof *e->prepared);
	e->zone = calloc(n, sizeof *e->zone);
	return e;
}

// xy holds all rings of one polygon one after the other, sizes their points.
static void engine_add(engine *e, uint32_t zone, const double *xy, const uint32_t *sizes, uint32_t rings) {
	GEOSGeometry *shell = NULL, **holes = calloc(rings, sizeof *holes);
	for (uint32_t i = 0; i < rings; i++) {
		GEOSCoordSequence *s = GEOSCoordSeq_copyFromBuffer_r(e->h, xy, sizes[i], 0, 0);
		GEOSGeometry *ring = GEOSGeom_createLinearRing_r(e->h, s);
		if (i == 0) shell = ring; else holes[i-1] = ring;
		xy += 2 * (size_t)sizes[i];
	}
	GEOSGeometry *g = GEOSGeom_createPolygon_r(e->h, shell, holes, rings - 1);
	free(holes);
	e->geoms[e->n] = g;
	e->prepared[e->n] = GEOSPrepare_r(e->h, g);
	e->zone[e->n] = zone;
	GEOSSTRtree_insert_r(e->h, e->tree, g, (void *)(uintptr_t)e->n);
	e->n++;
}

typedef struct { engine *e; GEOSGeometry *at; uint32_t *out; size_t n, cap; } asked;

static void ask(void *item, void *user) {
	asked *a = user;
	size_t i = (size_t)(uintptr_t)item;
	if (GEOSPreparedCovers_r(a->e->h, a->e->prepared[i], a->at) == 1 && a->n < a->cap)
		a->out[a->n++] = a->e->zone[i];
}

// engine_at writes the zones that cover each point, every point's ended by 0xffffffff.
static size_t engine_at(engine *e, const double *xy, size_t points, uint32_t *out, size_t cap) {
	asked a = {e, NULL, out, 0, cap};
	for (size_t i = 0; i < points; i++) {
		a.at = GEOSGeom_createPointFromXY_r(e->h, xy[2*i], xy[2*i+1]);
		GEOSSTRtree_query_r(e->h, e->tree, a.at, ask, &a);
		GEOSGeom_destroy_r(e->h, a.at);
		if (a.n < cap) out[a.n++] = 0xffffffff;
	}
	return a.n;
}
*/
import "C"

import (
	"slices"
	"unsafe"

	"hazardmap/geo"
)

// geos asks GEOS through its STRtree and prepared geometries. The loop over
// the points runs in C, so that no call from Go counts against it.
type geos struct{ e *C.engine }

func newGEOS(s *set) geos {
	e := C.engine_new(C.size_t(len(s.parts)))
	for _, p := range s.parts {
		var xy []float64
		var sizes []uint32
		for _, ring := range p.rings {
			xy = append(xy, flat(ring)...)
			sizes = append(sizes, uint32(len(ring)))
		}
		if len(sizes) > 0 {
			C.engine_add(e, C.uint32_t(p.zone), (*C.double)(unsafe.Pointer(&xy[0])), (*C.uint32_t)(unsafe.Pointer(&sizes[0])), C.uint32_t(len(sizes)))
		}
	}
	return geos{e}
}

func flat(points []geo.E7) []float64 {
	xy := make([]float64, 0, 2*len(points))
	for _, p := range points {
		xy = append(xy, float64(p.Lon), float64(p.Lat))
	}
	return xy
}

// at returns the raw answers: zones of each point, ended by 0xffffffff.
func (g geos) at(xy []float64, out []uint32) []uint32 {
	n := C.engine_at(g.e, (*C.double)(unsafe.Pointer(&xy[0])), C.size_t(len(xy)/2), (*C.uint32_t)(unsafe.Pointer(&out[0])), C.size_t(len(out)))
	return out[:n]
}

// split sorts the raw answers point by point, a zone of several parts once.
func split(raw []uint32) [][]uint32 {
	var list [][]uint32
	for len(raw) > 0 {
		n := slices.Index(raw, 0xffffffff)
		zones := raw[:n]
		slices.Sort(zones)
		list = append(list, slices.Compact(zones))
		raw = raw[n+1:]
	}
	return list
}
