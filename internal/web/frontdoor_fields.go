package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// wording puts a page of the form into words: its questions as fields, its answers as lines, its problems as what to
// do. Texts are found by the question's key; see questionText.
type wording struct {
	texts        *Texts
	answers      form.Answers
	municipality *municipality.Municipality

	problems []form.Problem
	extra    int               // empty rows after the people that were named
	hints    map[string]string // by question, those that are not the same at every moment
}

// say returns the text of a key: the one for who fills in for somebody else, where there is one and that is so.
func (s wording) say(key string, args ...any) string { return s.texts.T(s.saidAs(key), args...) }

// saidAs returns the key that say says.
func (s wording) saidAs(key string) string {
	if other := key + ".other"; s.answers.ForOther() && s.texts.Has(other) {
		return other
	}
	return key
}

// fields returns a page's questions, those that hang on one option of another inside that option.
func (s wording) fields(p form.Page) []Field {
	reveals := map[string][]Field{} // by key and option: "contact_way=email"
	for _, q := range p.Questions {
		if option := revealedBy(q, p); option != "" {
			reveals[option] = append(reveals[option], s.field(p, q, false, nil)...)
		}
	}
	var fields []Field
	for i, q := range p.Questions {
		if revealedBy(q, p) == "" {
			fields = append(fields, s.field(p, q, i == 0 && s.heading(p) == "", reveals)...)
		}
	}
	return fields
}

// heading returns the page's own heading, "" when its one question is the heading.
func (s wording) heading(p form.Page) string {
	if key := "page." + p.ID + ".heading"; s.texts.Has(key) {
		return s.say(key)
	}
	if p.Notice != "" {
		return s.say("notice." + p.Notice + ".title")
	}
	if p.Questions[0].Type == form.People {
		return s.questionText(p, p.Questions[0], "title")
	}
	return ""
}

// titleKey is the key of a page's title. Pages of the municipality's own questions share one, which says nothing of what
// they ask (T21).
func titleKey(p form.Page) string {
	if len(p.Questions) > 0 && p.Questions[0].IsOwn() {
		return "page.own.title"
	}
	return "page." + p.ID + ".title"
}

// paragraphs returns what is said under the page's own heading.
func (s wording) paragraphs(p form.Page) []string {
	switch {
	case p.Notice != "":
		text := s.saidAs("notice." + p.Notice + ".text")
		return append(lines(s.texts.T(text)), dutchLines(s.texts, s.saidAs("notice."+p.Notice+".title"), text)...)
	case s.texts.Has("page." + p.ID + ".text"):
		return lines(s.say("page." + p.ID + ".text"))
	case p.Questions[0].Type == form.People:
		return lines(s.questionText(p, p.Questions[0], "hint"))
	}
	return nil
}

// lines splits a text into its lines.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// revealedBy returns the one option of another question on the page that a question hangs on, as "key=option"; "" when
// it hangs on none or on several.
func revealedBy(q form.Question, p form.Page) string {
	if q.Show == nil {
		return ""
	}
	for _, c := range append([]form.Condition{*q.Show}, q.Show.All...) {
		for _, other := range p.Questions {
			if other.Key == c.Key && len(c.In) == 1 && slices.Contains(other.Options, c.In[0]) {
				return c.Key + "=" + c.In[0]
			}
		}
	}
	return ""
}

// questionText returns a text of a question: "q.{key}.{what}", or "q.{key}.{type}.{what}" for the second question of
// the same key on a page. It is "" when there is none.
func (s wording) questionText(p form.Page, q form.Question, what string) string {
	if key := textKey(p, q) + "." + what; s.texts.Has(key) {
		return s.say(key)
	}
	return ""
}

func textKey(p form.Page, q form.Question) string {
	first := slices.IndexFunc(p.Questions, func(o form.Question) bool { return o.Key == q.Key })
	if first >= 0 && p.Questions[first].Type != q.Type {
		return "q." + q.Key + "." + string(q.Type)
	}
	return "q." + q.Key
}

func (s wording) ask(p form.Page, q form.Question, big bool) Ask {
	return Ask{
		ID:    q.Key,
		Label: s.questionText(p, q, "title"),
		Hint:  cmp.Or(s.hints[q.Key], s.questionText(p, q, "hint")),
		Error: s.problem(q.Key),
		Big:   big,
	}
}

// field returns a question's field; a question about people is a group for each of them.
func (s wording) field(p form.Page, q form.Question, big bool, reveals map[string][]Field) []Field {
	a := s.ask(p, q, big)
	value := s.answers.One(q.Key)
	text := TextField{Ask: a, Name: q.Key, Value: value, Type: "text", Autocomplete: s.purposeOf(q.Key)}
	switch q.Type {
	case form.Short, form.Line:
	case form.Name:
		text.Width = WidthMedium
	case form.Email:
		text.Type = "email"
	case form.Phone:
		text.Type, text.Width = "tel", WidthMedium
	case form.Postcode:
		text.Width = WidthShort
	case form.Year:
		text.InputMode, text.Width = "numeric", WidthShort
	case form.Number:
		text.InputMode, text.Width = "numeric", WidthTiny
	case form.Story:
		return []Field{{Area: &TextArea{Ask: a, Name: q.Key, Value: value, Max: form.MaxStory, Rows: 8}}}
	case form.Choice:
		return []Field{{Radios: &RadioGroup{Ask: a, Name: q.Key, Options: s.options(p, q, reveals)}}}
	case form.Multi, form.PickHelps:
		return []Field{{Boxes: &CheckboxGroup{Ask: a, Name: q.Key, Options: s.options(p, q, reveals)}}}
	case form.Confirm:
		return []Field{{Confirm: &Confirm{Ask: a, Name: q.Key, Value: "yes", Checked: value == "yes"}}}
	case form.Date:
		return []Field{{Date: s.date(a, q.Key)}}
	case form.People:
		return s.rows(p, q)
	}
	return []Field{{Text: &text}}
}

// purposeOf tells the browser which of the resident's own data a field asks for (WCAG 1.3.5); "off" for all else, so
// that nothing typed comes back. The name and the postcode are somebody else's when help is for them.
func (s wording) purposeOf(key string) string {
	if s.answers.ForOther() && (key == "call_name" || key == "postcode") {
		return "off"
	}
	switch key {
	case "call_name":
		return "given-name"
	case "phone":
		return "tel"
	case "email":
		return "email"
	case "address":
		return "street-address"
	case "postcode":
		return "postal-code"
	}
	return "off"
}

func (s wording) options(p form.Page, q form.Question, reveals map[string][]Field) []Option {
	_, asked := s.answers[q.Key]
	var options []Option
	for i, o := range q.Options {
		last := i+1 == len(q.Options) && q.Alone == "" // "weet ik niet" stands apart from the answers above it
		option := Option{
			Value:   o,
			Label:   s.option(p, q, o),
			Icon:    areaIcon(q, o),
			Checked: s.answers.Has(q.Key, o) || !asked && o == q.Default,
			Apart:   o == q.Alone || o == form.Unknown && last,
			Reveal:  reveals[q.Key+"="+o],
		}
		if key := textKey(p, q) + ".option." + o + ".hint"; s.texts.Has(key) {
			option.Hint = s.say(key)
		}
		options = append(options, option)
	}
	return options
}

// option returns the words of one choice: a helper, an area or an organisation by name, or the text of the question
// that offers it.
func (s wording) option(p form.Page, q form.Question, o string) string {
	key := textKey(p, q) + ".option." + o
	switch {
	case q.Type == form.PickHelps:
		for _, person := range s.answers.People(q.From) {
			if strconv.Itoa(person.Row) == o {
				return s.person(q.From, person)
			}
		}
	case q.From == form.FromAreas:
		if area, ok := s.municipality.Area(o); ok {
			return area.Name
		}
	case q.From == form.FromOrganisations:
		if organisation, ok := s.municipality.Organisation(o); ok {
			return organisation.Name
		}
	case q.From != "" && !s.texts.Has(key):
		key = "q." + q.From + ".option." + o
	}
	if o == form.Unknown && !s.texts.Has(key) {
		key = "option.unknown"
	}
	return s.say(key)
}

// person names somebody by name and relation, by the relation alone when no name was given.
func (s wording) person(key string, person form.Person) string {
	relation := ""
	if person.Relation != "" {
		relation = s.say("q." + key + ".relation." + person.Relation)
	}
	switch {
	case person.Name == "" && relation == "":
		return person.With
	case person.Name == "":
		return relation
	case relation == "":
		return person.Name
	}
	return person.Name + " (" + s.texts.Lower(relation) + ")"
}

// date has an id of its own, since a date may share its key with a choice.
func (s wording) date(a Ask, key string) *DateField {
	a.ID = key + ".date"
	a.Error = ""
	for _, part := range []string{".day", ".month", ".year"} {
		if a.Error == "" {
			a.Error = s.problem(key + part)
		}
	}
	return &DateField{
		Ask: a, Name: key,
		Day: s.answers.One(key + ".day"), Month: s.answers.One(key + ".month"), Year: s.answers.One(key + ".year"),
	}
}

// rows returns a group for each person that was named, and empty ones up to what is shown.
func (s wording) rows(p form.Page, q form.Question) []Field {
	var fields []Field
	for row := 1; row <= s.rowCount(q); row++ {
		id := q.Key + "." + strconv.Itoa(row)
		group := &FieldGroup{Ask: Ask{ID: id, Label: s.say(textKey(p, q)+".person", "N", row)}}
		group.Fields = append(group.Fields, s.personLine(p, q, id+".name", "name", WidthMedium))
		if q.Relation {
			group.Fields = append(group.Fields,
				s.relation(p, q, id+".relation"), s.personLine(p, q, id+".with", "with", WidthFull))
		}
		fields = append(fields, Field{Group: group})
	}
	return fields
}

// rowCount is how many people are asked for now: everybody named, at least one, and what the button asked for. Rows of
// a name alone are short: all of them are shown.
func (s wording) rowCount(q form.Question) int {
	if !q.Relation {
		return q.Max
	}
	last := 1
	for _, person := range s.answers.People(q.Key) {
		last = person.Row
	}
	return min(last+s.extra, q.Max)
}

// nextRow returns the id of the row that one more person would get, "" when there is no room or nobody is asked for.
func (s wording) nextRow(p form.Page) string {
	for _, q := range p.Questions {
		if n := s.rowCount(q) + 1; q.Type == form.People && n <= q.Max {
			return q.Key + "." + strconv.Itoa(n)
		}
	}
	return ""
}

func (s wording) personLine(p form.Page, q form.Question, name, part string, width Width) Field {
	key := textKey(p, q) + "." + part
	a := Ask{ID: name, Label: s.say(key + ".title"), Error: s.problem(name)}
	if s.texts.Has(key + ".hint") {
		a.Hint = s.say(key + ".hint")
	}
	return Field{Text: &TextField{Ask: a, Name: name, Value: s.answers.One(name), Type: "text", Autocomplete: "off", Width: width}}
}

func (s wording) relation(p form.Page, q form.Question, name string) Field {
	f := &SelectField{Ask: Ask{ID: name, Label: s.say(textKey(p, q) + ".relation.title"), Error: s.problem(name)}, Name: name}
	for _, o := range q.Options {
		f.Options = append(f.Options, Option{
			Value: o, Label: s.say("q." + q.Key + ".relation." + o), Checked: s.answers.One(name) == o,
		})
	}
	return Field{Select: f}
}

// problem returns what to do about the first problem of a field, "" when there is none.
func (s wording) problem(field string) string {
	i := slices.IndexFunc(s.problems, func(p form.Problem) bool { return p.Field == field })
	if i < 0 {
		return ""
	}
	return s.problemText(s.problems[i])
}

// problemText returns what to do: the question's own words for a code, or the code's.
func (s wording) problemText(p form.Problem) string {
	key := "q." + p.Key + ".error." + p.Code
	if !s.texts.Has(key) {
		key = "error." + p.Code
	}
	return s.say(key, "Count", p.Max)
}

// inPlace returns the problems of one page in the order in which its questions stand there: what hangs on one option of a
// question stands with that option.
func inPlace(problems []form.Problem, p form.Page) []form.Problem {
	var keys []string
	for _, q := range p.Questions {
		if revealedBy(q, p) != "" {
			continue
		}
		keys = append(keys, q.Key)
		for _, o := range q.Options {
			for _, hanging := range p.Questions {
				if revealedBy(hanging, p) == q.Key+"="+o {
					keys = append(keys, hanging.Key)
				}
			}
		}
	}
	return slices.SortedStableFunc(slices.Values(problems), func(a, b form.Problem) int {
		return cmp.Compare(slices.Index(keys, a.Key), slices.Index(keys, b.Key))
	})
}

// problemLinks returns the error summary, in the order of the problems.
func (s wording) problemLinks() []ProblemLink {
	var links []ProblemLink
	for _, p := range s.problems {
		links = append(links, ProblemLink{Field: p.Field, Text: s.problemText(p)})
	}
	return links
}
