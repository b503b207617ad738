package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// handOffFile is what the municipality's own case system gets of a case: schemas/2026-11/handoff.schema.json. What stays
// with the lead alone is not in it, nor what opens the resident's own page.
type handOffFile struct {
	Version      string             `json:"version"` // of the schema
	Municipality string             `json:"municipality"`
	Reference    casework.Reference `json:"reference"`
	Reported     time.Time          `json:"reported"`
	HandedOff    time.Time          `json:"handed_off"`
	Priority     string             `json:"priority"`
	Area         string             `json:"area"` // its id in the municipality's file
	Lead         handOffLead        `json:"lead"`
	Outcome      string             `json:"outcome"` // of the inquiry, in the lead's words
	Told         casework.Way       `json:"told"`    // how the resident heard that the municipality takes over
	Contact      handOffContact     `json:"contact"`
	Reports      []handOffReport    `json:"reports"` // the case's own, then what was added
	Meetings     []handOffMeeting   `json:"meetings"`
	Plan         *casework.Plan     `json:"plan"`
	Notes        []handOffSaid      `json:"notes"`
	History      []handOffHappening `json:"history"`
}

type handOffLead struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

type handOffContact struct {
	CallName     string             `json:"call_name"`
	Language     string             `json:"language"`
	Unsafe       bool               `json:"unsafe"` // a safety flag is up: only what is safe may be used
	ForOther     bool               `json:"for_other"`
	Channels     []casework.Channel `json:"channels"`
	When         string             `json:"when,omitempty"`
	LeaveMessage string             `json:"leave_message,omitempty"`
	Postcode     string             `json:"postcode,omitempty"`
	HouseNumber  string             `json:"house_number,omitempty"`
}

// handOffReport is a report by the keys of its form, and once more in the words in which it was asked.
type handOffReport struct {
	Reference casework.Reference `json:"reference"`
	Received  time.Time          `json:"received"`
	Path      form.Path          `json:"path"`
	Language  string             `json:"language"`
	EnteredBy string             `json:"entered_by,omitempty"` // a worker, who filled it in for the resident
	Answers   form.Answers       `json:"answers"`
	Questions []handOffQuestion  `json:"questions"` // those that were answered
}

type handOffQuestion struct {
	Question string   `json:"question"`
	Answer   []string `json:"answer"`
}

type handOffMeeting struct {
	At         time.Time            `json:"at"`
	Came       []string             `json:"came"`
	Companion  bool                 `json:"companion"` // somebody of the resident's own network came
	Absent     bool                 `json:"absent"`    // the resident did not come
	Alone      bool                 `json:"alone"`     // resident and lead also spoke with nobody else there
	OwnPlan    bool                 `json:"own_plan"`
	Agreements []casework.Agreement `json:"agreements"`
}

type handOffSaid struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

type handOffHappening struct {
	At     time.Time          `json:"at"`
	Kind   casework.EventKind `json:"kind"`
	By     string             `json:"by"`
	Text   string             `json:"text"`
	Reason string             `json:"reason,omitempty"`
}

// handOffVersion is the version of the file's schema.
const handOffVersion = "2026-11"

// handOffFile writes what is handed off of a case that was opened, with what was added to it.
func (d *desk) handOffFile(ctx context.Context, v deskWords, o opened) (handOffFile, error) {
	c := o.dossier.Case
	card := v.people.Cards[c.Lead]
	f := handOffFile{
		Version: handOffVersion, Municipality: v.municipality.ID, Reference: c.ID, Reported: c.Reported, Priority: c.Priority.String(),
		Area: c.Area, Lead: handOffLead{ID: c.Lead, Name: card.Name, Phone: card.Phone}, Contact: newHandOffContact(o.contact),
		Reports: []handOffReport{v.handOffReport(o)}, Meetings: []handOffMeeting{}, Notes: []handOffSaid{}, History: []handOffHappening{},
	}
	if i := o.newest(of(casework.EvPlanWritten)); i >= 0 {
		f.Plan = &o.records[i].Plan
	}
	for i, e := range o.dossier.Events {
		r := o.records[i]
		switch {
		case writesReport(e):
			f.Meetings = append(f.Meetings, newHandOffMeeting(o.held(i), r.Report))
		case e.Kind == casework.EvNoted && r.Note.For != casework.ForLead:
			f.Notes = append(f.Notes, handOffSaid{At: e.At, By: v.person(e.By), Text: o.details[i].Reason})
		}
		h := handOffHappening{At: e.At, Kind: e.Kind, By: v.person(e.By), Text: v.event(e, eventDetail{}).What}
		if tellsOfHelp(e.Kind) {
			h.Reason = o.details[i].Reason
		}
		f.History = append(f.History, h)
	}
	for _, added := range v.additions(o.dossier.Events) {
		report, err := d.addedReport(ctx, v, added.Number)
		if err != nil {
			return handOffFile{}, err
		}
		f.Reports = append(f.Reports, report)
	}
	return f, nil
}

// tellsOfHelp says whether the reason of an event is about the household's help. The others are about who leads the case.
func tellsOfHelp(kind casework.EventKind) bool {
	return slices.Contains([]casework.EventKind{
		casework.EvReviewed, casework.EvDimmed, casework.EvSteppedUp, casework.EvAsked, casework.EvAnswered, casework.EvReopened,
	}, kind)
}

func newHandOffContact(c casework.Contact) handOffContact {
	return handOffContact{
		CallName: c.CallName, Language: c.Language, Unsafe: c.Neutral, ForOther: c.ForOther, Channels: c.Channels, When: c.When,
		LeaveMessage: c.LeaveMessage, Postcode: c.Postcode, HouseNumber: c.HouseNumber,
	}
}

func newHandOffMeeting(at time.Time, r casework.MeetingReport) handOffMeeting {
	return handOffMeeting{
		At: at, Came: append([]string{}, slices.Concat(r.Came, r.Also)...), Companion: r.Companion, Absent: r.Absent,
		Alone: r.Alone, OwnPlan: r.OwnPlan,
		Agreements: append([]casework.Agreement{}, r.Agreements...),
	}
}

// handOffReport is the report of a case.
func (v deskWords) handOffReport(o opened) handOffReport {
	report := handOffReport{
		Reference: o.report.Reference, Received: o.report.Received, Path: o.content.Path, Language: o.content.Language,
		Answers: o.content.Answers, Questions: []handOffQuestion{},
	}
	if o.content.Entry != nil {
		report.EnteredBy = v.person(o.content.Entry.Worker)
	}
	for _, page := range newTold(v, o).asked() {
		for i, q := range page.Questions {
			if len(q.Answer) == 0 {
				continue
			}
			question := q.Title
			if question == "" || i > 0 && page.Questions[i-1].Title == "" { // or another way to answer that one
				question = page.Heading
			}
			report.Questions = append(report.Questions, handOffQuestion{Question: question, Answer: q.Answer})
		}
	}
	return report
}

// addedReport is a report that was added to the case. Its caller has written the audit row.
func (d *desk) addedReport(ctx context.Context, v deskWords, ref casework.Reference) (handOffReport, error) {
	report, err := d.Store.Sent(ctx, ref)
	if err != nil {
		return handOffReport{}, err
	}
	o := opened{file: file{report: report}}
	if o.content, err = casework.OpenJSON[casework.Content](ctx, d.Work.Opener, casework.ForContent, ref, report.Content); err != nil {
		return handOffReport{}, err
	}
	if o.asking, err = d.forms.of(ctx, o.content); err != nil {
		return handOffReport{}, err
	}
	return v.handOffReport(o), nil
}

// sheet is the file for people, as plain text: it opens everywhere, and can be copied from.
type sheet struct {
	v deskWords
	strings.Builder
}

func (s *sheet) heading(text string) { fmt.Fprintf(s, "\n%s\n", strings.ToUpper(text)) }

// line says one thing, or several below each other; nothing when there is nothing to say.
func (s *sheet) line(label string, said ...string) {
	said = slices.DeleteFunc(slices.Clone(said), func(text string) bool { return text == "" })
	if !strings.HasSuffix(label, "?") {
		label += ":"
	}
	switch len(said) {
	case 0:
	case 1:
		fmt.Fprintf(s, "%s %s\n", label, said[0])
	default:
		fmt.Fprintf(s, "%s\n  %s\n", label, strings.Join(said, "\n  "))
	}
}

func (s *sheet) row(key string, said ...string) { s.line(s.v.texts.T("desk.file."+key), said...) }

func (s *sheet) agreements(all []casework.Agreement) {
	for _, a := range all {
		s.line(a.Who, together(a.What, a.When))
	}
}

// together joins what belongs on one line.
func together(said ...string) string {
	return strings.Join(slices.DeleteFunc(said, func(text string) bool { return text == "" }), ", ")
}

// print writes the file for people.
func (f handOffFile) print(v deskWords) string {
	s := &sheet{v: v}
	fmt.Fprintf(s, "%s\n", v.texts.T("desk.file.title", "Number", string(f.Reference)))
	s.row("reported", v.date(f.Reported))
	s.row("handed_off", v.date(f.HandedOff))
	s.row("area", v.area(f.Area))
	s.row("lead", together(f.Lead.Name, f.Lead.Phone))
	s.row("outcome", f.Outcome)
	f.Contact.print(s)
	for _, r := range f.Reports {
		s.heading(v.texts.T("desk.file.report", "Number", string(r.Reference), "Date", v.date(r.Received)))
		s.row("entered_by", r.EnteredBy)
		for _, q := range r.Questions {
			s.line(q.Question, q.Answer...)
		}
	}
	for _, m := range f.Meetings {
		s.heading(v.texts.T("desk.file.meeting", "Date", v.date(m.At)))
		if m.Absent {
			s.row("resident", v.texts.T("desk.meeting.resident_no"))
		}
		s.row("came", together(m.Came...))
		s.agreements(m.Agreements)
	}
	if f.Plan != nil {
		s.heading(v.texts.T("desk.plan.heading"))
		s.line(v.texts.T("desk.plan.goals"), f.Plan.Goals...)
		s.agreements(f.Plan.Agreements)
		s.line(v.texts.T("desk.plan.limits"), f.Plan.Limits)
		s.line(v.texts.T("desk.plan.part"), together(f.Plan.LeadHours, f.Plan.LeadUntil))
	}
	if len(f.Notes) > 0 {
		s.heading(v.texts.T("desk.note.heading"))
	}
	for _, n := range f.Notes {
		s.line(together(v.date(n.At), n.By), n.Text)
	}
	s.heading(v.texts.T("desk.case.timeline"))
	for _, h := range f.History {
		s.line(together(v.date(h.At), h.By), strings.TrimSpace(h.Text+" "+h.Reason))
	}
	return s.String()
}

// print writes how to reach the resident, with what is safe beside each way (T01).
func (c handOffContact) print(s *sheet) {
	s.heading(s.v.texts.T("desk.file.contact"))
	if c.Unsafe {
		fmt.Fprintf(s, "%s\n", s.v.texts.T("desk.file.unsafe"))
	}
	s.row("call_name", c.CallName)
	for _, ch := range c.Channels {
		safe := s.v.texts.T("desk.safe.no")
		if ch.Safe {
			safe = s.v.texts.T("desk.safe.yes")
		}
		s.line(s.v.texts.T("desk.way."+string(ch.Way)), together(ch.Value, safe))
	}
	s.row("when", c.When)
	s.row("address", strings.TrimSpace(c.Postcode+" "+c.HouseNumber))
}
