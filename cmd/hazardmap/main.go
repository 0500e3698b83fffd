// Command hazardmap makes hazard maps of published files, checks them, asks
// them and serves them.
//
// Every subcommand is a function in the table below; what it does lies in the
// rooms to the left. Exit status 1 means that the work failed, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// command is one subcommand.
type command struct {
	name    string
	args    string
	summary string
	run     func(ctx context.Context, p *program, args []string) error
}

func commands() []command {
	return []command{
		{"import", "-area CODE -o DATASET SOURCE...", "make a dataset of published files, zips and folders", runImport},
		{"lookup", "-data DATASET (LAT,LON | ADDRESS | -csv SHEET)", "say what may happen at a place, or at each row of a sheet", runLookup},
		{"area", "-data DATASET (FILE.geojson | TOWN | -towns)", "say how much of an area lies in which class, and which shelters stand there", runArea},
		{"diff", "OLD NEW", "say what changed from one dataset to the next; fails if a shelter is gone", runDiff},
		{"verify", "DATASET | FILE.mbtiles", "find everything that can be wrong", runVerify},
		{"key", "NAME", "make a pair of keys: NAME.key signs, NAME.pub is trusted", runKey},
		{"bundle", "-key FILE -o BUNDLE DATASET", "sign a dataset and pack it into one file", runBundle},
		{"install", "[-store DIR] (BUNDLE | URL | -from FOLDER)", "check a bundle and show it from now on", runInstall},
		{"publish", "-to HUB -password FILE -trust FILE BUNDLE...", "bring signed bundles to a hub that servers and kiosks follow", runPublish},
		{"rollback", "[-store DIR]", "show the dataset before again", runRollback},
		{"serve", "[-demo | DATASET...]", "answer over HTTP", runServe},
		{"doctor", "[-store DIRECTORY | DATASET...]", "say what is wrong with this machine, and what to do", runDoctor},
		{"version", "", "say which program this is", runVersion},
	}
}

// program is what a subcommand speaks to.
type program struct {
	name           string // "hazardmap import"
	args           string
	stdout, stderr io.Writer
}

// usageError reports arguments that cannot be meant; it has been explained.
type usageError struct{ error }

// hinted is an error that comes with advice.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run runs one subcommand and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				p := &program{name: "hazardmap " + c.name, args: c.args, stdout: stdout, stderr: stderr}
				return report(stderr, c.run(ctx, p, args[1:]))
			}
		}
		switch args[0] {
		case "help", "-h", "-help", "--help":
			printUsage(stdout)
			return 0
		}
		fmt.Fprintf(stderr, "hazardmap: unknown command %q\n", args[0])
	}
	printUsage(stderr)
	return 2
}

// report writes an error as people read it and returns the exit status.
func report(stderr io.Writer, err error) int {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &usage):
		return 2
	}
	fmt.Fprintf(stderr, "hazardmap: %v\n", err)
	hint := hintFor(err)
	var h hinted
	if errors.As(err, &h) {
		hint = h.hint
	}
	if hint != "" {
		fmt.Fprintf(stderr, "hint: %s\n", hint)
	}
	return 1
}

func printUsage(w io.Writer) {
	fmt.Fprintln(w, "usage: hazardmap COMMAND ...")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-8s %-50s %s\n", c.name, c.args, c.summary)
	}
}

// flags returns the flag set of a subcommand.
func (p *program) flags() *flag.FlagSet {
	set := flag.NewFlagSet(p.name, flag.ContinueOnError)
	set.SetOutput(p.stderr)
	set.Usage = func() {
		fmt.Fprintf(set.Output(), "usage: %s %s\n", p.name, p.args)
		set.PrintDefaults()
	}
	return set
}

// parse reads the flags, which may also stand behind the arguments.
func parse(set *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError{err}
		}
		if set.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, set.Arg(0))
		args = set.Args()[1:]
		if len(args) == 0 {
			return rest, nil
		}
	}
}

// misused explains a wrong use and shows the right one.
func (p *program) misused(set *flag.FlagSet, format string, a ...any) error {
	fmt.Fprintf(p.stderr, p.name+": "+format+"\n", a...)
	set.Usage()
	return usageError{errors.New("wrong usage")}
}
