package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// Takeover is one act on the cases that a worker leads or was offered. When the worker left the team, all of them go back
// to the coordinators, and nothing else waits for that worker any more; when the worker is ill or away, a coordinator hands
// chosen ones to other leads. It is stored as one row and worked off case by case: stopped anywhere, it goes on from there.
type Takeover struct {
	From    string // worker id
	By      string // Service, or the coordinator's worker id
	At      time.Time
	Command string     // random, of the coordinator's page: a second click does nothing
	Reason  Envelope   // the coordinator's words, sealed for routing: dispatch seals them anew for each case
	Cases   []HandedOn // by a coordinator
}

// HandedOn is one case of a list, and who becomes its lead.
type HandedOn struct {
	Case Reference
	To   string // worker id
	Told Way    // how the resident heard of it; "" while the case was only offered: they know of no lead
}

// SealedAs is what the reason is sealed for: no case, but the list.
func (t Takeover) SealedAs() Reference { return Reference("list-" + t.From) }

// Kept is a case that an act on a list left where it was, and why.
type Kept struct {
	Case Reference
	Why  Refusal
}

// Leaving is the act that a worker's leaving asks for.
func Leaving(worker string, now time.Time) Takeover {
	return Takeover{From: worker, By: Service, At: now}
}

// leftLately is for how many months after somebody left their list is looked at although they lead nothing: whatever else
// is in it has a deadline before that.
const leftLately = 1

// Leavers lists who does not work here any more, or takes no cases any more, and leads cases nevertheless or left lately.
func (p People) Leavers(now time.Time) []string {
	since := municipality.Local(now).AddDate(0, -leftLately, 0).Format(time.DateOnly)
	var left []string
	for _, w := range p.Workers {
		if !w.TakesCases(now) && w.Load > 0 || !w.WorksOn(now) && w.LeftOn >= since {
			left = append(left, w.ID)
		}
	}
	return left
}

// WaitsFor says whether the case cannot stay as it is when a worker leaves: they lead it or were offered it, it is on its
// way to them, or they own a deadline of it.
func (c *Case) WaitsFor(worker string) bool {
	owns := slices.ContainsFunc(c.Deadlines, func(d Deadline) bool { return d.Owner == worker && !d.looks() })
	return c.Bears() == worker || c.Open() && c.Handover.To == worker || owns
}

// Inherit has another coordinator do what was left to somebody who does not work here any more: find a lead, call who waits,
// decide, or see to it that a hand-off is confirmed. It is owed as soon as before.
func (c *Case) Inherit(a Act, from, coordinator string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvInherited, a); err != nil {
		return Event{}, err
	}
	ev := c.unmoved(a.event(EvInherited))
	ev.Subject, ev.Was = coordinator, from
	if c.Coordinator == from {
		c.Coordinator, c.Since = coordinator, ev.At
	}
	c.Deadlines = slices.Clone(c.Deadlines)
	for i := range c.Deadlines {
		due := &c.Deadlines[i]
		if due.Owner != from || due.looks() {
			continue
		}
		due.Owner, due.Told = coordinator, 0
		if !a.At.Before(due.Wake) {
			due.Wake = m.Due(a.At, workingDays(reminderEvery))
		}
	}
	return c.chain(ev)
}

// TakeOver works off an act on a list, and returns what it left where it was. A case that fails stops no other; done
// before, it does nothing.
func (w Work) TakeOver(ctx context.Context, now time.Time, t Takeover) ([]Kept, error) {
	people, err := w.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	var done worked
	if t.By == Service {
		err = w.handBackAll(ctx, now, t, people, &done)
	} else {
		err = w.handOnAll(ctx, now, t, people, &done)
	}
	return done.kept, errors.Join(append(done.failed, err)...)
}

// worked is how an act on a list went so far.
type worked struct {
	kept   []Kept
	failed []error
}

// add says how it went with a case.
func (d *worked) add(ref Reference, err error) {
	if refused, ok := errors.AsType[*TransitionError](err); ok {
		d.kept = append(d.kept, Kept{Case: ref, Why: refused.Why})
	} else if err != nil {
		d.failed = append(d.failed, fmt.Errorf("take over case %s: %w", ref, err))
	}
}

// handBackAll gives all that is in the list of a worker who left back to the coordinators.
func (w Work) handBackAll(ctx context.Context, now time.Time, t Takeover, people People, done *worked) error {
	if !slices.Contains(people.Leavers(now), t.From) {
		return nil // they came back
	}
	for after, more := "", true; more; more = after != "" {
		list, err := w.Store.Standing(ctx, t.From, after)
		if err != nil {
			return err
		}
		for _, listed := range list.Cases {
			done.add(listed.Case.ID, w.leave(ctx, now, t, listed.Case.ID))
		}
		after = list.Next
	}
	return nil
}

// leave has one case wait for who left no longer.
func (w Work) leave(ctx context.Context, now time.Time, t Takeover, ref Reference) error {
	for range maxTries {
		before, err := w.Store.Case(ctx, ref)
		if err != nil || !before.WaitsFor(t.From) {
			return err
		}
		coordinator, err := w.coordinator(ctx, now, before)
		if err != nil {
			return err
		}
		after := before
		act := Act{At: now, By: t.By, Command: fmt.Sprintf("take over %s v%d", ref, before.Version)}
		ev, err := w.left(&after, act, t.From, coordinator)
		if err != nil {
			return err
		}
		if err := w.Store.Save(ctx, w.change(before, after, ev, nil)); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return tooOften(ref)
}

// left is the move that a worker's leaving asks for.
func (w Work) left(c *Case, a Act, worker, coordinator string) (Event, error) {
	switch {
	case c.Bears() == worker:
		return c.HandBack(a, coordinator, w.Municipality)
	case c.Open() && c.Handover.To == worker:
		return c.EndHandover(a, w.Municipality)
	case coordinator == worker:
		return Event{}, c.refuse(EvInherited, NoSuchLead) // until there is another coordinator
	}
	return c.Inherit(a, worker, coordinator, w.Municipality)
}
