package url

import (
	"maps"
	"net/url"
	"slices"
	"testing"
)

// FuzzURL: what is read and written is what net/url reads and writes.
func FuzzURL(f *testing.F) {
	for _, s := range []string{"", "-1", "NaN", "a=1&b=2&a=3", "q=%E9%81%BF", "q=%E", "a;b", "=&&=x", "x=+%20+", "a/b?c,d;e", "%zz=1&ok=2", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseQuery(s)
		want, wantErr := url.ParseQuery(s)
		if (err == nil) != (wantErr == nil) || !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("ParseQuery(%q) = %v, %v, want %v, %v", s, got, err, want, wantErr)
		}
		if got, want := got.Encode(), want.Encode(); got != want {
			t.Errorf("Encode of %q = %q, want %q", s, got, want)
		}
		if got, want := QueryEscape(s), url.QueryEscape(s); got != want {
			t.Errorf("QueryEscape(%q) = %q, want %q", s, got, want)
		}
		if got, want := PathEscape(s), url.PathEscape(s); got != want {
			t.Errorf("PathEscape(%q) = %q, want %q", s, got, want)
		}
		path, err := PathUnescape(s)
		wantPath, wantErr := url.PathUnescape(s)
		if (err == nil) != (wantErr == nil) || path != wantPath {
			t.Errorf("PathUnescape(%q) = %q, %v, want %q, %v", s, path, err, wantPath, wantErr)
		}
	})
}
