package web

import (
	"os/exec"
	"strings"
	"testing"
)

// TestQGISReadsEveryFeature opens collections in QGIS and compares shapes,
// values and what lies in a box with what QGIS reads of the file itself.
func TestQGISReadsEveryFeature(t *testing.T) {
	const python = "/usr/bin/python3" // the one for which Debian packs QGIS
	if exec.Command(python, "-c", "import qgis.core").Run() != nil {
		t.Skip("python3-qgis is not installed")
	}
	d, path := plannedCity(t)
	at := startSite(t, Options{Datasets: []*Dataset{d}}).address
	cmd := exec.Command(python, "-B", "testdata/readlayers.py", "http://"+at+"/ogc", path, "10204-flood-depth=zones", "10204-shelters=shelters")
	cmd.Env = append(cmd.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "10204-flood-depth all 550\n") {
		t.Errorf("%v: %s", err, out)
	}
}
