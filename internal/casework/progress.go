package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// expectMeeting begins the terms of a lead's work: a meeting within two weeks, and an outcome within six weeks of the
// report.
func (c *Case) expectMeeting(at time.Time, m *municipality.Municipality) {
	c.setDeadline(DueInvite, c.Owner(), inDays(m, at, inviteDays))
	c.setDeadline(DueInquiry, c.Owner(), inDays(m, c.Reported, inquiryDays))
}

// Tried records a try to reach the resident.
func (c *Case) Tried(a Act, way Way) (Event, error) {
	if err := c.may(EvTried, a); err != nil {
		return Event{}, err
	}
	c.Tries = append(slices.Clone(c.Tries), Try{Way: way, At: a.At.UTC()})
	ev := c.unmoved(a.event(EvTried))
	ev.Way = way
	return c.chain(ev)
}

// Contacted records that the lead spoke with the resident.
func (c *Case) Contacted(a Act) (Event, error) {
	if err := c.may(EvContacted, a); err != nil {
		return Event{}, err
	}
	c.dropDeadline(DueContact)
	c.Tries = nil
	return c.chain(c.unmoved(a.event(EvContacted)))
}

// Plan plans a meeting, or plans it again; the first one makes the case a meeting planned.
func (c *Case) Plan(a Act, at time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvPlanned, a); err != nil {
		return Event{}, err
	}
	if at.IsZero() || !comes(at, a.At) {
		return Event{}, c.refuse(EvPlanned, NoSuchDate)
	}
	ev := c.unmoved(a.event(EvPlanned))
	if c.State == Accepted {
		c.stand(&ev, MeetingPlanned, c.Lead, "")
	}
	if c.Resume == Accepted {
		c.Resume = MeetingPlanned
	}
	c.expect(at, m)
	return c.chain(ev)
}

// comes says whether a meeting may be planned then; zero is none.
func comes(next, now time.Time) bool {
	return next.IsZero() || next.After(now) && !next.After(now.AddDate(0, waitsAtMost, 0))
}

// expect sets the next meeting, and until when what came of it is written down.
func (c *Case) expect(at time.Time, m *municipality.Municipality) {
	c.Meeting = at.UTC()
	c.dropDeadline(DueInvite)
	c.setDeadline(DueRecord, c.Lead, m.Due(at, workingDays(recordTerm)))
}

// Missed records that the resident did not come: nobody did, or somebody of their network alone, which is no meeting with
// the resident. That is no end and no reason for one: somebody asks softly for another moment, unless it is there already
// (next).
func (c *Case) Missed(a Act, next time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvMissed, a); err != nil {
		return Event{}, err
	}
	if !comes(next, a.At) {
		return Event{}, c.refuse(EvMissed, NoSuchDate)
	}
	c.Meeting = time.Time{}
	c.dropDeadline(DueRecord)
	c.setDeadline(DueInvite, c.Lead, m.Due(a.At, workingDays(replanTerm)))
	if !next.IsZero() {
		c.expect(next, m)
	}
	return c.chain(c.unmoved(a.event(EvMissed)))
}

// Meet records a meeting, planned or not; next is the one that was agreed on there, zero for none. The first one begins
// the inquiry.
func (c *Case) Meet(a Act, next time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvMet, a); err != nil {
		return Event{}, err
	}
	if !comes(next, a.At) {
		return Event{}, c.refuse(EvMet, NoSuchDate)
	}
	ev := c.unmoved(a.event(EvMet))
	if c.State == Accepted || c.State == MeetingPlanned {
		c.stand(&ev, InInquiry, c.Lead, "")
	}
	if c.Resume == Accepted || c.Resume == MeetingPlanned {
		c.Resume = InInquiry
	}
	c.Met++
	c.Meeting, c.Tries = time.Time{}, nil
	c.dropDeadline(DueContact, DueInvite, DueRecord)
	if !next.IsZero() {
		c.expect(next, m)
	}
	return c.chain(ev)
}

// WritePlan keeps the household's plan as it is from now on.
func (c *Case) WritePlan(a Act) (Event, error) {
	if err := c.may(EvPlanWritten, a); err != nil {
		return Event{}, err
	}
	c.Planned = true
	return c.chain(c.unmoved(a.event(EvPlanWritten)))
}

// Conclude ends the inquiry: its outcome is there in writing, and a plan follows. What comes then begins here, or in the
// municipality's own case system.
func (c *Case) Conclude(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvConcluded, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvConcluded)
	c.stand(&ev, Planning, c.Lead, "")
	c.dropDeadline(DueInquiry, DueInvite)
	next := DueStart
	if m.Until == municipality.UntilHandOff {
		next = DueHandOff
	}
	c.setDeadline(next, c.Lead, m.Due(a.At, workingDays(startTerm)))
	return c.chain(ev)
}

// Start begins what the plan says; it is looked at again before review.
func (c *Case) Start(a Act, review time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.mayIn(m, EvStarted, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvStarted)
	c.stand(&ev, Active, c.Lead, "")
	c.dropDeadline(DueStart)
	return c.reviewBefore(EvStarted, ev, a.At, review, m)
}

// Review records that the help was looked at again, as a step up, a step down or neither; under a pilot light, that it
// still burns.
func (c *Case) Review(a Act, next time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvReviewed, a); err != nil {
		return Event{}, err
	}
	ev := c.unmoved(a.event(EvReviewed))
	if c.Stage() == PilotLight {
		return c.checkAfter(ev, a.At, m)
	}
	return c.reviewBefore(EvReviewed, ev, a.At, next, m)
}

// Dim leaves the help at a pilot light: the lead stays, and looks after three and six months.
func (c *Case) Dim(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvDimmed, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvDimmed)
	c.stand(&ev, PilotLight, c.Lead, "")
	c.dropDeadline(DueReview)
	return c.checkAfter(ev, a.At, m)
}

// StepUp makes more of the help again.
func (c *Case) StepUp(a Act, review time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvSteppedUp, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvSteppedUp)
	c.stand(&ev, Active, c.Lead, "")
	c.Dimmed = time.Time{}
	c.dropDeadline(DueCheck)
	return c.reviewBefore(EvSteppedUp, ev, a.At, review, m)
}

// reviewBefore sets when the help is looked at again: at most three months from now.
func (c *Case) reviewBefore(kind EventKind, ev Event, at, review time.Time, m *municipality.Municipality) (Event, error) {
	if !review.After(at) || review.After(inMonths(m, at, reviewMonths)) {
		return Event{}, c.refuse(kind, NoSuchDate)
	}
	c.setDeadline(DueReview, c.Lead, within(m, review))
	return c.chain(ev)
}

// checkAfter sets the next look at a pilot light: three months after it was dimmed, then six, and every three after that.
func (c *Case) checkAfter(ev Event, at time.Time, m *municipality.Municipality) (Event, error) {
	if c.Dimmed.IsZero() {
		c.Dimmed = at.UTC()
	}
	var next time.Time
	for months := checkMonths; !next.After(at); months += checkMonths {
		next = inMonths(m, c.Dimmed, months)
	}
	c.setDeadline(DueCheck, c.Lead, next)
	return c.chain(ev)
}
