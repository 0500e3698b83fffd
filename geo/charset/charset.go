// Package charset answers in which of the two encodings of Japanese open data
// a text is written, and hands it on as UTF-8.
//
// CP932 (Windows-31J) is meant where files say "Shift_JIS": it holds the ① and
// Ⅱ that zone names use and plain Shift_JIS does not. The choice is made by the
// bytes, never by what a header claims.
package charset

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Name is an encoding.
type Name string

// The encodings that [Decode] tells apart.
const (
	UTF8  Name = "UTF-8"
	CP932 Name = "CP932"
)

// Errors of texts that are in neither encoding.
var (
	ErrUTF16   = errors.New("text is UTF-16, want UTF-8 or CP932")
	ErrInvalid = errors.New("bytes are neither UTF-8 nor CP932")
)

// window is how many bytes, from the first that is not ASCII, decide.
const window = 64 << 10

// Decode returns r as UTF-8 without a byte order mark, and what the first 64 KB
// show it to be. Where they are ASCII the name is [UTF8] for now and the reader
// decides at the first other byte, as a map of a river may name it only after
// a megabyte of coordinates. Bytes that do not fit end the text with an error.
func Decode(r io.Reader) (io.Reader, Name, error) {
	d := &decoder{src: bufio.NewReaderSize(r, 2*window)}
	head, err := d.src.Peek(3)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		d.skip(3)
		d.name = UTF8
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return nil, "", ErrUTF16
	default:
		if head, err = d.src.Peek(2 * window); err != nil && err != io.EOF {
			return nil, "", err
		}
		if i := firstNonASCII(head[:min(window, len(head))]); i < min(window, len(head)) {
			if d.name, err = sniff(head[i:], int64(i)); err != nil {
				return nil, "", err
			}
		}
	}
	if d.name == "" {
		return d, UTF8, nil
	}
	return d, d.name, nil
}

// sniff names the encoding of text that starts with a byte beyond ASCII. Text
// that both encodings could have written is UTF-8: in CP932 it would be a
// handful of half-width kana that make no word.
func sniff(text []byte, at int64) (Name, error) {
	if n := validUTF8(text); n == len(text) || (len(text)-n < utf8.UTFMax && !utf8.FullRune(text[n:])) {
		return UTF8, nil
	}
	if _, n, bad := appendCP932(nil, text); bad {
		return "", fmt.Errorf("byte %d: %w", at+int64(n), ErrInvalid)
	}
	return CP932, nil
}

func firstNonASCII(b []byte) int {
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

// validUTF8 returns the length of the longest valid prefix of b.
func validUTF8(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	n := 0
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		n += size
	}
	return n
}

// decoder is the reader that Decode returns.
type decoder struct {
	src  *bufio.Reader
	name Name   // "" until a byte beyond ASCII came
	at   int64  // bytes taken from src
	out  []byte // decoded and not yet handed on
	buf  []byte // where out lies
}

func (d *decoder) skip(n int) {
	n, _ = d.src.Discard(n) // bytes that were peeked are there
	d.at += int64(n)
}

// Read hands on what one look at the source yields.
func (d *decoder) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(d.out) == 0 {
		if err := d.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

// next decodes what the source has buffered, or one more read of it.
func (d *decoder) next() error {
	chunk, err := d.peek(1)
	if len(chunk) == 0 {
		return err
	}
	if d.name == "" {
		if i := firstNonASCII(chunk); i > 0 {
			d.emit(chunk[:i], i)
			return nil
		}
		if chunk, err = d.src.Peek(window); err != nil && err != io.EOF {
			return err
		}
		if d.name, err = sniff(chunk, d.at); err != nil {
			return err
		}
	}
	return d.decode(chunk)
}

// peek returns what is buffered, at least n bytes unless the source ends.
func (d *decoder) peek(n int) ([]byte, error) {
	if chunk, err := d.src.Peek(n); len(chunk) < n {
		return chunk, err
	}
	return d.src.Peek(max(n, d.src.Buffered()))
}

// decode emits the whole characters of a chunk. One that the chunk cuts off is
// looked at again with the bytes that follow it.
func (d *decoder) decode(chunk []byte) error {
	for {
		n, bad := 0, false
		if d.name == UTF8 {
			n = validUTF8(chunk)
			d.emit(chunk[:n], n)
			bad = n == 0 && utf8.FullRune(chunk)
		} else {
			d.buf, n, bad = appendCP932(d.buf[:0], chunk)
			d.out = d.buf
			d.skip(n)
		}
		if n > 0 {
			return nil
		}
		if bad {
			return fmt.Errorf("byte %d: %w", d.at, ErrInvalid)
		}
		more, err := d.peek(len(chunk) + 1)
		if len(more) == len(chunk) {
			if err == io.EOF {
				return fmt.Errorf("byte %d: text ends inside a character: %w", d.at, ErrInvalid)
			}
			return err
		}
		chunk = more
	}
}

// emit hands on n bytes of the source as they are.
func (d *decoder) emit(text []byte, n int) {
	d.buf = append(d.buf[:0], text...)
	d.out = d.buf
	d.skip(n)
}
