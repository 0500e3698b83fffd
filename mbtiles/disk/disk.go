// Package disk is the few file operations by which a dataset is put in place,
// so that a power cut at any moment leaves the one before or the new one.
//
// Whoever replaces something takes a [Disk] instead of calling the system:
// disktest then records the operations, shows every state in which a power cut
// may leave them, and makes each of them fail.
package disk

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Disk changes files. Nothing lasts before [Disk.Sync] says so: a file is
// synced by itself, its name by its directory.
type Disk interface {
	Create(path string) (File, error) // for writing; the name must be free
	Mkdir(path string) error
	Rename(from, to string) error   // within one directory; what was there is gone
	Exchange(a, b string) error     // two names of one directory; [errors.ErrUnsupported] where the file system cannot
	Remove(path string) error       // with all that is in it; what is not there is no error
	Sync(path string) error         // of a file its bytes, of a directory its names
	Free(dir string) (int64, error) // bytes that may still be written
}

// File is a file that is being written.
type File interface {
	io.Writer
	Sync() error
	Close() error
}

// OS is the disk of the operating system.
type OS struct{}

// Create makes an empty file for writing.
func (OS) Create(path string) (File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

// Mkdir makes a directory.
func (OS) Mkdir(path string) error { return os.Mkdir(path, 0o755) }

// Rename gives a file or directory another name in its directory.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove removes a file, or a directory with all that is in it.
func (OS) Remove(path string) error { return os.RemoveAll(path) }

// Sync waits until a file or the names of a directory are on the disk.
func (OS) Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// WriteFile writes a file in one step: after a crash it holds either what it
// held before or all of data. The name lasts once its directory is synced.
func WriteFile(d Disk, path string, data []byte) error {
	part := path + ".part"
	if err := d.Remove(part); err != nil {
		return err
	}
	f, err := d.Create(part)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, d.Remove(part))
	}
	return d.Rename(part, path)
}

// SyncTree brings every file of a flat directory, then its names, to the disk.
func SyncTree(d Disk, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if !e.Type().IsRegular() {
			return &os.PathError{Op: "sync", Path: path, Err: errors.New("not a regular file")}
		}
		if err := d.Sync(path); err != nil {
			return err
		}
	}
	return d.Sync(dir)
}
