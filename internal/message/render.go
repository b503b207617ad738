package message

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// render writes the message as the case stands now: what was erased is not told any more.
func (d *Delivery) render(ctx context.Context, now time.Time, m *casework.Message) (Mail, error) {
	if m.Kind == casework.MailWaiting {
		return d.waiting(ctx, now, *m)
	}
	dossier, err := d.Cases.Dossier(ctx, m.Case)
	if err != nil {
		return Mail{}, fmt.Errorf("read case: %w", err)
	}
	cover := Cover{Case: m.Case, ID: m.ID, ReplyTo: d.replyTo(dossier.Case.Area), Now: now}
	var letter Letter
	switch m.Kind {
	case casework.MailReceipt:
		letter, err = d.receipt(ctx, *m, &cover)
	case casework.MailSmokeTest:
		letter, err = d.smokeTest(dossier.Case, &cover)
	case casework.MailLead, casework.MailCoordinator, casework.MailLook, casework.MailUnseen, casework.MailReminder,
		casework.MailWaiting, casework.MailLate, casework.MailTask, casework.MailNews, casework.MailGlass, casework.MailUndelivered:
		letter, err = d.toWorker(ctx, now, m, dossier, &cover)
	}
	if err != nil {
		return Mail{}, err
	}
	return d.Writer.Write(cover, letter)
}

// receipt opens how the resident can be reached; without a safe address, or without what was erased, nothing is sent.
func (d *Delivery) receipt(ctx context.Context, m casework.Message, cover *Cover) (Letter, error) {
	report, _, err := d.Cases.Report(ctx, m.Case)
	if errors.Is(err, casework.ErrNotFound) || (err == nil && len(report.Contact) == 0) {
		return nil, errNoAddress
	}
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	contact, err := casework.OpenJSON[casework.Contact](ctx, d.Opener, casework.ForContact, m.Case, report.Contact)
	if err != nil {
		return nil, err
	}
	if cover.To = contact.UpdatesEmail(); cover.To == "" {
		return nil, errNoAddress
	}
	cover.Language, cover.Formal = contact.Language, d.Writer.municipality.Formal
	if u := contact.Updates; u != nil && u.To == casework.ToIntermediary { // a worker, like any other
		cover.Language, cover.Formal = fallback, false
	}
	letter := d.Writer.receiptOf(report, contact)
	if contact.LinkToken != "" && contact.Updates == nil { // the link is the resident's own
		letter.Link = d.Links.ResidentLink(contact.LinkToken, contact.Language)
	}
	return letter, nil
}

// smokeTest needs no worker: the test lead's address is the municipality's setting.
func (d *Delivery) smokeTest(c casework.Case, cover *Cover) (Letter, error) {
	if cover.To = d.TestLead; cover.To == "" {
		return nil, errNoAddress
	}
	return SmokeTest{Number: c.ID, Received: c.Reported}, nil
}

// toWorker finds the worker's address, or that of who stands in for them (G4); a worker who left has none.
func (d *Delivery) toWorker(ctx context.Context, now time.Time, m *casework.Message, dossier casework.Dossier, cover *Cover) (Letter, error) {
	people, err := d.Cases.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	letter, err := d.letter(now, *m, dossier, people)
	if err != nil {
		return nil, err
	}
	to := m.To
	if standIn := people.ActsFor(m.To, now); standIn != m.To && d.opens(now, standIn, dossier.Case, people) {
		to, m.StandIn, letter = standIn, standIn, InPlace{letter, people.Cards[m.To].Name}
	}
	cover.To, err = d.addressOf(now, to, people)
	return letter, err
}

// opens says whether a worker may open what a letter about a case leads to: a stand-in acts for a lead, and is on duty for
// nobody.
func (d *Delivery) opens(now time.Time, worker string, c casework.Case, people casework.People) bool {
	w, _ := people.Worker(worker)
	return c.MayRead(people.Reader(w, now), now)
}

// addressOf returns the address of a worker, or of whom the municipality named for when coordinators are silent;
// errNoAddress when there is none or the worker left.
func (d *Delivery) addressOf(now time.Time, worker string, people casework.People) (string, error) {
	if worker == casework.LastResort {
		return d.Writer.municipality.LastResort.Address, nil
	}
	w, _ := people.Worker(worker)
	address := people.Cards[worker].Email
	if !w.WorksOn(now) || address == "" {
		return "", errNoAddress
	}
	return address, nil
}

// waiting tells how many suspected reports wait, as of now. There is no case to read.
func (d *Delivery) waiting(ctx context.Context, now time.Time, m casework.Message) (Mail, error) {
	waiting, err := d.Cases.Quarantined(ctx)
	if err != nil {
		return Mail{}, fmt.Errorf("read what waits: %w", err)
	}
	if len(waiting) == 0 {
		return Mail{}, errObsolete
	}
	cover := Cover{Case: m.Case, ID: m.ID, ReplyTo: d.Writer.municipality.Sender.Address, Now: now}
	people, err := d.Cases.People(ctx)
	if err != nil {
		return Mail{}, fmt.Errorf("read people: %w", err)
	}
	if cover.To, err = d.addressOf(now, m.To, people); err != nil {
		return Mail{}, err
	}
	letter := Waiting{Number: len(waiting), Link: d.Links.QuarantineLink()}
	for _, q := range waiting {
		if q.Urgent {
			letter.Urgent++
		}
	}
	return d.Writer.Write(cover, letter)
}

// letter returns what a worker is told, or errObsolete when it is no longer so: the offer went to another, expired or
// was accepted, somebody looked, the deadline was met.
func (d *Delivery) letter(now time.Time, m casework.Message, dossier casework.Dossier, people casework.People) (Letter, error) {
	c := dossier.Case
	s := Summary{Number: c.ID, Area: d.areaName(c.Area), Priority: c.Priority, Link: d.Links.CaseLink(c.ID)}
	switch m.Kind {
	case casework.MailLead:
		due, ok := c.Deadline(casework.DueAccept)
		if ok && c.State == casework.Assigned && c.Lead == m.To && now.Before(due.At) {
			return Lead{s, due.At}, nil
		}
	case casework.MailCoordinator:
		due, ok := c.Deadline(casework.DueDecide)
		if ok && c.State == casework.Escalated && c.Coordinator == m.To {
			return Coordinator{s, whyEscalated(dossier.Events), due.At}, nil
		}
	case casework.MailLook:
		due, ok := c.Deadline(casework.DueLook)
		if ok && c.Look.Waiting() && slices.Contains(c.Look.Line[:c.Look.Asked], m.To) {
			return Look{s, due.At}, nil
		}
	case casework.MailUnseen:
		due, ok := c.Deadline(casework.DueLook)
		if ok && c.Look.Waiting() {
			return Unseen{s, due.At}, nil
		}
	case casework.MailReminder:
		if missed := missedBy(m.To, c, now); len(missed) > 0 {
			return Reminder{s, missed}, nil
		}
	case casework.MailLate:
		if missed := missedBy("", c, now); len(missed) > 0 {
			return Late{s, missed}, nil
		}
	case casework.MailTask:
		return taskLetter(s, m, c, cause(m, dossier))
	case casework.MailNews:
		return d.newsLetter(now, s, m, c, cause(m, dossier), people)
	case casework.MailGlass:
		ev := cause(m, dossier)
		w, _ := people.Worker(m.To)
		officer := slices.Contains(w.Roles, routing.PrivacyOfficer)
		if officer {
			s.Link = d.Links.OversightLink()
		}
		return Glass{s, people.Cards[ev.By].Name, ev.At, officer}, nil
	case casework.MailUndelivered:
		return d.undelivered(now, s, dossier, cause(m, dossier), people)
	case casework.MailReceipt, casework.MailSmokeTest, casework.MailWaiting:
		return nil, fmt.Errorf("message %s is about no case that a worker has", m.ID)
	}
	return nil, errObsolete
}

// newsLetter is for who has, or had, a part in a case. Who may not open it any more gets a link to a page of their own.
func (d *Delivery) newsLetter(
	now time.Time, s Summary, m casework.Message, c casework.Case, ev casework.Event, people casework.People,
) (Letter, error) {
	if ev.Kind == casework.EvPassed {
		s.Link = d.Links.AbsenceLink()
		return askedWhetherAway(News{Summary: s, Event: ev.Kind, Gone: true}, m.To, people, now)
	}
	worker, _ := people.Worker(m.To)
	worker.ID = m.To
	l := News{Summary: s, Event: ev.Kind, Gone: !c.MayRead(people.Reader(worker, now), now)}
	l.Led = ev.Kind == casework.EvHandedBack && m.To == ev.Was
	if l.Gone {
		l.Link = d.Links.Desk
	}
	if ev.Kind == casework.EvHandoverAccepted && c.Handover.To == "" && c.Handover.Talk.After(now) {
		l.Talk = c.Handover.Talk
	}
	return l, nil
}

// askedWhetherAway is for who did not answer in time (H6), or errObsolete when the desk knows already that they are away.
func askedWhetherAway(l News, worker string, people casework.People, now time.Time) (Letter, error) {
	w, _ := people.Worker(worker)
	if _, away := w.AwayUntil(now); away {
		return nil, errObsolete
	}
	return l, nil
}

// whyEscalated is why the case came to the coordinator the last time.
func whyEscalated(events []casework.Event) Why {
	reasons := map[casework.EventKind]Why{
		casework.EvEscalated: NobodyFree, casework.EvGivenBack: GivenBack, casework.EvPassed: NobodyAnswered,
		casework.EvHandedBack: HandedBack, casework.EvResubmitted: Resubmitted,
	}
	for _, ev := range slices.Backward(events) {
		if why, ok := reasons[ev.Kind]; ok && ev.To == casework.Escalated {
			return why
		}
	}
	return NobodyFree
}

// cause is the event that owes a message.
func cause(m casework.Message, dossier casework.Dossier) casework.Event {
	for _, ev := range dossier.Events {
		if strings.HasPrefix(m.ID, fmt.Sprintf("%04d-", ev.Version)) {
			return ev
		}
	}
	return casework.Event{}
}

// taskLetter asks for what an event put with somebody, or errObsolete when it stands with them no longer.
func taskLetter(s Summary, m casework.Message, c casework.Case, ev casework.Event) (Letter, error) {
	task := Task{Summary: s, Event: ev.Kind}
	dues := map[casework.EventKind]casework.DeadlineKind{
		casework.EvHandoverBegun: casework.DueHandover, casework.EvAnotherAsked: casework.DueAnother, casework.EvLost: casework.DueFind,
		casework.EvObjected: casework.DueAnother,
	}
	due, owed := c.Deadline(dues[ev.Kind])
	if ev.Kind == casework.EvInherited {
		due, owed = soonestOf(m.To, c)
		task.Running = c.Open()
	}
	task.Before = due.At
	asked := ev.Kind == casework.EvAsked && c.Open() && slices.Contains(c.Asked, m.To)
	if owed && (due.Owner == m.To || c.Handover.To == m.To) || asked ||
		ev.Kind == casework.EvReassigned && c.Owner() == m.To {
		return task, nil
	}
	return nil, errObsolete
}

// soonestOf is the first deadline that a worker owns; ok is false when there is none.
func soonestOf(worker string, c casework.Case) (soonest casework.Deadline, ok bool) {
	for _, due := range c.Pressing() {
		if due.Owner == worker && (!ok || due.At.Before(soonest.At)) {
			soonest, ok = due, true
		}
	}
	return soonest, ok
}

// missedBy lists the deadlines that went by, of a worker or, for "", of anybody. The new date of a broken promise is
// among them: nothing else is known of the old one.
func missedBy(worker string, c casework.Case, now time.Time) []casework.Deadline {
	return slices.DeleteFunc(c.Pressing(), func(d casework.Deadline) bool {
		return worker != "" && d.Owner != worker || now.Before(d.At) && d.Told == 0
	})
}

// areaName is the area's name, or its id when the municipality's file no longer has it.
func (d *Delivery) areaName(id string) string {
	if area, ok := d.Writer.municipality.Area(id); ok {
		return area.Name
	}
	return id
}

// replyTo is the working address of the area's team, or the sender's when there is no such team any more: a reply never
// goes into nothing.
func (d *Delivery) replyTo(area string) string {
	m := d.Writer.municipality
	if team, ok := m.TeamOf(area); ok {
		return team.ReplyTo
	}
	return m.Sender.Address
}
