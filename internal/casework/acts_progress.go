package casework

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Tried records a try to reach the resident, in a way that is safe.
func (w Work) Tried(ctx context.Context, k Click, way Way) error {
	contact, err := w.Contact(ctx, k.Case)
	if err != nil {
		return err
	}
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) {
		if !slices.Contains(contact.Ways(), way) {
			return Event{}, c.refuse(EvTried, NotSafe)
		}
		return c.Tried(a, way)
	})
}

// Contacted records that the lead spoke with the resident.
func (w Work) Contacted(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Contacted(a) })
}

// Plan plans a meeting, or plans it again.
func (w Work) Plan(ctx context.Context, k Click, p MeetingPlan) error {
	return w.do(ctx, k, said{record: p}, func(c *Case, a Act) (Event, error) { return c.Plan(a, p.At, w.Municipality) })
}

// Missed records that nobody came to a meeting.
func (w Work) Missed(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Missed(a, time.Time{}, w.Municipality) })
}

// MetHelper records a meeting that the resident did not come to, and a helper did; next is as Meet has it.
func (w Work) MetHelper(ctx context.Context, k Click, r MeetingReport, next time.Time) error {
	r.Absent = true
	return w.do(ctx, k, said{record: r}, func(c *Case, a Act) (Event, error) { return c.Missed(a, next, w.Municipality) })
}

// Meet records a meeting; next is the one that was agreed on there, zero for none.
func (w Work) Meet(ctx context.Context, k Click, r MeetingReport, next time.Time) error {
	return w.do(ctx, k, said{record: r}, func(c *Case, a Act) (Event, error) { return c.Meet(a, next, w.Municipality) })
}

// WritePlan keeps the household's plan as it is from now on.
func (w Work) WritePlan(ctx context.Context, k Click, p Plan) error {
	return w.do(ctx, k, said{record: p}, func(c *Case, a Act) (Event, error) { return c.WritePlan(a) })
}

// Conclude ends the inquiry.
func (w Work) Conclude(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Conclude(a, w.Municipality) })
}

// Start begins what the plan says.
func (w Work) Start(ctx context.Context, k Click, review time.Time) error {
	return w.do(ctx, k, said{record: Review{Level: Same, Next: review}}, func(c *Case, a Act) (Event, error) {
		return c.Start(a, review, w.Municipality)
	})
}

// Review records that the help was looked at again.
func (w Work) Review(ctx context.Context, k Click, r Review, reason string) error {
	return w.do(ctx, k, said{reason: reason, record: r}, func(c *Case, a Act) (Event, error) {
		return c.Review(a, r.Next, w.Municipality)
	})
}

// Dim leaves the help at a pilot light.
func (w Work) Dim(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason, record: Review{Level: StepDown}}, func(c *Case, a Act) (Event, error) {
		return c.Dim(a, w.Municipality)
	})
}

// StepUp makes more of the help again.
func (w Work) StepUp(ctx context.Context, k Click, review time.Time, reason string) error {
	return w.do(ctx, k, said{reason: reason, record: Review{Level: StepUp, Next: review}}, func(c *Case, a Act) (Event, error) {
		return c.StepUp(a, review, w.Municipality)
	})
}

// Lose records that the lead cannot reach the resident.
func (w Work) Lose(ctx context.Context, k Click) error {
	return w.withCoordinator(ctx, k, said{}, func(c *Case, a Act, coordinator string) (Event, error) {
		return c.Lose(a, coordinator, w.Municipality)
	})
}

// Find records that the resident was reached again.
func (w Work) Find(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Find(a, w.Municipality) })
}

// Waitlist puts the case on the coordinator's waiting list, with the date on which a lead is expected.
func (w Work) Waitlist(ctx context.Context, k Click, expected time.Time, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) {
		return c.Waitlist(a, expected, w.Municipality)
	})
}

// Called records that somebody called the resident who waits.
func (w Work) Called(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Called(a, w.Municipality) })
}

// Close ends the case with its outcome, which the reason explains; youth says whether youth care was part of it.
func (w Work) Close(ctx context.Context, k Click, outcome Outcome, youth bool, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.Close(a, outcome, youth, w.Municipality) })
}

// GiveUp ends a case whose resident cannot be reached, by another pair of eyes than its lead's.
func (w Work) GiveUp(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.GiveUp(a, w.Municipality) })
}

// Withdraw ends the case because the resident does not want it any more.
func (w Work) Withdraw(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.Withdraw(a, w.Municipality) })
}

// Reopen takes up a closed case again, with its former lead; when that one takes no cases any more, with whoever reopens
// it.
func (w Work) Reopen(ctx context.Context, k Click, reason string) error {
	people, err := w.Store.People(ctx)
	if err != nil {
		return err
	}
	err = w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) {
		lead := c.Lead
		if former, _ := people.Worker(lead); !former.TakesCases(k.At) {
			lead = k.By.Worker
		}
		return c.Reopen(a, lead, w.Municipality)
	})
	if errors.Is(err, ErrConfirmed) {
		return &TransitionError{Move: EvReopened, State: Closed, Why: IsConfirmed}
	}
	return err
}

// Resubmit takes up a withdrawn case again, in a coordinator's queue.
func (w Work) Resubmit(ctx context.Context, k Click, reason string) error {
	return w.withCoordinator(ctx, k, said{reason: reason}, func(c *Case, a Act, coordinator string) (Event, error) {
		return c.Resubmit(a, coordinator, w.Municipality)
	})
}

// Hold keeps the case from being destroyed, which the reason explains.
func (w Work) Hold(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.Hold(a, w.Municipality) })
}

// Release ends a hold.
func (w Work) Release(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.Release(a, w.Municipality) })
}
