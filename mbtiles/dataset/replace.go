package dataset

import (
	"errors"
	"os"
	"path/filepath"

	"hazardmap/mbtiles/disk"
)

// oldSuffix names the dataset before while the new one takes its place.
const oldSuffix = ".old"

// replace swaps two directories in steps; a crash between them leaves the old
// dataset whole beside its name, where restore finds it.
func replace(d disk.Disk, part, out string) error {
	if err := d.Rename(out, out+oldSuffix); err != nil {
		return err
	}
	if err := d.Sync(filepath.Dir(out)); err != nil {
		return errors.Join(err, d.Rename(out+oldSuffix, out))
	}
	if err := d.Rename(part, out); err != nil {
		return errors.Join(err, d.Rename(out+oldSuffix, out))
	}
	if err := d.Sync(filepath.Dir(out)); err != nil {
		return err
	}
	return d.Rename(out+oldSuffix, part)
}

// tidy undoes a replacement that a crash cut in two, then removes what it left.
func tidy(d disk.Disk, part, out string) error {
	if err := restore(d, out); err != nil {
		return err
	}
	if _, err := os.Lstat(part); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	// Until the names are on the disk, part may still be the dataset there.
	if err := d.Sync(filepath.Dir(out)); err != nil {
		return err
	}
	return d.Remove(part)
}

func restore(d disk.Disk, out string) error {
	if _, err := os.Lstat(out); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Lstat(out + oldSuffix); err != nil {
		return nil
	}
	return d.Rename(out+oldSuffix, out)
}
