package fleet

import (
	"context"
	"os"
	"time"
)

// Looks is how often the sources were asked.
func (f *Follower) Looks() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.looks
}

// Put puts any file on a hub as a bundle is put.
func Put(ctx context.Context, address string, f *os.File, a Announcement, opts PublishOptions) error {
	l, err := dial(address, opts.Access)
	if err != nil {
		return err
	}
	defer l.close()
	u := upload{link: l, opts: opts, file: f, what: a}
	if err := u.persist(ctx, u.open); err != nil {
		return err
	}
	return u.put(ctx)
}

// Fetch fetches what is missing of a bundle, over as many cuts as it takes.
func Fetch(ctx context.Context, address string, a Announcement, f *os.File) error {
	s, err := openSource(address, Access{})
	if err != nil {
		return err
	}
	defer s.close()
	for {
		if err = s.fetch(ctx, a, f); err == nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-s.news():
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}
