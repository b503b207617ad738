package casework_test

import (
	"testing"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func TestAHistoryThatWasEditedOrCutShows(t *testing.T) { // threat:T15 //invariant:I15
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	if err := town.Work.Accept(t.Context(), click(monday(), c.ID, c.Lead, 1, "accept")); err != nil {
		t.Fatal(err)
	}
	d, err := town.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := casework.CheckChain(d.Case, d.Events); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(events []casework.Event) []casework.Event{
		"another name in it":     func(e []casework.Event) []casework.Event { e[1].By = "iemand"; return e },
		"another decision in it": func(e []casework.Event) []casework.Event { e[0].Why = e[0].Why[1:]; return e },
		"a reason beside it":     func(e []casework.Event) []casework.Event { e[1].Detail = e[0].Why; return e },
		"the first one gone":     func(e []casework.Event) []casework.Event { return e[1:] },
		"the last one gone":      func(e []casework.Event) []casework.Event { return e[:1] },
		"two in another order":   func(e []casework.Event) []casework.Event { return []casework.Event{e[1], e[0]} },
	} {
		t.Run(name, func(t *testing.T) {
			if casework.CheckChain(d.Case, edit(append([]casework.Event(nil), d.Events...))) == nil {
				t.Error("nobody noticed")
			}
		})
	}
}

func TestTheNewestHashCoversTheWholeHistory(t *testing.T) { // threat:T15
	town := exampletest.New(t)
	hash := func(first string) string {
		c, _, err := casework.Open(casework.Act{At: monday(), By: casework.Service, Command: first},
			routing.Facts{CaseID: "K7M-4RT-9XC", Area: "noord", Priority: municipality.P3, Reported: monday()},
			routing.Decision{Step: routing.StepGeneralist, Winner: "fenna"}, town.Municipality)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Accept(casework.Act{At: monday(), By: "fenna", As: reader("fenna"), Command: "accept"}, town.Municipality); err != nil {
			t.Fatal(err)
		}
		return string(c.ChainHash)
	}
	if hash("one beginning") == hash("another beginning") {
		t.Error("two histories that differ in their first event end in the same hash")
	}
}
