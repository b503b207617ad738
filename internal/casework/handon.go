package casework

import (
	"context"
	"errors"
	"time"

	"voordeur/internal/routing"
)

// queued marks the command of the first of two steps: an offer goes through the coordinator's queue to the next worker.
const queued = " queue"

// HandOn has a worker's cases go to other leads, by a coordinator who says why: one act, of which each case's history
// tells. Residents who know their lead have heard of it before: how, stands with each case.
func (w Work) HandOn(ctx context.Context, t Takeover, reason string) error {
	var err error
	if t.Reason, err = SealJSON(w.Sealer, ForRouting, t.SealedAs(), reason); err != nil {
		return err
	}
	return w.Store.BeginTakeover(ctx, t)
}

// handOnAll gives chosen cases of a worker's list to other leads.
func (w Work) handOnAll(ctx context.Context, now time.Time, t Takeover, people People, done *worked) error {
	reason, err := OpenJSON[string](ctx, w.Opener, ForRouting, t.SealedAs(), t.Reason)
	if err != nil {
		return err
	}
	by, _ := people.Worker(t.By)
	act := Act{At: now, By: t.By, As: people.Reader(by, now)}
	for _, h := range t.Cases {
		to, _ := people.Worker(h.To)
		done.add(h.Case, w.handOn(ctx, act, t, h, to, reason))
	}
	return nil
}

// handOn gives one case to another lead, if it still is the worker's.
func (w Work) handOn(ctx context.Context, a Act, t Takeover, h HandedOn, to routing.Worker, reason string) error {
	a, err := w.seal(a, h.Case, said{reason: reason})
	if err != nil {
		return err
	}
	for range maxTries {
		d, err := w.Store.Dossier(ctx, h.Case)
		if err != nil || d.Did(t.Command, t.By) {
			return err
		}
		if err := w.knownBy(ctx, &d.Case, EvReassigned, to); err != nil {
			return err
		}
		after, ev, err := w.handedOn(d, a, t, h, to)
		if err != nil {
			return err
		}
		if err := w.Store.Save(ctx, w.change(d.Case, after, ev, nil)); err != nil && !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return tooOften(h.Case)
}

// handedOn is the next step of a case to another lead.
func (w Work) handedOn(d Dossier, a Act, t Takeover, h HandedOn, to routing.Worker) (after Case, ev Event, err error) {
	after, a.Command = d.Case, t.Command
	switch c := d.Case; {
	case c.State == Assigned && c.Lead == t.From:
		a.Command += queued
		ev, err = after.HandBack(a, t.By, w.Municipality)
	case c.State == Escalated && c.Coordinator == t.By && d.Did(t.Command+queued, t.By):
		ev, err = after.Place(a, to, w.Municipality)
	case c.Lead == t.From:
		ev, err = after.Reassign(a, to, h.Told)
	default:
		err = c.refuse(EvReassigned, WrongState) // somebody was first
	}
	return after, ev, err
}
