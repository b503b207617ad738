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
	if err := errors.Join(json.Unmarshal(file, &whole), strict(rules, new(any))); err != nil {
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
	if err := strict(data, &p); err != nil {
		return err
	}
	var faults municipality.Faults
	for i, w := range p.Workers {
		if _, twice := t.names[w.ID]; twice || w.ID == "" {
			faults = append(faults, municipality.Fault{Place: fmt.Sprintf("workers[%d].id", i), Text: "geef elke medewerker een eigen id"})
		}
		t.names[w.ID] = cmp.Or(w.Name, w.ID)
		t.Workers = append(t.Workers, w.Worker)
	}
	for _, day := range slices.Sorted(maps.Keys(p.Roster)) {
		for i, id := range p.Roster[day] {
			faults = append(faults, t.unknown(fmt.Sprintf("roster.%s[%d]", day, i), id)...)
		}
	}
	t.Roster = p.Roster
	return orNil(faults)
}

func (t *trial) takeExamples(data []byte) error {
	if err := strict(data, &t.Examples); err != nil {
		return err
	}
	var faults municipality.Faults
	for i, e := range t.Examples {
		faults = append(faults, t.faultsOf(fmt.Sprintf("[%d]", i), e)...)
	}
	return orNil(faults)
}

// faultsOf finds what would quietly send an example another way than it says.
func (t *trial) faultsOf(at string, e routing.Example) municipality.Faults {
	var faults municipality.Faults
	add := func(wrong bool, field, text string) {
		if wrong {
			faults = append(faults, municipality.Fault{Place: at + "." + field, Text: text})
		}
	}
	f := e.Facts
	_, served := t.Municipality.Area(f.Area)
	add(e.Name == "", "name", "vul dit in")
	add(f.Reported.IsZero(), "facts.reported", "schrijf een tijdstip als 2026-11-24T09:00:00Z")
	add(f.Area != "" && !served, "facts.area", "wijk "+f.Area+" bestaat niet")
	add(f.Priority < municipality.P1 || f.Priority > municipality.P3, "facts.priority", "kies een getal van 1 tot en met 3")
	for i, l := range f.LifeAreas {
		add(!slices.Contains(municipality.LifeAreas(), l), fmt.Sprintf("facts.life_areas[%d]", i), "dit leefgebied is niet bekend")
	}
	add(f.Main != "" && !slices.Contains(f.LifeAreas, f.Main), "facts.main", "kies uit life_areas")
	faults = append(faults, t.unknown(at+".facts.known_worker", f.KnownWorker)...)
	if f.Match != nil {
		faults = append(faults, t.unknown(at+".facts.match.lead", f.Match.Lead)...)
	}
	for i, id := range f.Excluded {
		faults = append(faults, t.unknown(fmt.Sprintf("%s.facts.excluded[%d]", at, i), id)...)
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

// strict reads one JSON value into a type that has every field of it.
func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			return municipality.Faults{{Text: "er staat meer achter, haal het weg"}}
		}
		return nil
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line := 1 + bytes.Count(data[:syntax.Offset], []byte("\n"))
		return municipality.Faults{{Text: fmt.Sprintf("dit is geen JSON, bij regel %d", line)}}
	}
	return municipality.Faults{{Text: err.Error()}}
}
