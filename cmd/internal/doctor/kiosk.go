package doctor

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// kiosk looks at what the screen of a public terminal needs.
func (e *examination) kiosk(ctx context.Context) {
	if !e.Kiosk {
		return
	}
	fonts, err := exec.CommandContext(ctx, "fc-list", ":lang=ja").Output()
	if err != nil || len(fonts) == 0 {
		e.see(Fault, "fonts-none")
	} else {
		e.see(Good, "fonts-good")
	}
	if browser, err := exec.LookPath("chromium"); err != nil {
		e.see(Fault, "browser-none")
	} else {
		e.see(Good, "browser-good", path(browser))
	}
	if cards, err := filepath.Glob("/dev/dri/card*"); err != nil || len(cards) == 0 {
		e.see(Note, "gpu-none")
	} else {
		e.see(Good, "gpu-good")
		e.screen()
	}
}

// screen asks the kernel whether a cable leads to a screen.
func (e *examination) screen() {
	states, err := filepath.Glob("/sys/class/drm/card*-*/status")
	if err != nil || len(states) == 0 {
		return // a driver that does not tell
	}
	for _, file := range states {
		if text, err := os.ReadFile(file); err == nil && strings.TrimSpace(string(text)) == "connected" {
			return
		}
	}
	e.see(Note, "screen-none")
}
