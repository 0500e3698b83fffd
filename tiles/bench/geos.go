package main

/*
#cgo LDFLAGS: -lgeos_c
#include <geos_c.h>
#include <stdint.h>
#include <stdlib.h>

static void quiet(const char *message, void *data) {}

// valid builds one multipolygon: sizes are the points of each ring, first the
// rings in all of a polygon, negative where a ring is a hole.
static int valid(const double *xy, const int32_t *sizes, uint32_t rings) {
	GEOSContextHandle_t h = GEOS_init_r();
	GEOSContext_setNoticeMessageHandler_r(h, quiet, NULL);
	GEOSContext_setErrorMessageHandler_r(h, quiet, NULL);
	GEOSGeometry **polygons = calloc(rings, sizeof *polygons), **holes = calloc(rings, sizeof *holes);
	uint32_t n = 0, i = 0;
	while (i < rings) {
		GEOSGeometry *shell = NULL;
		uint32_t held = 0;
		do {
			int32_t size = sizes[i] < 0 ? -sizes[i] : sizes[i];
			GEOSGeometry *ring = GEOSGeom_createLinearRing_r(h, GEOSCoordSeq_copyFromBuffer_r(h, xy, size, 0, 0));
			if (sizes[i] > 0) shell = ring; else holes[held++] = ring;
			xy += 2 * (size_t)size;
			i++;
		} while (i < rings && sizes[i] < 0);
		polygons[n++] = GEOSGeom_createPolygon_r(h, shell, holes, held);
	}
	GEOSGeometry *all = GEOSGeom_createCollection_r(h, GEOS_MULTIPOLYGON, polygons, n);
	int ok = GEOSisValid_r(h, all);
	GEOSGeom_destroy_r(h, all);
	free(polygons);
	free(holes);
	GEOS_finish_r(h);
	return ok;
}
*/
import "C"

import (
	"unsafe"

	"hazardmap/tiles"
)

// geosValid asks GEOS whether the rings of a feature, outer ones positive, are
// a valid multipolygon.
func geosValid(rings [][]tiles.XY) bool {
	var xy []float64
	var sizes []int32
	for _, ring := range rings {
		area := int64(0)
		last := ring[len(ring)-1]
		for _, p := range ring {
			area += int64(last.X)*int64(p.Y) - int64(p.X)*int64(last.Y)
			last = p
			xy = append(xy, float64(p.X), float64(p.Y))
		}
		xy = append(xy, float64(ring[0].X), float64(ring[0].Y))
		size := int32(len(ring) + 1)
		if area < 0 {
			size = -size
		}
		sizes = append(sizes, size)
	}
	return C.valid((*C.double)(unsafe.Pointer(&xy[0])), (*C.int32_t)(unsafe.Pointer(&sizes[0])), C.uint32_t(len(sizes))) == 1
}
