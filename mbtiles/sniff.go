package mbtiles

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
)

// Encoding says how a stored tile is compressed.
type Encoding string

// The encodings met in MBTiles files, named as HTTP names them.
const (
	Identity Encoding = ""
	Gzip     Encoding = "gzip"
	Zlib     Encoding = "deflate"
)

// Limits on one tile: what a writer in good faith never reaches.
const (
	maxRawTile      = 4 << 20
	maxInflateRatio = 1000
)

// Sniff tells the format and the encoding of a stored tile from its first
// bytes: metadata rows are often wrong about them.
func Sniff(data []byte) (format string, enc Encoding, err error) {
	switch {
	case len(data) >= 2 && data[0] == 0x1f && data[1] == 0x8b:
		return "pbf", Gzip, nil
	case bytes.HasPrefix(data, []byte("\x89PNG")):
		return "png", Identity, nil
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return "jpg", Identity, nil
	case len(data) >= 12 && bytes.HasPrefix(data, []byte("RIFF")) && string(data[8:12]) == "WEBP":
		return "webp", Identity, nil
	case len(data) >= 2 && data[0]&0x0f == 8 && data[0]>>4 <= 7 && (uint(data[0])<<8|uint(data[1]))%31 == 0:
		return "pbf", Zlib, nil
	case len(data) == 0 || data[0] == 0x1a: // field 3, a layer
		return "pbf", Identity, nil
	case data[0] == '{' || data[0] == '[':
		return "json", Identity, nil
	}
	return "", Identity, fmt.Errorf("first bytes %X are of no known tile format", data[:min(len(data), 4)])
}

// Inflate returns the raw bytes of a stored tile. It refuses what grows beyond
// 4 MiB or a thousandfold.
func Inflate(data []byte, enc Encoding) ([]byte, error) {
	var r io.ReadCloser
	var err error
	switch enc {
	case Identity:
		if len(data) > maxRawTile {
			return nil, errTooLarge
		}
		return data, nil
	case Gzip:
		r, err = gzip.NewReader(bytes.NewReader(data))
	case Zlib:
		r, err = zlib.NewReader(bytes.NewReader(data))
	default:
		return nil, fmt.Errorf("encoding %q is not known", enc)
	}
	if err != nil {
		return nil, err
	}
	limit := min(maxRawTile, int64(len(data))*maxInflateRatio)
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	if int64(len(raw)) > limit {
		return nil, errTooLarge
	}
	return raw, nil
}

var errTooLarge = errors.New("raw tile is larger than 4 MiB or a thousand times its stored size")
