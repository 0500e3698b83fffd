// Command hazardmap-release writes a release: the program, its Debian packages,
// the list of its parts and their sums. `make release` runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

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
	if err := release.Build(ctx, root, out); err != nil {
		return err
	}
	sums, err := os.ReadFile(out + "/SHA256SUMS")
	if err != nil {
		return err
	}
	fmt.Print(string(sums))
	return nil
}
