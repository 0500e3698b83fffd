//go:build unix

package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// Free returns how many bytes an ordinary user may still write.
func (OS) Free(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
