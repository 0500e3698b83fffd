package fmt

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

type named struct{}

func (named) String() string { return "name" }

// TestSprintf: what is written is what the standard library writes.
func TestSprintf(t *testing.T) {
	tests := []struct {
		format string
		args   []any
	}{
		{"", nil},
		{"plain", nil},
		{"100 %%", nil},
		{"%s and %d", []any{"text", 7}},
		{"%v %v %v %v", []any{int8(-1), uint8(2), int16(-3), uint16(4)}},
		{"%d %d %d %d", []any{int32(-5), uint32(6), int64(-7), uint64(8)}},
		{"%v %v", []any{uint(9), true}},
		{"%v", []any{1.5}},
		{"%q %s", []any{"quo\"te", []byte("bytes")}},
		{"%v %s", []any{named{}, io.EOF}},
		{"%s %d", []any{"one"}},
		{"避難 %s", []any{"所"}},
	}
	for _, tt := range tests {
		want := fmt.Sprintf(tt.format, tt.args...)
		if got := Sprintf(tt.format, tt.args...); got != want {
			t.Errorf("Sprintf(%q, %v) = %q, want %q", tt.format, tt.args, got, want)
		}
		var b strings.Builder
		if n, err := Fprintf(&b, tt.format, tt.args...); n != len(want) || err != nil || b.String() != want {
			t.Errorf("Fprintf(%q) writes %q, %d, %v", tt.format, b.String(), n, err)
		}
	}
}

func TestErrorf(t *testing.T) {
	err := Errorf("file: record %d: %w", 3, io.ErrUnexpectedEOF)
	if err.Error() != "file: record 3: unexpected EOF" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, which must be the cause too", err)
	}
	if err := Errorf("plain %v", io.EOF); err.Error() != "plain EOF" || errors.Is(err, io.EOF) {
		t.Errorf("got %v, which must not be the cause: %%v hides it", err)
	}
}
