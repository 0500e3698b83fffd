package archive

import (
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"hazardmap/geo/charset"
)

// entryName returns the name of an entry as a clean slash-separated path, or
// [ErrUnsafeName]. The UTF-8 flag of zips is not asked: it is often wrong, and
// one zip may hold names of both kinds.
func entryName(raw string) (string, error) {
	name := raw
	if !utf8.ValidString(name) {
		var err error
		if name, err = charset.FromCP932([]byte(raw)); err != nil {
			return "", err
		}
	}
	// Only now: in CP932 a backslash is also the second byte of 表, ソ and 能.
	name = strings.ReplaceAll(name, `\`, "/")
	clean := path.Clean(name)
	switch {
	case len(name) > 4096, strings.ContainsFunc(name, unicode.IsControl),
		strings.HasPrefix(name, "/"), len(name) >= 2 && name[1] == ':', // a drive
		clean == "." && !strings.HasSuffix(name, "/"),
		!filepath.IsLocal(filepath.FromSlash(clean)):
		return "", ErrUnsafeName
	}
	return clean, nil
}
