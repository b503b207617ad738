package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
)

// blank is one field of an act's form: a question as the residents' form has them, with the same limits. Its words are
// desk.ask.{act}.{key}.* or, for all acts, desk.field.{key}.*.
type blank struct {
	form.Question

	label   string   // "": in the texts
	who     string   // of an agreement: who keeps it
	options []Option // of a choice; what was chosen is checked
	list    bool     // a choice out of a long list
	preset  string   // what stands there the first time; a date as "2027-03-01"
	months  int      // a date lies after today, at most so many months away; 0: it may be any day
	of      string   // a time of day, such as "14.30": the key of its date
	rows    int      // of long text
}

// scene is what an act's form is made of: the case, and what is sealed about it for an act that reads that.
type scene struct {
	deskWords
	seat    seat
	c       casework.Case
	contact casework.Contact
	content casework.Content
	network []string // who could help or comes along, as the resident named them
	meeting casework.MeetingPlan
	met     casework.MeetingReport // the last one
	plan    casework.Plan          // as it is now
}

// sceneOf opens what an act's form is made of, after the audit row (I9).
func (d *desk) sceneOf(r *http.Request, a act, v deskWords, s seat, f file) (scene, error) {
	sc := scene{deskWords: v, seat: s, c: f.dossier.Case}
	if !a.reads {
		return sc, nil
	}
	ref := sc.c.ID
	if err := d.auditReading(r, s, sc.c); err != nil {
		return scene{}, err
	}
	g, ctx := errgroup.WithContext(r.Context())
	opener := d.Work.Opener
	g.Go(func() (err error) {
		sc.contact, err = casework.OpenJSON[casework.Contact](ctx, opener, casework.ForContact, ref, f.report.Contact)
		return err
	})
	g.Go(func() (err error) {
		sc.content, err = casework.OpenJSON[casework.Content](ctx, opener, casework.ForContent, ref, f.report.Content)
		return err
	})
	g.Go(func() (err error) {
		sc.met, err = latest[casework.MeetingReport](ctx, opener, f.dossier, writesReport)
		return err
	})
	g.Go(func() (err error) {
		sc.meeting, err = latest[casework.MeetingPlan](ctx, opener, f.dossier, of(casework.EvPlanned))
		return err
	})
	g.Go(func() (err error) {
		sc.plan, err = latest[casework.Plan](ctx, opener, f.dossier, of(casework.EvPlanWritten))
		return err
	})
	if err := g.Wait(); err != nil {
		return scene{}, err
	}
	if !sc.met.Next.At.IsZero() && sc.met.Next.At.After(sc.meeting.At) {
		sc.meeting = sc.met.Next
	}
	sc.network = sc.named()
	return sc, nil
}

// latest opens what the newest of those events keeps; the zero value when there is none.
func latest[T any](ctx context.Context, o casework.Opener, d casework.Dossier, those func(casework.Event) bool) (record T, err error) {
	for _, e := range slices.Backward(d.Events) {
		if those(e) && len(e.Record) > 0 {
			return casework.OpenJSON[T](ctx, o, casework.ForContent, d.Case.ID, e.Record)
		}
	}
	return record, nil
}

// named lists whom the resident named: who could help, and who comes along.
func (s scene) named() []string {
	said := wording{texts: s.texts, answers: s.content.Answers}
	var names []string
	for _, key := range []string{"helpers", "companion"} {
		for _, person := range s.content.Answers.People(key) {
			if name := said.person(key, person); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// filled is what was filled in on an act's form, normalised.
type filled struct {
	form.Answers
	asked actForm
}

// moment reads a day and a time of day, in Amsterdam; without a time the day's first moment, without a day the zero time.
func (f filled) moment(date, clock string) time.Time {
	day, ok := f.Date(date)
	if !ok {
		return time.Time{}
	}
	hour, minute, _ := timeOfDay(f.One(clock))
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, municipality.Local(day).Location())
}

var clockTime = regexp.MustCompile(`^([01]?[0-9]|2[0-3])(?:[.:u]([0-5][0-9])?)?(?: *uur)?$`)

// timeOfDay reads a time as people write it: "14.30", "14:30", "14u", "9 uur".
func timeOfDay(text string) (hour, minute int, ok bool) {
	parts := clockTime.FindStringSubmatch(strings.ToLower(strings.TrimSpace(text)))
	if parts == nil {
		return 0, 0, false
	}
	hour, _ = strconv.Atoi(parts[1])
	minute, _ = strconv.Atoi(parts[2])
	return hour, minute, true
}

// The fields that acts ask for.

func reason() blank {
	return blank{Question: form.Question{Key: reasonField, Type: form.Story, Required: &form.Condition{}}, rows: 5}
}

func typing(key string, t form.Type) blank {
	return blank{Question: form.Question{Key: key, Type: t}, rows: 5}
}

func ticked(key string) blank { return blank{Question: form.Question{Key: key, Type: form.Confirm}} }

// day asks for a day after today, at most so many months away.
func day(key string, months int) blank {
	return blank{Question: form.Question{Key: key, Type: form.Date}, months: months}
}

// clock asks for a time of the day that another field asks for.
func clock(key, of string) blank {
	return blank{Question: form.Question{Key: key, Type: form.Short}, of: of}
}

func choice(key string, options []Option) blank { return chosenOf(form.Choice, key, options) }

func boxes(key string, options []Option) blank { return chosenOf(form.Multi, key, options) }

func chosenOf(t form.Type, key string, options []Option) blank {
	b := blank{Question: form.Question{Key: key, Type: t}, options: options}
	for _, o := range options {
		b.Options = append(b.Options, o.Value)
	}
	return b
}

func (b blank) must() blank {
	b.Required = &form.Condition{}
	return b
}

// valuesOf puts closed values into words: desk.field.{key}.option.{value}.
func valuesOf[T ~string](v deskWords, key string, values []T, chosen T) []Option {
	var options []Option
	for _, value := range values {
		options = append(options, Option{
			Value: string(value), Label: v.texts.T("desk.field." + key + ".option." + string(value)), Checked: value == chosen,
		})
	}
	return options
}

// namesOf are people as boxes, by name; checked says who is ticked the first time.
func namesOf(names, checked []string) []Option {
	var options []Option
	for _, name := range names {
		options = append(options, Option{Value: name, Label: name, Checked: slices.Contains(checked, name)})
	}
	return options
}

// actForm is an act's form about one case.
type actForm struct {
	act
	scene  scene
	blanks []blank
}

func (f actForm) page() form.Page {
	p := form.Page{ID: f.name, Paths: []form.Path{form.Full}}
	for _, b := range f.blanks {
		p.Questions = append(p.Questions, b.Question)
	}
	return p
}

func (f actForm) parse(sent url.Values) filled { return filled{f.page().Parse(sent), f} }

// preset is what stands in the form the first time.
func (f actForm) preset() filled {
	said := filled{form.Answers{}, f}
	for _, b := range f.blanks {
		if date, err := time.Parse(time.DateOnly, b.preset); err == nil && b.Type == form.Date {
			said.Answers[b.Key+".day"] = []string{strconv.Itoa(date.Day())}
			said.Answers[b.Key+".month"] = []string{strconv.Itoa(int(date.Month()))}
			said.Answers[b.Key+".year"] = []string{strconv.Itoa(date.Year())}
		} else if b.preset != "" {
			said.Answers[b.Key] = []string{b.preset}
		}
		for _, o := range b.options {
			if o.Checked {
				said.Answers[b.Key] = append(said.Answers[b.Key], o.Value)
			}
		}
	}
	return said
}

// say returns a text of the act's page, or of a field on it: the act's own words, those for all acts, or otherwise.
func (f actForm) say(field, what, otherwise string) string {
	of := what
	if field != "" {
		of = field + "." + what
	}
	for _, key := range []string{"desk.ask." + f.name + "." + of, "desk.field." + of} {
		if f.scene.texts.Has(key) {
			return f.scene.texts.T(key)
		}
	}
	return otherwise
}

// problems lists all there is to mend, in the order of the page.
func (f actForm) problems(said filled) []ProblemLink {
	p := f.page()
	found := form.Definition{Pages: []form.Page{p}}.Check(p, said.Answers, form.Context{
		Municipality: f.scene.municipality, Path: form.Full, Today: f.scene.now,
	})
	var problems []ProblemLink
	for _, b := range f.blanks {
		wrong := false
		for _, fault := range found {
			if fault.Key == b.Key {
				wrong = true
				problems = append(problems, ProblemLink{Field: fault.Field, Text: f.problemText(fault)})
			}
		}
		if wrong {
			continue
		}
		if todo := f.wrongTime(b, said); todo != "" {
			problems = append(problems, ProblemLink{Field: b.Fields()[0], Text: todo})
		}
	}
	return problems
}

func (f actForm) problemText(p form.Problem) string {
	if strings.HasPrefix(p.Key, agreedPrefix) {
		p.Key = agreedWhatField
	}
	return f.say(p.Key, p.Code, f.scene.texts.T("error."+p.Code, "Count", p.Max))
}

// wrongTime says what to do about a day that went by or is too far away, or a time of day that is none; "" when nothing.
func (f actForm) wrongTime(b blank, said filled) string {
	date, given := said.Date(b.Key)
	today := municipality.Local(f.scene.now)
	last := today.AddDate(0, b.months, 0)
	switch {
	case b.Type == form.Date && given && b.months > 0 && (date.Format(time.DateOnly) < today.Format(time.DateOnly) || date.After(last)):
		return f.scene.texts.T("desk.field.day.range", "Day", message.Day(last), "Year", last.Year())
	case b.of == "":
		return ""
	}
	_, _, ok := timeOfDay(said.One(b.Key))
	on, day := said.Date(b.of)
	switch {
	case said.One(b.Key) != "" && !ok, said.One(b.Key) == "" && day:
		return f.scene.texts.T("desk.field.clock.wrong")
	case ok && !day && len(said.Answers[b.of+".day"]) == 0:
		return f.scene.texts.T("desk.field.clock.no_day")
	case ok && day && on.Format(time.DateOnly) == today.Format(time.DateOnly) && !said.moment(b.of, b.Key).After(f.scene.now):
		return f.scene.texts.T("desk.field.clock.past")
	}
	return ""
}

// fields are the form with what was filled in.
func (f actForm) fields(said filled, problems []ProblemLink) []Field {
	var fields []Field
	for _, b := range f.blanks {
		fields = append(fields, f.field(b, said, problems))
	}
	return fields
}

func (f actForm) field(b blank, said filled, problems []ProblemLink) Field {
	a := Ask{ID: b.Key, Label: b.label, Hint: f.say(b.Key, "hint", "")}
	if a.Label == "" {
		a.Label = f.say(b.Key, "label", "")
	}
	for _, p := range problems {
		if a.Error == "" && slices.Contains(b.Fields(), p.Field) {
			a.Error = p.Text
		}
	}
	value := said.One(b.Key)
	options := slices.Clone(b.options)
	for i := range options {
		options[i].Checked = said.Has(b.Key, options[i].Value)
	}
	switch b.Type {
	case form.Choice:
		if b.list {
			return Field{Select: &SelectField{Ask: a, Name: b.Key, Options: options}}
		}
		return Field{Radios: &RadioGroup{Ask: a, Name: b.Key, Options: options}}
	case form.Multi:
		return Field{Boxes: &CheckboxGroup{Ask: a, Name: b.Key, Options: options}}
	case form.Confirm:
		return Field{Confirm: &Confirm{Ask: a, Name: b.Key, Value: "yes", Checked: value == "yes"}}
	case form.Story:
		return Field{Area: &TextArea{Ask: a, Name: b.Key, Value: value, Max: form.MaxStory, Rows: b.rows}}
	case form.Date:
		a.ID = b.Key + ".date"
		return Field{Date: &DateField{
			Ask: a, Name: b.Key,
			Day: said.One(b.Key + ".day"), Month: said.One(b.Key + ".month"), Year: said.One(b.Key + ".year"),
		}}
	case form.Short, form.Name, form.Line, form.Email, form.Phone, form.Postcode, form.Number, form.Year, form.People, form.PickHelps:
	}
	line := TextField{Ask: a, Name: b.Key, Value: value, Type: "text", Autocomplete: "off"}
	if b.of != "" {
		line.Width = WidthShort
	}
	return Field{Text: &line}
}

// typedFields are the fields that hold a worker's own words; those of agreements begin with agreedPrefix.
func typedFields() []string {
	return []string{
		reasonField, whereField, alsoField, aloneNoteField, goalsField, limitsField, leadHoursField, agreedWhoField, agreedWhatField,
		agreedWhenField, whomField,
	}
}

// allTyped is what a worker wrote that was not taken, to copy from; nil when there is none.
func (d *desk) allTyped(texts *Texts, r *http.Request) *TextArea {
	var said []string
	for _, field := range slices.Sorted(maps.Keys(r.PostForm)) {
		own := slices.Contains(typedFields(), field) || strings.HasPrefix(field, agreedPrefix)
		if value := strings.TrimSpace(r.PostForm.Get(field)); own && value != "" {
			said = append(said, value)
		}
	}
	if len(said) == 0 {
		return nil
	}
	return &TextArea{Ask: Ask{ID: reasonField, Label: texts.T("desk.typed")}, Name: reasonField, Value: strings.Join(said, "\n"), Rows: 4}
}
