package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// The waiting list is a coordinator's: a case on it has no lead, a date when one is expected, and somebody calls the
// resident every month.

// waitsAtMost bounds how far away the date may be that a lead is expected on.
const waitsAtMost = 12 // months

// Waitlist puts the case on the waiting list of the coordinator who does so, or for whom somebody stands in who does.
func (c *Case) Waitlist(a Act, expected time.Time, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvWaitlisted, a); err != nil {
		return Event{}, err
	}
	if !expected.After(a.At) || expected.After(a.At.AddDate(0, waitsAtMost, 0)) {
		return Event{}, c.refuse(EvWaitlisted, NoSuchDate)
	}
	ev := a.event(EvWaitlisted)
	if c.State == Assigned && c.Lead != a.By {
		ev.Also = []string{c.Lead}
	}
	keeper := a.By
	if i := slices.IndexFunc(a.As.StandsInFor, c.waitsForCoordinator); i >= 0 && !a.As.Coordinator {
		keeper = a.As.StandsInFor[i]
	}
	c.stand(&ev, Waiting, "", keeper)
	c.setDeadline(DuePlace, keeper, within(m, expected))
	c.setDeadline(DueCall, keeper, inMonths(m, a.At, callMonths))
	return c.chain(ev)
}

// Called records that somebody called the resident who waits.
func (c *Case) Called(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvCalled, a); err != nil {
		return Event{}, err
	}
	c.setDeadline(DueCall, c.Owner(), inMonths(m, a.At, callMonths))
	c.dropDeadline(DueContact)
	return c.chain(c.unmoved(a.event(EvCalled)))
}
