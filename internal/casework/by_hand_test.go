package casework_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// toBeTold is a new case of somebody without a safe e-mail address.
func toBeTold(t *testing.T, town *exampletest.Town, over form.Answers) casework.Case {
	t.Helper()
	answers := form.Answers{"contact_way": {"call", "text"}, "email": nil}
	maps.Copy(answers, over)
	return town.Case(t, monday(), exampletest.Answers(answers))
}

func TestWhoIsOwedAReceiptByHand(t *testing.T) {
	tests := map[string]struct {
		over form.Answers
		want []casework.Way // nil: a mail goes out
	}{
		"who has e-mail":                 {form.Answers{"contact_way": {"email"}, "email": {"sam@bewoner.example"}}, nil},
		"who is called or gets a text":   {nil, []casework.Way{casework.ByCall, casework.ByText}},
		"who wants a letter":             {form.Answers{"contact_way": {"letter"}, "address": {"Kade 1, 9991 AB Waterstad"}}, []casework.Way{casework.ByLetter}},
		"who comes by":                   {form.Answers{"contact_way": {"come_by"}}, []casework.Way{casework.ByVisit}},
		"who has e-mail that is unsafe":  {form.Answers{"safe_now": {"no"}, "contact_way": {"call", "email"}, "email": {"sam@bewoner.example"}, "safe_contact": {"call"}}, []casework.Way{casework.ByCall}},
		"under a flag, only what's safe": {form.Answers{"safe_now": {"no"}, "contact_way": {"call", "text", "letter"}, "address": {"Kade 1"}, "safe_contact": {"text"}}, []casework.Way{casework.ByText}},
	}
	town := exampletest.New(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := toBeTold(t, town, tt.over)
			due, owed := c.Deadline(casework.DueReceipt)
			want := town.Municipality.Due(monday(), municipality.Term{WorkingDays: 1})
			if owed != (tt.want != nil) || owed && (due.Owner != c.Owner() || !due.At.Equal(want)) {
				t.Fatalf("owed %v, by %q until %v", owed, due.Owner, due.At)
			}
			if !owed {
				return
			}
			for _, way := range []casework.Way{
				casework.ByCall, casework.ByText, casework.ByEmail, casework.ByLetter, casework.ByVisit, casework.ByNoWay, "",
			} {
				if slices.Contains(tt.want, way) {
					continue
				}
				err := town.Work.Told(t.Context(), click(monday(), c.ID, c.Lead, c.Version, "try"), way)
				if !casework.RefusedBecause(err, casework.NotSafe) {
					t.Errorf("told by %q: %v", way, err)
				}
			}
			told := click(monday(), c.ID, c.Lead, c.Version, "told")
			for range 2 { // a double click
				if err := town.Work.Told(t.Context(), told, tt.want[0]); err != nil {
					t.Fatal(err)
				}
			}
			d, err := town.Store.Dossier(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, due := d.Case.Deadline(casework.DueReceipt); due || d.Case.Version != 2 || d.Events[1].Way != tt.want[0] {
				t.Errorf("still due %v, version %d, told by %q", due, d.Case.Version, d.Events[1].Way)
			}
			if err := casework.CheckChain(d.Case, d.Events); err != nil {
				t.Error(err)
			}
		})
	}
}

// Who has the case has the task: it moves along, and its owner is reminded like of any other.
func TestTheReceiptByHandMovesWithTheCase(t *testing.T) { // invariant:I8
	town := exampletest.New(t)
	c := toBeTold(t, town, nil)
	k := click(monday(), c.ID, c.Lead, c.Version, "back")
	if err := town.Work.GiveBack(t.Context(), k, "Ik heb geen tijd.", false); err != nil {
		t.Fatal(err)
	}
	next, err := town.Store.Case(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	due, owed := next.Deadline(casework.DueReceipt)
	if !owed || due.Owner == c.Lead || due.Owner != next.Owner() {
		t.Fatalf("owed %v, by %q; the case is with %q", owed, due.Owner, next.Owner())
	}
	if err := town.Work.Accept(t.Context(), click(monday(), c.ID, next.Lead, next.Version, "yes")); err != nil {
		t.Fatal(err)
	}
	if err := town.Work.Overdue(t.Context(), due.Wake, c.ID); err != nil {
		t.Fatal(err)
	}
	d, err := town.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if m := d.Messages[len(d.Messages)-1]; m.Kind != casework.MailReminder || m.To != next.Lead {
		t.Errorf("told %s by %s", m.To, m.Kind)
	}
}

// An addition would take the task out of everybody's list.
func TestNothingIsAddedBeforeTheResidentWasTold(t *testing.T) {
	town := exampletest.New(t)
	answers := exampletest.Answers(form.Answers{"contact_way": {"call"}, "email": nil})
	running := town.Case(t, monday(), answers)
	told := func(c casework.Case) {
		t.Helper()
		if err := town.Work.Told(t.Context(), click(monday(), c.ID, c.Lead, c.Version, "told "+string(c.ID)), casework.ByCall); err != nil {
			t.Fatal(err)
		}
	}
	told(running)
	if err := town.Work.Accept(t.Context(), click(monday(), running.ID, running.Lead, 2, "yes")); err != nil {
		t.Fatal(err)
	}
	added := town.Case(t, monday().Add(time.Hour), answers)
	if added.Proposed != running.ID {
		t.Fatalf("proposed %q", added.Proposed)
	}
	merge := func(shown int) error {
		return town.Work.Merge(t.Context(), click(monday().Add(time.Hour), added.ID, added.Lead, shown, "merge"))
	}
	if err := merge(1); !casework.RefusedBecause(err, casework.TellFirst) {
		t.Errorf("added before the resident was told: %v", err)
	}
	told(added)
	if err := merge(2); err != nil {
		t.Error(err)
	}
}
