package doctor

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hazardmap/i18n"
)

// Bounds of a machine that serves a city.
const (
	spaceNeeded  = 256 << 20 // least, whatever the dataset
	memoryNeeded = 128 << 20
	filesNeeded  = 4096
)

// firstClock is before any program of this kind: an earlier clock has lost its
// battery.
var firstClock = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// clock looks whether the time can be: data are not written in the future.
func (e *examination) clock(context.Context) {
	latest := firstClock
	for _, p := range e.places {
		if p.wrote.After(latest) {
			latest = p.wrote
		}
	}
	if e.Now.Before(latest.Add(-24 * time.Hour)) { // a machine may have been carried across a time zone
		e.see(Fault, "clock-wrong", i18n.Str("now", moment(e.Now)), i18n.Str("latest", moment(latest)))
		return
	}
	e.see(Good, "clock-good", i18n.Str("now", moment(e.Now)))
}

// disks looks whether the next dataset finds room beside the present one.
func (e *examination) disks(context.Context) {
	seen := map[string]bool{}
	for _, p := range e.places {
		if seen[p.dir] {
			continue
		}
		seen[p.dir] = true
		if !e.writable(p.dir) {
			continue
		}
		var fs syscall.Statfs_t
		if err := syscall.Statfs(p.dir, &fs); err != nil {
			continue // gone meanwhile
		}
		room, need := int64(fs.Bavail)*int64(fs.Bsize), max(spaceNeeded, 2*p.bytes)
		if room < need {
			e.see(Note, "disk-low", path(p.dir), free(room), i18n.Str("need", megabytes(need)))
			continue
		}
		e.see(Good, "disk-good", path(p.dir), free(room))
	}
}

// writable tries to write a file.
func (e *examination) writable(dir string) bool {
	f, err := os.CreateTemp(dir, ".hazardmap-doctor-*")
	switch {
	case errors.Is(err, syscall.EROFS):
		e.see(Note, "disk-read-only", path(dir))
		return false
	case errors.Is(err, fs.ErrPermission):
		e.see(Note, "disk-denied", path(dir), i18n.Str("user", userName()))
		return false
	case err != nil:
		return !errors.Is(err, fs.ErrNotExist) // a full disk shows below
	}
	f.Close()
	os.Remove(f.Name())
	return true
}

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return strconv.Itoa(os.Getuid())
}

// memory looks at what Linux can still give.
func (e *examination) memory(context.Context) {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return // another system
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		text, ok := strings.CutPrefix(lines.Text(), "MemAvailable:")
		if !ok {
			continue
		}
		kilobytes, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(text, "kB")), 10, 64)
		if err != nil {
			return
		}
		if kilobytes<<10 < memoryNeeded {
			e.see(Note, "memory-low", free(kilobytes<<10))
		} else {
			e.see(Good, "memory-good", free(kilobytes<<10))
		}
	}
}

// files looks how many connections can be open at once.
func (e *examination) files(context.Context) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err == nil && limit.Max < filesNeeded {
		e.see(Note, "files-low", i18n.Int("n", int(limit.Max)))
	}
}
