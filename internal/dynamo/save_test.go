package dynamo_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/dynoxide/dynoxidetest"
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

// A hint that came after its case could be lost with the process, and a household would have two leads. Who follows one to
// a report that came before has a case made of it first; whoever follows it from that report goes on alone.
func TestAHintStandsBeforeItsCase(t *testing.T) { // feature:E8
	town := exampletest.New(t)
	var calls []string
	down := true
	faults := &dynoxidetest.Faults{Next: func(operation string) dynoxidetest.Fault {
		calls = append(calls, operation)
		if down && operation == "TransactWriteItems" {
			return dynoxidetest.DropBefore
		}
		return dynoxidetest.None
	}}
	store := *town.Store
	store.Client = dynamodb.NewFromConfig(faults.With(town.Config.Copy()))
	broken := town.Work
	broken.Store = &store

	answers := exampletest.Answers(nil)
	first := town.Submit(t, monday(), answers).Reference
	second := town.Submit(t, monday().Add(time.Minute), answers).Reference
	for _, ref := range []casework.Reference{first, second} {
		if err := broken.Take(t.Context(), monday(), ref); err == nil {
			t.Fatal("taken without a transaction")
		}
	}
	down, calls = false, nil
	if err := broken.Take(t.Context(), monday(), second); err != nil {
		t.Fatal(err)
	}
	before, err := town.Store.Case(t.Context(), first)
	if err != nil || before.Proposed != "" || before.Nearby {
		t.Errorf("the first report is held to belong to %q, which was no case yet: %v", before.Proposed, err)
	}
	if c, err := town.Store.Case(t.Context(), second); err != nil || c.Proposed != first || c.Lead != before.Lead {
		t.Errorf("the second report is held to belong to %q, want %s: %v", c.Proposed, first, err)
	}
	hints, last := slices.Index(calls, "PutItem"), len(calls)-1
	if hints < 0 || calls[last] != "TransactWriteItems" || slices.Index(calls, "TransactWriteItems") < hints {
		t.Errorf("calls are %v, want the hints and then the case", calls)
	}
}
