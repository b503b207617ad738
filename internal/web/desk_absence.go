package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

const (
	absencePath = "/desk/afwezig"
	fromValue   = "from"  // of an address: the first day of an absence
	actBack     = "terug" // of an absence: it ends

	fromField    = "from"
	toField      = "to"
	standInField = "stand_in"

	awayAtMost = 12 // months ahead
)

// absencePage is when a worker is away (G4), and the form for one more absence or another one instead.
type absencePage struct {
	Frame
	Heading  string
	Done     string
	Alert    *Alert // why nothing was changed, nil the first time
	Absences []absenceCard
	Ask      string // heads the form
	Hint     string
	Fields   []Field
	Act      absenceAct
}

type absenceCard struct {
	Days   string // "maandag 30 november tot en met vrijdag 4 december"
	Lines  []string
	Change string // address, "" where it is being changed
	End    absenceAct
}

// absenceAct is a form about somebody's absence. Mark tells which absences its page showed.
type absenceAct struct {
	Label, Action, Token, Mark string
}

// absenceDesk is a request about a worker's absences.
type absenceDesk struct {
	deskWords
	seat    seat
	of      routing.Worker
	instead string // first day of the absence that is changed or ended, "" for none
	marked  string
}

// ownAbsences leads to the worker's own page.
func (d *desk) ownAbsences(w http.ResponseWriter, r *http.Request, s seat) error {
	redirect(w, r, absencePath+"/"+s.worker.ID)
	return nil
}

// absenceOf reads whose absences a request is about; casework.ErrNotFound when they are not the reader's to change, or
// there is none that begins on the day in the address.
func (d *desk) absenceOf(r *http.Request, s seat) (absenceDesk, error) {
	v, err := d.words(s)
	if err != nil {
		return absenceDesk{}, err
	}
	a := absenceDesk{deskWords: v, seat: s, instead: r.PathValue(fromValue)}
	a.of, _ = s.people.Worker(r.PathValue(colleagueValue))
	if !s.setsAbsenceOf(a.of, v.now) {
		return absenceDesk{}, casework.ErrNotFound
	}
	a.marked, err = casework.AbsenceMark(a.of.Absent)
	return a, err
}

// changed is the absence that is being changed.
func (a absenceDesk) changed() (was routing.Absence, ok bool) {
	i := slices.IndexFunc(a.of.Absent, func(b routing.Absence) bool { return b.From == a.instead })
	if i < 0 {
		return routing.Absence{}, false
	}
	return a.of.Absent[i], true
}

func (a absenceDesk) path() string { return absencePath + "/" + a.of.ID }

// today is the day it is, as absences write it.
func (a absenceDesk) today() string { return municipality.Local(a.now).Format(time.DateOnly) }

// form asks from when until when, and who stands in. The first day of an absence that began is as it is.
func (a absenceDesk) form() actForm {
	was, changes := a.changed()
	from, to := day(fromField, awayAtMost).must(), day(toField, awayAtMost).must()
	from.preset, to.preset = was.From, was.To
	standIn := choice(standInField, a.standIns(was.StandIn)).must()
	standIn.list = true
	blanks := []blank{from, to, standIn}
	if changes && was.From < a.today() {
		blanks = blanks[1:]
	}
	return actForm{act: act{name: "afwezig"}, scene: scene{deskWords: a.deskWords, seat: a.seat}, blanks: blanks}
}

// standIns are those who take cases, of the same team first.
func (a absenceDesk) standIns(chosen string) []Option {
	var near, others []Option
	for _, w := range a.people.Workers {
		card := a.people.Cards[w.ID]
		o := Option{
			Value: w.ID, Checked: w.ID == chosen,
			Label: a.texts.T("desk.absence.option", "Name", card.Name, "Function", card.Function),
		}
		switch {
		case !w.TakesCases(a.now), w.ID == a.of.ID:
		case w.Team == a.of.Team:
			near = append(near, o)
		default:
			others = append(others, o)
		}
	}
	return append(near, others...)
}

// asked is the absence that was filled in.
func (a absenceDesk) asked(said filled) routing.Absence {
	was, _ := a.changed()
	asked := routing.Absence{From: was.From, StandIn: said.One(standInField)}
	if from, ok := said.Date(fromField); ok {
		asked.From = from.Format(time.DateOnly)
	}
	if to, ok := said.Date(toField); ok {
		asked.To = to.Format(time.DateOnly)
	}
	return asked
}

// page is the page of a worker's absences.
func (d *desk) absencePage(a absenceDesk, said filled, problems []ProblemLink) absencePage {
	own, f := a.of.ID == a.seat.worker.ID, said.asked
	p := absencePage{
		Frame: d.frame(a.texts, a.seat, a.texts.T("desk.absence.title"), ""), Heading: a.texts.T("desk.absence.own"),
		Ask: a.texts.T("desk.absence.new"), Hint: a.texts.T("desk.absence.hint"),
		Fields: f.fields(said, problems), Act: a.act(a.texts.T("desk.absence.save"), a.path()),
	}
	p.Back, p.Problems = teamPath, problems
	if !own {
		p.Heading = a.texts.T("desk.absence.of", "Name", a.person(a.of.ID))
		p.Ask = a.texts.T("desk.absence.new_of", "Name", a.person(a.of.ID))
	}
	if _, changes := a.changed(); changes {
		p.Ask, p.Back = a.texts.T("desk.absence.change"), a.path()
		p.Act = a.act(a.texts.T("desk.absence.save"), a.path()+"/"+a.instead)
	}
	for _, b := range a.of.Absent {
		if b.To >= a.today() {
			p.Absences = append(p.Absences, a.card(b, own))
		}
	}
	return p
}

func (a absenceDesk) act(label, path string) absenceAct {
	return absenceAct{Label: label, Action: path, Token: a.seat.token(path), Mark: a.marked}
}

func (a absenceDesk) card(b routing.Absence, own bool) absenceCard {
	c := absenceCard{Days: a.texts.T("desk.absence.days", "From", a.dayOf(b.From), "To", a.dayOf(b.To))}
	if b.StandIn != "" {
		c.Lines = []string{a.texts.T("desk.team.stand_in", "Name", a.person(b.StandIn))}
	}
	for _, w := range a.people.Workers { // for whom somebody else is to be found
		if slices.ContainsFunc(w.Absent, func(other routing.Absence) bool { return other.StandIn == a.of.ID && other.Meets(b) }) {
			c.Lines = append(c.Lines, a.texts.T("desk.absence.leaves", "Name", a.person(w.ID)))
		}
	}
	path := a.path() + "/" + b.From
	if b.From != a.instead {
		c.Change = path
	}
	key := "desk.absence.cancel"
	if b.From <= a.today() {
		key = "desk.absence.back"
		if own {
			key = "desk.absence.own_back"
		}
	}
	c.End = a.act(a.texts.T(key), path+"/"+actBack)
	return c
}

// dayOf says a day: "maandag 30 november".
func (a absenceDesk) dayOf(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return message.Day(t)
}

// askAbsence shows a worker's absences.
func (d *desk) askAbsence(w http.ResponseWriter, r *http.Request, s seat) error {
	a, err := d.absenceOf(r, s)
	if err != nil {
		return err
	}
	if _, there := a.changed(); a.instead != "" && !there {
		redirect(w, r, a.path())
		return nil
	}
	f := a.form()
	p := d.absencePage(a, f.preset(), nil)
	p.Done = a.done(r)
	return d.render(w, http.StatusOK, "absence", p)
}

// takeAbsence puts an absence down, or another one instead.
func (d *desk) takeAbsence(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	a, err := d.absenceOf(r, s)
	if err != nil {
		return err
	}
	f := a.form()
	said := f.parse(r.PostForm)
	asked := a.asked(said)
	problems := f.problems(said)
	if len(problems) == 0 && !slices.Contains(a.of.Absent, asked) { // what is so already is done
		problems = a.problems(asked)
	}
	if len(problems) > 0 {
		return d.render(w, http.StatusUnprocessableEntity, "absence", d.absencePage(a, said, problems))
	}
	return d.saveAbsence(w, r, a, said, casework.WithAbsence(a.of.Absent, asked, a.instead, a.now))
}

// problems lists what is wrong with an absence, in the order of the page.
func (a absenceDesk) problems(asked routing.Absence) []ProblemLink {
	var problems []ProblemLink
	for _, fault := range a.people.AbsenceFaults(a.of.ID, asked, a.instead, a.now) {
		field := toField + ".day"
		switch fault {
		case casework.AwayBefore:
			field = fromField + ".day"
		case casework.StandInSelf, casework.StandInCannot, casework.StandInAway:
			field = standInField
		case casework.AwayBackwards, casework.AwayTooLong, casework.AwayTwice:
		}
		problems = append(problems, ProblemLink{Field: field, Text: a.texts.T("desk.absence.fault." + string(fault))})
	}
	return problems
}

// endAbsence ends an absence: from today the worker is here.
func (d *desk) endAbsence(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	a, err := d.absenceOf(r, s)
	if err != nil {
		return err
	}
	ended := a.instead
	a.instead = ""
	return d.saveAbsence(w, r, a, a.form().preset(), casework.WithoutAbsence(a.of.Absent, ended, a.now))
}

// saveAbsence changes a worker's absences from what the page showed. Changed that way before is well too; changed otherwise
// since, the page shows how it is now, with what was filled in.
func (d *desk) saveAbsence(w http.ResponseWriter, r *http.Request, a absenceDesk, said filled, after []routing.Absence) error {
	err := error(nil)
	switch {
	case slices.Equal(a.of.Absent, after):
	case r.PostForm.Get(versionField) != a.marked:
		err = casework.ErrConflict
	default:
		by := casework.Audit{At: a.now, Worker: a.seat.worker.ID, Page: r.Pattern, About: a.of.ID}
		err = d.Store.SaveAbsence(r.Context(), a.of.ID, a.of.Absent, after, by)
	}
	if errors.Is(err, casework.ErrConflict) {
		p := d.absencePage(a, said, nil)
		p.Alert = &Alert{Heading: a.texts.T("desk.changed.title"), Lines: lines(a.texts.T("desk.changed.text")), Tone: Heed}
		return d.render(w, http.StatusConflict, "absence", p)
	}
	if err != nil {
		return err
	}
	redirect(w, r, a.path()+"?gedaan=afwezig")
	return nil
}
