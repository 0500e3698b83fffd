package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hazardmap/cmd/internal/doctor"
	"hazardmap/i18n"
)

// errFaults ends a visit of the doctor whose findings have been written.
var errFaults = errors.New("doctor: something must be done")

// runDoctor says what is wrong with this machine and what to do.
func runDoctor(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	patient := doctor.Patient{Program: Version, Now: time.Now()}
	set.StringVar(&patient.Store, "store", "", "`DIRECTORY` of the installed datasets")
	set.StringVar(&patient.Addr, "addr", "localhost:8080", "`ADDRESS` of the site")
	set.StringVar(&patient.Admin, "admin", "", "`ADDRESS` of the door for staff")
	set.StringVar(&patient.TLSCert, "tls-cert", "", "`FILE` with the certificate")
	set.StringVar(&patient.TLSKey, "tls-key", "", "`FILE` with its key")
	set.BoolVar(&patient.Kiosk, "kiosk", false, "look at fonts, browser and screen too")
	asJSON := set.Bool("json", false, "write JSON")
	lang := set.String("lang", "", "ja or en; empty for both")
	var err error
	if patient.Datasets, err = parse(set, args); err != nil {
		return err
	}
	langs := i18n.StaffLangs()
	if *lang != "" {
		if *lang != string(i18n.Japanese) && *lang != string(i18n.English) {
			return p.misused(set, "-lang: want ja or en")
		}
		langs = []i18n.Lang{i18n.Lang(*lang)}
	}
	findings, err := doctor.Examine(ctx, patient)
	if err != nil {
		return fmt.Errorf("doctor: %w", err)
	}
	if *asJSON {
		err = findings.WriteJSON(p.stdout)
	} else {
		err = findings.Write(p.stdout, langs)
	}
	if err == nil && findings.Faulty() {
		err = errFaults
	}
	return err
}
