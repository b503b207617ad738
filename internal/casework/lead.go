package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// After acceptance the lead changes in two ways only: a handover that the new lead accepts, or a coordinator's act with a
// reason. Either way the resident is told before; Event.Way says how.

// BeginHandover offers the case to another lead, warmly: the old lead stays lead until the new one accepted and the
// three of them have a date. talk is that date, zero when there is none yet; told is how the resident heard of it, and
// who, and why.
func (c *Case) BeginHandover(a Act, to routing.Worker, talk time.Time, told Way, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvHandoverBegun, a); err != nil {
		return Event{}, err
	}
	switch {
	case !to.TakesCases(a.At) || to.ID == c.Lead:
		return Event{}, c.refuse(EvHandoverBegun, NoSuchLead)
	case told == "":
		return Event{}, c.refuse(EvHandoverBegun, TellFirst)
	case !talk.IsZero() && !talk.After(a.At):
		return Event{}, c.refuse(EvHandoverBegun, NoSuchDate)
	}
	ev := a.event(EvHandoverBegun)
	c.Resume = c.State
	c.stand(&ev, InHandover, c.Lead, "")
	c.Handover = Handover{To: to.ID, Talk: utc(talk)}
	c.setDeadline(DueHandover, c.Lead, m.Due(a.At, workingDays(handoverTerm)))
	ev.Subject, ev.Way = to.ID, told
	return c.chain(ev)
}

// AcceptHandover makes the new lead the lead, where the case stood before. talk is the date of the three of them, zero
// for the one that stands.
func (c *Case) AcceptHandover(a Act, talk time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvHandoverAccepted, a); err != nil {
		return Event{}, err
	}
	if talk.IsZero() {
		talk = c.Handover.Talk
	}
	if talk.IsZero() {
		return Event{}, c.refuse(EvHandoverAccepted, NoSuchDate)
	}
	ev := a.event(EvHandoverAccepted)
	lead := c.Handover.To
	ev.Subject = lead
	c.resume(&ev, lead, m)
	c.Handover.Talk = utc(talk) // it is still to come
	return c.chain(ev)
}

// EndHandover leaves the case with its old lead: the new one cannot or left, or the old one need not.
func (c *Case) EndHandover(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvHandoverEnded, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvHandoverEnded)
	ev.Subject = c.Handover.To
	c.resume(&ev, c.Lead, m)
	return c.chain(ev)
}

// Object leaves the case with its old lead because the resident does not want the new one (F7). The coordinator finds
// another, or says why not.
func (c *Case) Object(a Act, coordinator string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvObjected, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvObjected)
	ev.Subject, ev.Also = c.Handover.To, []string{coordinator}
	c.resume(&ev, c.Lead, m)
	if !c.owes(DueAnother) {
		c.setDeadline(DueAnother, coordinator, m.Due(a.At, workingDays(anotherTerm)))
	}
	return c.chain(ev)
}

// resume puts the case back where it stood before the handover, with a lead.
func (c *Case) resume(ev *Event, lead string, m *municipality.Municipality) {
	to := c.Resume
	c.Resume, c.Handover = "", Handover{}
	c.dropDeadline(DueHandover)
	c.newLead(ev, to, lead)
	c.wake(InHandover, ev.At, m)
}

// newLead changes the lead of a case that was accepted. What was asked about the old one is answered by that.
func (c *Case) newLead(ev *Event, to State, lead string) {
	was := c.Lead
	c.stand(ev, to, lead, "")
	if lead != was {
		c.Suggested, c.Handover = "", Handover{}
		c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), func(id string) bool { return id == lead })
		c.dropDeadline(DueAnother, DueKeep)
	}
}

// Reassign is the coordinator's act: another lead at once. told is how the resident heard of it before.
func (c *Case) Reassign(a Act, to routing.Worker, told Way) (Event, error) {
	if err := c.may(EvReassigned, a); err != nil {
		return Event{}, err
	}
	switch {
	case !to.TakesCases(a.At) || to.ID == c.Lead:
		return Event{}, c.refuse(EvReassigned, NoSuchLead)
	case told == "":
		return Event{}, c.refuse(EvReassigned, TellFirst)
	}
	ev := a.event(EvReassigned)
	ev.Way = told
	c.newLead(&ev, c.State, to.ID)
	return c.chain(ev)
}

// HandBack puts a case whose lead cannot go on, because they leave the team, in a coordinator's queue. It goes on where it
// stood once it has a lead again.
func (c *Case) HandBack(a Act, coordinator string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvHandedBack, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvHandedBack)
	if c.State.Taken() && c.State != InHandover {
		c.Resume = c.State
	}
	if c.State == Assigned {
		c.GaveBack = append(slices.Clone(c.GaveBack), c.Lead)
	}
	ev.Subject = c.Handover.To
	for _, party := range []string{c.Handover.To, c.Lead} {
		left := a.By == Service && party == c.Lead
		if party != "" && party != a.By && !left {
			ev.Also = append(ev.Also, party)
		}
	}
	c.Handover, c.Suggested = Handover{}, ""
	c.dropDeadline(DueHandover, DueAnother, DueKeep)
	c.queue(&ev, coordinator, m)
	if !c.owes(DueContact) { // a person tells the resident; what was promised before stays
		c.setDeadline(DueContact, coordinator, m.Due(a.At, m.TermsOf(c.Priority).FirstContact))
	}
	return c.chain(ev)
}

// AskAnother records that another lead is needed: the resident asks for one, or the lead turns out to know these people.
// The coordinator finds one, or says why not.
func (c *Case) AskAnother(a Act, coordinator string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvAnotherAsked, a); err != nil {
		return Event{}, err
	}
	c.setDeadline(DueAnother, coordinator, m.Due(a.At, workingDays(anotherTerm)))
	ev := c.unmoved(a.event(EvAnotherAsked))
	ev.Subject = coordinator
	return c.chain(ev)
}

// RefuseAnother says that the lead stays, and why.
func (c *Case) RefuseAnother(a Act) (Event, error) {
	if err := c.may(EvAnotherRefused, a); err != nil {
		return Event{}, err
	}
	c.dropDeadline(DueAnother)
	return c.chain(c.unmoved(a.event(EvAnotherRefused)))
}

// Move records another area or life area. When the lead is none of those whom routing would choose from now, its choice is
// a proposal: the lead changes only when a person says so (E14), and somebody has to say whether. That another of them has
// less to do, or is there today, proposes nothing.
func (c *Case) Move(a Act, area string, d routing.Decision, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvMoved, a); err != nil {
		return Event{}, err
	}
	c.Area, c.Suggested = area, ""
	c.dropDeadline(DueKeep)
	fits := slices.ContainsFunc(d.Candidates, func(k routing.Candidate) bool {
		return k.Worker == c.Lead && k.Out != routing.OutInactive && k.Out != routing.OutExcluded
	})
	if !fits && d.Step != routing.StepCoordinator {
		c.Suggested = d.Winner
		c.oweKeep(a.At, m)
	}
	ev := c.unmoved(a.event(EvMoved))
	ev.Subject = c.Suggested
	return c.chain(ev)
}

// oweKeep asks whether the lead stays, of a proposal that nobody is asked about yet: those that an older release made had
// no deadline.
func (c *Case) oweKeep(at time.Time, m *municipality.Municipality) {
	if c.Suggested != "" && c.State.Taken() && !c.owes(DueKeep) {
		c.setDeadline(DueKeep, c.Lead, m.Due(at, workingDays(anotherTerm)))
	}
}

// Keep says that the lead stays although routing would choose another now.
func (c *Case) Keep(a Act) (Event, error) {
	if err := c.may(EvKept, a); err != nil {
		return Event{}, err
	}
	ev := c.unmoved(a.event(EvKept))
	ev.Subject, c.Suggested = c.Suggested, ""
	c.dropDeadline(DueKeep)
	return c.chain(ev)
}

// Note adds a note.
func (c *Case) Note(a Act) (Event, error) {
	if err := c.may(EvNoted, a); err != nil {
		return Event{}, err
	}
	return c.chain(c.unmoved(a.event(EvNoted)))
}

// Ask asks a colleague, or somebody of a partner, to think along. The lead stays the lead.
func (c *Case) Ask(a Act, colleague routing.Worker, share Share) (Event, error) {
	if err := c.may(EvAsked, a); err != nil {
		return Event{}, err
	}
	thinks := colleague.TakesCases(a.At) || colleague.WorksOn(a.At) && colleague.Aside() == routing.Partner
	if !thinks || colleague.ID == c.Lead || slices.Contains(c.Asked, colleague.ID) {
		return Event{}, c.refuse(EvAsked, NoSuchLead)
	}
	if !share.holds(colleague) {
		return Event{}, c.refuse(EvAsked, NoBasis)
	}
	c.Asked = append(slices.Clone(c.Asked), colleague.ID)
	ev := c.unmoved(a.event(EvAsked))
	ev.Subject = colleague.ID
	return c.chain(ev)
}

// Answer records what a colleague answered, who was asked to think along. That ends the asking.
func (c *Case) Answer(a Act) (Event, error) {
	if err := c.may(EvAnswered, a); err != nil {
		return Event{}, err
	}
	ev := c.unmoved(a.event(EvAnswered))
	c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), a.As.is)
	return c.chain(ev)
}

// EndAsk ends what a colleague was asked: from now on they cannot open the case any more.
func (c *Case) EndAsk(a Act, colleague string) (Event, error) {
	if err := c.may(EvAskEnded, a); err != nil {
		return Event{}, err
	}
	if !slices.Contains(c.Asked, colleague) {
		return Event{}, c.refuse(EvAskEnded, WrongState)
	}
	c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), func(id string) bool { return id == colleague })
	ev := c.unmoved(a.event(EvAskEnded))
	ev.Subject = colleague
	return c.chain(ev)
}

// BreakGlass lets a worker without a part in the case open it for a while. Its lead and the privacy officer hear of it at
// once.
func (c *Case) BreakGlass(a Act, privacy []string) (Event, error) {
	if err := c.may(EvGlassBroken, a); err != nil {
		return Event{}, err
	}
	g := Glass{Worker: a.By, Until: a.At.UTC().Add(glassLasts)}
	c.Glass = append(slices.DeleteFunc(slices.Clone(c.Glass), func(old Glass) bool {
		return old.Worker == a.By || !a.At.Before(old.Until)
	}), g)
	ev := c.unmoved(a.event(EvGlassBroken))
	ev.Subject, ev.Also = c.Owner(), privacy
	return c.chain(ev)
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}
