package dynamo_test

import (
	"errors"
	"testing"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// The store forgets idempotency tokens when it restarts: a repeat must find its own earlier success in the row.
func TestTheSameChangeAgainIsDoneAndAnotherIsAConflict(t *testing.T) { // threat:T26
	town := exampletest.New(t)
	ref := town.Submit(t, monday(), exampletest.Answers(nil)).Reference
	change := func(hash string) casework.Change {
		return casework.Change{
			Case: casework.Case{
				ID: ref, Version: 1, State: casework.Assigned, Lead: "fenna", Weight: 1, Reported: monday(), ChainHash: []byte(hash),
			},
			Event: casework.Event{Case: ref, Version: 1, Kind: casework.EvAssigned, At: monday(), Hash: []byte(hash)},
			Loads: []casework.Load{{Worker: "fenna", Points: 1}},
		}
	}
	for range 2 {
		if err := town.Store.Save(t.Context(), change("mine")); err != nil {
			t.Fatal(err)
		}
	}
	if err := town.Store.Save(t.Context(), change("somebody else's")); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("another change of the same version: %v, want ErrConflict", err)
	}
	people, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := people.Worker("fenna"); w.Load != 1 {
		t.Errorf("load is %d after the same change twice, want 1", w.Load)
	}
}
