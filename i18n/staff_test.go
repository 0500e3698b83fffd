//go:build !js

package i18n

import "testing"

// TestStaffTexts: what staff read is the same in both languages, and apart from
// what visitors read.
func TestStaffTexts(t *testing.T) {
	ja, en := Staff(EasyJapanese), Staff(Spanish)
	if ja.Lang() != Japanese || en.Lang() != English {
		t.Fatalf("staff read %s and %s", ja.Lang(), en.Lang())
	}
	for key, e := range ja.texts {
		if !en.Has(key) {
			t.Errorf("staff/en.txt: no text for %s", key)
			continue
		}
		checkPlaceholders(t, English, key, e, en.texts[key])
		if For(Japanese).Has(key) {
			t.Errorf("%s stands in both catalogues", key)
		}
	}
	for key := range en.texts {
		if !ja.Has(key) {
			t.Errorf("staff/ja.txt: no text for %s", key)
		}
	}
}
