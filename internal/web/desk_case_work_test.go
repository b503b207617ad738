package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// do does acts one after the other.
func do(t *testing.T, acts ...func() error) {
	t.Helper()
	for i, act := range acts {
		if err := act(); err != nil {
			t.Fatalf("act %d: %v", i+1, err)
		}
	}
}

// helped is a case with a lead who met the household, wrote a plan with them and planned the next talk.
func (o *office) helped(t *testing.T, answers form.Answers) casework.Case {
	t.Helper()
	c := o.Case(t, o.business(), answers)
	click := func() casework.Click { return o.click(o.head(t, c.ID), c.Lead) }
	ctx := t.Context()
	do(t,
		func() error { return o.Work.Accept(ctx, click()) },
		func() error { return o.Work.Tried(ctx, click(), casework.ByCall) },
		func() error { return o.Work.Contacted(ctx, click()) },
		func() error {
			return o.Work.Meet(ctx, click(), casework.MeetingReport{
				Came: []string{"Noor"}, Also: []string{"Oma Til"}, Companion: true, Alone: true, AloneNote: "is bang voor brieven",
				Agreements: []casework.Agreement{{Who: "Noor", What: "leest de post mee", When: "elke maandag"}},
			}, time.Time{})
		},
		func() error { return o.Work.Conclude(ctx, click()) },
		func() error {
			return o.Work.WritePlan(ctx, click(), casework.Plan{
				Goals: []string{"Geen deurwaarder meer"}, Limits: "Noor kan niet in de avond",
				Agreements: []casework.Agreement{{Who: "Noor", What: "sorteert brieven"}, {Who: "Gemeente", What: "belt de huisbaas", When: "vóór 1 december"}},
				LeadHours:  "2 uur per week", LeadUntil: "2027-03-01",
			})
		},
		func() error {
			return o.Work.Plan(ctx, click(), casework.MeetingPlan{
				At: o.business().Add(26 * time.Hour), Place: casework.CommunityHouse, Where: "De Kombuis", Comes: []string{"Noor"},
			})
		},
		func() error {
			return o.Work.Note(ctx, click(), "het team mag dit weten", casework.Note{For: casework.ForTeam})
		},
		func() error {
			return o.Work.Note(ctx, click(), "dit blijft bij de regisseur", casework.Note{For: casework.ForLead})
		},
		func() error {
			return o.Work.Note(ctx, click(), "dit staat ook voor thuis", casework.Note{For: casework.ForHousehold, Whom: "Sam"})
		},
	)
	return c
}

// part is the text of a block of a case page, from its heading to the next.
func part(a deskAnswer, id string) string {
	return deskText(a.Find("h2#" + id).NextUntil("h2"))
}

// G5, G6, G8: meeting, plan, notes and timeline stand on a case page, each once, the network first.
func TestACaseShowsWhatWasDone(t *testing.T) {
	o := openOffice(t)
	c := o.helped(t, exampletest.Answers(full()))
	a := o.signedIn(t, c.Lead).get(caseURL(c))
	var blocks []string
	a.Find("main h2[id]").Each(func(_ int, s *goquery.Selection) { blocks = append(blocks, s.AttrOr("id", "")) })
	want := []string{"contact", "helpers", "regisseur", "wat", "stap", "gesprek", "plan", "laatste-gesprek", "notities", "tijdlijn"}
	if diff := cmp.Diff(want, blocks); diff != "" {
		t.Errorf("order of blocks (-want +got):\n%s", diff)
	}
	for id, says := range map[string][]string{
		"gesprek":         {"dinsdag 24 november", "In het buurthuis", "De Kombuis", "Komt ook Noor"},
		"laatste-gesprek": {"Noor", "Oma Til", "leest de post mee", "elke maandag", "is bang voor brieven"},
		"plan": {
			"Geen deurwaarder meer", "Noor sorteert brieven Gemeente belt de huisbaas", "vóór 1 december", "Noor kan niet in de avond",
			"2 uur per week, tot en met 1 maart 2027",
		},
		"notities": {"dit staat ook voor thuis", "Ook voor Sam", "dit blijft bij de regisseur", "Alleen voor de regisseur"},
	} {
		for _, want := range says {
			if got := strings.ReplaceAll(part(a, id), "morgen,", "dinsdag 24 november,"); !strings.Contains(got, want) {
				t.Errorf("%s: got %q, want it to say %q", id, got, want)
			}
		}
	}
	if got := part(a, "tijdlijn"); strings.Contains(got, "dit blijft bij de regisseur") {
		t.Error("the timeline says a note once more")
	}
	if top := deskText(a.Find("h2#contact").PrevAll()); !strings.Contains(top, "Gesprek: morgen, 12.00 uur") {
		t.Errorf("the page opens with %q, want the meeting", top)
	}
}

// asks has the lead ask a colleague to think along.
func (o *office) asks(t *testing.T, c casework.Case, colleague, question string) error {
	t.Helper()
	return o.Work.Ask(t.Context(), o.click(o.head(t, c.ID), c.Lead), casework.Asking{Of: colleague, Question: question, Basis: casework.OnTask})
}

// G6: what stays with the lead is read by the lead, whoever that is, and by who stands in for them. A coordinator sees that it
// is there; whoever else reads the case, whatever else they may read, does not.
//
// invariant:I10
func TestWhatStaysWithTheLeadIsForTheLead(t *testing.T) { // feature:G6 //threat:T14
	o := openOffice(t)
	c := o.helped(t, exampletest.Answers(full()))
	asked, next := otherThan(c), "ruben"
	do(t, func() error { return o.asks(t, c, asked, "kijk je mee?") })
	do(t, func() error {
		return o.Work.BreakGlass(t.Context(), o.click(o.head(t, c.ID), "noor"), casework.Emergency{Reason: "de buren bellen over een gaslucht", Basis: casework.OnVital})
	})
	const nothing, exists, words = "nothing", "that it is there", "the words"
	reads := func(name, worker, want string) {
		t.Helper()
		a := o.signedIn(t, worker).get(caseURL(c))
		for where, secret := range map[string]string{"notities": "dit blijft bij de regisseur", "laatste-gesprek": "is bang voor brieven"} {
			got := nothing
			if strings.Contains(part(a, where), "Hier staat iets. Dat leest alleen de regisseur.") {
				got = exists
			}
			if strings.Contains(a.body, secret) {
				got = words
			}
			if got != want || a.status != http.StatusOK {
				t.Errorf("%s reads of %q: %s, want %s (%d)", name, secret, got, want, a.status)
			}
		}
		if !strings.Contains(part(a, "notities"), "het team mag dit weten") {
			t.Errorf("%s does not read the team's note", name)
		}
	}
	reads("the lead", c.Lead, words)
	reads("a coordinator", "willem", exists)
	reads("a colleague who thinks along", asked, nothing)
	reads("who broke the glass", "noor", nothing)
	do(t, func() error {
		return o.Work.BeginHandover(t.Context(), o.click(o.head(t, c.ID), c.Lead), casework.HandingOver{
			To: next, Talk: o.business().AddDate(0, 0, 1), Told: casework.ByCall, Reason: "verhuisd",
		})
	})
	reads("who is to lead it", next, nothing)
	do(t, func() error { return o.Work.AcceptHandover(t.Context(), o.click(o.head(t, c.ID), next), time.Time{}) })
	reads("the new lead", next, words)
	o.standIn(t, next, "2026-11-27", "mees")
	reads("who stands in for the new lead", "mees", words)
}

// G6: under a safety flag no note is the household's, and the plan warns before it goes on paper.
//
// threat:T01
func TestUnderASafetyFlagNothingIsMarkedForTheHousehold(t *testing.T) {
	o := openOffice(t)
	answers := full()
	maps.Copy(answers, unsafe())
	c := o.Case(t, o.business(), exampletest.Answers(answers))
	do(t,
		func() error { return o.Work.Looked(t.Context(), o.click(o.head(t, c.ID), c.Lead)) },
		func() error { return o.Work.Accept(t.Context(), o.click(o.head(t, c.ID), c.Lead)) },
		func() error {
			err := o.Work.Note(t.Context(), o.click(o.head(t, c.ID), c.Lead), "voor thuis", casework.Note{For: casework.ForHousehold, Whom: "Sam"})
			if !casework.RefusedBecause(err, casework.NotSafe) {
				return fmt.Errorf("a note for the household is answered with %v", err) //nolint:errorlint // nil is the fault
			}
			return nil
		},
		func() error {
			return o.Work.Note(t.Context(), o.click(o.head(t, c.ID), c.Lead), "voor het team", casework.Note{For: casework.ForTeam})
		},
		func() error {
			return o.Work.WritePlan(t.Context(), o.click(o.head(t, c.ID), c.Lead), casework.Plan{Goals: []string{"Rust"}})
		},
	)
	b := o.signedIn(t, c.Lead)
	a := b.get(caseURL(c))
	if got := part(a, "notities"); strings.Contains(got, "huishouden") || strings.Contains(got, "voor thuis") || !strings.Contains(got, "voor het team") {
		t.Errorf("notes: %q", got)
	}
	if offered := b.get(caseURL(c) + "/notitie").Find("[value='household'], [name='whom']").Length(); offered > 0 {
		t.Error("a note is offered to the household")
	}
	plan := b.get(caseURL(c) + "/blad")
	if got := deskText(plan.Find(".vd-alert--danger.vd-screen")); !strings.Contains(got, "Papier thuis kan gevaar geven.") {
		t.Errorf("the plan does not warn: %q", got)
	}
}

// F6, F8, T14: what goes on around the lead stands with the lead, and who broke the glass above everything.
//
// threat:T14
func TestACaseSaysWhoElseHasAPartInIt(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.business(), exampletest.Answers(full()))
	other := otherThan(c)
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := people.Cards[other].Name
	ctx := t.Context()
	do(t,
		func() error { return o.Work.Accept(ctx, o.click(o.head(t, c.ID), c.Lead)) },
		func() error { return o.asks(t, c, other, "denk je mee?") },
		func() error {
			return o.Work.AskAnother(ctx, o.click(o.head(t, c.ID), c.Lead), "de bewoner vraagt het", false)
		},
		func() error {
			return o.Work.BeginHandover(ctx, o.click(o.head(t, c.ID), c.Lead), casework.HandingOver{
				To: other, Talk: o.business().Add(25 * time.Hour), Told: casework.ByCall, Reason: "ik ga weg",
			})
		},
	)
	b := o.signedIn(t, c.Lead)
	for _, want := range []string{
		"Warme overdracht naar " + name + ". Gesprek met z’n drieën: morgen, 11.00 uur.", name + " denkt mee.",
		"Er is een andere regisseur gevraagd. Willem Sluiswachter beslist:",
	} {
		if got := part(b.get(caseURL(c)), "regisseur"); !strings.Contains(got, want) {
			t.Errorf("got %q, want it to say %q", got, want)
		}
	}
	do(t, func() error {
		return o.Work.BreakGlass(ctx, o.click(o.head(t, c.ID), "emre"), casework.Emergency{
			Reason: "de buren bellen over een gaslucht", Basis: casework.OnVital,
		})
	})
	alert := func() string { return deskText(b.get(caseURL(c)).Find(".vd-alert--warning")) }
	if got := alert(); !strings.Contains(got, "Emre Ankerman leest mee Met de noodsleutel: vandaag, vóór 14.00 uur.") {
		t.Errorf("the glass: got %q", got)
	}
	o.later(4 * time.Hour)
	b = o.signedIn(t, c.Lead)
	if got := alert(); strings.Contains(got, "leest mee") {
		t.Errorf("the glass after four hours: got %q", got)
	}
	do(t, func() error { return o.Work.AcceptHandover(ctx, o.click(o.head(t, c.ID), other), time.Time{}) })
	if got := part(o.signedIn(t, other).get(caseURL(c)), "regisseur"); !strings.Contains(got, "droeg de casus warm over. Reden: ‘ik ga weg’") {
		t.Errorf("the new lead reads %q", got)
	}
}

// A case that ended says how, and until when it can be taken up again.
func TestACaseThatEndedSaysSo(t *testing.T) {
	tests := map[string]struct {
		end   func(o *office, t *testing.T, c casework.Case) error
		later time.Duration
		says  string
	}{
		"closed with advice": {
			end: func(o *office, t *testing.T, c casework.Case) error {
				if err := o.Work.Meet(t.Context(), o.click(o.head(t, c.ID), c.Lead), casework.MeetingReport{}, time.Time{}); err != nil {
					return err
				}
				return o.Work.Close(t.Context(), o.click(o.head(t, c.ID), c.Lead), casework.Advised, false, "kan zelf verder")
			},
			says: "Afgesloten op 23 november 2026 De bewoner kreeg advies. Heropenen kan tot en met 23 mei 2027.",
		},
		"withdrawn": {
			end: func(o *office, t *testing.T, c casework.Case) error {
				return o.Work.Withdraw(t.Context(), o.click(o.head(t, c.ID), c.Lead), "hoeft niet meer")
			},
			says: "Ingetrokken op 23 november 2026 Wil de bewoner toch hulp?",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c := o.Case(t, o.business(), exampletest.Answers(nil))
			do(t,
				func() error { return o.Work.Accept(t.Context(), o.click(o.head(t, c.ID), c.Lead)) },
				func() error { return tt.end(o, t, c) },
			)
			a := o.signedIn(t, c.Lead).get(caseURL(c))
			if got := deskText(a.Find("main .vd-alert").First()); !strings.HasPrefix(got, tt.says) {
				t.Errorf("got %q, want %q", got, tt.says)
			}
		})
	}
}

// G8: the plan has a page of its own, read like a case: by who may, after the audit.
//
// invariant:I9
// invariant:I10
func TestThePlanHasAPageOfItsOwn(t *testing.T) {
	o := openOffice(t)
	c := o.helped(t, exampletest.Answers(full()))
	b := o.signedIn(t, c.Lead)
	o.store.log.take()
	a := b.get(caseURL(c) + "/blad")
	if did := o.store.log.take(); len(did) == 0 || did[0] != "audit" {
		t.Errorf("what happened: %v, want the audit first", did)
	}
	for _, want := range []string{"Geen deurwaarder meer", "Noor sorteert brieven", "Vaste contactpersoon"} {
		if !strings.Contains(deskText(a.Find("main")), want) {
			t.Errorf("the plan does not say %q", want)
		}
	}
	for _, never := range []string{"Er liggen te veel brieven.", "06 12345678", "regisseur mag dit"} {
		if strings.Contains(deskText(a.Find("main")), never) {
			t.Errorf("the plan says %q", never)
		}
	}
	if got := o.signedIn(t, otherThan(c)).get(caseURL(c) + "/blad").status; got != http.StatusNotFound {
		t.Errorf("somebody else gets %d", got)
	}
}
