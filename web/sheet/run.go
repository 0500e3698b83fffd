package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// Count is how many rows a sheet had, and how many of them were marked: those
// that could not be read or not be placed.
type Count struct{ Rows, Marked int }

func (c *Count) add(b *block) {
	for i := range b.rows {
		if b.rows[i].blank {
			continue
		}
		c.Rows++
		if a := &b.answers[i]; a.Fault != "" || a.Reason != "" {
			c.Marked++
		}
	}
}

// run reads the rows, has them answered by as many workers as there are
// processors, and hands the blocks on in order. It returns the first fault of
// reading the blocks, of answering or of handing on.
func (s *Sheet) run(ctx context.Context, encode func(w *worker, b *block), hand func(b *block) error) (count Count, err error) {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	free := make(chan *block, workers+2)
	for range cap(free) {
		free <- &block{done: make(chan struct{}, 1)}
	}
	jobs, ordered := make(chan *block, cap(free)), make(chan *block, cap(free))
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	all.Go(func() {
		defer close(jobs)
		defer close(ordered)
		s.readBlocks(ctx, free, jobs, ordered)
	})
	for range workers {
		all.Go(func() {
			w := s.newWorker()
			for b := range jobs {
				b.err = errors.Join(b.err, w.work(b, encode))
				b.done <- struct{}{}
			}
		})
	}
	for b := range ordered {
		<-b.done
		if b.err != nil {
			return count, b.err
		}
		count.add(b)
		if err := hand(b); err != nil {
			return count, err
		}
		free <- b
	}
	return count, context.Cause(ctx)
}

// readBlocks fills blocks until the sheet ends or nobody wants more.
func (s *Sheet) readBlocks(ctx context.Context, free <-chan *block, jobs, ordered chan<- *block) {
	for {
		var b *block
		select {
		case b = <-free:
		case <-ctx.Done():
			return
		}
		if ctx.Err() != nil {
			return
		}
		b.rows, b.cells, b.out, b.err = b.rows[:0], b.cells[:0], b.out[:0], nil
		err := s.readBlock(b)
		if err != nil && !errors.Is(err, io.EOF) {
			b.err = err
		}
		jobs <- b
		ordered <- b
		if err != nil {
			return
		}
	}
}

func (s *Sheet) readBlock(b *block) (err error) {
	defer recovered(&err)
	return s.source.next(b)
}

// work answers the rows of a block and writes them.
func (w *worker) work(b *block, encode func(w *worker, b *block)) (err error) {
	defer recovered(&err)
	w.answer(b)
	if encode != nil {
		encode(w, b)
	}
	return nil
}

// recovered turns a panic into an error that holds nothing of the sheet: a
// goroutine of ours must not end the program.
func recovered(err *error) {
	if v := recover(); v != nil {
		var frames [16]uintptr
		n := runtime.Callers(3, frames[:])
		frame, _ := runtime.CallersFrames(frames[:n]).Next()
		*err = fmt.Errorf("sheet: panic at %s:%d", frame.Function, frame.Line)
	}
}
