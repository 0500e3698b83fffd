package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestSmuggling: a request whose end two servers may see at different places is
// refused, or ends the connection, so that what hides behind it is never
// answered as somebody's request.
func TestSmuggling(t *testing.T) {
	st := startSite(t, Options{})
	const hidden = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Hidden: 1\r\n\r\n"
	const head = "POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	for name, request := range map[string]string{
		"length and chunks":            head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunks and length":            head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden,
		"length and chunks for a tile": "GET " + tileAddress(smallTile) + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"two lengths":                  head + "Content-Length: 0\r\nContent-Length: 2\r\n\r\n{}" + hidden,
		"a list of lengths":            head + "Content-Length: 0, 2\r\n\r\n{}" + hidden,
		"a signed length":              head + "Content-Length: +2\r\n\r\n{}" + hidden,
		"a negative length":            head + "Content-Length: -1\r\n\r\n" + hidden,
		"a length in hexadecimal":      head + "Content-Length: 0x2\r\n\r\n{}" + hidden,
		"a folded length":              head + "Content-Length:\r\n 2\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + hidden,
		"a space before a colon":       head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
		"a strange coding":             head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
		"two codings":                  head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden,
		"a bare carriage return":       head + "X: 1\rContent-Length: 2\r\n\r\n" + "\x00" + hidden,
		"an endless chunk length":      head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n" + hidden,
		"a chunk without its end":      head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}" + hidden,
		"a bare line feed inside":      head + "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n" + hidden,
		"two hosts":                    strings.Replace(head, "Host: localhost", "Host: localhost\r\nHost: evil.example", 1) + "Content-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			statuses := rawStatuses(t, st.address, request)
			if len(statuses) > 1 || (len(statuses) == 1 && statuses[0] < 400 && !strings.HasPrefix(request, "GET /tiles")) {
				t.Errorf("%v: what was hidden was answered", statuses)
			}
		})
	}
	if got := rawStatuses(t, st.address, hidden+"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); len(got) != 2 || got[0] != 200 || got[1] != 200 {
		t.Errorf("two honest requests on one connection: %v", got)
	}
}

// rawStatuses sends bytes and reads answers until the server hangs up, or says
// nothing more.
func rawStatuses(t *testing.T, address, request string) (statuses []int) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	for in := bufio.NewReader(c); ; {
		response, err := http.ReadResponse(in, nil)
		if err != nil {
			return statuses
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return append(statuses, response.StatusCode)
		}
		response.Body.Close()
		statuses = append(statuses, response.StatusCode)
	}
}
