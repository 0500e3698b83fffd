package dataset

import (
	"errors"

	"golang.org/x/sys/unix"
)

// exchange swaps the names of two directories in one step, where the file
// system can.
func exchange(part, out string) error {
	err := unix.Renameat2(unix.AT_FDCWD, part, unix.AT_FDCWD, out, unix.RENAME_EXCHANGE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return replace(part, out)
	}
	return err
}
