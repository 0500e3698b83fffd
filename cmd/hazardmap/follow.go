package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"hazardmap/cmd/internal/fleet"
	"hazardmap/mbtiles/store"
	"hazardmap/web"
)

// following is what `hazardmap serve` was told about where newer data come from.
type following struct {
	addresses, trust paths
	opts             fleet.FollowOptions
}

// open opens the follower of a store, nil where nothing is followed.
func (f *following) open(s *store.Store) (*fleet.Follower, error) {
	if len(f.addresses) == 0 {
		return nil, nil
	}
	var err error
	if f.opts.Keys, err = readTrusted(f.trust); err != nil {
		return nil, err
	}
	return fleet.Open(s, f.addresses, f.opts)
}

// follow adds what a follower tells, and what it keeps for others.
func follow(opts *web.Options, s *store.Store, f *fleet.Follower) {
	opts.Bundles = os.DirFS(filepath.Join(s.Dir, fleet.Folder))
	if f == nil {
		return
	}
	opts.Following = func() web.Following {
		state := f.State()
		return web.Following{Contact: state.Contact, Source: state.Source, Fault: state.Fault}
	}
}

// awaitFirst waits until a store that has nothing to show has received something:
// there is no other way to begin.
func awaitFirst(ctx context.Context, from *source) error {
	f := from.follower
	if f == nil || len(from.dirs) > 0 {
		return nil
	}
	_, err := from.store.Choose(ctx)
	if !errors.Is(err, store.ErrEmpty) {
		return nil // what is wrong otherwise is told at the start
	}
	from.say("hazardmap: waiting for the first dataset\n")
	for {
		f.Look(ctx)
		if _, err := from.store.Choose(ctx); !errors.Is(err, store.ErrEmpty) || ctx.Err() != nil {
			return ctx.Err()
		}
		from.say("hazardmap: nothing yet: %s\n", f.State().Fault)
		f.Wait(ctx)
	}
}
