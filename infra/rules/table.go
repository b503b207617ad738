package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"voordeur/internal/routing"
)

// tell prints what the candidate would change, and for whom, in Dutch.
func tell(out io.Writer, t trial, e routing.Effect) error {
	fmt.Fprintf(out, "%s: regels %s naast regels %s\n\n", t.Municipality.Name, t.Active.Version, t.Candidate.Version)
	fmt.Fprintf(out, "Er verandert iets bij %d van de %d voorbeelden.\n\n", len(e.Changes), len(t.Examples))
	if len(e.Changes) > 0 {
		if err := changes(out, t, e.Changes); err != nil {
			return err
		}
	}
	if err := totals(out, e.Totals); err != nil {
		return err
	}
	for _, id := range e.ActiveAlarms {
		fmt.Fprintf(out, "\nNu al: regel %s wijst niemand aan.\n", id)
	}
	for _, id := range e.CandidateAlarms {
		fmt.Fprintf(out, "\nLet op: nieuwe regel %s wijst niemand aan.\n", id)
	}
	return nil
}

func changes(out io.Writer, t trial, changes []routing.Change) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "VOORBEELD\tNU\tSTRAKS")
	lead := func(d routing.Decision) string { return t.names[d.Winner] + ", " + decides(d.Step, d.Rule) }
	for _, c := range changes {
		fmt.Fprintf(table, "%s\t%s\t%s\n", c.Example, lead(c.Before), lead(c.After))
	}
	fmt.Fprintln(table)
	return table.Flush()
}

func totals(out io.Writer, totals []routing.Total) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "WAT BESLIST\tNU\tSTRAKS")
	for _, n := range totals {
		what := decides(n.Step, n.Rule)
		if n.Rule != "" {
			what += ": " + n.Name
		}
		fmt.Fprintf(table, "%s\t%d\t%d\n", what, n.Before, n.After)
	}
	return table.Flush()
}

// decides says what a step, or at routing.StepRules a rule, goes by.
func decides(step routing.Step, rule string) string {
	switch step {
	case routing.StepSafety:
		return "dienstdoende"
	case routing.StepContinuity:
		return "loopt misschien al"
	case routing.StepKnownWorker:
		return "door de bewoner genoemd"
	case routing.StepRules:
		return "regel " + rule
	case routing.StepDiscipline:
		return "vakgebied dat mag leiden"
	case routing.StepGeneralist:
		return "generalist"
	case routing.StepCoordinator:
		return "coördinator"
	}
	return ""
}
