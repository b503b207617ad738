package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// Meetings: planned with place, moment and who comes, and recorded in one page.
const (
	actMeeting = "gesprek"
	actMissed  = "niet-doorgegaan"
	actMet     = "verslag"

	dateField      = "date"
	clockField     = "clock"
	placeField     = "place"
	whereField     = "where"
	comesField     = "comes"
	residentField  = "resident"
	cameField      = "came"
	alsoField      = "also"
	aloneField     = "alone"
	aloneNoteField = "alone_note"
	ownPlanField   = "own_plan"

	residentCame, helperCame = "resident", "helper" // who came

	agreedPrefix    = "agreed."
	agreedWhoField  = "agreed_who"
	agreedWhatField = "agreed_what"
	agreedWhenField = "agreed_when"
)

func (d *desk) meetingActs() []act {
	w := d.Work
	return []act{
		{
			name: actMeeting, kind: casework.EvPlanned, reads: true,
			asks: func(s scene) []blank { return s.planBlanks(true) },
			do:   func(ctx context.Context, k casework.Click, said filled) error { return w.Plan(ctx, k, said.meeting()) },
		},
		{name: actMissed, kind: casework.EvMissed, do: clicked(w.Missed)},
		{
			name: actMet, kind: casework.EvMet, reads: true, asks: scene.reportBlanks,
			do: func(ctx context.Context, k casework.Click, said filled) error {
				next := said.meeting()
				if said.One(residentField) == helperCame {
					return w.MetHelper(ctx, k, said.report(), next.At)
				}
				return w.Meet(ctx, k, said.report(), next.At)
			},
		},
	}
}

// planBlanks ask when, where and who comes; what was planned or answered before stands there already.
func (s scene) planBlanks(first bool) []blank {
	place := s.meeting.Place
	if place == "" {
		place = casework.Place(s.content.Answers.One(placeField))
	}
	when, at := day(dateField, waitsAtMost), clock(clockField, dateField)
	if first {
		when, at = when.must(), at.must()
	}
	if planned := s.c.Meeting; first && planned.After(s.now) {
		when.preset, at.preset = dayAndTime(planned)
	}
	where := choice(placeField, valuesOf(s.deskWords, placeField, casework.Places(), place))
	if first {
		where = where.must()
	}
	in := typing(whereField, form.Line)
	in.preset = s.meeting.Where
	asked := []blank{when, at, where, in}
	if who := s.expected(); len(who) > 0 {
		comes := s.meeting.Comes
		if s.meeting.At.IsZero() {
			comes = s.companions()
		}
		asked = append(asked, boxes(comesField, namesOf(who, comes)))
	}
	return asked
}

// dayAndTime says a moment as the fields of a form have it.
func dayAndTime(t time.Time) (date, clock string) {
	t = municipality.Local(t)
	return t.Format(time.DateOnly), t.Format("15.04")
}

// expected is who can be ticked: the resident's network, and a client supporter.
func (s scene) expected() []string {
	who := slices.Clone(s.network)
	for _, name := range append(slices.Clone(s.meeting.Comes), s.met.Also...) {
		if !slices.Contains(who, name) {
			who = append(who, name)
		}
	}
	if supporter := s.supporter(); !slices.Contains(who, supporter) {
		who = append(who, supporter)
	}
	return who
}

func (s scene) supporter() string { return s.texts.T("desk.field.comes.supporter") }

// companions is who comes along to the first meeting, as the resident said in the form.
func (s scene) companions() []string {
	answers := s.content.Answers
	said := wording{texts: s.texts, answers: answers}
	var names []string
	for _, helper := range answers.People("helpers") {
		if answers.Has("companion.helpers", strconv.Itoa(helper.Row)) {
			names = append(names, said.person("helpers", helper))
		}
	}
	for _, other := range answers.People("companion") {
		names = append(names, said.person("companion", other))
	}
	if answers.Has("companion", "supporter") {
		names = append(names, s.supporter())
	}
	return names
}

// reportBlanks ask what came of a meeting: who came, whether resident and lead spoke alone, what was agreed with the
// network first, and the next one. One that was planned may have been with a helper alone.
func (s scene) reportBlanks() []blank {
	var came []string
	alone := choice(aloneField, valuesOf(s.deskWords, aloneField, []string{"yes", "no"}, "")).must()
	var asked []blank
	if !s.c.Meeting.IsZero() {
		came = s.meeting.Comes
		asked = []blank{choice(residentField, valuesOf(s.deskWords, residentField, []string{residentCame, helperCame}, residentCame)).must()}
		alone.Required = &form.Condition{Key: residentField, In: []string{residentCame}}
	}
	asked = append(asked,
		boxes(cameField, namesOf(s.expected(), came)), typing(alsoField, form.Line), alone, typing(aloneNoteField, form.Story))
	asked = append(asked, s.agreementBlanks(nil)...)
	asked = append(asked, ticked(ownPlanField))
	return append(asked, s.planBlanks(false)...)
}

// agreementBlanks ask who does what and by when, for each person: the network first, then resident, lead and somebody else.
func (s scene) agreementBlanks(now []casework.Agreement) []blank {
	people := slices.Clone(s.network)
	for _, a := range now {
		if !slices.Contains(people, a.Who) {
			people = append(people, a.Who)
		}
	}
	for _, name := range []string{s.resident(), s.person(s.c.Lead)} {
		if !slices.Contains(people, name) {
			people = append(people, name)
		}
	}
	var asked []blank
	for i, name := range people[:min(len(people), form.MaxList)] {
		key := agreedPrefix + strconv.Itoa(i+1)
		what, when := typing(key, form.Line), typing(whenOf(key), form.Line)
		what.who, what.label = name, s.texts.T("desk.field.agreed.label", "Name", name)
		when.label = s.texts.T("desk.field.agreed.when", "Name", name)
		what.Required = &form.Condition{Key: when.Key}
		for _, a := range now {
			if a.Who == name {
				what.preset, when.preset = a.What, a.When
			}
		}
		asked = append(asked, what, when)
	}
	who, what, when := typing(agreedWhoField, form.Name), typing(agreedWhatField, form.Line), typing(agreedWhenField, form.Line)
	who.Required = &form.Condition{Any: []form.Condition{{Key: agreedWhatField}, {Key: agreedWhenField}}}
	what.Required = &form.Condition{Any: []form.Condition{{Key: agreedWhoField}, {Key: agreedWhenField}}}
	return append(asked, who, what, when)
}

// whenOf is the field of by when somebody does what a field says.
func whenOf(key string) string { return key + ".when" }

// resident is the call name of whose case it is.
func (s scene) resident() string {
	if name := s.content.Answers.One("call_name"); name != "" {
		return name
	}
	return s.person(casework.Resident)
}

// meeting is the meeting that was filled in; the zero value when none was.
func (f filled) meeting() casework.MeetingPlan {
	at := f.moment(dateField, clockField)
	if at.IsZero() {
		return casework.MeetingPlan{}
	}
	return casework.MeetingPlan{
		At: at.UTC(), Place: casework.Place(f.One(placeField)), Where: f.One(whereField), Comes: f.Answers[comesField],
	}
}

// report is what came of the meeting. Who came unannounced came with the resident, as the page asks.
func (f filled) report() casework.MeetingReport {
	r := casework.MeetingReport{
		Came: f.Answers[cameField], Alone: f.Has(aloneField, "yes"), AloneNote: f.One(aloneNoteField),
		Agreements: f.agreements(), OwnPlan: f.Has(ownPlanField, "yes"), Next: f.meeting(),
	}
	supporter := f.asked.scene.supporter()
	r.Companion = slices.ContainsFunc(r.Came, func(name string) bool { return name != supporter })
	if also := f.One(alsoField); also != "" {
		r.Also, r.Companion = []string{also}, true
	}
	return r
}

// agreements are those that were filled in, in the order of the page: the network's first.
func (f filled) agreements() []casework.Agreement {
	var agreed []casework.Agreement
	for _, b := range f.asked.blanks {
		if what := f.One(b.Key); b.who != "" && what != "" {
			agreed = append(agreed, casework.Agreement{Who: b.who, What: what, When: f.One(whenOf(b.Key))})
		}
	}
	if what := f.One(agreedWhatField); what != "" {
		agreed = append(agreed, casework.Agreement{Who: f.One(agreedWhoField), What: what, When: f.One(agreedWhenField)})
	}
	return agreed
}
