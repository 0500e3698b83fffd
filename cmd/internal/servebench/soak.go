package servebench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Soak is a day in little: as many requests as a city asks on a quiet day, one
// after the other without pause.
type Soak struct {
	Asked, Wrong, Faults int
	Fault                string
	Took                 time.Duration
	Warm, End            held // after a tenth, and at the end
}

const (
	soakTime     = 60 * time.Second
	soakWarm     = soakTime / 6
	soakVisitors = 8
)

// RunSoak asks for a minute and looks at what the server holds.
func RunSoak(ctx context.Context, program, dataset string) (s Soak, err error) {
	p, err := startProcess(ctx, nil, program, "serve", "-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0", dataset)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	all, err := askedOf(p.site)
	if err != nil {
		return s, err
	}
	for _, phase := range []struct {
		time  time.Duration
		holds *held
	}{{soakWarm, &s.Warm}, {soakTime - soakWarm, &s.End}} {
		c, err := visit(ctx, hostOf(p.site), all, soakVisitors, 0, phase.time)
		if err != nil {
			return s, err
		}
		s.Asked += c.asked
		s.Wrong += c.wrong
		s.Faults += c.faults
		s.Fault += c.fault
		s.Took += c.took
		if *phase.holds, err = p.holds(); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Print writes each figure beside its target.
func (s Soak) Print(w io.Writer) {
	fmt.Fprintf(w, "soak: %d requests in %.0f s       %2d wrong, %d faults  target 0, 0   %s\n", s.Asked, s.Took.Seconds(), s.Wrong, s.Faults, s.Fault)
	fmt.Fprintf(w, "soak: warm, then at the end        %3d, %3d MB  %d, %d files  %d, %d goroutines  target no growth\n",
		s.Warm.rss>>20, s.End.rss>>20, s.Warm.files, s.End.files, s.Warm.goroutines, s.End.goroutines)
}
