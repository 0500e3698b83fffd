package web

import "testing"

func TestAcceptsGzip(t *testing.T) {
	tests := []struct {
		header []string
		want   bool
	}{
		{nil, false},
		{[]string{""}, false},
		{[]string{"gzip"}, true},
		{[]string{"gzip, deflate, br, zstd"}, true},
		{[]string{"br"}, false},
		{[]string{"br", "gzip"}, true},
		{[]string{"GZIP"}, true},
		{[]string{"x-gzip"}, true},
		{[]string{"identity"}, false},
		{[]string{"*"}, true},
		{[]string{"*;q=0"}, false},
		{[]string{"gzip;q=0"}, false},
		{[]string{"gzip; q=0.000"}, false},
		{[]string{"gzip;q=0.001"}, true},
		{[]string{"gzip;q=0, *"}, false},
		{[]string{"*, gzip;q=0"}, false},
		{[]string{"gzipped"}, false},
		{[]string{",,;;,"}, false},
		{[]string{"gzip;q="}, true},
	}
	for _, tt := range tests {
		if got := acceptsGzip(tt.header); got != tt.want {
			t.Errorf("acceptsGzip(%q) = %v, want %v", tt.header, got, tt.want)
		}
	}
}

func TestMatches(t *testing.T) {
	const tag = `"00ff-g"`
	tests := []struct {
		header []string
		want   bool
	}{
		{nil, false},
		{[]string{`"00ff-g"`}, true},
		{[]string{`W/"00ff-g"`}, true},
		{[]string{`"00ff-i"`}, false},
		{[]string{`"00ff-i", "00ff-g"`}, true},
		{[]string{`"00ff-i"`, `"00ff-g"`}, true},
		{[]string{`*`}, true},
		{[]string{`00ff-g`}, false},
		{[]string{`"00ff-g`}, false},
		{[]string{``}, false},
	}
	for _, tt := range tests {
		if got := matches(tt.header, tag); got != tt.want {
			t.Errorf("matches(%q, %q) = %v, want %v", tt.header, tag, got, tt.want)
		}
	}
}
