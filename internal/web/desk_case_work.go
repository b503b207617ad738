package web

import (
	"context"
	"errors"
	"slices"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// What a case has become since the report: who thinks along, the meetings, the plan and the notes. It is read from the
// head and from what the events keep sealed.

// eventRecord is what an event wrote down, by its kind; the others are empty.
type eventRecord struct {
	Meeting casework.MeetingPlan
	Report  casework.MeetingReport
	Plan    casework.Plan
	Note    casework.Note
}

func (d *desk) unsealRecords(ctx context.Context, events []casework.Event) ([]eventRecord, error) {
	records := make([]eventRecord, len(events))
	for i, e := range events {
		r := &records[i]
		err := errors.Join(
			openRecord(ctx, d.Work.Opener, e, casework.EvPlanned, &r.Meeting),
			openRecord(ctx, d.Work.Opener, e, casework.EvMet, &r.Report),
			openRecord(ctx, d.Work.Opener, e, casework.EvMissed, &r.Report),
			openRecord(ctx, d.Work.Opener, e, casework.EvPlanWritten, &r.Plan),
			openRecord(ctx, d.Work.Opener, e, casework.EvNoted, &r.Note),
		)
		if err != nil {
			return nil, err
		}
	}
	return records, nil
}

// openRecord opens an event's record when the event is of a kind.
func openRecord[T any](ctx context.Context, opener casework.Opener, e casework.Event, kind casework.EventKind, into *T) (err error) {
	if e.Kind != kind || len(e.Record) == 0 {
		return nil
	}
	*into, err = casework.OpenJSON[T](ctx, opener, casework.ForContent, e.Case, e.Record)
	return err
}

// is says whether a reader is something to the case.
func (o opened) is(relation casework.Relation, s seat, at time.Time) bool {
	return slices.Contains(o.dossier.Case.Relations(s.reader(), at), relation)
}

// newest returns the index of the newest event that is one of those, -1 when there is none.
func (o opened) newest(those func(casework.Event) bool) int {
	for i, e := range slices.Backward(o.dossier.Events) {
		if those(e) {
			return i
		}
	}
	return -1
}

func of(kind casework.EventKind) func(casework.Event) bool {
	return func(e casework.Event) bool { return e.Kind == kind }
}

// writesReport says whether an event keeps what came of a meeting: with the resident, or with a helper alone.
func writesReport(e casework.Event) bool {
	return e.Kind == casework.EvMet || e.Kind == casework.EvMissed && len(e.Record) > 0
}

// planned is the meeting that was to come, or went by, before the i-th event; the zero value when there was none.
func (o opened) planned(i int) casework.MeetingPlan {
	for j, e := range slices.Backward(o.dossier.Events[:i]) {
		switch {
		case e.Kind == casework.EvPlanned:
			return o.records[j].Meeting
		case e.Kind == casework.EvMet, e.Kind == casework.EvMissed:
			return o.records[j].Report.Next
		case e.To == casework.ContactLost, !e.To.Open():
			return casework.MeetingPlan{}
		}
	}
	return casework.MeetingPlan{}
}

// held is when the meeting was that the i-th event wrote down: as planned, else when it was written down.
func (o opened) held(i int) time.Time {
	at := o.dossier.Events[i].At
	if planned := o.planned(i).At; !planned.IsZero() && !planned.After(at) {
		return planned
	}
	return at
}

// hold says that a case is not destroyed, whatever its term; nil for any other.
func (v deskWords) hold(c casework.Case) []Alert {
	if !c.Held.On() {
		return nil
	}
	return []Alert{{
		Heading: v.texts.T("desk.hold.title"), Lines: []string{v.texts.T("desk.hold.text", "Name", v.person(c.Held.By), "Since", v.date(c.Held.Since))},
		Tone: Quiet,
	}}
}

// ended says how a case ended, until when it can be taken up again, and when it is destroyed; nil while it is open.
func (v deskWords) ended(c casework.Case) []Alert {
	a := Alert{Tone: Quiet}
	switch {
	case !c.Confirmed.IsZero():
		a.Lines = []string{v.texts.T("desk.ended.confirmed", "Date", v.date(c.Confirmed))}
	case c.State == casework.Closed && v.now.After(c.ReopenUntil()):
		a.Lines = []string{v.texts.T("desk.ended.over")}
	case c.State == casework.Closed:
		a.Lines = []string{v.texts.T("desk.ended.reopen", "Until", v.date(c.ReopenUntil()))}
	case c.State == casework.Withdrawn:
		a.Lines = []string{v.texts.T("desk.ended.resubmit")}
	default:
		return nil
	}
	a.Heading = v.texts.T("desk.ended."+string(c.State), "Date", v.date(c.EndedAt))
	if until, kept := c.Kept(); kept {
		a.Lines = append(a.Lines, v.texts.T("desk.ended.kept", "Date", v.date(until)))
	}
	if due, owed := c.Deadline(casework.DueHandOff); owed {
		a.Tone = Heed
		a.Lines = append([]string{v.texts.T("desk.ended.owed", "Name", v.person(due.Owner), "Until", v.before(due.At))}, a.Lines...)
	}
	if c.Outcome != "" {
		a.Lines = append([]string{v.texts.T("desk.outcome." + string(c.Outcome))}, a.Lines...)
	}
	return []Alert{a}
}

// glass names who reads along for a while without a part in the case.
func (v deskWords) glass(c casework.Case) []Alert {
	var alerts []Alert
	for _, g := range c.Glass {
		if v.now.Before(g.Until) {
			alerts = append(alerts, Alert{
				Heading: v.texts.T("desk.glass.title", "Name", v.person(g.Worker)),
				Lines:   []string{v.texts.T("desk.glass.text", "Until", v.before(g.Until))}, Tone: Heed,
			})
		}
	}
	return alerts
}

// beside says what goes on around the lead: a handover, colleagues who think along, another lead who was asked for or
// whom routing would choose now.
func (v deskWords) beside(c casework.Case) []string {
	var said []string
	switch h := c.Handover; {
	case h.To == "" && c.Open() && h.Talk.After(v.now):
		said = append(said, v.texts.T("desk.beside.talk", "When", v.moment(h.Talk)))
	case h.To == "":
	case h.Talk.IsZero():
		said = append(said, v.texts.T("desk.beside.handover", "Name", v.person(h.To)))
	default:
		said = append(said, v.texts.T("desk.beside.handover_talk", "Name", v.person(h.To), "When", v.moment(h.Talk)))
	}
	for _, id := range c.Asked {
		said = append(said, v.texts.T("desk.beside.asked", "Name", v.person(id)))
	}
	if due, ok := c.Deadline(casework.DueAnother); ok {
		said = append(said, v.texts.T("desk.beside.another", "Name", v.person(due.Owner), "Until", v.before(due.At)))
	}
	if away := v.away(c.Owner()); away != "" {
		said = append(said, away)
	}
	if c.Suggested != "" {
		said = append(said, v.texts.T("desk.beside.suggested", "Name", v.person(c.Suggested)))
	}
	return said
}

// questions are what this worker, or whom they stand in for, was asked and did not answer yet.
func (v deskWords) questions(o opened, s seat) []string {
	var asked []string
	for i, e := range o.dossier.Events {
		to := e.Subject == s.worker.ID || slices.Contains(s.as.StandsInFor, e.Subject)
		if e.Kind == casework.EvAsked && to && slices.Contains(o.dossier.Case.Asked, e.Subject) {
			asked = append(asked, v.texts.T("desk.question", "Name", v.person(e.By), "Question", o.details[i].Reason))
		}
	}
	return asked[max(0, len(asked)-1):]
}

// tries are the tries to reach the resident since somebody last spoke with them, the newest first.
func (v deskWords) tries(c casework.Case) []string {
	var said []string
	for _, t := range slices.Backward(c.Tries) {
		said = append(said, v.texts.T("desk.way."+string(t.Way))+": "+v.moment(t.At))
	}
	return said
}

// meetingPart is a meeting, to come or past.
type meetingPart struct {
	Heading string
	Rows    []SummaryRow
}

// meeting is the next one, or the one that nobody wrote down yet; nil when there is none.
func (v deskWords) meeting(o opened) *meetingPart {
	c := o.dossier.Case
	if c.Meeting.IsZero() {
		return nil
	}
	p := &meetingPart{Heading: v.texts.T("desk.meeting.next")}
	if !c.Meeting.After(v.now) {
		p.Heading = v.texts.T("desk.meeting.over")
	}
	p.row(v, "when", v.moment(c.Meeting))
	if planned := o.planned(len(o.dossier.Events)); planned.At.Equal(c.Meeting) {
		p.row(v, "where", v.texts.T("desk.meeting.place."+string(planned.Place)), planned.Where)
		p.row(v, "comes", planned.Comes...)
	}
	return p
}

// met is what came of the last meeting; nil before the first. What was said alone stays with the lead; a coordinator sees
// that something does.
func (v deskWords) met(o opened, s seat) *meetingPart {
	i := o.newest(writesReport)
	if i < 0 {
		return nil
	}
	report := o.records[i].Report
	p := &meetingPart{Heading: v.texts.T("desk.meeting.last")}
	p.row(v, "when", v.moment(o.held(i)))
	if report.Absent {
		p.row(v, "resident", v.texts.T("desk.meeting.resident_no"))
	}
	p.row(v, "came", slices.Concat(report.Came, report.Also)...)
	for _, a := range report.Agreements {
		p.Rows = append(p.Rows, v.agreed(a))
	}
	if report.Alone {
		p.row(v, "alone", v.texts.T("desk.meeting.alone_yes"))
	}
	switch {
	case report.AloneNote == "":
	case o.is(casework.TheLead, s, v.now):
		p.row(v, "alone_note", report.AloneNote)
	case o.is(casework.ACoordinator, s, v.now):
		p.row(v, "alone_note", v.texts.T("desk.note.kept"))
	}
	return p
}

// row adds what was said, unless nothing was.
func (p *meetingPart) row(v deskWords, key string, said ...string) {
	said = slices.DeleteFunc(slices.Clone(said), func(line string) bool { return line == "" })
	if len(said) > 0 {
		p.Rows = append(p.Rows, SummaryRow{Key: v.texts.T("desk.meeting." + key), Lines: said})
	}
}

// agreed is who does what, and by when.
func (v deskWords) agreed(a casework.Agreement) SummaryRow {
	row := SummaryRow{Key: a.Who, Lines: []string{a.What}}
	if a.When != "" {
		row.Lines = append(row.Lines, v.texts.T("desk.plan.when", "When", a.When))
	}
	return row
}

// planSheet is the household's plan on one page: what should be better, and who does what, the network first.
type planSheet struct {
	Goals  []string
	Does   []SummaryRow
	Limits string // what helpers cannot do
	Lead   string // the lead's own part: how much, until when
	Since  string
	URL    string // its own page, to print
}

// plan is the newest plan; nil before the first.
func (v deskWords) plan(o opened) *planSheet {
	i := o.newest(of(casework.EvPlanWritten))
	if i < 0 {
		return nil
	}
	c, plan := o.dossier.Case, o.records[i].Plan
	sheet := &planSheet{
		Goals: plan.Goals, Limits: plan.Limits, Lead: plan.LeadHours,
		Since: v.date(o.dossier.Events[i].At), URL: casePath(c.ID) + "/" + planPath,
	}
	for _, a := range plan.Agreements {
		sheet.Does = append(sheet.Does, v.agreed(a))
	}
	if until, err := time.Parse(time.DateOnly, plan.LeadUntil); err == nil {
		sheet.Lead = v.texts.T("desk.plan.until", "Date", dateOf(v.texts, until))
		if plan.LeadHours != "" {
			sheet.Lead = v.texts.T("desk.plan.hours_until", "Hours", plan.LeadHours, "Date", dateOf(v.texts, until))
		}
	}
	return sheet
}

// note is a note, with whom it is for.
type note struct {
	Moment
	For Badge // empty for the team, whom every note is for
}

// notes are the notes that a reader may read, the newest first, and for a coordinator that there are others. Under a safety
// flag none is the household's.
func (v deskWords) notes(o opened, s seat) []note {
	var notes []note
	for i, e := range slices.Backward(o.dossier.Events) {
		if e.Kind != casework.EvNoted {
			continue
		}
		said := o.details[i].Reason
		switch {
		case o.readsNote(i, s, v.now):
		case o.is(casework.ACoordinator, s, v.now):
			said = v.texts.T("desk.note.kept")
		default:
			continue
		}
		n := note{Moment: v.at(e.At, said, v.person(e.By))}
		switch marked := o.records[i].Note; {
		case marked.For == casework.ForLead:
			n.For = Badge{Text: v.texts.T("desk.note.lead"), Tone: Quiet}
		case marked.For == casework.ForHousehold && !o.contact.Neutral && marked.Whom != "":
			n.For = Badge{Text: v.texts.T("desk.note.whom", "Name", marked.Whom), Tone: Good}
		case marked.For == casework.ForHousehold && !o.contact.Neutral: // before it was asked whom
			n.For = Badge{Text: v.texts.T("desk.note.household"), Tone: Good}
		}
		notes = append(notes, n)
	}
	return notes
}

// readsNote says whether a reader may read the note of the i-th event: one for the lead is the lead's and its writer's.
func (o opened) readsNote(i int, s seat, at time.Time) bool {
	return o.records[i].Note.For != casework.ForLead || o.dossier.Events[i].By == s.worker.ID || o.is(casework.TheLead, s, at)
}

// spoken are the events' details for the timeline: a note stands among the notes, for who may read it.
func (o opened) spoken() []eventDetail {
	details := slices.Clone(o.details)
	for i, e := range o.dossier.Events {
		if e.Kind == casework.EvNoted {
			details[i].Reason = ""
		}
	}
	return details
}

// date says a day with its year: "22 mei 2027".
func (v deskWords) date(t time.Time) string { return dateOf(v.texts, municipality.Local(t)) }
