package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// TestHintForDisk: whoever installs at night reads what to do.
func TestHintForDisk(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{syscall.ENOSPC, "hint: the disk is full"},
		{syscall.EROFS, "hint: the disk is mounted read-only"},
		{syscall.EIO, "hint: the disk fails"},
		{syscall.EPERM, "hint: this user may not write there"},
		{syscall.EACCES, "hint: this user may not write there"},
		{hinted{syscall.ENOSPC, "sooner said"}, "hint: sooner said"},
	} {
		var out bytes.Buffer
		err := fmt.Errorf("install: %w", fmt.Errorf("new.hazmap: %w", tt.err))
		if path, ok := tt.err.(syscall.Errno); ok {
			err = fmt.Errorf("install: %w", &fs.PathError{Op: "write", Path: "current.part", Err: path})
		}
		if status := report(&out, err); status != 1 || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%v: status %d, %q, want %q", tt.err, status, out.String(), tt.want)
		}
	}
	var out bytes.Buffer
	if report(&out, fs.ErrNotExist); strings.Contains(out.String(), "hint") {
		t.Errorf("a file that is not there: %q", out.String())
	}
}
