package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// A resident without a safe e-mail address, or whose mail came back, gets the receipt by hand: who the case stands with
// sends a letter or a text, or tells it. Until then that is a deadline like any other, which moves with the case.

// tellWithin is how long the receipt by hand may take.
const tellWithin = 1 // working day

func (c *Case) oweByHand(at time.Time, m *municipality.Municipality) {
	c.setDeadline(DueReceipt, c.Owner(), m.Due(at, municipality.Term{WorkingDays: tellWithin}))
}

// Told records that the resident got the receipt by hand.
func (c *Case) Told(a Act, by Way) (Event, error) {
	if err := c.may(EvTold, a); err != nil {
		return Event{}, err
	}
	c.dropDeadline(DueReceipt)
	ev := c.unmoved(a.event(EvTold))
	ev.Way = by
	return c.chain(ev)
}

// Told records that the resident got the receipt in a way that is safe; in any other way it is refused.
func (w Work) Told(ctx context.Context, k Click, by Way) error {
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		contact, err := w.Contact(ctx, k.Case)
		if err != nil {
			return nil, err
		}
		if !contact.isSafe(by) {
			return nil, before.refuse(EvTold, NotSafe)
		}
		after := before
		ev, err := after.Told(k.act(), by)
		return []Change{w.change(before, after, ev, nil)}, err
	})
}

// CameBack has the receipt given by hand, since its mail did not reach the resident.
func (c *Case) CameBack(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvCameBack, a); err != nil {
		return Event{}, err
	}
	c.oweByHand(a.At, m)
	return c.chain(c.unmoved(a.event(EvCameBack)))
}

// CameBack makes a task of a receipt that bounced, or that its reader called spam. It comes once, however often and in
// whatever order the mail service tells of it, and not for a resident who was told by a person; nor for a case that
// nobody has to do anything for: who leads the running case speaks with the resident. Of a mail to a worker a coordinator
// hears.
func (w Work) CameBack(ctx context.Context, now time.Time, m Message) error {
	if m.Kind != MailReceipt {
		return w.Undelivered(ctx, now, m.Case, m.ID)
	}
	for range maxTries {
		d, err := w.Store.Dossier(ctx, m.Case)
		if err != nil {
			return err
		}
		byHand := func(e Event) bool { return e.Kind == EvCameBack || e.Kind == EvTold }
		if !d.Case.Open() || slices.ContainsFunc(d.Events, byHand) {
			return nil
		}
		if told, err := w.toldAtOnce(ctx, m.Case); err != nil || told {
			return err
		}
		after := d.Case
		ev, err := after.CameBack(Act{At: now, By: Service, Command: "came back " + m.ID}, w.Municipality)
		if err != nil {
			return err
		}
		if err := w.Store.Save(ctx, w.change(d.Case, after, ev, nil)); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("case %s: %w after %d tries", m.Case, ErrConflict, maxTries)
}

// toldAtOnce says whether whoever entered the report gave the resident the receipt.
func (w Work) toldAtOnce(ctx context.Context, ref Reference) (bool, error) {
	report, _, err := w.Store.Report(ctx, ref)
	if err != nil {
		return false, err
	}
	referral, err := openReferral(ctx, w.Opener, report)
	return referral.Told, err
}

// Ways lists the ways in which the resident may be spoken with: what they called safe, and coming by. Without any,
// nobody is told.
func (c Contact) Ways() []Way {
	var ways []Way
	for _, ch := range c.Channels {
		if ch.Safe {
			ways = append(ways, ch.Way)
		}
	}
	if len(ways) == 0 {
		ways = []Way{ByNoWay}
	}
	return ways
}

// ByHand lists the ways in which the receipt may be given by hand. Without any, nobody is told.
func (c Contact) ByHand() []Way {
	var ways []Way
	for _, ch := range c.Channels {
		if ch.Safe && ch.Way != ByEmail {
			ways = append(ways, ch.Way)
		}
	}
	if len(ways) == 0 {
		ways = []Way{ByNoWay}
	}
	return ways
}

// OnlyWay is ByVisit for who may be reached by coming by alone and ByNoWay for who called no way safe, since nobody can
// promise them to call; else "".
func OnlyWay(a form.Answers) Way { return contactOf(Content{Answers: a}).only() }

func (c Contact) only() Way {
	ways := c.Ways()
	if len(c.Channels) > 0 && len(ways) == 1 && (ways[0] == ByVisit || ways[0] == ByNoWay) {
		return ways[0]
	}
	return ""
}

func (c Contact) isSafe(by Way) bool {
	return slices.Contains(c.ByHand(), by)
}
