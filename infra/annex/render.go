package main

import (
	"bytes"
	_ "embed" // the template
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
)

//go:embed annex.md.tmpl
var annexText string

// shown is what the template needs.
type shown struct {
	lines
	Asked []askedLine
	Own   []ownAsked
	Rows  []shownRow
}

type askedLine struct {
	Key string
	line
}

type shownRow struct {
	row
	Stored []askedLine
}

// render writes the annex: questions in the order of the form, rows in the order of fields.json.
func (l lines) render(asked []string, own []ownAsked, stored []storedRow) ([]byte, error) {
	s := shown{lines: l, Own: own}
	for _, key := range asked {
		s.Asked = append(s.Asked, askedLine{key, l.Questions[key]})
	}
	for _, r := range l.Rows {
		i := slices.IndexFunc(stored, func(s storedRow) bool { return s.typ == r.Type })
		sr := shownRow{row: r}
		for _, a := range stored[i].attributes {
			sr.Stored = append(sr.Stored, askedLine{a, r.of(a)})
		}
		s.Rows = append(s.Rows, sr)
	}
	t, err := template.New("annex").Option("missingkey=error").Parse(annexText)
	if err != nil {
		return nil, fmt.Errorf("read the annex's template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s); err != nil {
		return nil, fmt.Errorf("write the annex: %w", err)
	}
	return b.Bytes(), nil
}

// Where is the cell that says in which envelopes a field stands.
func (f line) Where() string {
	if len(f.In) == 0 {
		return "–"
	}
	return strings.Join(f.In, ", ")
}

// Mark is the cell that says whether a field may tell of health, violence or crime.
func (f line) Mark() string {
	if f.Special {
		return "ja"
	}
	return "–"
}

// Legend returns the sentences that a table's words stand for, by word.
func (l lines) Legend(of map[string]string) []string {
	var items []string
	for _, key := range slices.Sorted(maps.Keys(of)) {
		items = append(items, fmt.Sprintf("**%s**: %s", key, of[key]))
	}
	return items
}
