package charset_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo/charset"
)

func TestDecode(t *testing.T) {
	const text = "①区域名,Ⅱ-0655,東本郷町～表ソ能\r\n"
	cp932, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   string
		want string
		enc  charset.Name
	}{
		{"empty", "", "", charset.UTF8},
		{"ASCII", "a,b\n", "a,b\n", charset.UTF8},
		{"UTF-8", text, text, charset.UTF8},
		{"UTF-8 with BOM", "\uFEFF" + text, text, charset.UTF8},
		{"BOM alone", "\uFEFF", "", charset.UTF8},
		{"CP932", string(cp932), text, charset.CP932},
		{"CP932 half-width kana", "NO,\xb1\xb2\xb3,\xc0\xde\n", "NO,ｱｲｳ,ﾀﾞ\n", charset.CP932},
		{"CP932 gaiji", "\xf0\x40\xf9\xfc", "\uE000\uE757", charset.CP932},
		{"CP932 after 300 KB of ASCII", strings.Repeat("139.5,", 50_000) + string(cp932), strings.Repeat("139.5,", 50_000) + text, charset.UTF8},
		{"CP932 at the end of the window", strings.Repeat(" ", 64<<10-1) + string(cp932), strings.Repeat(" ", 64<<10-1) + text, charset.CP932},
		{"UTF-8 at the end of the window", strings.Repeat(" ", 64<<10-1) + text, strings.Repeat(" ", 64<<10-1) + text, charset.UTF8},
		{"long UTF-8", strings.Repeat(text, 9999), strings.Repeat(text, 9999), charset.UTF8},
		{"long CP932", strings.Repeat(string(cp932), 9999), strings.Repeat(text, 9999), charset.CP932},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, src := range []io.Reader{strings.NewReader(tt.in), iotest.HalfReader(strings.NewReader(tt.in)), iotest.DataErrReader(strings.NewReader(tt.in))} {
				r, enc, err := charset.Decode(src)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(r)
				if err != nil || string(got) != tt.want || enc != tt.enc {
					t.Errorf("Decode(%.40q) = %.40q (%d bytes), %s, %v; want %.40q (%d bytes), %s", tt.in, got, len(got), enc, err, tt.want, len(tt.want), tt.enc)
				}
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct {
		name, in string
		want     error
	}{
		{"UTF-16", "\xff\xfea\x00", charset.ErrUTF16},
		{"neither", "\xfd\xfe\xff", charset.ErrInvalid},
		{"CP932 cut off", "\x88\xc9\x90\xa8\x8d\xe8\x8e", charset.ErrInvalid},
		{"UTF-8 cut off", "伊勢崎\xe5\xb8", charset.ErrInvalid},
		{"UTF-8 broken late", strings.Repeat("伊勢崎市", 20_000) + "\xff", charset.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, _, err := charset.Decode(strings.NewReader(tt.in))
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("Decode(%.20q) = %v, want %v", tt.in, err, tt.want)
			}
		})
	}
	broken := errors.New("broken")
	if _, _, err := charset.Decode(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("Decode of a broken reader = %v", err)
	}
}

func TestFromCP932(t *testing.T) {
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"", "", true},
		{"\x88\xc9\x90\xa8\x8d\xe8", "伊勢崎", true},
		{"\x87\x54-0655", "Ⅰ-0655", true},
		{"\x88\xc9\x90", "伊\uFFFD", false},
		{"\xffA\x81 B", "\uFFFDA\uFFFD B", false},
	}
	for _, tt := range tests {
		got, err := charset.FromCP932([]byte(tt.in))
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("FromCP932(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

// FuzzDecode: what comes out is UTF-8 and does not depend on how the bytes
// arrive; UTF-8 comes out as it went in.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "-1", "NaN", "\xef\xbb", "\xef\xbb\xbfx", "伊勢", "\x88\xc9", "\x88", "\xff\xfe", "a\x81"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		decode := func(src io.Reader) ([]byte, error) {
			r, _, err := charset.Decode(src)
			if err != nil {
				return nil, err
			}
			return io.ReadAll(r)
		}
		whole, err := decode(bytes.NewReader(in))
		pieces, err2 := decode(iotest.OneByteReader(bytes.NewReader(in)))
		if !bytes.Equal(whole, pieces) || (err == nil) != (err2 == nil) {
			t.Fatalf("Decode(%q) = %q, %v; byte by byte %q, %v", in, whole, err, pieces, err2)
		}
		if !utf8.Valid(whole) {
			t.Fatalf("Decode(%q) = %q, not UTF-8", in, whole)
		}
		if utf8.Valid(in) && (err != nil || !bytes.Equal(whole, bytes.TrimPrefix(in, []byte("\uFEFF")))) {
			t.Fatalf("Decode(%q) = %q, %v", in, whole, err)
		}
	})
}
