package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"hazardmap/mbtiles/bundle"

	"aead.dev/minisign"
	"golang.org/x/term"
)

// runKey makes a pair of keys, in the files of minisign.
func runKey(_ context.Context, p *program, args []string) error {
	set := p.flags()
	rest, err := parse(set, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return p.misused(set, "want a name for the two files")
	}
	private, public := rest[0]+".key", rest[0]+".pub"
	password, err := readPassword(p, "password for "+private+" (empty for none): ", true)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	key, err := writeKeys(private, public, password)
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	if password == "" {
		fmt.Fprintf(p.stderr, "%s has no password: whoever has the file can sign\n", private)
	}
	_, err = fmt.Fprintf(p.stdout, "%s: signs bundles; keep it offline, and a second key elsewhere\n%s: key %s, for servers and kiosks: hazardmap install -trust %s\n",
		private, public, bundle.KeyID(key.ID()), public)
	return err
}

func writeKeys(private, public, password string) (minisign.PublicKey, error) {
	key, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		return key, err
	}
	text, err := secret.MarshalText()
	if password != "" {
		text, err = minisign.EncryptKey(password, secret)
	}
	if err != nil {
		return key, err
	}
	open, err := key.MarshalText()
	if err != nil {
		return key, err
	}
	if err := writeNew(private, append(text, '\n'), 0o600); err != nil {
		return key, err
	}
	return key, writeNew(public, append(open, '\n'), 0o644)
}

// writeNew never writes over what is there, such as a key.
func writeNew(path string, data []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// readKey reads a secret key, with its password where it has one.
func readKey(p *program, path string) (minisign.PrivateKey, error) {
	var key minisign.PrivateKey
	text, err := os.ReadFile(path)
	if err != nil {
		return key, err
	}
	if minisign.IsEncrypted(text) {
		password, err := readPassword(p, "password of "+path+": ", false)
		if err != nil {
			return key, err
		}
		key, err = minisign.DecryptKey(password, text)
		if err != nil {
			return key, fmt.Errorf("%s: %w", path, err)
		}
		return key, nil
	}
	if err := key.UnmarshalText(text); err != nil {
		return key, fmt.Errorf("%s: is no secret key of minisign: %w", path, err)
	}
	return key, nil
}

// readPassword asks on a terminal, and elsewhere reads the first line.
func readPassword(p *program, prompt string, twice bool) (string, error) {
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		lines := bufio.NewScanner(os.Stdin)
		lines.Scan()
		return strings.TrimRight(lines.Text(), "\r"), lines.Err()
	}
	ask := func(prompt string) (string, error) {
		fmt.Fprint(p.stderr, prompt)
		defer fmt.Fprintln(p.stderr)
		password, err := term.ReadPassword(in)
		return string(password), err
	}
	password, err := ask(prompt)
	if err != nil || !twice || password == "" {
		return password, err
	}
	again, err := ask("once more: ")
	if err == nil && again != password {
		err = errors.New("the two passwords differ")
	}
	return password, err
}
