// Package schemas holds the files that describe data: the JSON Schemas, by month of their version, the document of the
// JSON API, and the example municipalities.
package schemas

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
)

//go:embed municipalities/*.json
var municipalities embed.FS

//go:embed 2026-11/*.json
var documents embed.FS

//go:embed openapi.json
var openAPI []byte

// Municipality returns the file of a municipality that comes along, by its id.
func Municipality(id string) ([]byte, error) {
	data, err := municipalities.ReadFile("municipalities/" + id + ".json")
	if err != nil {
		return nil, fmt.Errorf("municipality %s: %w", id, err)
	}
	return data, nil
}

// Schema returns a JSON Schema by version and name: "2026-11", "municipality".
func Schema(version, name string) ([]byte, error) {
	data, err := documents.ReadFile(version + "/" + name + ".schema.json")
	if err != nil {
		return nil, fmt.Errorf("schema %s %s: %w", version, name, err)
	}
	return data, nil
}

// OpenAPI returns the document of the JSON API as one file, with the schema of a report inside.
func OpenAPI() ([]byte, error) {
	data, err := Schema("2026-11", "report")
	if err != nil {
		return nil, err
	}
	var report map[string]any
	if err := json.Unmarshal(data, &report); err != nil {
		return nil, fmt.Errorf("schema of a report: %w", err)
	}
	delete(report, "$schema")
	delete(report, "$id") // inside the document it is part of it
	var document map[string]any
	if err := json.Unmarshal(openAPI, &document); err != nil {
		return nil, fmt.Errorf("document of the API: %w", err)
	}
	parts, _ := document["components"].(map[string]any)
	schemas, _ := parts["schemas"].(map[string]any)
	if _, there := schemas["Report"]; !there {
		return nil, errors.New("document of the API: it has no schema of a report")
	}
	schemas["Report"] = report
	return json.MarshalIndent(document, "", "  ")
}
