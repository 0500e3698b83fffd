package dataset

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"hazardmap/mbtiles/disk"
)

// publish makes part, a complete directory, the one at out. At any moment a
// crash leaves either the old or the new dataset whole under that name, or,
// where the file system cannot exchange names, beside it where [restore] finds
// it. After an error part stays: it may be the old dataset, and the only one
// that is sure to be on the disk.
func publish(d disk.Disk, part, out string) error {
	if err := disk.SyncTree(d, part); err != nil {
		return err
	}
	_, err := os.Lstat(out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = d.Rename(part, out)
	case err == nil:
		err = d.Exchange(part, out)
		if errors.Is(err, errors.ErrUnsupported) {
			err = replace(d, part, out)
		}
	}
	if err != nil {
		return err
	}
	if err := d.Sync(filepath.Dir(out)); err != nil {
		return err
	}
	return d.Remove(part) // what was the old dataset
}
