package web

import (
	"os"
	"syscall"
)

// mapFile maps the first size bytes of a file for reading. The mapping stays
// when the file is closed.
func mapFile(file *os.File, size int) ([]byte, func() error, error) {
	if size == 0 {
		return nil, func() error { return nil }, nil
	}
	body, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, os.NewSyscallError("mmap", err)
	}
	return body, func() error { return syscall.Munmap(body) }, nil
}
