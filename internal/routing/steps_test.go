package routing_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func TestTheOrderOfTheSteps(t *testing.T) { // E3, E8
	youth := discipline(municipality.Youth)
	rule := municipality.Rule{ID: "r1", Name: "afspraak", Leads: municipality.Leads{Team: "noord", Discipline: municipality.Debt}}
	staff := []routing.Worker{
		worker("general"), worker("debt", discipline(municipality.Debt)), worker("youth", youth, middenZuid), worker("known"),
		worker("leads", full), worker("boss", coordinator),
	}
	match := &routing.Match{Case: "c0", Lead: "leads"}
	children := []municipality.LifeArea{municipality.Children}
	for name, tt := range map[string]struct {
		facts  routing.Facts
		rules  []municipality.Rule
		step   routing.Step
		winner string
	}{
		"a match goes to its lead, who needs no room": {
			facts: routing.Facts{Match: match, KnownWorker: "known"}, rules: []municipality.Rule{rule},
			step: routing.StepContinuity, winner: "leads",
		},
		"under a safety flag a match is nothing": {
			facts: routing.Facts{Match: match, Safety: true, KnownWorker: "known"}, step: routing.StepKnownWorker, winner: "known",
		},
		"a match without a lead is passed over": {
			facts: routing.Facts{Match: &routing.Match{Case: "c0"}, KnownWorker: "known"}, step: routing.StepKnownWorker, winner: "known",
		},
		"a match whose lead is excluded is passed over": {
			facts: routing.Facts{Match: match, Excluded: []string{"leads"}, KnownWorker: "known"},
			step:  routing.StepKnownWorker, winner: "known",
		},
		"a known worker comes before the rules": {
			facts: routing.Facts{KnownWorker: "known"}, rules: []municipality.Rule{rule}, step: routing.StepKnownWorker, winner: "known",
		},
		"a known worker needs room": {
			facts: routing.Facts{KnownWorker: "leads"}, rules: []municipality.Rule{rule}, step: routing.StepRules, winner: "debt",
		},
		"a rule comes before the discipline": {
			facts: routing.Facts{LifeAreas: children, Main: municipality.Children}, rules: []municipality.Rule{rule},
			step: routing.StepRules, winner: "debt",
		},
		"the discipline with the most weight leads if it may, wherever it works": {
			facts: routing.Facts{LifeAreas: children, Main: municipality.Children}, step: routing.StepDiscipline, winner: "youth",
		},
		"a discipline that may not lead leaves it to the generalist": {
			facts: routing.Facts{LifeAreas: []municipality.LifeArea{municipality.Money}, Main: municipality.Money, Excluded: []string{"known"}},
			step:  routing.StepGeneralist, winner: "general",
		},
		"as much weight as another is not the most": {
			facts: routing.Facts{LifeAreas: []municipality.LifeArea{municipality.Children, municipality.Money}, Excluded: []string{"known"}},
			step:  routing.StepGeneralist, winner: "general",
		},
		"life areas without a discipline count for the generalist": {
			facts: routing.Facts{
				LifeAreas: []municipality.LifeArea{municipality.Children, municipality.Papers, municipality.Work}, Excluded: []string{"known"},
			},
			step: routing.StepGeneralist, winner: "general",
		},
		"the main one weighs three": {
			facts: routing.Facts{
				LifeAreas: []municipality.LifeArea{municipality.Children, municipality.Papers, municipality.Work}, Main: municipality.Children,
			},
			step: routing.StepDiscipline, winner: "youth",
		},
		"a child who asks alone counts as youth": {
			facts: routing.Facts{ChildAlone: true, LifeAreas: []municipality.LifeArea{municipality.Money}, Main: municipality.Money},
			step:  routing.StepDiscipline, winner: "youth",
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, staff...)
			in.Rules.Rules = tt.rules
			tt.facts.CaseID, tt.facts.Area, tt.facts.Priority = "c1", "noord", municipality.P3
			in.Facts = tt.facts
			if d, _ := choose(t, in); d.Step != tt.step || d.Winner != tt.winner {
				t.Errorf("step %d gave %s, want step %d and %s; passed %v", d.Step, d.Winner, tt.step, tt.winner, d.Passed)
			}
		})
	}
}

func TestTheSpecialistStandsBehindTheGeneralist(t *testing.T) { // E5
	for name, tt := range map[string]struct {
		areas []municipality.LifeArea
		main  municipality.LifeArea
		want  []municipality.Discipline
	}{
		"every other discipline with weight": {
			areas: []municipality.LifeArea{municipality.Money, municipality.Housing, municipality.Papers}, main: municipality.Money,
			want: []municipality.Discipline{municipality.Debt, municipality.HousingWork},
		},
		"not the one that leads": {
			areas: []municipality.LifeArea{municipality.Money, municipality.Children}, main: municipality.Children,
			want: []municipality.Discipline{municipality.Debt},
		},
		"nobody when no life area was named": {},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, worker("general"), worker("youth", discipline(municipality.Youth)))
			in.Facts.LifeAreas, in.Facts.Main = tt.areas, tt.main
			d, _ := choose(t, in)
			if diff := cmp.Diff(tt.want, d.Standby); diff != "" {
				t.Errorf("standby (-want +got):\n%s", diff)
			}
			if slices.Contains(d.Standby, municipality.Generalist) {
				t.Error("the generalist stands behind")
			}
		})
	}
}
