package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// updatesKey is the question who gets the updates.
const updatesKey = "updates"

// toldKey is the box for who gives the resident the receipt at once.
const toldKey = "told"

// updatesPage is what an intermediary is asked besides the resident's own questions: who gets the updates, and whether
// the resident is there and gets the receipt at once.
func updatesPage() form.Page {
	helper := &form.Condition{Key: updatesKey, In: []string{string(casework.ToHelper)}}
	without := func(key string) *form.Condition { return &form.Condition{Not: &form.Condition{Key: key}} }
	return form.Page{ID: "91", Paths: []form.Path{form.Full, form.Card}, Questions: []form.Question{
		{Key: updatesKey, Type: form.Choice, Required: &form.Condition{}, Options: []string{
			string(casework.ToResident), string(casework.ToHelper), string(casework.ToIntermediary),
		}},
		{Key: "updates.name", Type: form.Name, Required: &form.Condition{}, Show: helper},
		{Key: "updates.email", Type: form.Email, Required: without("updates.phone"), Show: helper},
		{Key: "updates.phone", Type: form.Phone, Show: helper},
		{Key: "updates.knows", Type: form.Confirm, Required: &form.Condition{}, Show: helper},
		{Key: toldKey, Type: form.Confirm},
	}}
}

// entrySheet is the sheet of an entry, with fields where paper has room.
type entrySheet struct {
	paperForm
	how   casework.EntryWay
	typed bool // choices are typed as the numbers that stand on paper
}

func (d *desk) sheetOf(e entry) entrySheet {
	s := newPaperForm(wording{municipality: d.Municipality, answers: e.draft.Answers, extra: form.MaxList}, d.Intake.Form, e.draft.Path)
	s.pages = append(s.pages, updatesPage())
	return entrySheet{s, e.how(), e.how() == casework.FromPaper || e.how() == casework.FromCard}
}

// parse puts what was typed into the answers, those of hidden questions too: until it is sent nothing is lost.
func (s entrySheet) parse(answers form.Answers, values url.Values) form.Answers {
	for _, p := range s.pages {
		answers = answers.Merge(p, p.Parse(s.chosen(p, values)))
	}
	return answers
}

// chosen returns a page's fields with each number that was typed as the choice that it stands for.
func (s entrySheet) chosen(p form.Page, values url.Values) url.Values {
	if !s.typed {
		return values
	}
	chosen := url.Values{}
	for _, q := range p.Questions {
		for _, field := range q.Fields() {
			chosen[field] = values[field]
			if options := numbered(q, field); options != nil {
				chosen[field] = optionsOf(options, values.Get(field), q.Type == form.Multi || q.Type == form.PickHelps)
			}
		}
	}
	return chosen
}

// numbered are the options that the numbers in a field stand for, nil for a field that holds no numbers of options.
func numbered(q form.Question, field string) []string {
	switch q.Type {
	case form.Choice, form.Multi, form.PickHelps:
		return q.Options
	case form.Confirm:
		return []string{"yes"}
	case form.People:
		if strings.HasSuffix(field, ".relation") {
			return q.Options
		}
	case form.Short, form.Name, form.Line, form.Story, form.Email, form.Phone, form.Postcode, form.Date, form.Number, form.Year:
	}
	return nil
}

// optionsOf reads "2" or "1, 3" as options. What is no number of one stays as it was typed, for the check to refuse; so do
// two numbers where one is asked.
func optionsOf(options []string, typed string, many bool) []string {
	numbers := strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,.;+", r) })
	if len(numbers) > 1 && !many {
		return []string{typed}
	}
	var chosen []string
	for _, number := range numbers {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(options) {
			chosen = append(chosen, number)
			continue
		}
		chosen = append(chosen, options[n-1])
	}
	return chosen
}

// numbersOf writes options as the numbers that optionsOf reads.
func numbersOf(options, chosen []string) string {
	var numbers []string
	for _, o := range chosen {
		if i := slices.Index(options, o); i >= 0 {
			o = strconv.Itoa(i + 1)
		}
		numbers = append(numbers, o)
	}
	return strings.Join(numbers, " ")
}

// entryFormPage is all questions on one page, in the order and with the keys of the paper form.
type entryFormPage struct {
	Frame
	Intro  []string
	Script *Alert // to say before anything else
	Parts  []entryPart
	Action string
	Token  string
	Entry  string
	How    casework.EntryWay
}

// entryPart is one page of the form.
type entryPart struct {
	ID      string
	Section string // the heading of a section that begins here
	Script  *Alert // to read out
	Fields  []Field
}

// partID is where a page's part begins.
func partID(p form.Page) string { return "deel" + p.ID }

// showEntry shows all questions with what was entered and what to mend.
func (d *desk) showEntry(w http.ResponseWriter, status int, s seat, e entry, problems []form.Problem) error {
	texts, err := d.texts()
	if err != nil {
		return err
	}
	words := d.sheetOf(e)
	if words.texts, err = d.readOut(); err != nil {
		return err
	}
	words.problems = problems
	how := string(e.how())
	p := entryFormPage{
		Frame:  d.frame(texts, s, texts.T("desk.entry.way."+how), entryPath),
		Intro:  lines(texts.T("desk.entry.intro." + map[bool]string{true: "typed", false: "spoken"}[words.typed])),
		Script: words.script("begin"),
		Action: entryFormPath,
		Token:  s.token(entryFormPath),
		Entry:  e.token(),
		How:    e.how(),
	}
	p.Back, p.Problems = entryPath, words.problemLinks()
	section := 0
	for _, page := range words.pages {
		part := entryPart{ID: partID(page)}
		if page.Section != section {
			section = page.Section
			part.Section = texts.T("desk.entry.section", "N", section)
			if section > 0 {
				part.Section = words.texts.T("paper.section." + strconv.Itoa(section))
			}
		}
		if page.Notice != "" {
			part.Script = words.readOut(page, phonesFor(d.Municipality, words.texts, page.Notice))
		}
		part.Fields = words.entryFields(page)
		if part.Script != nil || len(part.Fields) > 0 {
			p.Parts = append(p.Parts, part)
		}
	}
	return d.render(w, status, "entry_form", p)
}

// script is what to say at a moment in a conversation, nil where there is none: nobody reads paper out.
func (s entrySheet) script(moment string) *Alert {
	if s.typed {
		return nil
	}
	key := fmt.Sprintf("desk.entry.script.%s.%s", s.how, moment)
	return &Alert{Heading: s.texts.T(key + ".title"), Lines: lines(s.texts.T(key + ".text")), Tone: Heed}
}

// readOut is a notice as a script: the safety questions and their numbers are read aloud (C6).
func (s entrySheet) readOut(p form.Page, phones []Phone) *Alert {
	moment := "safe"
	if p.Notice == "talk_safely" {
		moment = "other"
	}
	script := s.script(moment)
	if script != nil {
		script.Phones = phones
	}
	return script
}

// entryFields are a page's questions, each with its key before its words.
func (s entrySheet) entryFields(p form.Page) []Field {
	reveals := map[string][]Field{}
	var fields []Field
	for i, q := range p.Questions {
		made := s.entryField(p, i, q, reveals)
		if option := revealedBy(q, p); option != "" && !s.typed {
			reveals[option] = append(reveals[option], made...)
			continue
		}
		fields = append(fields, made...)
	}
	if len(reveals) == 0 {
		return fields
	}
	for i := range fields { // what a choice reveals stands after it in the definition
		if radios := fields[i].Radios; radios != nil {
			reveal(radios.Options, radios.Name, reveals)
		}
		if boxes := fields[i].Boxes; boxes != nil {
			reveal(boxes.Options, boxes.Name, reveals)
		}
	}
	return fields
}

func reveal(options []Option, name string, reveals map[string][]Field) {
	for i, o := range options {
		options[i].Reveal = reveals[name+"="+o.Value]
	}
}

func (s entrySheet) entryField(p form.Page, i int, q form.Question, reveals map[string][]Field) []Field {
	if s.typed && numbered(q, q.Key) != nil && q.Type != form.People {
		return []Field{{Text: s.typedField(s.ask(p, q, false), s.key(p, i), q, s.typedHint(p, q))}}
	}
	fields := s.field(p, q, false, reveals)
	for n := range fields {
		ask := askOf(fields[n])
		if ask.Label == "" {
			ask.Label = s.title(p, i)
		}
		ask.Label = s.key(p, i) + " " + ask.Label
		if boxes := fields[n].Boxes; boxes != nil && q.Type == form.PickHelps {
			for o := range boxes.Options {
				boxes.Options[o].Label = s.choice(p, q, boxes.Options[o].Value)
			}
		}
		if group := fields[n].Group; group != nil && s.typed && q.Relation {
			s.typeRelations(group, q)
		}
		if text := fields[n].Text; text != nil {
			text.Autocomplete = "off" // it is not the worker's own
		}
	}
	return fields
}

// typedField asks for the numbers of options.
func (s entrySheet) typedField(a Ask, key string, q form.Question, hint string) *TextField {
	if a.Label == "" {
		a.Label = s.say("q." + q.Key + ".short")
	}
	a.Label, a.Hint = strings.TrimSpace(key+" "+a.Label), hint
	return &TextField{
		Ask: a, Name: q.Key, Value: numbersOf(numbered(q, q.Key), s.answers[q.Key]), Type: "text", Autocomplete: "off", Width: WidthMedium,
	}
}

// typedHint is each option with its number, on one line.
func (s entrySheet) typedHint(p form.Page, q form.Question) string {
	if q.Type == form.Confirm {
		return s.texts.T("desk.entry.crossed")
	}
	return listed(s.choices(p, q))
}

// typeRelations has who somebody is typed as a number too.
func (s entrySheet) typeRelations(group *FieldGroup, q form.Question) {
	for i, f := range group.Fields {
		if f.Select == nil {
			continue
		}
		ask := f.Select.Ask
		ask.Hint = listed(s.relations(q))
		group.Fields[i] = Field{Text: &TextField{
			Ask: ask, Name: f.Select.Name, Value: numbersOf(q.Options, s.answers[f.Select.Name]), Type: "text", Autocomplete: "off", Width: WidthTiny,
		}}
	}
	for i := range group.Fields {
		if text := group.Fields[i].Text; text != nil {
			text.Autocomplete = "off"
		}
	}
}

// listed is "1 Partner · 2 Ouder".
func listed(options []printedOption) string {
	var said []string
	for _, o := range options {
		said = append(said, strconv.Itoa(o.N)+" "+o.Label)
	}
	return strings.Join(said, " · ")
}

// askOf is what a field says.
func askOf(f Field) *Ask {
	switch {
	case f.Text != nil:
		return &f.Text.Ask
	case f.Area != nil:
		return &f.Area.Ask
	case f.Select != nil:
		return &f.Select.Ask
	case f.Radios != nil:
		return &f.Radios.Ask
	case f.Boxes != nil:
		return &f.Boxes.Ask
	case f.Confirm != nil:
		return &f.Confirm.Ask
	case f.Date != nil:
		return &f.Date.Ask
	}
	return &f.Group.Ask
}
