//go:build !js

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hazardmap/web/offline"
)

var (
	points   = flag.Int("points", 400, "random places to ask the phone's program and this one about")
	searches = flag.Int("searches", 200, "texts to search in both")
)

// question is an [offline.Question] as the worker asks it.
type question struct {
	Post  bool   `json:"post"`
	Path  string `json:"path"`
	Query string `json:"query"`
	Form  string `json:"form"`
	Look  string `json:"look"`
	Old   bool   `json:"old"`
}

// TestPhoneAgrees: compiled for a phone and for this machine, the same question
// is answered by the same bytes.
func TestPhoneAgrees(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node on this machine")
	}
	if built, _ := filepath.Glob("../../web/dist-worker/hazardmap-*.wasm.gz"); len(built) == 0 {
		t.Skip("the program of the phone is not built: make client")
	}
	files := demoPack(t)
	town, err := offline.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	asked := questions()
	var lines bytes.Buffer
	for _, q := range asked {
		line, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	if err := os.WriteFile(filepath.Join(folder, "questions"), lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := exec.Command(node, "ask.mjs", folder)
	ask.Stderr = os.Stderr
	out, err := ask.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Fields(string(out))
	if len(answers) != len(asked) {
		t.Fatalf("%d answers to %d questions", len(answers), len(asked))
	}
	wrong := 0
	for i, q := range asked {
		r := town.Answer(offline.Question(q))
		sum := sha256.Sum256(append([]byte(fmt.Sprintf("%d %s\n", r.Status, r.Location)), r.Body...))
		if hex.EncodeToString(sum[:]) != answers[i] {
			if wrong++; wrong < 10 {
				t.Errorf("%+v is answered by other bytes on a phone", q)
			}
		}
	}
	t.Logf("%d of %d answers differ", wrong, len(asked))
}

// questions are about random places in and around the sample city, mostly in
// the short form, and searches for cut-off and mixed-up names of it.
func questions() []question {
	random := rand.New(rand.NewPCG(20260401, 10204))
	langs := []string{"ja", "ja-easy", "en", "es", "pt", "vi", "tl"}
	var list []question
	for i := range *points {
		q := question{Path: fmt.Sprintf("/%s/at/%.5f,%.5f", langs[i%len(langs)], 35.98+random.Float64()*0.1, 141.46+random.Float64()*0.14), Old: i%97 == 0}
		if i%20 != 0 {
			q.Query = "form=short"
		}
		list = append(list, q)
	}
	text := []rune("見本市川原町高台本町丘四丁目123-5番地号みほんかわらMihon Kawara chome ")
	for i := range *searches {
		var typed []rune
		for range 1 + random.IntN(8) {
			typed = append(typed, text[random.IntN(len(text))])
		}
		list = append(list, question{Post: true, Path: "/" + langs[i%len(langs)] + "/search", Form: "q=" + string(typed)},
			question{Post: true, Path: offline.SuggestPath, Form: "limit=6&suggest=true&q=" + string(typed)})
	}
	return list
}
