package fleet

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"aead.dev/minisign"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
)

// PublishOptions tune a publication. The zero value is that of one hub.
type PublishOptions struct {
	Access   Access
	Replicas int              // nodes that hold each bundle; 0 means 1
	Patience time.Duration    // for a hub that does not take a chunk; 0 means 2 min
	Progress dataset.Progress // may be nil
}

// ErrOlder reports a bundle that is not newer than the one that is announced.
var ErrOlder = errors.New("is older than what is announced")

// Publish puts a bundle on a hub and announces it once it is there whole. A
// publication that was cut off goes on where it was; one that is there already
// changes nothing.
func Publish(ctx context.Context, address string, f *os.File, keys []minisign.PublicKey, opts PublishOptions) (bundle.Pointer, error) {
	a, p, err := Announce(ctx, f, keys)
	if err != nil {
		return p, err
	}
	if !isName(p.Dataset) {
		return p, fmt.Errorf("dataset %q has no name that a hub knows", p.Dataset)
	}
	l, err := dial(address, opts.Access)
	if err != nil {
		return p, err
	}
	defer l.close()
	if opts.Patience == 0 {
		opts.Patience = 2 * time.Minute
	}
	u := upload{link: l, opts: opts, file: f, what: a}
	err = u.persist(ctx, func(ctx context.Context) error { return u.prepare(ctx, p, keys) })
	if err == nil {
		err = u.put(ctx)
	}
	if err == nil {
		err = u.persist(ctx, func(ctx context.Context) error { return u.announce(ctx, p) })
	}
	if err != nil {
		return p, fmt.Errorf("%s: %w", address, err)
	}
	return p, nil
}

// upload is one publication.
type upload struct {
	*link
	opts PublishOptions
	file io.ReaderAt
	what Announcement

	objects jetstream.ObjectStore
	values  jetstream.KeyValue
	stream  jetstream.Stream
}

// final is what no new try changes.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

// persist tries until it is done or patience ends.
func (u *upload) persist(ctx context.Context, try func(ctx context.Context) error) error {
	deadline := time.Now().Add(u.opts.Patience)
	for {
		short, cancel := context.WithTimeout(ctx, askTime)
		err := try(short)
		cancel()
		var f final
		switch {
		case err == nil:
			return nil
		case errors.As(err, &f):
			return f.error
		case ctx.Err() != nil:
			return errors.Join(err, ctx.Err())
		case u.nc.IsClosed(): // it does not know the password
			return errors.Join(err, u.nc.LastError())
		case time.Now().After(deadline):
			return fmt.Errorf("given up after %v: %w", u.opts.Patience, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second / 4):
		}
	}
}

// open opens the stores and makes them where there are none.
func (u *upload) open(ctx context.Context) (err error) {
	replicas := max(1, u.opts.Replicas)
	if u.objects, err = u.js.ObjectStore(ctx, datasets); missing(err) {
		u.objects, err = u.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: datasets, Replicas: replicas, Description: "bundles of hazardmap by SHA-256"})
	}
	if err != nil {
		return err
	}
	// Two values are kept: what the one before names is still being fetched.
	if u.values, err = u.js.KeyValue(ctx, current); missing(err) {
		u.values, err = u.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: current, Replicas: replicas, History: 2, Description: "the newest bundle of each dataset"})
	}
	if err != nil {
		return err
	}
	u.stream, err = u.js.Stream(ctx, chunkStream)
	return err
}

// prepare opens the stores and looks that what is announced is not newer.
func (u *upload) prepare(ctx context.Context, p bundle.Pointer, keys []minisign.PublicKey) error {
	if err := u.open(ctx); err != nil {
		return err
	}
	entry, err := u.values.Get(ctx, p.Dataset)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return newerThan(entry.Value(), p, keys)
}

// newerThan refuses to take back what is announced. An announcement that no key
// signs is somebody's mischief and gives way.
func newerThan(announced []byte, p bundle.Pointer, keys []minisign.PublicKey) error {
	a, err := parseAnnouncement(announced)
	if err != nil {
		return nil
	}
	old, _, err := bundle.Check([]byte(a.Pointer), keys)
	if err == nil && old.Sequence > p.Sequence {
		return final{fmt.Errorf("sequence number %d %w: %d", p.Sequence, ErrOlder, old.Sequence)}
	}
	return nil
}

// put sends the chunks that the hub lacks, then the description that makes them
// an object.
func (u *upload) put(ctx context.Context) error {
	var info *jetstream.ObjectInfo
	err := u.persist(ctx, func(ctx context.Context) (err error) {
		if info, err = u.objects.GetInfo(ctx, u.what.Bundle); missing(err) {
			return nil
		}
		return err
	})
	if err != nil || info != nil {
		return err
	}
	var have sequences
	chunks := (u.what.Bytes + chunkBytes - 1) / chunkBytes
	known := false
	for chunk := int64(0); chunk < chunks || !known; {
		err := u.persist(ctx, func(ctx context.Context) (err error) {
			if !known { // at first, and after any doubt
				if have, err = u.there(ctx, chunks); err != nil {
					return err
				}
				chunk, known = int64(have.count()), true
			}
			if chunk < chunks {
				if have, err = u.send(ctx, have, chunk); err == nil {
					chunk++
				}
			}
			known = err == nil
			return err
		})
		if err != nil {
			return err
		}
		if u.opts.Progress != nil {
			u.opts.Progress("publish", int(chunk), int(chunks))
		}
	}
	return u.persist(ctx, func(ctx context.Context) error { return u.describe(ctx, have, chunks) })
}

// there asks which chunks of the object the hub holds. Where others wrote in
// between it begins anew.
func (u *upload) there(ctx context.Context, chunks int64) (sequences, error) {
	subject := chunkSubject + u.what.Bundle
	info, err := u.stream.Info(ctx, jetstream.WithSubjectFilter(subject))
	if err != nil {
		return nil, err
	}
	n := info.State.Subjects[subject]
	if n == 0 {
		return nil, nil
	}
	last, err := u.stream.GetLastMsgForSubject(ctx, subject)
	if err != nil {
		return nil, err
	}
	first := last.Sequence - n + 1
	if m, err := u.stream.GetMsg(ctx, first); err == nil && m.Subject == subject && n <= uint64(chunks) {
		if before, err := u.stream.GetMsg(ctx, 1, jetstream.WithGetMsgSubject(subject)); err == nil && before.Sequence == first {
			return sequences{{first, last.Sequence}}, nil
		}
	}
	return nil, u.stream.Purge(ctx, jetstream.WithPurgeSubject(subject))
}

// send sends one chunk behind those that are there.
func (u *upload) send(ctx context.Context, have sequences, chunk int64) (sequences, error) {
	data := make([]byte, min(chunkBytes, u.what.Bytes-chunk*chunkBytes))
	if _, err := u.file.ReadAt(data, chunk*chunkBytes); err != nil && !errors.Is(err, io.EOF) {
		return have, final{err}
	}
	ack, err := u.js.Publish(ctx, chunkSubject+u.what.Bundle, data, jetstream.WithExpectLastSequencePerSubject(have.last()), jetstream.WithExpectStream(chunkStream))
	if err != nil {
		return have, err
	}
	return have.add(ack.Sequence), nil
}

// describe writes what makes the chunks an object, as any client of NATS reads it.
func (u *upload) describe(ctx context.Context, have sequences, chunks int64) error {
	digest, err := hex.DecodeString(u.what.Bundle)
	if err != nil {
		return final{err}
	}
	info := jetstream.ObjectInfo{
		ObjectMeta: jetstream.ObjectMeta{Name: u.what.Bundle, Metadata: map[string]string{sequencesKey: have.String()}, Opts: &jetstream.ObjectMetaOptions{ChunkSize: chunkBytes}},
		Bucket:     datasets, NUID: u.what.Bundle, Size: uint64(u.what.Bytes), Chunks: uint32(chunks),
		Digest: "SHA-256=" + base64.URLEncoding.EncodeToString(digest),
	}
	data, err := json.Marshal(info)
	if err != nil {
		return final{err}
	}
	message := nats.NewMsg(metaSubject + base64.URLEncoding.EncodeToString([]byte(u.what.Bundle)))
	message.Header.Set(jetstream.MsgRollup, jetstream.MsgRollupSubject)
	message.Data = data
	_, err = u.js.PublishMsg(ctx, message)
	return err
}

// announce names the bundle as the newest and lets go of the one that was
// replaced before.
func (u *upload) announce(ctx context.Context, p bundle.Pointer) error {
	entry, err := u.values.Get(ctx, p.Dataset)
	if err != nil && !missing(err) {
		return err
	}
	if err == nil && string(entry.Value()) == string(u.what.encode()) {
		return nil
	}
	past, err := u.values.History(ctx, p.Dataset)
	if err != nil && !missing(err) {
		return err
	}
	if _, err := u.values.Put(ctx, p.Dataset, u.what.encode()); err != nil {
		return err
	}
	if len(past) < 2 {
		return nil
	}
	oldest, err := parseAnnouncement(past[0].Value())
	newer, err2 := parseAnnouncement(past[1].Value())
	if err != nil || err2 != nil || oldest.Bundle == newer.Bundle || oldest.Bundle == u.what.Bundle {
		return nil
	}
	if err := u.objects.Delete(ctx, oldest.Bundle); !missing(err) {
		return err
	}
	return nil
}
