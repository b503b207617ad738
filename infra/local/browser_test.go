package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"voordeur/infra/local/example"
	"voordeur/infra/local/inbox"
)

const (
	goOn = `main form button[type="submit"]` // the first button of a form: its next step
	send = `main form[action="/controle"] button`
)

// fullForm is what the form is answered with, by page, so that the pages that only some see come too.
func fullForm(now time.Time) map[string]url.Values {
	later := now.AddDate(0, 0, 60)
	return map[string]url.Values{
		"11": {
			"helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "helpers.1.with": {"brieven lezen"}, "helpers": {"named"},
		},
		"12": {"companion": {"helper"}, "companion.helpers": {"1"}},
		"13": {"hide_from": {"no"}},
		"14": {"invite_how": {"you"}},
		"15": {"companion_contact.phone": {"06 12 34 56 78"}, "companion_contact.knows": {"yes"}},
		"21": {"for_whom": {"other"}},
		"22": {}, // talk safely first
		"23": {"story": {"Mijn buurvrouw ligt wakker van alle brieven. Haar hond is dood."}},
		"24": {"areas": {"money", "papers"}},
		"25": {"area_main": {"money"}},
		"26": {
			"hard_date": {"other"}, "hard_date.day": {strconv.Itoa(later.Day())},
			"hard_date.month": {strconv.Itoa(int(later.Month()))}, "hard_date.year": {strconv.Itoa(later.Year())},
		},
		"27": {"children": {"yes"}, "children.number": {"2"}, "children.ages": {"3 en 7 jaar"}},
		"28": {"goal": {"Rust in huis"}},
		"31": {}, // the numbers
		"32": {"safe_now": {"yes"}},
		"33": {"basics": {"nothing"}},
		"34": {"call_today": {"no"}},
		"51": {"call_name": {"Sam Voorbeeld"}},
		"52": {"contact_way": {"call", "email"}, "phone": {"06 87 65 43 21"}, "email": {"sam@bewoner.example"}},
		"53": {"safe_contact": {"call", "email"}, "safe_contact.when": {"na 10 uur"}, "safe_contact.message": {"no"}},
		"54": {"postcode": {"9991 AB"}, "house_number": {"12"}},
		"55": {"birth_year": {"1985"}},
	}
}

// The whole way in a browser without scripting, on a telephone: a resident fills in the form, mends a mistake, changes
// an answer and sends it; one worker gets a mail, signs in, reads who can help, accepts, and sees the safe way to call.
// Every page on it is inspected in every state.
//
//ux:1
//ux:10
//ux:13
//ux:14
func TestTheWholeWayWithoutScriptOnATelephone(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	b.open("/")
	b.inspect("Begin")
	b.picture("start-360")
	for path, title := range map[string]string{
		"/privacy": "Wat doen we met je gegevens?", "/toegankelijkheid": "Toegankelijkheid", "/elders": "Deze pagina is er niet",
	} {
		b.open(path)
		b.inspect(title)
	}
	b.open("/")
	b.press(`button[value="form"]`)
	b.walk(fullForm(time.Now()))
	b.inspect("Kijk je antwoorden na")
	b.changeName()
	b.picture("check-360")
	b.press(send)
	ref := b.receipt()
	b.press(`main a[href^="/mijn/"]`)
	b.inspect("Je eigen pagina")
	if got := reference.FindString(b.text("main")); got != ref {
		t.Errorf("the own page is of %q, want %s", got, ref)
	}
	lead := b.mails(p, ref)
	b.desk(p, ref, lead)
}

// walk goes from page to page until the check page. It answers what there is an answer for and skips the rest; each page
// comes once.
func (b *tab) walk(answers map[string]url.Values) {
	b.t.Helper()
	seen := map[string]bool{}
	for step := 1; b.path() != "/controle"; step++ {
		id := strings.TrimPrefix(b.path(), "/vraag/")
		if seen[id] {
			b.t.Fatalf("page %s comes twice (%d)", b.path(), b.status)
		}
		seen[id] = true
		b.inspect(fmt.Sprintf("Vraag %d van ", step))
		if id == "52" {
			b.mend()
		}
		b.fill(answers[id])
		if id == "11" {
			b.picture("helpers-360")
		}
		b.press(goOn)
	}
	for id := range answers {
		if !seen[id] {
			b.t.Errorf("page %s did not come", id)
		}
	}
}

// mend sends a page empty: it says what to do, the summary has the focus, and its link reaches the field.
func (b *tab) mend() {
	b.t.Helper()
	b.press(goOn)
	if b.status != 422 {
		b.t.Errorf("a page without an answer that is needed: status %d, want 422", b.status)
	}
	if !b.focuses(".vd-problems") {
		b.t.Error("the error summary does not have the focus")
	}
	b.inspect("Fout: Vraag ")
	b.picture("errors-360")
	do(b, chromedp.Click(chromedp.CSS(".vd-problems a")))
	if !b.focuses(`[name="contact_way"]`) {
		b.t.Error("the link in the error summary does not reach the field")
	}
}

// changeName changes an answer from the check page, which comes back in one step.
func (b *tab) changeName() {
	b.t.Helper()
	b.press(`main a[href^="/vraag/51?"]`)
	b.inspect("Vraag ")
	b.fill(url.Values{"call_name": {"Sam Sluis"}})
	b.press(goOn)
	if text := b.text("main"); b.path() != "/controle?na=51" || !strings.Contains(text, "Sam Sluis") || strings.Contains(text, "Sam Voorbeeld") {
		b.t.Errorf("after a change on the check page: %s shows the name wrongly", b.path())
	}
}

// receipt reads the number, and sends the same form once more: the number stays.
func (b *tab) receipt() (ref string) {
	b.t.Helper()
	b.inspect("We hebben je vraag")
	b.picture("receipt-360")
	ref = reference.FindString(b.text("main"))
	if ref == "" {
		b.t.Fatal("the receipt has no number")
	}
	b.back()
	if again := reference.FindString(b.text("main")); again != ref || b.count(send) > 0 {
		b.t.Errorf("back from the receipt of %s: %q, to be sent again: %v", ref, again, b.count(send) > 0)
	}
	return ref
}

// mails looks at what was mailed, and returns the worker who leads the case.
func (b *tab) mails(p *program, ref string) example.Person {
	b.t.Helper()
	p.waitForMails(2)
	b.open(inbox.Path)
	b.inspectLocal()
	var lead []example.Person
	for _, m := range p.mails() {
		b.open(inbox.Path + "/" + m.ID)
		b.inspectLocal()
		for _, person := range example.People() {
			if person.Email == m.To {
				lead = append(lead, person)
				b.pictureAt("mail-1280", wide)
			}
		}
		b.inspectMail(m)
		if !strings.Contains(m.Text, ref) {
			b.t.Errorf("a mail to %s is not about %s", m.To, ref)
		}
	}
	if len(lead) != 1 {
		b.t.Fatalf("%d workers were mailed, want 1", len(lead))
	}
	return lead[0]
}

var caseLink = regexp.MustCompile(`http://\S+/desk/casus/\S+`)

// desk signs in as the lead from the mail's link, finds the case under Vandaag and accepts it.
func (b *tab) desk(p *program, ref string, lead example.Person) {
	b.t.Helper()
	for _, m := range p.mails() {
		if m.To == lead.Email {
			b.open(caseLink.FindString(m.Text))
		}
	}
	b.inspectLocal()
	b.press(fmt.Sprintf(`a[href*="login_hint=%s"]`, lead.ID))
	if b.path() != "/desk/casus/"+ref {
		b.t.Fatalf("the link in the mail leads to %s after signing in", b.path())
	}
	b.press(`nav a[href="/desk/"]`)
	b.inspect("Vandaag")
	b.picture("desk-today-360")
	b.press(fmt.Sprintf(`main a[href="/desk/casus/%s"]`, ref))
	b.inspect("Casus " + ref)
	b.picture("desk-case-360")
	b.pictureAt("desk-case-1280", wide)
	text := b.text("main")
	if who, what := strings.Index(text, "Wie kan helpen"), strings.Index(text, "Wat er is"); who < 0 || what < who {
		b.t.Error("the case does not show who can help above what is wrong")
	}
	b.giveBackNothing()
	b.press(`form[action$="/aannemen"] button`)
	b.inspect("Casus " + ref)
	if text := b.text("main"); !strings.Contains(text, "Jij bent nu de regisseur.") {
		b.t.Error("the accepted case does not say so")
	}
	if way := b.text(`.vd-row:has(a[href="tel:0687654321"])`); !strings.Contains(way, "Veilig") || !strings.Contains(way, "na 10 uur") {
		b.t.Errorf("beside the number stands %q, want that it is safe, and when", way)
	}
	b.press(`nav a[href="/desk/casussen"]`)
	b.inspect("Casussen")
	b.open("/desk/casus/ZZZ-ZZZ-ZZZ")
	b.inspect("Deze casus is er niet voor jou")
	b.press(".vd-signout")
	b.inspect("Je bent afgemeld")
}

// giveBackNothing asks to give the case back, forgets the reason, and returns to the case.
func (b *tab) giveBackNothing() {
	b.t.Helper()
	b.press(`main a[href$="/teruggeven"]`)
	b.inspect("Casus teruggeven")
	b.press(goOn)
	b.inspect("Fout: Casus teruggeven")
	b.press(".vd-back")
}

// Who is not safe now, on the short path: numbers large, and a receipt without a link.
//
// threat:T01
//
//ux:1
//ux:17
func TestTheShortPathOfWhoIsNotSafe(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	b.open("/")
	b.press(`button[value="call_me"]`)
	step := 1
	for pages := unsafe(); b.path() != "/controle"; step++ {
		b.inspect(fmt.Sprintf("Vraag %d van ", step))
		b.fill(pages[b.path()])
		b.press(goOn)
	}
	if step > 8 {
		b.t.Errorf("the short path has %d pages, want at most 7", step-1)
	}
	b.inspect("Kijk je antwoorden na")
	b.press(send)
	b.inspect("We hebben je vraag")
	if b.count(`main a[href^="/mijn/"]`) != 0 {
		t.Error("a link was made for somebody who is not safe")
	}
}

// unsafe is the short path's answers of who is not safe.
func unsafe() map[string]url.Values {
	pages := callMe()
	pages["/vraag/32"] = url.Values{"safe_now": {"no"}}
	pages["/vraag/53"] = url.Values{"safe_contact": {"none"}}
	return pages
}

// "Snel weg": at once, to the neutral site, with nothing left to come back to.
//
// threat:T01
//
//ux:15
func TestQuickExitLeavesNothing(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	m, err := readMunicipality(waterstad)
	if err != nil {
		t.Fatal(err)
	}
	b := newTab(t, p.base)
	b.open("/")
	b.press(`button[value="form"]`)
	b.fill(url.Values{"helpers.1.name": {"Noor"}})
	b.press(goOn)
	b.fill(url.Values{"companion": {"alone"}})
	for _, fault := range b.exit(m.ExitURL) {
		t.Error(fault)
	}
	if kept := call(b, network.GetCookies, network.GetCookiesParams{URLs: []string{p.base}}).Cookies; len(kept) > 0 {
		t.Errorf("%d cookies are left", len(kept))
	}
	for range 2 { // the two pages that were filled in
		b.back()
		if b.path() != "/" || !strings.HasPrefix(b.title(), "Begin") || b.count("input:not([type=hidden])") > 0 {
			t.Errorf("Back shows %s, %q", b.path(), b.title())
		}
	}
	b.open("/vraag/11")
	if b.path() != "/" {
		t.Errorf("the draft opens again: %s", b.path())
	}
}
