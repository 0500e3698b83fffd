package ogc

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestDegreesAreTheShortest(t *testing.T) {
	check := func(v float64) {
		t.Helper()
		if got, want := string(appendDegrees(nil, v)), strconv.FormatFloat(v, 'f', -1, 64); got != want {
			t.Fatalf("appendDegrees(%b) = %s, want %s", v, got, want)
		}
	}
	for _, v := range []float64{0, math.Copysign(0, -1), 1, -1, 180, -180, 1e-8, -1e-8, 5e-9, 1e7, 9999999.99999999, 1e15, 1e300, math.SmallestNonzeroFloat64, math.Nextafter(139.2, 140)} {
		check(v)
	}
	rng := rand.New(rand.NewPCG(1, 9))
	for range 200_000 {
		v := rng.Float64()*400 - 200
		check(v)
		unit := math.Pow10(rng.IntN(10))
		check(math.Round(v*unit) / unit)
		check(math.Nextafter(math.Round(v*unit)/unit, v))
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "-1", "NaN", "利根川", `"広瀬川", <&>`, "\\", "\x00\x1f\x7f", "\u2028", "\xff", "�", "cut \xe5\x88"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendText(nil, s); string(got) != string(want) {
			t.Errorf("appendText(%q) = %s, want %s", s, got, want)
		}
	})
}
