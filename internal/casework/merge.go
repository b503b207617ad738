package casework

import (
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// unmergeTerm is how long the coordinator can take an addition back.
const unmergeTerm = 10 // working days

// Merge adds the case to the running case that was proposed: the same household. Only who leads both says so, and not
// while somebody still has to look first. The promise to the resident moves to the running case.
func (c *Case) Merge(a Act, into *Case) (mine, theirs Event, err error) {
	if err := c.may(EvMerged, a); err != nil {
		return mine, theirs, err
	}
	switch {
	case into.Lead != c.Lead:
		return mine, theirs, c.refuse(EvMerged, NotYours)
	case !into.State.Taken() || into.State == InHandover || into.State == ContactLost:
		return mine, theirs, c.refuse(EvMerged, AcceptFirst)
	case c.Proposed != into.ID:
		return mine, theirs, c.refuse(EvMerged, NotProposed)
	}
	promise, promised := c.Deadline(DueContact)
	mine = a.event(EvMerged)
	mine.Other = into.ID
	c.stand(&mine, Merged, c.Lead, "")
	c.Into, c.MergedAt, c.Deadlines = into.ID, a.At.UTC(), nil
	theirs = into.unmoved(a.bare().event(EvAdded))
	theirs.Other = c.ID
	if running, ok := into.Deadline(DueContact); promised && (!ok || promise.At.Before(running.At)) {
		into.setDeadline(DueContact, into.Owner(), promise.At)
	}
	if mine, err = c.chain(mine); err != nil {
		return mine, theirs, err
	}
	theirs, err = into.chain(theirs)
	return mine, theirs, err
}

// Apart says that the case is of another household than the one that was proposed; it goes to a new decision, made
// without the match.
func (c *Case) Apart(a Act, next routing.Decision, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvApart, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvApart)
	c.follow(&ev, next, m)
	return c.chain(ev)
}

// Unmerge takes an addition back within ten working days: the case stands in the coordinator's queue again.
func (c *Case) Unmerge(a Act, from *Case, m *municipality.Municipality) (mine, theirs Event, err error) {
	if err := c.may(EvUnmerged, a); err != nil {
		return mine, theirs, err
	}
	switch {
	case c.State != Merged || c.Into != from.ID:
		return mine, theirs, c.refuse(EvUnmerged, WrongState)
	case a.At.After(c.UnmergeBefore(m)):
		return mine, theirs, c.refuse(EvUnmerged, TooLate)
	}
	mine = a.event(EvUnmerged)
	mine.Other = from.ID
	c.queue(&mine, a.By, m)
	c.setDeadline(DueContact, c.Owner(), m.Due(a.At, m.TermsOf(c.Priority).FirstContact))
	c.Into, c.MergedAt = "", time.Time{}
	theirs = from.unmoved(a.bare().event(EvUnmerged))
	theirs.Other = c.ID
	if mine, err = c.chain(mine); err != nil {
		return mine, theirs, err
	}
	theirs, err = from.chain(theirs)
	return mine, theirs, err
}

// UnmergeBefore is until when an addition can be taken back.
func (c *Case) UnmergeBefore(m *municipality.Municipality) time.Time {
	return m.Due(c.MergedAt, municipality.Term{WorkingDays: unmergeTerm})
}
