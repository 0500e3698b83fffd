package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far the work is: a bar on a terminal, a line per step
// elsewhere, nothing when quiet.
type progress struct {
	w     io.Writer
	bars  bool
	quiet bool
	step  string
	bar   *progressbar.ProgressBar
}

func newProgress(w io.Writer, quiet bool) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, quiet: quiet, bars: ok && term.IsTerminal(int(f.Fd()))}
}

// tell shows a step; it is called by one goroutine at a time.
func (p *progress) tell(step string, done, total int) {
	switch {
	case p.quiet:
	case p.bars:
		p.draw(step, done, total)
	case step != p.step && !strings.HasPrefix(step, "recognise "):
		fmt.Fprintln(p.w, step)
	}
	p.step = step
}

func (p *progress) draw(step string, done, total int) {
	if step != p.step || p.bar == nil {
		p.finish()
		p.bar = progressbar.NewOptions(max(total, -1),
			progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(step), progressbar.OptionSetWidth(20),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
		)
	}
	if total > 0 && p.bar.GetMax() != total {
		p.bar.ChangeMax(total)
	}
	p.bar.Set(done) // a bar that cannot be drawn stops nothing
}

// finish takes the bar away.
func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
}
