package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// Where casework goes until the hand-off, the municipality's own case system takes over after the inquiry. The lead hands
// the case off, and that is owed until the other side has confirmed it: the system itself through the API, or a worker who
// brought the file there. From the confirmation counts how long the content stays here.

// ForCaseSystem is the purpose of what is sealed to the public key of the municipality's own case system: nothing here
// opens it.
const ForCaseSystem Purpose = "case_system"

// HandOff is a case that was handed off, as the municipality's own case system sees it.
type HandOff struct {
	Case      Reference
	At        time.Time
	Before    time.Time // it is confirmed before
	Confirmed time.Time // zero: it is owed
	By        string    // who confirmed: a system's client id, or a worker id
	File      Envelope  // the document of schemas/2026-11/handoff.schema.json, sealed for ForCaseSystem; of HandOffFile only
}

// The errors of a hand-off's store.
var (
	// ErrTakenBack means that the case was opened again here before anybody confirmed that it is elsewhere.
	ErrTakenBack = errors.New("case was taken back")
	// ErrConfirmed means that the municipality's own case system has the case.
	ErrConfirmed = errors.New("hand-off was confirmed")
)

// mayIn is may, for a move that is not made in every municipality.
func (c *Case) mayIn(m *municipality.Municipality, kind EventKind, a Act) error {
	if err := c.may(kind, a); err != nil {
		return err
	}
	return c.made(kind, m.Until)
}

// HandOff ends the lead's work: the municipality's own case system takes over. told is how the resident heard of it. It
// stays with its lead until it is confirmed.
func (c *Case) HandOff(a Act, told Way, m *municipality.Municipality) (Event, error) {
	if err := c.mayIn(m, EvHandedOff, a); err != nil {
		return Event{}, err
	}
	if told == "" {
		return Event{}, c.refuse(EvHandedOff, TellFirst)
	}
	ev := a.event(EvHandedOff)
	ev.Also, ev.Way = c.Asked, told
	c.end(&ev, Closed, HandedOff, m)
	c.setDeadline(DueHandOff, c.Lead, m.Due(a.At, workingDays(handOffTerm)))
	return c.chain(ev)
}

// Confirm records that the municipality's own case system has the case. Only that makes a hand-off done, and from then on
// counts how long the case stays here.
func (c *Case) Confirm(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvConfirmed, a); err != nil {
		return Event{}, err
	}
	due, _ := c.Deadline(DueHandOff)
	c.Confirmed = a.At.UTC()
	c.dropDeadline(DueHandOff)
	c.keep(due.Owner, m)
	return c.chain(c.unmoved(a.event(EvConfirmed)))
}

// HandOff hands the case off. told is how the resident heard of it, and reason what came of the inquiry; write writes what
// the other system gets of a case as it is before.
func (w Work) HandOff(ctx context.Context, k Click, told Way, reason string, write func(context.Context) ([]byte, error)) error {
	act, err := w.seal(k.act(), k.Case, said{reason: reason})
	if err != nil {
		return err
	}
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		after := before
		ev, err := after.HandOff(act, told, w.Municipality)
		if err != nil {
			return nil, err
		}
		contact, err := w.Contact(ctx, k.Case)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(contact.Ways(), told) {
			return nil, before.refuse(EvHandedOff, NotSafe)
		}
		plain, err := write(ctx)
		if err != nil {
			return nil, fmt.Errorf("write what case %s hands off: %w", k.Case, err)
		}
		ch := w.change(before, after, ev, nil)
		if ch.HandedOff, err = w.Sealer.Seal(ForCaseSystem, k.Case, plain); err != nil {
			return nil, err
		}
		return []Change{ch}, nil
	})
}

// ConfirmHandOff records that a worker brought the case to the municipality's own system.
func (w Work) ConfirmHandOff(ctx context.Context, k Click) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.Confirm(a, w.Municipality) })
}

// Confirmed writes into a case's history that the municipality's own system confirmed. Done before, it does nothing.
func (w Work) Confirmed(ctx context.Context, ref Reference) error {
	for range maxTries {
		h, err := w.Store.HandOff(ctx, ref)
		if err != nil || h.Confirmed.IsZero() {
			return err
		}
		before, err := w.Store.Case(ctx, ref)
		if err != nil || !before.owes(DueHandOff) {
			return err
		}
		after := before
		ev, err := after.Confirm(Act{
			At: h.Confirmed, By: CaseSystem, Command: fmt.Sprintf("confirm %s v%d by %s", ref, before.Version, h.By),
		}, w.Municipality)
		if err != nil {
			return err
		}
		if err := w.Store.Save(ctx, w.change(before, after, ev, nil)); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return tooOften(ref)
}
