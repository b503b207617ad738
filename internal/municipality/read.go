package municipality

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
)

const clockLayout = "15:04"

// The patterns are compiled when a file is checked, and not at start: a function checks none.
const (
	slugPattern   = `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`
	numberPattern = `^\+?[0-9][0-9 -]{1,18}[0-9]$`
	rgbPattern    = `^#[0-9a-fA-F]{6}$`
	answerPattern = `^[a-z][a-z_]*$`
	mapKeyPattern = `\[([^\]]*[^\]0-9][^\]]*)\]`
)

// Read reads a municipality's file and checks it as a whole: its shape, each field, and what fields mean together. The
// error is of type Faults and holds every fault, with its place and a Dutch text.
//
// A rule that points at a worker cannot be checked here; routing raises an alarm when that worker is not there.
func Read(data []byte) (*Municipality, error) {
	m := &Municipality{}
	err := json.Unmarshal(data, m)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(data[:syntax.Offset], []byte("\n"))
		return nil, Faults{{Text: fmt.Sprintf("dit is geen JSON, bij regel %d", line)}}
	}
	faults := shape("", values(data), reflect.TypeFor[Municipality]())
	if err != nil && len(faults) == 0 {
		faults = Faults{{Text: err.Error()}}
	}
	faults = faults.And(fields(m)).And(meaning(m))
	if len(faults) > 0 {
		return nil, faults
	}
	return m, nil
}

// Decode takes a file that comes along in the binary: Read found no fault in it when the binary was built. It checks
// nothing again, because a resident waits while a function starts.
func Decode(data []byte) (*Municipality, error) {
	m := &Municipality{}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("decode municipality: %w", err)
	}
	return m, nil
}

// fields checks each field by its validate tag. The validator is made here for the same reason as the patterns.
func fields(m *Municipality) Faults {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(jsonName)
	// An error of RegisterValidation is a tag without a name, and these have one.
	for tag, pattern := range map[string]string{
		"slug":           slugPattern,
		"answer":         answerPattern,
		"number_to_call": numberPattern,
		"rgb":            rgbPattern,
		"account":        accountPattern,
		"host":           hostPattern,
		"zone":           zonePattern,
		"client":         clientPattern,
	} {
		matches := regexp.MustCompile(pattern).MatchString
		_ = v.RegisterValidation(tag, func(fl validator.FieldLevel) bool { return matches(fl.Field().String()) })
	}
	_ = v.RegisterValidation("life_area", func(fl validator.FieldLevel) bool {
		return slices.Contains(LifeAreas(), LifeArea(fl.Field().String()))
	})
	wrong, _ := errors.AsType[validator.ValidationErrors](v.Struct(m))
	mapKey := regexp.MustCompile(mapKeyPattern)
	faults := make(Faults, len(wrong))
	for i, w := range wrong {
		_, place, _ := strings.Cut(w.Namespace(), ".")
		faults[i] = Fault{Place: mapKey.ReplaceAllString(place, ".$1"), Text: fieldText(w)}
	}
	return faults
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// fieldText says what a field must hold.
func fieldText(w validator.FieldError) string {
	switch w.Tag() {
	case "required":
		return "vul dit in"
	case "min":
		if k := w.Kind(); k == reflect.Slice || k == reflect.Map {
			return "zet er minstens één in"
		}
		return "kies een getal van " + w.Param() + " of hoger"
	case "max", "lte":
		switch w.Kind() { //nolint:exhaustive // what else has a maximum is a number
		case reflect.String:
			return "gebruik hoogstens " + w.Param() + " tekens"
		case reflect.Slice:
			return "zet er hoogstens " + w.Param() + " in"
		}
		return "kies een getal van " + w.Param() + " of lager"
	case "gt":
		return "kies een getal boven " + w.Param()
	case "slug":
		return "gebruik kleine letters, cijfers en streepjes, bijvoorbeeld midden-zuid"
	case "answer":
		return "gebruik kleine letters en _, bijvoorbeeld eigen_boot"
	case "number_to_call":
		return "vul een telefoonnummer in, bijvoorbeeld 0800-2000"
	case "account":
		return "vul de twaalf cijfers van het AWS-account in"
	case "host":
		return "schrijf een hostnaam als hulp.gemeente.example, zonder https://"
	case "zone":
		return "schrijf het id van de zone, zoals Z0123456789ABCDEFGHIJ"
	case "client":
		return "gebruik letters, cijfers, punten en streepjes, hoogstens 64 tekens"
	case "endsnotwith":
		return "laat de " + w.Param() + " aan het eind weg"
	case "rgb":
		return "schrijf een kleur als #16437a"
	case "life_area":
		return "dit leefgebied is niet bekend"
	case "oneof":
		return "kies uit: " + strings.ReplaceAll(w.Param(), " ", ", ")
	case "datetime":
		if w.Param() == time.DateOnly {
			return "schrijf een datum als 2026-12-24"
		}
		return "schrijf een tijd als 09:00"
	case "email":
		return "vul een e-mailadres in, bijvoorbeeld team@gemeente.example"
	case "printascii": // Amazon SES sends to and from no other
		return "schrijf het e-mailadres met gewone letters, van a tot en met z"
	case "https_url":
		return "vul een webadres in dat met https:// begint"
	case "bcp47_language_tag":
		return "schrijf een taal als nl of ar"
	}
	return "dit klopt niet (" + w.Tag() + ")"
}
