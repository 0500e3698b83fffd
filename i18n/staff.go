//go:build !js

package i18n

import (
	"embed"
	"sync"
)

//go:embed staff/*.txt
var staffFiles embed.FS

var staffCatalogues = sync.OnceValue(func() map[Lang]*Catalogue {
	all := map[Lang]*Catalogue{}
	for _, lang := range StaffLangs() {
		text, err := staffFiles.ReadFile("staff/" + string(lang) + ".txt")
		if err == nil {
			all[lang], err = parse(lang, string(text))
		}
		if err != nil {
			panic(err) // the files are part of the program and tested
		}
	}
	return all
})

// StaffLangs returns the languages of those who run the site.
func StaffLangs() []Lang { return []Lang{Japanese, English} }

// Staff returns the texts for those who run the site: in Japanese, or in
// English to whoever reads no Japanese.
func Staff(lang Lang) *Catalogue {
	if lang.Japanese() {
		return staffCatalogues()[Japanese]
	}
	return staffCatalogues()[English]
}
