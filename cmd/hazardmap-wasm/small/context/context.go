// Package context stands for the standard library's context in the program of
// the phone, where nothing is ever cut short.
package context

// Context is what a long work asks whether to go on.
type Context interface {
	Done() <-chan struct{}
	Err() error
}

// Background returns the context that never ends.
func Background() Context { return background{} }

type background struct{}

func (background) Done() <-chan struct{} { return nil }
func (background) Err() error            { return nil }
