// Package check holds a document against its JSON Schema and says what is wrong in Dutch. It costs start-up time that
// a waiting resident would pay: for the local server, synthesis and tests, never for a function.
package check

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"voordeur/internal/municipality"
	"voordeur/schemas"
)

// Version is the schemas' version that documents are held against.
const Version = "2026-11"

// Municipality reads a municipality's file: first by its schema, then by meaning. The error is of type
// municipality.Faults and holds the faults of both, one for each place.
func Municipality(data []byte) (*municipality.Municipality, error) {
	faults, err := Document("municipality", data)
	if err != nil {
		return nil, err
	}
	m, err := municipality.Read(data)
	if err != nil {
		meaning, ok := errors.AsType[municipality.Faults](err)
		if !ok {
			return nil, err
		}
		faults = inWordsOf(meaning, faults).And(meaning)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return m, nil
}

// inWordsOf says the schema's faults in the words by meaning, where both name a place: those give an example where a
// schema has a pattern, and the line where a file is no JSON.
func inWordsOf(meaning, faults municipality.Faults) municipality.Faults {
	for i, fault := range faults {
		if at := slices.IndexFunc(meaning, func(m municipality.Fault) bool { return m.Place == fault.Place }); at >= 0 {
			faults[i].Text = meaning[at].Text
		}
	}
	return faults
}

// Document holds a document against the schema of a name, such as "municipality" or "form", and returns every fault.
// The error says that the schema itself cannot be used.
func Document(schema string, data []byte) (municipality.Faults, error) {
	compiled, err := compile(schema)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return municipality.Faults{{Text: "dit is geen JSON"}}, nil
	}
	invalid, _ := errors.AsType[*jsonschema.ValidationError](compiled.Validate(document))
	return faultsOf(invalid), nil
}

func compile(name string) (*jsonschema.Schema, error) {
	data, err := schemas.Schema(Version, name)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	url := name + ".schema.json"
	if err := c.AddResource(url, document); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	compiled, err := c.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	return compiled, nil
}

// faultsOf returns the leaves of a validation error, in order of the document.
func faultsOf(e *jsonschema.ValidationError) municipality.Faults {
	if e == nil {
		return nil
	}
	_, oneOf := e.ErrorKind.(*kind.OneOf)
	if len(e.Causes) == 0 || oneOf { // what is wrong with each of the ways is no help
		return leaf(place(e.InstanceLocation), e.ErrorKind)
	}
	var faults municipality.Faults
	for _, cause := range e.Causes {
		faults = append(faults, faultsOf(cause)...)
	}
	return faults
}

// leaf turns one broken keyword into faults: one for each field that is missing or unknown, else one.
func leaf(at string, broken jsonschema.ErrorKind) municipality.Faults {
	switch k := broken.(type) {
	case *kind.Required:
		return each(at, k.Missing, "vul dit in")
	case *kind.AdditionalProperties:
		return each(at, k.Properties, "dit veld is niet bekend, haal het weg")
	default:
		return municipality.Faults{{Place: at, Text: text(k)}}
	}
}

func each(at string, fields []string, say string) municipality.Faults {
	faults := make(municipality.Faults, len(fields))
	for i, field := range fields {
		faults[i] = municipality.Fault{Place: municipality.At(at, field), Text: say}
	}
	return faults
}

// place writes a location as municipality.Read does: "areas[0].team".
func place(location []string) string {
	at := ""
	for _, part := range location {
		if strings.Trim(part, "0123456789") == "" {
			at += "[" + part + "]"
			continue
		}
		at = municipality.At(at, part)
	}
	return at
}
