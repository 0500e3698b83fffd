package main

import (
	"context"
	"fmt"
	"os"

	"hazardmap/cmd/internal/fleet"
)

// runPublish brings signed bundles to a hub, from where servers and kiosks fetch
// them.
func runPublish(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	var opts fleet.PublishOptions
	to := set.String("to", "", "`ADDRESS` of the hub: nats://HOST or tls://HOST")
	set.StringVar(&opts.Access.PasswordFile, "password", "", "`FILE` with the password of the publisher")
	set.StringVar(&opts.Access.CAFile, "ca", "", "`FILE` with certificates that the hub may show, beside those of the system")
	set.IntVar(&opts.Replicas, "replicas", 1, "`NUMBER` of nodes that keep each bundle, 3 for a cluster; counts when the hub is new")
	quiet := set.Bool("quiet", false, "say only what went wrong")
	var trust paths
	set.Var(&trust, "trust", "`FILE` with the public key by which servers and kiosks will check the bundle")
	bundles, err := parse(set, args)
	switch {
	case err != nil:
		return err
	case len(bundles) == 0 || !fleet.IsNATS(*to) || opts.Access.PasswordFile == "" || len(trust) == 0:
		return p.misused(set, "want -to, -password, -trust and a bundle")
	}
	keys, err := readTrusted(trust)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	bar := newProgress(p.stderr, *quiet)
	defer bar.finish()
	opts.Progress = bar.tell
	for _, path := range bundles {
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		pointer, err := fleet.Publish(ctx, *to, f, keys, opts)
		f.Close()
		bar.finish()
		if err != nil {
			return fmt.Errorf("publish: %s: %w", path, err)
		}
		if !*quiet {
			fmt.Fprintf(p.stdout, "%s: published %s\n", path, described(pointer))
		}
	}
	return nil
}
