package table

import "strings"

// PlainCell keeps a spreadsheet from taking a text for a formula.
func PlainCell(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
		return "'" + s
	}
	return s
}
