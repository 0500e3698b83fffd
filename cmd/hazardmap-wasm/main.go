package main

import (
	"net/url"
	"syscall/js"

	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/web/view"
)

func main() {
	js.Global().Set("hazardmapOpen", js.FuncOf(func(_ js.Value, args []js.Value) any {
		b := make([]byte, args[0].Length())
		js.CopyBytesToGo(b, args[0])
		x, err := hazard.OpenIndex(b)
		if err != nil {
			return err.Error()
		}
		c := make([]byte, args[1].Length())
		js.CopyBytesToGo(c, args[1])
		p, err := gazetteer.Open(c)
		if err != nil {
			return err.Error()
		}
		q, _ := url.ParseQuery(args[2].String()); pa, _ := url.PathUnescape(args[3].String())
		page := view.Handle(&view.Dataset{Area: x.Area(), Risks: x, Places: p}, view.Request{Path: pa, Query: q})
		return string(page.Body)
	}))
	select {}
}
