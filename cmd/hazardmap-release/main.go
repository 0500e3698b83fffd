// Command hazardmap-release writes a release: the program, its Debian packages,
// the list of its parts and their sums. `make release` runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	"hazardmap/cmd/internal/release"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root := flag.String("root", ".", "`DIRECTORY` with the sources")
	out := flag.String("o", "build/release", "`DIRECTORY` to write to")
	flag.Parse()
	if err := run(ctx, *root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "hazardmap-release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, out string) error {
	version, err := versionOf(ctx, root)
	if err != nil {
		return err
	}
	if err := release.Build(ctx, root, out, version); err != nil {
		return err
	}
	sums, err := os.ReadFile(out + "/SHA256SUMS")
	if err != nil {
		return err
	}
	fmt.Print(string(sums))
	return nil
}

// versionOf asks the program itself: "hazardmap 0.1.0, go1.26, linux/amd64".
func versionOf(ctx context.Context, root string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "run", "./cmd/hazardmap", "version")
	cmd.Dir = root
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("hazardmap version: %w", err)
	}
	first, _, _ := strings.Cut(string(text), ",")
	_, version, ok := strings.Cut(first, " ")
	if !ok {
		return "", fmt.Errorf("hazardmap version says %q", text)
	}
	return version, nil
}
