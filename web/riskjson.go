package web

import (
	"encoding/json"

	"hazardmap/hazard"
	"hazardmap/i18n"
)

// riskJSON writes an answer for programs.
func (d *Dataset) riskJSON(a hazard.Answer, _ i18n.Lang) []byte {
	body, err := json.Marshal(a)
	if err != nil {
		panic(err) // codes and numbers
	}
	return body
}
