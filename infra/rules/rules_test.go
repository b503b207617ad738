package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example"
	"voordeur/internal/routing"
	"voordeur/schemas"
	"voordeur/schemas/check"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

// try runs the command at the top of the repository, where its defaults are.
func try(t *testing.T, args ...string) (printed string, err error) {
	t.Helper()
	t.Chdir("../..")
	var out strings.Builder
	err = run(args, &out)
	return out.String(), err
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func written(t *testing.T, content string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "file.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func municipalityFile(id string) string { return "schemas/municipalities/" + id + ".json" }

func TestTheExampleCandidateShowsWhatWouldChange(t *testing.T) {
	got, err := try(t, "-municipality", municipalityFile("waterstad"), "-candidate", "schemas/examples/waterstad/rules.json")
	if err != nil {
		t.Error(err)
	}
	golden(t, "infra/rules/testdata/changes.golden", got)
}

func TestARuleThatPointsAtNobodyIsRefusedAfterTheTable(t *testing.T) {
	candidate := written(t, `{"version": "2026-12-02", "rules": [
		{"id": "r1", "name": "vaste afspraak", "when": {"life_areas": ["money"]}, "leads": {"worker": "niemand"}},
		{"id": "r2", "name": "vaste afspraak", "when": {"life_areas": ["mind"]}, "leads": {"team": "noord", "discipline": "youth"}}
	]}`)
	got, err := try(t, "-municipality", municipalityFile("waterstad"), "-candidate", candidate)
	if want := "regels 2026-12-02 wijzen 2 keer niemand aan"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	golden(t, "infra/rules/testdata/alarms.golden", got)
}

func TestARuleOfNowThatPointsAtNobodyIsTold(t *testing.T) {
	people := written(t, `{"workers": [{"id": "wout", "name": "Wout Vuurbaak", "team": "duinen", "roles": ["coordinator"],
		"active": true, "contracted": 24, "reserved": 8}], "roster": {"monday": ["wout"]}}`)
	got, err := try(t, "-municipality", municipalityFile("duinrand"), "-people", people,
		"-candidate", written(t, `{"version": "9", "rules": []}`), "-examples", written(t, `[]`))
	if err != nil || !strings.HasSuffix(got, "\nNu al: regel r1 wijst niemand aan.\n\nNu al: regel r2 wijst niemand aan.\n") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestTheSameRulesChangeNothingAnywhere(t *testing.T) {
	for _, id := range []string{"waterstad", "duinrand"} {
		t.Run(id, func(t *testing.T) {
			data, err := os.ReadFile("../../" + municipalityFile(id))
			if err != nil {
				t.Fatal(err)
			}
			var file struct {
				Rules map[string]any `json:"rules"`
			}
			if err := json.Unmarshal(data, &file); err != nil {
				t.Fatal(err)
			}
			file.Rules["version"] = "next"
			rules, err := json.Marshal(file.Rules)
			if err != nil {
				t.Fatal(err)
			}
			got, err := try(t, "-municipality", municipalityFile(id), "-candidate", written(t, string(rules)))
			if err != nil || !strings.Contains(got, "Er verandert iets bij 0 van de ") || strings.Contains(got, "VOORBEELD") {
				t.Errorf("%v\n%s", err, got)
			}
		})
	}
}

func TestEveryFaultIsToldInItsPlace(t *testing.T) {
	const none = `{"version": "9", "rules": []}`
	for name, tt := range map[string]struct {
		candidate, people, examples string
		want                        []string
	}{
		"in the rules": {
			candidate: `{"rules": [
				{"id": "R1", "name": "", "when": {"areas": ["elders"]}, "leads": {"team": "noord"}},
				{"id": "r2", "name": "x", "when": {"colour": "red"}, "leads": {"worker": "fenna"}}
			]}`,
			want: []string{
				"version: vul dit in",
				"rules[0].id: gebruik kleine letters, cijfers en streepjes, bijvoorbeeld midden-zuid",
				"rules[0].leads: vul worker in, of team en discipline samen",
				"rules[0].name: vul dit in",
				"rules[1].when.colour: dit veld is niet bekend, haal het weg",
				"rules[0].when.areas[0]: wijk elders bestaat niet",
			},
		},
		"rules that are none":       {candidate: `[]`, want: []string{"bestand: hier hoort een object { }", "version: vul dit in"}},
		"rules that cannot be read": {candidate: "{\n\"version\": oeps}", want: []string{"bestand: dit is geen JSON, bij regel 2"}},
		"rules with more behind":    {candidate: none + "\n{}", want: []string{"bestand: er staat meer achter, haal het weg"}},
		"the version of now":        {candidate: `{"version": "2026-11-02", "rules": []}`, want: []string{"version: deze versie is al in gebruik, kies een nieuwe"}},
		"rules that stop halfway":   {candidate: `{"version": "9", "rules": [`, want: []string{"bestand: dit is geen JSON: het houdt te vroeg op"}},
		"people that hold the wrong kinds": {
			candidate: none, people: `{"workers": [{"id": "a", "team": "noord", "active": "yes", "contracted": 24.5, "reserved": 90,
				"roles": ["boss"], "disciplines": ["money"], "languages": ["Dutch"], "absent": [{"from": "Monday", "to": "2026-12-24"}],
				"last_assigned": "yesterday", "load": -1, "phone": "1"}], "roster": {"mon": ["a"]}}`,
			want: []string{
				"workers[0].active: hier hoort true of false",
				"workers[0].contracted: hier hoort een heel getal",
				"workers[0].reserved: kies een getal van 60 of lager",
				"workers[0].roles[0]: kies uit: coordinator, safeguarding_lead, experience_worker, administrator, privacy_officer, partner",
				"workers[0].disciplines[0]: kies uit: generalist, debt, housing, youth, mental_health",
				"workers[0].languages[0]: schrijf dit volgens het patroon ^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$",
				"workers[0].absent[0].from: schrijf een datum als 2026-12-24",
				"workers[0].last_assigned: schrijf een tijdstip als 2026-11-24T09:00:00Z",
				"workers[0].load: kies een getal van 0 of hoger",
				"workers[0].phone: dit veld is niet bekend, haal het weg",
				"roster.mon: dit veld is niet bekend, haal het weg",
			},
		},
		"people who do not fit together": {
			candidate: none,
			people: `{"workers": [
				{"id": "a", "team": "elders", "active": true, "contracted": 24, "reserved": 8},
				{"id": "a", "team": "noord", "active": true, "contracted": 24, "reserved": 8}
			], "roster": {"monday": ["a", "b"]}}`,
			want: []string{
				"workers[0].team: team elders bestaat niet",
				"workers[1].id: geef elke medewerker een eigen id",
				"workers: zet er een coördinator in",
				"roster.monday[1]: medewerker b bestaat niet",
			},
		},
		"people that are left out": {candidate: none, people: `{}`, want: []string{"workers: vul dit in", "roster: vul dit in"}},
		"an example that cannot be read": {
			candidate: none, examples: `[{"name": "x", "facts": {"reported": "24 november", "priority": 3, "area": "elders"}}]`,
			want: []string{"[0].facts.reported: schrijf een tijdstip als 2026-11-24T09:00:00Z"},
		},
		"in the examples": {
			candidate: none,
			examples: `[{"name": "", "facts": {"area": "elders", "life_areas": ["geld", "housing"], "main": "money", "known_worker": "b",
				"match": {"case": "x", "lead": "c"}, "excluded": ["d"]}}, {"name": "x", "facts": {"reported": "2026-11-24T09:00:00Z", "priority": 4, "main": "geld"}}]`,
			want: []string{
				"[0].name: vul dit in",
				"[0].facts.reported: vul dit in",
				"[0].facts.area: wijk elders bestaat niet",
				"[0].facts.priority: vul dit in",
				"[1].facts.priority: kies een getal van 3 of lager",
				"[0].facts.life_areas[0]: kies uit: money, housing, work, home, children, mind, body, addiction, household, people, " +
					"caring, justice, papers, other",
				"[0].facts.main: kies uit life_areas",
				"[1].facts.main: kies uit: money, housing, work, home, children, mind, body, addiction, household, people, caring, " +
					"justice, papers, other",
				"[0].facts.known_worker: medewerker b bestaat niet",
				"[0].facts.match.lead: medewerker c bestaat niet",
				"[0].facts.excluded[0]: medewerker d bestaat niet",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"-municipality", municipalityFile("waterstad"), "-candidate", written(t, tt.candidate)}
			if tt.people != "" {
				args = append(args, "-people", written(t, tt.people))
			}
			if tt.examples != "" {
				args = append(args, "-examples", written(t, tt.examples))
			}
			printed, err := try(t, args...)
			if err == nil || printed != "" {
				t.Fatalf("error %v, printed %q", err, printed)
			}
			file, lines, _ := strings.Cut(err.Error(), ":\n")
			if filepath.Base(file) != "file.json" {
				t.Errorf("the error does not begin with the file: %v", err)
			}
			got := strings.Split(lines, "\n")
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// The schemas have the fields that routing reads, and no others.
func TestTheSchemasHaveTheFieldsThatRoutingReads(t *testing.T) {
	for name, tt := range map[string]struct {
		schema string
		at     []string // the object that describes the type
		holds  reflect.Type
	}{
		"a worker":  {"people", []string{"$defs", "worker"}, reflect.TypeFor[routing.Worker]()},
		"absence":   {"people", []string{"$defs", "worker", "properties", "absent", "items"}, reflect.TypeFor[routing.Absence]()},
		"the facts": {"examples", []string{"$defs", "facts"}, reflect.TypeFor[routing.Facts]()},
		"a match":   {"examples", []string{"$defs", "facts", "properties", "match"}, reflect.TypeFor[routing.Match]()},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := schemas.Schema(check.Version, tt.schema)
			if err != nil {
				t.Fatal(err)
			}
			var document map[string]any
			if err := json.Unmarshal(data, &document); err != nil {
				t.Fatal(err)
			}
			for _, key := range append(tt.at, "properties") {
				document, _ = document[key].(map[string]any)
			}
			var want []string
			for field := range tt.holds.Fields() {
				key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				want = append(want, key)
			}
			got := slices.DeleteFunc(slices.Sorted(maps.Keys(document)), func(key string) bool { return key == "name" }) // the file's own
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("fields (-routing +schema):\n%s", diff)
			}
		})
	}
}

func TestFilesThatAreNotNamedOrNotThereAreTold(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no candidate":      {[]string{"-municipality", municipalityFile("waterstad")}, "noem twee bestanden: -municipality en -candidate"},
		"no municipality":   {[]string{"-candidate", "x.json"}, "noem twee bestanden: -municipality en -candidate"},
		"no such candidate": {[]string{"-municipality", municipalityFile("waterstad"), "-candidate", "x.json"}, "open x.json: no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			if printed, err := try(t, tt.args...); err == nil || err.Error() != tt.want || printed != "" {
				t.Errorf("error %v, want %s; printed %q", err, tt.want, printed)
			}
		})
	}
}

// The files of people say what the example people are; -update writes them.
func TestTheFilesOfPeopleAreTheExamplePeople(t *testing.T) {
	for _, id := range []string{"waterstad", "duinrand"} {
		staff, err := example.Of(id)
		if err != nil {
			t.Fatal(err)
		}
		want := people{Roster: staff.Roster}
		for _, p := range staff.People {
			want.Workers = append(want.Workers, person{Name: p.Name, Worker: p.Worker})
		}
		var data bytes.Buffer
		e := json.NewEncoder(&data)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(want); err != nil {
			t.Fatal(err)
		}
		golden(t, "../../schemas/examples/"+id+"/people.json", data.String())
	}
}

func TestTheExamplesOfWaterstadMeetEveryStep(t *testing.T) {
	t.Chdir("../..")
	trial, err := files{municipality: municipalityFile("waterstad"), candidate: "schemas/examples/waterstad/rules.json"}.read()
	if err != nil {
		t.Fatal(err)
	}
	met := map[routing.Step]bool{}
	for _, e := range trial.Examples {
		d, err := routing.Choose(routing.Inputs{
			Facts: e.Facts, Municipality: trial.Municipality, Rules: trial.Active, Workers: trial.Workers, Roster: trial.Roster,
			Now: e.Facts.Reported,
		})
		if err != nil {
			t.Fatal(err)
		}
		met[d.Step] = true
	}
	for step := routing.StepSafety; step <= routing.StepCoordinator; step++ {
		if !met[step] {
			t.Errorf("no example is decided by step %d", step)
		}
	}
}
