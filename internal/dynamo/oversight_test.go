package dynamo_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// Who read a case is found by the case, the newest first, a page at a time; of a number that there is not, nobody.
func TestReadingsAreFoundByTheirCase(t *testing.T) { // threat:T14
	town := exampletest.New(t)
	ref, other := casework.NewSecret().Reference(0), casework.NewSecret().Reference(0)
	const many = 130
	for n := range many {
		a := casework.Audit{At: monday().Add(time.Duration(n) * time.Minute), Worker: "daan", Page: fmt.Sprint(n), Cases: []casework.Reference{ref}}
		if err := town.Store.AuditReading(t.Context(), a, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := town.Store.AuditReading(t.Context(), casework.Audit{At: monday(), Worker: "emre", Cases: []casework.Reference{other}}, casework.ACoordinator); err != nil {
		t.Fatal(err)
	}
	var pages []int
	next, at := "", many
	for {
		readings, after, err := town.Store.Readings(t.Context(), ref, next)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range readings {
			at--
			if r.Page != fmt.Sprint(at) || r.Worker != "daan" || !r.At.Equal(monday().Add(time.Duration(at)*time.Minute)) {
				t.Fatalf("got %+v at place %d", r, at)
			}
		}
		pages = append(pages, len(readings))
		if next = after; next == "" {
			break
		}
	}
	if diff := cmp.Diff([]int{100, 30}, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	audits, err := town.Store.Audited(t.Context(), casework.DayOf(monday()), "daan")
	if err != nil || len(audits) != many {
		t.Errorf("%d audit rows, %v", len(audits), err)
	}
	if none, next, err := town.Store.Readings(t.Context(), casework.NewSecret().Reference(0), ""); err != nil || len(none) > 0 || next != "" {
		t.Errorf("of an unknown number: %v, %q, %v", none, next, err)
	}
}

// A glass that was broken stands with all others, and who looked at it first is not overwritten.
func TestAGlassIsSeenOnce(t *testing.T) {
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	k := casework.Click{At: monday(), Case: c.ID, By: casework.Reader{Worker: "emre"}, Command: "glass"}
	e := casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnTask}
	for range 2 { // the second click is the same act
		if err := town.Work.BreakGlass(t.Context(), k, e); err != nil {
			t.Fatal(err)
		}
	}
	glasses, next, err := town.Store.Glasses(t.Context(), "")
	if err != nil || len(glasses) != 1 || next != "" {
		t.Fatalf("%d glasses, %q, %v", len(glasses), next, err)
	}
	g := glasses[0]
	if g.Case != c.ID || g.Worker != "emre" || !g.At.Equal(monday()) || !g.Until.After(monday()) || g.SeenBy != "" {
		t.Errorf("got %+v", g)
	}
	for _, officer := range []string{"iris", "another"} {
		if err := town.Store.SeeGlass(t.Context(), g.ID, officer, monday().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	glasses, _, err = town.Store.Glasses(t.Context(), "")
	if err != nil || glasses[0].SeenBy != "iris" || !glasses[0].SeenAt.Equal(monday().Add(time.Hour)) {
		t.Errorf("seen by %s at %v, %v", glasses[0].SeenBy, glasses[0].SeenAt, err)
	}
	if err := town.Store.SeeGlass(t.Context(), "2026", "iris", monday()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a glass that there is not: %v", err)
	}
}
