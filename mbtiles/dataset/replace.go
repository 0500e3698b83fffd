package dataset

import (
	"errors"
	"os"
)

// oldSuffix names the dataset before while the new one takes its place.
const oldSuffix = ".old"

// replace swaps two directories in two steps; a crash between them leaves the
// old dataset whole beside its name, where restore finds it.
func replace(part, out string) error {
	if err := os.Rename(out, out+oldSuffix); err != nil {
		return err
	}
	if err := os.Rename(part, out); err != nil {
		return errors.Join(err, os.Rename(out+oldSuffix, out))
	}
	return os.Rename(out+oldSuffix, part)
}

// restore undoes a replacement that a crash cut in two.
func restore(out string) error {
	if _, err := os.Lstat(out); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	err := os.Rename(out+oldSuffix, out)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
