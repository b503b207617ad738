package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// handOn is Willem's act on Fenna's list: an offer and a handover under way to Daan, a case that was accepted to Emre.
func handOn(refs []casework.Reference) casework.Takeover {
	t := casework.Takeover{From: "fenna", By: "willem", At: monday().Add(time.Hour), Command: "over"}
	for i, to := range []string{"daan", "emre", "daan"}[:len(refs)] {
		h := casework.HandedOn{Case: refs[i], To: to, Told: casework.ByCall}
		if i == 0 {
			h.Told = ""
		}
		t.Cases = append(t.Cases, h)
	}
	return t
}

// wantHandedOn is that the offer is Daan's to accept and the other case is led by Emre, each by one act of Willem's.
func wantHandedOn(t *testing.T, town *exampletest.Town, refs []casework.Reference) {
	t.Helper()
	for i, want := range []struct {
		state casework.State
		lead  string
		by    []casework.EventKind
	}{
		{casework.Assigned, "daan", []casework.EventKind{casework.EvHandedBack, casework.EvPlaced}},
		{casework.Accepted, "emre", []casework.EventKind{casework.EvReassigned}},
	} {
		d, err := town.Store.Dossier(t.Context(), refs[i])
		must(t, err)
		if d.Case.State != want.state || d.Case.Lead != want.lead {
			t.Errorf("case %d is %s with %q", i, d.Case.State, d.Case.Owner())
		}
		var by []casework.EventKind
		for _, ev := range d.Events {
			if ev.By == "willem" && (ev.Command == "over" || ev.Command == "over queue") {
				by = append(by, ev.Kind)
				reason, err := casework.OpenJSON[string](t.Context(), town.Work.Opener, casework.ForContent, refs[i], ev.Reason)
				if err != nil || reason != "Fenna is er een tijd niet." {
					t.Errorf("case %d, %s: the reason is %q, %v", i, ev.Kind, reason, err)
				}
			}
		}
		if diff := cmp.Diff(want.by, by); diff != "" {
			t.Errorf("case %d, what happened (-want +got):\n%s", i, diff)
		}
		told := slices.ContainsFunc(d.Messages, func(m casework.Message) bool { return m.Kind == casework.MailTask && m.To == want.lead })
		if slices.Contains(by, casework.EvReassigned) && !told {
			t.Errorf("case %d: the new lead is told of nothing", i)
		}
	}
}

// G3: one act, which each case's history tells of. What cannot go stays where it is, with the reason.
func TestAListGoesToOtherLeadsInOneAct(t *testing.T) { // feature:G3 //invariant:I3 //invariant:I5
	town := exampletest.New(t)
	refs := leads(t, town, "fenna", 3)
	stays := leads(t, town, "fenna", 1)[0]
	act := handOn(refs)
	for range 2 { // a second click does nothing
		must(t, town.Work.HandOn(t.Context(), act, "Fenna is er een tijd niet."))
	}
	other := act
	other.Command = "another"
	if err := town.Work.HandOn(t.Context(), other, "Toch anders."); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("another act meanwhile: %v", err)
	}
	if _, underWay, _, err := town.Store.Takeover(t.Context(), "fenna"); err != nil || !underWay {
		t.Errorf("under way: %t, %v", underWay, err)
	}
	for range 2 {
		must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Hour)))
	}
	wantHandedOn(t, town, refs)
	must(t, town.Work.HandOn(t.Context(), act, "Fenna is er een tijd niet.")) // from an old page, after it was done
	_, underWay, kept, err := town.Store.Takeover(t.Context(), "fenna")
	if diff := cmp.Diff([]casework.Kept{{Case: refs[2], Why: casework.WrongState}}, kept); err != nil || underWay || diff != "" {
		t.Errorf("under way: %t, %v; left where it was (-want +got):\n%s", underWay, err, diff)
	}
	if c, err := town.Store.Case(t.Context(), stays); err != nil || c.Lead != "fenna" {
		t.Errorf("a case that was not chosen is with %q, %v", c.Lead, err)
	}
	people, err := town.Store.People(t.Context())
	must(t, err)
	if fenna, _ := people.Worker("fenna"); fenna.Load != 2 {
		t.Errorf("who has two cases left bears %d", fenna.Load)
	}
}

// A case that is handed off, and not confirmed, has no lead to get: it stays with who saw to it, whose stand-in confirms it.
func TestAHandOffThatIsOwedStaysInAListThatIsHandedOn(t *testing.T) { // feature:G3 //feature:G4 //invariant:I8
	town := exampletest.In(t, "duinrand")
	c := town.HandedOff(t, monday(), "{}")
	people, err := town.Store.People(t.Context())
	must(t, err)
	ill, _ := people.Worker(c.Lead)
	i := slices.IndexFunc(people.Workers, func(w routing.Worker) bool {
		_, isAway := w.AwayUntil(monday())
		return w.ID != ill.ID && w.TakesCases(monday()) && !isAway
	})
	standIn := people.Workers[i]
	away(t, town, ill, routing.Absence{From: "2026-11-23", To: "2026-12-21", StandIn: standIn.ID})

	act := casework.Takeover{
		From: c.Lead, By: "wout", At: monday(), Command: "over",
		Cases: []casework.HandedOn{{Case: c.ID, To: standIn.ID, Told: casework.ByCall}},
	}
	must(t, town.Work.HandOn(t.Context(), act, "Het duurt te lang."))
	must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Hour)))
	_, underWay, kept, err := town.Store.Takeover(t.Context(), c.Lead)
	if diff := cmp.Diff([]casework.Kept{{Case: c.ID, Why: casework.WrongState}}, kept); err != nil || underWay || diff != "" {
		t.Errorf("under way: %t, %v; left where it was (-want +got):\n%s", underWay, err, diff)
	}
	d := dossier(t, town, c.ID)
	if due, owed := d.Case.Deadline(casework.DueHandOff); !owed || due.Owner != c.Lead || d.Case.Version != c.Version {
		t.Errorf("owed by %q (%t) at version %d", due.Owner, owed, d.Case.Version)
	}
	people, err = town.Store.People(t.Context())
	must(t, err)
	if got := people.ActsFor(c.Lead, monday()); got != standIn.ID {
		t.Errorf("mail goes to %q", got)
	}
	confirms := click(monday().Add(time.Hour), c.ID, standIn.ID, c.Version, "confirm")
	confirms.By = people.Reader(standIn, monday())
	must(t, town.Work.ConfirmHandOff(t.Context(), confirms))
}

// The move asks who acts when it is done: a coordinator who is none any more hands nothing on.
func TestAListStaysWhenWhoActedIsNoCoordinatorAnyMore(t *testing.T) { // threat:T05
	town := exampletest.New(t)
	refs := leads(t, town, "fenna", 2)
	act := handOn(refs)
	act.By = "daan"
	must(t, town.Work.HandOn(t.Context(), act, "Voor de proef."))
	must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Hour)))
	_, _, kept, err := town.Store.Takeover(t.Context(), "fenna")
	want := []casework.Kept{{Case: refs[0], Why: casework.NotYours}, {Case: refs[1], Why: casework.NotYours}}
	if diff := cmp.Diff(want, kept); err != nil || diff != "" {
		t.Errorf("%v; left where it was (-want +got):\n%s", err, diff)
	}
}

// Killed after any call to the store, the next sweep goes on: the same result, and nothing done twice.
func TestHandingAListOnGoesOnAfterAKillAnywhere(t *testing.T) { // feature:G3 //threat:T26
	for n := 1; ; n++ {
		killed := false
		t.Run(fmt.Sprintf("after call %d", n), func(t *testing.T) {
			town := exampletest.New(t)
			refs, at := leads(t, town, "fenna", 2), monday().Add(time.Hour)
			must(t, town.Work.HandOn(t.Context(), handOn(refs), "Fenna is er een tijd niet."))
			killed = sweptUntil(t, town, n, at)
			must(t, sweepOf(town, town.Store).Sweep(t.Context(), at.Add(time.Minute)))
			wantHandedOn(t, town, refs)
		})
		if !killed || t.Failed() {
			return
		}
	}
}
