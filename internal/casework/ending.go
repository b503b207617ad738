package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// Outcomes lists how a case may end from a state by being closed. One that is handed off ends by HandOff.
func Outcomes(from State) []Outcome {
	switch from {
	case Assigned, Escalated, Accepted:
		return []Outcome{OutOfArea}
	case InInquiry:
		return []Outcome{Advised, ApplicationFiled, OutOfArea}
	case Planning, Active, PilotLight:
		return []Outcome{Helped, Advised, ApplicationFiled, OutOfArea}
	case ContactLost:
		return []Outcome{NoContact}
	case Submitted, Waiting, MeetingPlanned, InHandover, Closed, Withdrawn, Merged, Destroyed, Rehearsed:
	}
	return nil
}

// Lose records that the lead cannot reach the resident, after three tries in two ways. Another pair of eyes decides
// whether the case ends.
func (c *Case) Lose(a Act, coordinator string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvLost, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvLost)
	c.stand(&ev, ContactLost, c.Lead, "")
	c.Meeting = time.Time{}
	c.dropDeadline(DueContact, DueInvite, DueRecord)
	c.setDeadline(DueFind, coordinator, m.Due(a.At, workingDays(findTerm)))
	ev.Subject = coordinator
	return c.chain(ev)
}

// Find records that the resident was reached again.
func (c *Case) Find(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvFound, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvFound)
	c.stand(&ev, Accepted, c.Lead, "")
	c.Tries = nil
	c.dropDeadline(DueFind, DueContact)
	c.setDeadline(DueInvite, c.Lead, inDays(m, a.At, inviteDays))
	c.wake(ev.From, a.At, m)
	return c.chain(ev)
}

// Close ends the case with its outcome; youth says whether youth care was part of it. What colleagues were asked ends with
// it.
func (c *Case) Close(a Act, outcome Outcome, youth bool, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvClosed, a); err != nil {
		return Event{}, err
	}
	if !slices.Contains(Outcomes(c.State), outcome) {
		return Event{}, c.refuse(EvClosed, NotSo)
	}
	ev := a.event(EvClosed)
	ev.Also = c.Asked
	c.Youth = youth
	c.end(&ev, Closed, outcome, m)
	return c.chain(ev)
}

// GiveUp ends a case whose resident cannot be reached, by a coordinator who does not lead it. Who does hears of it.
func (c *Case) GiveUp(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvGivenUp, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvGivenUp)
	ev.Also = append(slices.Clone(c.Asked), c.Lead)
	c.end(&ev, Closed, NoContact, m)
	return c.chain(ev)
}

// Withdraw ends the case because the resident does not want it any more.
func (c *Case) Withdraw(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvWithdrawn, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvWithdrawn)
	ev.Also = c.Asked
	c.end(&ev, Withdrawn, "", m)
	return c.chain(ev)
}

// end leaves nothing for anybody to do but, while the case is held, to say whether it still has to be. A case that ended
// keeps its last lead; one that had none, none.
func (c *Case) end(ev *Event, to State, outcome Outcome, m *municipality.Municipality) {
	lead := c.Lead
	c.Planned = c.Planned || slices.Contains([]State{Active, PilotLight}, c.State)
	c.stand(ev, to, lead, "")
	c.Outcome, c.EndedAt = outcome, ev.At
	c.Asked, c.Suggested, c.Meeting, c.Dimmed, c.Resume = nil, "", time.Time{}, time.Time{}, ""
	c.Deadlines = slices.DeleteFunc(slices.Clone(c.Deadlines), func(d Deadline) bool { return d.For != DueHold })
	c.keep(ev.By, m)
}

// Reopen takes up a closed case again, within half a year, with a lead: the former one, while they take cases.
func (c *Case) Reopen(a Act, lead string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvReopened, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvReopened)
	ev.Subject = lead
	c.Outcome, c.Youth, c.EndedAt = "", false, time.Time{}
	c.dropDeadline(DueHandOff)
	c.stand(&ev, Accepted, lead, "")
	c.setDeadline(DueContact, lead, m.Due(a.At, m.TermsOf(c.Priority).FirstContact))
	c.setDeadline(DueInvite, lead, inDays(m, a.At, inviteDays))
	c.setDeadline(DueInquiry, lead, inDays(m, a.At, inquiryDays))
	return c.chain(ev)
}

// ReopenUntil is until when a closed case can be taken up again.
func (c *Case) ReopenUntil() time.Time { return c.EndedAt.AddDate(0, reopenMonths, 0) }

// Resubmit takes up a withdrawn case again: it stands in a coordinator's queue.
func (c *Case) Resubmit(a Act, coordinator string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvResubmitted, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvResubmitted)
	c.EndedAt = time.Time{}
	c.queue(&ev, coordinator, m)
	c.setDeadline(DueContact, coordinator, m.Due(a.At, m.TermsOf(c.Priority).FirstContact))
	return c.chain(ev)
}
