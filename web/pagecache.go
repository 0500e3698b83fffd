package web

import (
	"strings"
	"sync"

	"hazardmap/web/view"
)

// pageCache keeps the pages that are the same for everybody, such as the home
// page with its map of the whole city, which is the dearest to draw and the
// first that is asked for when everybody comes at once. It lives as long as
// its set, and no page about a place ever enters it.
type pageCache struct {
	mu    sync.RWMutex
	pages map[pageKey]keptPage
}

// pageKey is everything that such a page depends on.
type pageKey struct {
	path, base string
	prefs      view.Prefs
	fragment   bool
	old        bool
}

type keptPage struct {
	page view.Page
	gzip []byte
}

// keptPages bounds the memory: seven languages with their usual pages.
const keptPages = 96

// keyOf returns the key of a page, and whether it may be kept as far as the
// request tells: a place would stand deeper in the path or in the query.
func keyOf(r view.Request) (pageKey, bool) {
	return pageKey{r.Path, r.BaseURL, r.Prefs, r.Fragment, r.Old}, !r.Post && len(r.Query) == 0 && strings.Count(r.Path, "/") == 2
}

func (c *pageCache) find(key pageKey) (keptPage, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	kept, ok := c.pages[key]
	return kept, ok
}

// keep stores a page that tells of no place, in the room of any other if there
// is none left.
func (c *pageCache) keep(key pageKey, page view.Page) (keptPage, bool) {
	if page.Place || page.Status != 200 || page.Prefs != nil || page.Location != "" {
		return keptPage{}, false
	}
	kept := keptPage{page, compress(page.Body)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages == nil {
		c.pages = map[pageKey]keptPage{}
	}
	for other := range c.pages {
		if len(c.pages) < keptPages {
			break
		}
		delete(c.pages, other)
	}
	c.pages[key] = kept
	return kept, true
}
