package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestParsePoint(t *testing.T) {
	tests := []struct {
		in   string
		want Point
		ok   bool
	}{
		{"36.2740,139.2244", Point{139.2244, 36.274}, true},
		{"-33.9,151.2", Point{151.2, -33.9}, true},
		{"0,0", Point{}, true},
		{"90,180", Point{180, 90}, true},
		{"139.2244,36.2740", Point{}, false}, // longitude first
		{"90.1,0", Point{}, false},
		{"36.2740", Point{}, false},
		{"36.2740, 139.2244", Point{}, false},
		{"36.2740,139.2244,0", Point{}, false},
		{"+36,139", Point{}, false},
		{"3.6e1,139", Point{}, false},
		{"NaN,139", Point{}, false},
		{"Inf,139", Point{}, false},
		{"0x24,139", Point{}, false},
		{"36.,139", Point{}, false},
		{".5,139", Point{}, false},
		{"３６,１３９", Point{}, false},
		{"36.27400000001,139", Point{}, false},
		{"-1", Point{}, false},
		{"", Point{}, false},
	}
	for _, tt := range tests {
		got, err := ParsePoint(tt.in)
		if (err == nil) != tt.ok || (tt.ok && got != tt.want) {
			t.Errorf("ParsePoint(%q) = %v, %v; want %v, ok %t", tt.in, got, err, tt.want, tt.ok)
		}
	}
}

// FuzzParsePoint: what is accepted lies on the Earth and survives being
// written and read again, to the lattice of 1e-7 degree.
func FuzzParsePoint(f *testing.F) {
	for _, seed := range []string{"36.2740,139.2244", "-1", "NaN,NaN", "", "36.27", "1e5,2", "-0,-0.0", "90,180.0000001"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePoint(s)
		if err != nil {
			return
		}
		if math.IsNaN(p.Lat) || p.Lat < -90 || p.Lat > 90 || p.Lon < -180 || p.Lon > 180 {
			t.Fatalf("ParsePoint(%q) = %v, not on the Earth", s, p)
		}
		again, err := ParsePoint(p.String())
		if err != nil {
			t.Fatalf("ParsePoint(%q) wrote %q, which it does not read: %v", s, p, err)
		}
		if math.Abs(again.Lat-p.Lat) > 0.6e-7 || math.Abs(again.Lon-p.Lon) > 0.6e-7 {
			t.Fatalf("ParsePoint(%q) = %v, read again %v", s, p, again)
		}
	})
}

func TestDistanceAndBearing(t *testing.T) {
	cityHall := Point{139.1969, 36.3111}
	tests := []struct {
		name    string
		to      Point
		metres  Metres
		compass string
	}{
		{"itself", cityHall, 0, "N"},
		{"a minute of latitude north", Point{139.1969, 36.3111 + 1.0/60}, 1853, "N"},
		{"a tenth of a degree east", Point{139.2969, 36.3111}, 8960, "E"},
		{"south-west", Point{139.1869, 36.3031}, 1265, "SW"},
	}
	for _, tt := range tests {
		d := cityHall.Distance(tt.to)
		if math.Abs(float64(d-tt.metres)) > 0.005*float64(tt.metres) {
			t.Errorf("%s: Distance = %.0f m, want %.0f", tt.name, d, tt.metres)
		}
		if got := Compass(cityHall.Bearing(tt.to)); got != tt.compass {
			t.Errorf("%s: Compass = %s, want %s", tt.name, got, tt.compass)
		}
	}
}

func TestDistanceIsSymmetric(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		p := Point{139 + rng.Float64(), 36 + rng.Float64()}
		q := Point{139 + rng.Float64(), 36 + rng.Float64()}
		if there, back := p.Distance(q), q.Distance(p); math.Abs(float64(there-back)) > 1e-6 {
			t.Fatalf("%v → %v is %v, back %v", p, q, there, back)
		}
	}
}

func TestE7RoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		e := E7{Lon: int32(1.39e9) + rng.Int32N(1e7), Lat: int32(3.6e8) + rng.Int32N(1e7)}
		if got := e.Point().E7(); got != e {
			t.Fatalf("%v.Point().E7() = %v", e, got)
		}
	}
}

func TestAttributes(t *testing.T) {
	attr := Attributes{
		"text": " 東本郷町\u3000", "blank": " ", "null": nil, "number": 3.0, "spreadsheet": "131016.0",
		"depth": "0.5", "zero": "01", "flag": true,
	}
	texts := map[string]string{"text": "東本郷町", "blank": "", "null": "", "missing": "", "number": "3", "spreadsheet": "131016.0", "flag": "1"}
	for name, want := range texts {
		if got := attr.Text(name); got != want {
			t.Errorf("Text(%q) = %q, want %q", name, got, want)
		}
	}
	codes := map[string]string{"spreadsheet": "131016", "depth": "0.5", "zero": "01", "number": "3", "blank": ""}
	for name, want := range codes {
		if got := attr.Code(name); got != want {
			t.Errorf("Code(%q) = %q, want %q", name, got, want)
		}
	}
	if n, ok := attr.Int("number"); n != 3 || !ok {
		t.Errorf("Int(number) = %d, %t, want 3", n, ok)
	}
	if _, ok := attr.Int("blank"); ok {
		t.Error("Int(blank) is a number")
	}
}
