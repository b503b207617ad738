package web_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// nearby begins the warning that something runs at the address.
const nearby = "Er loopt misschien al iets op"

// click is a worker's act on a case as it is now.
func (o *office) click(c casework.Case, worker string) casework.Click {
	return casework.Click{
		At: o.business(), Case: c.ID, By: casework.Reader{Worker: worker, Coordinator: worker == "willem"},
		Shown: c.Version, Command: casework.NewSecret().String(),
	}
}

// proposed is a case that may belong to a running one, which its lead has accepted; more is what only the second
// report says.
func (o *office) proposed(t *testing.T, more form.Answers) (c, running casework.Case) {
	t.Helper()
	answers := exampletest.Answers(nil)
	running = o.Case(t, o.business(), answers)
	if err := o.Work.Accept(t.Context(), o.click(running, running.Lead)); err != nil {
		t.Fatal(err)
	}
	answers["call_name"] = []string{"Buur Tweede"}
	maps.Copy(answers, more)
	c = o.Case(t, o.business(), answers)
	if running = o.head(t, running.ID); c.Proposed != running.ID || c.Lead != running.Lead {
		t.Fatalf("the case is with %s, proposed %q", c.Lead, c.Proposed)
	}
	return c, running
}

// merged is a case that was added to a running one.
func (o *office) merged(t *testing.T) (c, running casework.Case) {
	t.Helper()
	c, running = o.proposed(t, nil)
	if err := o.Work.Merge(t.Context(), o.click(c, c.Lead)); err != nil {
		t.Fatal(err)
	}
	return o.head(t, c.ID), o.head(t, running.ID)
}

// acts returns what a case page offers to do, the primary act first.
func (a deskAnswer) acts() []string {
	var acts []string
	a.Find("main > .vd-buttons .utrecht-button").Each(func(_ int, s *goquery.Selection) { acts = append(acts, deskText(s)) })
	return acts
}

// E9: the match is a suggestion; the lead reads the running case and chooses, and neither choice is the easy one.
func TestALeadSaysWhichHouseholdBeforeAccepting(t *testing.T) {
	for name, tt := range map[string]struct {
		more form.Answers
		acts []string
		says string
	}{
		"a report that can wait": {nil, []string{
			"Bekijk de lopende casus", "Zelfde huishouden: voeg toe", "Ander huishouden: houd apart", "Teruggeven",
		}, "Kijk daar eerst en kies dan: morgen, vóór 17.00 uur."},
		"an urgent one that nobody has looked at": {urgent(), []string{
			"Ik heb gekeken", "Bekijk de lopende casus", "Ander huishouden: houd apart", "Teruggeven",
		}, "toevoegen kan pas als iemand keek"},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c, running := o.proposed(t, tt.more)
			b := o.signedIn(t, c.Lead)
			a := b.get(caseURL(c))
			if diff := cmp.Diff(tt.acts, a.acts()); diff != "" {
				t.Errorf("acts (-want +got):\n%s", diff)
			}
			if got := a.Find("main .utrecht-button--primary-action").Length(); got != 1 {
				t.Errorf("%d primary acts, want one", got)
			}
			if got := a.Find("#stap ~ .vd-buttons a").FilterFunction(func(_ int, s *goquery.Selection) bool {
				return s.AttrOr("href", "") == caseURL(running)
			}).Length(); got != 1 {
				t.Errorf("%d links to the running case, want one", got)
			}
			if got := deskText(a.Find("main")); !strings.Contains(got, tt.says) || strings.Contains(got, nearby) {
				t.Errorf("the page says %s", got)
			}
			today := deskText(b.get("/desk/").Find("#new + ul .vd-card"))
			if !strings.Contains(today, "Buur Tweede Zeg of het hetzelfde huishouden is:") {
				t.Errorf("today says %q", today)
			}
		})
	}
}

func TestTheSameHouseholdBecomesAnAddition(t *testing.T) {
	o := openOffice(t)
	c, running := o.proposed(t, nil)
	b := o.signedIn(t, c.Lead)
	a := b.send(b.get(caseURL(c)), "/toevoegen")
	if a.path != caseURL(c)+"?gedaan=toevoegen" || !strings.Contains(a.body, "Dit hoort nu bij de lopende casus.") {
		t.Fatalf("adding led to %d %s", a.status, a.path)
	}
	if got := o.head(t, c.ID); got.State != casework.Merged || got.Into != running.ID {
		t.Fatalf("the case is %s into %q", got.State, got.Into)
	}

	t.Run("its own page leads to the running case and still shows what was told", func(t *testing.T) {
		if diff := cmp.Diff([]string{"Bekijk de lopende casus"}, a.acts()); diff != "" {
			t.Errorf("acts (-want +got):\n%s", diff)
		}
		for _, want := range []string{
			"Buur Tweede", "Dit hoort bij een lopende casus. Werk daar verder.", "De coördinator kan dit losmaken: maandag 7 december, vóór 17.00 uur.",
			"Toegevoegd aan casus " + string(running.ID) + ".", "Wie dit toevoegde",
		} {
			if !strings.Contains(deskText(a.Find("main")), want) {
				t.Errorf("the page does not say %q", want)
			}
		}
		if strings.Contains(a.body, nearby) {
			t.Error("the page still warns")
		}
	})
	t.Run("the running case lists it under what is wrong, and in its timeline", func(t *testing.T) {
		page := b.get(caseURL(running))
		if got := page.Find("#wat ~ #aanvullingen + ul a").AttrOr("href", ""); got != caseURL(c) {
			t.Errorf("the addition leads to %q", got)
		}
		moment := page.Find(".vd-timeline li").FilterFunction(func(_ int, s *goquery.Selection) bool {
			return strings.Contains(deskText(s), "Aanvulling "+string(c.ID)+" kwam erbij.")
		})
		if got := moment.Find("a").AttrOr("href", ""); got != caseURL(c) {
			t.Errorf("the timeline leads to %q", got)
		}
		if strings.Contains(page.body, "Buur Tweede") {
			t.Error("the running case shows content of the addition")
		}
	})
	t.Run("no list shows it any more", func(t *testing.T) {
		for _, path := range []string{"/desk/", "/desk/casussen"} {
			if got := b.get(path); strings.Contains(got.body, string(c.ID)) || !strings.Contains(got.body, string(running.ID)) {
				t.Errorf("%s lists the addition, or not the running case", path)
			}
		}
	})
}

func TestAnotherHouseholdGetsALeadAnew(t *testing.T) {
	o := openOffice(t)
	c, running := o.proposed(t, nil)
	lead := c.Lead
	b := o.signedIn(t, lead)
	a := b.send(b.get(caseURL(c)), "/apart")
	if a.path != "/desk/?gedaan=apart" || !strings.Contains(a.body, "Je hield dit apart.") {
		t.Fatalf("keeping apart led to %d %s", a.status, a.path)
	}
	now := o.head(t, c.ID)
	if now.Proposed != "" || now.Lead == lead {
		t.Fatalf("the case is with %s, proposed %q: choose answers that lead elsewhere", now.Lead, now.Proposed)
	}
	if got := b.get(caseURL(c)).status; got != http.StatusNotFound {
		t.Errorf("who kept it apart still gets %d", got)
	}
	page := o.signedIn(t, now.Lead).get(caseURL(c))
	said := deskText(page.Find("main"))
	if !strings.Contains(said, nearby) || strings.Contains(said, string(running.ID)) {
		t.Errorf("the new lead reads %s", said)
	}
	if !strings.Contains(said, "Ander huishouden. Toegewezen aan ") || page.acts()[0] != "Casus aannemen" {
		t.Errorf("the new lead reads %s", said)
	}
}

func TestACoordinatorTakesAnAdditionBackInTime(t *testing.T) {
	o := openOffice(t)
	c, running := o.merged(t)
	b := o.signedIn(t, "willem")
	page := b.get(caseURL(c))
	if diff := cmp.Diff([]string{"Bekijk de lopende casus", "Toch apart houden"}, page.acts()); diff != "" {
		t.Errorf("acts (-want +got):\n%s", diff)
	}
	ask := b.get(caseURL(c) + "/losmaken")
	if a := b.send(ask, "/losmaken"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Schrijf kort waarom") {
		t.Errorf("without a reason: %d", a.status)
	}

	late := c.UnmergeBefore(o.Municipality).Add(time.Minute)
	o.later(late.Sub(o.business()))
	b = o.signedIn(t, "willem")
	if diff := cmp.Diff([]string{"Bekijk de lopende casus"}, b.get(caseURL(c)).acts()); diff != "" {
		t.Errorf("acts after ten working days (-want +got):\n%s", diff)
	}
	_, fields := ask.form(t, "/losmaken")
	fields.Set("reason", "Dit zijn de buren.")
	fields.Set("token", b.post(http.MethodPost, caseURL(c)+"/losmaken", 1).Get("token"))
	if a := b.do(http.MethodPost, caseURL(c)+"/losmaken", fields); a.status != http.StatusConflict || !strings.Contains(a.body, "Die tijd is voorbij.") {
		t.Errorf("taking it back too late: %d %s", a.status, deskText(a.Find("main")))
	}

	o.later(-24 * time.Hour)
	b = o.signedIn(t, "willem")
	a := b.send(b.get(caseURL(c)+"/losmaken"), "/losmaken", "reason", "Dit zijn de buren.")
	if a.path != caseURL(c)+"?gedaan=losmaken" || !strings.Contains(a.body, "Deze casus staat weer apart.") || a.acts()[0] != "Kies een regisseur" {
		t.Fatalf("taking it back led to %d %s, %v", a.status, a.path, a.acts())
	}
	if got := deskText(a.Find(".vd-timeline")); !strings.Contains(got, "Losgemaakt van casus "+string(running.ID)+". Nu bij de coördinator. Reden: ‘Dit zijn de buren.’") {
		t.Errorf("the timeline says %s", got)
	}
	after := b.get(caseURL(running))
	if got := deskText(after.Find(".vd-timeline")); !strings.Contains(got, "Aanvulling "+string(c.ID)+" is losgemaakt.") {
		t.Errorf("the running case's timeline says %s", got)
	}
	if after.Find("#aanvullingen").Length() > 0 || strings.Contains(after.body, "buren") {
		t.Error("the running case still lists the addition, or says why it went")
	}
}

// Each refusal says what to do, also on a page that is older than what happened.
func TestAChoiceThatNoLongerFitsIsExplained(t *testing.T) {
	for name, tt := range map[string]struct {
		more form.Answers
		act  string
		want string
	}{
		"accepting before the choice":    {nil, "/aannemen", "Zeg eerst of dit hetzelfde huishouden is."},
		"adding before somebody looked":  {urgent(), "/toevoegen", "eerst moet iemand kijken"},
		"taking back what was not added": {nil, "/losmaken", "Er is nu geen lopende casus"},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c, _ := o.proposed(t, tt.more)
			b := o.signedIn(t, c.Lead)
			path := caseURL(c) + tt.act
			a := b.do(http.MethodPost, path, b.post(http.MethodPost, path, 1))
			if got := deskText(a.Find("main")); a.status != http.StatusConflict || !strings.Contains(got, tt.want) {
				t.Errorf("got %d %s", a.status, got)
			}
		})
	}
	t.Run("adding to a case that moved to another lead", func(t *testing.T) {
		o := openOffice(t)
		answers := exampletest.Answers(nil)
		running := o.Case(t, o.now, answers)
		c := o.Case(t, o.now, answers)
		if err := o.Work.GiveBack(t.Context(), o.click(running, running.Lead), "Geen tijd.", false); err != nil {
			t.Fatal(err)
		}
		b := o.signedIn(t, c.Lead)
		a := b.send(b.get(caseURL(c)), "/toevoegen")
		if got := deskText(a.Find("main")); a.status != http.StatusConflict || !strings.Contains(got, "De lopende casus staat niet meer bij jou.") {
			t.Errorf("got %d %s", a.status, got)
		}
	})
}

// E13: who knows the household says so while giving back, and gets no case of it again.
func TestWhoKnowsTheHouseholdSaysSoWhileGivingBack(t *testing.T) {
	for name, tt := range map[string]struct {
		fill []string
		want int // hashes that the worker is kept from
	}{
		"with the box ticked": {[]string{"reason", "Dit is mijn buurvrouw.", "conflict", "yes"}, 3},
		"without":             {[]string{"reason", "Ik zit vol.", "conflict", ""}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c := o.Case(t, o.now, exampletest.Answers(nil))
			b := o.signedIn(t, c.Lead)
			ask := b.get(caseURL(c) + "/teruggeven")
			label := deskText(ask.Find("label").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Find("#conflict").Length() == 1 }))
			if label != "Ik ken deze bewoner of dit huishouden" || ask.Find("#conflict[checked]").Length() > 0 {
				t.Errorf("the box says %q, ticked %d", label, ask.Find("#conflict[checked]").Length())
			}
			mend := b.send(ask, "/teruggeven", append(tt.fill, "reason", " ")...)
			if got := mend.Find("#conflict[checked]").Length() == 1; mend.status != http.StatusUnprocessableEntity || got != (tt.want > 0) {
				t.Errorf("to be mended: %d, ticked %v", mend.status, got)
			}
			if a := b.send(mend, "/teruggeven", tt.fill...); a.path != "/desk/?gedaan=teruggeven" {
				t.Fatalf("giving back led to %d %s", a.status, a.path)
			}
			people, err := o.Store.People(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if w, _ := people.Worker(c.Lead); len(w.Conflicts) != tt.want {
				t.Errorf("%s is kept from %d hashes, want %d", c.Lead, len(w.Conflicts), tt.want)
			}
		})
	}
}

// E13: also who accepted a case can say that they know the household; a coordinator who asks for another lead says nothing of
// the kind.
func TestALeadWhoKnowsTheHouseholdAsksForAnother(t *testing.T) { // feature:E13
	o := openOffice(t)
	c := o.accepted(t, nil)
	if n := o.signedIn(t, "willem").get(caseURL(c) + "/andere-gevraagd").Find("#conflict").Length(); n != 0 {
		t.Errorf("a coordinator is asked %d times", n)
	}
	b := o.signedIn(t, c.Lead)
	b.send(b.get(caseURL(c)+"/andere-gevraagd"), "/andere-gevraagd", "reason", "Het is mijn buurvrouw.", "conflict", "yes")
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := people.Worker(c.Lead); len(w.Conflicts) != 3 {
		t.Errorf("%s is kept from %d hashes, want 3", c.Lead, len(w.Conflicts))
	}
}

// E5: disciplines that have to do with it and do not lead stand under the reason for the lead.
func TestStandbyIsSuggestedUnderTheLead(t *testing.T) {
	for name, tt := range map[string]struct {
		areas []string
		lead  string // placed with, "" for who was routed to
		want  string
	}{
		"two disciplines":               {[]string{"money", "housing", "lonely"}, "", "Op de achterhand, als voorstel: schuldhulp, wonen."},
		"one that may lead elsewhere":   {[]string{"mind", "addiction"}, "", "Op de achterhand, als voorstel: geestelijke gezondheid."},
		"nothing for a specialist":      {[]string{"lonely"}, "", ""},
		"one that the lead has already": {[]string{"money", "housing"}, "aylin", "Op de achterhand, als voorstel: schuldhulp."},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c := o.Case(t, o.now, exampletest.Answers(form.Answers{"areas": tt.areas}))
			if tt.lead != "" {
				due, _ := c.Deadline(casework.DueAccept)
				o.later(due.At.Sub(o.now))
				if err := o.Work.Overdue(t.Context(), o.business(), c.ID); err != nil {
					t.Fatal(err)
				}
				if err := o.Work.Place(t.Context(), o.click(o.head(t, c.ID), "willem"), tt.lead, "Kent de wijk."); err != nil {
					t.Fatal(err)
				}
			}
			a := o.signedIn(t, o.head(t, c.ID).Lead).get(caseURL(c))
			got := ""
			a.Find("#regisseur ~ p").Each(func(_ int, s *goquery.Selection) {
				if text := deskText(s); strings.HasPrefix(text, "Op de achterhand") {
					got = text
				}
			})
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheTimelineSaysWhatBecameOfEachMail(t *testing.T) {
	for name, tt := range map[string]struct {
		told []casework.MessageStatus
		want string
	}{
		"nothing told":               {nil, "Nog niet verstuurd."},
		"it arrived":                 {[]casework.MessageStatus{casework.Delivered}, "Aangekomen."},
		"it came back after arrival": {[]casework.MessageStatus{casework.Bounced, casework.Delivered}, "Kwam niet aan."},
		"it was called spam":         {[]casework.MessageStatus{casework.Complained, casework.Delivered}, "Gemeld als ongewenst."},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c := o.Case(t, o.now, exampletest.Answers(nil))
			for _, told := range tt.told {
				receipt := func(id string) bool { return strings.Contains(id, string(casework.MailReceipt)) }
				if _, _, err := o.Store.Feedback(t.Context(), c.ID, receipt, told, o.now); err != nil {
					t.Fatal(err)
				}
			}
			got := deskText(o.signedIn(t, c.Lead).get(caseURL(c)).Find(".vd-timeline"))
			if want := "je bericht is aangekomen. " + tt.want; !strings.Contains(got, want) {
				t.Errorf("the timeline says %q, want %q", got, want)
			}
		})
	}
}

// Who calls sees first that something runs at the address; under a safety flag, that it stays apart.
func TestACaseWarnsThatSomethingRunsAtItsAddress(t *testing.T) {
	o := openOffice(t)
	answers := exampletest.Answers(nil)
	running := o.Case(t, o.now, answers)
	maps.Copy(answers, unsafe())
	c := o.Case(t, o.now, answers)
	if c.Priority != municipality.P1 || !c.Nearby {
		t.Fatalf("the case is %s, nearby %t", c.Priority, c.Nearby)
	}
	a := o.signedIn(t, c.Lead).get(caseURL(c))
	warned := a.Find("#contact").Prev().Filter(".vd-alert--danger")
	if got := deskText(warned); !strings.Contains(got, nearby) || !strings.HasSuffix(got, "Houd dit apart. Bel de coördinator.") {
		t.Errorf("above the numbers stands %q", got)
	}
	if strings.Contains(a.body, string(running.ID)) || strings.Contains(a.body, running.Lead+"@") {
		t.Error("the page says which case runs there")
	}
}
