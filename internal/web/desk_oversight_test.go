package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/routing"
	"voordeur/internal/web"
)

const oversight = "/desk/toezicht"

// T14: the privacy officer sees who broke the glass, of which number, why and until when, and says that they looked. It
// is no way into the case. Reasons are people's words: they are opened after the audit row (I9).
//
// threat:T14
// invariant:I9
func TestThePrivacyOfficerSeesBrokenGlasses(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(form.Answers{"story": {"kanarie in de kast"}}))
	b := o.signedIn(t, "iris")
	if said := part(b.get(oversight), "noodsleutel"); said != "Niemand gebruikte de noodsleutel." {
		t.Errorf("before: %q", said)
	}
	o.breaksGlass(t, "emre", c.ID)
	o.store.log.take()
	a := b.get(oversight)
	if said := o.store.log.take(); len(said) == 0 || said[0] != "audit" {
		t.Errorf("what happened: %v, want the audit first", said)
	}
	card := deskText(a.Find(".vd-card"))
	for _, want := range []string{
		"Emre Ankerman", string(c.ID), "23 november 2026, 10.00 uur", "Nog niet bekeken", realReason, "Toegang tot 23 november 2026, 14.00 uur",
		"Het hoort bij het werk van het team", "De bewoner weet het nog niet",
	} {
		if !strings.Contains(card, want) {
			t.Errorf("%q does not say %q", card, want)
		}
	}
	if strings.Contains(a.body, "kanarie") || strings.Contains(a.body, "Mevrouw Voorbeeld") || b.get(caseURL(c)).status != http.StatusNotFound {
		t.Error("the privacy officer reads the case")
	}
	if nav := deskText(a.Find("nav")); !strings.Contains(nav, "Toezicht") {
		t.Errorf("the menu says %q", nav)
	}
	for range 2 { // the second click changes nothing
		seen := b.send(a, "/noodsleutel-gezien")
		if said := deskText(seen.Find(".vd-card")); seen.status != http.StatusOK || !strings.Contains(said, "Bekeken door Iris Kijkduin") {
			t.Errorf("afterwards: %d %q", seen.status, said)
		}
		o.later(time.Minute)
	}
	o.store.failAudit = true
	o.store.log.take()
	if a := b.get(oversight); a.status != http.StatusInternalServerError || strings.Contains(a.body, "balie") || len(o.store.log.take()) > 0 {
		t.Errorf("without audit: %d", a.status)
	}
}

// T14: who read a case is found by its number: day, time, worker and page, the newest first. Of a number that is none, of
// one that nobody read and of one that was destroyed the page is the same.
//
// threat:T14
func TestThePrivacyOfficerSeesWhoReadACase(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	lead := o.signedIn(t, c.Lead)
	lead.get(caseURL(c))
	o.later(30 * time.Minute)
	lead.get(caseURL(c) + "/formulier")
	lead.get(caseURL(c) + "/notitie")
	o.breaksGlass(t, "emre", c.ID)
	o.later(time.Minute)
	o.signedIn(t, "emre").get(caseURL(c))
	b := o.signedIn(t, "iris")
	a := b.send(b.get(oversight), oversight+"/casus", "number", strings.ToLower(string(c.ID)))
	if a.path != oversight+"/casus/"+string(c.ID) {
		t.Fatalf("got %d %s", a.status, a.path)
	}
	var got []string
	for _, item := range a.Find(".vd-timeline li").EachIter() {
		got = append(got, deskText(item))
	}
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := people.Cards[c.Lead].Name
	want := []string{
		"23 november 2026, 10.31 uur · Emre Ankerman · Met de noodsleutel De casus",
		"23 november 2026, 10.30 uur · " + name + " Schrijf een notitie",
		"23 november 2026, 10.30 uur · " + name + " Het formulier",
		"23 november 2026, 10.00 uur · " + name + " De casus",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
	empty := func(ref casework.Reference) string {
		a := b.get(oversight + "/casus/" + string(ref))
		if a.status != http.StatusOK {
			t.Errorf("%s: %d", ref, a.status)
		}
		return strings.ReplaceAll(once.ReplaceAllString(a.body, ""), string(ref), "")
	}
	if unread, none := empty(o.Case(t, o.now, exampletest.Answers(nil)).ID), empty(casework.NewSecret().Reference(0)); unread != none || !strings.Contains(none, "Hier staat niets.") {
		t.Errorf("a case that nobody read looks unlike none:\n%s", cmp.Diff(none, unread))
	}
	if a := b.send(b.get(oversight), oversight+"/casus", "number", "iets"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a number that is none: %d", a.status)
	}
}

// T14: what a worker saw and looked for on a day, and that a privacy officer asked.
//
// threat:T14
func TestThePrivacyOfficerSeesWhatAWorkerSaw(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	w := o.signedIn(t, c.Lead)
	w.get(caseURL(c))
	o.later(time.Minute)
	w.send(w.get("/desk/zoeken"), "/desk/zoeken", "wat", "06 12345678")
	b := o.signedIn(t, "iris")
	a := b.send(b.get(oversight), oversight+"/medewerker", "worker", c.Lead)
	if a.path != oversight+"/medewerker/"+c.Lead+"/2026-11-23" {
		t.Fatalf("got %d %s: %s", a.status, a.path, deskText(a.Find("main")))
	}
	said := deskText(a.Find("main"))
	for _, want := range []string{
		"10.01 uur Zocht iemand", "10.00 uur · " + string(c.ID) + " De casus", "10.00 uur · " + string(c.ID) + " Vandaag",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q does not say %q", said, want)
		}
	}
	if strings.Contains(a.body, "06 12345678") {
		t.Error("the page says what was looked for")
	}
	again := b.send(b.get(oversight), oversight+"/medewerker", "worker", "iris")
	if said := deskText(again.Find("main")); !strings.Contains(said, "Wat een medewerker zag") {
		t.Errorf("nobody watches the watcher: %q", said)
	}
	for _, path := range []string{"/medewerker/niemand/2026-11-23", "/medewerker/iris/gisteren"} {
		if a := b.get(oversight + path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := b.send(b.get(oversight), oversight+"/medewerker", "date.day", "32"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a worker and a day: %d", a.status)
	}
}

// G10: who reads a case and is neither its lead nor of its team stands on its page for the lead, once each, and for nobody
// else who reads it.
func TestTheLeadSeesWhoReadsFromOutside(t *testing.T) {
	o := openOffice(t)
	c := o.related(t) // of team Noord; noor and joost think along, emre takes over, ruben stands in
	for range 2 {
		o.later(time.Minute)
		for _, who := range []string{"noor", "joost", "willem", "ruben", c.Lead} {
			if a := o.signedIn(t, who).get(caseURL(c)); a.status != http.StatusOK {
				t.Fatalf("%s: %d", who, a.status)
			}
		}
	}
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	team, _ := o.Municipality.TeamOf(c.Area)
	said := part(o.signedIn(t, c.Lead).get(caseURL(c)), "meekijkers")
	for who, as := range map[string]string{"noor": "Denkt mee", "joost": "Denkt mee", "willem": "Coördinator", "ruben": "", c.Lead: ""} {
		w, _ := people.Worker(who)
		if w.Team == team.ID && w.Aside() == "" {
			as = ""
		}
		if n := strings.Count(said, people.Cards[who].Name); n > 1 || n == 1 != (as != "") || as != "" && !strings.Contains(said, people.Cards[who].Name+" "+as) {
			t.Errorf("%s stands there %d times as %q: %s", who, n, as, said)
		}
	}
	if a := o.signedIn(t, "noor").get(caseURL(c)); a.Find("#meekijkers").Length() > 0 {
		t.Error("a colleague sees who else read it")
	}
}

// M4: an administrator reads no case and gives themselves no right: whatever route they send to, with the form of any
// page, no row changes but their own session and audit rows.
//
// invariant:I10
func TestAnAdministratorRaisesNoRightAndReadsNoCase(t *testing.T) {
	o := openOffice(t)
	c := o.related(t)
	o.hasRole(t, "bas", routing.Administrator)
	b := o.signedIn(t, "bas")
	before := o.snapshot(t)
	for _, route := range web.DeskRoutes() {
		if route == "POST /desk/uit" {
			continue
		}
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{reference}", string(c.ID), "{$}", "").Replace(path)
		fields := b.post(method, path, c.Version)
		if fields != nil {
			for name, value := range map[string]string{"roles": "coordinator", "role": "coordinator", "worker": "bas", "number": string(c.ID)} {
				fields.Set(name, value)
			}
		}
		o.store.log.take()
		a := b.stay().do(method, path, fields)
		for _, said := range o.store.log.take() {
			if strings.HasPrefix(said, "open ") {
				t.Errorf("%s: %d, after %s", route, a.status, said)
			}
		}
		if strings.Contains(a.body, string(c.ID)) || strings.Contains(a.body, "Mevrouw Voorbeeld") {
			t.Errorf("%s names the case", route)
		}
	}
	if diff := cmp.Diff(before, o.snapshot(t)); diff != "" {
		t.Errorf("an administrator changed:\n%s", diff)
	}
}
