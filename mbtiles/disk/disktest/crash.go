package disktest

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// allOf is up to how many open questions every combination of them is tried;
// beyond, each prefix, each alone, and all but each.
const allOf = 6

// Crash builds every state in which a power cut may leave the files, before the
// first operation, between any two and after the last, and calls check with
// each once: the directory, and the operation after which it may be found. It
// returns how many there were.
func (r *Recorder) Crash(check func(dir, after string)) int {
	r.t.Helper()
	seen := map[[sha256.Size]byte]bool{}
	for k := range len(r.steps) + 1 {
		root := r.start.clone(map[*node]*node{})
		after := "the start"
		for _, s := range r.steps[:k] {
			s.do(root)
			after = s.name
		}
		var open []*question
		root.ask(&open, map[*node]bool{})
		for answers := range combinations(len(open)) {
			for _, half := range []bool{false, true} {
				for i, q := range open {
					q.happened, q.half = answers[i], half
				}
				r.try(root, seen, after, check)
			}
		}
	}
	return len(seen)
}

// question is whether something that was not synced is on the disk all the
// same: one change of names, or the bytes of a file.
type question struct {
	change         change
	happened, half bool
}

func (n *node) ask(open *[]*question, seen map[*node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	n.questions = nil
	for _, c := range n.pending {
		n.questions = append(n.questions, &question{change: c})
	}
	if n.names == nil && string(n.saved) != string(n.data) {
		n.questions = append(n.questions, &question{})
	}
	*open = append(*open, n.questions...)
	for _, names := range []map[string]*node{n.sure, n.names} {
		for _, name := range slices.Sorted(maps.Keys(names)) {
			names[name].ask(open, seen)
		}
	}
}

// combinations yields the answers that are tried for n open questions.
func combinations(n int) func(yield func([]bool) bool) {
	return func(yield func([]bool) bool) {
		answers := make([]bool, n)
		fill := func(happened func(i int) bool) bool {
			for i := range answers {
				answers[i] = happened(i)
			}
			return yield(answers)
		}
		if n <= allOf {
			for mask := range 1 << n {
				if !fill(func(i int) bool { return mask>>i&1 == 1 }) {
					return
				}
			}
			return
		}
		for k := range n + 1 {
			if !fill(func(i int) bool { return i < k }) || !fill(func(i int) bool { return i == k }) || !fill(func(i int) bool { return i != k }) {
				return
			}
		}
	}
}

// try writes one state and has it checked, unless an equal one was.
func (r *Recorder) try(root *node, seen map[[sha256.Size]byte]bool, after string, check func(dir, after string)) {
	r.t.Helper()
	files := map[string][]byte{}
	root.left("", files)
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%q %d %x\n", path, len(files[path]), sha256.Sum256(files[path]))
	}
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	if seen[sum] {
		return
	}
	seen[sum] = true
	dir, err := os.MkdirTemp("", "hazardmap-crash-")
	if err != nil {
		r.t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for path, data := range files {
		path = filepath.Join(dir, path)
		if data == nil {
			err = os.MkdirAll(path, 0o755)
		} else if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = os.WriteFile(path, data, 0o644)
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	check(dir, after)
}

// left collects what the answers leave below a node; a directory is nil.
func (n *node) left(path string, files map[string][]byte) {
	if n.names == nil {
		files[path] = n.kept()
		return
	}
	files[path] = nil
	names := maps.Clone(n.sure)
	for _, q := range n.questions {
		if q.happened {
			q.change(names)
		}
	}
	for name, child := range names {
		child.left(filepath.Join(path, name), files)
	}
}

func (n *node) kept() []byte {
	data := n.data
	if len(n.questions) == 1 && !n.questions[0].happened {
		data = n.saved
		if n.questions[0].half {
			data = n.data[:len(n.data)/2]
		}
	}
	if data == nil {
		return []byte{}
	}
	return data
}
