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
	"voordeur/internal/routing"
)

// fennasAbsences are when Fenna is away.
func (o *office) fennasAbsences(t *testing.T) []routing.Absence {
	t.Helper()
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fenna, _ := people.Worker("fenna")
	return fenna.Absent
}

// fromTo fills in an absence, in days after Monday 23 November 2026.
func fromTo(from, to int, standIn string) []string {
	return slices.Concat(dayIn("from", from), dayIn("to", to), []string{"stand_in", standIn})
}

// dayIn fills in a day, so many after that Monday.
func dayIn(field string, days int) []string {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).AddDate(0, 0, days)
	return []string{field + ".day", at.Format("2"), field + ".month", at.Format("1"), field + ".year", at.Format("2006")}
}

// G4: a worker says when they are away and who stands in, changes it, and is back. Nobody new comes to them meanwhile.
func TestAWorkerIsAwayAndBack(t *testing.T) { // feature:G4
	o := openOffice(t)
	b := o.signedIn(t, "fenna")
	page := b.get("/desk/afwezig")
	if page.path != "/desk/afwezig/fenna" || deskText(page.Find("h1")) != "Jouw afwezigheid" {
		t.Fatalf("%d %s: %s", page.status, page.path, deskText(page.Find("h1")))
	}
	for range 2 { // sent twice: once
		if a := b.send(page, "/afwezig/fenna", fromTo(0, 4, "daan")...); a.status != http.StatusOK || !strings.Contains(deskText(a.Find("main")), "maandag 23 november tot en met vrijdag 27 november Vervangen door Daan Stuurman") {
			t.Fatalf("%d: %s", a.status, deskText(a.Find("main")))
		}
	}
	want := []routing.Absence{{From: "2026-11-23", To: "2026-11-27", StandIn: "daan"}}
	if diff := cmp.Diff(want, o.fennasAbsences(t)); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	for range 6 {
		if c := o.Case(t, o.now, exampletest.Answers(nil)); c.Lead == "fenna" {
			t.Error("somebody who is away gets a new case")
		}
	}
	change := b.get(b.get("/desk/afwezig").link("Wijzigen maandag 23 november tot en met vrijdag 27 november"))
	if got := change.Find("#to\\.day").AttrOr("value", ""); got != "27" {
		t.Errorf("the form begins with the %sth", got)
	}
	b.send(change, "/2026-11-23", fromTo(0, 9, "emre")...)
	want[0].To, want[0].StandIn = "2026-12-02", "emre"
	if diff := cmp.Diff(want, o.fennasAbsences(t)); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	back := b.get("/desk/afwezig")
	for range 2 {
		if a := b.send(back, "/terug"); a.status != http.StatusOK || a.Find(".vd-card").Length() > 0 {
			t.Errorf("back: %d %s", a.status, deskText(a.Find("main")))
		}
	}
	if left := o.fennasAbsences(t); len(left) > 0 {
		t.Errorf("she is away still: %v", left)
	}
}

// What is wrong is said in the order of the page, and what was filled in stays.
func TestAnAbsenceThatCannotBeIsSaidAndKept(t *testing.T) {
	o := openOffice(t)
	o.standIn(t, "daan", "2026-12-31", "aylin")
	b := o.signedIn(t, "fenna")
	for name, tt := range map[string]struct {
		fill []string
		want []string // where the problems lead to
	}{
		"nothing":                    {nil, []string{"#from.day", "#to.day", "#stand_in"}},
		"from yesterday":             {fromTo(-1, 3, "emre"), []string{"#from.day"}},
		"backwards":                  {fromTo(5, 3, "emre"), []string{"#to.day"}},
		"for more than a year":       {fromTo(5, 400, "emre"), []string{"#to.day"}},
		"a stand-in who is away too": {fromTo(5, 6, "daan"), []string{"#stand_in"}},
		"herself":                    {fromTo(5, 6, "fenna"), []string{"#stand_in"}},
		"a partner":                  {fromTo(5, 6, "joost"), []string{"#stand_in"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.send(b.get("/desk/afwezig"), "/afwezig/fenna", tt.fill...)
			var got []string
			for _, link := range a.Find(".vd-problems a").EachIter() {
				got = append(got, link.AttrOr("href", ""))
			}
			if a.status != http.StatusUnprocessableEntity || !slices.Equal(got, tt.want) {
				t.Errorf("%d %v: %s", a.status, got, deskText(a.Find(".vd-problems")))
			}
			if len(tt.fill) > 0 && a.Find("#to\\.day").AttrOr("value", "") != tt.fill[7] {
				t.Error("what was filled in is gone")
			}
		})
	}
	if left := o.fennasAbsences(t); len(left) > 0 {
		t.Errorf("something was kept: %v", left)
	}
}

// Who falls ill while standing in for another is told that somebody else is to be found.
func TestAStandInWhoFallsIllLeavesSomebodyAlone(t *testing.T) {
	o := openOffice(t)
	o.standIn(t, "daan", "2026-11-27", "fenna")
	b := o.signedIn(t, "fenna")
	for says, days := range map[bool][]string{true: fromTo(4, 5, "emre"), false: fromTo(7, 8, "emre")} {
		a := b.send(b.get("/desk/afwezig"), "/afwezig/fenna", days...)
		if got := strings.Contains(deskText(a.Find(".vd-card")), "Wie vervangt dan Daan Stuurman?"); got != says {
			t.Errorf("says %t: %s", says, deskText(a.Find("main")))
		}
		b.send(b.get("/desk/afwezig"), "/terug")
	}
}

// Somebody else changed it since the page was shown: nothing is overwritten, and what was filled in stays.
func TestAStaleAbsencePageOverwritesNothing(t *testing.T) {
	o := openOffice(t)
	b := o.signedIn(t, "fenna")
	page := b.get("/desk/afwezig")
	willem := o.signedIn(t, "willem")
	willem.send(willem.get("/desk/afwezig/fenna"), "/afwezig/fenna", fromTo(7, 8, "emre")...)
	a := b.send(page, "/afwezig/fenna", fromTo(0, 4, "daan")...)
	if a.status != http.StatusConflict || a.Find("#to\\.day").AttrOr("value", "") != "27" || !strings.Contains(deskText(a.Find("main")), "Iemand was je net voor") {
		t.Errorf("%d: %s", a.status, deskText(a.Find("main")))
	}
	if got := o.fennasAbsences(t); len(got) != 1 || got[0].From != "2026-11-30" {
		t.Errorf("she is away %v", got)
	}
	if again := b.send(a, "/afwezig/fenna"); again.status != http.StatusOK || len(o.fennasAbsences(t)) != 2 {
		t.Errorf("sent again it is answered %d", again.status)
	}
}

// A coordinator says it for somebody who fell ill; a colleague does not, and sees no such page. Who did it is written down.
func TestACoordinatorSaysThatSomebodyIsIll(t *testing.T) { // feature:G4 //invariant:I10
	o := openOffice(t)
	for worker, there := range map[string]bool{"willem": true, "daan": false, "joost": false} {
		if a := o.signedIn(t, worker).get("/desk/afwezig/fenna"); (a.status == http.StatusOK) != there {
			t.Errorf("%s is answered %d", worker, a.status)
		}
	}
	b := o.signedIn(t, "willem")
	b.send(b.get("/desk/afwezig/fenna"), "/afwezig/fenna", fromTo(0, 4, "willem")...)
	if got := o.fennasAbsences(t); len(got) != 1 || got[0].StandIn != "willem" {
		t.Errorf("she is away %v", got)
	}
	rows, err := o.Store.Audited(t.Context(), "2026-11-23", "willem")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(rows, func(r casework.AuditRow) bool { return r.About == "fenna" && r.Page == "POST /desk/afwezig/{worker}" }) {
		t.Errorf("nobody can see who did it: %v", rows)
	}
}

// G4, G5: what a stand-in was mailed, the timeline tells of the stand-in, and for whom it was.
func TestTheTimelineSaysWhoGotAMailInAColleaguesPlace(t *testing.T) { // feature:G4 //feature:G5
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	d, err := o.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(d.Messages, func(m casework.Message) bool { return m.Kind == casework.MailLead })
	sent, err := o.Store.Claim(t.Context(), c.ID, d.Messages[i].ID, o.now)
	if err != nil {
		t.Fatal(err)
	}
	sent.Status, sent.Sent, sent.StandIn = casework.Sent, o.now, "mees"
	do(t, func() error { return o.Store.Settle(t.Context(), sent) })
	name := o.people(t).Cards
	want := "Mail aan " + name["mees"].Name + ", vervanger van " + name[c.Lead].Name + ": nieuwe casus."
	if text := deskText(o.signedIn(t, c.Lead).get(caseURL(c)).Find("main")); !strings.Contains(text, want) {
		t.Errorf("want %q in: %s", want, text)
	}
}
