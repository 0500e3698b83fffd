// Command hazardmap-terms lists the words that no official source gives and a
// native speaker must review, for the consultation desk: language, key, text.
package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	"hazardmap/i18n"
)

func main() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, lang := range i18n.Langs() {
		for _, r := range i18n.For(lang).ForReview() {
			fmt.Fprintf(w, "%s\t%s\t%s\n", lang, r.Key, r.Text)
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "hazardmap-terms:", err)
		os.Exit(1)
	}
}
