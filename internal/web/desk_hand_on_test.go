package web_test

import (
	"net/http"
	"strings"
	"testing"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// G3: a coordinator hands cases of an ill colleague to other leads in one act, and sees how far it came. The resident is
// told before, in a way that is safe.
//
// feature:G3
// threat:T01
func TestACoordinatorHandsAListOn(t *testing.T) {
	o := openOffice(t)
	offered := o.Case(t, o.now, exampletest.Answers(form.Answers{"call_name": {"Nog Niet"}}))
	ill := offered.Lead
	var led, stays casework.Case
	for led.ID == "" || stays.ID == "" {
		answers := exampletest.Answers(form.Answers{"call_name": {"Al Begonnen"}, "contact_way": {"call", "email"}})
		c := o.Case(t, o.now, answers)
		switch {
		case c.Lead != ill:
			continue
		case led.ID == "":
			led = c
		default:
			stays = c
		}
		do(t, func() error { return o.Work.Accept(t.Context(), o.click(c, ill)) })
	}
	b := o.signedIn(t, "willem")
	page := b.get(b.get("/desk/team/" + ill).link("Geef casussen aan een ander"))
	for name, tt := range map[string]struct {
		fill []string
		lead string // where the first problem leads to
	}{
		"nobody was chosen": {[]string{"reason", "Dat past beter."}, "#lead." + string(offered.ID)},
		"without a reason":  {[]string{"lead." + string(offered.ID), "mees"}, "#reason"},
		"the resident does not know": {
			[]string{"lead." + string(led.ID), "mees", "reason", "Dat past beter."}, "#way." + string(led.ID),
		},
		"in a way that was not given": {
			[]string{"lead." + string(led.ID), "mees", "way." + string(led.ID), "letter", "reason", "Dat past beter."}, "#way." + string(led.ID),
		},
		"to who is ill": {[]string{"lead." + string(led.ID), ill, "way." + string(led.ID), "call", "reason", "Dat past beter."}, "#lead." + string(led.ID)},
	} {
		a := b.send(page, "/doorgeven", tt.fill...)
		if got := a.Find(".vd-problems a").First().AttrOr("href", ""); a.status != http.StatusUnprocessableEntity || got != tt.lead {
			t.Errorf("%s: %d, leads to %q", name, a.status, got)
		}
	}
	fill := []string{
		"lead." + string(offered.ID), "mees", "lead." + string(led.ID), "aylin", "way." + string(led.ID), "call", "reason", "Het duurt te lang.",
	}
	for range 2 { // a second click does nothing
		a := b.send(page, "/doorgeven", fill...)
		if got := deskText(a.Find("main")); a.path != "/desk/team/"+ill+"/doorgegeven" || !strings.Contains(got, "0 van 2 klaar") {
			t.Fatalf("%d %s: %s", a.status, a.path, got)
		}
	}
	if a := b.send(b.get("/desk/team/"+ill+"/doorgeven"), "/doorgeven", fill...); a.status != http.StatusConflict {
		t.Errorf("another act meanwhile is answered %d", a.status)
	}
	o.sweep(t)
	for ref, want := range map[casework.Reference]string{
		offered.ID: "mees assigned", led.ID: "aylin accepted", stays.ID: ill + " accepted",
	} {
		if c := o.head(t, ref); c.Lead+" "+string(c.State) != want {
			t.Errorf("%s is with %s, %s, want %s", ref, c.Lead, c.State, want)
		}
	}
	o.store.audits = nil
	a := b.get("/desk/team/" + ill + "/doorgegeven")
	if got := deskText(a.Find("main")); !strings.Contains(got, "Klaar: 2 van 2 gingen naar een ander") || strings.Contains(a.body, "Al Begonnen") {
		t.Errorf("afterwards the page says %s", got)
	}
	if len(o.store.audits) != 1 || len(o.store.audits[0].Cases) != 2 {
		t.Errorf("what was seen is written down as %v", o.store.audits)
	}
	if got := deskText(o.signedIn(t, "aylin").get(caseURL(led)).Find("main")); !strings.Contains(got, "Het duurt te lang.") {
		t.Error("the new lead does not read why")
	}
}

// Under a safety flag only what is safe is a way to have told the resident.
func TestHandingOnOffersOnlyWhatIsSafe(t *testing.T) { // threat:T01
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(unsafe()))
	do(t, func() error { return o.Work.Accept(t.Context(), o.click(c, c.Lead)) })
	page := o.signedIn(t, "willem").get("/desk/team/" + c.Lead + "/doorgeven")
	var ways []string
	for _, option := range page.Find("[id='way." + string(c.ID) + "'] option").EachIter() {
		ways = append(ways, option.AttrOr("value", ""))
	}
	if strings.Join(ways, " ") != " call" {
		t.Errorf("the ways are %q", ways)
	}
}

// What no other lead can get is not asked for: the page says that it stays, and why, and leads to where something can be
// done about it. The same stands where the act ended, for what became so meanwhile.
func TestHandingOnSaysWhatStaysAndWhy(t *testing.T) { // feature:G3 //invariant:I8
	o := openOfficeOf(t, exampletest.In(t, "duinrand"))
	handedOff := o.HandedOff(t, o.now, "{}")
	ill := handedOff.Lead
	var led, onItsWay casework.Case
	for led.ID == "" || onItsWay.ID == "" {
		c := o.InInquiry(t, o.now, exampletest.Answers(form.Answers{"postcode": {"9980 AB"}}))
		switch {
		case c.Lead != ill:
		case led.ID == "":
			led = c
		default:
			onItsWay = c
		}
	}
	handsOver := casework.HandingOver{To: "wout", Told: casework.ByCall, Reason: "Met verlof."}
	do(t, func() error { return o.Work.BeginHandover(t.Context(), o.click(onItsWay, ill), handsOver) })

	b := o.signedIn(t, "wout")
	page := b.get("/desk/team/" + ill + "/doorgeven")
	stays := page.Find("#stays ~ .vd-cards")
	for c, why := range map[casework.Reference]string{
		handedOff.ID: "Is overgezet naar de gemeente. Ook jij kunt dat bevestigen: maandag 30 november",
		onItsWay.ID:  "Er loopt al een overdracht, naar " + o.people(t).Cards["wout"].Name,
	} {
		card := deskText(stays.Find("li").Has("a[href='/desk/casus/" + string(c) + "']"))
		if !strings.Contains(card, why) || page.Find("[name='lead."+string(c)+"']").Length() > 0 {
			t.Errorf("it says %q, want %q", card, why)
		}
	}
	to := page.Find("[id='lead."+string(led.ID)+"'] option").Last().AttrOr("value", "")
	b.send(page, "/doorgeven", "lead."+string(led.ID), to, "way."+string(led.ID), "call", "reason", "Het duurt te lang.")
	do(t, func() error { return o.Work.BeginHandover(t.Context(), o.click(led, ill), handsOver) })
	o.sweep(t)
	if got := deskText(b.get("/desk/team/" + ill + "/doorgegeven").Find("main")); !strings.Contains(got, "Bleef staan. Er loopt al een overdracht") {
		t.Errorf("afterwards it says %s", got)
	}
}
