package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// I8: the duty screen shows all that waits for somebody, with whom and since when; it opens nothing, and who saw it is
// written down first (I9).
//
// feature:L2
func TestTheDutyScreenShowsWhatWaits(t *testing.T) { // invariant:I8 //invariant:I9
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(urgent()))
	waits := o.Case(t, o.now, exampletest.Answers(nil))
	if err := o.Work.Waitlist(t.Context(), o.click(waits, "willem"), o.now.AddDate(0, 0, 14), "Kanariereden: het team is vol."); err != nil {
		t.Fatal(err)
	}
	o.sweep(t)
	for _, worker := range []string{"willem", "hanna"} { // a coordinator; on duty, and nothing to the cases
		b := o.signedIn(t, worker)
		a := b.get("/desk/dienst")
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d", worker, a.status)
		}
		if said := o.store.log.take(); len(said) != 1 || said[0] != "audit" {
			t.Errorf("%s: %v, want one audit row and nothing opened", worker, said)
		}
		audit := o.store.audits[len(o.store.audits)-1]
		if audit.Worker != worker || audit.Page != "GET /desk/dienst" || !slices.Contains(audit.Cases, c.ID) || !slices.Contains(audit.Cases, waits.ID) {
			t.Errorf("audit row %+v", audit)
		}
		text := deskText(a.Find("main"))
		name := o.people(t).Cards
		for _, want := range []string{
			"Eerste blik (1)", "Als eerste kijken: vandaag, vóór", "Nog niet aangenomen (1)", "Aannemen: vandaag, vóór",
			"Bij " + name[c.Lead].Name + " sinds vandaag, 10.00 uur", "Wachtlijst Wijkteam Noord (1)", "Niemand had plek.",
			"Regisseur verwacht: maandag 7 december", "Alle mail aan collega’s kwam aan.", "Er ligt niets bij een coördinator.",
			"De laatste keer: vandaag, 10.00 uur.",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not see %q in: %s", worker, want, text)
			}
		}
		for _, never := range []string{"Kanarie", "Mevrouw Voorbeeld", "Alles loopt"} {
			if strings.Contains(text, never) {
				t.Errorf("%s sees %q", worker, never)
			}
		}
		if links := a.Find("a[href='" + caseURL(waits) + "']").Length(); (links > 0) != (worker == "willem") {
			t.Errorf("%s has %d links to a case on the waiting list", worker, links)
		}
	}
}

func (o *office) people(t *testing.T) casework.People {
	t.Helper()
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return people
}

// T33: what is empty says that all is well, unless dispatch stands still; then that stands first.
func TestTheDutyScreenTellsWhetherAllIsWell(t *testing.T) { // threat:T33 //feature:P4
	for name, tt := range map[string]struct {
		before func(t *testing.T, o *office)
		want   string
		never  string
	}{
		"all is well": {func(t *testing.T, o *office) { o.sweep(t) }, "Alles loopt", "staat stil"},
		"nobody swept for a while": {func(t *testing.T, o *office) {
			o.sweep(t)
			o.later(casework.SweepStops + time.Second)
		}, "Voordeur staat stil", "Alles loopt"},
		"nobody ever swept": {func(*testing.T, *office) {}, "Voordeur werkt nog niet vanzelf", "Alles loopt"},
		"something fails": {func(t *testing.T, o *office) {
			if err := o.Store.KeepSweep(t.Context(), casework.Sweep{At: o.now, Left: 2}); err != nil {
				t.Fatal(err)
			}
		}, "Niet alles lukt", "Alles loopt"},
		"suspected reports wait": {func(t *testing.T, o *office) {
			if err := o.Store.KeepSweep(t.Context(), casework.Sweep{At: o.now, Quarantined: 2}); err != nil {
				t.Fatal(err)
			}
		}, "2 berichten zijn misschien niet van een mens. Kijk ze na", "Alles loopt"},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			tt.before(t, o)
			text := deskText(o.signedIn(t, "willem").get("/desk/dienst").Find("main"))
			if !strings.Contains(text, tt.want) || strings.Contains(text, tt.never) {
				t.Errorf("want %q and not %q in: %s", tt.want, tt.never, text)
			}
		})
	}
}

// H5: a mail that did not arrive is shown with whom it was for; sent again it leaves the screen, and a second click is the
// same.
//
// feature:H5
func TestAMailThatDidNotArriveIsSentAgainFromTheDutyScreen(t *testing.T) { // invariant:I6 //threat:T25 //threat:T10
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	o.later(casework.ArriveWithin)
	b := o.signedIn(t, "willem")
	page := b.get("/desk/dienst")
	card := deskText(page.Find("#mails ~ .vd-cards .vd-card").First())
	lead := o.people(t).Cards[c.Lead]
	for _, want := range []string{"Mail aan " + lead.Name + ": nieuwe casus", "Niet aangekomen", string(c.ID), lead.Name + ": " + lead.Function, lead.Phone} {
		if !strings.Contains(card, want) {
			t.Errorf("the card does not say %q: %s", want, card)
		}
	}
	if strings.Contains(page.body, "resident") || page.Find("#mails").Text() != "Mail die niet aankwam (1)" {
		t.Errorf("the resident's mail is there too: %s", deskText(page.Find("main")))
	}
	for range 2 {
		if a := b.send(page, "/opnieuw"); a.status != http.StatusOK || a.path != "/desk/dienst?gedaan=opnieuw" {
			t.Fatalf("sent again: %d %s", a.status, a.path)
		}
	}
	d, err := o.Store.Dossier(t.Context(), c.ID)
	if err != nil || len(d.Messages) != 3 {
		t.Fatalf("%d messages, want the lead's, the one again and the receipt; %v", len(d.Messages), err)
	}
	if text := deskText(b.get(caseURL(c)).Find("main")); !strings.Contains(text, "Willem Sluiswachter zorgde dat het bericht overkwam.") {
		t.Error("the case does not tell of it")
	}
	o.later(casework.ArriveWithin)
	if a := b.send(b.get("/desk/dienst"), "/doorgegeven"); a.status != http.StatusOK || !strings.Contains(deskText(a.Find("main")), "Fijn dat je het doorgaf") {
		t.Errorf("passed on: %d %s", a.status, deskText(a.Find("main")))
	}
	if mails := b.get("/desk/dienst").Find("#mails").Text(); mails != "Mail die niet aankwam (0)" {
		t.Errorf("the screen still has %s", mails)
	}
}

// A mail that arrives while its page is open is not sent again.
func TestAMailThatArrivedMeanwhileIsNotSentAgain(t *testing.T) { // threat:T24 //invariant:I7
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	o.later(casework.ArriveWithin)
	b := o.signedIn(t, "willem")
	page := b.get("/desk/dienst")
	lead := func(id string) bool { return strings.Contains(id, "-lead-") }
	if _, _, err := o.Store.Feedback(context.Background(), c.ID, lead, casework.Delivered, o.business()); err != nil {
		t.Fatal(err)
	}
	if a := b.send(page, "/opnieuw"); a.status != http.StatusConflict {
		t.Errorf("sent again: %d", a.status)
	}
	if d, err := o.Store.Dossier(t.Context(), c.ID); err != nil || len(d.Messages) != 2 {
		t.Errorf("%d messages, %v", len(d.Messages), err)
	}
}
