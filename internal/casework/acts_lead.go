package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"voordeur/internal/routing"
)

// HandingOver is what somebody fills in who hands a case over.
type HandingOver struct {
	To     string    // worker id
	Talk   time.Time // of resident, old and new lead; zero: not agreed yet
	Told   Way       // how the resident heard of it
	Reason string
}

// said is what is kept of it. The resident always knows: Told says how.
func (h HandingOver) said() said {
	return said{reason: h.Reason, record: Share{Basis: OnTask, What: WholeCase, Told: true}}
}

// BeginHandover offers the case to another lead. The old one stays lead until that one accepts.
func (w Work) BeginHandover(ctx context.Context, k Click, h HandingOver) error {
	to, err := w.toldOf(ctx, k, EvHandoverBegun, h)
	if err != nil {
		return err
	}
	return w.do(ctx, k, h.said(), func(c *Case, a Act) (Event, error) {
		return c.BeginHandover(a, to, h.Talk, h.Told, w.Municipality)
	})
}

// Reassign gives the case another lead at once, by a coordinator.
func (w Work) Reassign(ctx context.Context, k Click, h HandingOver) error {
	to, err := w.toldOf(ctx, k, EvReassigned, h)
	if err != nil {
		return err
	}
	return w.do(ctx, k, h.said(), func(c *Case, a Act) (Event, error) { return c.Reassign(a, to, h.Told) })
}

// toldOf returns the new lead, after a look whether the resident can have heard of it that way.
func (w Work) toldOf(ctx context.Context, k Click, kind EventKind, h HandingOver) (routing.Worker, error) {
	c, err := w.shown(ctx, k)
	if err != nil || c == nil {
		return routing.Worker{}, err
	}
	contact, err := w.Contact(ctx, k.Case)
	if err != nil {
		return routing.Worker{}, err
	}
	if h.Told != "" && !slices.Contains(contact.Ways(), h.Told) {
		return routing.Worker{}, c.refuse(kind, NotSafe)
	}
	worker, err := w.worker(ctx, h.To)
	if err != nil {
		return routing.Worker{}, err
	}
	return worker, w.knownBy(ctx, c, kind, worker)
}

// Contact opens how the resident can be reached. Its caller has written the audit row when a person sees it.
func (w Work) Contact(ctx context.Context, ref Reference) (Contact, error) {
	report, _, err := w.Store.Report(ctx, ref)
	if err != nil {
		return Contact{}, err
	}
	return OpenJSON[Contact](ctx, w.Opener, ForContact, ref, report.Contact)
}

// AcceptHandover makes the new lead the lead. talk is the date of the three of them, zero for the one that stands.
func (w Work) AcceptHandover(ctx context.Context, k Click, talk time.Time) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.AcceptHandover(a, talk, w.Municipality) })
}

// EndHandover leaves the case with its old lead.
func (w Work) EndHandover(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.EndHandover(a, w.Municipality) })
}

// Object records that the resident does not want the new lead.
func (w Work) Object(ctx context.Context, k Click, reason string) error {
	return w.withCoordinator(ctx, k, said{reason: reason}, func(c *Case, a Act, coordinator string) (Event, error) {
		return c.Object(a, coordinator, w.Municipality)
	})
}

// HandBack puts a case whose lead cannot go on in a coordinator's queue, by a coordinator.
func (w Work) HandBack(ctx context.Context, k Click, reason string) error {
	return w.withCoordinator(ctx, k, said{reason: reason}, func(c *Case, a Act, coordinator string) (Event, error) {
		return c.HandBack(a, coordinator, w.Municipality)
	})
}

// AskAnother records that another lead is needed. conflict: who says so knows these people, and must not have a case of
// theirs again.
func (w Work) AskAnother(ctx context.Context, k Click, reason string, conflict bool) error {
	act, err := w.seal(k.act(), k.Case, said{reason: reason})
	if err != nil {
		return err
	}
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		coordinator, err := w.coordinator(ctx, k.At, before)
		if err != nil {
			return nil, err
		}
		after := before
		ev, err := after.AskAnother(act, coordinator, w.Municipality)
		if err != nil {
			return nil, err
		}
		ch := w.change(before, after, ev, nil)
		if conflict {
			household, err := w.seekerOf(ctx, k.Case)
			if err != nil {
				return nil, err
			}
			ch.Conflict = Conflict{Worker: k.By.Worker, Traits: household.newest()}
		}
		return []Change{ch}, nil
	})
}

// RefuseAnother says that the lead stays, and why.
func (w Work) RefuseAnother(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.RefuseAnother(a) })
}

// withCoordinator is do, with the coordinator whose queue the case would go to.
func (w Work) withCoordinator(ctx context.Context, k Click, s said, move func(*Case, Act, string) (Event, error)) error {
	c, err := w.shown(ctx, k)
	if err != nil || c == nil {
		return err
	}
	coordinator, err := w.coordinator(ctx, k.At, *c)
	if err != nil {
		return err
	}
	return w.do(ctx, k, s, func(c *Case, a Act) (Event, error) { return move(c, a, coordinator) })
}

// Move records another area or life area, and whom routing would choose now.
func (w Work) Move(ctx context.Context, k Click, to Relocation) error {
	act, err := w.seal(k.act(), k.Case, said{record: to})
	if err != nil {
		return err
	}
	return w.onShown(ctx, k, func(before Case) ([]Change, error) {
		if err := before.may(EvMoved, act); err != nil {
			return nil, err
		}
		moved := before
		if to.Area != "" {
			moved.Area = to.Area
		}
		r, err := w.reroute(ctx, k.At, moved, func(f *routing.Facts) {
			if to.Main != "" {
				f.LifeAreas, f.Main = to.LifeAreas, to.Main
			}
		})
		if err != nil {
			return nil, err
		}
		decided := act
		if decided.Why, err = SealJSON(w.Sealer, ForRouting, k.Case, r.decision); err != nil {
			return nil, err
		}
		after := before
		ev, err := after.Move(decided, moved.Area, r.decision, w.Municipality)
		return []Change{w.change(before, after, ev, nil)}, err
	})
}

// Keep says that the lead stays although routing would choose another now.
func (w Work) Keep(ctx context.Context, k Click, reason string) error {
	return w.do(ctx, k, said{reason: reason}, func(c *Case, a Act) (Event, error) { return c.Keep(a) })
}

// Asking is what somebody fills in who asks a colleague, or somebody of a partner, to think along.
type Asking struct {
	Of       string // worker id
	Question string
	Basis    Basis // why they may read the case
	Told     bool  // the resident knows
}

// Ask asks a colleague to think along.
func (w Work) Ask(ctx context.Context, k Click, q Asking) error {
	worker, err := w.worker(ctx, q.Of)
	if err != nil {
		return err
	}
	if err := w.chosen(ctx, k, EvAsked, worker); err != nil {
		return err
	}
	share := Share{Basis: q.Basis, What: ButLeadNotes, Told: q.Told}
	return w.do(ctx, k, said{reason: q.Question, record: share}, func(c *Case, a Act) (Event, error) {
		return c.Ask(a, worker, share)
	})
}

// Answer records what a colleague answered, and ends the asking.
func (w Work) Answer(ctx context.Context, k Click, answer string) error {
	return w.do(ctx, k, said{reason: answer}, func(c *Case, a Act) (Event, error) { return c.Answer(a) })
}

// EndAsk ends what a colleague was asked.
func (w Work) EndAsk(ctx context.Context, k Click, colleague string) error {
	return w.do(ctx, k, said{}, func(c *Case, a Act) (Event, error) { return c.EndAsk(a, colleague) })
}

// Note adds a note for a circle of readers, whatever else happened to the case since the page was shown: nothing of that
// is overwritten. Under a safety flag none is the household's: somebody there may be the danger.
func (w Work) Note(ctx context.Context, k Click, text string, n Note) error {
	unsafe := false
	if n.For == ForHousehold {
		contact, err := w.Contact(ctx, k.Case)
		if err != nil {
			return err
		}
		unsafe = contact.Neutral
	}
	for {
		err := w.do(ctx, k, said{reason: text, record: n}, func(c *Case, a Act) (Event, error) {
			if unsafe {
				return Event{}, c.refuse(EvNoted, NotSafe)
			}
			return c.Note(a)
		})
		stale, ok := errors.AsType[*StaleError](err)
		if !ok {
			return err
		}
		k.Shown = stale.Current.Version
	}
}
