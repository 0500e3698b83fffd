package main

import (
	"errors"
	"io/fs"
	"syscall"
)

// hintFor says what to do about a disk that refuses.
func hintFor(err error) string {
	for _, known := range []struct {
		err  error
		hint string
	}{
		{syscall.ENOSPC, "the disk is full: free space on it and try again; what was there before is still in use"},
		{syscall.EDQUOT, "the quota is used up: free space and try again; what was there before is still in use"},
		{syscall.EROFS, "the disk is mounted read-only: remount it for writing, or choose another directory"},
		{syscall.EIO, "the disk fails: look at the system log and replace it; what was there before is still in use if it can be read"},
		{fs.ErrPermission, "this user may not write there: run as the owner of the directory, or choose another"},
	} {
		if errors.Is(err, known.err) {
			return known.hint
		}
	}
	return ""
}
