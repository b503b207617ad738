package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/routing"
)

// Click is one act that a worker sends from a page.
type Click struct {
	At      time.Time
	Case    Reference
	By      Reader
	Shown   int    // the case's version on the page
	Command string // random, of the page: a second click does nothing
}

// Accept makes the worker the lead.
func (w Work) Accept(ctx context.Context, k Click) error {
	return w.do(ctx, k, "", func(c *Case, a Act) (Event, error) { return c.Accept(a) })
}

// Looked records the first look.
func (w Work) Looked(ctx context.Context, k Click) error {
	return w.do(ctx, k, "", func(c *Case, a Act) (Event, error) { return c.Looked(a) })
}

// Contacted records that the lead spoke with the resident.
func (w Work) Contacted(ctx context.Context, k Click) error {
	return w.do(ctx, k, "", func(c *Case, a Act) (Event, error) { return c.Contacted(a) })
}

// Place gives a case in the queue to a worker, by a coordinator with a reason.
func (w Work) Place(ctx context.Context, k Click, lead, reason string) error {
	people, err := w.Store.People(ctx)
	if err != nil {
		return err
	}
	worker, _ := people.Worker(lead)
	return w.do(ctx, k, strings.TrimSpace(reason), func(c *Case, a Act) (Event, error) {
		if !k.By.Coordinator {
			return Event{}, c.refuse(EvPlaced, NotYours)
		}
		return c.Place(a, worker, strings.TrimSpace(reason), w.Municipality)
	})
}

// GiveBack moves an offer on: to the next candidate, or the coordinator when there is none. conflict: the worker knows
// these people and must not have a case of theirs again.
func (w Work) GiveBack(ctx context.Context, k Click, reason string, conflict bool) error {
	reason = strings.TrimSpace(reason)
	may := func(c *Case) error { return c.mayGiveBack(k.By.Worker, reason, k.At) }
	return w.again(ctx, k, may, []string{k.By.Worker}, func(c Case, r rerouting) (Change, error) {
		act, err := w.act(k, reason, r.decision)
		if err != nil {
			return Change{}, err
		}
		after := c
		ev, err := after.GiveBack(act, reason, r.decision, w.Municipality)
		ch := w.change(c, after, ev, r.room)
		if conflict {
			ch.Conflict = Conflict{Worker: k.By.Worker, Traits: r.hashes}
		}
		return ch, err
	})
}

// Apart says that the case is of another household than the one that was proposed, and routes it anew.
func (w Work) Apart(ctx context.Context, k Click) error {
	may := func(c *Case) error { return c.mayPart(k.By.Worker, k.At) }
	return w.again(ctx, k, may, nil, func(c Case, r rerouting) (Change, error) {
		act, err := w.act(k, "", r.decision)
		if err != nil {
			return Change{}, err
		}
		after := c
		ev, err := after.Apart(act, r.decision, w.Municipality)
		return w.change(c, after, ev, r.room), err
	})
}

// Merge adds the case to the running case that was proposed: the same household.
func (w Work) Merge(ctx context.Context, k Click) error {
	return w.both(ctx, k, func(c *Case) Reference { return c.Proposed }, func(c, other *Case, a Act) (Event, Event, error) {
		return c.Merge(a, other)
	})
}

// Unmerge takes an addition back, by a coordinator with a reason.
func (w Work) Unmerge(ctx context.Context, k Click, reason string) error {
	reason = strings.TrimSpace(reason)
	return w.both(ctx, k, func(c *Case) Reference { return c.Into }, func(c, other *Case, a Act) (Event, Event, error) {
		switch {
		case !k.By.Coordinator:
			return Event{}, Event{}, c.refuse(EvUnmerged, NotYours)
		case reason == "":
			return Event{}, Event{}, c.refuse(EvUnmerged, NoReason)
		}
		sealed, err := SealJSON(w.Sealer, ForContent, c.ID, reason)
		if err != nil {
			return Event{}, Event{}, err
		}
		a.Reason = sealed
		return c.Unmerge(a, other, w.Municipality)
	})
}

// do is one worker's act on the version that was shown. reason is sealed with the content.
func (w Work) do(ctx context.Context, k Click, reason string, move func(*Case, Act) (Event, error)) error {
	act := Act{At: k.At, By: k.By.Worker, Command: k.Command}
	if reason != "" {
		var err error
		if act.Reason, err = SealJSON(w.Sealer, ForContent, k.Case, reason); err != nil {
			return err
		}
	}
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		after := before
		ev, err := move(&after, act)
		return []Change{w.change(before, after, ev, nil)}, err
	})
}

// both is one act that changes the case and another one, or neither.
func (w Work) both(ctx context.Context, k Click, other func(*Case) Reference, move func(c, other *Case, a Act) (mine, theirs Event, err error)) error {
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		if other(&before) == "" {
			return nil, before.refuse(EvMerged, NotProposed)
		}
		beside, err := w.Store.Case(ctx, other(&before))
		if err != nil {
			return nil, err
		}
		after, besideAfter := before, beside
		mine, theirs, err := move(&after, &besideAfter, Act{At: k.At, By: k.By.Worker, Command: k.Command})
		if err != nil {
			return nil, err
		}
		return []Change{w.change(before, after, mine, nil), w.change(beside, besideAfter, theirs, nil)}, nil
	})
}

// onShown stores what a worker's act does to the case as it was shown. What else the act touches, loads or a case
// beside it, may have changed meanwhile: then it is worked out again.
func (w Work) onShown(ctx context.Context, k Click, act func(before Case) ([]Change, error)) error {
	for range maxTries {
		before, err := w.shown(ctx, k)
		if err != nil || before == nil {
			return err
		}
		changes, err := act(*before)
		if err != nil {
			return err
		}
		if err = w.Store.Save(ctx, changes...); !errors.Is(err, ErrConflict) && !errors.Is(err, ErrFull) {
			return err
		}
	}
	return fmt.Errorf("act on case %s: %w after %d tries", k.Case, ErrConflict, maxTries)
}

// rerouting is a new decision about a case, with what finds its kin.
type rerouting struct {
	decision routing.Decision
	room     *int
	hashes   []string // of its traits
}

// again decides anew about an offer. Nothing is opened before the worker may do it.
func (w Work) again(ctx context.Context, k Click, may func(*Case) error, without []string, change func(Case, rerouting) (Change, error)) error {
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		if err := may(&before); err != nil {
			return nil, err
		}
		r, err := w.reroute(ctx, k.At, before, without)
		if err != nil {
			return nil, err
		}
		ch, err := change(before, r)
		return []Change{ch}, err
	})
}

// reroute decides again, without the match that was proposed, everybody who gave the case back, and these workers.
func (w Work) reroute(ctx context.Context, now time.Time, c Case, without []string) (rerouting, error) {
	report, _, err := w.Store.Report(ctx, c.ID)
	if err != nil {
		return rerouting{}, err
	}
	referral, err := openReferral(ctx, w.Opener, report)
	if err != nil {
		return rerouting{}, err
	}
	people, err := w.Store.People(ctx)
	if err != nil {
		return rerouting{}, err
	}
	f, err := w.find(ctx, referral, people)
	if err != nil {
		return rerouting{}, err
	}
	f.facts.Match = nil
	f.facts.Excluded = slices.Concat(f.facts.Excluded, c.GaveBack, without)
	d, err := w.choose(now, f.facts, people)
	if err != nil {
		return rerouting{}, err
	}
	return rerouting{decision: d, room: w.room(d, people, c.Weight), hashes: f.hashes}, nil
}

// act seals what the event of a rerouting keeps.
func (w Work) act(k Click, reason string, d routing.Decision) (Act, error) {
	a := Act{At: k.At, By: k.By.Worker, Command: k.Command}
	var err error
	if a.Why, err = SealJSON(w.Sealer, ForRouting, k.Case, d); err != nil {
		return Act{}, err
	}
	if reason != "" {
		a.Reason, err = SealJSON(w.Sealer, ForContent, k.Case, reason)
	}
	return a, err
}

// shown returns the case when it still is at the version that the worker saw, nil when this very command was done
// before, *StaleError when somebody changed it, and ErrNotFound when the worker may not see it.
func (w Work) shown(ctx context.Context, k Click) (*Case, error) {
	d, err := w.Store.Dossier(ctx, k.Case)
	if err != nil {
		return nil, err
	}
	done := d.did(k.Command, k.By.Worker)
	switch {
	case done:
		return nil, nil
	case !d.Case.MayRead(k.By):
		return nil, ErrNotFound
	case d.Case.Version != k.Shown:
		return nil, &StaleError{Current: d.Case}
	}
	return &d.Case, nil
}

func (d Dossier) did(command, by string) bool {
	return slices.ContainsFunc(d.Events, func(ev Event) bool { return ev.Command == command && ev.By == by })
}
