//go:build !js

package i18n

import "embed"

//go:embed desk/*.txt
var deskFiles embed.FS

// deskSource returns the texts of the pages for planners as they were written.
// They belong to the catalogue, but stand apart, so that the worker on a phone
// does not carry them.
func deskSource(lang Lang) string {
	text, err := deskFiles.ReadFile("desk/" + string(lang) + ".txt")
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}
