package dynamo_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// Two who change the same absences: one wins. Who changed whose stands in the log, in the same transaction.
func TestAnAbsenceIsChangedFromWhatWasShown(t *testing.T) { // feature:G4
	town := exampletest.New(t)
	first := []routing.Absence{{From: "2026-11-30", To: "2026-12-04", StandIn: "daan"}, {From: "2026-12-21", To: "2026-12-24"}}
	other := []routing.Absence{{From: "2026-12-01", To: "2026-12-01", StandIn: "mees"}}
	by := casework.Audit{At: monday(), Worker: "willem", Page: "POST /", About: "fenna"}
	for _, tt := range []struct { // in this order
		name          string
		worker        string
		before, after []routing.Absence
		want          error
	}{
		{"from none", "fenna", nil, first, nil},
		{"the same once more", "fenna", nil, first, nil},
		{"from none, while there are some", "fenna", nil, other, casework.ErrConflict},
		{"from others", "fenna", other, nil, casework.ErrConflict},
		{"one of them less", "fenna", first, first[:1], nil},
		{"none any more", "fenna", first[:1], nil, nil},
		{"none of nobody", "nobody", nil, nil, casework.ErrConflict},
		{"some of nobody", "nobody", nil, first, casework.ErrConflict},
		{"some again", "fenna", nil, other, nil},
	} {
		if err := town.Store.SaveAbsence(t.Context(), tt.worker, tt.before, tt.after, by); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	people, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if fenna, _ := people.Worker("fenna"); !cmp.Equal(other, fenna.Absent) {
		t.Errorf("fenna is away %v", fenna.Absent)
	}
	if _, there := people.Worker("nobody"); there {
		t.Error("there is a worker whom nobody added")
	}
	rows, err := town.Store.Audited(t.Context(), casework.DayOf(monday()), "willem")
	if err != nil || len(rows) != 4 || rows[0].About != "fenna" {
		t.Errorf("the log has %d rows, %v, want one for each change", len(rows), err)
	}
}
