package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// keeper is who works on the streams of a leaf. Nobody else knows its password,
// which is drawn at every start.
const keeper = "keeper"

// askTime is how long a slow line may take for an answer.
const askTime = 10 * time.Second

// patience is after how many looks in vain a leaf starts anew, since some links
// never come back by themselves. It doubles each time: a hub that is away for
// days is no fault of the leaf.
const (
	patience     = 10
	mostPatience = 160
)

// errStalled reports that nothing came of what the hub has and the leaf lacks.
var errStalled = errors.New("the hub sends nothing of what is new")

// tend looks after the copies until ctx is done, or the leaf should start anew
// after so many looks in vain. It reports whether the hub ever answered.
func (o LeafOptions) tend(ctx context.Context, node *server.Server, password string, patience int) (answered bool, err error) {
	nc, err := nats.Connect("", nats.InProcessServer(node), nats.UserInfo(keeper, password), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		return false, err
	}
	defer nc.Close()
	k := &copies{before: map[string]progress{}}
	if k.here, err = jetstream.New(nc); err != nil {
		return false, err
	}
	if k.there, err = jetstream.NewWithDomain(nc, domain); err != nil {
		return false, err
	}
	for vain, told := 0, ""; vain < patience; {
		err = k.look(ctx)
		if ctx.Err() != nil {
			return answered, ctx.Err()
		}
		vain++
		text := "the hub is copied"
		if err == nil {
			vain, answered = 0, true
		} else {
			text = "the hub is not copied: " + err.Error()
		}
		if text != told { // what has not changed is not news
			told = text
			o.Log.Info(text)
		}
		select {
		case <-ctx.Done():
		case <-time.After(o.Every):
		}
	}
	return answered, err
}

// copies are the streams of a leaf, each a mirror of one of the hub.
type copies struct {
	here, there jetstream.JetStream
	before      map[string]progress // of each at the look before
}

// progress is the number of the last message, of a copy and of what it copies.
type progress struct{ ours, theirs uint64 }

// look compares both copies with the hub's and lets go of what was replaced.
func (k *copies) look(ctx context.Context) error {
	for _, name := range []string{bundles, newest} {
		if err := k.compare(ctx, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return k.prune(ctx)
}

// origin is where a copy says when the stream that it is a copy of was made.
const origin = "hazardmap-origin"

// compare makes a copy where there is none, and anew where the hub was wiped:
// its numbers then begin again, and a copy would wait for the old ones. A stream
// is copied only once the hub was seen to have it, or the copy would be set up
// late.
func (k *copies) compare(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	stream, err := k.there.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil // nothing was published yet
	}
	if err != nil {
		return err
	}
	theirs := stream.CachedInfo()
	made := theirs.Created.UTC().Format(time.RFC3339Nano)
	stream, err = k.here.Stream(ctx, name)
	if err == nil && stream.CachedInfo().Config.Metadata[origin] != made {
		if err = k.here.DeleteStream(ctx, name); err == nil {
			err = jetstream.ErrStreamNotFound
		}
	}
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = k.here.CreateStream(ctx, mirror(name, made))
	}
	if err != nil {
		return err
	}
	now, before := progress{stream.CachedInfo().State.LastSeq, theirs.State.LastSeq}, k.before[name]
	k.before[name] = now
	if now.ours == before.ours && now.ours < before.theirs {
		return errStalled
	}
	return nil
}

// mirror describes a copy, which numbers its messages as the hub does. Nothing
// in it grows too old.
func mirror(name, made string) jetstream.StreamConfig {
	c := jetstream.StreamConfig{Name: name, Mirror: &jetstream.StreamSource{Name: name, Domain: domain}, AllowDirect: true,
		Storage: jetstream.FileStorage, Metadata: map[string]string{origin: made}}
	if name == newest {
		c.MaxMsgsPerSubject = 2 // as many as the hub keeps
	}
	return c
}

// Subjects of the bundles: pieces, and descriptions.
const (
	pieces       = "$O.datasets.C."
	descriptions = "$O.datasets.M."
)

// prune removes the pieces of bundles that the hub has let go: a mirror copies
// what is added and not what is removed.
func (k *copies) prune(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	stream, err := k.here.Stream(ctx, bundles)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter("$O.datasets.>"))
	if err != nil {
		return err
	}
	held := info.State.Subjects
	for subject := range held {
		if !strings.HasPrefix(subject, descriptions) {
			continue
		}
		message, err := stream.GetLastMsgForSubject(ctx, subject)
		if err != nil {
			return err
		}
		var gone jetstream.ObjectInfo
		if json.Unmarshal(message.Data, &gone) != nil || !gone.Deleted || held[pieces+gone.NUID] == 0 {
			continue
		}
		if err := stream.Purge(ctx, jetstream.WithPurgeSubject(pieces+gone.NUID)); err != nil {
			return err
		}
	}
	return nil
}
