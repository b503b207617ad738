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

// act is the click as a move takes it.
func (k Click) act() Act { return Act{At: k.At, By: k.By.Worker, As: k.By, Command: k.Command} }

// Accept makes the worker the lead.
func (w Work) Accept(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Accept(a, w.Municipality) })
}

// Looked records the first look.
func (w Work) Looked(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Looked(a) })
}

// Place gives a case in the queue or on the waiting list to a worker, by a coordinator with a reason.
func (w Work) Place(ctx context.Context, k Click, lead, reason string) error {
	worker, err := w.worker(ctx, lead)
	if err != nil {
		return err
	}
	if err := w.chosen(ctx, k, EvPlaced, worker); err != nil {
		return err
	}
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) {
		return c.Place(a, worker, w.Municipality)
	})
}

// worker returns a worker by id; one that there is not works on no day.
func (w Work) worker(ctx context.Context, id string) (routing.Worker, error) {
	people, err := w.Store.People(ctx)
	if err != nil {
		return routing.Worker{}, err
	}
	worker, _ := people.Worker(id)
	return worker, nil
}

// GiveBack moves an offer on: to the next candidate, or the coordinator when there is none. conflict: who says so, the lead
// or who stands in for them, knows these people and must not have a case of theirs again.
func (w Work) GiveBack(ctx context.Context, k Click, reason string, conflict bool) error {
	var knows []string
	if conflict {
		knows = []string{k.By.Worker}
	}
	return w.again(ctx, k, EvGivenBack, reason, knows, func(c Case, a Act, r rerouting) (Change, error) {
		after := c
		ev, err := after.GiveBack(a, r.decision, w.Municipality)
		ch := w.change(c, after, ev, r.room)
		if conflict {
			ch.Conflict = Conflict{Worker: k.By.Worker, Traits: r.hashes}
		}
		return ch, err
	})
}

// Apart says that the case is of another household than the one that was proposed, and routes it anew.
func (w Work) Apart(ctx context.Context, k Click) error {
	return w.again(ctx, k, EvApart, "", nil, func(c Case, a Act, r rerouting) (Change, error) {
		after := c
		ev, err := after.Apart(a, r.decision, w.Municipality)
		return w.change(c, after, ev, r.room), err
	})
}

// Merge adds the case to the running case that was proposed: the same household. When that one became an addition
// itself, it is the case that it was added to.
func (w Work) Merge(ctx context.Context, k Click) error {
	return w.both(ctx, k, func(c *Case) Reference { return c.Proposed }, w.running, func(c, other *Case, a Act) (Event, Event, error) {
		c.Proposed = other.ID
		return c.Merge(a, other)
	})
}

// Unmerge takes an addition back, by a coordinator with a reason.
func (w Work) Unmerge(ctx context.Context, k Click, reason string) error {
	return w.both(ctx, k, func(c *Case) Reference { return c.Into }, w.Store.Case, func(c, other *Case, a Act) (Event, Event, error) {
		a, err := w.seal(a, c.ID, said{reason: reason})
		if err != nil {
			return Event{}, Event{}, err
		}
		return c.Unmerge(a, other, w.Municipality)
	})
}

// said is what a worker wrote with an act: both are sealed with the content.
type said struct {
	reason string
	record any // one of record.go
}

// seal puts what was said into the act, sealed for a case.
func (w Work) seal(a Act, id Reference, s said) (Act, error) {
	var err error
	if reason := strings.TrimSpace(s.reason); reason != "" {
		if a.Reason, err = SealJSON(w.Sealer, ForContent, id, reason); err != nil {
			return Act{}, err
		}
	}
	if s.record != nil {
		if a.Record, err = SealJSON(w.Sealer, ForContent, id, s.record); err != nil {
			return Act{}, err
		}
	}
	return a, nil
}

// do is one worker's act on the version that was shown.
func (w Work) do(ctx context.Context, k Click, s said, move func(*Case, Act) (Event, error)) error {
	act, err := w.seal(k.act(), k.Case, s)
	if err != nil {
		return err
	}
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		after := before
		ev, err := move(&after, act)
		return []Change{w.change(before, after, ev, nil)}, err
	})
}

// both is one act that changes the case and another one, which read finds, or neither.
func (w Work) both(
	ctx context.Context, k Click, other func(*Case) Reference, read func(context.Context, Reference) (Case, error),
	move func(c, other *Case, a Act) (mine, theirs Event, err error),
) error {
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		if other(&before) == "" {
			return nil, before.refuse(EvMerged, NotProposed)
		}
		beside, err := read(ctx, other(&before))
		if err != nil {
			return nil, err
		}
		after, besideAfter := before, beside
		mine, theirs, err := move(&after, &besideAfter, k.act())
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
		if err = w.Store.Save(ctx, changes...); !isConflict(err) {
			return err
		}
	}
	return tooOften(k.Case)
}

func isConflict(err error) bool { return errors.Is(err, ErrConflict) || errors.Is(err, ErrFull) }

func tooOften(ref Reference) error {
	return fmt.Errorf("act on case %s: %w after %d tries", ref, ErrConflict, maxTries)
}

// rerouting is a new decision about a case, with what finds its kin.
type rerouting struct {
	decision routing.Decision
	room     *int
	hashes   []string // of its traits
}

// again decides anew about an offer, without some and without who gives it back. Nothing is opened before the worker may do
// it.
func (w Work) again(
	ctx context.Context, k Click, kind EventKind, reason string, without []string, change func(Case, Act, rerouting) (Change, error),
) error {
	act, err := w.seal(k.act(), k.Case, said{reason: reason})
	if err != nil {
		return err
	}
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		if err := before.may(kind, act); err != nil {
			return nil, err
		}
		without := without
		if kind == EvGivenBack {
			without = append(slices.Clone(without), before.Lead)
		}
		r, err := w.reroute(ctx, k.At, before, func(f *routing.Facts) { f.Excluded = slices.Concat(f.Excluded, before.GaveBack, without) })
		if err != nil {
			return nil, err
		}
		decided := act
		if decided.Why, err = SealJSON(w.Sealer, ForRouting, k.Case, r.decision); err != nil {
			return nil, err
		}
		ch, err := change(before, decided, r)
		return []Change{ch}, err
	})
}

// reroute decides again, without the match that was proposed, on facts that amend may change.
func (w Work) reroute(ctx context.Context, now time.Time, c Case, amend func(*routing.Facts)) (rerouting, error) {
	people, err := w.Store.People(ctx)
	if err != nil {
		return rerouting{}, err
	}
	seeker, err := w.seekerOf(ctx, c.ID)
	if err != nil {
		return rerouting{}, err
	}
	f, err := w.find(ctx, now, seeker, people)
	if err != nil {
		return rerouting{}, err
	}
	f.facts.Match, f.facts.Area = nil, c.Area
	amend(&f.facts)
	d, err := w.choose(now, f.facts, people)
	if err != nil {
		return rerouting{}, err
	}
	return rerouting{decision: d, room: w.room(d, people, c.Weight), hashes: f.hashes}, nil
}

// shown returns the case when it still is at the version that the worker saw, nil when this very command was done
// before, *StaleError when somebody changed it, and ErrNotFound when the worker may not see it.
func (w Work) shown(ctx context.Context, k Click) (*Case, error) {
	d, err := w.Store.Dossier(ctx, k.Case)
	if err != nil {
		return nil, err
	}
	done := d.Did(k.Command, k.By.Worker)
	switch {
	case done:
		return nil, nil
	case !d.Case.MayRead(k.By, k.At):
		return nil, ErrNotFound
	case d.Case.Version != k.Shown:
		return nil, &StaleError{Current: d.Case}
	}
	return &d.Case, nil
}

// Did says whether a worker's command did its work already.
func (d Dossier) Did(command, by string) bool {
	return slices.ContainsFunc(d.Events, func(ev Event) bool { return ev.Command == command && ev.By == by })
}
