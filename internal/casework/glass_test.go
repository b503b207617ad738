package casework_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// threat:T14
func TestARealReasonIsMoreThanAWord(t *testing.T) {
	for text, want := range map[string]bool{
		"":                                   false,
		".":                                  false,
		"test":                               false,
		"test test test test test test test": false,
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxx":      false,
		"a b c d e f g h i j k l m n o p q r s t":        false,
		"1234 5678 9012 3456 7890":                       false,
		"... --- ... --- ... --- ... ---":                false,
		"spoed bij de buren":                             false, // what is it?
		"De bewoner staat aan de balie en is in de war.": true,
		"Buren bellen over een gaslucht":                 true,
		"ÉÉN KIND IS ALLEEN THUIS":                       true,
	} {
		if got := casework.RealReason(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// N2: on which basis a case may be shared with whom.
func TestAShareHasABasisThatHolds(t *testing.T) {
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	k := casework.Click{At: monday(), Case: c.ID, By: reader(c.Lead), Shown: 1, Command: "accept"}
	must(t, town.Work.Accept(t.Context(), k))
	for name, tt := range map[string]struct {
		asking casework.Asking
		holds  bool
	}{
		"a colleague on the team's task":             {casework.Asking{Of: "noor", Basis: casework.OnTask}, true},
		"a colleague on no basis":                    {casework.Asking{Of: "emre"}, false},
		"a colleague on a basis that there is not":   {casework.Asking{Of: "emre", Basis: "curious"}, false},
		"a partner on the team's task":               {casework.Asking{Of: "joost", Basis: casework.OnTask, Told: true}, false},
		"a partner with consent of who was not told": {casework.Asking{Of: "joost", Basis: casework.OnConsent}, false},
		"a partner with consent":                     {casework.Asking{Of: "joost", Basis: casework.OnConsent, Told: true}, true},
		"a colleague, since somebody is in danger":   {casework.Asking{Of: "ruben", Basis: casework.OnVital}, true},
	} {
		now, err := town.Store.Case(t.Context(), c.ID)
		must(t, err)
		tt.asking.Question = "Denk je mee?"
		err = town.Work.Ask(t.Context(), casework.Click{At: monday(), Case: c.ID, By: reader(c.Lead), Shown: now.Version, Command: name}, tt.asking)
		if tt.holds && err != nil || !tt.holds && !casework.RefusedBecause(err, casework.NoBasis) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil { // nobody is asked twice at once
			k := casework.Click{At: monday(), Case: c.ID, By: reader(c.Lead), Shown: now.Version + 1, Command: name + ", ended"}
			must(t, town.Work.EndAsk(t.Context(), k, tt.asking.Of))
		}
	}
	d, err := town.Store.Dossier(t.Context(), c.ID)
	must(t, err)
	for _, ev := range d.Events {
		if ev.Kind != casework.EvAsked {
			continue
		}
		share, err := casework.OpenJSON[casework.Share](t.Context(), town.Opener, casework.ForContent, c.ID, ev.Record)
		if err != nil || share.What != casework.ButLeadNotes || share.Told != (ev.Subject == "joost") || share.Basis == "" || len(ev.Reason) == 0 {
			t.Errorf("%s was asked on %+v, %v", ev.Subject, share, err)
		}
	}
}

// N2: a handover says on what ground, and that the resident knows.
func TestAHandoverIsASharing(t *testing.T) {
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	must(t, town.Work.Accept(t.Context(), casework.Click{At: monday(), Case: c.ID, By: reader(c.Lead), Shown: 1, Command: "accept"}))
	must(t, town.Work.BeginHandover(t.Context(), casework.Click{At: monday(), Case: c.ID, By: reader(c.Lead), Shown: 2, Command: "hand"},
		casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Emre kent dit."}))
	d, err := town.Store.Dossier(t.Context(), c.ID)
	must(t, err)
	last := d.Events[len(d.Events)-1]
	share, err := casework.OpenJSON[casework.Share](t.Context(), town.Opener, casework.ForContent, c.ID, last.Record)
	if want := (casework.Share{Basis: casework.OnTask, What: casework.WholeCase, Told: true}); err != nil || share != want {
		t.Errorf("got %+v (%v), want %+v", share, err, want)
	}
}

// T03: the number of no case, and of a smoke test, is answered as unknown.
//
// threat:T03
func TestAGlassIsBrokenOfACaseOnly(t *testing.T) {
	town := exampletest.New(t)
	e := casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnTask}
	k := casework.Click{At: monday(), Case: casework.NewSecret().Reference(0), By: reader("emre"), Command: "glass"}
	if err := town.Work.BreakGlass(t.Context(), k, e); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("an unknown number: %v", err)
	}
	k.Case = town.Submit(t, monday(), exampletest.Answers(nil)).Reference
	if err := town.Work.BreakGlass(t.Context(), k, e); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a report that is no case yet: %v", err)
	}
	k.Case = town.Case(t, monday(), exampletest.Answers(nil)).ID
	for name, e := range map[string]casework.Emergency{
		"with consent":   {Reason: e.Reason, Basis: casework.OnConsent},
		"for no reason":  {Reason: "test", Basis: casework.OnTask},
		"on no basis":    {Reason: e.Reason},
		"without either": {},
	} {
		if err := town.Work.BreakGlass(t.Context(), k, e); !casework.RefusedBecause(err, casework.NoReason) {
			t.Errorf("%s: %v", name, err)
		}
	}
	glasses, _, err := town.Store.Glasses(t.Context(), "")
	if err != nil || len(glasses) > 0 {
		t.Errorf("%d glasses were broken, %v", len(glasses), err)
	}
}

// Of a case that ended before it had a lead the privacy officer hears, and nobody without a name.
func TestAGlassOfACaseWithoutALead(t *testing.T) { // threat:T14
	town := exampletest.New(t)
	ref := town.Case(t, monday(), exampletest.Answers(nil)).ID
	must(t, town.Work.HandBack(t.Context(), click(monday(), ref, "willem", 1, "hand back"), "Niemand kan."))
	must(t, town.Work.Withdraw(t.Context(), click(monday(), ref, "willem", 2, "withdraw"), "Het hoeft niet meer."))
	must(t, town.Work.BreakGlass(t.Context(), click(monday(), ref, "noor", 0, "glass"), casework.Emergency{
		Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnVital,
	}))
	d := dossier(t, town, ref)
	if diff := cmp.Diff(map[string]bool{"iris": true}, heard(d, d.Events[len(d.Events)-1])); diff != "" {
		t.Errorf("of that is told (-want +got):\n%s", diff)
	}
}

// G10: as what somebody reads who is neither the lead nor of the team.
func TestWhoReadsFromOutside(t *testing.T) {
	c := casework.Case{
		State: casework.Accepted, Lead: "lead", Asked: []string{"asked"}, Handover: casework.Handover{To: "new"},
		Glass: []casework.Glass{{Worker: "glass", Until: monday().AddDate(0, 0, 1)}},
	}
	for name, tt := range map[string]struct {
		reader casework.Reader
		want   casework.Relation
	}{
		"the lead, of another team by now":   {casework.Reader{Worker: "lead", Team: "south"}, ""},
		"who stands in for the lead":         {casework.Reader{Worker: "other", Team: "south", StandsInFor: []string{"lead"}}, ""},
		"a colleague of the team who thinks": {casework.Reader{Worker: "asked", Team: "north"}, ""},
		"a colleague of another team":        {casework.Reader{Worker: "asked", Team: "south"}, casework.WhoWasAsked},
		"a partner who sits with the team":   {casework.Reader{Worker: "asked", Team: "north", Aside: routing.Partner}, casework.WhoWasAsked},
		"the new lead, of another team":      {casework.Reader{Worker: "new", Team: "south"}, casework.TheNewLead},
		"a coordinator of another team":      {casework.Reader{Worker: "other", Team: "south", Coordinator: true}, casework.ACoordinator},
		"who broke the glass, of the team":   {casework.Reader{Worker: "glass", Team: "north"}, casework.BehindGlass},
	} {
		if got := c.Outside(tt.reader, "north", monday()); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
