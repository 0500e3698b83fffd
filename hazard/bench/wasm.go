package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// measureWASM runs the same program natively and as WebAssembly in Node.
func measureWASM(s *set, index []byte) error {
	node, err := exec.LookPath("node")
	if err != nil {
		fmt.Println("  WebAssembly left out:", err)
		return nil
	}
	dir, err := os.MkdirTemp("", "hazard-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var points []byte
	for _, p := range s.points[:20_000] {
		points = binary.LittleEndian.AppendUint32(points, uint32(p.Lon))
		points = binary.LittleEndian.AppendUint32(points, uint32(p.Lat))
	}
	indexFile, pointsFile := filepath.Join(dir, "risks.idx"), filepath.Join(dir, "points")
	if err := os.WriteFile(indexFile, index, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(pointsFile, points, 0o600); err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	runner := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js")
	native, nativeSum, err := runLookup(filepath.Join(dir, "native"), nil, nil, indexFile, pointsFile)
	if err != nil {
		return err
	}
	wasm, wasmSum, err := runLookup(filepath.Join(dir, "wasm"), []string{"GOOS=js", "GOARCH=wasm"}, []string{node, runner}, indexFile, pointsFile)
	if err != nil {
		return err
	}
	fmt.Printf("  ns a point, best of 40 rounds by the clock: native %.0f, WebAssembly in Node %.0f\n", native, wasm)
	line("WebAssembly, times native", wasm/native, "<=", 2)
	if nativeSum != wasmSum {
		return fmt.Errorf("WebAssembly answers differ: %s, native %s", wasmSum, nativeSum)
	}
	fmt.Println("  WebAssembly answers (zones, edges, nearby) equal the native ones")
	return nil
}

func runLookup(program string, env, with []string, args ...string) (ns float64, sum string, err error) {
	build := exec.Command("go", "build", "-o", program, "./lookup")
	build.Env = append(os.Environ(), env...)
	if out, err := build.CombinedOutput(); err != nil {
		return 0, "", fmt.Errorf("build: %w: %s", err, out)
	}
	with = append(with, program)
	out, err := exec.Command(with[0], append(with[1:], args...)...).CombinedOutput()
	if err != nil {
		return 0, "", fmt.Errorf("%w: %s", err, out)
	}
	_, err = fmt.Sscan(string(out), &ns, &sum)
	return ns, sum, err
}
