package casework

import (
	"context"
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// A resident without a safe e-mail address gets the receipt by hand: who the case stands with sends a letter or a text,
// or tells it. Until then that is a deadline like any other, which moves with the case.

// tellWithin is how long the receipt by hand may take.
const tellWithin = 1 // working day

func (c *Case) oweByHand(at time.Time, m *municipality.Municipality) {
	c.setDeadline(DueReceipt, c.Owner(), m.Due(at, municipality.Term{WorkingDays: tellWithin}))
}

// Told records that the resident got the receipt by hand.
func (c *Case) Told(a Act, by Way) (Event, error) {
	if _, due := c.Deadline(DueReceipt); !due {
		return Event{}, c.refuse(EvTold, WrongState)
	}
	c.dropDeadline(DueReceipt)
	ev := c.unmoved(a.event(EvTold))
	ev.Way = by
	return c.chain(ev)
}

// Told records that the resident got the receipt in a way that is safe; in any other way it is refused.
func (w Work) Told(ctx context.Context, k Click, by Way) error {
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		report, _, err := w.Store.Report(ctx, k.Case)
		if err != nil {
			return nil, err
		}
		contact, err := OpenJSON[Contact](ctx, w.Opener, ForContact, k.Case, report.Contact)
		if err != nil {
			return nil, err
		}
		if !contact.isSafe(by) {
			return nil, before.refuse(EvTold, NotSafe)
		}
		after := before
		ev, err := after.Told(Act{At: k.At, By: k.By.Worker, Command: k.Command}, by)
		return []Change{w.change(before, after, ev, nil)}, err
	})
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

func (c Contact) isSafe(by Way) bool {
	return slices.Contains(c.ByHand(), by)
}
