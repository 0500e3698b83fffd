package main

import (
	"context"
	"fmt"
	"runtime"
)

// Version is the version of the program; datasets say which one made them.
const Version = "0.1.0"

func createdWith() string { return "hazardmap " + Version }

func runVersion(_ context.Context, p *program, args []string) error {
	set := p.flags()
	if rest, err := parse(set, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return p.misused(set, "takes no arguments")
	}
	_, err := fmt.Fprintf(p.stdout, "%s, %s, %s/%s\n", createdWith(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
