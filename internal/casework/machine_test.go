package casework_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// machine plays random acts by anybody at any time on a few cases and holds, after each of them:
// an open case has exactly one owner with a deadline, and an ended one a day on which it is destroyed, unless its hand-off is
// owed or it is held (I3), load is the sum of the weights led (I5), a version rises by
// one with each event and the history's hashes match (I15), nothing waits without a deadline (I8).
type machine struct {
	town     *exampletest.Town
	postcode string
	ctx      context.Context
	now      time.Time
	refs     []casework.Reference
	seen     map[casework.Reference]int
	acts     int
	done     map[casework.EventKind]int
}

func TestAnyActsByAnybodyKeepTheInvariants(t *testing.T) { // invariant:I3 //invariant:I4 //invariant:I5 //invariant:I8 //invariant:I15
	few(t, "15")
	rapid.Check(t, func(r *rapid.T) {
		m := &machine{ctx: t.Context(), now: monday(), seen: map[casework.Reference]int{}, done: map[casework.EventKind]int{}}
		at := rapid.SampledFrom([]struct{ municipality, postcode string }{{"waterstad", "9991 AB"}, {"duinrand", "9980 AB"}}).Draw(r, "municipality")
		m.town, m.postcode = exampletest.In(t, at.municipality), at.postcode
		r.Repeat(map[string]func(*rapid.T){
			"":           m.check,
			"report":     m.report,
			"act":        m.act,
			"act again":  m.act,
			"act more":   m.act,
			"time flies": m.timeFlies,
		})
	})
}

// few bounds the checks of a test that is slow because each has a store of its own, which stays until the test ends:
// make prove repeats the test.
func few(t *testing.T, checks string) {
	t.Helper()
	before := flag.Lookup("rapid.checks").Value.String()
	t.Cleanup(func() { set(t, before) })
	set(t, checks)
}

func set(t *testing.T, checks string) {
	t.Helper()
	if err := flag.Set("rapid.checks", checks); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) report(r *rapid.T) {
	if len(m.refs) == 3 {
		r.Skip("enough cases")
	}
	over := rapid.SampledFrom([]form.Answers{{}, {"basics": {"bed"}}, {"safe_now": {"rather_not"}, "safe_contact": {"call"}}}).Draw(r, "answers")
	over["postcode"] = []string{m.postcode}
	receipt, err := m.town.Intake.Submit(m.ctx, m.now, casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "nl", Answers: exampletest.Answers(over),
	})
	if err != nil {
		r.Fatal(err)
	}
	if err := m.town.Work.Take(m.ctx, m.now, receipt.Reference); err != nil {
		r.Fatal(err)
	}
	m.refs = append(m.refs, receipt.Reference)
}

func (m *machine) timeFlies(r *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(1, 60*24*3).Draw(r, "minutes")) * time.Minute)
	for _, ref := range m.refs {
		if err := m.town.Work.Overdue(m.ctx, m.now, ref); err != nil {
			r.Fatal(err)
		}
	}
}

// draw picks a case and somebody who works there, or nobody's name: its owner half of the time.
func (m *machine) draw(r *rapid.T) (casework.Case, casework.Reader) {
	if len(m.refs) == 0 {
		r.Skip("no case yet")
	}
	c, err := m.town.Store.Case(m.ctx, rapid.SampledFrom(m.refs).Draw(r, "case"))
	if err != nil {
		r.Fatal(err)
	}
	people, err := m.town.Store.People(m.ctx)
	if err != nil {
		r.Fatal(err)
	}
	who := []string{"niemand"}
	for _, w := range people.Workers {
		who = append(who, w.ID, c.Owner())
	}
	by := rapid.SampledFrom(who).Draw(r, "by")
	w, ok := people.Worker(by)
	if !ok {
		return c, casework.Reader{Worker: by}
	}
	return c, people.Reader(w, m.now)
}

// click is an act from a page that mostly shows the newest version.
func (m *machine) click(r *rapid.T, c casework.Case, by casework.Reader) casework.Click {
	m.acts++
	behind := rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(r, "pages behind")
	return casework.Click{At: m.now, Case: c.ID, By: by, Shown: c.Version - behind, Command: fmt.Sprintf("act %d", m.acts)}
}

// allowed passes the answers that an act may get.
func (m *machine) allowed(r *rapid.T, err error) {
	_, refused := errors.AsType[*casework.TransitionError](err)
	_, stale := errors.AsType[*casework.StaleError](err)
	if err != nil && !refused && !stale && !errors.Is(err, casework.ErrNotFound) {
		r.Fatal(err)
	}
}

func (m *machine) check(r *rapid.T) {
	led := map[string]int{}
	for _, ref := range m.refs {
		d, err := m.town.Store.Dossier(m.ctx, ref)
		if err != nil {
			r.Fatal(err)
		}
		m.checkCase(r, d)
		led[d.Case.Bears()] += d.Case.Weight
	}
	people, err := m.town.Store.People(m.ctx)
	if err != nil {
		r.Fatal(err)
	}
	for _, w := range people.Workers {
		if w.Load != led[w.ID] {
			r.Fatalf("%s has load %d and leads %d points", w.ID, w.Load, led[w.ID])
		}
		if w.Load == 0 {
			continue // it would ask for everybody after each act
		}
		if counted, _, err := m.town.Store.CountLoad(m.ctx, w.ID); err != nil || counted != w.Load {
			r.Fatalf("%s has load %d and counts %d points, %v", w.ID, w.Load, counted, err)
		}
	}
}

func (m *machine) checkCase(r *rapid.T, d casework.Dossier) {
	c := d.Case
	if c.Open() && ((c.Lead == "") != c.State.Queued() || (c.Coordinator == "") == c.State.Queued()) {
		r.Fatalf("%s with lead %q and coordinator %q", c.State, c.Lead, c.Coordinator)
	}
	for _, ev := range d.Events {
		if move, ok := casework.MoveOf(ev.Kind); !ok || !move.Leads(ev.From, ev.To) {
			r.Fatalf("%s led from %s to %s, which is not in the table", ev.Kind, ev.From, ev.To)
		}
	}
	if err := casework.CheckChain(c, d.Events); err != nil {
		r.Fatal(err)
	}
	if c.Version < m.seen[c.ID] {
		r.Fatalf("version fell from %d to %d", m.seen[c.ID], c.Version)
	}
	m.seen[c.ID] = c.Version
	if added := c.State == casework.Merged; added != (len(c.Deadlines) == 0) {
		r.Fatalf("%s with %d deadlines", c.State, len(c.Deadlines))
	}
	if _, owed := c.Deadline(casework.DueHandOff); owed && !c.Open() && c.Outcome != casework.HandedOff {
		r.Fatalf("%s with a hand-off that is owed", c.State)
	}
	_, asked := c.Deadline(casework.DueHold)
	_, kept := c.Kept()
	if owed := c.Outcome == casework.HandedOff && c.Confirmed.IsZero(); asked != c.Held.On() || kept == (c.Open() || c.Held.On() || owed || c.State == casework.Merged) {
		r.Fatalf("%s, held by %q, with %+v", c.State, c.Held.By, c.Deadlines)
	}
	for _, due := range c.Deadlines {
		if due.Owner == "" || due.At.IsZero() {
			r.Fatalf("%s with a deadline of nobody: %+v", c.State, due)
		}
		if !slices.Contains(stands(due.For), c.State) {
			r.Fatalf("%s while %s: is there a move that meets it? See rest_test.go", due.For, c.State)
		}
	}
	if _, asked := c.Deadline(casework.DueKeep); c.Open() && asked != (c.Suggested != "") {
		r.Fatalf("%q is proposed, and whether the lead stays is asked: %v", c.Suggested, asked)
	}
	if _, wakes := c.Next(); c.Open() && !wakes {
		r.Fatalf("nothing wakes a case that is %s: %+v", c.State, c.Deadlines)
	}
	if c.Look.Waiting() {
		if _, ok := c.Deadline(casework.DueLook); !ok {
			r.Fatal("a first look waits without a deadline")
		}
	}
}
