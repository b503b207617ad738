package form

import (
	"slices"
	"strconv"
)

// The derived keys that a condition can name besides a question's. Their value is "yes" or none, but for the path,
// whose value is the Path. They too see visible answers only.
const (
	derivedPath         = "path"
	derivedSafetyFlag   = "safety_flag"
	derivedWarnWord     = "warn_word"
	derivedChildAlone   = "child_alone"
	derivedHelpersNamed = "helpers_named"
)

// Visible returns the pages on the path, in order, each with its visible questions only. Their options are the ones on
// offer now, and Required is nil or empty: settled.
func (d Definition) Visible(a Answers, c Context) []Page { return d.look(a, c).pages }

// Clean returns only the fields of visible questions, and of a choice only what is on offer, so that hidden answers
// are never sent. A draft that keeps what Clean returns never brings back what was closed.
func (d Definition) Clean(a Answers, c Context) Answers { return d.look(a, c).clean }

// Ask returns a page as it is put to a resident without JavaScript: its visible questions, and those that another
// answer on the same page brings; their Show says which. It is also the page to Parse with. ok is false when the page
// is not visible.
func (d Definition) Ask(id string, a Answers, c Context) (page Page, ok bool) {
	v := d.look(a, c)
	visible, ok := byID(v.pages, id)
	if !ok {
		return Page{}, false
	}
	page, _ = byID(d.Pages, id)
	questions := page.Questions
	page.Questions = nil
	for _, q := range questions {
		if !slices.ContainsFunc(visible.Questions, q.sameFields) && !q.Show.mentions(questions) {
			continue
		}
		if q, ok := v.settle(q); ok {
			page.Questions = append(page.Questions, q)
		}
	}
	return page, true
}

func byID(pages []Page, id string) (Page, bool) {
	i := slices.IndexFunc(pages, func(p Page) bool { return p.ID == id })
	if i < 0 {
		return Page{}, false
	}
	return pages[i], true
}

// view is a walk through the form: what is visible so far, and the answers that count so far. Conditions are asked of
// the clean answers only, so a hidden answer opens nothing further on.
type view struct {
	context Context
	given   Answers
	clean   Answers
	pages   []Page
	visible []Question // of all pages, one after the other
}

func (d Definition) look(a Answers, c Context) *view {
	questions := 0
	for _, p := range d.Pages {
		questions += len(p.Questions)
	}
	v := &view{
		context: c, given: a, clean: make(Answers, len(a)),
		pages: make([]Page, 0, len(d.Pages)), visible: make([]Question, 0, questions),
	}
	for _, p := range d.Pages {
		if !slices.Contains(p.Paths, c.Path) || !v.holds(p.Show) {
			continue
		}
		if p = v.open(p); len(p.Questions) > 0 || p.Notice != "" {
			v.pages = append(v.pages, p)
		}
	}
	return v
}

// open returns the page with its visible questions and takes in their answers. What is asked of everybody comes first,
// so that a question may hang on one further down the page.
func (v *view) open(p Page) Page {
	visible := make([]bool, len(p.Questions))
	for _, conditional := range []bool{false, true} {
		for i := range p.Questions {
			q := p.Questions[i]
			if (q.Show != nil) != conditional || !v.holds(q.Show) {
				continue
			}
			if q, visible[i] = v.settle(q); visible[i] {
				v.take(q)
			}
		}
	}
	before := len(v.visible)
	for i := range p.Questions {
		if visible[i] {
			q, _ := v.settle(p.Questions[i]) // again: now the whole page is known
			v.visible = append(v.visible, q)
		}
	}
	p.Questions = slices.Clip(v.visible[before:])
	return p
}

// settle works out what a question offers and whether it must be answered. ok is false for a choice without a choice.
func (v *view) settle(q Question) (settled Question, ok bool) {
	if q.Required != nil && v.holds(q.Required) {
		q.Required = &Condition{}
	} else {
		q.Required = nil
	}
	q.Options = v.offered(q)
	switch q.Type {
	case Choice, Multi, PickHelps:
		return q, len(q.Options) > 0
	case Short, Name, Line, Story, Email, Phone, Postcode, Date, Number, Year, People, Confirm:
	}
	return q, true
}

// offered returns the options on offer. Those of a question that offers always the same are the definition's own.
func (v *view) offered(q Question) []string {
	if q.From == "" && q.Offer == nil {
		return slices.Clip(q.Options)
	}
	var options []string
	switch {
	case q.Type == PickHelps:
		for _, p := range v.clean.People(q.From) {
			options = append(options, strconv.Itoa(p.Row))
		}
	case q.From == FromAreas:
		for _, area := range v.context.Municipality.Areas {
			options = append(options, area.ID)
		}
	case q.From == FromOrganisations:
		for _, organisation := range v.context.Municipality.Organisations {
			options = append(options, organisation.ID)
		}
	case q.From != "":
		options = append(options, v.clean[q.From]...)
	}
	for _, o := range q.Options {
		if v.holds(q.Offer[o]) {
			options = append(options, o)
		}
	}
	return options
}

// take copies a visible question's answer. A choice that is not on offer, now or any more, is no answer to what is
// asked: the question then counts as not asked yet.
func (v *view) take(q Question) {
	for field := range q.each() {
		given, asked := v.given[field]
		if !asked {
			continue
		}
		values := filled(given)
		switch q.Type {
		case Choice, Multi, PickHelps:
			gone := func(o string) bool { return !slices.Contains(q.Options, o) }
			if !slices.ContainsFunc(values, gone) {
				break
			}
			if values = slices.DeleteFunc(slices.Clone(values), gone); len(values) == 0 {
				continue
			}
		case Short, Name, Line, Story, Email, Phone, Postcode, Date, Number, Year, People, Confirm:
		}
		v.clean[field] = values
	}
}

// filled returns the values that say something, each once; never nil, so that skipped stays different from not asked.
func filled(values []string) []string {
	if len(values) == 1 && values[0] != "" {
		return values // as nearly all are
	}
	out := []string{}
	for _, value := range values {
		if value != "" && !slices.Contains(out, value) {
			out = append(out, value)
		}
	}
	return out
}

func (v *view) holds(c *Condition) bool {
	if c == nil {
		return true
	}
	if c.Key != "" && !c.met(v.values(c.Key)) {
		return false
	}
	for _, part := range c.All {
		if !v.holds(&part) {
			return false
		}
	}
	if len(c.Any) > 0 && !slices.ContainsFunc(c.Any, func(part Condition) bool { return v.holds(&part) }) {
		return false
	}
	return c.Not == nil || !v.holds(c.Not)
}

// met says whether the values of the condition's key are what it wants.
func (c *Condition) met(values []string) bool {
	if len(values) < max(c.Many, 1) {
		return false
	}
	return len(c.In) == 0 || slices.ContainsFunc(values, func(v string) bool { return slices.Contains(c.In, v) })
}

func (v *view) values(key string) []string {
	yes := func(holds bool) []string {
		if holds {
			return []string{"yes"}
		}
		return nil
	}
	switch key {
	case derivedPath:
		return []string{string(v.context.Path)}
	case derivedSafetyFlag:
		return yes(v.clean.SafetyFlag())
	case derivedWarnWord:
		return yes(v.context.Printed || WarnWord(v.clean, v.context.Municipality))
	case derivedChildAlone:
		return yes(v.clean.ChildAlone(v.context.Today))
	case derivedHelpersNamed:
		return yes(len(v.clean.People("helpers")) > 0)
	}
	return v.clean[key]
}

// mentions says whether the condition hangs on one of the questions.
func (c *Condition) mentions(questions []Question) bool {
	if c == nil {
		return false
	}
	here := func(part Condition) bool { return part.mentions(questions) }
	return slices.ContainsFunc(questions, func(q Question) bool { return q.Key == c.Key }) ||
		slices.ContainsFunc(c.All, here) || slices.ContainsFunc(c.Any, here) || c.Not.mentions(questions)
}

// sameFields says whether two questions are one: a key alone may be shared.
func (q Question) sameFields(other Question) bool { return q.Key == other.Key && q.Type == other.Type }
