//go:build !unix

package dataset

import "os"

func privateDir() (dir string, remove func() error, err error) {
	dir, err = os.MkdirTemp("", privatePrefix)
	return dir, func() error { return os.RemoveAll(dir) }, err
}
