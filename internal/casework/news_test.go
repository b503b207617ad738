package casework_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// Who leads a case hears of what a coordinator did in it, unless they did it themselves: that the resident was found again.
func TestALeadHearsThatTheResidentWasFound(t *testing.T) { // invariant:I8
	willem := casework.Reader{Worker: "willem", Coordinator: true}
	for name, tt := range map[string]struct {
		by   func(l *life) casework.Reader
		want func(lead string) map[string]bool
	}{
		"by a coordinator": {
			by:   func(*life) casework.Reader { return willem },
			want: func(lead string) map[string]bool { return map[string]bool{lead: true} },
		},
		"by the lead": {
			by:   (*life).lead,
			want: func(string) map[string]bool { return map[string]bool{} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.must(l.work.Accept(t.Context(), l.click(l.lead())))
			for _, way := range []casework.Way{casework.ByCall, casework.ByCall, casework.ByEmail} {
				l.must(l.work.Tried(t.Context(), l.click(l.lead()), way))
			}
			l.must(l.work.Lose(t.Context(), l.click(l.lead())))
			l.must(l.work.Find(t.Context(), l.click(tt.by(l))))
			d, err := l.work.Store.Dossier(t.Context(), l.ref)
			l.must(err)
			if diff := cmp.Diff(tt.want(d.Case.Lead), heard(d, d.Events[len(d.Events)-1])); diff != "" {
				t.Errorf("of that is told (-want +got):\n%s", diff)
			}
		})
	}
}

// E9: that an addition was taken out of it, its lead hears while they lead it.
func TestALeadHearsThatAnAdditionWasTakenOut(t *testing.T) { // feature:E9 //invariant:I8
	for name, tt := range map[string]struct {
		before func(t *testing.T, town *exampletest.Town, running casework.Case)
		want   func(lead string) map[string]bool
	}{
		"of a case that runs": {
			before: func(*testing.T, *exampletest.Town, casework.Case) {},
			want:   func(lead string) map[string]bool { return map[string]bool{lead: true} },
		},
		"of a case that ended": {
			before: func(t *testing.T, town *exampletest.Town, running casework.Case) {
				must(t, town.Work.Withdraw(t.Context(), click(monday(), running.ID, running.Lead, running.Version, "end"), "Hoeft niet."))
			},
			want: func(string) map[string]bool { return map[string]bool{} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			running, answers := first(t, town)
			second := town.Case(t, monday().Add(time.Hour), answers)
			must(t, town.Work.Merge(t.Context(), click(monday().Add(time.Hour), second.ID, second.Lead, 1, "merge")))
			tt.before(t, town, caseOf(t, town, running.ID))
			added := caseOf(t, town, second.ID)
			must(t, town.Work.Unmerge(t.Context(), click(monday().Add(2*time.Hour), second.ID, "willem", added.Version, "undo"), "Het zijn de buren."))
			for ref, want := range map[casework.Reference]map[string]bool{running.ID: tt.want(running.Lead), second.ID: {}} {
				d, err := town.Store.Dossier(t.Context(), ref)
				must(t, err)
				if diff := cmp.Diff(want, heard(d, d.Events[len(d.Events)-1])); diff != "" {
					t.Errorf("of case %s is told (-want +got):\n%s", ref, diff)
				}
			}
		})
	}
}
