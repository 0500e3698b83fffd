// Package doctor finds what is wrong with a machine that serves hazard maps,
// and says in Japanese and English what to do about it.
//
// It looks and never touches: what it writes to see whether a disk can be
// written is gone again before it answers.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"hazardmap/i18n"
)

// Patient is what is examined. Empty fields are left out.
type Patient struct {
	Datasets []string
	Store    string // directory of installed datasets
	Program  string // version, for bundles that need a newer one
	Addr     string // where the site listens or is to listen
	Admin    string // its door for staff
	TLSCert  string
	TLSKey   string
	Kiosk    bool
	Now      time.Time
}

// Level says how bad a finding is.
type Level string

// The levels.
const (
	Good  Level = "good"
	Note  Level = "note"  // the site goes on, somebody should look
	Fault Level = "fault" // visitors are not served, or soon will not be
)

// Finding is one thing that was seen.
type Finding struct {
	Level Level
	Key   string // of its text in the staff's catalogue, without "doctor."
	args  []i18n.Arg
}

// Text says what was seen.
func (f Finding) Text(lang i18n.Lang) string { return i18n.Staff(lang).T("doctor."+f.Key, f.args...) }

// Advice says what to do, "" where nothing is to be done.
func (f Finding) Advice(lang i18n.Lang) string {
	if c := i18n.Staff(lang); c.Has("doctor." + f.Key + ".do") {
		return c.T("doctor."+f.Key+".do", f.args...)
	}
	return ""
}

// Findings are all that was seen.
type Findings []Finding

// count counts the findings of a level.
func (all Findings) count(level Level) int {
	n := 0
	for _, f := range all {
		if f.Level == level {
			n++
		}
	}
	return n
}

// Faulty reports whether something must be done.
func (all Findings) Faulty() bool { return all.count(Fault) > 0 }

// Examine looks at everything that the patient names, and at the machine.
func Examine(ctx context.Context, p Patient) (Findings, error) {
	e := &examination{Patient: p}
	for _, look := range []func(context.Context){e.data, e.store, e.clock, e.disks, e.memory, e.files, e.certificate, e.site, e.admin, e.kiosk} {
		look(ctx)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return e.found, nil
}

// examination gathers what one look needs of another.
type examination struct {
	Patient
	found  Findings
	places []place // directories with data
}

// place is a directory with data.
type place struct {
	dir   string
	bytes int64     // of the largest dataset in it
	wrote time.Time // when the newest of its files was written
}

func (e *examination) see(level Level, key string, args ...i18n.Arg) {
	e.found = append(e.found, Finding{level, key, args})
}

func path(p string) i18n.Arg       { return i18n.Str("path", p) }
func reason(err error) i18n.Arg    { return i18n.Str("reason", err.Error()) }
func address(a string) i18n.Arg    { return i18n.Str("address", a) }
func megabytes(n int64) string     { return fmt.Sprint(n >> 20) }
func moment(t time.Time) string    { return t.Format("2006-01-02 15:04") }
func days(d time.Duration) int     { return int(d / (24 * time.Hour)) }
func free(n int64) i18n.Arg        { return i18n.Str("free", megabytes(n)) }
func edition(text string) i18n.Arg { return i18n.Str("edition", text) }

// Write writes the findings for people, each in every language given.
func (all Findings) Write(w io.Writer, langs []i18n.Lang) error {
	for _, f := range all {
		for i, lang := range langs {
			c := i18n.Staff(lang)
			head := "[" + c.T("doctor.level."+string(f.Level)) + "] "
			if i > 0 {
				head = "    "
			}
			if _, err := fmt.Fprintln(w, head+f.Text(lang)); err != nil {
				return err
			}
			if advice := f.Advice(lang); advice != "" && f.Level != Good {
				if _, err := fmt.Fprintln(w, "    → "+c.T("doctor.do")+": "+advice); err != nil {
					return err
				}
			}
		}
	}
	key := "doctor.sum-good"
	if all.Faulty() {
		key = "doctor.sum-fault"
	}
	for _, lang := range langs {
		if _, err := fmt.Fprintln(w, i18n.Staff(lang).T(key, i18n.Str("faults", fmt.Sprint(all.count(Fault))), i18n.Str("notes", fmt.Sprint(all.count(Note))))); err != nil {
			return err
		}
	}
	return nil
}

// words are a text in both languages.
type words struct {
	Ja string `json:"ja,omitempty"`
	En string `json:"en,omitempty"`
}

// WriteJSON writes the findings for programs.
func (all Findings) WriteJSON(w io.Writer) error {
	type finding struct {
		Level Level  `json:"level"`
		Code  string `json:"code"`
		Text  words  `json:"text"`
		Do    words  `json:"do,omitzero"`
	}
	out := struct {
		Good     bool      `json:"good"`
		Findings []finding `json:"findings"`
	}{!all.Faulty(), []finding{}}
	for _, f := range all {
		shown := finding{Level: f.Level, Code: f.Key, Text: words{f.Text(i18n.Japanese), f.Text(i18n.English)}}
		if f.Level != Good {
			shown.Do = words{f.Advice(i18n.Japanese), f.Advice(i18n.English)}
		}
		out.Findings = append(out.Findings, shown)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(out)
}
