package web

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"voordeur/internal/form"
)

// Field is one question on a page: exactly one of its fields is set. Render it with {{template "field" .}}.
type Field struct {
	Text    *TextField
	Area    *TextArea
	Select  *SelectField
	Radios  *RadioGroup
	Boxes   *CheckboxGroup
	Confirm *Confirm
	Date    *DateField
	Group   *FieldGroup
}

// Ask is what every question says: its words, and what is wrong with the answer.
type Ask struct {
	ID    string // id of the input, or of the group; errors lead to it
	Label string // the question
	Hint  string // stands between label and input
	Error string // what to do, "" when nothing is wrong
	Big   bool   // the question is the page's heading
}

// DescribedBy returns the ids of what is said about the question besides its label, for aria-describedby.
func (a Ask) DescribedBy() string {
	var ids []string
	if a.Hint != "" {
		ids = append(ids, a.ID+"-hint")
	}
	if a.Error != "" {
		ids = append(ids, a.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// OptionID returns the id of the i-th option. The first has the group's own, so that errors lead to it.
func (a Ask) OptionID(i int) string {
	if i == 0 {
		return a.ID
	}
	return a.ID + "-" + strconv.Itoa(i+1)
}

// TextField is one line of text.
type TextField struct {
	Ask
	Name         string
	Value        string
	Type         string // "text", "email" or "tel"
	Autocomplete string // "name", "email", "off" …
	InputMode    string // "numeric" or ""
	Width        Width
}

// Width is how much room an answer needs; it tells people how long the answer is.
type Width string

// The widths.
const (
	WidthFull   Width = ""
	WidthMedium Width = "medium" // a name, a telephone number
	WidthShort  Width = "short"  // a postcode, a year
	WidthTiny   Width = "tiny"   // a day, a house number
)

// TextArea is long text. It is never completed by the browser: what was typed must not come back.
type TextArea struct {
	Ask
	Name  string
	Value string
	Max   int // code points, 0 for no counter
	Rows  int
}

// Used returns how many code points there are now.
func (a TextArea) Used() int { return utf8.RuneCountInString(a.Value) }

// SelectField is one choice out of a list that is too long for radio buttons.
type SelectField struct {
	Ask
	Name    string
	Options []Option
}

// RadioGroup is one choice.
type RadioGroup struct {
	Ask
	Name    string
	Options []Option
}

// CheckboxGroup is any number of choices.
type CheckboxGroup struct {
	Ask
	Name    string
	Options []Option
}

// Confirm is one box that stands alone.
type Confirm struct {
	Ask
	Name    string
	Value   string
	Checked bool
}

// Option is one choice.
type Option struct {
	Value   string
	Label   string
	Hint    string
	Icon    string // what is drawn beside the label, "" for nothing; the label says it all
	Checked bool
	Apart   bool    // stands apart from the ones above: "Ik heb niemand"
	Reveal  []Field // asked only when this option is chosen; shown always where the browser cannot tell
}

// DateField is a date in three boxes: Name.day, Name.month and Name.year are their names and their ids.
type DateField struct {
	Ask
	Name             string
	Day, Month, Year string
}

// FieldGroup is several fields under one legend, "Persoon 1".
type FieldGroup struct {
	Ask
	Fields []Field
}

// Buttons is the row under a form: one next step, and quiet others.
type Buttons struct {
	Primary Button
	Others  []Button
}

// Button sends the form, with its name and value when it has them.
type Button struct {
	Label string
	Name  string
	Value string
}

// SummaryRow is one answer on the check page.
type SummaryRow struct {
	Key    string
	Lines  []string    // the answer, a line each; empty: not filled in
	Parts  []form.Part // the answer again, when words of it stand out
	Note   string      // below the answer
	Change string      // address of the question, "" for none
	Folded bool        // shown after a click
}

// Tone is what a badge or alert means; the words always say it too.
type Tone string

// The tones.
const (
	Quiet  Tone = "neutral"
	Good   Tone = "safe"
	Heed   Tone = "warning"
	Urgent Tone = "danger"
)

// Badge is a state in one or two words.
type Badge struct {
	Text string
	Tone Tone
}

// Alert is a block that asks for attention.
type Alert struct {
	Heading string
	Lines   []string
	Phones  []Phone
	Link    NavLink // without an address: none
	Tone    Tone
}

// Phone is a number to call, or an address to write to, shown large.
type Phone struct {
	Name   string
	Number string
	Email  string // instead of a number
	Note   string // "gratis, staat niet op de rekening"
	Dutch  string // the note in Dutch, on a page that is not
}

// Card is one case or person in a list.
type Card struct {
	Heading string
	URL     string // "" when the card leads nowhere
	Badges  []Badge
	Lines   []string
	Rows    []SummaryRow
}

// Moment is one entry of a timeline, newest first.
type Moment struct {
	When     string // as people say it: "vrijdag 27 november, 14.05 uur"
	DateTime string // RFC 3339
	What     string
	Who      string
}
