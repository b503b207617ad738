package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// watchedNow says what the duty screen has of cases, by group.
func watchedNow(t *testing.T, town *exampletest.Town, now time.Time) string {
	t.Helper()
	d, err := town.Store.Duty(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d looks, %d offers, %d queued, %d waiting", len(d.Looks), len(d.Offers), len(d.Queues), len(d.Waiting))
}

// What stands with somebody before a lead is at work is on the duty screen until that person did something.
func TestACaseIsWatchedUntilSomebodyDidSomething(t *testing.T) { // invariant:I8
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(form.Answers{"basics": {"food"}}))
	act := func(name string, by casework.Reader, do func(k casework.Click) error) {
		t.Helper()
		head, err := town.Store.Case(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := do(casework.Click{At: monday(), Case: c.ID, By: by, Shown: head.Version, Command: name}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	willem := casework.Reader{Worker: "willem", Coordinator: true}
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"reported", func() {}, "1 looks, 1 offers, 0 queued, 0 waiting"},
		{"looked at", func() {
			act("look", casework.Reader{Worker: c.Look.Holder()}, func(k casework.Click) error { return town.Work.Looked(t.Context(), k) })
		}, "0 looks, 1 offers, 0 queued, 0 waiting"},
		{"passed in silence", func() {
			due, _ := c.Deadline(casework.DueAccept)
			if err := town.Work.Overdue(t.Context(), due.At, c.ID); err != nil {
				t.Fatal(err)
			}
		}, "0 looks, 0 offers, 1 queued, 0 waiting"},
		{"on the waiting list", func() {
			act("wait", willem, func(k casework.Click) error {
				return town.Work.Waitlist(t.Context(), k, monday().AddDate(0, 0, 14), "Fenna heeft dan plek.")
			})
		}, "0 looks, 0 offers, 0 queued, 1 waiting"},
		{"given to somebody", func() {
			act("place", willem, func(k casework.Click) error { return town.Work.Place(t.Context(), k, "daan", "Die heeft plek.") })
		}, "0 looks, 1 offers, 0 queued, 0 waiting"},
		{"accepted", func() {
			act("accept", casework.Reader{Worker: "daan"}, func(k casework.Click) error { return town.Work.Accept(t.Context(), k) })
		}, "0 looks, 0 offers, 0 queued, 0 waiting"},
	} {
		step.do()
		if got := watchedNow(t, town, monday()); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
}

// feature:L2
func TestTheWaitingListSaysWithWhomSinceWhenAndWhy(t *testing.T) {
	town := exampletest.New(t)
	var want []casework.Watched
	for day := range 2 {
		now := monday().AddDate(0, 0, day)
		c := town.Case(t, now, exampletest.Answers(nil))
		k := casework.Click{At: now, Case: c.ID, By: casework.Reader{Worker: "willem", Coordinator: true}, Shown: c.Version, Command: "wait"}
		if err := town.Work.Waitlist(t.Context(), k, now.AddDate(0, 0, 14), "Het team is vol."); err != nil {
			t.Fatal(err)
		}
		head, err := town.Store.Case(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		before, _ := head.Deadline(casework.DuePlace)
		want = append(want, casework.Watched{
			Case: c.ID, With: "willem", Since: now, Before: before.At, Priority: municipality.P3, Area: "noord", Why: casework.NobodyFits,
		})
	}
	d, err := town.Store.Duty(t.Context(), monday())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, d.Waiting); diff != "" {
		t.Errorf("oldest first (-want +got):\n%s", diff)
	}
}

// I6: a mail to a worker is on the duty screen 15 minutes after it was owed unless it is known to have arrived, and at
// once when it came back or cannot be sent; who is told of it is told once.
//
// feature:H5
func TestAMailThatDoesNotArriveIsShown(t *testing.T) { // invariant:I6 //threat:T25
	settle := func(t *testing.T, town *exampletest.Town, m casework.Message, status casework.MessageStatus) {
		t.Helper()
		claimed, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday())
		if err != nil {
			t.Fatal(err)
		}
		claimed.Status, claimed.Sent = status, monday()
		if err := town.Store.Settle(t.Context(), claimed); err != nil {
			t.Fatal(err)
		}
	}
	tell := func(t *testing.T, town *exampletest.Town, m casework.Message, told casework.MessageStatus) {
		t.Helper()
		if _, _, err := town.Store.Feedback(t.Context(), m.Case, func(id string) bool { return id == m.ID }, told, monday()); err != nil {
			t.Fatal(err)
		}
	}
	tests := map[string]struct {
		before func(t *testing.T, town *exampletest.Town, m casework.Message)
		after  time.Duration
		want   casework.Trouble // "": nothing is wrong
		quiet  bool             // nobody is told yet
	}{
		"owed for 14 minutes": {after: 14 * time.Minute},
		"owed for 15 minutes": {after: 15 * time.Minute, want: casework.Owed},
		"sent, and nobody tells what became of it": {after: 15 * time.Minute, want: casework.NoWord, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			settle(t, town, m, casework.Sent)
		}},
		"sent after 15 minutes, and it may still arrive": {after: 15*time.Minute + time.Second, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			claimed, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday().Add(15*time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			claimed.Status, claimed.Sent = casework.Sent, monday().Add(15*time.Minute)
			if err := town.Store.Settle(t.Context(), claimed); err != nil {
				t.Fatal(err)
			}
		}, want: casework.NoWord, quiet: true},
		"delivered": {after: time.Hour, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			settle(t, town, m, casework.Sent)
			tell(t, town, m, casework.Delivered)
		}},
		"delivered, told before it is marked": {after: time.Hour, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			tell(t, town, m, casework.Delivered)
			settle(t, town, m, casework.Sent)
		}},
		"bounced": {after: time.Second, want: casework.Returned, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			settle(t, town, m, casework.Sent)
			tell(t, town, m, casework.Bounced)
		}},
		"called spam": {after: time.Second, want: casework.Returned, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			settle(t, town, m, casework.Sent)
			tell(t, town, m, casework.Complained)
		}},
		"without an address": {after: time.Second, want: casework.Unsent, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			settle(t, town, m, casework.Unsendable)
		}},
		"not so any more": {after: time.Hour, before: func(t *testing.T, town *exampletest.Town, m casework.Message) {
			settle(t, town, m, casework.Obsolete)
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			m := owed(t, town)
			if tt.before != nil {
				tt.before(t, town, m)
			}
			now := monday().Add(tt.after)
			told := map[string]int{}
			d := dispatchOf(town, true)
			d.Deliver = func(context.Context, time.Time, casework.Reference, string) error { return nil }
			d.Undelivered = func(_ context.Context, _ time.Time, _ casework.Reference, id string) error { told[id]++; return nil }
			for minute := range 3 {
				sweep(t, d, now.Add(time.Duration(minute)*time.Second))
				got, err := town.Store.Duty(t.Context(), now)
				if err != nil {
					t.Fatal(err)
				}
				if len(got.Mails) == 0 && tt.want == "" {
					continue
				}
				if len(got.Mails) != 1 || got.Mails[0].Trouble != tt.want || got.Mails[0].To != m.To || got.Mails[0].ID != m.ID || got.Mails[0].Case != m.Case {
					t.Errorf("the duty screen has %+v, want %q of %s", got.Mails, tt.want, m.ID)
				}
			}
			if want := map[bool]int{true: 1}[tt.want != "" && !tt.quiet]; told[m.ID] != want {
				t.Errorf("told %d times, want %d", told[m.ID], want)
			}
		})
	}
}

// What becomes of a mail that somebody sends again: one row more, however often and by however many it is asked for.
//
// feature:H5
func TestAMailIsSentAgainOnce(t *testing.T) { // threat:T10 //threat:T25
	late := monday().Add(20 * time.Minute)
	town := exampletest.New(t)
	m := owed(t, town)
	if err := town.Store.SendAgain(t.Context(), m.Case, m.ID, "ilse", monday().Add(time.Minute)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("before it is late: %v", err)
	}
	var g errgroup.Group
	for range 8 {
		g.Go(func() error { return town.Store.SendAgain(context.Background(), m.Case, m.ID, "ilse", late) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	d, err := town.Store.Dossier(t.Context(), m.Case)
	if err != nil {
		t.Fatal(err)
	}
	again := slices.DeleteFunc(slices.Clone(d.Messages), func(other casework.Message) bool { return !strings.HasPrefix(other.ID, m.ID+"~") })
	if len(again) != 1 || again[0].Status != casework.Pending || again[0].To != m.To || again[0].Kind != m.Kind {
		t.Fatalf("sent again: %+v", again)
	}
	if old, _ := d.Message(m.ID); old.Status != casework.Obsolete || old.HandledBy != "ilse" {
		t.Errorf("the first is %+v", old)
	}
	if duty, err := town.Store.Duty(t.Context(), late); err != nil || len(duty.Mails) != 0 {
		t.Errorf("the duty screen still has %+v, %v", duty.Mails, err)
	}
	later := late.Add(casework.ArriveWithin)
	if err := town.Store.SendAgain(t.Context(), m.Case, again[0].ID, "ilse", later); err != nil {
		t.Fatal(err)
	}
	if err := town.Store.PassedOn(t.Context(), m.Case, m.ID+"~3", "hanna", later.Add(casework.ArriveWithin)); err != nil {
		t.Error(err)
	}
	if duty, err := town.Store.Duty(t.Context(), later.Add(time.Hour)); err != nil || len(duty.Mails) != 0 {
		t.Errorf("the duty screen still has %+v, %v", duty.Mails, err)
	}
	if err := town.Store.SendAgain(t.Context(), m.Case, "0009-lead-nobody", "ilse", late); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a mail that there is not: %v", err)
	}
}

// Who has claimed a mail is sending it now: sending it again would send it twice. One that waits for its next try is
// nobody's at the moment.
func TestAMailThatIsBeingSentIsNotSentAgain(t *testing.T) { // invariant:I7
	late := monday().Add(20 * time.Minute)
	town := exampletest.New(t)
	m := owed(t, town)
	claimed, err := town.Store.Claim(t.Context(), m.Case, m.ID, late.Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if err := town.Store.SendAgain(t.Context(), m.Case, m.ID, "ilse", late); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("while it is being sent: %v", err)
	}
	claimed.NextTry, claimed.ClaimedUntil = late.Add(time.Minute), late.Add(time.Minute)
	if err := town.Store.Settle(t.Context(), claimed); err != nil {
		t.Fatal(err)
	}
	if err := town.Store.SendAgain(t.Context(), m.Case, m.ID, "ilse", late); err != nil {
		t.Errorf("while it waits for its next try: %v", err)
	}
	if _, err := town.Store.Claim(t.Context(), m.Case, m.ID, late.Add(time.Hour)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("the first is still sent: %v", err)
	}
}

// T33: when dispatch saw all that was due is kept, also when something failed; when it could not see, it is not.
func TestTheLatestSweepIsKept(t *testing.T) { // threat:T33 //feature:P4
	town := exampletest.New(t)
	latest := func() casework.Sweep {
		t.Helper()
		s, err := town.Store.Sweep(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if got := latest(); !got.Stopped(monday()) {
		t.Errorf("before the first sweep: %+v", got)
	}
	d := dispatchOf(town, false)
	sweep(t, d, monday(), monday().Add(-time.Hour))
	if got := latest(); !got.At.Equal(monday()) || got.Stopped(monday().Add(casework.SweepStops)) || !got.Stopped(monday().Add(casework.SweepStops+time.Second)) {
		t.Errorf("the latest sweep is %+v", got)
	}
	town.Submit(t, monday(), exampletest.Answers(nil))
	d.Take = func(context.Context, time.Time, casework.Reference) error { return errors.New("sealed") }
	if err := d.Sweep(t.Context(), monday().Add(time.Minute)); err == nil {
		t.Error("nothing failed")
	}
	if got := latest(); !got.At.Equal(monday().Add(time.Minute)) || got.Left != 1 {
		t.Errorf("the latest sweep is %+v", got)
	}
	blind, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Sweep(blind, monday().Add(2*time.Minute)); err == nil {
		t.Error("it was blind and saw everything")
	}
	if got := latest(); !got.At.Equal(monday().Add(time.Minute)) {
		t.Errorf("a blind sweep counts: %+v", got)
	}
}
