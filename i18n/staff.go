//go:build !js

package i18n

import "embed"

//go:embed staff/*.txt
var staffFiles embed.FS

// StaffLangs returns the languages of those who run the site.
func StaffLangs() []Lang { return []Lang{Japanese, English} }

// Staff returns the texts for those who run the site: in Japanese, or in
// English to whoever reads no Japanese. They are read anew each time, which is
// seldom, so that the worker on a phone does not carry them.
func Staff(lang Lang) *Catalogue {
	own := English
	if lang.Japanese() {
		own = Japanese
	}
	text, err := staffFiles.ReadFile("staff/" + string(own) + ".txt")
	if err != nil {
		panic(err) // it is part of the program
	}
	c, err := parse(own, string(text))
	if err != nil {
		panic(err) // and tested
	}
	return c
}
