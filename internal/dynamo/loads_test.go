package dynamo_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/dynamo"
	"voordeur/internal/routing"
)

func TestHowFarCountingHasComeIsKeptOneStepAtATime(t *testing.T) { // threat:T28
	s := exampletest.New(t).Store
	if first, err := s.Counted(t.Context()); err != nil || !cmp.Equal(first, casework.Counted{}) {
		t.Errorf("before the first run %+v, %v", first, err)
	}
	amsterdam := time.FixedZone("CET", 3600)
	want := casework.Counted{
		Version: 1, At: monday().Add(1500 * time.Microsecond).In(amsterdam), After: "fenna", Workers: 7, Drifted: 3, Corrected: []string{"daan"},
		Found:  []casework.Drift{{Worker: "emre", Load: 7, Counted: 5, LastAssigned: monday().Add(-time.Microsecond)}},
		Before: []casework.Drift{{Worker: "daan", Load: -1}, {Worker: "ilse", Counted: 3}},
	}
	for _, tt := range []struct {
		version int
		want    error
	}{{1, nil}, {1, casework.ErrConflict}, {3, casework.ErrConflict}, {2, nil}, {2, casework.ErrConflict}} {
		next := want
		next.Version = tt.version
		if err := s.KeepCounted(t.Context(), next); !errors.Is(err, tt.want) {
			t.Errorf("version %d: %v, want %v", tt.version, err, tt.want)
		}
		if tt.want == nil {
			want = next
		}
		if got, err := s.Counted(t.Context()); err != nil || !cmp.Equal(want, got) {
			t.Errorf("kept (-want +got):\n%s%v", cmp.Diff(want, got), err)
		}
	}
	seen := false
	err := s.Walk(t.Context(), func(r dynamo.Row, err error) error {
		seen = seen || r.Kind == "LOADS"
		return err
	})
	if err != nil || !seen {
		t.Errorf("walked past it: %t, %v", seen, err)
	}
	reshape(t.Context(), t, s, dynamo.Key{PK: "LOADS", SK: "LOADS"}, dynamo.NewestShape("LOADS")+1)
	if _, err := s.Counted(t.Context()); err == nil {
		t.Error("a row of a later release is read")
	}
}

// A correction is written when the worker is as they were when their load was counted, and only together with how far
// counting has come.
func TestALoadIsCorrectedWhenNobodyActedSince(t *testing.T) { // threat:T28 //threat:T26
	last, later := monday().Add(-2*time.Hour+time.Nanosecond), monday()
	for name, tt := range map[string]struct {
		drift   casework.Drift
		worker  routing.Worker
		version int // of how far counting has come; the table has 1
		done    bool
		want    error
	}{
		"as it was":                  {casework.Drift{Load: 7, LastAssigned: last}, routing.Worker{Load: 7, LastAssigned: last}, 2, true, nil},
		"as it was, never assigned":  {casework.Drift{Load: 7}, routing.Worker{Load: 7}, 2, true, nil},
		"the counter moved":          {casework.Drift{Load: 7, LastAssigned: last}, routing.Worker{Load: 6, LastAssigned: last}, 2, false, nil},
		"another case came":          {casework.Drift{Load: 7, LastAssigned: last}, routing.Worker{Load: 7, LastAssigned: later}, 2, false, nil},
		"the first case came":        {casework.Drift{Load: 7}, routing.Worker{Load: 7, LastAssigned: later}, 2, false, nil},
		"another sweep was first":    {casework.Drift{Load: 7, LastAssigned: last}, routing.Worker{Load: 7, LastAssigned: last}, 1, false, casework.ErrConflict},
		"another sweep was far away": {casework.Drift{Load: 7, LastAssigned: last}, routing.Worker{Load: 7, LastAssigned: last}, 3, false, casework.ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			s := exampletest.New(t).Store
			tt.worker.ID, tt.drift.Worker, tt.drift.Counted = "w1", "w1", 4
			begun := casework.Counted{Version: 1, At: monday()}
			if err := errors.Join(s.AddWorker(t.Context(), directory.Card{Name: "Iemand"}, tt.worker), s.KeepCounted(t.Context(), begun)); err != nil {
				t.Fatal(err)
			}
			done, err := s.CorrectLoad(t.Context(), tt.drift, casework.Counted{Version: tt.version, At: monday(), Corrected: []string{"w1"}})
			if done != tt.done || !errors.Is(err, tt.want) {
				t.Errorf("done %t, %v, want %t, %v", done, err, tt.done, tt.want)
			}
			want := tt.worker
			if tt.done {
				want.Load, begun.Version, begun.Corrected = 4, 2, []string{"w1"}
			}
			people, err := s.People(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got, _ := people.Worker("w1")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("worker (-want +got):\n%s", diff)
			}
			if kept, err := s.Counted(t.Context()); err != nil || !cmp.Equal(begun, kept) {
				t.Errorf("kept (-want +got):\n%s%v", cmp.Diff(begun, kept), err)
			}
		})
	}
}

func TestOfAWorkerWhoIsNotThereNoLoadIsCorrected(t *testing.T) { // threat:T28
	s := exampletest.New(t).Store
	if done, err := s.CorrectLoad(t.Context(), casework.Drift{Worker: "niemand"}, casework.Counted{Version: 1, At: monday()}); done || err != nil {
		t.Errorf("done %t, %v", done, err)
	}
	if people, err := s.People(t.Context()); err != nil || len(people.Workers) != 15 {
		t.Errorf("%d workers, %v", len(people.Workers), err)
	}
}
