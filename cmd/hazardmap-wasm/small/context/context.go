// Package context stands for the standard library's context in the program of
// the phone, where only functions that are never called there take one.
package context

// Context is what a builder asks.
type Context interface {
	Done() <-chan struct{}
	Err() error
}
