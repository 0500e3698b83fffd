package mbtiles

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"

	"hazardmap/tiles"
)

// schema is the layout of every file that we write. The primary key of
// tiles_shallow is the unique index on the three columns that other servers
// ask for.
var schema = []string{
	"CREATE TABLE metadata (name text NOT NULL, value text NOT NULL)",
	"CREATE UNIQUE INDEX name ON metadata (name)",
	"CREATE TABLE tiles_shallow (zoom_level integer, tile_column integer, tile_row integer, tile_data_id integer, PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID",
	"CREATE TABLE tiles_data (tile_data_id integer PRIMARY KEY, tile_data blob)",
	"CREATE VIEW tiles AS SELECT tiles_shallow.zoom_level AS zoom_level, tiles_shallow.tile_column AS tile_column, tiles_shallow.tile_row AS tile_row, tiles_data.tile_data AS tile_data FROM tiles_shallow JOIN tiles_data ON tiles_shallow.tile_data_id = tiles_data.tile_data_id",
}

// gzipLevel: a quarter of the standard library's CPU at 1.02 of its size.
const gzipLevel = 6

// Writer writes one MBTiles file. It is built aside, under the name with
// ".part", and takes its own name only when it is complete and synced. The
// same tiles in the same order give the same bytes.
type Writer struct {
	path string
	meta Metadata
	db   *sql.DB
	tx   *sql.Tx

	shallow []shallowRow
	ids     map[[sha256.Size]byte]int64
	queue   chan *blob // in the order of ids
	slots   chan struct{}
	stored  sync.WaitGroup

	mu  sync.Mutex
	err error // the first failure of the goroutine that stores
}

type shallowRow struct {
	id   tiles.ID
	data int64
}

// blob is one distinct tile on its way into the file.
type blob struct {
	id     int64
	packed []byte
	err    error
	done   chan struct{}
}

// Create starts a new file at path, which must not exist. MinZoom and MaxZoom
// are taken from the tiles, and so are Bounds and Center where they are zero.
func Create(path string, meta Metadata) (*Writer, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	if err := os.Remove(path + ".part"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	db, err := createDatabase(path + ".part")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	w := &Writer{
		path: path, meta: meta, db: db, ids: map[[sha256.Size]byte]int64{},
		queue: make(chan *blob, 64), slots: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	if w.meta.Format == "" {
		w.meta.Format = "pbf"
	}
	if err := w.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), w.Abort())
	}
	return w, nil
}

// begin lays out the tables and starts the goroutine that stores.
func (w *Writer) begin() (err error) {
	if w.tx, err = w.db.Begin(); err != nil {
		return err
	}
	for _, s := range schema {
		if _, err := w.tx.Exec(s); err != nil {
			return err
		}
	}
	insert, err := w.tx.Prepare("INSERT INTO tiles_data VALUES (?, ?)")
	if err != nil {
		return err
	}
	w.stored.Go(func() {
		for b := range w.queue {
			<-b.done
			err := b.err
			if err == nil {
				_, err = insert.Exec(b.id, b.packed)
			}
			w.fail(err)
		}
		w.fail(insert.Close())
	})
	return nil
}

func (w *Writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
	}
}

func (w *Writer) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Put stores one raw vector tile; raw is the caller's again when Put returns.
// A tile whose bytes were stored before is stored as a reference to them.
func (w *Writer) Put(id tiles.ID, raw []byte) error {
	if !id.Valid() {
		return fmt.Errorf("%s: tile %v is outside the pyramid", w.path, id)
	}
	if err := w.failure(); err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	sum := sha256.Sum256(raw)
	data, repeated := w.ids[sum]
	if !repeated {
		data = int64(len(w.ids)) + 1
		w.ids[sum] = data
		w.store(data, raw)
	}
	w.shallow = append(w.shallow, shallowRow{id, data})
	return nil
}

// store compresses raw aside and queues it in the order of ids.
func (w *Writer) store(id int64, raw []byte) {
	raw = bytes.Clone(raw)
	b := &blob{id: id, done: make(chan struct{})}
	w.slots <- struct{}{}
	w.stored.Go(func() {
		b.packed, b.err = pack(raw)
		close(b.done)
		<-w.slots
	})
	w.queue <- b
}

// pack compresses with a fixed level and a header without time or name: the
// same bytes on every run.
func pack(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzipLevel)
	if err != nil {
		return nil, err
	}
	_, err = z.Write(raw)
	if err := errors.Join(err, z.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Abort gives the file up and leaves nothing behind. After Close it does
// nothing.
func (w *Writer) Abort() error {
	if w.db == nil {
		return nil
	}
	w.finishStoring()
	var err error
	if w.tx != nil {
		err = w.tx.Rollback()
	}
	err = errors.Join(err, w.db.Close(), os.Remove(w.path+".part"))
	w.db = nil
	return err
}

func (w *Writer) finishStoring() {
	if w.queue != nil {
		close(w.queue)
		w.stored.Wait()
		w.queue = nil
	}
}

// Close completes the file, syncs it and gives it its name.
func (w *Writer) Close() error {
	w.finishStoring()
	err := w.failure()
	if err == nil {
		err = w.complete()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", w.path, err), w.Abort())
	}
	if err := w.db.Close(); err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	w.db = nil
	return install(w.path+".part", w.path)
}

// complete writes everything but the blobs, which are there already.
func (w *Writer) complete() error {
	slices.SortFunc(w.shallow, func(a, b shallowRow) int { return compareStored(a.id, b.id) })
	insert, err := w.tx.Prepare("INSERT INTO tiles_shallow VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	for _, r := range w.shallow {
		if _, err := insert.Exec(r.id.Z, r.id.X, southUp(r.id), r.data); err != nil {
			return errors.Join(fmt.Errorf("tile %v: %w", r.id, err), insert.Close())
		}
	}
	if err := insert.Close(); err != nil {
		return err
	}
	w.fillMetadata()
	sum, err := aggregate(w.tx)
	if err != nil {
		return err
	}
	rows, err := w.meta.rows()
	if err != nil {
		return err
	}
	for _, r := range append(rows, row{"agg_tiles_hash", sum}) {
		if _, err := w.tx.Exec("INSERT INTO metadata VALUES (?, ?)", r.name, r.value); err != nil {
			return err
		}
	}
	return w.tx.Commit()
}

// compareStored orders tiles as the key of the file does.
func compareStored(a, b tiles.ID) int {
	if a.Z == b.Z && a.X == b.X {
		return b.Compare(a)
	}
	return a.Compare(b)
}

// fillMetadata makes the metadata tell the real range of the tiles.
func (w *Writer) fillMetadata() {
	m := &w.meta
	if len(w.shallow) == 0 {
		return
	}
	m.MinZoom, m.MaxZoom = w.shallow[0].id.Z, w.shallow[len(w.shallow)-1].id.Z
	if m.Bounds == [4]float64{} {
		ranges := make([]tileRange, int(m.MaxZoom)+1)
		for _, s := range w.shallow {
			if ranges[s.id.Z].count == 0 {
				ranges[s.id.Z] = newTileRange(s.id.Z)
			}
			ranges[s.id.Z].add(s.id)
		}
		m.Bounds = ranges[m.MaxZoom].bounds()
		for _, r := range ranges[:m.MaxZoom] {
			if r.count > 0 {
				m.Bounds = r.reach(m.Bounds)
			}
		}
	}
	if m.Center == [3]float64{} {
		m.Center = [3]float64{(m.Bounds[0] + m.Bounds[2]) / 2, (m.Bounds[1] + m.Bounds[3]) / 2, float64(m.MinZoom+m.MaxZoom) / 2}
	}
	for i := range m.Layers {
		m.Layers[i].MinZoom = max(m.Layers[i].MinZoom, m.MinZoom)
		m.Layers[i].MaxZoom = min(m.Layers[i].MaxZoom, m.MaxZoom)
	}
}

// install syncs a complete file, gives it its name and syncs the folder.
func install(part, path string) error {
	if err := syncPath(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
