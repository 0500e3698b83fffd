// Command hazardmap-hub runs a node of NATS JetStream to which `hazardmap
// publish` brings signed bundles and which `hazardmap serve -follow` follows.
//
// It is a program of its own: servers and kiosks only ever follow, and need no
// broker inside.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"hazardmap/cmd/internal/hub"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintf(os.Stderr, "hazardmap-hub: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	set := flag.NewFlagSet("hazardmap-hub", flag.ContinueOnError)
	o := hub.Options{Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	set.StringVar(&o.Addr, "addr", "localhost:4222", "`ADDRESS` for followers and the publisher")
	set.StringVar(&o.Dir, "dir", "/var/lib/hazardmap-hub", "`DIRECTORY` of what the hub keeps")
	set.StringVar(&o.PasswordFile, "password", "", "`FILE` with the password of the publisher, 16 characters or more; nodes of a cluster know each other by it")
	set.StringVar(&o.TLSCert, "tls-cert", "", "`FILE` with the certificate and its chain; with -tls-key the hub speaks TLS")
	set.StringVar(&o.TLSKey, "tls-key", "", "`FILE` with the key of the certificate")
	set.StringVar(&o.Name, "name", "", "`NAME` of this node in a cluster of three")
	set.StringVar(&o.Cluster, "cluster", "", "`ADDRESS` for the other nodes")
	routes := set.String("routes", "", "`HOST:PORT,...` of all nodes of the cluster")
	if err := set.Parse(args); err != nil {
		return err
	}
	if *routes != "" {
		o.Routes = strings.Split(*routes, ",")
	}
	if set.NArg() > 0 || o.PasswordFile == "" || (o.TLSCert == "") != (o.TLSKey == "") || (o.Cluster == "") != (*routes == "") {
		set.Usage()
		return errors.New("want -password, both or none of -tls-cert and -tls-key, both or none of -cluster and -routes")
	}
	node, err := hub.Start(o)
	if err != nil {
		return err
	}
	fmt.Printf("hazardmap-hub: listening on %s\n", node.Addr())
	<-ctx.Done()
	node.Shutdown()
	node.WaitForShutdown()
	return nil
}
