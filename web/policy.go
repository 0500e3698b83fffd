package web

import (
	"crypto/sha256"
	"encoding/base64"

	"hazardmap/web/view"
	"hazardmap/web/view/plan"
)

// contentPolicy allows what the pages need: their own files, their inline
// styles by their hashes, and the icons of the map's controls as data.
func contentPolicy(base string, kiosk bool) string {
	connect := "'self'"
	if base != "" {
		connect += " " + base
	}
	styles := "'" + styleHash(view.StyleSheet()) + "' '" + styleHash(plan.StyleSheet()) + "'"
	if kiosk {
		styles += " '" + styleHash(view.KioskSheet()) + "'"
	}
	return "default-src 'self'; script-src 'self'; style-src 'self' " + styles + "; img-src 'self' data:; connect-src " + connect +
		"; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
}

// plainPolicy is for pages that have no script and load nothing.
func plainPolicy() string {
	return "default-src 'none'; style-src '" + styleHash(view.StyleSheet()) + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// styleHash is what the policy allows instead of 'unsafe-inline'.
func styleHash(sheet string) string {
	sum := sha256.Sum256([]byte(sheet))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
