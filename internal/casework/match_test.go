package casework_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// first is a case that its lead has accepted, and the answers it came with.
func first(t *testing.T, town *exampletest.Town) (casework.Case, form.Answers) {
	t.Helper()
	answers := exampletest.Answers(nil)
	c := town.Case(t, monday(), answers)
	if err := town.Work.Accept(t.Context(), click(monday(), c.ID, c.Lead, 1, "accept first")); err != nil {
		t.Fatal(err)
	}
	return caseOf(t, town, c.ID), answers
}

func caseOf(t *testing.T, town *exampletest.Town, ref casework.Reference) casework.Case {
	t.Helper()
	c, err := town.Store.Case(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAReportThatMatchesGoesToTheLeadOfTheRunningCase(t *testing.T) { // E8, E9
	for name, tt := range map[string]struct {
		same func(form.Answers) form.Answers // what the second report shares with the first
		want bool
	}{
		"the same address": {want: true, same: func(a form.Answers) form.Answers {
			return form.Answers{"house_number": a["house_number"]}
		}},
		"the same address, written otherwise": {want: true, same: func(a form.Answers) form.Answers {
			return form.Answers{"house_number": {" " + a.One("house_number")}, "postcode": {"9991ab"}}
		}},
		"the same phone, written otherwise": {want: true, same: func(a form.Answers) form.Answers {
			return form.Answers{"phone": {"+31 6 " + a.One("phone")[3:]}}
		}},
		"the same e-mail":           {want: true, same: func(a form.Answers) form.Answers { return form.Answers{"email": a["email"]} }},
		"a street without a number": {same: func(form.Answers) form.Answers { return form.Answers{"house_number": {""}} }},
		"the phone of somebody who fills in for others": {same: func(a form.Answers) form.Answers {
			return form.Answers{"for_whom": {"other"}, "phone": a["phone"], "email": a["email"]}
		}},
		"nothing": {same: func(form.Answers) form.Answers { return nil }},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			running, answers := first(t, town)
			second := town.Case(t, monday().Add(time.Hour), exampletest.Answers(tt.same(answers)))
			if got := second.Step == routing.StepContinuity; got != tt.want {
				t.Errorf("routed by step %d, want continuity: %t", second.Step, tt.want)
			}
			if tt.want && (second.Lead != running.Lead || second.Proposed != running.ID || !second.Nearby) {
				t.Errorf("lead %q proposed %q, want %q and %q", second.Lead, second.Proposed, running.Lead, running.ID)
			}
		})
	}
}

// One house is one trait however its number is written, and two houses are two: nobody's question is put before who helps
// the neighbours.
func TestAHouseNumberIsReadAsPeopleWriteIt(t *testing.T) { // feature:E9
	for name, tt := range map[string]struct {
		one, other string
		same       bool
	}{
		"a small letter":                     {"12a", "12A", true},
		"a letter set apart":                 {"12a", " 12  A", true},
		"a letter behind a dash":             {"12a", "12-a", true},
		"a letter behind a slash":            {"12a", "12/A", true},
		"an addition set apart in two ways":  {"12-1", "12 1", true},
		"a letter and a number":              {"12A1", "12 a-1", true},
		"an addition of letters":             {"12bis", "12 BIS", true},
		"a full stop behind it":              {"12a", "12a.", true},
		"digits of another script":           {"12", "١٢", true},
		"an addition is no part of a number": {"121", "12 1", false},
		"nor behind a dash":                  {"121", "12-1", false},
		"another letter":                     {"12a", "12b", false},
		"with and without a letter":          {"12", "12a", false},
		"no number at all":                   {"-", "-", false},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			first := town.Case(t, monday(), exampletest.Answers(form.Answers{"house_number": {tt.one}}))
			second := town.Case(t, monday().Add(time.Hour), exampletest.Answers(form.Answers{"house_number": {tt.other}}))
			if got := second.Proposed == first.ID; got != tt.same {
				t.Errorf("%q meets %q: %t, want %t", tt.other, tt.one, got, tt.same)
			}
		})
	}
}

func TestTheSameHouseholdIsAnAddition(t *testing.T) { // E9
	town := exampletest.New(t)
	running, answers := first(t, town)
	second := town.Case(t, monday().Add(time.Hour), answers)
	if err := town.Work.Accept(t.Context(), click(monday(), second.ID, second.Lead, 1, "yes")); !casework.RefusedBecause(err, casework.SayWhich) {
		t.Errorf("accepted without saying which household: %v", err)
	}
	atOnce(3, func(int) {
		if err := town.Work.Merge(t.Context(), click(monday().Add(2*time.Hour), second.ID, second.Lead, 1, "merge")); err != nil {
			t.Error(err)
		}
	})
	merged, into := caseOf(t, town, second.ID), caseOf(t, town, running.ID)
	if merged.State != casework.Merged || merged.Into != running.ID || len(merged.Deadlines) != 0 {
		t.Errorf("the addition is %s into %q with %d deadlines", merged.State, merged.Into, len(merged.Deadlines))
	}
	if into.Version != running.Version+1 || into.State != casework.Accepted {
		t.Errorf("the running case went from version %d to %d, %s", running.Version, into.Version, into.State)
	}
	if got := loads(t, town); got != running.Weight {
		t.Errorf("load is %d, want %d", got, running.Weight)
	}
	checkChains(t, town, second.ID, running.ID)

	t.Run("a third report meets the running case, not the addition", func(t *testing.T) {
		third := town.Case(t, monday().Add(3*time.Hour), answers)
		if third.Proposed != running.ID {
			t.Errorf("proposed %q, want %q", third.Proposed, running.ID)
		}
	})
	t.Run("only a coordinator takes it back, with a reason, in time", func(t *testing.T) {
		at := func(when time.Time, by, command string) casework.Click {
			return click(when, second.ID, by, merged.Version, command)
		}
		if err := town.Work.Unmerge(t.Context(), at(monday(), merged.Lead, "a"), "Toch niet."); !casework.RefusedBecause(err, casework.NotYours) {
			t.Errorf("by the lead: %v", err)
		}
		if err := town.Work.Unmerge(t.Context(), at(monday(), "willem", "b"), " "); !casework.RefusedBecause(err, casework.NoReason) {
			t.Errorf("without a reason: %v", err)
		}
		late := merged.UnmergeBefore(town.Municipality).Add(time.Second)
		if err := town.Work.Unmerge(t.Context(), at(late, "willem", "c"), "Te laat."); !casework.RefusedBecause(err, casework.TooLate) {
			t.Errorf("after ten working days: %v", err)
		}
		if err := town.Work.Unmerge(t.Context(), at(monday().Add(4*time.Hour), "willem", "d"), "Het zijn de buren."); err != nil {
			t.Fatal(err)
		}
		apart := caseOf(t, town, second.ID)
		if apart.State != casework.Escalated || apart.Coordinator != "willem" || apart.Into != "" {
			t.Errorf("taken back: %s with %q, into %q", apart.State, apart.Coordinator, apart.Into)
		}
		checkChains(t, town, second.ID, running.ID)
	})
}

func TestAnAdditionNeedsARunningCaseThatItsLeadAccepted(t *testing.T) {
	town := exampletest.New(t)
	answers := exampletest.Answers(nil)
	offered := town.Case(t, monday(), answers)
	second := town.Case(t, monday().Add(time.Hour), answers)
	merge := func(ref casework.Reference, version int, command string, at time.Time) error {
		return town.Work.Merge(t.Context(), click(at, ref, offered.Lead, version, command))
	}
	if err := merge(second.ID, 1, "too soon", monday().Add(2*time.Hour)); !casework.RefusedBecause(err, casework.AcceptFirst) {
		t.Errorf("added to a case that is only offered: %v", err)
	}
	if err := town.Work.Accept(t.Context(), click(monday().Add(2*time.Hour), offered.ID, offered.Lead, 1, "accept")); err != nil {
		t.Fatal(err)
	}
	due, _ := second.Deadline(casework.DueAccept)
	if err := merge(second.ID, 1, "too late", due.At); !casework.RefusedBecause(err, casework.OfferPassed) {
		t.Errorf("added after the term: %v", err)
	}
	if err := town.Work.Overdue(t.Context(), due.At, second.ID); err != nil {
		t.Fatal(err)
	}
	passed := caseOf(t, town, second.ID)
	if passed.Proposed != "" {
		t.Errorf("in the coordinator's queue it still proposes %s", passed.Proposed)
	}
	if err := town.Work.Accept(t.Context(), click(due.At, second.ID, "willem", passed.Version, "own")); err != nil {
		t.Errorf("the coordinator cannot take it: %v", err)
	}
}

// Who sends the form three times before anybody accepted is one household still: the third is added to where the second
// was added.
func TestWhatIsProposedMayHaveBecomeAnAddition(t *testing.T) { // feature:E9
	town := exampletest.New(t)
	answers := exampletest.Answers(nil)
	one := town.Case(t, monday(), answers)
	two := town.Case(t, monday().Add(time.Minute), answers)
	three := town.Case(t, monday().Add(2*time.Minute), answers)
	at := func(c casework.Case, command string) casework.Click {
		return click(monday().Add(time.Hour), c.ID, one.Lead, c.Version, command)
	}
	if err := town.Work.Accept(t.Context(), at(one, "accept")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []casework.Case{two, three} {
		if err := town.Work.Merge(t.Context(), at(c, "merge "+string(c.ID))); err != nil {
			t.Fatal(err)
		}
		if got := caseOf(t, town, c.ID); got.State != casework.Merged || got.Into != one.ID {
			t.Errorf("%s into %q, want %q", got.State, got.Into, one.ID)
		}
	}
	checkChains(t, town, one.ID, two.ID, three.ID)
	t.Run("taken back, it stands by itself", func(t *testing.T) {
		three := caseOf(t, town, three.ID)
		back := click(monday().Add(2*time.Hour), three.ID, "willem", three.Version, "back")
		if err := town.Work.Unmerge(t.Context(), back, "Het zijn de buren."); err != nil {
			t.Fatal(err)
		}
		checkChains(t, town, one.ID, two.ID, three.ID)
	})
}

// An offer that nobody took stands in the coordinator's queue; the lead of the case that runs is found all the same.
func TestACaseWithoutALeadHidesNoneThatHasOne(t *testing.T) { // feature:E8
	town := exampletest.New(t)
	running, answers := first(t, town)
	second := town.Case(t, monday().Add(time.Hour), answers)
	due, _ := second.Deadline(casework.DueAccept)
	if err := town.Work.Overdue(t.Context(), due.At, second.ID); err != nil {
		t.Fatal(err)
	}
	if got := caseOf(t, town, second.ID); got.State != casework.Escalated {
		t.Fatalf("the second is %s", got.State)
	}
	third := town.Case(t, due.At.Add(time.Hour), answers)
	if third.Step != routing.StepContinuity || third.Lead != running.Lead || third.Proposed != running.ID {
		t.Errorf("step %d gave %s, proposed %q, want %s and %q", third.Step, third.Lead, third.Proposed, running.Lead, running.ID)
	}
}

// Who asks again within half a year gets the lead they know, and a case of its own.
func TestAHouseholdThatAsksAgainGetsItsFormerLead(t *testing.T) { // feature:E8
	act := func(c casework.Case, at time.Time, command string) casework.Click {
		return click(at, c.ID, c.Lead, c.Version, command)
	}
	closed := func(t *testing.T, town *exampletest.Town, c casework.Case) {
		must(t, town.Work.Close(t.Context(), act(c, monday(), "close"), casework.Advised, false, "Met advies verder."))
	}
	handedOff := func(t *testing.T, town *exampletest.Town, c casework.Case) {
		must(t, town.Work.HandOff(t.Context(), act(c, monday(), "hand off"), casework.ByCall, "Hulp is nodig.", noFile))
	}
	confirmed := func(t *testing.T, town *exampletest.Town, c casework.Case) {
		handedOff(t, town, c)
		must(t, town.Work.ConfirmHandOff(t.Context(), act(caseOf(t, town, c.ID), monday(), "confirm")))
	}
	for name, tt := range map[string]struct {
		end   func(*testing.T, *exampletest.Town, casework.Case)
		after time.Time
		want  bool
	}{
		"closed an hour ago":                 {closed, monday().Add(time.Hour), true},
		"closed half a year ago":             {closed, monday().AddDate(0, 6, 0), true},
		"closed longer ago":                  {closed, monday().AddDate(0, 6, 0).Add(time.Second), false},
		"handed off":                         {handedOff, monday().Add(time.Hour), true},
		"handed off, and the system has it":  {confirmed, monday().Add(time.Hour), true},
		"handed off and taken over long ago": {confirmed, monday().AddDate(0, 6, 0).Add(time.Second), false},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.In(t, "duinrand")
			answers := inDuinrand(nil)
			former := town.InInquiry(t, monday(), answers)
			tt.end(t, town, former)
			again := town.Case(t, tt.after, answers)
			if got := again.Step == routing.StepContinuity; got != tt.want || got && again.Lead != former.Lead {
				t.Errorf("step %d gave %s; former lead %s, want that one: %t", again.Step, again.Lead, former.Lead, tt.want)
			}
			if again.Proposed != "" || again.Nearby {
				t.Errorf("it is joined to what is closed: proposed %q, nearby %t", again.Proposed, again.Nearby)
			}
		})
	}
}

// Reports that came in together, or waited together while dispatch was down, are taken side by side.
func TestAHouseholdThatAsksAtOnceHasOneLead(t *testing.T) { // feature:E8 //threat:T22
	town := exampletest.New(t)
	for round := range 5 { // as many as there is room for
		answers := exampletest.Answers(nil)
		var refs []casework.Reference
		for i := range 3 {
			refs = append(refs, town.Submit(t, monday().Add(time.Duration(i)*time.Second), answers).Reference)
		}
		atOnce(len(refs), func(i int) {
			if err := town.Work.Take(t.Context(), monday().Add(time.Minute), refs[i]); err != nil {
				t.Error(err)
			}
		})
		leads, alone := map[string]bool{}, 0
		for _, ref := range refs {
			c := caseOf(t, town, ref)
			leads[c.Lead] = true
			if c.Proposed == "" {
				alone++
			}
		}
		if len(leads) != 1 || alone != 1 {
			t.Errorf("round %d: %d leads, and %d cases that belong to no other, want 1 and 1", round, len(leads), alone)
		}
	}
}

// Who said that they know a household gets no case of it, whoever chooses, and is not asked to think along: they would read
// what their neighbours told in confidence.
func TestNobodyIsChosenForAHouseholdTheyKnow(t *testing.T) { // feature:E13
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	knows := c.Lead
	must(t, town.Work.GiveBack(t.Context(), click(monday(), c.ID, knows, 1, "back"), "Dit is mijn buurvrouw.", true))
	at := func(by, command string) casework.Click {
		return click(monday(), c.ID, by, caseOf(t, town, c.ID).Version, command)
	}
	refused := func(name string, err error) {
		t.Helper()
		if !casework.RefusedBecause(err, casework.KnowsThem) {
			t.Errorf("%s: %v", name, err)
		}
	}
	lead := caseOf(t, town, c.ID).Lead
	must(t, town.Work.Accept(t.Context(), at(lead, "accept")))
	handing := casework.HandingOver{To: knows, Told: casework.ByCall, Reason: "Ik ga weg."}
	for name, err := range map[string]error{ // who has no part in the case hears nothing, of it or of who knows whom
		"asking":  town.Work.Ask(t.Context(), at("aylin", "ask"), casework.Asking{Of: knows, Question: "Wie is dit?", Basis: casework.OnTask}),
		"placing": town.Work.Place(t.Context(), at("aylin", "place"), knows, "Wie is dit?"),
	} {
		if !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s, a stranger hears %v", name, err)
		}
	}
	refused("asked to think along", town.Work.Ask(t.Context(), at(lead, "ask"), casework.Asking{Of: knows, Question: "Wat vind jij?", Basis: casework.OnTask}))
	refused("handed over to", town.Work.BeginHandover(t.Context(), at(lead, "hand"), handing))
	refused("made the lead", town.Work.Reassign(t.Context(), at("willem", "reassign"), handing))

	must(t, town.Work.HandOn(t.Context(), casework.Takeover{
		From: lead, By: "willem", At: monday(), Command: "on", Cases: []casework.HandedOn{{Case: c.ID, To: knows, Told: casework.ByCall}},
	}, "Het duurt te lang."))
	must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Minute)))
	_, _, kept, err := town.Store.Takeover(t.Context(), lead)
	if diff := cmp.Diff([]casework.Kept{{Case: c.ID, Why: casework.KnowsThem}}, kept); err != nil || diff != "" {
		t.Errorf("handed on with a list: %v, kept (-want +got):\n%s", err, diff)
	}

	must(t, town.Work.HandBack(t.Context(), at("willem", "queue"), "Iedereen is weg."))
	refused("placed with", town.Work.Place(t.Context(), at("willem", "place"), knows, "Er is nu niemand anders."))
	must(t, town.Work.Place(t.Context(), at("willem", "place again"), lead, "Toch jij."))

	strangers := town.Case(t, monday(), exampletest.Answers(form.Answers{
		"house_number": {"77"}, "phone": {"06 77777777"}, "email": {"kim@bewoner.example"},
	}))
	must(t, town.Work.Accept(t.Context(), click(monday(), strangers.ID, strangers.Lead, 1, "accept")))
	if strangers.Lead != knows { // who may have got it already
		k := click(monday(), strangers.ID, strangers.Lead, 2, "ask")
		must(t, town.Work.Ask(t.Context(), k, casework.Asking{Of: knows, Question: "Wat vind jij?", Basis: casework.OnTask}))
	}
}

func TestAnotherHouseholdIsRoutedAnew(t *testing.T) { // E9
	town := exampletest.New(t)
	running, answers := first(t, town)
	second := town.Case(t, monday().Add(time.Hour), answers)
	if err := town.Work.Apart(t.Context(), click(monday().Add(2*time.Hour), second.ID, second.Lead, 1, "apart")); err != nil {
		t.Fatal(err)
	}
	got := caseOf(t, town, second.ID)
	if got.State != casework.Assigned || got.Step != routing.StepGeneralist || got.Proposed != "" || !got.Nearby {
		t.Errorf("%s by step %d, proposed %q", got.State, got.Step, got.Proposed)
	}
	if after := caseOf(t, town, running.ID); after.Version != running.Version {
		t.Errorf("the running case moved to version %d", after.Version)
	}
	if got := loads(t, town); got != running.Weight+second.Weight {
		t.Errorf("load is %d, want %d", got, running.Weight+second.Weight)
	}
}

func TestAnUrgentReportIsLookedAtBeforeItIsAdded(t *testing.T) {
	town := exampletest.New(t)
	_, answers := first(t, town)
	answers["basics"] = []string{"food"}
	second := town.Case(t, monday().Add(time.Hour), answers)
	err := town.Work.Merge(t.Context(), click(monday().Add(2*time.Hour), second.ID, second.Lead, 1, "merge"))
	if !casework.RefusedBecause(err, casework.LookFirst) {
		t.Errorf("an urgent report was added before anybody looked: %v", err)
	}
}

// Flag × which report has it × state of the first: joined to nothing, in either direction, and nothing in the other.
func TestACaseUnderASafetyFlagIsJoinedToNothing(t *testing.T) { // threat:T01
	flag := form.Answers{"hide_from": {"yes"}, "safe_contact": {"call"}}
	for _, flagged := range []string{"the first", "the second", "both"} {
		for _, accepted := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, first accepted %t", flagged, accepted), func(t *testing.T) {
				town := exampletest.New(t)
				answers := exampletest.Answers(nil)
				with := func(is bool) form.Answers {
					a := exampletest.Answers(answers)
					if is {
						maps.Copy(a, flag)
					}
					return a
				}
				one := town.Case(t, monday(), with(flagged != "the second"))
				if accepted {
					if err := town.Work.Accept(t.Context(), click(monday(), one.ID, one.Lead, 1, "accept")); err != nil {
						t.Fatal(err)
					}
				}
				before := caseOf(t, town, one.ID)
				two := town.Case(t, monday().Add(time.Hour), with(flagged != "the first"))
				if two.Step == routing.StepContinuity || two.Proposed != "" {
					t.Errorf("step %d, proposed %q", two.Step, two.Proposed)
				}
				if want := flagged == "the second"; two.Nearby != want {
					t.Errorf("its own page warns: %t, want %t", two.Nearby, want)
				}
				if after := caseOf(t, town, one.ID); after.Version != before.Version || after.Nearby {
					t.Errorf("the first case shows it: version %d to %d, nearby %t", before.Version, after.Version, after.Nearby)
				}
			})
		}
	}
}

func TestAKnownWorkerIsFoundWithoutDoubtOrNotAtAll(t *testing.T) { // E15
	for name, tt := range map[string]struct {
		written string
		want    string
	}{
		"a full name":                {"Daan Stuurman", "daan"},
		"a full name in any letters": {" daan  STUURMAN ", "daan"},
		"a first name nobody shares": {"Samira", "samira"},
		"a full stop behind it":      {"Samira.", "samira"},
		"half a surname":             {"Stuur", ""},
		"nobody":                     {"Iemand Anders", ""},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			c := town.Case(t, monday(), exampletest.Answers(form.Answers{"known_worker": {tt.written}}))
			if got := c.Step == routing.StepKnownWorker; got != (tt.want != "") || got && c.Lead != tt.want {
				t.Errorf("step %d gave %s, want %q", c.Step, c.Lead, tt.want)
			}
		})
	}
}

func TestWhoKnowsAHouseholdUnderASafetyFlagNeverGetsItAgain(t *testing.T) { // E13
	town := exampletest.New(t)
	flagged := func(a form.Answers) form.Answers {
		return exampletest.Answers(form.Answers{
			"hide_from": {"yes"}, "safe_contact": {"call"}, "house_number": a["house_number"], "phone": a["phone"], "email": a["email"],
		})
	}
	answers := exampletest.Answers(nil)
	c := town.Case(t, monday(), flagged(answers))
	if err := town.Work.GiveBack(t.Context(), click(monday(), c.ID, c.Lead, 1, "back"), "Dit is mijn zus.", true); err != nil {
		t.Fatal(err)
	}
	if again := town.Case(t, monday().Add(time.Hour), flagged(answers)); again.Lead == c.Lead || again.Nearby {
		t.Errorf("%s got the household again, or its page warns of itself", again.Lead)
	}
}

// Who turns out to know the household, having accepted it, says so while asking for another lead; who gives back in place of
// a lead says it of themselves.
func TestWhoSaysSoIsWhoKnowsTheHousehold(t *testing.T) { // feature:E13 //feature:G4
	for name, tt := range map[string]struct {
		says    func(town *exampletest.Town, k casework.Click) error
		standIn bool // is who says so
	}{
		"the lead, who asks for another": {
			says: func(town *exampletest.Town, k casework.Click) error {
				must(t, town.Work.Accept(t.Context(), k))
				k.Shown, k.Command = k.Shown+1, "ask"
				return town.Work.AskAnother(t.Context(), k, "Het is mijn buurvrouw.", true)
			},
		},
		"the stand-in, who gives back": {
			says: func(town *exampletest.Town, k casework.Click) error {
				return town.Work.GiveBack(t.Context(), k, "Het is mijn buurvrouw.", true)
			},
			standIn: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			c := town.Case(t, monday(), exampletest.Answers(nil))
			k := click(monday(), c.ID, c.Lead, 1, "say")
			if tt.standIn {
				k.By = casework.Reader{Worker: "samira", StandsInFor: []string{c.Lead}}
			}
			want := map[string]int{k.By.Worker: 3} // traits that they are kept from
			must(t, tt.says(town, k))
			people, err := town.Store.People(t.Context())
			must(t, err)
			got := map[string]int{}
			for _, w := range people.Workers {
				if len(w.Conflicts) > 0 {
					got[w.ID] = len(w.Conflicts)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("kept from it (-want +got):\n%s", diff)
			}
			if after := caseOf(t, town, c.ID); after.State == casework.Assigned && want[after.Lead] > 0 {
				t.Errorf("%s knows them and was offered it", after.Lead)
			}
		})
	}
}

func TestWhoKnowsTheHouseholdNeverGetsItAgain(t *testing.T) { // E13
	town := exampletest.New(t)
	answers := exampletest.Answers(nil)
	c := town.Case(t, monday(), answers)
	knows := c.Lead
	if err := town.Work.GiveBack(t.Context(), click(monday(), c.ID, knows, 1, "back"), "Dit is mijn buurvrouw.", true); err != nil {
		t.Fatal(err)
	}
	people, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := people.Worker(knows); len(w.Conflicts) != 3 {
		t.Errorf("%s has %d trait hashes, want address, phone and e-mail", knows, len(w.Conflicts))
	}
	// The next lead gives it back as well; then the resident asks again.
	for c = caseOf(t, town, c.ID); c.State == casework.Assigned; c = caseOf(t, town, c.ID) {
		if err := town.Work.GiveBack(t.Context(), click(monday(), c.ID, c.Lead, c.Version, "back "+c.Lead), "Geen tijd.", false); err != nil {
			t.Fatal(err)
		}
	}
	again := town.Case(t, monday().Add(time.Hour), answers)
	if again.Lead == knows {
		t.Errorf("%s knows the household and got it again", knows)
	}
	other := town.Case(t, monday().Add(2*time.Hour), exampletest.Answers(nil))
	if other.Lead != knows {
		t.Errorf("%s got %s; who gave back for this household only is free for others", other.Lead, other.ID)
	}
}

func TestARuleThatPointsAtNobodyFallsThrough(t *testing.T) { // E7
	town := exampletest.New(t)
	town.Municipality.Rules.Rules = []municipality.Rule{{ID: "leeg", Name: "niemand", Leads: municipality.Leads{Worker: "weg"}}}
	if c := town.Case(t, monday(), exampletest.Answers(nil)); c.Step != routing.StepGeneralist {
		t.Errorf("routed by step %d, want the generalist", c.Step)
	}
}

func checkChains(t *testing.T, town *exampletest.Town, refs ...casework.Reference) {
	t.Helper()
	for _, ref := range refs {
		d, err := town.Store.Dossier(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if err := casework.CheckChain(d.Case, d.Events); err != nil {
			t.Error(err)
		}
		if slices.ContainsFunc(d.Events, func(e casework.Event) bool { return e.Kind == "" }) {
			t.Error(errors.New("an event without a kind"))
		}
	}
}
