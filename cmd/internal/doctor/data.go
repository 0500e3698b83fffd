package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/store"
)

// oldAfter is the age of an edition from which a newer one is likely: cities
// publish about every two years.
const oldAfter = 3 * 365 * 24 * time.Hour

// data looks at the datasets that were named.
func (e *examination) data(ctx context.Context) {
	if len(e.Datasets) == 0 && e.Store == "" {
		e.see(Note, "none-given")
	}
	for _, dir := range e.Datasets {
		e.dataset(ctx, dir)
	}
}

func (e *examination) dataset(ctx context.Context, dir string) {
	_, err := os.Stat(filepath.Join(dir, "manifest.json"))
	if err == nil {
		err = dataset.CheckFiles(ctx, dir)
	}
	m, _, manifestErr := dataset.ReadManifest(dir)
	switch {
	case errors.Is(err, fs.ErrPermission):
		e.see(Fault, "dataset-unreadable", path(dir))
		return
	case errors.Is(err, fs.ErrNotExist) && manifestErr != nil:
		e.see(Fault, "dataset-absent", path(dir))
		return
	case err != nil:
		e.see(Fault, "dataset-damaged", path(dir), reason(err))
		return
	case manifestErr != nil:
		e.see(Fault, "dataset-damaged", path(dir), reason(manifestErr))
		return
	}
	e.see(Good, "dataset-good", path(dir), i18n.Ja("area", m.Area.Name), edition(m.Edition), i18n.Int("n", len(m.Files)))
	e.age(dir, m.Edition)
	e.places = append(e.places, placeOf(dir, m))
}

func placeOf(dir string, m *dataset.Manifest) place {
	p := place{dir: filepath.Dir(filepath.Clean(dir))}
	for _, f := range m.Files {
		p.bytes += f.Bytes
		if info, err := os.Stat(filepath.Join(dir, f.Name)); err == nil && info.ModTime().After(p.wrote) {
			p.wrote = info.ModTime()
		}
	}
	return p
}

// age compares an edition with the clock.
func (e *examination) age(dir, text string) {
	date, ok := hazard.EditionDate(text)
	switch {
	case !ok:
	case date.After(e.Now):
		e.see(Fault, "dataset-future", path(dir), edition(text))
	case e.Now.Sub(date) > oldAfter:
		e.see(Note, "dataset-old", path(dir), edition(text), i18n.Int("n", days(e.Now.Sub(date))))
	}
}

// store looks at what was installed, and which of it is shown.
func (e *examination) store(ctx context.Context) {
	if e.Store == "" {
		return
	}
	e.places = append(e.places, place{dir: e.Store})
	shown, err := (&store.Store{Dir: e.Store, Program: e.Program}).Choose(ctx)
	switch {
	case errors.Is(err, store.ErrEmpty):
		e.see(Fault, "store-none", path(e.Store))
		return
	case errors.Is(err, bundle.ErrNotTrusted):
		e.see(Fault, "store-untrusted", path(e.Store), reason(err))
		return
	case err != nil:
		e.see(Fault, "store-damaged", path(e.Store), reason(err))
		return
	case shown.Previous:
		e.see(Fault, "store-previous", path(e.Store), reason(errors.Join(shown.Skipped...)))
	default:
		e.see(Good, "store-good", path(e.Store), i18n.Str("sequence", itoa(shown.Pointer.Sequence)))
	}
	if shown.Pointer.Expired(e.Now) {
		e.see(Note, "store-expired", path(e.Store), i18n.Str("until", shown.Pointer.Expires.Format(time.DateOnly)))
	}
	e.dataset(ctx, shown.Dir)
}
