package form

import (
	"slices"
	"strconv"
	"strings"

	"voordeur/internal/municipality"
)

// ownPrefix sets the keys of a municipality's own questions apart: no question of the core form begins with it.
const ownPrefix = "own_"

// OwnKey is the key of a municipality's own question in the form.
func OwnKey(key string) string { return ownPrefix + key }

// IsOwn says whether a question is the municipality's own.
func (q Question) IsOwn() bool { return strings.HasPrefix(q.Key, ownPrefix) }

// Of returns the form of a municipality: the whole core form, with the municipality's own questions at their places,
// each on a page of its own.
func Of(m *municipality.Municipality) Definition {
	d := Core()
	pages := d.Pages
	d.Pages = nil
	for _, p := range pages {
		d.Pages = append(d.Pages, p)
		for i, q := range m.Questions {
			if p.Own != "" && q.Place == p.Own {
				d.Pages = append(d.Pages, ownPage(p.Section, i, q))
			}
		}
	}
	return d
}

// ownPage is the page of the i-th own question, counted from 0: 81, 82 and so on, since sections end at 7.
func ownPage(section, i int, q municipality.Question) Page {
	const first = 81
	asked := Question{Key: OwnKey(q.Key), Type: ownType(q.Type), Options: slices.Clone(q.Options)}
	switch asked.Type {
	case Choice, Multi:
		asked.Options = append(asked.Options, Unknown)
	case Line, Date, Short, Name, Story, Email, Phone, Postcode, Number, Year, People, PickHelps, Confirm:
	}
	return Page{ID: strconv.Itoa(first + i), Section: section, Paths: []Path{Full}, Questions: []Question{asked}}
}

// ownType is the core form's type that asks an own question, with the limits and the rule that it has.
func ownType(t string) Type {
	if t == "text" {
		return Line
	}
	return Type(t) // choice, multi, date
}
