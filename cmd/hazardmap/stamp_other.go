//go:build !unix

package main

import (
	"fmt"
	"io/fs"
)

func identity(info fs.FileInfo) string { return fmt.Sprint(info.Size(), info.ModTime().UnixNano()) }
