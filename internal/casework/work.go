package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// Work is what dispatch and desk do with cases: it loads, moves and saves, each act as one transaction.
type Work struct {
	Municipality *municipality.Municipality
	Store        Store
	Sealer       Sealer
	Opener       Opener
}

// maxTries bounds how often an act is tried again after somebody else was first.
const maxTries = 50

// StaleError means that the page an act came from showed an older version.
type StaleError struct{ Current Case }

// Error names the case's version.
func (e *StaleError) Error() string {
	return fmt.Sprintf("case %s is at version %d", e.Current.ID, e.Current.Version)
}

// Take makes a case of a report, with exactly one lead. Done before, it does nothing.
func (w Work) Take(ctx context.Context, now time.Time, ref Reference) error {
	report, taken, err := w.Store.Report(ctx, ref)
	if err != nil || taken {
		return err
	}
	referral, err := OpenJSON[Referral](ctx, w.Opener, ForRouting, ref, report.Routing)
	if err != nil {
		return err
	}
	command := "take " + string(ref)
	for range maxTries {
		d, people, err := w.choose(ctx, now, referral.Facts)
		if err != nil {
			return err
		}
		act, err := w.act(now, Service, command, ref, Detail{Decision: &d})
		if err != nil {
			return err
		}
		c, ev, err := Open(act, referral.Facts, d, w.Municipality)
		if err != nil {
			return err
		}
		err = w.Store.Save(ctx, w.change(Case{}, *c, ev, referral.Receipt, d.Routed, people))
		switch {
		case errors.Is(err, ErrConflict):
			return nil // the other wake-up was first
		case !errors.Is(err, ErrFull):
			return err
		}
	}
	return fmt.Errorf("take report %s: %w after %d tries", ref, ErrFull, maxTries)
}

// Accept makes the worker the lead. shown is the version on the page that the act came from.
func (w Work) Accept(ctx context.Context, now time.Time, ref Reference, r Reader, shown int, command string) error {
	return w.do(ctx, now, ref, r, shown, command, "", func(c *Case, a Act) (Event, error) { return c.Accept(a) })
}

// Looked records the first look.
func (w Work) Looked(ctx context.Context, now time.Time, ref Reference, r Reader, shown int, command string) error {
	return w.do(ctx, now, ref, r, shown, command, "", func(c *Case, a Act) (Event, error) { return c.Looked(a) })
}

// Contacted records that the lead spoke with the resident.
func (w Work) Contacted(ctx context.Context, now time.Time, ref Reference, r Reader, shown int, command string) error {
	return w.do(ctx, now, ref, r, shown, command, "", func(c *Case, a Act) (Event, error) { return c.Contacted(a) })
}

// Place gives a case in the queue to a worker, by a coordinator with a reason.
func (w Work) Place(ctx context.Context, now time.Time, ref Reference, r Reader, shown int, command, lead, reason string) error {
	people, err := w.Store.People(ctx)
	if err != nil {
		return err
	}
	worker, _ := people.Worker(lead)
	return w.do(ctx, now, ref, r, shown, command, reason, func(c *Case, a Act) (Event, error) {
		if !r.Coordinator {
			return Event{}, c.refuse(EvPlaced, NotYours)
		}
		return c.Place(a, worker, strings.TrimSpace(reason), w.Municipality)
	})
}

// GiveBack moves an offer on: to the next candidate, or the coordinator when there is none.
func (w Work) GiveBack(ctx context.Context, now time.Time, ref Reference, r Reader, shown int, command, reason string) error {
	reason = strings.TrimSpace(reason)
	for range maxTries {
		before, err := w.shown(ctx, ref, r, shown, command)
		if err != nil || before == nil {
			return err
		}
		ch, err := w.givenBack(ctx, now, *before, r.Worker, command, reason)
		if err != nil {
			return err
		}
		if err = w.Store.Save(ctx, ch); !errors.Is(err, ErrFull) && !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("give back case %s: %w after %d tries", ref, ErrConflict, maxTries)
}

// givenBack is the change of an offer that is given back; the next lead is none of those who had it before.
func (w Work) givenBack(ctx context.Context, now time.Time, before Case, by, command, reason string) (Change, error) {
	if err := before.mayGiveBack(by, reason); err != nil {
		return Change{}, err
	}
	report, _, err := w.Store.Report(ctx, before.ID)
	if err != nil {
		return Change{}, err
	}
	referral, err := OpenJSON[Referral](ctx, w.Opener, ForRouting, before.ID, report.Routing)
	if err != nil {
		return Change{}, err
	}
	facts := referral.Facts
	facts.Excluded = slices.Concat(facts.Excluded, before.GaveBack, []string{by})
	d, people, err := w.choose(ctx, now, facts)
	if err != nil {
		return Change{}, err
	}
	act, err := w.act(now, by, command, before.ID, Detail{Reason: reason, Decision: &d})
	if err != nil {
		return Change{}, err
	}
	after := before
	ev, err := after.GiveBack(act, reason, d, w.Municipality)
	return w.change(before, after, ev, false, d.Routed, people), err
}

// Overdue does what the case's deadlines ask for at now: silence never wins. Done before, it does nothing.
func (w Work) Overdue(ctx context.Context, now time.Time, ref Reference) error {
	for range maxTries {
		before, err := w.Store.Case(ctx, ref)
		if err != nil {
			return err
		}
		due, ok := before.Next()
		if !ok || now.Before(due.Wake) {
			return nil
		}
		act := Act{At: now, By: Service, Command: fmt.Sprintf("%s %s v%d", due.For, ref, before.Version)}
		coordinator, people, err := w.coordinator(ctx, now, before)
		if err != nil {
			return err
		}
		after := before
		var ev Event
		switch due.For {
		case DueAccept:
			ev, err = after.Pass(act, coordinator, w.Municipality)
		case DueLookNext:
			ev, err = after.LookNext(act, coordinator)
		case DueDecide, DueContact, DueLook:
			ev, err = after.Remind(act, due.For, w.Municipality)
		}
		if err != nil {
			return err
		}
		err = w.Store.Save(ctx, w.change(before, after, ev, false, false, people))
		if err != nil && !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("case %s: %w after %d tries", ref, ErrConflict, maxTries)
}

// do is one worker's act on the version that was shown.
func (w Work) do(ctx context.Context, now time.Time, ref Reference, r Reader, shown int, command, reason string, move func(*Case, Act) (Event, error)) error {
	before, err := w.shown(ctx, ref, r, shown, command)
	if err != nil || before == nil {
		return err
	}
	act := Act{At: now, By: r.Worker, Command: command}
	if reason != "" {
		if act, err = w.act(now, r.Worker, command, ref, Detail{Reason: reason}); err != nil {
			return err
		}
	}
	after := *before
	ev, err := move(&after, act)
	if err != nil {
		return err
	}
	err = w.Store.Save(ctx, w.change(*before, after, ev, false, false, People{}))
	if errors.Is(err, ErrConflict) {
		_, err = w.shown(ctx, ref, r, shown, command)
	}
	return err
}

// shown returns the case when it still is at the version that the worker saw, nil when this very command was done
// before, *StaleError when somebody changed it, and ErrNotFound when the worker may not see it.
func (w Work) shown(ctx context.Context, ref Reference, r Reader, shown int, command string) (*Case, error) {
	d, err := w.Store.Dossier(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !d.Case.MayRead(r) && !d.did(command, r.Worker) {
		return nil, ErrNotFound
	}
	switch {
	case d.did(command, r.Worker):
		return nil, nil
	case d.Case.Version != shown:
		return nil, &StaleError{Current: d.Case}
	}
	return &d.Case, nil
}

func (d Dossier) did(command, by string) bool {
	for _, ev := range d.Events {
		if ev.Command == command && ev.By == by {
			return true
		}
	}
	return false
}

func (w Work) choose(ctx context.Context, now time.Time, f routing.Facts) (routing.Decision, People, error) {
	people, err := w.Store.People(ctx)
	if err != nil {
		return routing.Decision{}, People{}, err
	}
	d, err := routing.Choose(routing.Inputs{
		Facts: f, Municipality: w.Municipality, Rules: w.Municipality.Rules,
		Workers: people.Workers, Roster: people.Roster, Now: now,
	})
	if err != nil {
		return routing.Decision{}, People{}, fmt.Errorf("choose lead of case %s: %w", f.CaseID, err)
	}
	return d, people, nil
}

// act seals the detail of an act with the case's content.
func (w Work) act(now time.Time, by, command string, ref Reference, detail Detail) (Act, error) {
	sealed, err := SealJSON(w.Sealer, ForContent, ref, detail)
	return Act{At: now, By: by, Command: command, Detail: sealed}, err
}

// change is the whole write of one act: loads follow from who led before and who leads after. routed: the new lead must
// have room.
func (w Work) change(before, after Case, ev Event, receipt, routed bool, people People) Change {
	ch := Change{Case: after, Event: ev, Messages: after.Owes(ev, receipt)}
	if before.Lead == after.Lead {
		return ch
	}
	if before.Lead != "" {
		ch.Loads = append(ch.Loads, Load{Worker: before.Lead, Points: -before.Weight})
	}
	if after.Lead != "" {
		l := Load{Worker: after.Lead, Points: after.Weight}
		if lead, ok := people.Worker(after.Lead); ok && routed {
			room := lead.Capacity(w.Municipality.PointsPerHour) - after.Weight
			l.Room = &room
		}
		ch.Loads = append(ch.Loads, l)
	}
	return ch
}

// coordinator is whose queue the case goes to when nobody takes it.
func (w Work) coordinator(ctx context.Context, now time.Time, c Case) (string, People, error) {
	people, err := w.Store.People(ctx)
	if err != nil {
		return "", People{}, err
	}
	d, err := routing.Queue(routing.Inputs{
		Facts:        routing.Facts{CaseID: string(c.ID), Area: c.Area, Priority: c.Priority},
		Municipality: w.Municipality, Rules: w.Municipality.Rules,
		Workers: people.Workers, Roster: people.Roster, Now: now,
	})
	if err != nil {
		return "", People{}, fmt.Errorf("find coordinator of case %s: %w", c.ID, err)
	}
	return d.Winner, people, nil
}
