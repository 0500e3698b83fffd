package main

import (
	"net"
	"path/filepath"
	"testing"
	"time"
)

func TestNotifyManager(t *testing.T) {
	name := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	t.Setenv("NOTIFY_SOCKET", name)
	notifyManager("READY=1")
	var heard [64]byte
	if err := manager.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := manager.Read(heard[:]); err != nil || string(heard[:n]) != "READY=1" {
		t.Errorf("the manager hears %q, %v", heard[:n], err)
	}
	t.Setenv("NOTIFY_SOCKET", name+".gone")
	notifyManager("READY=1") // must not fail
}

func TestWatchdog(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "-1": 0, "NaN": 0, "30000000": 15 * time.Second, "99999999999999999999": 0} {
		t.Setenv("WATCHDOG_USEC", text)
		if got := watchdog(); got != want {
			t.Errorf("WATCHDOG_USEC=%q: every %v, want %v", text, got, want)
		}
	}
}
