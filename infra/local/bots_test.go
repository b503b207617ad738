package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// The library's network, where people and programs come from at the same hour, and others that send programs alone.
const library = "192.0.2.0/24"

// flood is a front door and what comes through it, on Monday morning.
type flood struct {
	*exampletest.Town
	t   *testing.T
	now time.Time

	mu   sync.Mutex
	sent map[casework.Reference]bool // whether a person sent it
}

// P7: 10,000 bots and 50 people; the 50 people are visible within their term, and no mail is owed about a bot. In
// `make check` there are 400 bots.
//
// feature:P7
func TestPeopleAreVisibleInAFlood(t *testing.T) { // threat:T31 //threat:T32
	t.Parallel()
	bots := 400
	if *prove {
		bots = 10_000
	}
	f := &flood{
		Town: exampletest.New(t), t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), sent: map[casework.Reference]bool{},
	}
	f.Intake.Limits = casework.PublicLimits()
	f.comeIn(bots)
	singles, groups := f.lookAt()
	f.clear(singles)
	clicks := f.close(groups)
	if most := len(groups) * (casework.SampleLeast + 1); clicks > most {
		t.Errorf("%d clicks for %d groups", clicks, len(groups))
	}
	f.settled()
	t.Logf("%d bots in %d groups cost %d clicks", bots, len(groups), clicks)
}

// comeIn sends everybody's reports, mixed, and tells dispatch of each.
func (f *flood) comeIn(bots int) {
	f.t.Helper()
	var g errgroup.Group
	g.SetLimit(4)
	const people, atLibrary = 50, 30
	for n := range bots {
		network := fmt.Sprintf("198.51.%d.0/24", n%4)
		if n%5 == 0 {
			network = library
		}
		g.Go(func() error { return f.send(network, time.Second, n%2 == 0, false) })
		if every := bots / people; n%every == 0 && n/every < people {
			network := fmt.Sprintf("203.0.%d.0/24", n/every)
			if n/every < atLibrary {
				network = library
			}
			g.Go(func() error { return f.send(network, 4*time.Minute, false, true) })
		}
	}
	if err := g.Wait(); err != nil {
		f.t.Fatal(err)
	}
}

// send fills in a form from a network and sends it after a while; dispatch hears of it.
func (f *flood) send(network string, takes time.Duration, trapped, person bool) error {
	ctx := f.t.Context()
	name, count, err := f.Arrivals.Count(ctx, network, f.now)
	if err != nil {
		return err
	}
	receipt, err := f.Intake.Submit(ctx, f.now.Add(takes), casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "nl", Answers: exampletest.Answers(nil),
		Begun: form.Begun{At: f.now, Network: name, Count: count, Trapped: trapped},
	})
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.sent[receipt.Reference] = person
	f.mu.Unlock()
	return f.dispatch().Inserted(ctx, f.now.Add(takes), dynamo.Key{PK: "REPORT#" + string(receipt.Reference), SK: "REPORT"})
}

func (f *flood) dispatch() dynamo.Dispatch {
	return dynamo.Dispatch{
		Store: f.Store, Take: f.Work.Take, Overdue: f.Work.Overdue, Waiting: f.Work.TellWaiting,
		Undelivered: f.Work.Undelivered,
		Deliver:     func(context.Context, time.Time, casework.Reference, string) error { return nil },
	}
}

// lookAt is what who is on duty sees minutes later: every person has a case, or stands by themselves in the list.
func (f *flood) lookAt() (singles []casework.Quarantined, groups [][]casework.Quarantined) {
	f.t.Helper()
	waiting, err := f.Store.Quarantined(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	singles, groups = casework.ByLook(waiting)
	hidden := 0
	for ref, person := range f.sent {
		listed := slices.ContainsFunc(singles, func(q casework.Quarantined) bool { return q.Reference == ref })
		_, err := f.Store.Case(f.t.Context(), ref)
		switch hasCase := err == nil; {
		case person && !listed && !hasCase:
			hidden++
		case !person && hasCase:
			f.t.Errorf("a bot has a case, and mails are owed about it")
		}
	}
	if hidden > 0 || len(waiting) < len(f.sent)-50 {
		f.t.Errorf("%d people are hidden; %d of %d reports wait", hidden, len(waiting), len(f.sent))
	}
	return singles, groups
}

// clear says of each report that stands by itself whether a person sent it.
func (f *flood) clear(singles []casework.Quarantined) {
	f.t.Helper()
	for _, q := range singles {
		j := casework.Judgement{By: "ilse", At: f.now.Add(time.Hour), Human: f.sent[q.Reference]}
		if err := f.Store.Judge(f.t.Context(), q.Reference, j); err != nil {
			f.t.Fatal(err)
		}
	}
}

// close closes every group after a look at a sample, and returns how many clicks that took. Programs do the rest, which
// stop and go on.
func (f *flood) close(groups [][]casework.Quarantined) (clicks int) {
	f.t.Helper()
	ctx, at := f.t.Context(), f.now.Add(time.Hour)
	for _, group := range groups {
		for _, q := range group[:casework.SampleLeast] {
			if err := f.Store.Judge(ctx, q.Reference, casework.Judgement{By: "ilse", At: at}); err != nil {
				f.t.Fatal(err)
			}
			clicks++
		}
		closing := casework.GroupClosing{Group: group[0].Group(), By: "ilse", At: at, Command: casework.NewSecret().String()}
		if err := f.Work.CloseGroup(ctx, closing); err != nil {
			f.t.Fatal(err)
		}
		clicks++
	}
	for minute := 1; minute <= 60; minute++ {
		if err := f.dispatch().Sweep(ctx, at.Add(time.Duration(minute)*time.Second)); err != nil {
			f.t.Fatal(err)
		}
		if waiting, err := f.Store.Quarantined(ctx); err != nil || len(waiting) == 0 {
			return clicks
		}
	}
	f.t.Error("an hour later reports wait")
	return clicks
}

// settled says that every person has a case with a lead and a promise that can be kept, and no bot has.
func (f *flood) settled() {
	f.t.Helper()
	people := 0
	for ref, person := range f.sent {
		c, err := f.Store.Case(f.t.Context(), ref)
		if !person {
			if !errors.Is(err, casework.ErrNotFound) {
				f.t.Errorf("a bot's report: %v", err)
			}
			continue
		}
		if err != nil {
			f.t.Errorf("a person has no case: %v", err)
			continue
		}
		people++
		due, _ := c.Deadline(casework.DueContact)
		if within := f.Municipality.Due(c.Reported, f.Municipality.TermsOf(municipality.P3).FirstContact); c.Owner() == "" || !due.At.Equal(within) {
			f.t.Errorf("case with %q, contact until %v, want %v", c.Owner(), due.At, within)
		}
	}
	if people != 50 {
		f.t.Errorf("%d people", people)
	}
}

// A library's address is not refused: thirty people in an hour are served, ten of them after a person's look.
func TestALibraryIsServed(t *testing.T) { // threat:T32
	t.Parallel()
	f := &flood{
		Town: exampletest.New(t), t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), sent: map[casework.Reference]bool{},
	}
	f.Intake.Limits = casework.PublicLimits()
	for range 30 {
		if err := f.send(library, 4*time.Minute, false, true); err != nil {
			t.Fatal(err)
		}
	}
	singles, groups := f.lookAt()
	if len(singles) != 10 || len(groups) != 0 {
		t.Errorf("%d wait, and %d groups", len(singles), len(groups))
	}
	f.clear(singles)
	if err := f.dispatch().Sweep(t.Context(), f.now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for ref := range f.sent {
		if _, err := f.Store.Case(t.Context(), ref); err != nil {
			t.Error(err)
		}
	}
}
