// Command hazardmap-hub runs a node of NATS JetStream to which `hazardmap
// publish` brings signed bundles and which `hazardmap serve -follow` follows;
// or, beside a kiosk, a leaf that keeps what such a hub has.
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
	set.StringVar(&o.CAFile, "ca", "", "`FILE` with certificates that other nodes may show, beside those of the system")
	set.StringVar(&o.Name, "name", "", "`NAME` of this node in a cluster of three")
	set.StringVar(&o.Cluster, "cluster", "", "`ADDRESS` for the other nodes")
	routes := set.String("routes", "", "`HOST:PORT,...` of all nodes of the cluster")
	set.StringVar(&o.Leaves, "leaves", "", "`ADDRESS` for leaves; empty for none")
	leafOf := set.String("leaf", "", "`ADDRESS,...` of the nodes of a hub, tls://HOST:PORT as their -leaves say: keep a copy of what it has")
	set.StringVar(&o.LeafPasswordFile, "leaf-password", "", "`FILE` with the password by which the hub knows leaves, 16 characters or more")
	if err := set.Parse(args); err != nil {
		return err
	}
	listening := func(address string) { fmt.Printf("hazardmap-hub: listening on %s\n", address) }
	if *leafOf != "" {
		if set.NArg() > 0 || o.LeafPasswordFile == "" || o.PasswordFile+o.TLSCert+o.TLSKey+o.Cluster+*routes+o.Leaves != "" {
			set.Usage()
			return errors.New("a leaf wants -leaf-password; nobody publishes to it, and it has neither nodes nor leaves")
		}
		return hub.RunLeaf(ctx, hub.LeafOptions{Addr: o.Addr, Dir: o.Dir, Hubs: strings.Split(*leafOf, ","), PasswordFile: o.LeafPasswordFile, CAFile: o.CAFile, Listening: listening, Log: o.Log})
	}
	if *routes != "" {
		o.Routes = strings.Split(*routes, ",")
	}
	if set.NArg() > 0 || o.PasswordFile == "" || (o.TLSCert == "") != (o.TLSKey == "") || (o.Cluster == "") != (*routes == "") || (o.Leaves == "") != (o.LeafPasswordFile == "") {
		set.Usage()
		return errors.New("want -password, both or none of -tls-cert and -tls-key, of -cluster and -routes, of -leaves and -leaf-password")
	}
	node, err := hub.Start(o)
	if err != nil {
		return err
	}
	listening(node.Addr().String())
	<-ctx.Done()
	node.Shutdown()
	node.WaitForShutdown()
	return nil
}
