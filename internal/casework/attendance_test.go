package casework_test

import (
	"testing"
	"time"

	"voordeur/internal/casework"
)

// I4: a meeting that only a helper came to is no meeting with the resident. Somebody asks softly for another moment, unless
// it was agreed on there, and nothing else moves on: the resident was not spoken with.
func TestAHelperWithoutTheResidentIsNoMeetingWithThem(t *testing.T) { // feature:I4
	for name, tt := range map[string]struct {
		next time.Duration
		due  casework.DeadlineKind
	}{
		"no other moment yet":              {0, casework.DueInvite},
		"another moment was agreed on":     {72 * time.Hour, casework.DueRecord},
		"another moment that there is not": {-time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.must(l.work.Accept(t.Context(), l.click(l.lead())))
			l.must(l.work.Plan(t.Context(), l.click(l.lead()), casework.MeetingPlan{At: l.now.Add(time.Hour), Place: casework.AtHome}))
			l.now = l.now.Add(2 * time.Hour)
			before, next := l.c(), time.Time{}
			if tt.next != 0 {
				next = l.now.Add(tt.next)
			}
			report := casework.MeetingReport{Came: []string{"Oma"}, Companion: true}
			err := l.work.MetHelper(t.Context(), l.click(l.lead()), report, next)
			if tt.due == "" {
				if !casework.RefusedBecause(err, casework.NoSuchDate) {
					t.Errorf("that moment is taken: %v", err)
				}
				return
			}
			l.must(err)
			l.is(casework.MeetingPlanned, tt.due)
			after := l.c()
			_, contact := after.Deadline(casework.DueContact)
			if after.Met != before.Met || !contact || !after.Meeting.Equal(next) {
				t.Errorf("met %d times, still to be called: %v, next on %s", after.Met, contact, after.Meeting)
			}
			d, err := l.work.Store.Dossier(t.Context(), l.ref)
			l.must(err)
			last := d.Events[len(d.Events)-1]
			kept, err := casework.OpenJSON[casework.MeetingReport](t.Context(), l.work.Opener, casework.ForContent, l.ref, last.Record)
			if l.must(err); last.Kind != casework.EvMissed || !kept.Absent || len(kept.Came) != 1 {
				t.Errorf("%s keeps %+v", last.Kind, kept)
			}
		})
	}
}
