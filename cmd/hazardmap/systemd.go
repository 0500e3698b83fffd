package main

import (
	"net"
	"os"
	"strconv"
	"time"
)

// The service manager is told by a datagram when the site answers, and again
// and again that it still does; see sd_notify(3).

// notifyManager sends a state, where a manager asked for it. A manager that
// does not listen will see for itself that nothing came.
func notifyManager(state string) {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	if socket[0] == '@' {
		socket = "\x00" + socket[1:] // in the abstract name space
	}
	nc, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return
	}
	defer nc.Close()
	nc.Write([]byte(state))
}

// watchdog returns how often the manager wants to hear that the site answers,
// 0 where it does not ask: twice within the time after which it starts anew.
func watchdog() time.Duration {
	microseconds, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || microseconds <= 0 {
		return 0
	}
	return time.Duration(microseconds) * time.Microsecond / 2
}
