package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

// TestFlood: a hub that answers with one endless message is hung up on before it
// fills the memory, and again when it is asked anew.
func TestFlood(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	taken := make(chan int64, 16)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			fmt.Fprintf(conn, "INFO {\"server_id\":\"x\",\"headers\":true,\"max_payload\":1048576}\r\nPONG\r\nMSG x 1 2000000000\r\n")
			n, _ := io.CopyN(conn, endless{}, 2_000_000_000)
			conn.Close()
			select {
			case taken <- n:
			default:
			}
		}
	}()
	s, err := openSource("nats://"+l.Addr().String()+"/10999", Access{})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case n := <-taken:
		if n > 64<<20 { // what the buffers of the line hold counts too
			t.Errorf("%d bytes were taken", n)
		}
	case <-time.After(time.Minute):
		t.Error("it goes on taking")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := s.announcement(ctx); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("an announcement came of it: %v", err)
	}
	s.close()
	l.Close()
	<-ended
}

// endless is zeros.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
