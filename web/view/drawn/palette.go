package drawn

import (
	"math"
	"strconv"
	"strings"

	"hazardmap/hazard"
)

// The second palette: even steps of lightness that all kinds of colour vision
// tell apart, for those who choose it. Depth from pale yellow to navy, time
// from pale blue to purple.
var (
	secondDepth    = [...]string{"#FFF3B0", "#B9DFB5", "#6CC2BD", "#3399C4", "#2257A0", "#0B1F5C"}
	secondDuration = [...]string{"#E4EEF6", "#B9CDE4", "#97B0D6", "#8C87C3", "#8755AB", "#7D2487", "#4D004B"}
)

// Fill returns the colour of a class; the official one unless second is set.
// A class that could not be read is as dark as the worst.
func Fill(k hazard.Kind, rank uint8, second bool) string {
	if rank > k.Ranks() {
		rank = k.Ranks()
	}
	class, _ := hazard.ClassOf(k, rank)
	if !second {
		return class.Color
	}
	switch {
	case k.Depth():
		return secondDepth[rank-1]
	case k == hazard.FloodDuration:
		return secondDuration[rank-1]
	case k.Collapse():
		return "#A3195B"
	case rank == 1:
		return "#F0E442"
	}
	return "#C1440E"
}

// Ink returns black or white, whichever stands out more on the colour of a
// class (contrast by WCAG 2).
func Ink(k hazard.Kind, rank uint8, second bool) string {
	l := luminance(Fill(k, rank, second))
	if 1.05/(l+0.05) > (l+0.05)/0.05 {
		return "#fff"
	}
	return "#000"
}

// luminance is the relative luminance of WCAG 2, from 0 to 1.
func luminance(color string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 32)
	if err != nil {
		return 1
	}
	linear := func(v uint64) float64 {
		c := float64(v&255) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}

// PatternPath returns lines that tell the classes apart without colour, in a
// square of so many units: depths by more and more waves, times by dots of
// strokes, collapse by slanted hatching, one direction for each kind,
// landslides by crosses.
func PatternPath(k hazard.Kind, rank uint8, size int) string {
	var b strings.Builder
	switch {
	case k.Depth():
		waves(&b, min(rank, 6), size)
	case k == hazard.FloodDuration:
		upright(&b, min(rank, 7), size)
	case k == hazard.CollapseFlow:
		slant(&b, size, 4, false)
	case k == hazard.CollapseErosion:
		slant(&b, size, 4, true)
	case k.Landslide():
		slant(&b, size, 2*int(min(rank, 2)), false)
		if rank > 1 {
			slant(&b, size, 2*int(min(rank, 2)), true)
		}
	}
	return b.String()
}

// waves draws n-1 level lines; the mildest class has none.
func waves(b *strings.Builder, n uint8, size int) {
	for i := 1; i < int(n); i++ {
		b.WriteString("M0 " + Number(float64(size*i)/float64(n)) + "h" + strconv.Itoa(size))
	}
}

func upright(b *strings.Builder, n uint8, size int) {
	for i := 1; i < int(n); i++ {
		b.WriteString("M" + Number(float64(size*i)/float64(n)) + " 0v" + strconv.Itoa(size))
	}
}

// slant draws hatching that repeats without a seam.
func slant(b *strings.Builder, size, lines int, falling bool) {
	step := float64(size) / float64(lines)
	s := strconv.Itoa(size)
	for i := -lines; i <= lines; i++ {
		x := Number(step * float64(i))
		if falling {
			b.WriteString("M" + x + " 0l" + s + " " + s)
		} else {
			b.WriteString("M" + x + " " + s + "l" + s + " -" + s)
		}
	}
}

// Number writes a coordinate with at most one decimal.
func Number(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
