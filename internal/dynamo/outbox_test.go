package dynamo_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// owed makes a case and returns the mail to its lead, pending.
func owed(t *testing.T, town *exampletest.Town) casework.Message {
	t.Helper()
	c := town.Case(t, monday(), exampletest.Answers(nil))
	d, err := town.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d.Messages[0]
}

func TestOneOfManyClaimsWins(t *testing.T) { // invariant:I7 //threat:T22
	town := exampletest.New(t)
	m := owed(t, town)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday())
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, casework.ErrConflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d claims won, want 1", won.Load())
	}
}

func TestAClaimEndsAfterAMinute(t *testing.T) { // threat:T25
	town := exampletest.New(t)
	m := owed(t, town)
	first, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday().Add(casework.ClaimLasts-time.Second)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("claimed within the minute: %v", err)
	}
	second, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday().Add(casework.ClaimLasts))
	if err != nil || second.Tries != 2 {
		t.Fatalf("after the minute: try %d, %v", second.Tries, err)
	}
	first.Status = casework.Unsendable
	if err := town.Store.Settle(t.Context(), first); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("the first sender gave up what the second holds: %v", err)
	}
	first.Status, first.Sent, first.Provider = casework.Sent, monday(), "provider-1"
	if err := town.Store.Settle(t.Context(), first); err != nil {
		t.Errorf("what was sent was sent: %v", err)
	}
	second.Status, second.Sent = casework.Sent, monday()
	if err := town.Store.Settle(t.Context(), second); err != nil {
		t.Errorf("sent twice, marked once: %v", err)
	}
	if _, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday().Add(time.Hour)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a sent message was claimed: %v", err)
	}
	d, err := town.Store.Dossier(t.Context(), m.Case)
	if err != nil || d.Messages[0].Status != casework.Sent || d.Messages[0].Provider != "provider-1" {
		t.Errorf("message is %+v, %v", d.Messages[0], err)
	}
}

func TestAReleasedMessageWaitsForItsNextTry(t *testing.T) {
	town := exampletest.New(t)
	m := owed(t, town)
	claimed, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday())
	if err != nil {
		t.Fatal(err)
	}
	claimed.NextTry = monday().Add(8 * time.Minute)
	claimed.ClaimedUntil = claimed.NextTry
	if err := town.Store.Settle(t.Context(), claimed); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday().Add(7*time.Minute)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("tried before its time: %v", err)
	}
	if again, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday().Add(8*time.Minute)); err != nil || again.Tries != 2 {
		t.Errorf("try %d, %v", again.Tries, err)
	}
}

func TestAnUnknownMessageIsNotFound(t *testing.T) {
	town := exampletest.New(t)
	if _, err := town.Store.Claim(t.Context(), "K7M-4RT-9XC", "0001-lead-fenna", monday()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("Claim = %v, want ErrNotFound", err)
	}
}

// The sweep finds all that no wake-up did: the report, then its mails, then the deadline.
func TestTheSweepDoesWhatTheStreamMissed(t *testing.T) { // threat:T23 //invariant:I6
	town := exampletest.New(t)
	ref := town.Submit(t, monday(), exampletest.Answers(nil)).Reference
	delivered := map[string]int{}
	d := dynamo.Dispatch{
		Store: town.Store, Take: town.Work.Take, Overdue: town.Work.Overdue, Undelivered: town.Work.Undelivered,
		Deliver: func(_ context.Context, _ time.Time, _ casework.Reference, id string) error {
			delivered[id]++
			return nil
		},
	}
	if err := d.Sweep(t.Context(), monday().Add(casework.SweepAfter-time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Store.Case(t.Context(), ref); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the sweep was before the stream: %v", err)
	}
	now := monday().Add(casework.SweepAfter)
	if err := d.Sweep(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	c, err := town.Store.Case(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Sweep(t.Context(), now.Add(casework.SweepAfter)); err != nil {
		t.Fatal(err)
	}
	if len(delivered) != 2 {
		t.Errorf("delivered %v, want the lead's mail and the receipt", delivered)
	}
	due, _ := c.Deadline(casework.DueAccept)
	if err := d.Sweep(t.Context(), due.At); err != nil {
		t.Fatal(err)
	}
	if c, err = town.Store.Case(t.Context(), ref); err != nil || c.State != casework.Escalated {
		t.Errorf("after the deadline the case is %s, %v", c.State, err)
	}
}

// A report that cannot be taken stops no other and is tried again.
func TestAPoisonousReportStopsNothing(t *testing.T) { // threat:T23
	town := exampletest.New(t)
	bad := town.Submit(t, monday(), exampletest.Answers(nil)).Reference
	good := town.Submit(t, monday().Add(time.Second), exampletest.Answers(nil)).Reference
	tries := 0
	d := dynamo.Dispatch{
		Store: town.Store, Overdue: town.Work.Overdue, Undelivered: town.Work.Undelivered,
		Take: func(ctx context.Context, now time.Time, ref casework.Reference) error {
			if ref == bad {
				tries++
				return errors.New("poison")
			}
			return town.Work.Take(ctx, now, ref)
		},
		Deliver: func(context.Context, time.Time, casework.Reference, string) error { return nil },
	}
	now := monday().Add(time.Minute)
	for range 3 {
		if err := d.Sweep(t.Context(), now); err == nil && tries == 0 {
			t.Error("the poison went unnoticed")
		}
		now = now.Add(time.Minute)
	}
	if _, err := town.Store.Case(t.Context(), good); err != nil {
		t.Errorf("the good report has no case: %v", err)
	}
	if tries != 3 {
		t.Errorf("the bad report was tried %d times in three minutes, want 3", tries)
	}
}
