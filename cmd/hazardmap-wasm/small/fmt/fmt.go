// Package fmt stands for the standard library's fmt in the program of the
// phone, where it writes the texts of faults and a few numbers of pictures.
//
// It knows the verbs %s, %d, %v, %q and %w, without flags, for texts, whole
// numbers, faults and what names itself. That is all that the pages and what
// they read use, and a twentieth of what a phone would fetch less.
package fmt

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// Stringer names itself.
type Stringer interface{ String() string }

// State, Formatter and GoStringer are there for packages that offer them;
// nothing here calls them.
type (
	State interface {
		Write(b []byte) (n int, err error)
		Width() (wid int, ok bool)
		Precision() (prec int, ok bool)
		Flag(c int) bool
	}
	Formatter  interface{ Format(f State, verb rune) }
	GoStringer interface{ GoString() string }
)

// Sprintf fills the verbs of a format.
func Sprintf(format string, args ...any) string {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(format, "%")
		b.WriteString(text)
		if !found || rest == "" {
			return b.String()
		}
		verb := rest[0]
		format = rest[1:]
		switch {
		case verb == '%':
			b.WriteByte('%')
		case len(args) == 0:
			b.WriteString("%!" + string(rune(verb)) + "(MISSING)")
		case verb == 'q':
			b.WriteString(strconv.Quote(text1(args[0])))
			args = args[1:]
		default:
			b.WriteString(text1(args[0]))
			args = args[1:]
		}
	}
}

// text1 writes one value.
func text1(a any) string {
	switch v := a.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	case error:
		return v.Error()
	case Stringer:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int8:
		return strconv.Itoa(int(v))
	case int16:
		return strconv.Itoa(int(v))
	case int32:
		return strconv.Itoa(int(v))
	case int64:
		return strconv.FormatInt(v, 10)
	case uint:
		return strconv.FormatUint(uint64(v), 10)
	case uint8:
		return strconv.Itoa(int(v))
	case uint16:
		return strconv.Itoa(int(v))
	case uint32:
		return strconv.FormatUint(uint64(v), 10)
	case uint64:
		return strconv.FormatUint(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return "?"
}

// Sprint writes values one after another.
func Sprint(args ...any) string {
	var b strings.Builder
	for _, a := range args {
		b.WriteString(text1(a))
	}
	return b.String()
}

// Fprintf writes a filled format.
func Fprintf(w io.Writer, format string, args ...any) (int, error) {
	return io.WriteString(w, Sprintf(format, args...))
}

// Fprint writes values one after another.
func Fprint(w io.Writer, args ...any) (int, error) { return io.WriteString(w, Sprint(args...)) }

// Errorf makes a fault that unwraps to the first value of %w.
func Errorf(format string, args ...any) error {
	e := fault{text: Sprintf(format, args...)}
	if strings.Contains(format, "%w") {
		for _, a := range args {
			if cause, ok := a.(error); ok {
				e.causes = append(e.causes, cause)
			}
		}
	}
	if e.causes == nil {
		return errors.New(e.text)
	}
	return &e
}

type fault struct {
	text   string
	causes []error
}

func (f *fault) Error() string   { return f.text }
func (f *fault) Unwrap() []error { return f.causes }
