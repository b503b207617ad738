package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// How an ended case ends for good. From the end of its term on nobody can open it, and dispatch destroys it: all that is
// left is one line of the register. A case that somebody holds, for a complaint or a judge, is kept until that is over.

// Hold is why a case is not destroyed for now (legal hold); its reason stands in the event.
type Hold struct {
	By    string // worker id; "" when nothing is held
	Since time.Time
}

// On says whether the case is held.
func (h Hold) On() bool { return h.By != "" }

// Category is what the case is kept as, by how it ended and whether there was a plan.
func (c *Case) Category() municipality.Category {
	switch brief := c.State == Withdrawn || c.Outcome == OutOfArea; {
	case c.Outcome == HandedOff:
		return municipality.KeptTransit
	case c.Youth && (c.Planned || !brief):
		return municipality.KeptYouth
	case c.Planned || c.Outcome == Helped || c.Outcome == ApplicationFiled:
		return municipality.KeptPlan
	case brief:
		return municipality.KeptBriefly
	}
	return municipality.KeptNoPlan
}

// Kept is until when an ended case is kept; ok is false while that is open: it runs, is held, or nobody has confirmed yet
// that it is elsewhere.
func (c *Case) Kept() (until time.Time, ok bool) {
	due, ok := c.Deadline(DueDestroy)
	return due.At, ok
}

// Gone says whether the case's term is over: nobody may see it any more, whether its rows are still there or not.
func (c *Case) Gone(at time.Time) bool {
	due, ok := c.Deadline(DueDestroy)
	return c.State == Destroyed || ok && !at.Before(due.Wake) // later than the term's end while it cannot be destroyed
}

// keep sets when an ended case is destroyed, and who hears of it when that cannot be. The term begins when the case ended
// or, where the municipality's own system took over, when that confirmed it: no later change begins it anew.
func (c *Case) keep(owner string, m *municipality.Municipality) {
	ended := c.State == Closed || c.State == Withdrawn
	if from := c.keptFrom(); ended && !from.IsZero() && !c.Held.On() {
		c.setDeadline(DueDestroy, owner, m.Retention.Until(c.Category(), from))
	}
}

// keptFrom is when the term of an ended case began, zero while it has not.
func (c *Case) keptFrom() time.Time {
	if c.Outcome == HandedOff {
		return c.Confirmed
	}
	return c.EndedAt
}

// Retained is a case that ended under a release which destroyed nothing, with its term; missing is false for every other.
func (d Dossier) Retained(m *municipality.Municipality) (c Case, missing bool) {
	c = d.Case
	for _, e := range d.Events {
		c.Planned = c.Planned || e.Kind == EvPlanWritten || e.Kind == EvStarted
		if e.From != e.To && e.To == c.State {
			c.keep(e.By, m)
		}
	}
	_, had := d.Case.Kept()
	_, has := c.Kept()
	return c, has && !had
}

// Hold keeps the case from being destroyed, and asks after half a year whether that is still needed. Done again, it holds
// for another half.
func (c *Case) Hold(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvHeld, a); err != nil {
		return Event{}, err
	}
	if !c.Held.On() {
		c.Held.Since = a.At.UTC()
	}
	c.Held.By = a.By
	c.dropDeadline(DueDestroy)
	c.setDeadline(DueHold, a.By, inMonths(m, a.At, holdMonths))
	return c.chain(c.unmoved(a.event(EvHeld)))
}

// Release ends a hold. A term that went by meanwhile is over at once.
func (c *Case) Release(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvReleased, a); err != nil {
		return Event{}, err
	}
	c.Held = Hold{}
	c.dropDeadline(DueHold)
	c.keep(a.By, m)
	return c.chain(c.unmoved(a.event(EvReleased)))
}

// Destroy is the last move. The case keeps its deadline until none of its rows is left.
func (c *Case) Destroy(a Act) (Event, error) {
	if err := c.may(EvDestroyed, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvDestroyed)
	ev.From, ev.To = c.State, Destroyed
	*c = Case{
		ID: c.ID, Version: c.Version, State: Destroyed, ChainHash: c.ChainHash,
		Deadlines: []Deadline{{For: DueDestroy, Owner: Service, At: a.At.UTC(), Wake: a.At.UTC()}},
	}
	return c.chain(ev)
}

// Destruction is what is left of a destroyed case: one line of the register. It says nothing about the household.
type Destruction struct {
	Case     Reference
	Category municipality.Category
	From     time.Time // when its term began
	Until    time.Time // when it ended
	At       time.Time // when the case was destroyed
	Hashes   []string  // of its events, in hexadecimal, oldest first: they still stand in the digests of their days
}

// Batch names the destructions of one day, Europe/Amsterdam.
func (d Destruction) Batch() string { return municipality.Local(d.At).Format(time.DateOnly) }

// command is that of the last event, when the line has the hashes of the others: it binds the line to the digest that holds
// the last one's.
func (d Destruction) command(version int) (string, error) {
	d.From, d.Until, d.At = d.From.UTC(), d.Until.UTC(), d.At.UTC()
	words, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("encode line of case %s: %w", d.Case, err)
	}
	return fmt.Sprintf("%s %s v%d %x", EvDestroyed, d.Case, version, sha256.Sum256(words)), nil
}

// Unedited says whether the line is the one that the case's last event was stored with.
func (d Destruction) Unedited() (bool, error) {
	n := len(d.Hashes)
	if n < 2 {
		return false, nil
	}
	last := d.Hashes[n-1]
	before, err := hex.DecodeString(d.Hashes[n-2])
	if err != nil {
		return false, nil //nolint:nilerr // it is no hash
	}
	d.Hashes = d.Hashes[:n-1]
	command, err := d.command(n - 1)
	if err != nil {
		return false, err
	}
	destroyed := func(from State) Event {
		return Event{Case: d.Case, Version: n, Kind: EvDestroyed, At: d.At, By: Service, Command: command, From: from, To: Destroyed}
	}
	for _, from := range []State{Closed, Withdrawn, Merged} {
		hash, err := destroyed(from).hashAfter(before)
		if err != nil || hex.EncodeToString(hash) == last {
			return err == nil, err
		}
	}
	return false, nil
}

// Remains says where rows of a case stand besides those under its own number.
type Remains struct {
	Link   string   // id of the resident's link, "" when there is none
	Hashes []string // of its traits, under every key
	Broken []Event  // glasses that were broken
}

// destroy ends a case whose term is over, along with what was added to it; stopped halfway, the next sweep goes on. over
// is false while that cannot be: a mail about it is owed, or did not arrive and nobody saw to it.
func (w Work) destroy(ctx context.Context, now time.Time, c Case) (over bool, err error) {
	if c.State == Destroyed {
		return true, w.forget(ctx, now, c.ID)
	}
	files, err := w.withAdditions(ctx, c.ID)
	if err != nil || slices.ContainsFunc(files, func(d Dossier) bool { return d.unsettled(now) }) {
		return false, err
	}
	until, _ := c.Kept()
	for _, d := range slices.Backward(files) { // the running case last: until then the sweep finds it
		line := Destruction{Category: c.Category(), From: c.keptFrom(), Until: until, At: now.UTC()}
		if err := w.end(ctx, d, line); err != nil {
			return false, err
		}
	}
	return true, nil
}

// withAdditions returns a case, and behind it the reports that were added to it and not taken back.
func (w Work) withAdditions(ctx context.Context, ref Reference) ([]Dossier, error) {
	d, err := w.Store.Dossier(ctx, ref)
	if err != nil {
		return nil, err
	}
	files := []Dossier{d}
	for _, e := range d.Events {
		if e.Kind != EvAdded {
			continue
		}
		added, err := w.Store.Dossier(ctx, e.Other)
		switch {
		case errors.Is(err, ErrNotFound): // destroyed, before something stopped this
		case err != nil:
			return nil, err
		case added.Case.State == Merged && added.Case.Into == ref && !holds(files, e.Other):
			files = append(files, added)
		}
	}
	return files, nil
}

func holds(files []Dossier, ref Reference) bool {
	return slices.ContainsFunc(files, func(d Dossier) bool { return d.Case.ID == ref })
}

// unsettled says whether a mail about the case is owed or on its way, or did not arrive and nobody saw to it.
func (d Dossier) unsettled(now time.Time) bool {
	return slices.ContainsFunc(d.Messages, func(m Message) bool {
		trouble, _ := m.Trouble(now.Add(ArriveWithin)) // also when there is no word yet
		return m.Status == Pending || trouble != ""
	})
}

// end destroys one case, and leaves its line.
func (w Work) end(ctx context.Context, d Dossier, line Destruction) error {
	line.Case = d.Case.ID
	for _, e := range d.Events {
		line.Hashes = append(line.Hashes, hex.EncodeToString(e.Hash))
	}
	command, err := line.command(d.Case.Version)
	if err != nil {
		return err
	}
	after := d.Case
	ev, err := after.Destroy(Act{At: line.At, By: Service, Command: command})
	if err != nil {
		return err
	}
	line.Hashes = append(line.Hashes, hex.EncodeToString(ev.Hash))
	ch := w.change(d.Case, after, ev, nil)
	ch.Destroyed = &line
	if err := w.Store.Save(ctx, ch); err != nil {
		return err
	}
	return w.forget(ctx, line.At, line.Case)
}

// forget has every row of a destroyed case go. History and report say where some of them stand, and go behind these: once
// the report is gone, only the head is left.
func (w Work) forget(ctx context.Context, now time.Time, ref Reference) error {
	d, err := w.Store.Dossier(ctx, ref)
	if err != nil {
		return err
	}
	report, _, err := w.Store.Report(ctx, ref)
	if errors.Is(err, ErrNotFound) {
		return w.Store.Forget(ctx, now, ref, Remains{})
	}
	if err != nil {
		return err
	}
	r := Remains{Link: report.LinkID}
	for _, e := range d.Events {
		if e.Kind == EvGlassBroken {
			r.Broken = append(r.Broken, e)
		}
	}
	s, err := w.seekerOf(ctx, ref)
	if err != nil {
		return err
	}
	if !s.Facts.Safety { // one under a safety flag left no hint
		r.Hashes = slices.Concat(s.hashed...)
	}
	return w.Store.Forget(ctx, now, ref, r)
}
