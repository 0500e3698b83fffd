// Package bundle carries a dataset from the desk that publishes it to servers
// and kiosks: on a stick, over HTTPS, by any way that may alter it.
//
// A bundle is one file, a tar in zstd: a signed [Pointer], the manifest that it
// names by hash, and the files that the manifest names by hash. The signature
// is checked before anything behind the pointer is read, so strangers reach
// nothing but a short JSON.
package bundle

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"aead.dev/minisign"

	"hazardmap/mbtiles/dataset"
)

// Format is the version of the pointer that this package writes and reads.
const Format = 1

// Pointer says which version of a dataset is the current one. What changes with
// every publication stands here, so that the same dataset stays the same.
type Pointer struct {
	Format   int       `json:"format"`
	Dataset  string    `json:"dataset"` // its id: "10204"
	Area     string    `json:"area"`    // as people call it: "伊勢崎市"
	Edition  string    `json:"edition"`
	Version  string    `json:"version"`           // SHA-256 of the manifest
	Bytes    int64     `json:"bytes"`             // of the manifest and all files
	Sequence int64     `json:"sequence"`          // grows with every publication
	Created  time.Time `json:"created"`           //
	Expires  time.Time `json:"expires"`           // from then on shown with a warning, and shown all the same
	Program  string    `json:"program,omitempty"` // the oldest program that reads it: "0.1.0"
	Keys     []string  `json:"keys,omitempty"`    // trusted from now on, instead of those before
}

// maxPointer bounds what is read before a signature was checked.
const maxPointer = 16 << 10

// Sign writes a pointer with its signature: one line of JSON, then a signature
// of that line as minisign writes it.
func Sign(p Pointer, key minisign.PrivateKey) ([]byte, error) {
	p.Format = Format
	if err := p.check(); err != nil {
		return nil, err
	}
	line, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	line = append(line, '\n')
	// Nothing but the pointer has a clock, and it has its own.
	trusted := "hazardmap pointer, sequence " + strconv.FormatInt(p.Sequence, 10)
	return append(line, minisign.SignWithComments(key, line, trusted, "signature by key "+KeyID(key.ID()))...), nil
}

// Check reads a signed pointer and returns it with the key that signed it.
func Check(signed []byte, trusted []minisign.PublicKey) (Pointer, minisign.PublicKey, error) {
	var p Pointer
	var none minisign.PublicKey
	if len(signed) > maxPointer {
		return p, none, fmt.Errorf("the pointer is longer than %d bytes", maxPointer)
	}
	end := bytes.IndexByte(signed, '\n') + 1
	line, text := signed[:end], signed[end:]
	if end == 0 || len(bytes.TrimSpace(text)) == 0 {
		return p, none, errors.New("is not signed")
	}
	var signature minisign.Signature
	if err := signature.UnmarshalText(text); err != nil {
		return p, none, errors.New("the signature cannot be read")
	}
	key, err := signer(signature.KeyID, trusted)
	if err != nil {
		return p, none, err
	}
	if !minisign.Verify(key, line, text) {
		return p, none, errors.New("the signature does not fit: the pointer was altered")
	}
	p, err = parse(line)
	return p, key, err
}

// ErrNotTrusted reports a signature by a key that was not named here.
var ErrNotTrusted = errors.New("which is not trusted here")

func signer(id uint64, trusted []minisign.PublicKey) (minisign.PublicKey, error) {
	for _, key := range trusted {
		if key.ID() == id {
			return key, nil
		}
	}
	return minisign.PublicKey{}, fmt.Errorf("is signed by key %s, %w", KeyID(id), ErrNotTrusted)
}

// parse reads a pointer whose signature is good and refuses what this program
// does not know.
func parse(line []byte) (Pointer, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return Pointer{}, fmt.Errorf("pointer: %w", err)
	}
	if head.Format != Format {
		return Pointer{}, fmt.Errorf("pointer of format %d is not known to this program, which reads %d", head.Format, Format)
	}
	var p Pointer
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return Pointer{}, fmt.Errorf("pointer: %w", err)
	}
	return p, p.check()
}

func (p *Pointer) check() error {
	digest, err := hex.DecodeString(p.Version)
	switch {
	case p.Dataset == "":
		return errors.New("pointer: names no dataset")
	case err != nil || len(digest) != 32 || p.Version != strings.ToLower(p.Version):
		return fmt.Errorf("pointer: version %q is no SHA-256", p.Version)
	case p.Bytes <= 0 || p.Bytes > maxDataset:
		return fmt.Errorf("pointer: a dataset of %d bytes is none", p.Bytes)
	case p.Sequence <= 0:
		return fmt.Errorf("pointer: sequence number %d is not positive", p.Sequence)
	}
	for _, text := range p.Keys {
		var key minisign.PublicKey
		if err := key.UnmarshalText([]byte(text)); err != nil {
			return fmt.Errorf("pointer: key %q: %w", text, err)
		}
	}
	return nil
}

// Expired says whether the data may be old. A clock that stands before the
// publication is wrong and tells nothing; the edition is shown in any case.
func (p *Pointer) Expired(now time.Time) bool { return !p.Expires.IsZero() && now.After(p.Expires) }

// ReadableBy refuses a pointer that asks for a newer program.
func (p *Pointer) ReadableBy(program string) error {
	if older(program, p.Program) {
		return fmt.Errorf("needs hazardmap %s or newer, this is %s", p.Program, program)
	}
	return nil
}

// older compares versions of numbers and dots; what is no number counts as 0.
func older(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		var x, y int
		if i < len(as) {
			x, _ = strconv.Atoi(as[i])
		}
		if i < len(bs) {
			y, _ = strconv.Atoi(bs[i])
		}
		if x != y {
			return x < y
		}
	}
	return false
}

// PointerTo describes a dataset as far as the dataset itself can tell.
func PointerTo(dir string) (Pointer, error) {
	m, version, err := dataset.ReadManifest(dir)
	if err != nil {
		return Pointer{}, err
	}
	manifest, err := manifestBytes(dir)
	if err != nil {
		return Pointer{}, err
	}
	return Pointer{Dataset: m.ID, Area: m.Area.Name, Edition: m.Edition, Version: version, Bytes: m.Bytes() + int64(len(manifest))}, nil
}
