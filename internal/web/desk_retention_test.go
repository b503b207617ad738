package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// ended withdraws a case of today; every mail about it arrived.
func (o *office) ended(t *testing.T) casework.Case {
	t.Helper()
	c := o.Case(t, o.business(), exampletest.Answers(nil))
	do(t, func() error { return o.Work.Withdraw(t.Context(), o.click(c, c.Lead), "hoeft niet meer") })
	d, err := o.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Messages {
		claimed, err := o.Store.Claim(t.Context(), c.ID, m.ID, o.business())
		if err != nil {
			t.Fatal(err)
		}
		claimed.Status = casework.Obsolete
		do(t, func() error { return o.Store.Settle(t.Context(), claimed) })
	}
	return o.head(t, c.ID)
}

// The page of a case that ended says when it is destroyed; a coordinator keeps it from that, with a reason, and lets it go.
func TestACoordinatorHoldsACase(t *testing.T) { // invariant:I14
	o := openOffice(t)
	c := o.ended(t)
	lead, willem := o.signedIn(t, c.Lead), o.signedIn(t, "willem")
	page := lead.get(caseURL(c))
	if said := deskText(page.Find("main .vd-alert").First()); !strings.Contains(said, "De casus wordt vernietigd op 24 december 2026.") {
		t.Errorf("the ended case says %q", said)
	}
	if said := deskText(page.Find("main")); strings.Contains(said, "nog 3") || strings.Contains(said, "Kijken naar een mail") {
		t.Errorf("the ended case asks something of its lead: %q", said)
	}
	if page.Find("[href$='/vasthouden']").Length() > 0 {
		t.Error("the lead is offered to hold it")
	}
	ask := willem.get(caseURL(c) + "/vasthouden")
	if again := willem.send(ask, "/vasthouden", "reason", ""); again.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", again.status)
	}
	held := willem.send(ask, "/vasthouden", "reason", "Er loopt een klacht.")
	said := deskText(held.Find("main"))
	for _, want := range []string{"De casus blijft bewaard.", "Deze casus wordt niet vernietigd", "Willem", "sinds 23 november 2026"} {
		if !strings.Contains(said, want) {
			t.Errorf("held, the page does not say %q", want)
		}
	}
	if strings.Contains(said, "vernietigd op") {
		t.Error("held, the page still names a day")
	}
	willem.send(willem.get(caseURL(c)+"/loslaten"), "/loslaten", "reason", "De klacht is af.")
	now := o.head(t, c.ID)
	if _, kept := now.Kept(); !kept {
		t.Error("let go it is kept for ever")
	}
}

// Whether youth care was part of it is asked where help may have been given, and nowhere else.
func TestClosingAsksForYouthCare(t *testing.T) { // feature:N3
	o := openOffice(t)
	c := o.Case(t, o.business(), exampletest.Answers(nil))
	do(t, func() error { return o.Work.Accept(t.Context(), o.click(o.head(t, c.ID), c.Lead)) })
	b := o.signedIn(t, c.Lead)
	if n := b.get(caseURL(c) + "/afsluiten").Find("[name=youth]").Length(); n > 0 {
		t.Error("asked before anybody met the resident")
	}
	do(t, func() error {
		return o.Work.Meet(t.Context(), o.click(o.head(t, c.ID), c.Lead), casework.MeetingReport{}, time.Time{})
	})
	b.send(b.get(caseURL(c)+"/afsluiten"), "/afsluiten", "outcome", "advice", "youth", "yes", "reason", "Ze redt het.")
	if got := o.head(t, c.ID); !got.Youth || got.State != casework.Closed {
		t.Errorf("closed it is %s, with youth care %v", got.State, got.Youth)
	}
}

// N4: a destroyed case is a number that nobody knows, and for the privacy officer one line of the register.
func TestADestroyedCaseIsALineOfTheRegister(t *testing.T) { // feature:N4 //invariant:I10 //invariant:I14
	o := openOffice(t)
	if said := deskText(o.signedIn(t, "iris").get(oversight + "/register").Find("main")); !strings.Contains(said, "Hier staat niets.") {
		t.Errorf("nothing was destroyed, and the register says %q", said)
	}
	c := o.ended(t)
	before := o.signedIn(t, c.Lead).get(caseURL(c))
	o.later(31 * 24 * time.Hour)
	unknown := o.signedIn(t, c.Lead).get("/desk/casus/AAA-AAA-AAA")
	gone := o.signedIn(t, c.Lead).get(caseURL(c))
	if before.status != http.StatusOK || gone.status != http.StatusNotFound || gone.status != unknown.status {
		t.Errorf("before %d, after its term %d, an unknown one %d", before.status, gone.status, unknown.status)
	}
	do(t, func() error { return o.Work.Overdue(t.Context(), o.business(), c.ID) })
	iris := o.signedIn(t, "iris")
	page := iris.get(oversight)
	if page.Find("[href='"+oversight+"/register']").Length() != 1 {
		t.Error("nothing leads to the register")
	}
	said := deskText(iris.get(oversight + "/register").Find("main"))
	for _, want := range []string{
		string(c.ID), "Ingetrokken, of woont elders.", "Bewaard van 23 november 2026 tot 24 december 2026, termijn voorbij.", "Partij 2026-12-24.",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the register does not say %q: %q", want, said)
		}
	}
	if strings.Contains(said, "Mevrouw Voorbeeld") {
		t.Error("the register says more")
	}
}
