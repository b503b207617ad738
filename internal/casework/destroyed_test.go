package casework_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// What comes too late, when a case's term is over or the case is destroyed already.

// Between the end of its term and the next sweep, nobody breaks the glass of a case, finds it by its number, or gets a new
// report because of it.
func TestACaseWhoseTermIsOverIsFoundByNobody(t *testing.T) { // invariant:I10 //invariant:I14 //threat:T03
	over := midnight(2026, 12, 24)
	help := casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnVital, Told: true}
	for at, gone := range map[time.Time]bool{over.Add(-time.Hour): false, over: true} {
		town := exampletest.New(t)
		c, answers := first(t, town)
		e := ended{T: t, town: town, ref: c.ID}
		e.act(monday(), c.Lead, func(ctx context.Context, k casework.Click) error {
			return town.Work.Close(ctx, k, casework.OutOfArea, false, "Woont elders.")
		})
		wanted, _ := casework.ParseWanted(string(c.ID))
		if found, err := town.Work.Search(t.Context(), at, wanted, reader("willem")); err != nil || found.Running == gone {
			t.Errorf("at %s its number is found: %v, %v", at, found.Running, err)
		}
		err := town.Work.BreakGlass(t.Context(), click(at, c.ID, "samira", c.Version+1, "glass"), help)
		if errors.Is(err, casework.ErrNotFound) != gone {
			t.Errorf("at %s its glass is broken: %v", at, err)
		}
		again := town.Case(t, at, exampletest.Answers(form.Answers{"phone": answers["phone"]}))
		if met := again.Step == routing.StepContinuity; met == gone {
			t.Errorf("at %s a new report goes to its former lead: %v", at, met)
		}
	}
}

// The index is behind the table: a sweep may find a case that another one destroyed.
func TestDestroyedTwiceIsDestroyedOnce(t *testing.T) { // invariant:I7 //invariant:I14
	e := withdrawn(t)
	over := midnight(2026, 12, 24)
	for range 2 {
		e.sweep(over)
	}
	e.onlyItsLineIsLeft(over)
}
