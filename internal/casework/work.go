package casework

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	Matcher      Matcher
	Views        Views
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
	referral, err := openReferral(ctx, w.Opener, report)
	if err != nil {
		return err
	}
	test, err := w.isSmokeTest(ctx, referral.Mark, report.Received)
	if err != nil {
		return err
	}
	if test {
		return w.takeSmokeTest(ctx, now, report, referral.Facts)
	}
	if referral.Suspicion != nil && !report.Judged.Human {
		return w.quarantine(ctx, report, referral)
	}
	seeker, err := w.seek(ctx, referral, w.inTurn(now, report))
	if err != nil {
		return err
	}
	if err := w.leaveHints(ctx, seeker); err != nil {
		return err
	}
	for range maxTries {
		ch, err := w.taken(ctx, now, report, seeker)
		if err != nil {
			return err
		}
		err = w.Store.Save(ctx, ch)
		switch {
		case errors.Is(err, ErrConflict):
			return nil // the other wake-up was first
		case !errors.Is(err, ErrFull):
			return err
		}
	}
	return fmt.Errorf("take report %s: %w after %d tries", ref, ErrFull, maxTries)
}

func takeCommand(ref Reference) string { return "take " + string(ref) }

func (w Work) taken(ctx context.Context, now time.Time, report Report, referral seeker) (Change, error) {
	ref := report.Reference
	people, err := w.Store.People(ctx)
	if err != nil {
		return Change{}, err
	}
	f, err := w.find(ctx, now, referral, people)
	if err != nil {
		return Change{}, err
	}
	d, err := w.choose(now, f.facts, people)
	if err != nil {
		return Change{}, err
	}
	act := Act{At: now, By: Service, Command: takeCommand(ref), Entered: referral.EnteredBy}
	if act.Why, err = SealJSON(w.Sealer, ForRouting, ref, d); err != nil {
		return Change{}, err
	}
	c, ev, err := Open(act, f.facts, d, w.Municipality)
	if err != nil {
		return Change{}, err
	}
	var renewal Renewal
	if before := w.promise(report, f.facts); !before.Equal(report.ContactBefore) {
		c.setDeadline(DueContact, c.Owner(), before)
		receipt := report.Receipt
		receipt.ContactBefore = before.UTC()
		if renewal, err = w.renew(ctx, report, View{Receipt: receipt}); err != nil {
			return Change{}, err
		}
	}
	if !referral.Receipt && !referral.Told {
		c.oweByHand(now, w.Municipality)
	}
	ch := w.change(Case{}, *c, ev, w.room(d, people, c.Weight))
	ch.Messages, ch.Renewal = c.Owes(ev, referral.Receipt), renewal
	return ch, nil
}

// Overdue does what the case's deadlines ask for at now: silence never wins. Done before, it does nothing.
func (w Work) Overdue(ctx context.Context, now time.Time, ref Reference) error {
	for range maxTries {
		before, err := w.Store.Case(ctx, ref)
		if errors.Is(err, ErrNotFound) {
			return nil // destroyed, by another sweep
		}
		if err != nil {
			return err
		}
		due, ok := before.Next()
		if !ok || now.Before(due.Wake) {
			return nil
		}
		if due.For == DueDestroy {
			over, err := w.destroy(ctx, now, before)
			if errors.Is(err, ErrConflict) {
				continue
			}
			if over || err != nil {
				return err
			}
		}
		act := Act{At: now, By: Service, Command: fmt.Sprintf("%s %s v%d", due.For, ref, before.Version)}
		coordinator, err := w.coordinator(ctx, now, before)
		if err != nil {
			return err
		}
		after := before
		ev, err := w.overdue(ctx, &after, act, due, coordinator)
		if err != nil {
			return err
		}
		after.oweKeep(now, w.Municipality)
		ch := w.change(before, after, ev, nil)
		if ev.Kind == EvBroken {
			if ch.Renewal, err = w.brokenPromise(ctx, after, ev); err != nil {
				return err
			}
		}
		err = w.Store.Save(ctx, ch)
		if err != nil && !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("case %s: %w after %d tries", ref, ErrConflict, maxTries)
}

// overdue is the move that a deadline asks for.
func (w Work) overdue(ctx context.Context, c *Case, a Act, due Deadline, coordinator string) (Event, error) {
	switch due.For {
	case DueAccept:
		return c.Pass(a, coordinator, w.Municipality)
	case DueLookNext:
		return c.LookNext(a, coordinator)
	case DueContact:
		return c.Break(a, coordinator, w.Municipality)
	case DueDecide, DuePlace, DueCall, DueFind, DueAnother, DueHandOff, DueHold, DueDestroy:
		owner, err := w.worker(ctx, due.Owner)
		if err != nil {
			return Event{}, err
		}
		if !owner.WorksOn(a.At) && c.Bears() != due.Owner && coordinator != due.Owner {
			return c.Inherit(a, due.Owner, coordinator, w.Municipality)
		}
	case DueLook, DueReceipt, DueInvite, DueRecord, DueInquiry, DueStart, DueReview, DueCheck, DueHandover, DueKeep:
	}
	return c.Remind(a, due.For, coordinator, w.Municipality)
}

// coordinator is whose queue the case goes to when nobody takes it.
func (w Work) coordinator(ctx context.Context, now time.Time, c Case) (string, error) {
	people, err := w.Store.People(ctx)
	if err != nil {
		return "", err
	}
	d, err := routing.Queue(w.inputs(now, routing.Facts{CaseID: string(c.ID), Area: c.Area, Priority: c.Priority}, people))
	if err != nil {
		return "", fmt.Errorf("find coordinator of case %s: %w", c.ID, err)
	}
	return d.Winner, nil
}

func (w Work) choose(now time.Time, f routing.Facts, people People) (routing.Decision, error) {
	d, err := routing.Choose(w.inputs(now, f, people))
	if err != nil {
		return routing.Decision{}, fmt.Errorf("choose lead of case %s: %w", f.CaseID, err)
	}
	return d, nil
}

func (w Work) inputs(now time.Time, f routing.Facts, people People) routing.Inputs {
	return routing.Inputs{
		Facts: f, Municipality: w.Municipality, Rules: w.Municipality.Rules,
		Workers: people.Workers, Roster: people.Roster, Now: now,
	}
}

// room is the load that a routed lead may have at most before a case of that weight; nil: it is not asked.
func (w Work) room(d routing.Decision, people People, weight int) *int {
	lead, ok := people.Worker(d.Winner)
	if !ok || !d.Routed {
		return nil
	}
	room := lead.Capacity(w.Municipality.PointsPerHour) - weight
	return &room
}

// change is the whole write of one act: what is owed follows from the event, loads from who bore the case before and
// who bears it after. room is a condition on the new lead's load.
func (w Work) change(before, after Case, ev Event, room *int) Change {
	ch := Change{Case: after, Event: ev, Messages: after.Owes(ev, false), Listed: listed(before, after, ev.By == Service)}
	ch.TakesBack = ev.Kind == EvReopened && before.owes(DueHandOff)
	if before.Bears() == after.Bears() {
		return ch
	}
	if before.Bears() != "" {
		ch.Loads = append(ch.Loads, Load{Worker: before.Bears(), Points: -before.Weight})
	}
	if after.Bears() != "" {
		ch.Loads = append(ch.Loads, Load{Worker: after.Bears(), Points: after.Weight, Room: room})
	}
	return ch
}

// listed is what a change does to the lists of workers whom the case does not stand with. whole writes also what did not
// change: dispatch brings in what a release before these lists left out.
func listed(before, after Case, whole bool) []Listing {
	var changed []Listing
	is, was := after.Beside(), before.Beside()
	for _, worker := range slices.Sorted(maps.Keys(is)) {
		due := is[worker]
		if old, there := was[worker]; whole || !there || !old.Equal(due) {
			changed = append(changed, Listing{Worker: worker, On: true, Due: due})
		}
	}
	for _, worker := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[worker]; !still {
			changed = append(changed, Listing{Worker: worker})
		}
	}
	return changed
}
