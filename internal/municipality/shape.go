package municipality

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

// values returns valid JSON as plain values, with numbers as they were written.
func values(data []byte) any {
	var value any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	_ = d.Decode(&value) // valid: it was read before
	return value
}

// shape compares a decoded JSON value with the type that is to hold it: fields that the type does not have, and values
// of another kind. json.Decoder tells only the first of these, and without its place.
func shape(place string, value any, t reflect.Type) Faults {
	switch t.Kind() { //nolint:exhaustive // the file's types hold these kinds only
	case reflect.Pointer:
		return shape(place, value, t.Elem())
	case reflect.Struct:
		return structShape(place, value, t)
	case reflect.Map:
		object, ok := value.(map[string]any)
		if !ok {
			return wrongKind(place, "een object { }")
		}
		var faults Faults
		for _, key := range slices.Sorted(maps.Keys(object)) {
			faults = append(faults, shape(At(place, key), object[key], t.Elem())...)
		}
		return faults
	case reflect.Slice:
		list, ok := value.([]any)
		if !ok {
			return wrongKind(place, "een lijst [ ]")
		}
		var faults Faults
		for i, element := range list {
			faults = append(faults, shape(fmt.Sprintf("%s[%d]", place, i), element, t.Elem())...)
		}
		return faults
	case reflect.String:
		if _, ok := value.(string); !ok {
			return wrongKind(place, "tekst tussen aanhalingstekens")
		}
	case reflect.Bool:
		if _, ok := value.(bool); !ok {
			return wrongKind(place, "true of false")
		}
	case reflect.Int:
		n, ok := value.(json.Number)
		if _, err := strconv.Atoi(n.String()); !ok || err != nil {
			return wrongKind(place, "een heel getal")
		}
	case reflect.Float64:
		n, ok := value.(json.Number)
		if _, err := n.Float64(); !ok || err != nil {
			return wrongKind(place, "een getal")
		}
	}
	return nil
}

func structShape(place string, value any, t reflect.Type) Faults {
	object, ok := value.(map[string]any)
	if !ok {
		return wrongKind(place, "een object { }")
	}
	types := make(map[string]reflect.Type, t.NumField())
	for field := range t.Fields() {
		types[jsonName(field)] = field.Type
	}
	var faults Faults
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if types[key] == nil {
			faults = append(faults, Fault{Place: At(place, key), Text: "dit veld is niet bekend, haal het weg"})
			continue
		}
		faults = append(faults, shape(At(place, key), object[key], types[key])...)
	}
	return faults
}

func wrongKind(place, want string) Faults {
	return Faults{{Place: place, Text: "hier hoort " + want}}
}

// At returns the place of a field inside a place: "terms.P1" and "accept" give "terms.P1.accept".
func At(place, key string) string {
	if place == "" {
		return key
	}
	return place + "." + key
}
