package ksj

import (
	"testing"

	"hazardmap/hazard"
)

func TestDepthText(t *testing.T) {
	const unknown = 0
	tests := []struct {
		text string
		want uint8
	}{
		{"0.3m未満", 1},
		{"～ 0.3m未満", 1},
		{"0.01m以上 ～ 0.3m未満", 1},
		{"0.01m以上 〜 0.3m未満", 1},
		{"0.3m以上0.5m未満", 1},
		{"0.5m以上 1.0m未満", 2},
		{"1.0m以上 ～ 3.0m未満", 2},
		{"１．０ｍ以上　～　３．０ｍ未満", 2},
		{"2m以上4m未満", 3}, // reaches over 3 m: the upper bound decides
		{"3m 以上 5m 未満", 3},
		{"3以上5未満", 3},
		{"3.0m以下", 3}, // 3.0 m itself is of the next rank
		{"50cm未満", 1},
		{"50cm以上1m未満", 2},
		{"5m以上10m未満", 4},
		{"10m以上20m未満", 5},
		{"20m以上", 6},
		{"5m以上", 6}, // no upper bound: only the worst rank is never milder
		{"", unknown},
		{"-1", unknown},
		{"NaN", unknown},
		{"未満", unknown},
		{"浸水区域", unknown},
		{"3m", unknown},
		{"5m以上3m未満", unknown},
		{"0m未満", unknown},
		{"1m未満3m未満", unknown},
		{"1m以上 3000m未満", unknown},
	}
	for _, tt := range tests {
		r, ok := parseDepth(tt.text)
		if ok != (tt.want != unknown) || (ok && r.rank() != tt.want) {
			t.Errorf("parseDepth(%q) = %+v, %v, rank %d, want rank %d", tt.text, r, ok, r.rank(), tt.want)
		}
	}
}

// A class that is read is a range, and its rank is never milder than any depth
// in it.
func FuzzDepthText(f *testing.F) {
	for _, s := range []string{"", "-1", "NaN", "0.3m未満", "1.0m以上 ～ 3.0m未", "5m以上", "９９９９９９９９９９９９９m以上", "..5m以上", "1e9m未満", "\xff以上"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := parseDepth(text)
		if !ok {
			return
		}
		if !(r.low >= 0 && r.low < r.high) {
			t.Fatalf("parseDepth(%q) = %+v, no range", text, r)
		}
		if rank := r.rank(); rank < hazard.DepthRank(r.low) || rank < 1 || rank > 6 {
			t.Fatalf("parseDepth(%q) has rank %d, milder than its lower bound %v", text, rank, r.low)
		}
	})
}

func TestDate(t *testing.T) {
	tests := []struct{ text, want string }{
		{"2018-03-30", "2018-03-30"},
		{"2018/3/30", "2018-03-30"},
		{"20180330", "2018-03-30"},
		{"2018年3月30日", "2018-03-30"},
		{"２０１８年３月３０日", "2018-03-30"},
		{"平成30年3月30日", "2018-03-30"},
		{"平成 30 年 3 月 30 日", "2018-03-30"},
		{"H30.3.30", "2018-03-30"},
		{"令和元年6月1日", "2019-06-01"},
		{"R4.4.1", "2022-04-01"},
		{"昭和63年12月1日", "1988-12-01"},
		{"2018-13-30", "2018-13-30"}, // no date: as published
		{"平成30年度", "平成30年度"},
		{"告示第12号", "告示第12号"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := date(tt.text); got != tt.want {
			t.Errorf("date(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
