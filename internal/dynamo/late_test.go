package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// dispatchOf is dispatch over a town, whose mails all fail or all go out.
func dispatchOf(town *exampletest.Town, mailDown bool) dynamo.Dispatch {
	return dynamo.Dispatch{
		Store: town.Store, Take: town.Work.Take, Overdue: town.Work.Overdue, Undelivered: town.Work.Undelivered,
		Deliver: func(ctx context.Context, now time.Time, ref casework.Reference, id string) error {
			m, err := town.Store.Claim(ctx, ref, id, now)
			if err != nil {
				return fmt.Errorf("claim: %w", err)
			}
			if mailDown {
				m.NextTry, m.ClaimedUntil = now.Add(15*time.Minute), now.Add(15*time.Minute)
			} else {
				m.Status, m.Sent, m.Provider = casework.Sent, now, "provider-1"
			}
			if err := town.Store.Settle(ctx, m); err != nil || mailDown {
				return err
			}
			_, _, err = town.Store.Feedback(ctx, ref, func(mail string) bool { return mail == id }, casework.Delivered, now)
			return err
		},
	}
}

func sweep(t *testing.T, d dynamo.Dispatch, at ...time.Time) {
	t.Helper()
	for _, now := range at {
		if err := d.Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
}

// over is how long after it was withdrawn on Monday at ten a case is destroyed: at midnight after thirty days.
const over = 30*24*time.Hour + 14*time.Hour

// withdrawn has the report that waits become a case, which is withdrawn at once; its mails arrived.
func withdrawn(t *testing.T, town *exampletest.Town) {
	t.Helper()
	d := dispatchOf(town, false)
	sweep(t, d, monday().Add(time.Minute))
	at := monday().Add(2 * time.Minute)
	people, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ended := 0
	for _, w := range people.Workers {
		list, err := town.Store.Standing(t.Context(), w.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, listed := range list.Cases {
			click := casework.Click{At: at, Case: listed.Case.ID, By: casework.Reader{Worker: w.ID}, Shown: listed.Case.Version, Command: "withdraw"}
			if err := town.Work.Withdraw(t.Context(), click, "Het hoeft niet meer."); err != nil {
				t.Fatal(err)
			}
			ended++
		}
	}
	if ended != 1 {
		t.Fatalf("%d cases were withdrawn, want one", ended)
	}
	sweep(t, d, at)
}

// P4, T25, T33: what is late is counted, by reading what is pending and nothing more.
func TestWhatIsLateIsCounted(t *testing.T) { // threat:T25 //threat:T33
	urgent := form.Answers{"safe_now": {"no"}, "safe_contact": {"call"}}
	tests := map[string]struct {
		answers form.Answers
		before  func(t *testing.T, town *exampletest.Town)
		after   time.Duration
		want    dynamo.Late
	}{
		"a report that waits a minute":  {after: time.Minute},
		"a report that waits 2 minutes": {after: 2 * time.Minute, want: dynamo.Late{Reports: 1}},
		"a report that was tried just now, in vain": {after: 3 * time.Minute, want: dynamo.Late{Reports: 1}, before: func(t *testing.T, town *exampletest.Town) {
			d := dispatchOf(town, false)
			d.Take = func(context.Context, time.Time, casework.Reference) error { return errors.New("sealed") }
			if err := d.Sweep(t.Context(), monday().Add(3*time.Minute)); err == nil {
				t.Error("it was taken")
			}
		}},
		"a report that was taken": {after: 3 * time.Minute, before: func(t *testing.T, town *exampletest.Town) {
			sweep(t, dispatchOf(town, false), monday().Add(3*time.Minute))
		}},
		"mails that wait for 14 minutes": {after: 15 * time.Minute, before: func(t *testing.T, town *exampletest.Town) {
			sweep(t, dispatchOf(town, true), monday().Add(time.Minute))
		}},
		"mails that wait for 15 minutes and were tried": {after: 16 * time.Minute, want: dynamo.Late{Messages: 2}, before: func(t *testing.T, town *exampletest.Town) {
			sweep(t, dispatchOf(town, true), monday().Add(time.Minute), monday().Add(2*time.Minute))
		}},
		"mails that went out": {after: 16 * time.Minute, before: func(t *testing.T, town *exampletest.Town) {
			sweep(t, dispatchOf(town, false), monday().Add(time.Minute), monday().Add(2*time.Minute))
		}},
		"an offer that passed in silence: the coordinator has time": {after: 48 * time.Hour, before: func(t *testing.T, town *exampletest.Town) {
			sweep(t, dispatchOf(town, false), monday().Add(time.Minute), monday().Add(2*time.Minute), monday().Add(47*time.Hour), monday().Add(48*time.Hour))
		}},
		"an offer that passed, and nobody swept": {after: 48 * time.Hour, want: dynamo.Late{Cases: 1}, before: func(t *testing.T, town *exampletest.Town) {
			sweep(t, dispatchOf(town, false), monday().Add(time.Minute), monday().Add(2*time.Minute))
		}},
		"a coordinator who lets it lie": {after: 73 * time.Hour, want: dynamo.Late{Cases: 1}, before: func(t *testing.T, town *exampletest.Town) {
			for h := range 73 {
				sweep(t, dispatchOf(town, false), monday().Add(time.Duration(h)*time.Hour))
			}
		}},
		"an urgent case at which nobody has looked": {answers: urgent, after: 5 * time.Hour, want: dynamo.Late{Cases: 1, FirstLooks: 1}, before: func(t *testing.T, town *exampletest.Town) {
			for m := range 11 {
				sweep(t, dispatchOf(town, false), monday().Add(time.Duration(m)*30*time.Minute), monday().Add(time.Duration(m)*30*time.Minute+time.Minute))
			}
		}},
		"a case whose term is over for less than an hour": {after: over + 59*time.Minute, before: withdrawn},
		"a case whose term is over for more than an hour": {after: over + 61*time.Minute, want: dynamo.Late{Kept: 1}, before: withdrawn},
		"a case that was destroyed": {after: over + 61*time.Minute, before: func(t *testing.T, town *exampletest.Town) {
			withdrawn(t, town)
			sweep(t, dispatchOf(town, false), monday().Add(over))
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			town.Submit(t, monday(), exampletest.Answers(tt.answers))
			if tt.before != nil {
				tt.before(t, town)
			}
			got, err := town.Store.Late(t.Context(), monday().Add(tt.after))
			if err != nil || got != tt.want {
				t.Errorf("Late = %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

// What is late is swept as well: its owner is told again, and somebody who looks after all takes it off the count.
func TestALateCaseIsStillSweptAndLeavesTheCount(t *testing.T) {
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(form.Answers{"safe_now": {"no"}, "safe_contact": {"call"}}))
	d := dispatchOf(town, false)
	for m := range 12 { // to half past two: the look was due at one
		sweep(t, d, monday().Add(time.Duration(m)*30*time.Minute))
	}
	before, err := town.Store.Case(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for h := 24; h < 36; h++ {
		sweep(t, d, monday().Add(time.Duration(h)*time.Hour))
	}
	after, err := town.Store.Case(t.Context(), c.ID)
	if err != nil || after.Version == before.Version {
		t.Errorf("version is %d as the day before, %v: nobody was told again", after.Version, err)
	}
	now := monday().Add(36 * time.Hour)
	err = town.Work.Looked(t.Context(), casework.Click{
		At: now, Case: c.ID, By: casework.Reader{Worker: after.Look.Holder()}, Shown: after.Version, Command: "look",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := town.Store.Late(t.Context(), now); err != nil || got.FirstLooks != 0 {
		t.Errorf("Late = %+v, %v", got, err)
	}
}

// What nobody can do until there is a lead again is late with nobody.
func TestWhatRestsIsNotLate(t *testing.T) {
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	now := monday()
	do := func(act func(context.Context, casework.Click) error, by casework.Reader, version int) {
		t.Helper()
		k := casework.Click{At: now, Case: c.ID, By: by, Shown: version, Command: fmt.Sprint("act ", version)}
		if err := act(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	do(town.Work.Accept, casework.Reader{Worker: c.Lead}, 1)
	do(town.Work.Contacted, casework.Reader{Worker: c.Lead}, 2)
	now = monday().AddDate(0, 0, 15) // a meeting should have been planned
	sweep(t, dispatchOf(town, false), now, now.Add(time.Minute))
	if got, err := town.Store.Late(t.Context(), now); err != nil || got.Cases != 1 {
		t.Fatalf("Late = %+v, %v, want one case", got, err)
	}
	late, err := town.Store.Case(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	do(func(ctx context.Context, k casework.Click) error { return town.Work.HandBack(ctx, k, "Ze is ziek.") },
		casework.Reader{Worker: "willem", Coordinator: true}, late.Version)
	if got, err := town.Store.Late(t.Context(), now.Add(time.Minute)); err != nil || got.Cases != 0 {
		t.Errorf("Late = %+v, %v, want none", got, err)
	}
}

// A sweep that leaves something behind is another thing than one that cannot see what is due.
func TestASweepTellsWhatItLeftFromWhatItCouldNotSee(t *testing.T) { // threat:T23 //threat:T33
	town := exampletest.New(t)
	town.Submit(t, monday(), exampletest.Answers(nil))
	poison := errors.New("sealed")
	d := dispatchOf(town, false)
	d.Take = func(context.Context, time.Time, casework.Reference) error { return poison }
	now := monday().Add(time.Minute)
	err := d.Sweep(t.Context(), now)
	if left, ok := errors.AsType[*dynamo.LeftError](err); !ok || len(left.Left) != 1 || !errors.Is(err, poison) {
		t.Errorf("left %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = d.Sweep(ctx, now)
	if _, ok := errors.AsType[*dynamo.LeftError](err); ok || err == nil {
		t.Errorf("blind, it says %v", err)
	}
	if _, err := town.Store.Late(ctx, now); err == nil {
		t.Error("blind, it counts")
	}
}
