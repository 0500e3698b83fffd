//go:build linux

package gazetteer_test

import (
	"strings"
	"testing"
)

// BenchmarkNation measures all towns of Japan.
func BenchmarkNation(b *testing.B) {
	rows := nationRows(b)
	start := cpu(b)
	built := build(b, rows, true, func([]string) bool { return true })
	buildTime := cpu(b) - start
	x := open(b, built)
	b.Run("size", func(b *testing.B) {
		for b.Loop() {
			if err := x.Verify(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(built.Index)), "file-bytes")
		b.ReportMetric(30e6, "target-file-bytes")
		b.ReportMetric(buildTime.Seconds(), "build-cpu-s")
	})
	b.Run("round trip", func(b *testing.B) {
		for b.Loop() {
			trip := roundTrip(b, x)
			b.ReportMetric(float64(trip.asked), "labels")
			b.ReportMetric(float64(trip.twins), "twins")
			b.ReportMetric(float64(trip.lost), "lost")
			b.ReportMetric(float64(trip.doubted), "not-verified")
		}
	})
	b.Run("missing", func(b *testing.B) {
		for b.Loop() {
			wrong, asked := missing(b, rows, 0)
			b.ReportMetric(float64(asked), "asked")
			b.ReportMetric(float64(wrong)/float64(asked)*100, "wrong-%")
			b.ReportMetric(0.3, "target-wrong-%")
		}
	})
	var texts []string
	for i, r := range rows[1:] {
		if i%97 == 0 {
			texts = append(texts, r[2]+r[3]+r[4]+"12-3")
		}
	}
	b.Run("search", func(b *testing.B) { benchmarkSearch(b, x, texts) })
	var typed []string
	for i, text := range texts {
		if i%10 != 0 {
			continue
		}
		runes := []rune(text)
		for n := 1; n <= len(runes); n++ {
			typed = append(typed, string(runes[:n]))
		}
	}
	for _, r := range registers(b) {
		for _, full := range []string{r.town, hiragana(r.kana), strings.ToLower(r.romaji)} {
			runes := []rune(full)
			for n := 1; n <= len(runes); n++ {
				typed = append(typed, string(runes[:n]))
			}
		}
	}
	b.Run("suggest", func(b *testing.B) { benchmarkSuggest(b, x, typed) })
}
