package check_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/municipality"
	"voordeur/schemas"
	"voordeur/schemas/check"
)

func example(t *testing.T) []byte {
	t.Helper()
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// changed returns the example with one thing done to it.
func changed(t *testing.T, change func(file map[string]any)) []byte {
	t.Helper()
	var file map[string]any
	if err := json.Unmarshal(example(t), &file); err != nil {
		t.Fatal(err)
	}
	change(file)
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheExampleMunicipalitiesAreWithoutFault(t *testing.T) {
	for _, id := range []string{"waterstad", "duinrand"} {
		data, err := schemas.Municipality(id)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := check.Municipality(data); err != nil {
			t.Errorf("faults in %s:\n%v", id, err)
		}
	}
}

func TestSchemaAndMeaningAreToldTogetherOncePerPlace(t *testing.T) {
	data := changed(t, func(file map[string]any) {
		file["bsn"] = "123"
		delete(file, "service")
		file["team"] = 7
		file["points_per_hour"] = 0
		file["closing_days"] = []any{"2026-12-24", "24 december", "2026-12-24"}
		file["disciplines"] = map[string]any{"moneys": "debt", "housing": "plumber"}
		file["terms"].(map[string]any)["P1"].(map[string]any)["accept"] = map[string]any{"office_hours": 4, "working_days": 1}
		file["office_hours"] = map[string]any{"monday": map[string]any{"from": "17:00", "to": "09:00"}, "sunday": map[string]any{"from": "9", "to": "17:00"}}
		file["areas"].([]any)[1].(map[string]any)["team"] = "elders"
		file["teams"].([]any)[0].(map[string]any)["reply_to"] = "geen post"
		file["theme"].(map[string]any)["surface"] = "#ffffff"
		file["theme"].(map[string]any)["link"] = "#cccccc"
		file["theme"].(map[string]any)["primary"] = "blue"
		file["exit_url"] = "http://www.example.com"
		file["rules"].(map[string]any)["rules"].([]any)[0].(map[string]any)["leads"] = map[string]any{"team": "noord"}
	})
	_, err := check.Municipality(data)
	got, ok := errors.AsType[municipality.Faults](err)
	if !ok {
		t.Fatalf("error is %T, want Faults: %v", err, err)
	}
	want := map[string]string{
		"bsn":                      "dit veld is niet bekend, haal het weg",
		"service":                  "vul dit in",
		"team":                     "hier hoort tekst tussen aanhalingstekens",
		"points_per_hour":          "kies een getal boven 0",
		"closing_days":             "nummer 1 en 3 zijn gelijk",
		"closing_days[1]":          "schrijf een datum als 2026-12-24",
		"closing_days[2]":          "2026-12-24 komt al eerder voor",
		"disciplines.moneys":       "dit leefgebied is niet bekend",
		"disciplines.housing":      "kies uit: debt, housing, youth, mental_health",
		"terms.P1.accept":          "vul office_hours of working_days in, één van de twee, boven 0",
		"office_hours.monday":      "de openingstijd ligt niet voor de sluitingstijd",
		"office_hours.sunday":      "kies uit: monday, tuesday, wednesday, thursday, friday, saturday",
		"office_hours.sunday.from": "schrijf een tijd als 09:00",
		"areas[1].team":            "team elders bestaat niet",
		"teams[0].reply_to":        "vul een e-mailadres in, bijvoorbeeld team@gemeente.example",
		"theme.link":               "te weinig contrast tussen link en surface: 1,60, nodig is 4,5",
		"theme.primary":            "schrijf een kleur als #16437a",
		"exit_url":                 "vul een webadres in dat met https:// begint",
		"rules.rules[0].leads":     "vul worker in, of team en discipline samen",
	}
	texts := map[string]string{}
	for _, f := range got {
		if _, twice := texts[f.Place]; twice {
			t.Errorf("%s is told twice", f.Place)
		}
		texts[f.Place] = f.Text
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestAFileThatIsNoJSONSaysAtWhichLine(t *testing.T) {
	_, err := check.Municipality([]byte("{\n  \"id\": \"a\"\n  \"name\": \"b\"\n}"))
	if want := "bestand: dit is geen JSON, bij regel 3"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestEverySchemaFieldIsAFieldOfTheType(t *testing.T) {
	data, err := schemas.Schema(check.Version, "municipality")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Required   []string
		Properties map[string]any
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(example(t))
	if err != nil {
		t.Fatal(err)
	}
	m.CaseSystem = &municipality.CaseSystem{} // which this file has no use for
	written, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(written, &fields); err != nil {
		t.Fatal(err)
	}
	for name := range fields {
		if schema.Properties[name] == nil {
			t.Errorf("the schema does not know field %s", name)
		}
	}
	for name := range schema.Properties {
		if _, ok := fields[name]; !ok {
			t.Errorf("the type does not know field %s", name)
		}
	}
}

func TestTheSchemaLeavesNoObjectOpen(t *testing.T) {
	data, err := schemas.Schema(check.Version, "municipality")
	if err != nil {
		t.Fatal(err)
	}
	var schema any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	objects := 0
	var walk func(place string, value any)
	walk = func(place string, value any) {
		node, _ := value.(map[string]any)
		if node["type"] == "object" {
			objects++
			if node["additionalProperties"] != false {
				t.Errorf("%s takes unknown fields", place)
			}
		}
		for key, inside := range node {
			walk(place+"/"+key, inside)
		}
		if list, ok := value.([]any); ok {
			for _, inside := range list {
				walk(place, inside)
			}
		}
	}
	walk("", schema)
	if objects < 10 {
		t.Errorf("%d objects seen: the walk misses some", objects)
	}
}

func TestADocumentThatIsNoJSONIsAFault(t *testing.T) {
	_, err := check.Municipality([]byte("{\n  \"id\": \n}"))
	if faults, ok := errors.AsType[municipality.Faults](err); !ok || len(faults) != 1 {
		t.Errorf("got %v, want one fault", err)
	}
}

func TestAnUnknownSchemaIsAnError(t *testing.T) {
	if _, err := check.Document("receipt", []byte("{}")); err == nil {
		t.Error("a schema that is not there gives no error")
	}
}
