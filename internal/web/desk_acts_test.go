package web_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// head returns a case as it is stored now.
func (o *office) head(t *testing.T, ref casework.Reference) casework.Case {
	t.Helper()
	c, err := o.Store.Case(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// H8: from the mail's link at most two pages and one click to an accepted case with the safe way to call.
func TestALeadAcceptsWithOneClick(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(form.Answers{"phone": {"06 12345678"}}))
	b := o.signedIn(t, c.Lead)
	a := b.send(b.get(caseURL(c)), "/aannemen")
	if got := o.head(t, c.ID); got.State != casework.Accepted || got.Lead != c.Lead {
		t.Fatalf("the case is %s with %s", got.State, got.Lead)
	}
	if a.status != http.StatusOK || a.Find("a[href='tel:0612345678']").Length() == 0 || !strings.Contains(a.body, "Jij bent nu de regisseur.") {
		t.Errorf("after accepting: %d %s", a.status, deskText(a.Find("main")))
	}
	a = b.send(a, "/gesproken")
	called := o.head(t, c.ID)
	if _, due := called.Deadline(casework.DueContact); due || !strings.Contains(a.body, "Fijn dat je de bewoner sprak.") {
		t.Errorf("after the call: still due %v", due)
	}
}

// T10: the same form sent twice does its work once.
//
// threat:T10
func TestAFormSentTwiceDoesItsWorkOnce(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	page := b.get(caseURL(c))
	for range 2 {
		if a := b.send(page, "/aannemen"); a.status != http.StatusOK || a.path != caseURL(c)+"?gedaan=aannemen" {
			t.Errorf("got %d %s", a.status, a.path)
		}
	}
	if got := o.head(t, c.ID).Version; got != 2 {
		t.Errorf("the case is at version %d, want 2", got)
	}
	other := o.Case(t, o.now, exampletest.Answers(nil))
	b = o.signedIn(t, other.Lead)
	ask := b.get(caseURL(other) + "/teruggeven")
	for range 2 {
		if a := b.send(ask, "/teruggeven", "reason", "Ik ga met verlof."); a.path != "/desk/?gedaan=teruggeven" {
			t.Errorf("giving back led to %d %s", a.status, a.path)
		}
	}
	if got := o.head(t, other.ID).Version; got != 2 {
		t.Errorf("the case is at version %d, want 2", got)
	}
}

// I4: an offer whose term went by cannot be accepted.
//
// invariant:I4
func TestAnExpiredOfferCannotBeAccepted(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	page := b.get(caseURL(c))
	due, _ := c.Deadline(casework.DueAccept)
	o.mu.Lock()
	o.now = due.At
	o.mu.Unlock()
	a := b.send(page, "/aannemen")
	if want := "De termijn is voorbij. De coördinator kijkt er nu naar."; a.status != http.StatusConflict || !strings.Contains(a.body, want) {
		t.Errorf("got %d %s", a.status, deskText(a.Find("main")))
	}
	if got := o.head(t, c.ID).State; got != casework.Assigned {
		t.Errorf("the case is %s", got)
	}
	if a := b.get(caseURL(c)); a.Find("form[action$='/aannemen'], a[href$='/teruggeven']").Length() > 0 {
		t.Error("the page still offers to accept or give back")
	}
}

// I3, E11: of two at once one wins, and the other is told who was first.
//
// invariant:I3
func TestOfTwoAtOnceOneWinsAndTheOtherIsTold(t *testing.T) {
	o := openOffice(t)
	c := o.escalated(t)
	browsers := []*colleague{o.signedIn(t, "willem"), o.signedIn(t, "willem")}
	pages := []deskAnswer{browsers[0].get(caseURL(c)), browsers[1].get(caseURL(c) + "/plaatsen")}
	answers := make([]deskAnswer, 2)
	var both sync.WaitGroup
	both.Go(func() { answers[0] = browsers[0].send(pages[0], "/aannemen") })
	both.Go(func() { answers[1] = browsers[1].send(pages[1], "/plaatsen", "lead", "daan", "reason", "Kent de wijk") })
	both.Wait()
	won := 0
	for _, a := range answers {
		if a.status == http.StatusOK {
			won++
			continue
		}
		said := deskText(a.Find("main"))
		if a.status != http.StatusConflict || !strings.Contains(said, "Willem Sluiswachter") || !strings.Contains(said, "vandaag, 17.00 uur") {
			t.Errorf("the other is told: %d %s", a.status, said)
		}
	}
	if got := o.head(t, c.ID).Version; won != 1 || got != c.Version+1 {
		t.Errorf("%d won, version %d", won, got)
	}
}

// A stale page says who changed what and when, and keeps what was typed; nothing is overwritten.
func TestAStalePageSaysWhoChangedWhatAndKeepsTheText(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(urgent()))
	lead, duty := o.signedIn(t, c.Lead), o.signedIn(t, c.Look.Line[0])
	ask := lead.get(caseURL(c) + "/teruggeven")
	if a := duty.send(duty.get(caseURL(c)), "/gezien"); a.status != http.StatusOK {
		t.Fatalf("looking: %d", a.status)
	}
	a := lead.send(ask, "/teruggeven", "reason", "Ik ken haar van de kerk.")
	if got := o.head(t, c.ID); a.status != http.StatusConflict || got.Lead != c.Lead || got.Version != 2 {
		t.Fatalf("got %d, lead %s at version %d", a.status, got.Lead, got.Version)
	}
	said := deskText(a.Find("main"))
	for _, want := range []string{"Ilse d'Haven", "vandaag, 10.00 uur", "Als eerste gekeken.", "Ik ken haar van de kerk."} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q: %s", want, said)
		}
	}
	if a := lead.send(a, "/teruggeven"); a.path != "/desk/?gedaan=teruggeven" || o.head(t, c.ID).Lead == c.Lead {
		t.Errorf("sending it again led to %d %s", a.status, a.path)
	}
}

// Giving back goes to the next candidate, and to the coordinator when nobody is left; who gave back sees it no more.
func TestGivingBackMovesTheOfferOn(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	seen := map[string]bool{}
	for range 5 {
		if c.State == casework.Escalated {
			break
		}
		if seen[c.Lead] {
			t.Fatalf("%s was asked twice", c.Lead)
		}
		seen[c.Lead] = true
		b := o.signedIn(t, c.Lead)
		ask := b.get(caseURL(c) + "/teruggeven")
		if !strings.Contains(deskText(ask.Find("main")), "De casus gaat meteen naar de volgende die past.") {
			t.Error("the page does not say what happens")
		}
		a := b.send(ask, "/teruggeven", "reason", "Ik zit vol.")
		if a.path != "/desk/?gedaan=teruggeven" || !strings.Contains(a.body, "Je gaf de casus terug.") {
			t.Errorf("giving back led to %d %s", a.status, a.path)
		}
		if a := b.get(caseURL(c)); a.status != http.StatusNotFound {
			t.Errorf("who gave back still gets %d", a.status)
		}
		c = o.head(t, c.ID)
	}
	if c.State != casework.Escalated || c.Coordinator != "willem" || len(seen) < 2 {
		t.Errorf("the case is %s with %q after %d workers", c.State, c.Coordinator, len(seen))
	}
}

func TestAReasonIsAskedForAndTextIsKept(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	for name, tt := range map[string]struct{ reason, want string }{
		"no reason":       {" \t\n ", "Schrijf kort waarom"},
		"too long":        {strings.Repeat("a", 2001), "Er passen 2000 tekens."},
		"control letters": {"Ik \x07 zit vol", "Gebruik gewone letters"},
	} {
		a := b.send(b.get(caseURL(c)+"/teruggeven"), "/teruggeven", "reason", tt.reason)
		if got := deskText(a.Find(".vd-problems")); a.status != http.StatusUnprocessableEntity || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %d %q", name, a.status, got)
		}
		if got := strings.TrimPrefix(a.Find("textarea").Text(), "\n"); got != strings.TrimSpace(tt.reason) {
			t.Errorf("%s: the text came back with %d letters", name, len(got))
		}
		if !strings.HasPrefix(a.Find("title").Text(), "Fout:") {
			t.Errorf("%s: title %q", name, a.Find("title").Text())
		}
	}
	if got := o.head(t, c.ID).Version; got != 1 {
		t.Errorf("the case is at version %d", got)
	}
}

func TestACoordinatorPlacesACase(t *testing.T) {
	o := openOffice(t)
	c := o.escalated(t)
	b := o.signedIn(t, "willem")
	a := b.send(b.get(caseURL(c)+"/plaatsen"), "/plaatsen", "reason", "Kent de wijk")
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Kies een collega uit de lijst") || !strings.Contains(a.body, "Kent de wijk") {
		t.Errorf("without a colleague: %d", a.status)
	}
	choices := a.Find("select option")
	if first := deskText(choices.Eq(1)); !strings.Contains(first, "heeft plek") {
		t.Errorf("the first in the list is %q", first)
	}
	if last := deskText(choices.Last()); !strings.Contains(last, "gaf deze casus terug of antwoordde niet") {
		t.Errorf("the last in the list is %q, want who did not answer", last)
	}
	a = b.send(a, "/plaatsen", "lead", "aylin")
	if got := o.head(t, c.ID); got.State != casework.Assigned || got.Lead != "aylin" || a.path != "/desk/?gedaan=plaatsen" {
		t.Fatalf("the case is %s with %s, at %s", got.State, got.Lead, a.path)
	}
	lead := o.signedIn(t, "aylin").get(caseURL(c))
	if want := "Willem Sluiswachter koos deze regisseur. Reden: ‘Kent de wijk’"; !strings.Contains(deskText(lead.Find("main")), want) {
		t.Errorf("the lead does not read why: %s", deskText(lead.Find("main")))
	}
}

// Text that was typed before the session ended is kept, and sent in the next one.
func TestTextTypedBeforeTheSessionEndedIsKept(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	ask := b.get(caseURL(c) + "/teruggeven")
	o.mu.Lock()
	o.clock = o.clock.Add(61 * time.Minute)
	o.mu.Unlock()
	a := b.send(ask, "/teruggeven", "reason", "Ik ken haar van de kerk.")
	if a.status != http.StatusUnauthorized || strings.TrimSpace(a.Find("textarea").Text()) != "Ik ken haar van de kerk." {
		t.Fatalf("got %d with %q", a.status, a.Find("textarea").Text())
	}
	if got, ok := a.Find("a[target=_blank]").Attr("href"); !ok || got != "/desk/" {
		t.Errorf("the new tab opens %q", got)
	}
	b.get("/desk/?login_hint=" + c.Lead) // in the new tab
	a = b.send(a, "/teruggeven")
	if got := deskText(a.Find("h1")); a.status != http.StatusForbidden || got != "Klopt dit nog?" || o.head(t, c.ID).Version != 1 {
		t.Fatalf("in the new session: %d %q", a.status, got)
	}
	if a = b.send(a, "/teruggeven"); a.path != "/desk/?gedaan=teruggeven" || o.head(t, c.ID).Lead == c.Lead {
		t.Errorf("then: %d %s", a.status, a.path)
	}
}
