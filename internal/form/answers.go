package form

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"voordeur/internal/municipality"
)

// Answers holds field values by field name, normalised. A field that is absent was not asked; one that is present
// without a value was skipped; "unknown" is what the resident chose to say.
type Answers map[string][]string

// Person is one helper or companion.
type Person struct {
	Row      int
	Name     string // may be empty when only the relation was told
	Relation string
	With     string
}

// The parts of a person's row, as in helpers.1.name.
const (
	partName     = "name"
	partRelation = "relation"
	partWith     = "with"
)

// maxRows bounds the rows that People looks for; no people question has more.
const maxRows = 5

func rowField(key string, row int, part string) string {
	return key + "." + strconv.Itoa(row) + "." + part
}

// One returns the single value of a field, "" when there is none.
func (a Answers) One(field string) string {
	if values := a[field]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// Has says whether a field has one of the values.
func (a Answers) Has(field string, values ...string) bool {
	return slices.ContainsFunc(a[field], func(v string) bool { return slices.Contains(values, v) })
}

// People returns the rows of a people question that have anything in them.
func (a Answers) People(key string) []Person {
	var people []Person
	for row := 1; row <= maxRows; row++ {
		p := Person{
			Row:      row,
			Name:     a.One(rowField(key, row, partName)),
			Relation: a.One(rowField(key, row, partRelation)),
			With:     a.One(rowField(key, row, partWith)),
		}
		if p != (Person{Row: row}) {
			people = append(people, p)
		}
	}
	return people
}

// Date returns a date question's answer, midnight UTC; ok is false when it was not given or is no real date.
func (a Answers) Date(key string) (date time.Time, ok bool) {
	date, wrong := realDate(a.One(key+".day"), a.One(key+".month"), a.One(key+".year"))
	return date, wrong == ""
}

// SafetyFlag says whether the safety flag of domain.md §2 is up: hide_from yes or rather-not-say, or safe_now anything
// but yes or skipped. Ask it of clean answers: a hidden answer raises no flag.
func (a Answers) SafetyFlag() bool {
	unsafe := func(v string) bool { return v != "" && v != "yes" }
	return a.Has("hide_from", "yes", "rather_not") || slices.ContainsFunc(a["safe_now"], unsafe)
}

// ForOther says whether the one who fills in asks for somebody else: name, place and safety are then that person's,
// contact and receipt those of who fills in.
func (a Answers) ForOther() bool { return a.Has("for_whom", "other") }

// childUnder is the age from which a resident counts as deciding for themselves, in years.
const childUnder = 16

// ChildAlone says whether the one who fills in is, by birth year, under 16, and does not ask for someone else. Who
// turns 16 this year, Europe/Amsterdam, counts as 16.
func (a Answers) ChildAlone(today time.Time) bool {
	born, err := strconv.Atoi(a.One("birth_year"))
	if err != nil || a.ForOther() {
		return false
	}
	return municipality.Local(today).Year()-born < childUnder
}

// Merge returns a with one page's fields replaced by those of parsed. p is what Parse was called on. When somebody no
// longer comes along, how to reach that person goes too: it would stand beside another's name, and be used (T01).
func (a Answers) Merge(p Page, parsed Answers) Answers {
	merged := maps.Clone(a)
	if merged == nil {
		merged = Answers{}
	}
	for _, field := range p.Fields() {
		delete(merged, field)
		if values, ok := parsed[field]; ok {
			merged[field] = values
		}
	}
	now := merged.companions()
	if slices.ContainsFunc(a.companions(), func(who string) bool { return !slices.Contains(now, who) }) {
		maps.DeleteFunc(merged, func(field string, _ []string) bool { return strings.HasPrefix(field, "companion_contact.") })
	}
	return merged
}

// companions returns who comes along, by name, or by relation who has none.
func (a Answers) companions() []string {
	var who []string
	for _, key := range []string{"helpers", "companion"} {
		for _, p := range a.People(key) {
			if key == "helpers" && a.Has("companion", "helper") && a.Has("companion.helpers", strconv.Itoa(p.Row)) ||
				key == "companion" && a.Has("companion", "other") {
				who = append(who, cmp.Or(p.Name, p.Relation))
			}
		}
	}
	return who
}
