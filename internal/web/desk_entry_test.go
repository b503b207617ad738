package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/message"
)

// onPaper is a paper form as it is typed over: choices by their numbers.
func onPaper() url.Values {
	return url.Values{
		"helpers.1.name": {"Noor"}, "helpers.1.relation": {"6"}, "helpers.1.with": {"brieven lezen"},
		"companion": {"1"}, "companion.helpers": {"1"}, "hide_from": {"1"}, "areas": {"1, 2"}, "area_main": {"2"},
		"hard_date": {"2"}, "hard_date.day": {"27"}, "hard_date.month": {"11"}, "hard_date.year": {"2026"},
		"story": {"De huur loopt op."}, "safe_now": {"1"}, "basics": {"5"}, "call_today": {"1"}, "call_name": {"Sam"},
		"contact_way": {"1 2"}, "phone": {"06 87654321"}, "postcode": {"9991ab"}, "house_number": {"12"}, "updates": {"1"},
	}
}

// typedIn opens an entry of a paper form and sends it with these fields.
func (c *colleague) typedIn(fill url.Values) deskAnswer {
	c.t.Helper()
	return c.entered(c.get("/desk/invoer/vragen?soort=paper"), fill)
}

// entered sends the questions of an entry as they stand on a page, with these fields changed.
func (c *colleague) entered(a deskAnswer, fill url.Values) deskAnswer {
	c.t.Helper()
	fields := url.Values{}
	questions := a.Find(`form[action="/desk/invoer/vragen"]`)
	if questions.Length() != 1 {
		c.t.Fatalf("%d: no questions on %s: %s", a.status, a.path, deskText(a.Find("main")))
	}
	for _, input := range questions.Find(`input:not([type="radio"]):not([type="checkbox"]), input:checked, textarea`).EachIter() {
		value := input.AttrOr("value", "")
		if input.Is("textarea") {
			value = strings.TrimPrefix(input.Text(), "\n")
		}
		fields.Add(input.AttrOr("name", ""), value)
	}
	maps.Copy(fields, fill)
	return c.do(http.MethodPost, "/desk/invoer/vragen", fields)
}

// sendEntered sends the entry from its check page, and returns the number on the receipt.
func (c *colleague) sendEntered(a deskAnswer) casework.Reference {
	c.t.Helper()
	if a.path != "/desk/invoer/controle" {
		c.t.Fatalf("%d %s: %s", a.status, a.path, deskText(a.Find("main")))
	}
	done := c.send(a, "/controle")
	number := done.Find("dd strong bdi").First().Text()
	ref, err := casework.ParseReference(number)
	if done.path != "/desk/invoer/ontvangen" || err != nil {
		c.t.Fatalf("%d %s: %q", done.status, done.path, number)
	}
	return ref
}

// sentAs opens what a report holds.
func (o *office) sentAs(t *testing.T, ref casework.Reference) (casework.Content, casework.Contact) {
	t.Helper()
	report, err := o.Store.Sent(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	content, err := casework.OpenJSON[casework.Content](t.Context(), o.Opener, casework.ForContent, ref, report.Content)
	if err != nil {
		t.Fatal(err)
	}
	contact, err := casework.OpenJSON[casework.Contact](t.Context(), o.Opener, casework.ForContact, ref, report.Contact)
	if err != nil {
		t.Fatal(err)
	}
	return content, contact
}

// C1, C5: a paper form typed by its numbers is the report that the resident would have sent, and both people stand on it:
// sealed with the content, as an event, and on the case for its lead. Who entered it sees no case by that.
//
// invariant:I10
//
//ux:12
func TestAPaperFormTypedByItsNumbers(t *testing.T) {
	o := openOffice(t)
	mees := o.signedIn(t, "mees")
	check := mees.typedIn(onPaper())
	for _, want := range []string{"Sam", "Noor (buur)", "Geld en schulden", "De huur loopt op.", "Ingevuld door " + name(t, "mees")} {
		if !strings.Contains(deskText(check.Find("main")), want) {
			t.Errorf("the check page does not say %q", want)
		}
	}
	ref := mees.sendEntered(check)
	content, contact := o.sentAs(t, ref)
	want := form.Answers{
		"helpers": {"named"}, "helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "companion": {"helper"},
		"companion.helpers": {"1"}, "hide_from": {"no"}, "areas": {"money", "housing"}, "area_main": {"housing"},
		"hard_date": {"eviction"}, "safe_now": {"yes"}, "basics": {"nothing"}, "call_today": {"yes"},
		"contact_way": {"call", "text"}, "phone": {"06 87654321"}, "postcode": {"9991 AB"},
	}
	for field, value := range want {
		if diff := cmp.Diff(value, content.Answers[field]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	if e := content.Entry; e == nil || e.Worker != "mees" || e.How != casework.FromPaper || contact.CallName != "Sam" {
		t.Errorf("got entered by %+v for %q", e, contact.CallName)
	}
	for field := range content.Answers {
		if strings.HasPrefix(field, "entry") || strings.HasPrefix(field, "updates") {
			t.Errorf("%s is among the answers", field)
		}
	}
	if err := o.Work.Take(t.Context(), o.now, ref); err != nil {
		t.Fatal(err)
	}
	d, err := o.Store.Dossier(t.Context(), ref)
	if err != nil || d.Events[0].Entered != "mees" || casework.CheckChain(d.Case, d.Events) != nil {
		t.Fatalf("the first event is %+v, %v", d.Events, err)
	}
	if d.Case.Priority != 1 {
		t.Errorf("who asks on paper to be called today is %s", d.Case.Priority)
	}
	shown := deskText(o.signedIn(t, d.Case.Lead).get("/desk/casus/" + string(ref)).Find("main"))
	if !strings.Contains(shown, "Ingevuld door "+name(t, "mees")) || !strings.Contains(shown, "Van papier") {
		t.Error("the case does not say who entered it, and how")
	}
	if a := mees.get("/desk/casus/" + string(ref)); d.Case.Lead != "mees" && !slices.Contains(d.Case.Look.Line, "mees") && a.status != http.StatusNotFound {
		t.Errorf("who entered it opens the case: %d", a.status)
	}
}

func name(t *testing.T, worker string) string {
	t.Helper()
	for _, p := range example.People() {
		if p.ID == worker {
			return p.Name
		}
	}
	t.Fatalf("no worker %s", worker)
	return ""
}

// C7: a card is entered with what stands on it, and nothing else was asked.
//
//ux:11
func TestACardIsEnteredInAMinute(t *testing.T) {
	o := openOffice(t)
	ilse := o.signedIn(t, "ilse")
	a := ilse.get("/desk/invoer/vragen?soort=card")
	if n := a.Find(`main form input:not([type="hidden"]), main form textarea`).Length(); n > 45 {
		t.Errorf("a card has %d fields", n)
	}
	content, _ := o.sentAs(t, ilse.sendEntered(ilse.entered(a, url.Values{
		"call_name": {"Bo"}, "contact_way": {"5"}, "no_fixed": {"1"}, "area": {"1"}, "helpers": {"2"}, "companion": {"4"}, "updates": {"1"},
	})))
	if _, asked := content.Answers["story"]; asked || content.Path != form.Card || !content.Answers.Has("helpers", "none") {
		t.Errorf("got %s with %v", content.Path, content.Answers)
	}
}

// The receipt that is read out promises no call to who may not be called.
//
//ux:17
func TestAnEntrysReceiptPromisesNoCallThatNobodyMayMake(t *testing.T) {
	o := openOffice(t)
	c := o.signedIn(t, "mees")
	const promise = "neemt contact op vóór"
	for name, tt := range map[string]struct {
		fill       url.Values
		says, lack string
	}{
		"who may be called":               {url.Values{}, promise, "Sluisplein"},
		"who only comes by":               {url.Values{"contact_way": {"5"}}, "Je komt zelf langs. Noem daar je nummer.", promise},
		"who is safe only when coming by": {url.Values{"safe_now": {"3"}, "contact_way": {"1 5"}, "safe_contact": {"5"}}, "Sluisplein 1", promise},
		"who called no way safe":          {url.Values{"safe_now": {"3"}, "safe_contact": {"6"}}, "We bellen, mailen en schrijven je niet.", promise},
	} {
		t.Run(name, func(t *testing.T) {
			fill := onPaper()
			maps.Copy(fill, tt.fill)
			c.sendEntered(c.typedIn(fill))
			if got := deskText(c.get("/desk/invoer/ontvangen").Find("main")); !strings.Contains(got, tt.says) || strings.Contains(got, tt.lack) {
				t.Errorf("the receipt says %s", got)
			}
		})
	}
}

// What is no number of a choice is refused with words, and stays as it was typed; so does all else.
//
//ux:10
func TestATypedNumberThatIsNoChoice(t *testing.T) {
	for name, tt := range map[string]struct{ field, typed string }{
		"a number that is too high":        {"safe_now", "9"},
		"nought":                           {"hide_from", "0"},
		"two numbers where one is asked":   {"safe_now", "1 2"},
		"a word":                           {"safe_now", "ja"},
		"one right and one wrong":          {"areas", "1 99"},
		"a helper nobody named":            {"companion.helpers", "4"},
		"a relation that is not there":     {"helpers.1.relation", "44"},
		"a cross that is no cross":         {"no_fixed", "7"},
		"the updates to somebody unlisted": {"updates", "8"},
	} {
		t.Run(name, func(t *testing.T) {
			c := openOffice(t).signedIn(t, "mees")
			fill := onPaper()
			fill.Set(tt.field, tt.typed)
			a := c.typedIn(fill)
			got := a.Find(`[name="` + tt.field + `"]`)
			if a.status != http.StatusUnprocessableEntity || got.AttrOr("value", "") != tt.typed || got.AttrOr("aria-invalid", "") != "true" {
				t.Errorf("got %d with %q", a.status, got.AttrOr("value", ""))
			}
			if a.Find(`[name="call_name"]`).AttrOr("value", "") != "Sam" || a.Find(`.vd-problems a`).Length() == 0 {
				t.Error("the rest is lost, or nothing says what to mend")
			}
			if again := c.entered(a, url.Values{tt.field: onPaper()[tt.field]}); again.path != "/desk/invoer/controle" {
				t.Errorf("mended: %d %s", again.status, deskText(again.Find(".vd-problems")))
			}
		})
	}
}

// C2: a number or an address of the staff is never taken for the resident's.
//
//ux:12
func TestTheStaffsOwnContactIsNeverTheResidents(t *testing.T) {
	for name, tt := range map[string]struct {
		field string
		fill  url.Values
	}{
		"the worker's own address":     {"email", url.Values{"contact_way": {"3"}, "email": {"mees@wijkteam.waterstad.example"}}},
		"a colleague's, in capitals":   {"email", url.Values{"contact_way": {"3"}, "email": {"Ilse@Wijkteam.Waterstad.Example"}}},
		"the team's":                   {"email", url.Values{"contact_way": {"3"}, "email": {"wijkteam-noord@waterstad.example"}}},
		"a colleague's number":         {"phone", url.Values{"contact_way": {"1"}, "phone": {"+31 88 0002001"}}},
		"a colleague as the companion": {"companion_contact.phone", url.Values{"invite_how": {"2"}, "companion_contact.phone": {"0880002001"}, "companion_contact.knows": {"1"}}},
		"a colleague as the helper":    {"updates.email", url.Values{"updates": {"2"}, "updates.name": {"Mees"}, "updates.email": {"mees@wijkteam.waterstad.example"}, "updates.knows": {"1"}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := openOffice(t).signedIn(t, "mees")
			fill := onPaper()
			maps.Copy(fill, tt.fill)
			a := c.typedIn(fill)
			if a.status != http.StatusUnprocessableEntity || a.Find(`[name="`+tt.field+`"][aria-invalid="true"]`).Length() != 1 {
				t.Fatalf("got %d: %s", a.status, deskText(a.Find(".vd-problems")))
			}
			if !strings.Contains(a.Find(".vd-problems").Text(), "medewerker of het team") {
				t.Error("nothing says why")
			}
			if sent := c.get("/desk/invoer/controle"); sent.Find(`form[action="/desk/invoer/controle"]`).Length() > 0 {
				t.Error("it can be sent all the same")
			}
		})
	}
}

// C3: one question says who gets the updates, and only they are mailed. Nobody but the resident gets the link to the
// resident's own page, and the resident's own ways to be reached stay what they were.
//
// threat:T01
//
//ux:17
func TestUpdatesGoToWhomTheResidentChose(t *testing.T) {
	helper := url.Values{"updates": {"2"}, "updates.name": {"Noor"}, "updates.email": {"noor@post.example"}, "updates.knows": {"1"}}
	for name, tt := range map[string]struct {
		fill url.Values
		to   string // "" nobody
		link bool
	}{
		"the resident":                      {url.Values{"updates": {"1"}}, "sam@post.example", true},
		"the resident, without an address":  {url.Values{"updates": {"1"}, "contact_way": {"1"}}, "", false},
		"a helper":                          {helper, "noor@post.example", false},
		"a helper with a telephone only":    {url.Values{"updates": {"2"}, "updates.name": {"Noor"}, "updates.phone": {"0611112222"}, "updates.knows": {"1"}}, "", false},
		"the intermediary":                  {url.Values{"updates": {"3"}}, "mees@wijkteam.waterstad.example", false},
		"the intermediary, and it is risky": {url.Values{"updates": {"3"}, "safe_now": {"3"}, "safe_contact": {"1"}}, "mees@wijkteam.waterstad.example", false},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c := o.signedIn(t, "mees")
			fill := onPaper()
			maps.Copy(fill, url.Values{"contact_way": {"1 3"}, "email": {"sam@post.example"}})
			maps.Copy(fill, tt.fill)
			ref := c.sendEntered(c.typedIn(fill))
			_, contact := o.sentAs(t, ref)
			if contact.CallName != "Sam" || contact.Channels[0].Value != "06 87654321" {
				t.Errorf("the resident is reached as %+v", contact)
			}
			mail := o.receiptOf(t, ref)
			if mail.To != tt.to || strings.Contains(mail.Text, "/mijn/") != tt.link {
				t.Errorf("mailed to %q, with a link: %v", mail.To, strings.Contains(mail.Text, "/mijn/"))
			}
			if strings.Contains(mail.Text, "De huur") || strings.Contains(mail.Text, "Sam") {
				t.Error("the mail holds an answer")
			}
		})
	}
	c := openOffice(t).signedIn(t, "mees")
	fill := onPaper()
	maps.Copy(fill, helper)
	fill.Set("safe_now", "3")
	fill.Set("safe_contact", "1")
	if a := c.typedIn(fill); a.status != http.StatusUnprocessableEntity || a.Find(`[name="updates"][aria-invalid="true"]`).Length() != 1 {
		t.Errorf("a helper is written to while it is not safe: %d", a.status)
	}
}

// outgoing is a transport that keeps the one mail.
type outgoing struct{ mail message.Mail }

// receiptOf has dispatch take a report and send its receipt, and returns that mail; the empty one when none is owed.
func (o *office) receiptOf(t *testing.T, ref casework.Reference) message.Mail {
	t.Helper()
	if err := o.Work.Take(t.Context(), o.now, ref); err != nil {
		t.Fatal(err)
	}
	d, err := o.Store.Dossier(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	out := &outgoing{}
	delivery := message.Delivery{
		Writer: message.NewWriter(o.Municipality), Outbox: o.Store, Cases: o.Store, Opener: o.Opener, Transport: out,
		Links: message.Links{Public: "https://hulp.waterstad.example", Desk: "https://bureau.waterstad.example/desk/"},
	}
	for _, m := range d.Messages {
		if m.Kind == casework.MailReceipt {
			if err := delivery.Deliver(t.Context(), o.now, ref, m.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.mail
}

// Send keeps the mail.
func (o *outgoing) Send(_ context.Context, m message.Mail) (string, error) {
	o.mail = m
	return "kept", nil
}

// Text typed before a session ends is kept: shown again, and sent once somebody is signed in.
//
//ux:12
func TestAnEntryOutlivesTheSession(t *testing.T) {
	o := openOffice(t)
	c := o.signedIn(t, "mees")
	first := c.typedIn(with1(onPaper(), "call_name", ""))
	o.later(61 * time.Minute)
	late := c.entered(first, url.Values{"call_name": {"Sam"}})
	if late.status != http.StatusUnauthorized || late.Find(`[name="story"][value="De huur loopt op."]`).Length() != 1 {
		t.Fatalf("after the session: %d, the text is lost", late.status)
	}
	c.get("/desk/?login_hint=mees")
	again := c.send(late, "/vragen")
	if again.status == http.StatusForbidden {
		again = c.send(again, "/vragen")
	}
	if content, _ := o.sentAs(t, c.sendEntered(again)); content.Answers.One("call_name") != "Sam" {
		t.Errorf("sent %v", content.Answers)
	}
	open := o.signedIn(t, "mees")
	open.typedIn(with1(onPaper(), "call_name", ""))
	o.later(61 * time.Minute)
	open.get("/desk/?login_hint=mees")
	if got := open.get("/desk/invoer/vragen").Find(`[name="helpers.1.name"]`).AttrOr("value", ""); got != "Noor" {
		t.Errorf("what was kept before the session ended: %q", got)
	}
}

func with1(fields url.Values, name, value string) url.Values {
	fields.Set(name, value)
	return fields
}

// An entry opens for who began it only, and a page of one entry never sends another.
//
// invariant:I10
// threat:T10
func TestEntriesInOneBrowserStayApart(t *testing.T) {
	o := openOffice(t)
	c := o.signedIn(t, "mees")
	sam := c.typedIn(onPaper())
	bo := c.typedIn(with1(onPaper(), "call_name", "Bo"))
	if a := c.send(sam, "/controle"); a.status != http.StatusConflict {
		t.Errorf("an older page sends a newer entry: %d", a.status)
	}
	ref := c.sendEntered(bo)
	if content, _ := o.sentAs(t, ref); content.Answers.One("call_name") != "Bo" {
		t.Errorf("sent %q", content.Answers.One("call_name"))
	}
	if again := c.sendEntered(bo); again != ref {
		t.Errorf("sent twice: %s, then %s", ref, again)
	}
	c.typedIn(onPaper())
	c.get("/desk/?login_hint=ilse") // on the same machine
	if a := c.get("/desk/invoer/vragen"); a.path != "/desk/invoer" || strings.Contains(a.body, "Noor") {
		t.Errorf("another worker opens the entry: %s", a.path)
	}
}

// Entry follows the paper: the same keys in the same order.
//
//ux:23
func TestEntryFollowsThePapersOrderAndKeys(t *testing.T) {
	o := openOffice(t)
	c := o.signedIn(t, "mees")
	for how, sheet := range map[string]string{"paper": "/desk/papier", "card": "/desk/papier/kaart"} {
		var paper, entry []string
		for _, key := range c.get(sheet).Find(".vd-paper__key").EachIter() {
			paper = append(paper, key.Text())
		}
		for _, label := range c.get("/desk/invoer/vragen?soort=" + how).Find("main form label, main form legend").EachIter() {
			key, _, _ := strings.Cut(deskText(label), " ")
			if key >= "1" && key < "9" && (len(entry) == 0 || entry[len(entry)-1] != key) {
				entry = append(entry, key)
			}
		}
		if diff := cmp.Diff(paper, entry); diff != "" || len(paper) < 5 {
			t.Errorf("%s (-paper +entry):\n%s", how, diff)
		}
	}
}

// M6: where residents are u, what is read out to them says u: the script, the questions and the receipt. What is said to
// the worker says je all the same.
//
// feature:M6
func TestWhatIsReadOutSaysUWhereResidentsAreU(t *testing.T) {
	town := exampletest.New(t)
	town.Municipality.Formal = true
	c := openOfficeOf(t, town).signedIn(t, "mees")
	for _, how := range []string{"counter", "phone"} {
		a := c.get("/desk/invoer/vragen?soort=" + how)
		a.Find("#deel91").Remove() // asked of the worker
		a.Find(".vd-quiet").FilterFunction(func(_ int, note *goquery.Selection) bool {
			return strings.Contains(note.Text(), "jonger dan 18")
		}).Remove()
		for _, read := range a.Find("main p, main legend, main label, main h2").EachIter() {
			own := strings.HasPrefix(deskText(read.Closest(".vd-prose").Find("label, legend").First()), "8") // as the file says it
			if word := saysJe.FindString(read.Text()); word != "" && !own {
				t.Errorf("%s: reads out %q", how, deskText(read))
			}
		}
		if got := deskText(a.Find("main")); !strings.Contains(got, "Bent u nu veilig?") || !strings.Contains(got, "Ik vraag nu of u veilig bent") {
			t.Errorf("%s asks %s", how, got)
		}
	}
	fill := onPaper()
	fill.Set("contact_way", "5")
	check := c.typedIn(fill)
	if got := deskText(check.Find("main")); !strings.Contains(got, "Uw naam") || !strings.Contains(got, "Zit de bewoner bij je?") {
		t.Errorf("the check page says %s", got)
	}
	c.sendEntered(check)
	if got := deskText(c.get("/desk/invoer/ontvangen").Find("main")); !strings.Contains(got, "Noem daar uw nummer") {
		t.Errorf("the receipt says %s", got)
	}
}

// C6: at the counter and on the phone the worker reads out a script: first whether somebody listens, and with the safety
// questions the numbers. Who types paper reads nothing out.
func TestTheSafetyQuestionsAreAScript(t *testing.T) {
	o := openOffice(t)
	c := o.signedIn(t, "mees")
	for _, how := range []string{"counter", "phone"} {
		a := c.get("/desk/invoer/vragen?soort=" + how)
		first := a.Find(".vd-alert, main form").First()
		if !strings.Contains(first.Text(), "uistert er iemand mee") {
			t.Errorf("%s does not begin with whether somebody listens: %s", how, deskText(first))
		}
		safety := a.Find("#deel31")
		for _, number := range []string{"112", "0800-2000", "0800-0113"} {
			if !strings.Contains(safety.Text(), number) {
				t.Errorf("%s does not say %s before the safety question", how, number)
			}
		}
		if next := safety.Next().AttrOr("id", ""); next != "deel32" {
			t.Errorf("%s: after the script comes %s", how, next)
		}
		if checked := a.Find("main form input:checked").Length(); checked > 0 {
			t.Errorf("%s has %d answers before anything was said", how, checked)
		}
	}
	if n := c.get("/desk/invoer/vragen?soort=paper").Find(".vd-alert").Length(); n > 0 {
		t.Errorf("paper is read out: %d", n)
	}
	check := c.entered(c.get("/desk/invoer/vragen?soort=counter"), url.Values{
		"safe_now": {"no"}, "contact_way": {"call"}, "phone": {"0687654321"}, "safe_contact": {"call"}, "call_name": {"Sam"},
		"postcode": {"9991AB"}, "updates": {"resident"},
	})
	if alarm := check.Find(".vd-alert--danger").Text(); !strings.Contains(alarm, "112") {
		t.Errorf("an unsafe answer shows no numbers: %d %s", check.status, deskText(check.Find(".vd-problems")))
	}
}
