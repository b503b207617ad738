package form

import (
	"slices"
	"strconv"

	"voordeur/internal/municipality"
)

// Sheet returns a path's pages as they stand on paper: each question that can be asked there, with each option that can
// be offered. On paper nothing can wait for an answer, so what hangs on one stands there too (its Show says on
// which), and nothing is marked yet. What everybody on the path is asked hangs on nothing.
func (d Definition) Sheet(path Path, m *municipality.Municipality) []Page {
	var pages []Page
	for _, p := range d.Pages {
		if !slices.Contains(p.Paths, path) {
			continue
		}
		if p.Show.holdsOn(path) {
			p.Show = nil
		}
		p.Questions = slices.Clone(p.Questions)
		for i, q := range p.Questions {
			p.Questions[i].Options, p.Questions[i].Default = d.everyOption(q, m), ""
		}
		pages = append(pages, p)
	}
	return pages
}

// everyOption returns what a question can offer, whatever was answered before. A helper is offered by the row.
func (d Definition) everyOption(q Question, m *municipality.Municipality) []string {
	var options []string
	switch {
	case q.From == FromAreas:
		for _, area := range m.Areas {
			options = append(options, area.ID)
		}
	case q.From == FromOrganisations:
		for _, organisation := range m.Organisations {
			options = append(options, organisation.ID)
		}
	case q.From != "":
		from := d.question(q.From)
		if q.Type == PickHelps {
			for row := 1; row <= from.Max; row++ {
				options = append(options, strconv.Itoa(row))
			}
		} else {
			options = append(options, from.Options...)
		}
	}
	for _, o := range q.Options {
		if !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	return options
}

// holdsOn says whether the path alone makes the condition hold.
func (c *Condition) holdsOn(path Path) bool {
	if c == nil {
		return false
	}
	return c.Key == derivedPath && slices.Contains(c.In, string(path)) ||
		slices.ContainsFunc(c.Any, func(part Condition) bool { return part.holdsOn(path) })
}

// question returns the first question with a key.
func (d Definition) question(key string) Question {
	for _, p := range d.Pages {
		for _, q := range p.Questions {
			if q.Key == key {
				return q
			}
		}
	}
	return Question{}
}

// HangsOn returns the keys of the questions that the condition asks after, each once, in its own order. The keys that
// are worked out count as the questions they come from.
func (c *Condition) HangsOn() []string {
	if c == nil {
		return nil
	}
	var keys []string
	switch c.Key {
	case "", derivedPath:
	case derivedSafetyFlag:
		keys = append(keys, "hide_from", "safe_now")
	case derivedWarnWord:
		keys = append(keys, "story")
	case derivedChildAlone:
		keys = append(keys, "birth_year")
	case derivedHelpersNamed:
		keys = append(keys, "helpers")
	default:
		keys = append(keys, c.Key)
	}
	for _, part := range slices.Concat(c.All, c.Any) {
		keys = append(keys, part.HangsOn()...)
	}
	keys = append(keys, c.Not.HangsOn()...)
	var once []string
	for _, key := range keys {
		if !slices.Contains(once, key) {
			once = append(once, key)
		}
	}
	return once
}
