package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
)

// Thirty residents send at one moment while the clock moves, so that stream and sweep meet on every report and on every
// mail under way: one mail to one worker and one receipt each.
//
// invariant:I7
// threat:T22
func TestStreamAndSweepAtOneMomentMailOnce(t *testing.T) {
	t.Parallel()
	const residents, step = 30, 50 * time.Millisecond
	v := serveHere(t)
	v.inbox.Refuse(func(string) error { // nobody; but each mail takes long enough to be met by the other
		time.Sleep(step)
		return nil
	})
	p := &program{t: t, base: v.base}
	references := make([]casework.Reference, residents)
	ready := make([]*resident, residents)
	filling, ctx := errgroup.WithContext(t.Context())
	for i := range ready {
		ready[i] = newResident(v.base)
		filling.Go(func() error { return ready[i].fillIn(ctx, callMe()) })
	}
	if err := filling.Wait(); err != nil {
		t.Fatal(err)
	}
	within, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	sending, ctx := errgroup.WithContext(within)
	for i, r := range ready {
		sending.Go(func() (err error) {
			references[i], err = r.send(ctx)
			return err
		})
	}
	for range 2 { // the sweep does not leave the first half minute to the stream, and the next does not wait for it
		sending.Go(func() error {
			for ctx.Err() == nil && len(v.inbox.All()) < 2*residents {
				if err := v.dispatch.Drain(ctx, v.clock.Now()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for moved := time.Duration(0); moved < 40*time.Second && len(v.inbox.All()) < 2*residents; moved += step {
		p.advance(step) // a claim holds for a minute: in all less than that
	}
	if err := sending.Wait(); err != nil {
		t.Fatal(err)
	}
	p.advance(5 * time.Minute)
	workers, receipts := map[casework.Reference]int{}, map[casework.Reference]int{}
	for _, m := range v.inbox.All() {
		to := receipts
		if strings.Contains(m.To, "@wijkteam.") {
			to = workers
		}
		to[casework.Reference(reference.FindString(m.Text))]++
	}
	for _, ref := range references {
		if workers[ref] != 1 || receipts[ref] != 1 {
			t.Errorf("%s: %d mails to workers and %d receipts, want one of each", ref, workers[ref], receipts[ref])
		}
	}
}

// The minute here does what dispatch's does: it counts the loads too.
func TestTheMinuteCountsTheLoads(t *testing.T) { // threat:T28
	t.Parallel()
	v := serveHere(t)
	var counted casework.Counted
	for end := time.Now().Add(20 * time.Second); counted.Version == 0 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var err error
		if counted, err = v.store.Counted(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	people, err := v.store.People(t.Context())
	if err != nil || counted.Workers != len(people.Workers) || counted.Drifted > 0 {
		t.Errorf("counted %+v of %d workers, %v", counted, len(people.Workers), err)
	}
}

// serveHere runs the service within the test, so that the test can reach its parts.
func serveHere(t *testing.T) *service {
	t.Helper()
	v, err := start(t.Context(), settings{addr: "127.0.0.1:0", data: t.TempDir(), municipality: waterstad})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- v.serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-served, v.close()); err != nil {
			t.Error(err)
		}
	})
	return v
}
