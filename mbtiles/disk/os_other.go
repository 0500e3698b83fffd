//go:build !linux

package disk

import "errors"

// Exchange is not offered here.
func (OS) Exchange(string, string) error { return errors.ErrUnsupported }
