package context

import (
	"context"
	"testing"
)

func TestBackgroundNeverEnds(t *testing.T) {
	got, want := Background(), context.Background()
	if got.Err() != want.Err() || got.Done() != want.Done() {
		t.Errorf("Background is done: %v", got.Err())
	}
}
