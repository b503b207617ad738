package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// standIn has a worker be away from that Monday on, with somebody who stands in.
func (o *office) standIn(t *testing.T, worker, to, standIn string) {
	t.Helper()
	absent := []routing.Absence{{From: "2026-11-23", To: to, StandIn: standIn}}
	do(t, func() error {
		return o.Store.SaveAbsence(t.Context(), worker, nil, absent, casework.Audit{At: o.business(), Worker: worker, About: worker})
	})
}

// G3, T14: a colleague's list says how each case stands. Who it is about is for who may open it.
//
// feature:G3
// threat:T14
// invariant:I10
func TestAColleaguesListSaysHowACaseStandsAndNotWhoItIsAbout(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(form.Answers{"call_name": {"Kanarienaam"}, "story": {"kanarieverhaal"}}))
	o.standIn(t, c.Lead, "2026-11-27", "ruben")
	path := "/desk/team/" + c.Lead
	for worker, tt := range map[string]struct{ there, names bool }{
		"aylin":  {true, false}, // of the team
		c.Lead:   {true, true},
		"ruben":  {true, true}, // of another team, and stands in
		"willem": {true, true},
		"noor":   {false, false}, // of another team
	} {
		b := o.signedIn(t, worker)
		o.store.audits = nil
		a := b.get(path)
		if !tt.there {
			if unknown := b.get("/desk/team/nobody"); a.status != http.StatusNotFound || a.body != unknown.body {
				t.Errorf("%s: %d, not as for nobody", worker, a.status)
			}
			continue
		}
		said := deskText(a.Find(".vd-card"))
		for _, says := range []string{string(c.ID), "Noord", "Gewoon", "morgen, vóór 17.00 uur"} {
			if !strings.Contains(said, says) {
				t.Errorf("%s: the row does not say %q: %s", worker, says, said)
			}
		}
		if got := strings.Contains(a.body, "Kanarienaam"); got != tt.names {
			t.Errorf("%s reads the name: %t", worker, got)
		}
		if got := strings.Contains(a.body, caseURL(c)); got != tt.names {
			t.Errorf("%s is led to the case: %t", worker, got)
		}
		if got := slices.Contains(o.store.log.take(), "open contact"); got != tt.names {
			t.Errorf("%s: something was opened: %t", worker, got)
		}
		if strings.Contains(strings.ToLower(a.body), "kanarieverhaal") || strings.Contains(a.Find("title").Text(), "Kanarie") {
			t.Errorf("%s: the page says too much", worker)
		}
		if audits := o.store.audits; len(audits) != 1 || !slices.Equal(audits[0].Cases, []casework.Reference{c.ID}) || audits[0].Worker != worker {
			t.Errorf("%s: what was seen is written down as %v", worker, audits)
		}
		if got := a.link("Geef casussen aan een ander") != ""; got != (worker == "willem") {
			t.Errorf("%s is offered the list: %t", worker, got)
		}
	}
	if got := deskText(o.signedIn(t, "aylin").get(path).Find(".vd-card")); !strings.Contains(got, "Gaat naar") {
		t.Errorf("the row does not say with whom it stands: %s", got)
	}
}

// What a colleague only thinks along with, or looks at first, is in their own list; for the team it stands with its lead.
func TestAColleaguesListHoldsWhatStandsWithThem(t *testing.T) {
	o := openOffice(t)
	c := o.related(t) // ruben stands in for its lead, noor thinks along
	if got := deskText(o.signedIn(t, "lotte").get("/desk/team/noor").Find("main")); strings.Contains(got, string(c.ID)) {
		t.Errorf("of a team-mate's list: %s", got)
	}
	if got := o.signedIn(t, "willem").get("/desk/team/noor").listed(); !slices.Equal(got, []string{string(c.ID)}) {
		t.Errorf("the coordinator sees %v", got)
	}
}

// The team's page: who is away stands first, with who stands in and until when. A coordinator sees every team.
func TestTheTeamsPageSaysWhoIsAway(t *testing.T) { // feature:G4
	o := openOffice(t)
	o.standIn(t, "fenna", "2026-11-27", "daan")
	a := o.signedIn(t, "aylin").get("/desk/team")
	names := a.cards()
	if want := []string{"Fenna Bakboord", "Aylin Polder", "Daan Stuurman", "Emre Ankerman", "Ilse d'Haven"}; !slices.Equal(names, want) {
		t.Errorf("the team is %v", names)
	}
	for name, says := range map[string]string{
		"Fenna Bakboord": "Afwezig tot en met vrijdag 27 november Vervangen door Daan Stuurman",
		"Daan Stuurman":  "Vervangt Fenna Bakboord",
		"Aylin Polder":   "Zeg dat je afwezig bent",
	} {
		if got := deskText(a.card(name)); !strings.Contains(got, says) {
			t.Errorf("%s: %q, want %q", name, got, says)
		}
	}
	if a.card("Daan Stuurman").Find("a[href^='/desk/afwezig']").Length() > 0 {
		t.Error("a colleague is offered to say when Daan is away")
	}
	all := o.signedIn(t, "willem").get("/desk/team")
	if n := len(all.cards()); n != 12 || all.card("Daan Stuurman").Find("a[href='/desk/afwezig/daan']").Length() != 1 {
		t.Errorf("a coordinator sees %d colleagues", n)
	}
}

// G4: who stands in is led there from today's page, and does there what the lead would do. The lead stays the lead.
func TestAStandInSeesWhatWaitsForWhoIsAway(t *testing.T) { // feature:G4
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(form.Answers{"call_name": {"Te Bellen"}}))
	do(t, func() error { return o.Work.Accept(t.Context(), o.click(c, c.Lead)) })
	o.standIn(t, c.Lead, "2026-11-27", "mees")
	b := o.signedIn(t, "mees")
	today := b.get("/desk/")
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := people.Cards[c.Lead].Name
	if got := deskText(today.Find("main")); !strings.Contains(got, "Je vervangt "+name+" tot en met vrijdag 27 november") || strings.Contains(got, "Er wacht nu niemand op jou.") {
		t.Errorf("today says %s", got)
	}
	list := b.get(today.link("Wat wacht er voor " + name + "?"))
	if got := deskText(list.Find("#call + ul .vd-card")); !strings.HasPrefix(got, "Te Bellen Bewoner spreken:") {
		t.Errorf("what waits is %q", got)
	}
	a := b.get(caseURL(c))
	if got := part(a, "regisseur"); !strings.Contains(got, name+" is afwezig tot en met vrijdag 27 november, vervangen door Mees Oeverloper.") {
		t.Errorf("the case says %s", got)
	}
	if done := b.send(a, "/gesproken"); done.status != http.StatusOK {
		t.Errorf("the stand-in's act: %d", done.status)
	}
	after := o.head(t, c.ID)
	if _, owed := after.Deadline(casework.DueContact); owed || after.Lead != c.Lead {
		t.Errorf("the case is with %s, and somebody has to speak with the resident: %t", after.Lead, owed)
	}
	if got := deskText(o.signedIn(t, c.Lead).get("/desk/").Find("main .vd-alert")); !strings.HasPrefix(got, "Je staat afwezig tot en met vrijdag 27 november Vervangen door Mees Oeverloper") {
		t.Errorf("the lead is told %q", got)
	}
	o.later(5 * 24 * time.Hour)
	if a := o.signedIn(t, "mees").get(caseURL(c)); a.status != http.StatusNotFound {
		t.Errorf("once the lead is back, the stand-in is answered %d", a.status)
	}
}

// G1: what is due these days, the meetings, and the rest as one line.
func TestTodayShowsTheMeetingsAndLeavesTheRestForLater(t *testing.T) { // feature:G1
	o := openOffice(t)
	c := o.helped(t, exampletest.Answers(form.Answers{"call_name": {"Morgen"}})) // a meeting tomorrow at twelve
	b := o.signedIn(t, c.Lead)
	a := b.get("/desk/")
	if got := deskText(a.Find("#meetings + ul .vd-card")); got != "Morgen Gesprek: morgen, 12.00 uur Gewoon "+string(c.ID)+" · Noord" {
		t.Errorf("the meeting is %q", got)
	}
	do(t,
		func() error { return o.Work.Meet(t.Context(), o.later26(t, c), casework.MeetingReport{}, time.Time{}) },
		func() error {
			return o.Work.Start(t.Context(), o.click(o.head(t, c.ID), c.Lead), o.business().AddDate(0, 2, 0))
		},
	)
	a = o.signedIn(t, c.Lead).get("/desk/")
	said := deskText(a.Find("main"))
	if a.Find(".vd-card").Length() > 0 || !strings.Contains(said, "Er wacht nu niemand op jou.") ||
		!strings.Contains(said, "Verder staat er 1 casus bij jou.") || a.link("Alle casussen") == "" {
		t.Errorf("with two months to go, today says %s", said)
	}
	o.later(55 * 24 * time.Hour)
	if got := deskText(o.signedIn(t, c.Lead).get("/desk/").Find("#soon + ul .vd-card")); !strings.HasPrefix(got, "Morgen Samen terugkijken:") {
		t.Errorf("in the last week it is %q", got)
	}
}

// G1, E15: whether a case gets another lead stands among what a coordinator decides today, with who leads it now.
func TestTodayAsksTheCoordinatorWhoDecides(t *testing.T) { // feature:G1 //feature:E15
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(form.Answers{"call_name": {"Liever Een Ander"}}))
	do(t,
		func() error { return o.Work.Accept(t.Context(), o.click(c, c.Lead)) },
		func() error {
			return o.Work.AskAnother(t.Context(), o.click(o.head(t, c.ID), c.Lead), "Ze kennen elkaar van de voetbal.", false)
		},
	)
	b := o.signedIn(t, "willem")
	card := deskText(b.get("/desk/").Find("#decide + ul .vd-card"))
	if want := "Liever Een Ander Antwoord geven over de regisseur: maandag 30 november, vóór 17.00 uur"; !strings.HasPrefix(card, want) {
		t.Errorf("today says %q, want %q first", card, want)
	}
	if a := b.get("/desk/team/willem"); a.link("Liever Een Ander") == "" {
		t.Errorf("the list says %s", deskText(a.Find("main")))
	}
}

// later26 is the lead's click once the meeting is over.
func (o *office) later26(t *testing.T, c casework.Case) casework.Click {
	t.Helper()
	o.later(27 * time.Hour)
	return o.click(o.head(t, c.ID), c.Lead)
}

// L2: a coordinator's list shows the waiting list of each team, who waits longest first.
func TestTheWaitingListIsByTeamWhoWaitsLongestFirst(t *testing.T) { // feature:L2
	o := openOffice(t)
	var want []string
	for range 3 {
		c := o.escalated(t)
		do(t, func() error {
			return o.Work.Waitlist(t.Context(), o.click(c, "willem"), o.business().AddDate(0, 3-len(want), 0), "Er is geen plek.")
		})
		want = append(want, string(c.ID))
	}
	a := o.signedIn(t, "willem").get("/desk/team/willem")
	list := a.Find("#wacht-noord")
	if got := deskText(list); got != "Wachtlijst Wijkteam Noord (3)" {
		t.Errorf("the heading is %q", got)
	}
	if diff := cmp.Diff(want, a.listed()); diff != "" {
		t.Errorf("in this order (-want +got):\n%s", diff)
	}
	if got := deskText(list.Next().Find(".vd-card").First()); !strings.Contains(got, "Wacht sinds maandag 23 november.") {
		t.Errorf("the first card is %q", got)
	}
}
