package routing

import (
	"fmt"
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// Example is a report to try rules on, made up or past.
type Example struct {
	Name  string `json:"name"` // Dutch: "schulden in Noord"
	Facts Facts  `json:"facts"`
}

// Trial is what a dry run compares: the same reports, among the same people, under two rule tables.
type Trial struct {
	Municipality      *municipality.Municipality
	Workers           []Worker
	Roster            Roster
	Active, Candidate municipality.Rules
	Examples          []Example
	Now               time.Time // when the rules are looked at; zero is before anybody leaves
}

// Effect is what the candidate would change.
type Effect struct {
	Changes []Change // in the order of the examples
	Totals  []Total  // what decides, in the order of the steps; rules as in the candidate, then those it drops
	// ActiveAlarms and CandidateAlarms are the ids of rules that point at nobody, whether or not an example meets them.
	ActiveAlarms, CandidateAlarms []string
}

// Change is an example that gets another lead, or the same one by another step or rule.
type Change struct {
	Example       string
	Before, After Decision
}

// Total counts the examples that a step, or at StepRules one rule, decides. A step that decides none is left out; a
// rule never is.
type Total struct {
	Step          Step
	Rule, Name    string
	Before, After int
}

// DryRun chooses a lead for each example under both rule tables, as of the moment it was reported. Examples are apart:
// none adds to a worker's load. Both tables draw the lots of the active one, so that a new version alone changes
// nothing.
func DryRun(t Trial) (Effect, error) {
	effect := Effect{ActiveAlarms: t.alarms(t.Active), CandidateAlarms: t.alarms(t.Candidate)}
	candidate := t.Candidate
	candidate.Version = t.Active.Version
	before, after := map[decider]int{}, map[decider]int{}
	for _, e := range t.Examples {
		was, err := t.choose(e, t.Active)
		if err != nil {
			return Effect{}, err
		}
		would, err := t.choose(e, candidate)
		if err != nil {
			return Effect{}, err
		}
		would.Version = t.Candidate.Version
		before[by(was)]++
		after[by(would)]++
		if was.Winner != would.Winner || by(was) != by(would) {
			effect.Changes = append(effect.Changes, Change{Example: e.Name, Before: was, After: would})
		}
	}
	effect.Totals = t.totals(before, after)
	return effect, nil
}

func (t Trial) choose(e Example, rules municipality.Rules) (Decision, error) {
	d, err := Choose(Inputs{
		Facts: e.Facts, Municipality: t.Municipality, Rules: rules, Workers: t.Workers, Roster: t.Roster, Now: e.Facts.Reported,
	})
	if err != nil {
		return Decision{}, fmt.Errorf("example %q: %w", e.Name, err)
	}
	return d, nil
}

// alarms lists the rules that point at nobody who takes cases: for such a rule Choose raises an alarm too.
func (t Trial) alarms(rules municipality.Rules) []string {
	var ids []string
	people := choice{Inputs: Inputs{Workers: t.Workers}}
	for _, rule := range rules.Rules {
		if !slices.ContainsFunc(people.pointedAt(rule.Leads), func(w *Worker) bool { return w.TakesCases(t.Now) }) {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// decider is what decides: a step, and at StepRules the id of a rule.
type decider struct {
	step Step
	rule string
}

func by(d Decision) decider { return decider{d.Step, d.Rule} }

func (t Trial) totals(before, after map[decider]int) []Total {
	var totals []Total
	for step := StepSafety; step <= StepCoordinator; step++ {
		if step == StepRules {
			totals = append(totals, t.ruleTotals(before, after)...)
			continue
		}
		d := decider{step: step}
		if before[d]+after[d] > 0 {
			totals = append(totals, Total{Step: step, Before: before[d], After: after[d]})
		}
	}
	return totals
}

func (t Trial) ruleTotals(before, after map[decider]int) []Total {
	var totals []Total
	for _, rule := range slices.Concat(t.Candidate.Rules, t.Active.Rules) {
		if slices.ContainsFunc(totals, func(n Total) bool { return n.Rule == rule.ID }) {
			continue
		}
		d := decider{StepRules, rule.ID}
		totals = append(totals, Total{Step: StepRules, Rule: rule.ID, Name: rule.Name, Before: before[d], After: after[d]})
	}
	return totals
}
