// Package template stands for html/template in the program of the phone.
//
// The library that writes the pages takes one function from it. The engine
// behind that function would be a tenth of what a phone fetches, although no
// page uses it.
package template

import (
	"html"
	"strings"
)

// HTMLEscapeString escapes what HTML means otherwise, as the function of
// html/template does.
func HTMLEscapeString(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\x00", "\uFFFD")
}
