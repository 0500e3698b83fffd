package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/disk"

	"aead.dev/minisign"
)

// lifetime is how long a dataset is shown without a warning when nothing else
// is said: hazard maps are published once a year, and late.
const lifetime = 400 * 24 * time.Hour

// bundling is what `hazardmap bundle` was told.
type bundling struct {
	key, out, expires, program string
	sequence                   int64
	trust                      paths
	quiet                      bool
}

// paths is a flag that may be given several times.
type paths []string

func (p *paths) String() string { return fmt.Sprint(*p) }

func (p *paths) Set(path string) error { *p = append(*p, path); return nil }

// runBundle signs a dataset and packs it into one file.
func runBundle(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	var b bundling
	set.StringVar(&b.key, "key", "", "`FILE` with the secret key")
	set.StringVar(&b.out, "o", "", "`BUNDLE` to write")
	set.Int64Var(&b.sequence, "sequence", 0, "`NUMBER` greater than any before; 0 means the seconds since 1970")
	set.StringVar(&b.expires, "expires", "", "`DATE` from which on the data are shown with a warning; empty means in 400 days")
	set.StringVar(&b.program, "program", "", "oldest `VERSION` of hazardmap that reads it; empty means any")
	set.Var(&b.trust, "trust", "`FILE` with a public key; the keys given here replace those that are trusted so far")
	set.BoolVar(&b.quiet, "quiet", false, "say only what went wrong")
	rest, err := parse(set, args)
	switch {
	case err != nil:
		return err
	case len(rest) != 1 || b.key == "" || b.out == "":
		return p.misused(set, "want a key, an output and one dataset")
	}
	pointer, err := b.pointer(rest[0])
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	key, err := readKey(p, b.key)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	bar := newProgress(p.stderr, b.quiet)
	defer bar.finish()
	if err := dataset.Verify(ctx, rest[0], bar.tell); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	bar.finish()
	size, err := writeBundle(ctx, b.out, rest[0], pointer, key)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	if b.quiet {
		return nil
	}
	_, err = fmt.Fprintf(p.stdout, "%s: %s %s, edition %s, version %s, sequence %d, %d bytes, signed by key %s\n",
		b.out, pointer.Dataset, pointer.Area, pointer.Edition, shortVersion(pointer.Version), pointer.Sequence, size, bundle.KeyID(key.ID()))
	return err
}

func (b *bundling) pointer(dir string) (bundle.Pointer, error) {
	pointer, err := bundle.PointerTo(dir)
	if err != nil {
		return pointer, err
	}
	now := time.Now().UTC().Truncate(time.Second)
	pointer.Created, pointer.Expires, pointer.Sequence, pointer.Program = now, now.Add(lifetime), b.sequence, b.program
	if b.sequence == 0 {
		pointer.Sequence = now.Unix()
	}
	if b.expires != "" {
		if pointer.Expires, err = time.Parse(time.DateOnly, b.expires); err != nil {
			return pointer, fmt.Errorf("-expires %q: want YYYY-MM-DD", b.expires)
		}
	}
	keys, err := readTrusted(b.trust)
	for _, key := range keys {
		pointer.Keys = append(pointer.Keys, key.String())
	}
	return pointer, err
}

// readTrusted reads public keys.
func readTrusted(files []string) ([]minisign.PublicKey, error) {
	var t bundle.Trusted
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		more, err := bundle.ParseTrusted(text)
		if err == nil && len(more.Keys) == 0 {
			err = errors.New("holds no key")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		t = t.With(more.Keys)
	}
	return t.Keys, nil
}

// writeBundle writes aside and renames, so that no stick ever carries half.
func writeBundle(ctx context.Context, out, dir string, pointer bundle.Pointer, key minisign.PrivateKey) (size int64, err error) {
	d, part := disk.OS{}, out+".part"
	if err := d.Remove(part); err != nil {
		return 0, err
	}
	f, err := os.Create(part)
	if err != nil {
		return 0, err
	}
	err = bundle.Write(ctx, f, dir, pointer, key)
	if err == nil {
		err = f.Sync()
	}
	if info, statErr := f.Stat(); statErr == nil {
		size = info.Size()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, errors.Join(err, d.Remove(part))
	}
	if err := d.Rename(part, out); err != nil {
		return 0, err
	}
	return size, d.Sync(filepath.Dir(out))
}
