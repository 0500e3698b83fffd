package importer

import "testing"

func TestAreaCode(t *testing.T) {
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"10204", "10204", true},
		{"102041", "10204", true},  // 団体コード
		{"1020400", "10204", true}, // of the weather service
		{"10", "10", true},
		{"1", "1", false},
		{"102", "102", false},
		{"10204000", "10204000", false},
		{"abc", "abc", false},
		{"-1", "-1", false},
		{"１０", "１０", false},
		{"", "", false},
	}
	for _, tt := range tests {
		got := tt.in
		if ok := AreaCode(&got); ok != tt.ok || got != tt.want {
			t.Errorf("AreaCode(%q) = %q, %t, want %q, %t", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}
