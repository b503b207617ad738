package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Takeover is one act on every case that a worker leads or was offered: when the worker left the team, they go back to
// the coordinators. It is stored as one row and worked off case by case: stopped anywhere, it goes on from there.
type Takeover struct {
	From string // worker id
	By   string // Service
	At   time.Time
}

// Kept is a case that an act on a list left where it was, and why.
type Kept struct {
	Case Reference
	Why  Refusal
}

// Leaving is the act that a worker's leaving asks for.
func Leaving(worker string, now time.Time) Takeover {
	return Takeover{From: worker, By: Service, At: now}
}

// Leavers lists who does not work here any more, and leads cases nevertheless.
func (p People) Leavers(now time.Time) []string {
	var left []string
	for _, w := range p.Workers {
		if w.Load > 0 && !w.WorksOn(now) {
			left = append(left, w.ID)
		}
	}
	return left
}

// TakeOver works off an act on a list, and returns what it left where it was. A case that fails stops no other; done
// before, it does nothing.
func (w Work) TakeOver(ctx context.Context, now time.Time, t Takeover) ([]Kept, error) {
	people, err := w.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(people.Leavers(now), t.From) {
		return nil, nil // they came back, or nothing is left with them
	}
	var kept []Kept
	var failed []error
	for after, more := "", true; more; more = after != "" {
		list, err := w.Store.Standing(ctx, t.From, after)
		if err != nil {
			return nil, errors.Join(append(failed, err)...)
		}
		for _, listed := range list.Cases {
			err := w.takeOverOne(ctx, now, t, listed.Case.ID)
			if refused, ok := errors.AsType[*TransitionError](err); ok {
				kept = append(kept, Kept{Case: listed.Case.ID, Why: refused.Why})
			} else if err != nil {
				failed = append(failed, fmt.Errorf("take over case %s: %w", listed.Case.ID, err))
			}
		}
		after = list.Next
	}
	return kept, errors.Join(failed...)
}

// takeOverOne moves one case, if it still is in the list as its lead's.
func (w Work) takeOverOne(ctx context.Context, now time.Time, t Takeover, ref Reference) error {
	for range maxTries {
		before, err := w.Store.Case(ctx, ref)
		if err != nil || before.Bears() != t.From {
			return err
		}
		coordinator, err := w.coordinator(ctx, now, before)
		if err != nil {
			return err
		}
		after := before
		act := Act{At: now, By: t.By, Command: fmt.Sprintf("take over %s v%d", ref, before.Version)}
		ev, err := after.HandBack(act, coordinator, w.Municipality)
		if err != nil {
			return err
		}
		if err := w.Store.Save(ctx, w.change(before, after, ev, nil)); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return tooOften(ref)
}
