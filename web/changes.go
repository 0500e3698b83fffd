package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"hazardmap/hazard/diff"
	"hazardmap/web/changes"
)

// changesPattern is the page that tells what changed since the last edition.
const changesPattern = "/{lang}/" + changes.Path

// How long editions may take to be compared, and how long the first visitor
// waits for it before a page asks them to come again.
const (
	comparingTime = time.Minute
	comparingWait = 700 * time.Millisecond
)

// changes is the page about what changed since the edition before.
func (s *server) changes(r *http.Request, set *openSet) (reply, error) {
	request, err := s.pageRequest(r)
	if err != nil {
		return reply{}, err
	}
	d := set.datasets[0]
	if d.Before == nil {
		return s.pageReply(r, request, changes.Empty(d.pages, request, http.StatusOK, changes.None)), nil
	}
	done := d.compared.start(set, d)
	select {
	case <-done:
	case <-time.After(comparingWait):
		rep := s.pageReply(r, request, changes.Empty(d.pages, request, http.StatusOK, changes.Pending))
		rep.header["Cache-Control"], rep.header["Refresh"] = noStore, "2"
		return rep, nil
	}
	if err := d.compared.err; err != nil {
		s.fault.note(err)
		s.log.ErrorContext(r.Context(), "editions not compared", "err", err)
		return s.pageReply(r, request, changes.Empty(d.pages, request, http.StatusInternalServerError, changes.Failed)), nil
	}
	return s.pageReply(r, request, changes.Page(d.pages, request, d.compared.report)), nil
}

// comparison is made once for a dataset, when it is first asked for.
type comparison struct {
	once   sync.Once
	done   chan struct{} // closed when report and err are set
	report *diff.Report
	err    error
}

// start returns what is closed when the editions are compared. The set stays
// open until then.
func (c *comparison) start(set *openSet, d *served) <-chan struct{} {
	c.once.Do(func() {
		c.done = make(chan struct{})
		set.work.Go(func() {
			defer close(c.done)
			ctx, cancel := context.WithTimeout(context.Background(), comparingTime)
			defer cancel()
			if c.report, c.err = d.Before(ctx); c.err == nil {
				c.report.DropShapes()
			}
		})
	})
	return c.done
}
