package municipality_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/municipality"
	"voordeur/schemas"
)

// object is a JSON object on its way to becoming a broken file.
type object = map[string]any

// faultsOf reads the example after one change and returns the faults' texts by place.
func faultsOf(t *testing.T, change func(file object)) map[string]string {
	t.Helper()
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	var file object
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	change(file)
	if data, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	_, err = municipality.Read(data)
	if err == nil {
		return map[string]string{}
	}
	faults, ok := errors.AsType[municipality.Faults](err)
	if !ok {
		t.Fatalf("Read gives %T, want Faults: %v", err, err)
	}
	texts := map[string]string{}
	for _, f := range faults {
		texts[f.Place] = f.Text
	}
	return texts
}

// in returns the object at a path of keys and list indexes.
func in(file any, path ...any) object {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			file = file.(object)[s]
		case int:
			file = file.([]any)[s]
		}
	}
	return file.(object)
}

func TestReadTellsEachFaultWithItsPlace(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(file object)
		want   map[string]string
	}{
		"nothing wrong": {func(object) {}, map[string]string{}},
		"unknown fields, at any depth": {
			func(f object) { f["bsn"] = true; in(f, "areas", 0, "postcodes", 0)["till"] = 1 },
			map[string]string{
				"bsn":                        "dit veld is niet bekend, haal het weg",
				"areas[0].postcodes[0].till": "dit veld is niet bekend, haal het weg",
			},
		},
		"languages without Dutch first, twice, and one we have no word for": {
			func(f object) { f["languages"] = []any{"en", "en", "de"} },
			map[string]string{
				"languages[0]": "zet nl vooraan",
				"languages[1]": "en komt al eerder voor",
				"languages[2]": "kies uit: nl, en, ar, tr, uk, pl, ti, so",
			},
		},
		"an address that is no yes or no": {
			func(f object) { f["formal"] = "u" },
			map[string]string{"formal": "hier hoort true of false"},
		},
		"organisations twice, and one that is an answer of the form": {
			func(f object) {
				f["organisations"] = []any{object{"id": "een", "name": "Een"}, object{"id": "een", "name": "Twee"}, object{"id": "nobody", "name": "Niemand"}}
			},
			map[string]string{
				"organisations[1].id": "een komt al eerder voor",
				"organisations[2].id": "nobody is een antwoord van het formulier zelf",
			},
		},
		"more organisations than the form can list": {
			func(f object) {
				var all []any
				for i := range 19 {
					all = append(all, object{"id": fmt.Sprintf("o%d", i), "name": "Nog een"})
				}
				f["organisations"] = all
			},
			map[string]string{"organisations": "zet er hoogstens 18 in"},
		},
		"a field's name in other letters is unknown": {
			func(f object) { f["Exit_URL"] = f["exit_url"]; delete(f, "exit_url") },
			map[string]string{"Exit_URL": "dit veld is niet bekend, haal het weg"},
		},
		"values of another kind": {
			func(f object) {
				f["service"] = nil
				f["walk_in"] = "altijd"
				f["may_lead"] = "youth"
				f["terms"] = []any{}
				f["points_per_hour"] = "veel"
				in(f, "areas", 0, "postcodes", 0)["from"] = 9990.5
			},
			map[string]string{
				"service":                    "hier hoort tekst tussen aanhalingstekens",
				"walk_in":                    "hier hoort een object { }",
				"walk_in.place":              "vul dit in",
				"walk_in.address":            "vul dit in",
				"walk_in.hours":              "vul dit in",
				"may_lead":                   "hier hoort een lijst [ ]",
				"terms":                      "hier hoort een object { }",
				"terms.P1":                   "vul dit in",
				"terms.P2":                   "vul dit in",
				"terms.P3":                   "vul dit in",
				"points_per_hour":            "hier hoort een getal",
				"areas[0].postcodes[0].from": "hier hoort een heel getal",
				"neighbours[0].postcodes[0]": "9980–9989 overlapt met 0–9993 van noord",
			},
		},
		"texts that are missing or too long": {
			func(f object) {
				delete(f, "name")
				f["service"] = strings.Repeat("é", 101)
				in(f, "sender")["name"] = ""
			},
			map[string]string{
				"name": "vul dit in", "service": "gebruik hoogstens 100 tekens", "sender.name": "vul dit in",
			},
		},
		"ids that cannot be part of a key": {
			func(f object) {
				f["id"] = "Water#stad"
				in(f, "teams", 0)["id"] = "noord"
				in(f, "teams", 1)["id"] = "noord"
			},
			map[string]string{
				"id":                        "gebruik kleine letters, cijfers en streepjes, bijvoorbeeld midden-zuid",
				"teams[1].id":               "noord komt al eerder voor",
				"areas[1].team":             "team midden-zuid bestaat niet",
				"areas[2].team":             "team midden-zuid bestaat niet",
				"rules.rules[0].leads.team": "team midden-zuid bestaat niet",
			},
		},
		"postcodes that overlap, turn round or are none": {
			func(f object) {
				in(f, "areas", 1, "postcodes", 0)["from"] = 9993
				in(f, "areas", 2, "postcodes", 0)["to"] = 9990
				in(f, "areas", 0, "postcodes", 0)["from"] = 99
			},
			map[string]string{
				"areas[0].postcodes[0].from": "kies een getal van 1000 of hoger",
				"areas[1].postcodes[0]":      "9993–9996 overlapt met 99–9993 van noord",
				"areas[2].postcodes[0]":      "de eerste postcode is hoger dan de laatste",
				"neighbours[0].postcodes[0]": "9980–9989 overlapt met 99–9993 van noord",
			},
		},
		"no areas and no teams": {
			func(f object) {
				f["areas"] = []any{}
				f["teams"] = []any{}
				f["rules"] = object{"version": "1", "rules": []any{}}
			},
			map[string]string{"areas": "zet er minstens één in", "teams": "zet er minstens één in"},
		},
		"life areas and disciplines that do not exist": {
			func(f object) {
				in(f, "disciplines")["cars"] = "debt"
				in(f, "disciplines")["work"] = "generalist"
				f["may_lead"] = []any{"youth", "law"}
			},
			map[string]string{
				"disciplines.cars": "dit leefgebied is niet bekend",
				"disciplines.work": "kies uit: debt, housing, youth, mental_health",
				"may_lead[1]":      "kies uit: debt, housing, youth, mental_health",
			},
		},
		"terms without length, with two, of no class": {
			func(f object) {
				in(f, "terms", "P1")["accept"] = object{"office_hours": 4, "working_days": 1}
				in(f, "terms", "P2")["first_look"] = object{}
				in(f, "terms", "P2")["accept"] = object{"working_days": -1}
				delete(in(f, "terms"), "P3")
				in(f, "terms")["P4"] = in(f, "terms", "P1")
			},
			map[string]string{
				"terms.P1.accept":              "vul office_hours of working_days in, één van de twee, boven 0",
				"terms.P2.first_look":          "vul office_hours of working_days in, één van de twee, boven 0",
				"terms.P2.accept":              "vul office_hours of working_days in, één van de twee, boven 0",
				"terms.P2.accept.working_days": "kies een getal van 0 of hoger",
				"terms.P3":                     "vul dit in",
				"terms.P4":                     "kies uit: P1, P2, P3",
			},
		},
		"office hours and closing days that cannot be": {
			func(f object) {
				in(f, "office_hours", "monday")["from"] = "9 uur"
				in(f, "office_hours", "tuesday")["to"] = "08:00"
				in(f, "office_hours")["sunday"] = object{"from": "09:00", "to": "17:00"}
				f["closing_days"] = []any{"2026-02-30", "2026-12-24", "2026-12-24"}
			},
			map[string]string{
				"office_hours.monday.from": "schrijf een tijd als 09:00",
				"office_hours.tuesday":     "de openingstijd ligt niet voor de sluitingstijd",
				"office_hours.sunday":      "kies uit: monday, tuesday, wednesday, thursday, friday, saturday",
				"closing_days[0]":          "schrijf een datum als 2026-12-24",
				"closing_days[2]":          "2026-12-24 komt al eerder voor",
			},
		},
		"no office hours at all": {
			func(f object) { delete(f, "office_hours") },
			map[string]string{"office_hours": "zet er minstens één in"},
		},
		"numbers that nobody can call or checked": {
			func(f object) {
				in(f, "numbers", "child")["number"] = "bel ons"
				delete(in(f, "numbers", "suicide"), "checked_on")
			},
			map[string]string{
				"numbers.child.number":       "vul een telefoonnummer in, bijvoorbeeld 0800-2000",
				"numbers.suicide.checked_on": "schrijf een datum als 2026-12-24",
			},
		},
		"addresses that nothing reaches": {
			func(f object) {
				f["exit_url"] = "http://www.example.com/"
				in(f, "sender")["address"] = "post"
				in(f, "last_resort")["address"] = "de baas"
				f["until"] = "later"
				in(f, "teams", 0)["reply_to"] = "Team <team@gemeente.example>"
			},
			map[string]string{
				"last_resort.address": "vul een e-mailadres in, bijvoorbeeld team@gemeente.example",
				"until":               "kies uit: closed, handoff",
				"exit_url":            "vul een webadres in dat met https:// begint",
				"sender.address":      "vul een e-mailadres in, bijvoorbeeld team@gemeente.example",
				"teams[0].reply_to":   "vul een e-mailadres in, bijvoorbeeld team@gemeente.example",
			},
		},
		"an address with an accent": {
			func(f object) { in(f, "sender")["address"] = "hallo@post.café.example" },
			map[string]string{"sender.address": "schrijf het e-mailadres met gewone letters, van a tot en met z"},
		},
		"a hand-off to nobody": {
			func(f object) { f["until"] = "handoff" },
			map[string]string{"case_system": "vul de openbare sleutel van het zaaksysteem in"},
		},
		"a hand-off to a key that is none": {
			func(f object) { f["until"], f["case_system"] = "handoff", object{"public_key": "bm9uZQ=="} },
			map[string]string{"case_system.public_key": "dit is geen openbare sleutel, maak er een met: go run ./infra/handoff key"},
		},
		"a hand-off to a key that seals nothing": {
			func(f object) {
				f["until"], f["case_system"] = "handoff", object{"public_key": base64.StdEncoding.EncodeToString(make([]byte, 1216))}
			},
			map[string]string{"case_system.public_key": "dit is geen openbare sleutel, maak er een met: go run ./infra/handoff key"},
		},
		"a key without a hand-off": {
			func(f object) { f["case_system"] = object{"public_key": "bm9uZQ=="} },
			map[string]string{"case_system": "haal dit weg, of zet until op handoff"},
		},
		"rules that point at nothing": {
			func(f object) {
				first, second := in(f, "rules", "rules", 0), in(f, "rules", "rules", 1)
				first["when"] = object{
					"areas": []any{"zuid", "west"}, "life_areas": []any{"cars"}, "priorities": []any{4}, "languages": []any{"??"},
				}
				first["leads"] = object{"team": "west", "discipline": "youth"}
				second["id"] = "r1"
				second["leads"] = object{"worker": "w1", "team": "noord", "discipline": "housing"}
			},
			map[string]string{
				"rules.rules[0].when.areas[1]":      "wijk west bestaat niet",
				"rules.rules[0].when.life_areas[0]": "dit leefgebied is niet bekend",
				"rules.rules[0].when.priorities[0]": "kies een getal van 3 of lager",
				"rules.rules[0].when.languages[0]":  "schrijf een taal als nl of ar",
				"rules.rules[0].leads.team":         "team west bestaat niet",
				"rules.rules[1].id":                 "r1 komt al eerder voor",
				"rules.rules[1].leads":              "vul worker in, of team en discipline samen",
			},
		},
		"a rule that points at a worker, who is not in the file": {
			func(f object) { in(f, "rules", "rules", 0)["leads"] = object{"worker": "w1"} },
			map[string]string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, faultsOf(t, tt.change)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

//ux:5
func TestReadRefusesColoursWithoutContrastAndNamesThePair(t *testing.T) {
	for name, tt := range map[string]struct {
		field, colour string
		want          map[string]string
	}{
		"black on white":            {"text", "#000000", map[string]string{}},
		"the lightest grey allowed": {"text", "#767676", map[string]string{}},
		"one step too light":        {"text", "#777777", map[string]string{"theme.text": "te weinig contrast tussen text en surface: 4,47, nodig is 4,5"}},
		"a pale link":               {"link", "#6699cc", map[string]string{"theme.link": "te weinig contrast tussen link en surface: 3,00, nodig is 4,5"}},
		"white on yellow": {"primary", "#ffff00", map[string]string{
			"theme.on_primary": "te weinig contrast tussen on_primary en primary: 1,07, nodig is 4,5",
			"theme.primary":    "te weinig contrast tussen primary en surface: 1,07, nodig is 4,5",
		}},
		"a name instead of a colour": {"primary", "blue", map[string]string{"theme.primary": "schrijf een kleur als #16437a"}},
		"a colour in short":          {"primary", "#00f", map[string]string{"theme.primary": "schrijf een kleur als #16437a"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := faultsOf(t, func(f object) {
				in(f, "theme")["surface"] = "#ffffff"
				in(f, "theme")[tt.field] = tt.colour
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// Each of the twelve pairs that a page is refused for is refused in the file: a deploy that passes here shows its pages.
//
//ux:5
func TestReadRefusesEveryPairThatAPageIsRefusedFor(t *testing.T) {
	for name, tt := range map[string]struct {
		colours map[string]string
		want    map[string]string
	}{
		"a yellow that its own text stands on, and no page": {
			map[string]string{"primary": "#f2c200", "on_primary": "#000000", "surface": "#ffffff"},
			map[string]string{"theme.primary": "te weinig contrast tussen primary en surface: 1,68, nodig is 4,5"},
		},
		"a link for a dark surface alone": {
			map[string]string{"primary": "#000000", "on_primary": "#ffffff", "link": "#ffffff", "text": "#ffffff", "surface": "#000000"},
			map[string]string{
				"theme.primary": "te weinig contrast tussen primary en surface: 1,00, nodig is 4,5",
				"theme.link":    "te weinig contrast tussen link en wit: 1,00, nodig is 4,5",
				"theme.text":    "te weinig contrast tussen text en wit: 1,00, nodig is 4,5",
				"theme.surface": "te weinig contrast tussen de grijze tekst en surface: 2,73, nodig is 4,5",
			},
		},
		"a surface that the text of an error is lost on": {
			map[string]string{"primary": "#000000", "link": "#000000", "text": "#000000", "surface": "#b0b0b0"},
			map[string]string{"theme.surface": "te weinig contrast tussen de grijze tekst en surface: 3,54, nodig is 4,5"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := faultsOf(t, func(f object) {
				for field, colour := range tt.colours {
					in(f, "theme")[field] = colour
				}
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// Decode trusts the files that come along, so all of them are read here, whichever there are.
func TestDecodeGivesWhatReadGivesOfEveryFileThatComesAlong(t *testing.T) {
	files, err := filepath.Glob("../../schemas/municipalities/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(id, func(t *testing.T) {
			data, err := schemas.Municipality(id)
			if err != nil {
				t.Fatal(err)
			}
			want, err := municipality.Read(data)
			if err != nil {
				t.Fatalf("a file with faults comes along:\n%v", err)
			}
			got, err := municipality.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Read and Decode (-read +decoded):\n%s", diff)
			}
			if got.ID != id {
				t.Errorf("the file is that of %q", got.ID)
			}
		})
	}
}

func TestDecodeTellsWhatIsNoFileAtAll(t *testing.T) {
	for name, in := range map[string]string{"no JSON": "{", "text where a list belongs": `{"areas": "noord"}`} {
		t.Run(name, func(t *testing.T) {
			if m, err := municipality.Decode([]byte(in)); err == nil || m != nil {
				t.Errorf("Decode = %v, %v", m, err)
			}
		})
	}
}

func TestReadTellsWhereAFileStopsBeingJSON(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"a comma too many":   {"{\n  \"id\": \"a\",\n}", "bestand: dit is geen JSON, bij regel 3"},
		"cut off":            {"{\n  \"id\": ", "bestand: dit is geen JSON, bij regel 2"},
		"empty":              {"", "bestand: dit is geen JSON, bij regel 1"},
		"a bracket after it": {"{}\n\n}", "bestand: dit is geen JSON, bij regel 3"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := municipality.Read([]byte(tt.in))
			if err == nil || err.Error() != tt.want {
				t.Errorf("Read = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestFaultsAreOneLineEach(t *testing.T) {
	err := municipality.Faults{{Place: "id", Text: "vul dit in"}, {Text: "dit is geen JSON"}}
	if got, want := err.Error(), "id: vul dit in\nbestand: dit is geen JSON"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func FuzzReadGivesAMunicipalityOrFaults(f *testing.F) {
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"terms":{"P1":null},"areas":[null],"points_per_hour":1e999}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := municipality.Read(data)
		faults, ok := errors.AsType[municipality.Faults](err)
		if err != nil && (!ok || len(faults) == 0 || m != nil) {
			t.Fatalf("Read = %v, %v; want faults alone", m, err)
		}
		if err != nil {
			return
		}
		due := m.Due(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), m.TermsOf(municipality.P3).FirstContact)
		if !m.IsWorkingDay(due) {
			t.Errorf("a municipality without fault has a term that ends on a free day")
		}
	})
}
