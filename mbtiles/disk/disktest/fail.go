package disktest

import (
	"io/fs"

	"hazardmap/mbtiles/disk"
)

// Failing is a disk on which one operation fails.
type Failing struct {
	disk.Disk
	At      int   // the number of the operation, from 0
	Err     error // how it fails
	Lasting bool  // so do all that come after it

	Done int // operations asked for
}

func (f *Failing) fail(op, path string) error {
	n := f.Done
	f.Done++
	if n == f.At || (f.Lasting && n > f.At) {
		return &fs.PathError{Op: op, Path: path, Err: f.Err}
	}
	return nil
}

// Create fails or makes a file whose operations may fail.
func (f *Failing) Create(path string) (disk.File, error) {
	if err := f.fail("create", path); err != nil {
		return nil, err
	}
	file, err := f.Disk.Create(path)
	return failingFile{file, f, path}, err
}

type failingFile struct {
	disk.File
	f    *Failing
	path string
}

// Write fails half-way.
func (f failingFile) Write(data []byte) (int, error) {
	if err := f.f.fail("write", f.path); err != nil {
		n, _ := f.File.Write(data[:len(data)/2])
		return n, err
	}
	return f.File.Write(data)
}

func (f failingFile) Sync() error {
	if err := f.f.fail("sync", f.path); err != nil {
		return err
	}
	return f.File.Sync()
}

// Mkdir fails or makes a directory.
func (f *Failing) Mkdir(path string) error {
	if err := f.fail("mkdir", path); err != nil {
		return err
	}
	return f.Disk.Mkdir(path)
}

// Rename fails or renames.
func (f *Failing) Rename(from, to string) error {
	if err := f.fail("rename", from); err != nil {
		return err
	}
	return f.Disk.Rename(from, to)
}

// Exchange fails or swaps two names.
func (f *Failing) Exchange(a, b string) error {
	if err := f.fail("exchange", a); err != nil {
		return err
	}
	return f.Disk.Exchange(a, b)
}

// Remove fails or removes.
func (f *Failing) Remove(path string) error {
	if err := f.fail("remove", path); err != nil {
		return err
	}
	return f.Disk.Remove(path)
}

// Sync fails or syncs.
func (f *Failing) Sync(path string) error {
	if err := f.fail("sync", path); err != nil {
		return err
	}
	return f.Disk.Sync(path)
}

// Free fails or tells.
func (f *Failing) Free(dir string) (int64, error) {
	if err := f.fail("statfs", dir); err != nil {
		return 0, err
	}
	return f.Disk.Free(dir)
}
