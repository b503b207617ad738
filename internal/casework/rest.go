package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// A deadline rests while nobody can do what it asks for: the lead's own work while no lead has said yes, and what would
// move the case on while it is being handed over or its resident is out of reach. Nobody is reminded of it then; the state
// has a deadline of its own, which does not rest. What was promised to the resident never rests.

// rests says whether a deadline of a kind rests in this state.
func (s State) rests(kind DeadlineKind) bool {
	switch s {
	case Assigned, Escalated, Waiting:
		work := []DeadlineKind{DueInvite, DueRecord, DueInquiry, DueStart, DueReview, DueCheck, DueFind, DueHandOff}
		return slices.Contains(work, kind)
	case InHandover:
		return slices.Contains([]DeadlineKind{DueInquiry, DueStart, DueHandOff}, kind)
	case ContactLost:
		return kind == DueInquiry
	case Submitted, Accepted, MeetingPlanned, InInquiry, Planning, Active, PilotLight, Closed, Withdrawn, Merged, Destroyed, Rehearsed:
	}
	return false
}

// Pressing lists the deadlines that do not rest.
func (c *Case) Pressing() []Deadline {
	return slices.DeleteFunc(slices.Clone(c.Deadlines), func(d Deadline) bool { return c.State.rests(d.For) })
}

// wake gives what rested in a state, and went by meanwhile, a short term before anybody is reminded of it. When it was due
// stays as it was.
func (c *Case) wake(from State, at time.Time, m *municipality.Municipality) {
	c.Deadlines = slices.Clone(c.Deadlines)
	for i, d := range c.Deadlines {
		if from.rests(d.For) && !c.State.rests(d.For) && !at.Before(d.Wake) {
			c.Deadlines[i].Wake, c.Deadlines[i].Told = m.Due(at, workingDays(reminderEvery)), 0
		}
	}
}

// Stage is where the help stands: under a handover, where it goes on.
func (c *Case) Stage() State {
	if c.State == InHandover {
		return c.Resume
	}
	return c.State
}
