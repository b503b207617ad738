// Package schemas holds the files that describe data: the JSON Schemas, by month of their version, and the example
// municipalities.
package schemas

import (
	"embed"
	"fmt"
)

//go:embed municipalities/*.json
var municipalities embed.FS

//go:embed 2026-11/*.json
var documents embed.FS

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
