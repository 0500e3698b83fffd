package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"aead.dev/minisign"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/disk"
)

// spare is what must stay free on the disk beside a dataset.
const spare = 16 << 20

// Errors that an installer may act on.
var (
	ErrNoKey    = errors.New("no key is trusted here yet")
	ErrNoSpace  = errors.New("not enough space")
	ErrOtherOne = errors.New("is of another dataset")
	ErrBusy     = errors.New("another installation is under way")
)

// Install puts the dataset of a bundle in place of the current one, which
// becomes the previous one. After an error the same is shown as before. Keys that
// are handed over are trusted from now on.
func (s *Store) Install(ctx context.Context, r io.Reader, keys []minisign.PublicKey, progress dataset.Progress) (bundle.Pointer, error) {
	unlock, err := s.lock()
	if err != nil {
		return bundle.Pointer{}, err
	}
	defer unlock()
	i := installer{Store: s, keys: keys, progress: progress}
	return i.install(ctx, r)
}

// installer is one installation.
type installer struct {
	*Store
	keys     []minisign.PublicKey
	progress dataset.Progress

	before  bundle.Trusted
	trusted bundle.Trusted
	highest highest
}

func (i *installer) install(ctx context.Context, r io.Reader) (bundle.Pointer, error) {
	var err error
	if i.before, err = i.Store.trusted(); err != nil {
		return bundle.Pointer{}, err
	}
	i.trusted = i.before.With(i.keys)
	if len(i.trusted.Keys) == 0 {
		return bundle.Pointer{}, fmt.Errorf("%s: %w", i.Dir, ErrNoKey)
	}
	if i.highest, err = i.Store.highest(); err != nil {
		return bundle.Pointer{}, err
	}
	if err := errors.Join(i.disk().Sync(i.Dir), i.clean()); err != nil {
		return bundle.Pointer{}, err
	}
	b, err := bundle.Open(r, i.trusted.Keys)
	if err != nil {
		return bundle.Pointer{}, err
	}
	defer b.Close()
	if err := i.admits(b.Pointer); err != nil {
		return b.Pointer, err
	}
	if err := i.unpack(ctx, b); err != nil {
		return b.Pointer, errors.Join(err, i.disk().Remove(i.path(b.Pointer.Version+partSuffix)))
	}
	if err := i.place(ctx, b); err != nil {
		return b.Pointer, err
	}
	return b.Pointer, i.clean()
}

// admits checks everything that the pointer alone can tell.
func (i *installer) admits(p bundle.Pointer) error {
	if err := errors.Join(p.ReadableBy(i.Program), i.highest.admits(p, i.trusted), i.sameDataset(p)); err != nil {
		return err
	}
	free, err := i.disk().Free(i.Dir)
	if err != nil {
		return err
	}
	if need := p.Bytes + spare; free < need {
		return fmt.Errorf("%s: %w: needs %d MB, %d MB are free", i.Dir, ErrNoSpace, need>>20+1, free>>20)
	}
	return nil
}

// sameDataset keeps one city's map from taking the place of another's.
func (i *installer) sameDataset(p bundle.Pointer) error {
	for _, name := range []string{currentName, previousName} {
		if q, _, err := i.pointer(name, i.before); err == nil && q.Dataset != p.Dataset {
			return fmt.Errorf("%w: %s %s, the store holds %s %s", ErrOtherOne, p.Dataset, p.Area, q.Dataset, q.Area)
		}
	}
	return nil
}

// unpack writes the dataset aside, checks all of it and gives it its name.
func (i *installer) unpack(ctx context.Context, b *bundle.Reader) error {
	d, out := i.disk(), i.path(b.Pointer.Version)
	part := out + partSuffix
	if err := d.Remove(part); err != nil {
		return err
	}
	if err := b.Unpack(ctx, d, part); err != nil {
		return err
	}
	if err := d.Sync(part); err != nil {
		return err
	}
	if err := dataset.Verify(ctx, part, i.progress); err != nil {
		return err
	}
	if err := i.name(ctx, part, b.Pointer); err != nil {
		return err
	}
	return d.Sync(i.Dir)
}

// name gives what was unpacked the name of its version. Where that is taken
// already, the one there stays unless it is damaged.
func (i *installer) name(ctx context.Context, part string, p bundle.Pointer) error {
	d, out := i.disk(), i.path(p.Version)
	if _, err := os.Lstat(out); errors.Is(err, fs.ErrNotExist) {
		return d.Rename(part, out)
	}
	if i.checkFiles(ctx, p) == nil {
		return d.Remove(part)
	}
	if err := d.Exchange(part, out); !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err := d.Remove(out); err != nil {
		return err
	}
	return d.Rename(part, out)
}

// place makes the dataset the current one. The keys and the sequence number
// come first: what was switched to can never be older than they say.
func (i *installer) place(ctx context.Context, b *bundle.Reader) error {
	trusted, err := i.trusted.Replaced(b.Pointer)
	if err != nil {
		return err
	}
	if text := trusted.Bytes(); string(text) != string(i.before.Bytes()) {
		if err := disk.WriteFile(i.disk(), i.path(trustedName), text); err != nil {
			return err
		}
	}
	i.highest[bundle.KeyID(b.Key.ID())] = seen{b.Pointer.Sequence, b.Pointer.Version}
	if err := i.writeHighest(i.highest); err != nil {
		return err
	}
	if err := i.keepPrevious(ctx, b.Pointer); err != nil {
		return err
	}
	if err := i.disk().Sync(i.Dir); err != nil {
		return err
	}
	if err := disk.WriteFile(i.disk(), i.path(currentName), b.Signed); err != nil {
		return err
	}
	return i.disk().Sync(i.Dir)
}

// keepPrevious makes the current dataset the previous one, unless it is the
// same as the new one or damaged: then the last good one stays.
func (i *installer) keepPrevious(ctx context.Context, next bundle.Pointer) error {
	p, signed, err := i.pointer(currentName, i.before)
	if err != nil || p.Version == next.Version || i.checkFiles(ctx, p) != nil {
		return ctx.Err()
	}
	return disk.WriteFile(i.disk(), i.path(previousName), signed)
}
