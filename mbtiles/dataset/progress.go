package dataset

import "sync"

// oneAtATime makes a progress safe to call from several goroutines, and nil
// callable.
func oneAtATime(progress Progress) Progress {
	if progress == nil {
		return func(string, int, int) {}
	}
	var mu sync.Mutex
	return func(step string, done, total int) {
		mu.Lock()
		defer mu.Unlock()
		progress(step, done, total)
	}
}

// step names the progress of one part of the work.
func (b *builder) step(name string) func(done, total int) {
	return func(done, total int) { b.tell(name, done, total) }
}
