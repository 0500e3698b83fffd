package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestOpenAPIDescribesEveryRoute compares the description with the table, both
// ways, and follows every reference.
func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	var doc struct {
		OpenAPI    string                                `json:"openapi"`
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components map[string]map[string]json.RawMessage `json:"components"`
	}
	if err := json.Unmarshal(openAPIFile, &doc); err != nil {
		t.Fatal(err)
	}
	var described, served []string
	for path, methods := range doc.Paths {
		for method := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	for _, rt := range testServer(t, Options{}).routes() {
		for method := range rt.methods {
			served = append(served, method+" "+rt.pattern)
		}
	}
	served = append(served, http.MethodGet+" "+tilePattern)
	for _, name := range described {
		if !slices.Contains(served, name) {
			t.Errorf("%s is described and not served", name)
		}
	}
	for _, name := range served {
		if !slices.Contains(described, name) {
			t.Errorf("%s is served and not described", name)
		}
	}
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("openapi %q", doc.OpenAPI)
	}
	for i, rest := range strings.Split(string(openAPIFile), `"$ref": "#/components/`) {
		if i == 0 {
			continue
		}
		name, _, _ := strings.Cut(rest, `"`)
		section, key, _ := strings.Cut(name, "/")
		if doc.Components[section][key] == nil {
			t.Errorf("nothing at #/components/%s", name)
		}
	}
}

// TestRiskAnswerIsAsDescribed holds every key of an answer against the schema.
func TestRiskAnswerIsAsDescribed(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(openAPIFile, &doc); err != nil {
		t.Fatal(err)
	}
	s := testServer(t, Options{})
	for _, target := range []string{"/api/v1/risk?lat=36.30&lon=139.19&lang=en", "/api/v1/risk?lat=36.25&lon=139.09", "/api/v1/risk?lat=0&lon=0"} {
		w := ask(s, "GET", target)
		var answer any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
			t.Fatalf("GET %s = %d, %v", target, w.Code, err)
		}
		for _, fault := range doc.Components.Schemas["RiskAnswer"].faults("answer", answer, doc.Components.Schemas) {
			t.Errorf("GET %s: %s", target, fault)
		}
	}
}

// schema is the part of JSON Schema that tells names apart.
type schema struct {
	Ref        string            `json:"$ref"`
	Required   []string          `json:"required"`
	Properties map[string]schema `json:"properties"`
	Additional any               `json:"additionalProperties"`
	Items      *schema           `json:"items"`
	Enum       []any             `json:"enum"`
}

func (sc schema) faults(where string, v any, all map[string]schema) []string {
	if name, ok := strings.CutPrefix(sc.Ref, "#/components/schemas/"); ok {
		sc = all[name]
	}
	var faults []string
	switch v := v.(type) {
	case map[string]any:
		for _, name := range sc.Required {
			if _, ok := v[name]; !ok {
				faults = append(faults, where+" lacks "+name)
			}
		}
		for name, value := range v {
			property, ok := sc.Properties[name]
			if !ok && sc.Additional == nil {
				faults = append(faults, where+"."+name+" is not described")
				continue
			}
			faults = append(faults, property.faults(where+"."+name, value, all)...)
		}
	case []any:
		for _, value := range v {
			if sc.Items == nil {
				return append(faults, where+" is no list")
			}
			faults = append(faults, sc.Items.faults(where+"[]", value, all)...)
		}
	default:
		if sc.Enum != nil && !slices.Contains(sc.Enum, v) {
			faults = append(faults, where+" is none of those described")
		}
	}
	return faults
}
