// Package disktest answers whether something survives a power cut or a failing
// disk: it records the operations on a [disk.Disk], shows every state in which
// a crash may leave the files, and makes each operation fail in turn.
//
// What counts as allowed is what POSIX promises and no more: bytes that were
// not synced may be missing wholly or in half, and of the changes of names in a
// directory that was not synced any may have happened and any not.
package disktest

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hazardmap/mbtiles/disk"
)

// Recorder is the disk of the operating system; it remembers what is done.
type Recorder struct {
	disk.OS
	t     testing.TB
	root  string
	start *node
	steps []step
}

// step is one operation, to be done again on the model of the files.
type step struct {
	name string
	do   func(root *node)
}

// Record starts to record what is done below root. What lies there now is on
// the disk, but for the paths below those named unsynced, which were written
// and not synced.
func Record(t testing.TB, root string, unsynced ...string) *Recorder {
	t.Helper()
	r := &Recorder{t: t, root: root}
	r.start = r.load(root, unsynced)
	return r
}

// node is a file or a directory: as programs see it, and as it is sure to be
// on the disk.
type node struct {
	names, sure map[string]*node // of a directory; nil for a file
	pending     []change         // between sure and names
	data, saved []byte           // of a file
	questions   []*question      // what a crash leaves open
}

// change is what one operation does to the names of a directory.
type change func(names map[string]*node)

func (r *Recorder) load(path string, unsynced []string) *node {
	info, err := os.Lstat(path)
	if err != nil {
		r.t.Fatal(err)
	}
	n := &node{}
	lost := false
	for _, u := range unsynced {
		lost = lost || path == u || strings.HasPrefix(path, u+string(filepath.Separator))
	}
	if !info.IsDir() {
		if n.data, err = os.ReadFile(path); err != nil {
			r.t.Fatal(err)
		}
		if !lost {
			n.saved = n.data
		}
		return n
	}
	n.names, n.sure = map[string]*node{}, map[string]*node{}
	entries, err := os.ReadDir(path)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range entries {
		child := r.load(filepath.Join(path, e.Name()), unsynced)
		if lost {
			n.apply(put(e.Name(), child))
		} else {
			n.names[e.Name()], n.sure[e.Name()] = child, child
		}
	}
	return n
}

func put(name string, child *node) change {
	return func(names map[string]*node) { names[name] = child }
}

func (n *node) apply(c change) {
	c(n.names)
	n.pending = append(n.pending, c)
}

// clone copies the model, so that the steps can be done again from the start.
func (n *node) clone(seen map[*node]*node) *node {
	if c, ok := seen[n]; ok {
		return c
	}
	c := &node{data: n.data, saved: n.saved}
	seen[n] = c
	if n.names == nil {
		return c
	}
	c.names, c.sure = map[string]*node{}, map[string]*node{}
	for name, child := range n.sure {
		c.sure[name] = child.clone(seen)
	}
	maps.Copy(c.names, c.sure)
	for name, child := range n.names {
		if c.sure[name] == nil { // written before the recording began, and not synced
			c.apply(put(name, child.clone(seen)))
		}
	}
	return c
}

// at returns the directory of a path and the last name of it.
func (r *Recorder) at(root *node, path string) (*node, string) {
	rel, err := filepath.Rel(r.root, path)
	if err != nil || !filepath.IsLocal(rel) {
		r.t.Fatalf("%s lies outside of %s", path, r.root)
	}
	parts := strings.Split(rel, string(filepath.Separator))
	dir := root
	for _, p := range parts[:len(parts)-1] {
		dir = dir.names[p]
	}
	return dir, parts[len(parts)-1]
}

func (r *Recorder) node(root *node, path string) *node {
	if path == r.root {
		return root
	}
	dir, name := r.at(root, path)
	return dir.names[name]
}

func (r *Recorder) note(err error, name string, do func(root *node)) error {
	if err == nil {
		r.steps = append(r.steps, step{name, do})
	}
	return err
}

// Create makes a file and records what is written to it.
func (r *Recorder) Create(path string) (disk.File, error) {
	f, err := r.OS.Create(path)
	return recordedFile{f, r, path}, r.note(err, "create "+path, func(root *node) {
		dir, name := r.at(root, path)
		dir.apply(put(name, &node{}))
	})
}

type recordedFile struct {
	disk.File
	r    *Recorder
	path string
}

func (f recordedFile) Write(data []byte) (int, error) {
	data = bytes.Clone(data)
	n, err := f.File.Write(data)
	return n, f.r.note(err, "write "+f.path, func(root *node) {
		file := f.r.node(root, f.path)
		file.data = append(bytes.Clone(file.data), data...)
	})
}

func (f recordedFile) Sync() error {
	return f.r.note(f.File.Sync(), "sync "+f.path, func(root *node) { f.r.node(root, f.path).sync() })
}

func (n *node) sync() {
	if n.names == nil {
		n.saved = n.data
		return
	}
	n.sure, n.pending = maps.Clone(n.names), nil
}

// Mkdir makes a directory.
func (r *Recorder) Mkdir(path string) error {
	return r.note(r.OS.Mkdir(path), "mkdir "+path, func(root *node) {
		dir, name := r.at(root, path)
		dir.apply(put(name, &node{names: map[string]*node{}, sure: map[string]*node{}}))
	})
}

// Rename gives a file or directory another name in its directory.
func (r *Recorder) Rename(from, to string) error {
	return r.note(r.OS.Rename(from, to), "rename "+from+" to "+to, func(root *node) {
		dir, old := r.at(root, from)
		_, name := r.at(root, to)
		dir.apply(func(names map[string]*node) {
			if n := names[old]; n != nil {
				delete(names, old)
				names[name] = n
			}
		})
	})
}

// Exchange swaps two names of one directory.
func (r *Recorder) Exchange(a, b string) error {
	return r.note(r.OS.Exchange(a, b), "exchange "+a+" and "+b, func(root *node) {
		dir, one := r.at(root, a)
		_, two := r.at(root, b)
		dir.apply(func(names map[string]*node) {
			if names[one] != nil && names[two] != nil {
				names[one], names[two] = names[two], names[one]
			}
		})
	})
}

// Remove removes a file or a directory.
func (r *Recorder) Remove(path string) error {
	return r.note(r.OS.Remove(path), "remove "+path, func(root *node) {
		dir, name := r.at(root, path)
		if n := dir.names[name]; n != nil {
			n.empty()
			dir.apply(func(names map[string]*node) { delete(names, name) })
		}
	})
}

// empty removes what is in a directory, name by name.
func (n *node) empty() {
	for name, child := range maps.Clone(n.names) {
		child.empty()
		n.apply(func(names map[string]*node) { delete(names, name) })
	}
}

// Sync brings a file or the names of a directory to the disk.
func (r *Recorder) Sync(path string) error {
	return r.note(r.OS.Sync(path), "sync "+path, func(root *node) { r.node(root, path).sync() })
}
