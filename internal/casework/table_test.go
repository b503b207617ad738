package casework_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

// guide is where workers and developers see the table.
func guide() string {
	return filepath.Join("..", "..", ".github", "guides", "developer", "life-of-a-case.md")
}

// The drawing and the table in the guide are those that the code goes by.
func TestTheGuideShowsTheTableOfMoves(t *testing.T) {
	got := drawn()
	if *update {
		if err := os.WriteFile(guide(), []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(guide())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the guide differs from the table (-guide +table); go test ./internal/casework -update rewrites it:\n%s", diff)
	}
}

func drawn() string {
	var b strings.Builder
	b.WriteString("# The life of a case\n\n" +
		"Made from `internal/casework/table.go` by `go test ./internal/casework -update`: change it there.\n\n" +
		"```mermaid\nstateDiagram-v2\n    [*] --> submitted\n")
	for _, from := range casework.States() {
		for _, to := range append(casework.States(), casework.Destroyed) {
			if kinds := arrow(from, to); len(kinds) > 0 {
				fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, strings.Join(kinds, ", "))
			}
		}
	}
	b.WriteString("```\n\n" +
		"Left out of the drawing: moves after which a case stays where it stands, and the arrows *back*: a case that is accepted\n" +
		"again, or whose handover is accepted or ended, goes on where it stood.\n\n" +
		"| Move | From → to | Who | Reason | Only where |\n|---|---|---|---|---|\n")
	for _, m := range casework.Moves() {
		reason := ""
		if m.Reason {
			reason = "yes"
		}
		where := ""
		if m.Until != "" {
			where = fmt.Sprintf("`until: %s`", m.Until)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", m.Kind, trodden(m.Paths), joined(m.By), reason, where)
	}
	return b.String()
}

// arrow lists the moves that lead from one state to another by name.
func arrow(from, to casework.State) []string {
	var kinds []string
	for _, m := range casework.Moves() {
		if slices.ContainsFunc(m.Paths, func(p casework.Path) bool { return p.To == to && slices.Contains(p.From, from) }) {
			kinds = append(kinds, string(m.Kind))
		}
	}
	return kinds
}

func trodden(all []casework.Path) string {
	words := make([]string, len(all))
	for i, p := range all {
		to := string(p.To)
		switch {
		case p.Back:
			to = "back"
		case p.To == "":
			to = "stays"
		}
		words[i] = joined(p.From) + " → *" + to + "*"
	}
	return strings.Join(words, "; ")
}

func joined[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	return strings.Join(words, ", ")
}

func TestEveryMoveStandsInTheTableOnce(t *testing.T) {
	seen := map[casework.EventKind]int{}
	for _, m := range casework.Moves() {
		seen[m.Kind]++
		if len(m.Paths) == 0 || len(m.By) == 0 {
			t.Errorf("%s leads from nowhere or is nobody's", m.Kind)
		}
		for _, p := range m.Paths {
			known := append(casework.States(), casework.Destroyed, casework.Rehearsed, "")
			for _, state := range append(p.From, p.To) {
				if !slices.Contains(known, state) {
					t.Errorf("%s knows a state %q that there is not", m.Kind, state)
				}
			}
		}
	}
	for kind, n := range seen {
		if n != 1 {
			t.Errorf("%s stands in the table %d times", kind, n)
		}
	}
}

// Every state but the first can be reached, and every open one can be left by a person.
func TestNoStateIsADeadEnd(t *testing.T) { // invariant:I8
	for _, state := range casework.States() {
		reached, left := state == casework.Submitted, false
		for _, m := range casework.Moves() {
			for _, other := range casework.States() {
				reached = reached || other != state && m.Leads(other, state)
				person := !slices.Equal(m.By, []casework.Relation{casework.TheService})
				left = left || other != state && m.Leads(state, other) && (person || state == casework.Submitted)
			}
		}
		if !reached {
			t.Errorf("nothing leads to %s", state)
		}
		if state.Open() && !left {
			t.Errorf("nobody can move a case that is %s", state)
		}
	}
}
