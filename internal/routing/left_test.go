package routing_test

import (
	"testing"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func left(on string) func(*routing.Worker) { return func(w *routing.Worker) { w.LeftOn = on } }

func TestAWorkerWorksHereUntilTheDayTheyLeft(t *testing.T) { // threat:T05
	for name, tt := range map[string]struct {
		worker routing.Worker
		at     string
		want   bool
	}{
		"who says nothing of leaving works here":     {worker("w"), tuesday, true},
		"the last minute before the day":             {worker("w", left("2026-11-24")), "2026-11-23 23:59", true},
		"the first minute of the day":                {worker("w", left("2026-11-24")), "2026-11-24 00:00", false},
		"the first minute of a day in summer":        {worker("w", left("2027-06-15")), "2027-06-15 00:00", false},
		"the last minute before a day in summer":     {worker("w", left("2027-06-15")), "2027-06-14 23:59", true},
		"years later":                                {worker("w", left("2026-11-24")), "2031-01-01 09:00", false},
		"who is away on holiday works here":          {worker("w", away("2026-11-20", "2026-11-30")), tuesday, true},
		"who is switched off, whatever the day says": {worker("w", inactive, left("2027-11-24")), tuesday, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.worker.WorksOn(at(t, tt.at)); got != tt.want {
				t.Errorf("WorksOn = %v, want %v", got, tt.want)
			}
		})
	}
}

// From the day they leave, no step chooses somebody; nor does one for work that begins on that day or later.
func TestNoStepChoosesWhoLeft(t *testing.T) { // threat:T05
	rule := []municipality.Rule{{ID: "r1", Name: "afspraak", Leads: municipality.Leads{Worker: "w"}}}
	youth := routing.Facts{LifeAreas: []municipality.LifeArea{municipality.Children}, Main: municipality.Children}
	roster := routing.Roster{"tuesday": {"w", "boss"}, "monday": {"w", "boss"}}
	for name, tt := range map[string]struct {
		facts routing.Facts
		rules []municipality.Rule
		also  func(*routing.Worker)
		step  routing.Step // that w would have it by
	}{
		"safety":       {facts: routing.Facts{Safety: true}, step: routing.StepSafety},
		"continuity":   {facts: routing.Facts{Match: &routing.Match{Case: "c0", Lead: "w"}}, step: routing.StepContinuity},
		"known worker": {facts: routing.Facts{KnownWorker: "w"}, step: routing.StepKnownWorker},
		"rules":        {rules: rule, step: routing.StepRules},
		"discipline":   {facts: youth, also: discipline(municipality.Youth), step: routing.StepDiscipline},
		"generalist":   {step: routing.StepGeneralist},
		"coordinator":  {facts: routing.Facts{Excluded: []string{"boss"}}, also: coordinator, step: routing.StepCoordinator},
	} {
		t.Run(name, func(t *testing.T) {
			for when, day := range map[string]struct {
				now, leftOn string
				chosen      bool
			}{
				"the day before":                     {"2026-11-23 10:00", "2026-11-24", true},
				"the day itself":                     {tuesday, "2026-11-24", false},
				"Friday night, who leaves on Sunday": {"2026-11-20 20:00", "2026-11-22", false},
			} {
				w := worker("w", left(day.leftOn))
				if tt.also != nil {
					tt.also(&w)
				}
				in := inputs(t, w, worker("boss", coordinator))
				facts := tt.facts
				facts.CaseID, facts.Area, facts.Priority = "c1", "noord", municipality.P1
				in.Facts, in.Rules.Rules, in.Roster, in.Now = facts, tt.rules, roster, at(t, day.now)
				d, got := choose(t, in)
				if chosen := got.Winner == "w" && got.Step == tt.step; chosen != day.chosen || !day.chosen && got.Winner == "w" {
					t.Errorf("%s: %s by step %d", when, got.Winner, got.Step)
				}
				if looks := d.FirstLook[0] == "w"; looks != day.chosen {
					t.Errorf("%s: w is asked to look first: %v", when, looks)
				}
				if tt.step == routing.StepRules && !day.chosen && len(d.Alarms) != 1 {
					t.Errorf("%s: a rule that points at who left raises %d alarms", when, len(d.Alarms))
				}
			}
		})
	}
}
