package web_test

import (
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

// accepted is a new case that its lead accepted.
func (o *office) accepted(t *testing.T, answers form.Answers) casework.Case {
	t.Helper()
	c := o.Case(t, o.business(), exampletest.Answers(answers))
	do(t, func() error { return o.Work.Accept(t.Context(), o.click(c, c.Lead)) })
	return o.head(t, c.ID)
}

// on are the fields of a day and a time.
func on(day time.Time, clock string) []string {
	return []string{
		"date.day", day.Format("2"), "date.month", day.Format("1"), "date.year", day.Format("2006"), "clock", clock,
	}
}

// G5: a meeting was when it was, not when somebody wrote it down; the next one keeps where it is and who comes.
func TestAMeetingStandsAtItsOwnTime(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	tomorrow := o.business().AddDate(0, 0, 1)
	b := o.signedIn(t, c.Lead)
	b.send(b.get(caseURL(c)+"/gesprek"), "/gesprek", append(on(tomorrow, "14.00"), "place", "home")...)
	o.later(48 * time.Hour)
	b = o.signedIn(t, c.Lead)
	fields := append(on(o.business().AddDate(0, 0, 7), "9.30"), "alone", "no", "place", "outside", "where", "bij de sluis", "comes", "Noor (buur)")
	a := b.send(b.get(caseURL(c)+"/verslag"), "/verslag", fields...)
	if got := part(a, "laatste-gesprek"); !strings.Contains(got, "gisteren, 14.00 uur") {
		t.Errorf("the last meeting: %q, want when it was", got)
	}
	for _, want := range []string{"9.30 uur", "Buiten, al lopend", "bij de sluis", "Noor"} {
		if got := part(a, "gesprek"); !strings.Contains(got, want) {
			t.Errorf("the next meeting: %q, want %q", got, want)
		}
	}
}

// A case that ends leaves nobody at a door that nobody opens.
func TestWhoEndsACaseHearsOfTheMeetingThatIsPlanned(t *testing.T) {
	o := openOffice(t)
	c := o.InInquiry(t, o.business(), exampletest.Answers(nil))
	for _, act := range []string{"/afsluiten", "/gesprek"} {
		b := o.signedIn(t, c.Lead)
		if a := b.get(caseURL(c) + act); strings.Contains(deskText(a.Find("main")), "Er staat nog een gesprek") {
			t.Errorf("%s tells of a meeting before there is one", act)
		}
	}
	b := o.signedIn(t, c.Lead)
	b.send(b.get(caseURL(c)+"/gesprek"), "/gesprek", append(on(o.business().AddDate(0, 0, 1), "14.00"), "place", "home")...)
	const want = "Er staat nog een gesprek: morgen, 14.00 uur. Zeg het af bij wie er komt."
	if got := deskText(b.get(caseURL(c) + "/afsluiten").Find("main")); !strings.Contains(got, want) {
		t.Errorf("closing says %q, want %q in it", got, want)
	}
	o.later(48 * time.Hour)
	b = o.signedIn(t, c.Lead)
	if got := deskText(b.get(caseURL(c) + "/afsluiten").Find("main")); strings.Contains(got, "Er staat nog een gesprek") {
		t.Errorf("closing tells of a meeting that is over: %q", got)
	}
}

// toMend is what a page lists to mend.
func toMend(a deskAnswer) []string {
	return a.Find(".vd-problems li").Map(func(_ int, s *goquery.Selection) string { return deskText(s) })
}

// One mistake is one thing to mend, and what stands beside it is no mistake.
func TestEachMistakeIsToldOnce(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	b := o.signedIn(t, c.Lead)
	const (
		noDay  = "Schrijf in cijfers een dag die bestaat, bijvoorbeeld 27 11 2026."
		noTime = "Schrijf een tijd, bijvoorbeeld 14.30."
		noWho  = "Schrijf op wie dat doet, bijvoorbeeld: de huisarts."
		noWhat = "Schrijf op wat die persoon doet, bijvoorbeeld: belt de huisbaas."
		past   = "Kies een later moment, bijvoorbeeld morgen 14.30."
	)
	for name, tt := range map[string]struct {
		act    string
		fields []string
		want   []string
	}{
		"a day that no month has": {
			"gesprek", []string{"date.day", "31", "date.month", "2", "date.year", "2026", "clock", "14.30", "place", "home"}, []string{noDay},
		},
		"no such day and no such time": {
			"gesprek", []string{"date.day", "31", "date.month", "2", "date.year", "2026", "clock", "24.30", "place", "home"}, []string{noDay, noTime},
		},
		"earlier today": {"gesprek", append(on(o.business(), "0.01"), "place", "home"), []string{past}},
		"what somebody does, not who": {
			"verslag", []string{"alone", "no", "agreed_what", "belt de huisbaas"}, []string{noWho},
		},
		"who does something, not what": {
			"verslag", []string{"alone", "no", "agreed_who", "De Schuldkade"}, []string{noWhat},
		},
		"by when, not what": {
			"verslag", []string{"alone", "no", "agreed.1.when", "vrijdag"}, []string{noWhat},
		},
		"by when, not who or what": {
			"verslag", []string{"alone", "no", "agreed_when", "vrijdag"}, []string{noWho, noWhat},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.send(b.get(caseURL(c)+"/"+tt.act), "/"+tt.act, tt.fields...)
			if diff := cmp.Diff(tt.want, toMend(a)); a.status != http.StatusUnprocessableEntity || diff != "" {
				t.Errorf("%d (-want +got):\n%s", a.status, diff)
			}
		})
	}
	if got := o.head(t, c.ID).Version; got != c.Version {
		t.Errorf("the case is at version %d, want %d", got, c.Version)
	}
}

// F6: the day of the talk of the three of them stays on the case of the new lead, on their page of today and in the mail
// to the old lead, until it was.
func TestTheTalkOfTheThreeIsStillToCome(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	was, next := c.Lead, otherThan(c)
	do(t, func() error {
		return o.Work.BeginHandover(t.Context(), o.click(c, was), casework.HandingOver{To: next, Told: casework.ByCall, Reason: "verhuisd"})
	})
	b := o.signedIn(t, next)
	talk := o.business().AddDate(0, 0, 1)
	a := b.send(b.get(caseURL(c)+"/overnemen"), "/overnemen", on(talk, "9u")...)
	const want = "Gesprek met z’n drieën, met de vorige regisseur: morgen, 09.00 uur."
	if got := part(a, "regisseur"); !strings.Contains(got, want) {
		t.Errorf("beside the new lead: %q, want %q", got, want)
	}
	if got := deskText(b.get("/desk/").Find("main")); !strings.Contains(got, "Gesprek: morgen, 09.00 uur") {
		t.Errorf("today: %q, want the talk", got)
	}
	o.later(48 * time.Hour)
	if got := part(o.signedIn(t, next).get(caseURL(c)), "regisseur"); strings.Contains(got, "z’n drieën") {
		t.Errorf("beside the lead after the talk: %q", got)
	}
}

// F3: who is asked to think along reads the question where they answer it, and the lead reads the answer as one.
func TestAQuestionStandsWhereItIsAnswered(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	asked := otherThan(c)
	do(t, func() error { return o.asks(t, c, asked, "wat kan hier bij schulden?") })
	const question = "vraagt: ‘wat kan hier bij schulden?’"
	b := o.signedIn(t, asked)
	if got := part(b.get(caseURL(c)), "stap"); !strings.Contains(got, question) {
		t.Errorf("the next step: %q, want the question", got)
	}
	if got := part(o.signedIn(t, c.Lead).get(caseURL(c)), "stap"); strings.Contains(got, question) {
		t.Errorf("the lead's next step: %q", got)
	}
	b.send(b.get(caseURL(c)+"/antwoord"), "/antwoord", "reason", "bel de huisbaas")
	got := part(o.signedIn(t, c.Lead).get(caseURL(c)), "tijdlijn")
	for _, want := range []string{"Antwoord gegeven. ‘bel de huisbaas’", "Vraag: ‘wat kan hier bij schulden?’"} {
		if !strings.Contains(got, want) {
			t.Errorf("the timeline: %q, want %q", got, want)
		}
	}
}

// G6: an end without hours stands in the plan as a sentence.
func TestAPlanWithoutHoursSaysUntilWhen(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	do(t, func() error {
		return o.Work.Meet(t.Context(), o.click(c, c.Lead), casework.MeetingReport{}, time.Time{})
	})
	b := o.signedIn(t, c.Lead)
	a := b.send(b.get(caseURL(c)+"/plan"), "/plan",
		"goals", "Rust in huis", "lead_until.day", "1", "lead_until.month", "3", "lead_until.year", "2027")
	if got := part(a, "plan"); !strings.Contains(got, "Wat de vaste contactpersoon doetTot en met 1 maart 2027") {
		t.Errorf("the plan: %q", got)
	}
}

// G8: who does what is asked of everybody who may do something, and by when in a field of its own; neither is asked twice,
// and both stand on the plan that is printed.
func TestWhoDoesWhatIsAskedWithWhen(t *testing.T) { // feature:G8
	o := openOffice(t)
	c := o.accepted(t, full())
	b := o.signedIn(t, c.Lead)
	for _, at := range []string{"/plan", "/verslag"} {
		page := b.get(caseURL(c) + at)
		people := 0
		page.Find("input[name^='agreed.']:not([name$='.when']), input[name='agreed_what']").Each(func(_ int, what *goquery.Selection) {
			name := what.AttrOr("name", "")
			when := map[bool]string{true: "agreed_when", false: name + ".when"}[name == "agreed_what"]
			if label := deskText(page.Find("label[for='" + when + "']")); !strings.HasPrefix(label, "Vóór wanneer") {
				t.Errorf("%s asks of %s: %q", at, name, label)
			}
			people++
		})
		if people < 3 {
			t.Errorf("%s asks %d people", at, people)
		}
	}
	b.send(b.get(caseURL(c)+"/verslag"), "/verslag", "alone", "no",
		"agreed.1", "sorteert brieven", "agreed.1.when", "elke maandag",
		"agreed_who", "De Schuldkade", "agreed_what", "belt de huisbaas", "agreed_when", "vóór 1 december")
	b.send(b.get(caseURL(c)+"/plan"), "/plan", "goals", "Rust in huis")
	sheet := deskText(b.get(caseURL(c) + "/blad").Find("main"))
	for _, want := range []string{"sorteert brievenWanneer: elke maandag", "belt de huisbaasWanneer: vóór 1 december"} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the plan on paper: %q, want %q", sheet, want)
		}
	}
}

// G5: after a meeting that was missed the page puts first what it says is next: another meeting.
func TestAfterAMissedMeetingAnotherIsPlanned(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	do(t, func() error { return o.Work.Contacted(t.Context(), o.click(c, c.Lead)) })
	do(t, func() error {
		return o.Work.Plan(t.Context(), o.click(o.head(t, c.ID), c.Lead), casework.MeetingPlan{At: o.business().Add(time.Hour), Place: casework.AtHome})
	})
	o.later(2 * time.Hour)
	b := o.signedIn(t, c.Lead)
	a := b.send(b.get(caseURL(c)), "/niet-doorgegaan")
	first := a.Find("h2#stap").NextUntil("h2").Find("a, button").First()
	if got := deskText(first); got != "Plan een gesprek" {
		t.Errorf("the first act is %q: %s", got, part(a, "stap"))
	}
}

// F6: while help that began is being handed over, its page offers the old lead to look at it again, with a new day.
func TestHelpIsLookedAtOnItsPageDuringAHandover(t *testing.T) { // feature:F6
	o := openOffice(t)
	c := o.InInquiry(t, o.business(), exampletest.Answers(nil))
	for _, act := range []func(k casework.Click) error{
		func(k casework.Click) error { return o.Work.Conclude(t.Context(), k) },
		func(k casework.Click) error { return o.Work.Start(t.Context(), k, o.business().AddDate(0, 1, 0)) },
		func(k casework.Click) error {
			return o.Work.BeginHandover(t.Context(), k, casework.HandingOver{To: otherThan(c), Told: casework.ByCall, Reason: "verhuisd"})
		},
	} {
		do(t, func() error { return act(o.click(o.head(t, c.ID), c.Lead)) })
	}
	b := o.signedIn(t, c.Lead)
	if offered := b.get(caseURL(c)).Find("h2#stap ~ * a[href$='/evaluatie']"); offered.Length() == 0 {
		t.Error("the page does not offer it")
	}
	again := o.business().AddDate(0, 2, 0)
	b.send(b.get(caseURL(c)+"/evaluatie"), "/evaluatie", "level", "same", "reason", "Gaat goed.",
		"review.day", again.Format("2"), "review.month", again.Format("1"), "review.year", again.Format("2006"))
	after := o.head(t, c.ID)
	if due, _ := after.Deadline(casework.DueReview); after.State != casework.InHandover || due.At.Before(again.AddDate(0, 0, -5)) {
		t.Errorf("the case is %s, and looked at again on %s", after.State, due.At)
	}
}
