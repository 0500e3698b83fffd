package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"hazardmap/web"
)

// TestReplicasBehindNginx switches two replicas one after the other, behind the
// configuration that we ship, while clients ask: no answer is of two editions,
// every tile that is named is there, and nothing is purged. The replicas take
// turns at every request, which is worse than what the file asks for.
func TestReplicasBehindNginx(t *testing.T) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed")
	}
	root := t.TempDir()
	editions := []edition{buildEdition(t, filepath.Join(root, "2025"), "2025", 3), buildEdition(t, filepath.Join(root, "2026"), "2026", 4)}
	front := freeAddress(t)
	var replicas []running
	var shown []string
	for i := range 2 {
		dir := filepath.Join(root, fmt.Sprint("shown", i))
		copyDir(t, editions[0].dir, dir)
		shown = append(shown, dir)
		replicas = append(replicas, startServing(t, &source{dirs: []string{dir}}, func(o *web.Options) { o.BaseURL = "http://" + front }))
	}
	startNginx(t, program, front, replicas)
	l := &load{running: running{t: t, site: "http://" + front}, editions: editions}
	eventually(t, "nginx answers", func() bool {
		response, err := http.Get(l.site + "/healthz")
		if err == nil {
			response.Body.Close()
		}
		return err == nil && response.StatusCode == http.StatusOK
	})
	ctx, stop := context.WithCancel(context.Background())
	var loading sync.WaitGroup
	loading.Go(func() { l.run(ctx, 3) })
	asked := func(n int64) {
		from := l.asked.Load()
		eventually(t, "clients ask on", func() bool { return l.asked.Load() > from+n })
	}
	asked(60)
	for i := range replicas {
		renameOver(t, editions[1].dir, shown[i])
		if status := replicas[i].reload(); status != http.StatusOK {
			t.Errorf("replica %d: reload answers %d", i, status)
		}
		asked(60) // one new, one old
	}
	stop()
	loading.Wait()
	if l.wrong.Load() > 0 {
		t.Errorf("%d of %d answers wrong, the first: %s", l.wrong.Load(), l.asked.Load(), *l.first.Load())
	}
	t.Logf("D6 two replicas switched behind nginx: %d wrong of %d answers, 0 purges", l.wrong.Load(), l.asked.Load())
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startNginx runs the file that we ship, with the paths and addresses of a test.
func startNginx(t *testing.T, program, front string, replicas []running) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	conf := string(text)
	for _, change := range [][2]string{
		{"replica1:8080", strings.TrimPrefix(replicas[0].site, "http://")}, {"replica2:8080", strings.TrimPrefix(replicas[1].site, "http://")},
		{"listen 80;", "listen " + front + ";"}, {"/var/cache/nginx/", dir + "/"}, {"/var/log/nginx/", dir + "/"},
		{"hash $binary_remote_addr consistent;", ""},
	} {
		if !strings.Contains(conf, change[0]) {
			t.Fatalf("docs/nginx.conf: no %q", change[0])
		}
		conf = strings.ReplaceAll(conf, change[0], change[1])
	}
	temporary := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temporary += fmt.Sprintf("%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	path := filepath.Join(dir, "nginx.conf")
	whole := fmt.Sprintf("daemon off;\nmaster_process off;\npid %s/pid;\nerror_log %s/error.log;\nevents {}\nhttp {\n%s%s}\n", dir, dir, temporary, conf)
	if err := os.WriteFile(path, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-p", dir, "-c", path, "-e", filepath.Join(dir, "error.log"))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait() // ended by the signal
	})
}
