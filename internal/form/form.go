// Package form is the intake form: its definition as data, a resident's answers, which questions are visible, and
// every problem in page order.
//
// The way of one page: Ask gives what to show; Parse reads what was sent; Merge puts it with the other answers; Check
// says what to mend; Clean drops what is hidden now, and its result is what a draft keeps.
package form

import (
	_ "embed" // core.json
	"encoding/json"
	"iter"
	"slices"
	"sync"
	"time"

	"voordeur/internal/municipality"
)

// Path is one of the ways through the form.
type Path string

// The paths.
const (
	Full   Path = "form"    // the whole form
	CallMe Path = "call_me" // "Bel mij", at most seven pages
	Card   Path = "card"    // the outreach card; at the desk only
)

// Definition is one version of the form. Its file is checked against schemas/2026-11/form.schema.json.
type Definition struct {
	Version string `json:"version"` // "2026-11"
	Pages   []Page `json:"pages"`
}

// Page is one page: one thing to ask, sometimes in a few fields.
type Page struct {
	ID        string     `json:"id"` // neutral and stable, two digits: it stands in the address
	Section   int        `json:"section"`
	Paths     []Path     `json:"paths"`
	Show      *Condition `json:"show,omitempty"`
	Notice    string     `json:"notice,omitempty"` // key of a text to read; such a page needs no questions
	Own       string     `json:"own,omitempty"`    // place after this page for the municipality's own questions
	Questions []Question `json:"questions"`
}

// Type says how a question is asked and what it takes.
type Type string

// The question types; limits are in code points.
const (
	Short     Type = "short"    // 1–60
	Name      Type = "name"     // 1–100
	Line      Type = "line"     // 0–200
	Story     Type = "story"    // 0–2,000, line breaks allowed
	Email     Type = "email"    // ≤ 254
	Phone     Type = "phone"    // Dutch or +, written freely
	Postcode  Type = "postcode" // Dutch, normalised to "9991 AB"
	Date      Type = "date"     // three boxes: key.day, key.month, key.year
	Number    Type = "number"   // whole, 0–20
	Year      Type = "year"     // of birth
	Choice    Type = "choice"   // one of Options
	Multi     Type = "multi"    // any of Options, ≤ 20
	People    Type = "people"   // up to Max rows: key.1.name, and key.1.relation and key.1.with when Relation is set
	PickHelps Type = "helpers"  // any (≤ Max) of the helpers named before, by row number
	Confirm   Type = "confirm"  // one box, "yes" when ticked; when Required it must be ticked
)

// Question is one question. Its fields' names begin with its key. Two questions on a page may share a key: a choice,
// and the people or the date that belong to it.
//
// Options are values, for People those of the relation; their texts are in the language files. From names what is
// offered before them: FromAreas, FromOrganisations, or a question whose chosen values or people these are. Show may hang on earlier
// pages, and on what its own page asks of everybody.
type Question struct {
	Key      string                `json:"key"`
	Type     Type                  `json:"type"`
	Required *Condition            `json:"required,omitempty"` // nil: never; an empty Condition: always
	Show     *Condition            `json:"show,omitempty"`
	Options  []string              `json:"options,omitempty"`
	From     string                `json:"from,omitempty"`
	Offer    map[string]*Condition `json:"offer,omitempty"`   // by option: offered only when this holds
	Alone    string                `json:"alone,omitempty"`   // the option of a Multi that excludes the others, besides Unknown
	Default  string                `json:"default,omitempty"` // the choice that is marked until the resident says otherwise
	Max      int                   `json:"max,omitempty"`
	Relation bool                  `json:"relation,omitempty"`
	Folded   bool                  `json:"folded,omitempty"` // folded on the check page
}

// What a question's From can offer besides another question's answer: ids of the municipality's areas, or of the
// organisations that may help already.
const (
	FromAreas         = "municipality_areas"
	FromOrganisations = "municipality_organisations"
)

// Unknown is the option "weet ik niet". It is an answer: not the same as a question that was skipped or not asked.
const Unknown = "unknown"

// Condition holds or not for a set of answers: every part that is set must hold, so an empty one holds always. With a
// Key but neither In nor Many, the key has any value.
type Condition struct {
	Key  string      `json:"key,omitempty"` // a question's key, or a derived one: see visible.go
	In   []string    `json:"in,omitempty"`  // any of these values; for derived keys "yes"
	All  []Condition `json:"all,omitempty"`
	Any  []Condition `json:"any,omitempty"`
	Not  *Condition  `json:"not,omitempty"`
	Many int         `json:"many,omitempty"` // the question named by Key has at least this many values
}

// Context is what visibility and checks need to know besides the answers. Municipality is never nil.
type Context struct {
	Municipality *municipality.Municipality
	Path         Path
	Today        time.Time
	Printed      bool // every question was put, on paper or aloud, so that none waits for a word in the story
}

// Draft is what a resident has filled in so far.
type Draft struct {
	Path     Path
	Language string // BCP 47, of the pages: "nl"
	Answers  Answers
	Version  int       // counts saves; 0: never saved
	Changed  time.Time // of the last save, UTC
	Paused   time.Time // when its resume code was last asked for, UTC; zero: never
	Left     string    // page that was open then
	Begun    Begun
	Asked    string `json:"-"` // Asked.Hash of the form as it is asked on the last click; nobody keeps a draft with it
}

// Begun is how a form began, and what else tells a person from a program; the zero value for one that began elsewhere.
type Begun struct {
	At      time.Time // UTC
	Network string    // what the network is called in that hour; it tells nobody which one it is
	Count   int       // forms that the network began in that hour up to this one; 0: not counted
	Trapped bool      // the field that nobody sees was filled in
}

//go:embed core.json
var coreFile []byte

// core is read when first asked for: a waiting resident pays for what happens at start.
//
//nolint:gochecknoglobals // read once, never changed
var core = sync.OnceValue(func() Definition {
	var d Definition
	if err := json.Unmarshal(coreFile, &d); err != nil {
		panic("form: core.json: " + err.Error()) // part of the program, and read by every test
	}
	return d
})

// Core returns the form as it ships. Its slices are shared: they are for reading.
func Core() Definition { return core() }

// Fields returns the names of the question's fields, in the order of the page.
func (q Question) Fields() []string { return slices.Collect(q.each()) }

// each goes through the question's fields as Fields returns them. Nearly every question has one field, its key.
func (q *Question) each() iter.Seq[string] {
	return func(yield func(string) bool) {
		switch q.Type {
		case Date:
			_ = yield(q.Key+".day") && yield(q.Key+".month") && yield(q.Key+".year")
		case People:
			for row := 1; row <= q.Max; row++ {
				goesOn := yield(rowField(q.Key, row, partName))
				if q.Relation {
					goesOn = goesOn && yield(rowField(q.Key, row, partRelation)) && yield(rowField(q.Key, row, partWith))
				}
				if !goesOn {
					return
				}
			}
		case Short, Name, Line, Story, Email, Phone, Postcode, Number, Year, Choice, Multi, PickHelps, Confirm:
			yield(q.Key)
		}
	}
}

// Fields returns the names of the page's fields, in order.
func (p Page) Fields() []string {
	var fields []string
	for _, q := range p.Questions {
		fields = append(fields, q.Fields()...)
	}
	return fields
}

// StandsAlone says whether an option excludes all others.
func (q Question) StandsAlone(option string) bool { return option == q.Alone || option == Unknown }
