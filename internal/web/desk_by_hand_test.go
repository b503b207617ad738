package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// The task stands in the lead's list, opens after the audit, shows the text in the resident's language, and one click
// ends it.
func TestAResidentWithoutEmailGetsTheReceiptByHand(t *testing.T) { //ux:20
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(form.Answers{"contact_way": {"letter", "call"}, "address": {"Kade 1"}, "email": nil}))
	b := o.signedIn(t, c.Lead)
	b.send(b.get(caseURL(c)), "/aannemen")
	if today := deskText(b.get("/desk/").Find("main")); !strings.Contains(today, "Geef de bevestiging (1)") {
		t.Errorf("today says %s", today)
	}
	if steps := deskText(b.get(caseURL(c)).Find("main")); !strings.Contains(steps, "Geef de bevestiging") {
		t.Errorf("the case says %s", steps)
	}
	o.store.log.take()
	page := b.get(caseURL(c) + "/bevestiging")
	if said := o.store.log.take(); !slices.Equal(said, []string{"audit", "open contact"}) {
		t.Errorf("in this order: %v", said)
	}
	text := deskText(page.Find("main"))
	for _, want := range []string{string(c.ID), "maandag 30 november", "Brief verstuurd", "Aan de telefoon gezegd", "Je vaste contactpersoon neemt"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "/mijn/") || strings.Contains(text, "Sms verstuurd") {
		t.Errorf("the page offers a link or a way that nobody chose: %s", text)
	}
	if short := deskText(page.Find("blockquote").Last()); !strings.Contains(short, "Je bericht van") || strings.Contains(short, "plan") {
		t.Errorf("what is said on the telephone: %s", short)
	}
	done := b.send(page, "/bevestiging", "way", "letter")
	if done.status != http.StatusOK || !strings.Contains(deskText(done.Find("[role=status]")), "Fijn") {
		t.Errorf("%d %s", done.status, done.path)
	}
	if !strings.Contains(deskText(done.Find(".vd-timeline")), "De bewoner kreeg de bevestiging.") {
		t.Errorf("the history does not say so: %s", deskText(done.Find(".vd-timeline")))
	}
	if again := b.stay().get(caseURL(c) + "/bevestiging"); again.status != http.StatusSeeOther {
		t.Errorf("the page is still there: %d", again.status)
	}
}

// Under a safety flag the text is neutral, stands in no letter that was not called safe, and goes only the safe way.
func TestUnderASafetyFlagTheReceiptGoesTheSafeWay(t *testing.T) { // threat:T01
	o := openOffice(t)
	answers := unsafe()
	answers["contact_way"], answers["address"], answers["email"] = []string{"call", "letter"}, []string{"Kade 1"}, nil
	c := o.Case(t, o.now, exampletest.Answers(answers))
	b := o.signedIn(t, c.Owner())
	page := b.get(caseURL(c) + "/bevestiging")
	text := deskText(page.Find("blockquote"))
	if !strings.Contains(text, "Je bericht van") || strings.Contains(text, "plan") || strings.Contains(text, "contactpersoon") {
		t.Errorf("the text is not neutral: %s", text)
	}
	if page.Find("#brief").Length() > 0 || page.Find("button[value=letter]").Length() > 0 {
		t.Error("a letter is offered")
	}
	if refused := b.send(page, "/bevestiging", "way", "letter"); refused.status != http.StatusConflict {
		t.Errorf("a letter was sent: %d", refused.status)
	}
	if done := b.send(page, "/bevestiging", "way", string(casework.ByCall)); done.status != http.StatusOK {
		t.Errorf("%d %s", done.status, deskText(done.Find("main")))
	}
}
