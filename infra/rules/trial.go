package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
	"voordeur/schemas/check"
)

// files names what a dry run reads; examples and people may be empty for those that come along.
type files struct{ municipality, candidate, examples, people string }

// trial is a dry run and the names of its workers.
type trial struct {
	routing.Trial
	names map[string]string // by worker id
}

// person is a worker as the file of people has them.
type person struct {
	Name string `json:"name"`
	routing.Worker
}

// people is the file of people.
type people struct {
	Workers []person       `json:"workers"`
	Roster  routing.Roster `json:"roster"`
}

// read reads and checks the files. The error has a line for every fault of the first file that has any.
func (f files) read() (trial, error) {
	file, err := os.ReadFile(f.municipality)
	if err != nil {
		return trial{}, err
	}
	m, err := check.Municipality(file)
	if err != nil {
		return trial{}, fmt.Errorf("%s:\n%w", f.municipality, err)
	}
	t := trial{Trial: routing.Trial{Municipality: m, Active: m.Rules}, names: map[string]string{}}
	folder := filepath.Join("schemas", "examples", m.ID)
	f.people = cmp.Or(f.people, filepath.Join(folder, "people.json"))
	f.examples = cmp.Or(f.examples, filepath.Join(folder, "reports.json"))
	for _, step := range []struct {
		name string
		take func(data []byte) error
	}{
		{f.candidate, func(data []byte) error { return t.takeCandidate(file, data) }},
		{f.people, t.takePeople},
		{f.examples, t.takeExamples},
	} {
		data, err := os.ReadFile(step.name)
		if err != nil {
			return trial{}, err
		}
		if err := step.take(data); err != nil {
			return trial{}, fmt.Errorf("%s:\n%w", step.name, err)
		}
	}
	return t, nil
}

// takeCandidate checks new rules as part of the municipality's file that they are to stand in.
func (t *trial) takeCandidate(file, rules []byte) error {
	var whole map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(file, &whole), oneValue(rules)); err != nil {
		return err
	}
	whole["rules"] = rules
	data, err := json.Marshal(whole)
	if err != nil {
		return err
	}
	m, err := check.Municipality(data)
	if faults, ok := errors.AsType[municipality.Faults](err); ok {
		for i := range faults {
			faults[i].Place = strings.TrimPrefix(strings.TrimPrefix(faults[i].Place, "rules"), ".")
		}
		return faults
	}
	if err != nil {
		return err
	}
	t.Candidate = m.Rules
	if t.Candidate.Version == t.Active.Version {
		return municipality.Faults{{Place: "version", Text: "deze versie is al in gebruik, kies een nieuwe"}}
	}
	return nil
}

func (t *trial) takePeople(data []byte) error {
	var p people
	faults, err := decode("people", data, &p)
	if err != nil {
		return err
	}
	for _, w := range p.Workers {
		t.names[w.ID] = cmp.Or(w.Name, w.ID)
		t.Workers = append(t.Workers, w.Worker)
	}
	t.Roster = p.Roster
	return orNil(faults.And(t.peopleFaults()))
}

// peopleFaults finds who would quietly get no case, or another's.
func (t *trial) peopleFaults() municipality.Faults {
	var faults municipality.Faults
	add := func(wrong bool, place, text string) {
		if wrong {
			faults = append(faults, municipality.Fault{Place: place, Text: text})
		}
	}
	ids := map[string]bool{}
	for i, w := range t.Workers {
		at := fmt.Sprintf("workers[%d]", i)
		add(ids[w.ID], at+".id", "geef elke medewerker een eigen id")
		ids[w.ID] = true
		works := slices.ContainsFunc(t.Municipality.Teams, func(team municipality.Team) bool { return team.ID == w.Team })
		add(!works, at+".team", "team "+w.Team+" bestaat niet")
	}
	leads := slices.ContainsFunc(t.Workers, func(w routing.Worker) bool { return slices.Contains(w.Roles, routing.Coordinator) })
	add(!leads, "workers", "zet er een coördinator in")
	for _, day := range slices.Sorted(maps.Keys(t.Roster)) {
		for i, id := range t.Roster[day] {
			faults = append(faults, t.unknown(fmt.Sprintf("roster.%s[%d]", day, i), id)...)
		}
	}
	return faults
}

func (t *trial) takeExamples(data []byte) error {
	faults, err := decode("examples", data, &t.Examples)
	if err != nil {
		return err
	}
	for i, e := range t.Examples {
		faults = faults.And(t.faultsOf(fmt.Sprintf("[%d].facts.", i), e.Facts))
	}
	return orNil(faults)
}

// faultsOf finds what would quietly send an example another way than it says; at is the place of its facts.
func (t *trial) faultsOf(at string, f routing.Facts) municipality.Faults {
	var faults municipality.Faults
	if _, served := t.Municipality.Area(f.Area); f.Area != "" && !served {
		faults = append(faults, municipality.Fault{Place: at + "area", Text: "wijk " + f.Area + " bestaat niet"})
	}
	if f.Main != "" && !slices.Contains(f.LifeAreas, f.Main) {
		faults = append(faults, municipality.Fault{Place: at + "main", Text: "kies uit life_areas"})
	}
	faults = append(faults, t.unknown(at+"known_worker", f.KnownWorker)...)
	if f.Match != nil {
		faults = append(faults, t.unknown(at+"match.lead", f.Match.Lead)...)
	}
	for i, id := range f.Excluded {
		faults = append(faults, t.unknown(fmt.Sprintf("%sexcluded[%d]", at, i), id)...)
	}
	return faults
}

// unknown tells an id that none of the workers has.
func (t *trial) unknown(place, id string) municipality.Faults {
	if _, ok := t.names[id]; ok || id == "" {
		return nil
	}
	return municipality.Faults{{Place: place, Text: "medewerker " + id + " bestaat niet"}}
}

func orNil(faults municipality.Faults) error {
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// decode reads one JSON value, holds it against the schema of a name and returns what does not fit. What fits so badly
// that it cannot be read is an error: what it means together cannot be told yet.
func decode(schema string, data []byte, into any) (municipality.Faults, error) {
	if err := oneValue(data); err != nil {
		return nil, err
	}
	faults, err := check.Document(schema, data)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return nil, cmp.Or(orNil(faults), err)
	}
	return faults, nil
}

// oneValue says where data stops being one JSON value.
func oneValue(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	err := d.Decode(new(any))
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(data[:syntax.Offset], []byte("\n"))
		return municipality.Faults{{Text: fmt.Sprintf("dit is geen JSON, bij regel %d", line)}}
	}
	if err != nil {
		return municipality.Faults{{Text: "dit is geen JSON: het houdt te vroeg op"}}
	}
	if _, more := d.Token(); !errors.Is(more, io.EOF) {
		return municipality.Faults{{Text: "er staat meer achter, haal het weg"}}
	}
	return nil
}
