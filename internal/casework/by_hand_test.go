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
		"who has e-mail":                  {form.Answers{"contact_way": {"email"}, "email": {"sam@bewoner.example"}}, nil},
		"who is called or gets a text":    {nil, []casework.Way{casework.ByCall, casework.ByText}},
		"who wants a letter":              {form.Answers{"contact_way": {"letter"}, "address": {"Kade 1, 9991 AB Waterstad"}}, []casework.Way{casework.ByLetter}},
		"who comes by":                    {form.Answers{"contact_way": {"come_by"}}, []casework.Way{casework.ByVisit}},
		"who has e-mail that is unsafe":   {form.Answers{"safe_now": {"no"}, "contact_way": {"call", "email"}, "email": {"sam@bewoner.example"}, "safe_contact": {"call"}}, []casework.Way{casework.ByCall}},
		"who called none of them safe":    {form.Answers{"contact_way": {"call", "email"}, "email": {"sam@bewoner.example"}, "safe_contact": {"none"}}, []casework.Way{casework.ByNoWay}},
		"who ticked less than they chose": {form.Answers{"contact_way": {"call", "email"}, "email": {"sam@bewoner.example"}, "safe_contact": {"call"}}, nil},
		"under a flag, only what's safe":  {form.Answers{"safe_now": {"no"}, "contact_way": {"call", "text", "letter"}, "address": {"Kade 1"}, "safe_contact": {"text"}}, []casework.Way{casework.ByText}},
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

// A receipt that bounced, or that was called spam, becomes the task of who the case stands with, once: whatever comes
// again, later, or about another mail makes no second one. Of the mail to the lead a coordinator hears instead.
func TestAReceiptThatCameBackIsGivenByHand(t *testing.T) { // threat:T24 //threat:T25 //invariant:I8
	receipt := func(c casework.Case) casework.Message {
		return casework.Message{Case: c.ID, ID: "0001-receipt-resident", Kind: casework.MailReceipt}
	}
	lead := func(c casework.Case) casework.Message {
		return casework.Message{Case: c.ID, ID: "0001-lead-" + c.Lead, Kind: casework.MailLead}
	}
	flag := form.Answers{"safe_now": {"no"}, "contact_way": {"call", "email", "letter"}, "address": {"Kade 1"}, "safe_contact": {"email"}}
	tests := map[string]struct {
		over   form.Answers
		told   []func(casework.Case) casework.Message // what the mail service tells of
		byHand bool                                   // somebody tells the resident after the first of them
		want   int                                    // events of its coming back
		more   int                                    // mails that tell of it
		ways   []casework.Way                         // left while it is a task
	}{
		"the receipt":                       {nil, []func(casework.Case) casework.Message{receipt}, false, 1, 0, []casework.Way{casework.ByCall}},
		"told twice":                        {nil, []func(casework.Case) casework.Message{receipt, receipt}, false, 1, 0, []casework.Way{casework.ByCall}},
		"told again, and the task was done": {nil, []func(casework.Case) casework.Message{receipt, receipt}, true, 1, 0, nil},
		"the lead's mail":                   {nil, []func(casework.Case) casework.Message{lead}, false, 0, 1, nil},
		"under a flag, no other way is safe": {
			flag, []func(casework.Case) casework.Message{receipt}, false, 1, 0, []casework.Way{casework.ByNoWay},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			c := town.Case(t, monday(), exampletest.Answers(tt.over))
			later := monday().Add(time.Hour)
			for i, m := range tt.told {
				if err := town.Work.CameBack(t.Context(), later.Add(time.Duration(i)*time.Hour), m(c)); err != nil {
					t.Fatal(err)
				}
				if tt.byHand && i == 0 {
					if err := town.Work.Told(t.Context(), click(later, c.ID, c.Owner(), c.Version+1, "told"), casework.ByCall); err != nil {
						t.Fatal(err)
					}
				}
			}
			d, err := town.Store.Dossier(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			for _, ev := range d.Events {
				if ev.Kind == casework.EvCameBack {
					got++
				}
			}
			due, owed := d.Case.Deadline(casework.DueReceipt)
			if got != tt.want || owed != (tt.ways != nil) || len(d.Messages) != len(c.Owes(d.Events[0], true))+tt.more {
				t.Errorf("came back %d times, a task %v, %d mails", got, owed, len(d.Messages))
			}
			if want := town.Municipality.Due(later, municipality.Term{WorkingDays: 1}); owed && (due.Owner != c.Owner() || !due.At.Equal(want)) {
				t.Errorf("the task is %q's until %v, want %v", due.Owner, due.At, want)
			}
			if owed {
				contact := contactIn(t, town, c.ID)
				if !slices.Equal(contact.ByHand(), tt.ways) {
					t.Errorf("it may be given by %v, want %v", contact.ByHand(), tt.ways)
				}
			}
			if err := casework.CheckChain(d.Case, d.Events); err != nil {
				t.Error(err)
			}
		})
	}
}

// Who heard the receipt when the form was entered needs no other when the mail comes back; nor does a case that belongs
// to another one make a task that stands in nobody's list.
func TestWhatCameBackInVain(t *testing.T) {
	town := exampletest.New(t)
	receipt, err := town.Intake.Enter(t.Context(), monday(), casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "nl", Answers: exampletest.Answers(nil),
	}, casework.Entry{Worker: "mees", How: casework.AtCounter, Updates: casework.Updates{To: casework.ToResident}, Told: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := town.Work.Take(t.Context(), monday(), receipt.Reference); err != nil {
		t.Fatal(err)
	}
	answers := exampletest.Answers(nil)
	running := town.Case(t, monday(), answers)
	if err := town.Work.Accept(t.Context(), click(monday(), running.ID, running.Lead, 1, "yes")); err != nil {
		t.Fatal(err)
	}
	added := town.Case(t, monday().Add(time.Hour), answers)
	if err := town.Work.Merge(t.Context(), click(monday().Add(time.Hour), added.ID, added.Lead, 1, "merge")); err != nil {
		t.Fatal(err)
	}
	for name, ref := range map[string]casework.Reference{"told at once": receipt.Reference, "an addition": added.ID} {
		t.Run(name, func(t *testing.T) {
			before, err := town.Store.Case(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			m := casework.Message{Case: ref, ID: "0001-receipt-resident", Kind: casework.MailReceipt}
			if err := town.Work.CameBack(t.Context(), monday().Add(2*time.Hour), m); err != nil {
				t.Fatal(err)
			}
			if after, err := town.Store.Case(t.Context(), ref); err != nil || after.Version != before.Version {
				t.Errorf("the case is at version %d, was at %d; %v", after.Version, before.Version, err)
			}
		})
	}
}

// contactIn opens how the resident of a case can be reached.
func contactIn(t *testing.T, town *exampletest.Town, ref casework.Reference) casework.Contact {
	t.Helper()
	report, _, err := town.Store.Report(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	contact, err := casework.OpenJSON[casework.Contact](t.Context(), town.Opener, casework.ForContact, ref, report.Contact)
	if err != nil {
		t.Fatal(err)
	}
	return contact
}
