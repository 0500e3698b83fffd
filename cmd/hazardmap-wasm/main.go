//go:build js

// Command hazardmap-wasm is the site on a phone: the service worker starts it
// and asks it for the pages and tiles of a saved town when no network answers.
//
// build.mjs builds it, since how it is built keeps it small. It imports what
// looks up and what writes, and nothing that fetches: the worker hands over
// the bytes.
package main

import (
	"syscall/js"

	"hazardmap/web/offline"
)

func main() {
	js.Global().Set("hazardmap", map[string]any{"open": js.FuncOf(open)})
	select {}
}

// open takes the files of a pack by their names, each as a list of its parts,
// and returns a function that answers, or the reason why not as a text.
func open(_ js.Value, args []js.Value) any {
	files := map[string][]byte{}
	for _, name := range []string{offline.SiteFile, offline.RisksFile, offline.PlacesFile, offline.TilesFile} {
		if file := args[0].Get(name); file.Truthy() {
			files[name] = joined(file)
		}
	}
	town, err := offline.Open(files)
	if err != nil {
		return err.Error()
	}
	return js.FuncOf(func(_ js.Value, args []js.Value) any { return answer(town, args[0]) })
}

// joined copies the parts of a file out of the browser, end to end.
func joined(parts js.Value) []byte {
	size := 0
	for i := range parts.Length() {
		size += parts.Index(i).Length()
	}
	file := make([]byte, size)
	at := 0
	for i := range parts.Length() {
		at += js.CopyBytesToGo(file[at:], parts.Index(i))
	}
	return file
}

// answer takes {post, path, query, form, look, old} and returns {status, type,
// location, look, body}.
func answer(town *offline.Town, q js.Value) any {
	r := town.Answer(offline.Question{
		Post: q.Get("post").Truthy(), Path: q.Get("path").String(), Query: q.Get("query").String(),
		Form: q.Get("form").String(), Look: q.Get("look").String(), Old: q.Get("old").Truthy(),
	})
	body := js.Global().Get("Uint8Array").New(len(r.Body))
	js.CopyBytesToJS(body, r.Body)
	return map[string]any{"status": r.Status, "type": r.Type, "location": r.Location, "look": r.Look, "body": body}
}
