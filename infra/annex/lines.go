package main

import (
	"bytes"
	"cmp"
	_ "embed" // fields.json
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

//go:embed fields.json
var linesFile []byte

// lines is what fields.json says: of every question and attribute what it is for. Bases, Keeps, Readers and Envelopes are
// the sentences that a line names by their key.
type lines struct {
	Bases     map[string]string `json:"bases"`
	Keeps     map[string]string `json:"keeps"`
	Readers   map[string]string `json:"readers"`
	Envelopes map[string]string `json:"envelopes"`
	Questions map[string]line   `json:"questions"` // by key of the form
	Every     map[string]line   `json:"every"`     // attributes that rows of any kind may have besides
	Rows      []row             `json:"rows"`
}

// line is one field. Of a row's field Basis, Keep and Seen are the row's when they are empty.
type line struct {
	What    string   `json:"what"`
	Why     string   `json:"why"`
	Basis   string   `json:"basis"`
	Keep    string   `json:"keep"`
	Seen    string   `json:"seen"`
	Special bool     `json:"special"` // may tell of health, violence or crime (AVG art. 9 and 10)
	In      []string `json:"in"`      // the envelopes that hold it, or what follows from it; none: it stands plain
}

// row is one kind of row.
type row struct {
	Type   string          `json:"type"` // its Go type in internal/dynamo
	Key    string          `json:"key"`  // what its SK or PK begins with
	Title  string          `json:"title"`
	Short  bool            `json:"short"` // in the short-lived table
	Note   string          `json:"note"`
	Basis  string          `json:"basis"`
	Keep   string          `json:"keep"`
	Seen   string          `json:"seen"`
	Fields map[string]line `json:"fields"` // by attribute
}

func readLines() (lines, error) {
	var l lines
	d := json.NewDecoder(bytes.NewReader(linesFile))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return lines{}, fmt.Errorf("read fields.json: %w", err)
	}
	return l, nil
}

// of returns a field's line with what it has from its row.
func (r row) of(attribute string) line {
	f := r.Fields[attribute]
	f.Basis, f.Keep, f.Seen = cmp.Or(f.Basis, r.Basis), cmp.Or(f.Keep, r.Keep), cmp.Or(f.Seen, r.Seen)
	return f
}

// faults compares the lines with what is asked and stored, both ways.
func (l lines) faults(asked []string, stored []storedRow) []error {
	var faults []error
	add := func(format string, a ...any) { faults = append(faults, fmt.Errorf("fields.json: "+format, a...)) }
	for _, key := range asked {
		if _, ok := l.Questions[key]; !ok {
			add("question %q has no line: say what it is, why it is asked, its basis, how long it is kept, who sees it and in which envelope", key)
		}
	}
	for key, f := range l.Questions {
		if !slices.Contains(asked, key) {
			add("there is no question %q", key)
		}
		faults = append(faults, l.faultsOf("question "+key, f)...)
	}
	for _, a := range slices.Sorted(maps.Keys(l.Every)) {
		faults = append(faults, l.faultsOf(a, l.Every[a])...)
	}
	for _, s := range stored {
		i := slices.IndexFunc(l.Rows, func(r row) bool { return r.Type == s.typ })
		if i < 0 {
			add("rows of type %s have no entry: say what they are, their basis, how long they are kept and who sees them", s.typ)
			continue
		}
		for _, a := range s.attributes {
			if _, ok := l.Rows[i].Fields[a]; !ok {
				add("attribute %q of %s has no line: say what it is and why it is stored", a, s.typ)
			}
		}
	}
	for _, r := range l.Rows {
		i := slices.IndexFunc(stored, func(s storedRow) bool { return s.typ == r.Type })
		if i < 0 {
			add("there are no rows of type %s", r.Type)
			continue
		}
		faults = append(faults, l.faultsOf("row "+r.Type, line{What: r.Title, Why: r.Title, Basis: r.Basis, Keep: r.Keep, Seen: r.Seen})...)
		for _, a := range slices.Sorted(maps.Keys(r.Fields)) {
			if !slices.Contains(stored[i].attributes, a) {
				add("%s rows have no attribute %q", r.Type, a)
			}
			faults = append(faults, l.faultsOf(r.Type+"."+a, r.of(a))...)
		}
	}
	return faults
}

// faultsOf says what a line leaves out, or names and nothing explains.
func (l lines) faultsOf(what string, f line) []error {
	var faults []error
	if f.What == "" || f.Why == "" {
		faults = append(faults, fmt.Errorf("fields.json: %s does not say what it is or why", what))
	}
	for _, named := range []struct {
		key  string
		from map[string]string
	}{{f.Basis, l.Bases}, {f.Keep, l.Keeps}, {f.Seen, l.Readers}} {
		if named.from[named.key] == "" {
			faults = append(faults, fmt.Errorf("fields.json: %s names %q, which nothing explains", what, named.key))
		}
	}
	for _, e := range f.In {
		if l.Envelopes[e] == "" {
			faults = append(faults, fmt.Errorf("fields.json: %s names the envelope %q, which nothing explains", what, e))
		}
	}
	return faults
}
