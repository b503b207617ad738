package routing_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// told is an effect without the decision records.
type told struct {
	Changes                       []changed
	Totals                        []routing.Total
	ActiveAlarms, CandidateAlarms []string
}

type changed struct {
	Example               string
	Lead, NewLead         string
	Step, NewStep         routing.Step
	Rule, NewRule         string
	Version, NewVersion   string
	Sentence, NewSentence string
}

func tell(e routing.Effect) told {
	name := func(id string) string { return id }
	out := told{Totals: e.Totals, ActiveAlarms: e.ActiveAlarms, CandidateAlarms: e.CandidateAlarms}
	for _, c := range e.Changes {
		out.Changes = append(out.Changes, changed{
			Example: c.Example, Lead: c.Before.Winner, NewLead: c.After.Winner, Step: c.Before.Step, NewStep: c.After.Step,
			Rule: c.Before.Rule, NewRule: c.After.Rule, Version: c.Before.Version, NewVersion: c.After.Version,
			Sentence: c.Before.Sentence(name), NewSentence: c.After.Sentence(name),
		})
	}
	return out
}

func rule(id string, leads municipality.Leads, when municipality.When) municipality.Rule {
	return municipality.Rule{ID: id, Name: "afspraak " + id, When: when, Leads: leads}
}

func about(areas ...municipality.LifeArea) municipality.When {
	return municipality.When{LifeAreas: areas}
}

func TestADryRunTellsWhatWouldChange(t *testing.T) {
	example := func(name string, change func(*routing.Facts)) routing.Example {
		f := routing.Facts{CaseID: name, Reported: at(t, tuesday), Area: "noord", Priority: municipality.P3}
		change(&f)
		return routing.Example{Name: name, Facts: f}
	}
	main := func(l municipality.LifeArea) func(*routing.Facts) { return func(f *routing.Facts) { f.Main = l } }
	got, err := routing.DryRun(routing.Trial{
		Municipality: waterstad(t),
		Workers: []routing.Worker{
			worker("debt", discipline(municipality.Debt)), worker("general"), worker("gone", inactive), worker("boss", coordinator),
		},
		Roster: routing.Roster{"tuesday": {"general"}},
		Active: municipality.Rules{Version: "1", Rules: []municipality.Rule{
			rule("papers", municipality.Leads{Worker: "general"}, about(municipality.Papers)),
			rule("dropped", municipality.Leads{Worker: "general"}, about(municipality.Home)),
			rule("broken", municipality.Leads{Worker: "gone"}, about(municipality.Work)),
			rule("moved", municipality.Leads{Worker: "general"}, about(municipality.Housing)),
		}},
		Candidate: municipality.Rules{Version: "2", Rules: []municipality.Rule{
			rule("money", municipality.Leads{Team: "noord", Discipline: municipality.Debt}, about(municipality.Money)),
			rule("unseen", municipality.Leads{Worker: "nobody"}, about(municipality.Justice)),
			rule("papers", municipality.Leads{Worker: "general"}, about(municipality.Papers)),
			rule("moved", municipality.Leads{Worker: "debt"}, about(municipality.Housing)),
		}},
		Examples: []routing.Example{
			example("money", main(municipality.Money)),
			example("papers stay", main(municipality.Papers)),
			example("same lead, by another way", main(municipality.Home)),
			example("a rule that points at nobody falls through", main(municipality.Work)),
			example("same rule, other lead", main(municipality.Housing)),
			example("safety comes before any rule", func(f *routing.Facts) { f.Main, f.Safety = municipality.Money, true }),
			example("nobody serves the area", func(f *routing.Facts) { f.Area = "" }),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := told{
		Changes: []changed{
			{
				Example: "money", Lead: "general", NewLead: "debt", Step: routing.StepGeneralist, NewStep: routing.StepRules, NewRule: "money",
				Version: "1", NewVersion: "2",
				Sentence:    "Toegewezen aan general: generalist van Wijkteam Noord, als enige met plek.",
				NewSentence: "Toegewezen aan debt: afspraak money.",
			},
			{
				Example: "same lead, by another way", Lead: "general", NewLead: "general",
				Step: routing.StepRules, NewStep: routing.StepGeneralist, Rule: "dropped", Version: "1", NewVersion: "2",
				Sentence:    "Toegewezen aan general: afspraak dropped.",
				NewSentence: "Toegewezen aan general: generalist van Wijkteam Noord, als enige met plek.",
			},
			{
				Example: "same rule, other lead", Lead: "general", NewLead: "debt", Step: routing.StepRules, NewStep: routing.StepRules,
				Rule: "moved", NewRule: "moved", Version: "1", NewVersion: "2",
				Sentence: "Toegewezen aan general: afspraak moved.", NewSentence: "Toegewezen aan debt: afspraak moved.",
			},
		},
		Totals: []routing.Total{
			{Step: routing.StepSafety, Before: 1, After: 1},
			{Step: routing.StepRules, Rule: "money", Name: "afspraak money", After: 1},
			{Step: routing.StepRules, Rule: "unseen", Name: "afspraak unseen"},
			{Step: routing.StepRules, Rule: "papers", Name: "afspraak papers", Before: 1, After: 1},
			{Step: routing.StepRules, Rule: "moved", Name: "afspraak moved", Before: 1, After: 1},
			{Step: routing.StepRules, Rule: "dropped", Name: "afspraak dropped", Before: 1},
			{Step: routing.StepRules, Rule: "broken", Name: "afspraak broken"},
			{Step: routing.StepGeneralist, Before: 2, After: 2},
			{Step: routing.StepCoordinator, Before: 1, After: 1},
		},
		ActiveAlarms: []string{"broken"}, CandidateAlarms: []string{"unseen"},
	}
	if diff := cmp.Diff(want, tell(got)); diff != "" {
		t.Errorf("effect (-want +got):\n%s", diff)
	}
}

func TestADryRunNamesTheExampleThatNobodyCanHave(t *testing.T) {
	_, err := routing.DryRun(routing.Trial{Municipality: waterstad(t), Examples: []routing.Example{{Name: "schulden in Noord"}}})
	if want := `example "schulden in Noord": no coordinator among the workers`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// trial draws reports of one moment, among the same people, under two rule tables.
func trial(r *rapid.T, m *municipality.Municipality) routing.Trial {
	in, other := drawInputs(r, m), drawInputs(r, m)
	other.Rules.Version = "2"
	trial := routing.Trial{Municipality: m, Workers: in.Workers, Roster: in.Roster, Active: in.Rules, Candidate: other.Rules}
	for range rapid.IntRange(0, 5).Draw(r, "examples") {
		facts := drawInputs(r, m).Facts
		facts.Reported = in.Now
		trial.Examples = append(trial.Examples, routing.Example{Name: facts.CaseID, Facts: facts})
	}
	return trial
}

func run(r *rapid.T, t routing.Trial) told {
	e, err := routing.DryRun(t)
	if err != nil {
		r.Fatal(err)
	}
	return tell(e)
}

func TestANewVersionAloneChangesNothing(t *testing.T) {
	trial := routing.Trial{
		Municipality: waterstad(t), Workers: []routing.Worker{worker("w1"), worker("w2")},
		Active: municipality.Rules{Version: "1"}, Candidate: municipality.Rules{Version: "2"},
	}
	for i := range 20 {
		facts := routing.Facts{CaseID: fmt.Sprint(i), Reported: at(t, tuesday), Area: "noord", Priority: municipality.P3}
		trial.Examples = append(trial.Examples, routing.Example{Name: facts.CaseID, Facts: facts})
	}
	got, err := routing.DryRun(trial)
	if err != nil {
		t.Fatal(err)
	}
	want := told{Totals: []routing.Total{{Step: routing.StepGeneralist, Before: 20, After: 20}}}
	if diff := cmp.Diff(want, tell(got)); diff != "" { // two equals: each lead is drawn by lot
		t.Errorf("effect (-want +got):\n%s", diff)
	}
}

func TestADryRunSaysTheSameWhateverTheOrderOfWorkers(t *testing.T) {
	m, changes := waterstad(t), 0
	rapid.Check(t, func(r *rapid.T) {
		trial := trial(r, m)
		want := run(r, trial)
		changes += len(want.Changes)
		trial.Workers = rapid.Permutation(trial.Workers).Draw(r, "shuffled")
		if diff := cmp.Diff(want, run(r, trial)); diff != "" {
			r.Fatalf("two effects of one trial:\n%s", diff)
		}
		before, after := 0, 0
		for _, n := range want.Totals {
			before, after = before+n.Before, after+n.After
		}
		if before != len(trial.Examples) || after != len(trial.Examples) {
			r.Fatalf("totals add up to %d and %d, there are %d examples", before, after, len(trial.Examples))
		}
	})
	if changes == 0 {
		t.Error("nothing changed: the test says nothing")
	}
}
