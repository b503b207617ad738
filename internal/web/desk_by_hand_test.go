package web_test

import (
	"maps"
	"net/http"
	"net/url"
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
	if today := deskText(b.get("/desk/").Find("main")); !strings.Contains(today, "Bevestiging geven: morgen") {
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

// Who spoke with the household before giving the receipt finds it among the next steps: what follows waits for it.
func TestTheReceiptStaysANextStepAfterTheMeeting(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, form.Answers{"contact_way": {"call"}, "email": nil})
	do(t, func() error {
		return o.Work.Meet(t.Context(), o.click(c, c.Lead), casework.MeetingReport{}, o.business().AddDate(0, 0, 7))
	})
	a := o.signedIn(t, c.Lead).get(caseURL(c))
	if open := a.Find("#stap ~ * a[href$='/bevestiging']").Not("details a"); open.Length() != 1 {
		t.Errorf("the next step: %q", part(a, "stap"))
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

// The mail came back: the task is there, and says why; what is left is another way.
func TestAMailThatCameBackIsATaskAtTheDesk(t *testing.T) { //ux:20
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	came := casework.Message{Case: c.ID, ID: "0001-receipt-resident", Kind: casework.MailReceipt}
	if err := o.Work.CameBack(t.Context(), o.now, came); err != nil {
		t.Fatal(err)
	}
	b := o.signedIn(t, c.Lead)
	if history := deskText(b.get(caseURL(c)).Find(".vd-timeline")); !strings.Contains(history, "De mail met de bevestiging kwam niet aan.") {
		t.Errorf("the history says %s", history)
	}
	page := b.get(caseURL(c) + "/bevestiging")
	if text := deskText(page.Find("main")); !strings.Contains(text, "kwam niet aan. Vraag ook") {
		t.Errorf("the page does not say why: %s", text)
	}
	if buttons := page.Find("button[name=way]"); buttons.Length() != 1 || buttons.AttrOr("value", "") != string(casework.ByCall) {
		t.Errorf("the page offers %d ways, first %q", buttons.Length(), buttons.AttrOr("value", ""))
	}
}

// Who was there when the form was entered heard the receipt: nobody has that task a second time.
func TestWhoWasToldAtTheCounterIsNotToldAgain(t *testing.T) {
	for name, tt := range map[string]struct {
		fill url.Values
		told bool
		task bool
	}{
		"told at once":                       {url.Values{"told": {"1"}}, true, false},
		"told at once, under a safety flag":  {url.Values{"told": {"1"}, "safe_now": {"3"}, "safe_contact": {"1"}}, true, false},
		"the form came by itself":            {nil, false, true},
		"who has e-mail, and heard it there": {url.Values{"told": {"1"}, "contact_way": {"3"}, "email": {"sam@post.example"}}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			mees := o.signedIn(t, "mees")
			fill := onPaper()
			maps.Copy(fill, tt.fill)
			check := mees.typedIn(fill)
			if said := strings.Contains(deskText(check.Find("main")), "De bewoner krijgt de bevestiging nu van jou."); said != tt.told {
				t.Errorf("the check page says that the resident is told: %v", said)
			}
			ref := mees.sendEntered(check)
			content, _ := o.sentAs(t, ref)
			if _, answer := content.Answers["told"]; content.Entry.Told != tt.told || answer {
				t.Errorf("kept as told: %v; among the answers: %v", content.Entry.Told, answer)
			}
			if err := o.Work.Take(t.Context(), o.now, ref); err != nil {
				t.Fatal(err)
			}
			c, err := o.Store.Case(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			if _, due := c.Deadline(casework.DueReceipt); due != tt.task {
				t.Errorf("somebody has to tell the resident: %v", due)
			}
			shown := deskText(o.signedIn(t, c.Owner()).get(caseURL(c)).Find("main"))
			if strings.Contains(shown, "De bewoner kreeg de bevestiging meteen.") != tt.told {
				t.Errorf("the case says %s", shown)
			}
		})
	}
}
