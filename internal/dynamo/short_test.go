package dynamo_test

import (
	"errors"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

func TestASessionLastsWhileItIsSeenAndUntilItIsEnded(t *testing.T) { // threat:T05
	town := exampletest.New(t)
	n := casework.Session{ID: "a1", Worker: "fenna", Started: monday(), Proved: monday().Add(-time.Minute)}
	sees := func(id string, after time.Duration) error {
		got, err := town.Store.SeeSession(t.Context(), id, monday().Add(after))
		if want := n; err == nil {
			if want.ID = id; got != want {
				t.Errorf("SeeSession(%s) = %v, want %v", id, got, want)
			}
		}
		return err
	}
	for _, id := range []string{"a1", "a2"} {
		n := n
		n.ID = id
		if err := town.Store.PutSession(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		if err := town.Store.PutSession(t.Context(), n); !errors.Is(err, casework.ErrConflict) {
			t.Errorf("a session was started twice: %v", err)
		}
	}
	almost := casework.SessionIdle - time.Millisecond
	if err := sees("a2", casework.SessionIdle); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a session that nobody saw for an hour lasts: %v", err)
	}
	if err := sees("a2", almost); err != nil {
		t.Errorf("to look at a session that was idle for too long moved it on: %v", err)
	}
	for at := almost; at < casework.SessionLasts; at += almost {
		if err := sees("a1", at); err != nil {
			t.Errorf("after %v of being seen: %v", at, err)
		}
	}
	if err := sees("a1", casework.SessionLasts); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a session lasts longer than a day's work: %v", err)
	}
	if err := town.Store.EndSession(t.Context(), "a2"); err != nil {
		t.Fatal(err)
	}
	if err := sees("a2", almost+time.Second); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("an ended session is there: %v", err)
	}
	if err := sees("a3", 0); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a session that never was is there: %v", err)
	}
}

func TestASignInIsTakenOnceAndInTime(t *testing.T) { // threat:T35
	town := exampletest.New(t)
	n := casework.SignIn{ID: "s1", Nonce: "n", Verifier: "v", Goal: "/desk/", Expires: monday().Add(10 * time.Minute)}
	late := n
	late.ID = "s2"
	for _, n := range []casework.SignIn{n, late} {
		if err := town.Store.PutSignIn(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := town.Store.TakeSignIn(t.Context(), "s1", monday()); err != nil || got != n {
		t.Errorf("TakeSignIn = %v, %v", got, err)
	}
	for id, at := range map[string]time.Time{"s1": monday(), "s2": late.Expires, "s3": monday()} {
		if _, err := town.Store.TakeSignIn(t.Context(), id, at); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("TakeSignIn(%s) = %v, want ErrNotFound", id, err)
		}
	}
}

func TestASubjectIsBoundOnce(t *testing.T) { // threat:T35
	town := exampletest.New(t)
	for _, worker := range []string{"fenna", "daan"} {
		if bound, err := town.Store.BindSubject(t.Context(), "https://issuer.example", "sub-1", worker); err != nil || bound != "fenna" {
			t.Errorf("BindSubject(%s) = %s, %v; want fenna", worker, bound, err)
		}
	}
}

// Expiry is a condition on time: the row is still there, TTL has swept nothing.
func TestAnExpiredLinkOpensNothing(t *testing.T) { // invariant:I12
	town := exampletest.New(t)
	secret := casework.NewSecret()
	token := secret.LinkToken()
	_, err := town.Store.Submit(t.Context(), casework.Report{Receipt: casework.Receipt{Reference: secret.Reference(0)}},
		&casework.Link{ID: token.ID(), Expires: monday()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Store.Link(t.Context(), token.ID(), monday().Add(-time.Second)); err != nil {
		t.Error(err)
	}
	if _, err := town.Store.Link(t.Context(), token.ID(), monday()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("an expired link opens: %v", err)
	}
}
