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
	switch outcome := set.compared(); outcome.State {
	case changes.None:
		return s.pageReply(r, request, changes.Empty(d.pages, request, http.StatusOK, changes.None)), nil
	case changes.Pending:
		rep := s.pageReply(r, request, changes.Empty(d.pages, request, http.StatusOK, changes.Pending))
		rep.header["Cache-Control"], rep.header["Refresh"] = noStore, "2"
		return rep, nil
	case changes.Failed:
		s.fault.note(d.compared.err)
		s.log.ErrorContext(r.Context(), "editions not compared", "err", d.compared.err)
		return s.pageReply(r, request, changes.Empty(d.pages, request, http.StatusInternalServerError, changes.Failed)), nil
	default:
		return s.pageReply(r, request, changes.Page(d.pages, request, outcome.Report)), nil
	}
}

// compared returns what changed since the edition before, for which the first
// who ask wait a little.
func (o *openSet) compared() changes.Outcome {
	d := o.datasets[0]
	if d.Before == nil {
		return changes.Outcome{State: changes.None}
	}
	select {
	case <-d.compared.start(o, d):
	case <-time.After(comparingWait):
		return changes.Outcome{State: changes.Pending}
	}
	if d.compared.err != nil {
		return changes.Outcome{State: changes.Failed}
	}
	return changes.Outcome{Report: d.compared.report}
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
