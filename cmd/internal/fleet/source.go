package fleet

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

// source is where a follower asks for announcements and fetches bundles.
type source interface {
	// announcement asks what is the newest.
	announcement(ctx context.Context) (Announcement, error)
	// fetch appends to a file what it lacks of a bundle.
	fetch(ctx context.Context, a Announcement, f *os.File) error
	// news tells that asking is worth while at once; it may be nil.
	news() <-chan struct{}
	close()
}

// openSource opens an address that was given to follow.
func openSource(address string, access Access) (source, error) {
	if !IsNATS(address) {
		return openWeb(address, access)
	}
	servers, dataset, err := split(address)
	if err != nil {
		return nil, err
	}
	l, err := dial(servers, access)
	if err != nil {
		return nil, err
	}
	h := &hubSource{link: l, dataset: dataset, changed: make(chan struct{}, 1)}
	// A hint only: what is announced is asked for, so a lost one costs a while.
	if _, err := l.nc.Subscribe("$KV."+current+"."+dataset, func(*nats.Msg) { h.wake() }); err != nil {
		l.close()
		return nil, err
	}
	l.nc.SetReconnectHandler(func(*nats.Conn) { h.wake() })
	return h, nil
}

// hubSource is one dataset of a hub.
type hubSource struct {
	*link
	dataset string
	changed chan struct{}
}

func (h *hubSource) wake() {
	select {
	case h.changed <- struct{}{}:
	default:
	}
}

func (h *hubSource) news() <-chan struct{} { return h.changed }

// announcement reads the value itself: a follower may ask for nothing else.
func (h *hubSource) announcement(ctx context.Context) (Announcement, error) {
	message, err := h.last(ctx, "KV_"+current, "$KV."+current+"."+h.dataset)
	if err != nil {
		return Announcement{}, err
	}
	return parseAnnouncement(message.Data)
}

// last asks for the last message of a subject.
func (h *hubSource) last(ctx context.Context, stream, subject string) (*nats.Msg, error) {
	return h.direct(ctx, "$JS.API.DIRECT.GET."+stream+"."+subject, nil)
}

// direct asks any node that holds a stream for a message.
func (h *hubSource) direct(ctx context.Context, subject string, question []byte) (*nats.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if h.meter != nil {
		h.meter.ask()
	}
	message, err := h.nc.RequestWithContext(ctx, subject, question)
	if err != nil {
		return nil, err
	}
	switch status := message.Header.Get("Status"); {
	case status == "404":
		return nil, jetstream.ErrMsgNotFound
	case status != "":
		return nil, fmt.Errorf("the hub answers %.10s %.80q", status, message.Header.Get("Description"))
	}
	return message, nil
}

// atOnce is how many chunks are asked for together: what a cut of the line can
// waste.
const atOnce = 4

// fetch asks for chunk after chunk, over as many connections as it takes.
func (h *hubSource) fetch(ctx context.Context, a Announcement, f *os.File) error {
	where, err := h.sequences(ctx, a)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	ctx, done := h.whileConnected(ctx)
	defer done()
	at := info.Size() / chunkBytes * chunkBytes
	if err := f.Truncate(at); err != nil {
		return err
	}
	for at < a.Bytes {
		parts := make([][]byte, min(atOnce, (a.Bytes-at+chunkBytes-1)/chunkBytes))
		var asking errgroup.Group
		for i := range parts {
			chunk := at/chunkBytes + int64(i)
			asking.Go(func() (err error) {
				parts[i], err = h.chunk(ctx, a, where, chunk)
				return err
			})
		}
		err := asking.Wait()
		for _, part := range parts {
			if part == nil {
				break
			}
			if _, err := f.WriteAt(part, at); err != nil {
				return err
			}
			at += int64(len(part))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// whileConnected ends a context when the line is cut: what was asked on it is
// answered by nobody.
func (h *hubSource) whileConnected(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	cut := h.nc.StatusChanged(nats.RECONNECTING, nats.CLOSED)
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-cut:
			cancel(nats.ErrDisconnected)
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel(nil)
		watching.Wait()
		h.nc.RemoveStatusListener(cut)
	}
}

// sequences asks under which numbers the chunks of a bundle lie.
func (h *hubSource) sequences(ctx context.Context, a Announcement) (sequences, error) {
	message, err := h.last(ctx, chunkStream, metaSubject+base64.URLEncoding.EncodeToString([]byte(a.Bundle)))
	if err != nil {
		return nil, err
	}
	var info jetstream.ObjectInfo
	if err := json.Unmarshal(message.Data, &info); err != nil {
		return nil, fmt.Errorf("the hub describes no bundle: %w", err)
	}
	if info.Deleted || info.NUID != a.Bundle || info.Size != uint64(a.Bytes) {
		return nil, errors.New("the hub does not hold the bundle that it announces")
	}
	return parseSequences(info.Metadata[sequencesKey])
}

// chunk asks for one chunk.
func (h *hubSource) chunk(ctx context.Context, a Announcement, where sequences, chunk int64) ([]byte, error) {
	n, ok := where.at(uint64(chunk))
	if !ok {
		return nil, fmt.Errorf("the hub does not say where chunk %d is", chunk)
	}
	message, err := h.direct(ctx, "$JS.API.DIRECT.GET."+chunkStream, fmt.Appendf(nil, `{"seq":%d}`, n))
	if err != nil {
		return nil, fmt.Errorf("chunk %d: %w", chunk, err)
	}
	want := min(chunkBytes, a.Bytes-chunk*chunkBytes)
	if message.Header.Get("Nats-Subject") != chunkSubject+a.Bundle || int64(len(message.Data)) != want {
		return nil, fmt.Errorf("chunk %d: the hub sends %d bytes of %.80q, want %d", chunk, len(message.Data), message.Header.Get("Nats-Subject"), want)
	}
	return message.Data, nil
}
