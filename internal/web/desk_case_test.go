package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// full is a form with everything filled in.
func full() form.Answers {
	return form.Answers{
		"helpers": {"named"}, "helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "helpers.1.with": {"brieven lezen"},
		"companion": {"helper"}, "companion.helpers": {"1"}, "hide_from": {"no"}, "invite_how": {"you"},
		"companion_contact.phone": {"06 87654321"}, "companion_contact.knows": {"yes"}, "for_whom": {"household"},
		"story": {"Er liggen te veel brieven."}, "areas": {"money", "papers"}, "area_main": {"money"},
		"hard_date": {"eviction"}, "hard_date.day": {"18"}, "hard_date.month": {"12"}, "hard_date.year": {"2026"},
		"children": {"yes"}, "children.number": {"2"}, "children.ages": {"3 en 7 jaar"}, "goal": {"Rust in huis"},
		"safe_now": {"yes"}, "basics": {}, "safe_contact": {"call", "email"}, "safe_contact.when": {"na 10 uur"},
		"safe_contact.message": {"no"}, "birth_year": {"1985"},
		"phone": {"06 12345678"}, "email": {"voorbeeld@post.example"}, "house_number": {"12"},
	}
}

// row returns the text of a row of a case page, "" when there is none.
func row(a deskAnswer, key string) string {
	found := a.Find(".vd-row").FilterFunction(func(_ int, s *goquery.Selection) bool { return deskText(s.Find("dt")) == key })
	var said []string
	found.Find("dd").First().Find("p, span").Each(func(_ int, s *goquery.Selection) { said = append(said, deskText(s)) })
	return strings.Join(said, " ")
}

// G2: who can help stands above what is wrong, and warnings above both.
func TestACaseOpensWithWhoCanHelp(t *testing.T) { //ux:24
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(full()))
	a := o.signedIn(t, c.Lead).get(caseURL(c))
	var blocks []string
	a.Find("main h2[id]").Each(func(_ int, s *goquery.Selection) { blocks = append(blocks, s.AttrOr("id", "")) })
	if diff := cmp.Diff([]string{"contact", "helpers", "regisseur", "wat", "stap", "tijdlijn"}, blocks); diff != "" {
		t.Errorf("order of blocks (-want +got):\n%s", diff)
	}
	for key, want := range map[string]string{
		"Noemt zelf": "Noor (buur): brieven lezen", "Komt mee": "Noor (buur)", "In eigen woorden": "Er liggen te veel brieven.",
		"Gaat over": "Geld en schulden Papieren en formulieren", "Het belangrijkst": "Geld en schulden",
		"Dag waarop het misgaat": "Ik moet mijn huis uit 18 december 2026", "Kinderen in huis": "Ja Aantal: 2 Leeftijd: 3 en 7 jaar",
		"Wat er beter moet": "Rust in huis", "Nu veilig": "Ja", "Mist vandaag": "Niet ingevuld", "Wanneer": "na 10 uur",
		"Bericht achterlaten": "Mag niet", "Geboortejaar": "1985", "Voor wie": "Voor mijn huishouden",
	} {
		if got := row(a, key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if got := a.Find("ol[reversed] li").Length(); got < 2 {
		t.Errorf("the timeline holds %d moments, want the event and its mails", got)
	}
	for _, want := range []string{"Toegewezen aan", "Mail aan de bewoner: je bericht is aangekomen. Nog niet verstuurd.", "18 december"} {
		if !strings.Contains(deskText(a.Find("main")), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if got := a.Find("main .utrecht-button--primary-action").Length(); got != 1 {
		t.Errorf("%d primary acts, want one", got)
	}
}

func TestWhatWasNotAskedIsNotShownAsSkipped(t *testing.T) {
	o := openOffice(t)
	receipt, err := o.Intake.Submit(t.Context(), o.now, casework.NewSecret(), form.Draft{Path: form.CallMe, Language: "nl", Answers: form.Answers{
		"helpers": {"none"}, "safe_now": {}, "call_name": {"Sam"}, "contact_way": {"call"}, "phone": {"06 12345678"}, "postcode": {"9991 AB"},
		"language": {"pl"}, "language.interpreter": {"yes"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Work.Take(t.Context(), o.now, receipt.Reference); err != nil {
		t.Fatal(err)
	}
	c, err := o.Store.Case(t.Context(), receipt.Reference)
	if err != nil {
		t.Fatal(err)
	}
	a := o.signedIn(t, c.Lead).get(caseURL(c))
	for key, want := range map[string]string{
		"Noemt zelf": "Ik heb niemand", "Nu veilig": "Niet ingevuld", "In eigen woorden": "", "Taal": "Pools (polski) Tolk: Ja",
	} {
		if got := row(a, key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if !strings.HasPrefix(row(a, "Niet gevraagd"), "gaat over, het belangrijkst, in eigen woorden") {
		t.Error("the page does not say what was not asked")
	}
}

// T01: beside every number and address stands whether it is safe, and only safe ones can be clicked.
//
// threat:T01
func TestEveryNumberSaysWhetherItIsSafe(t *testing.T) {
	flagged := exampletest.Answers(full())
	maps.Copy(flagged, unsafe())
	flagged["contact_way"] = []string{"call", "text", "email", "letter"}
	flagged["address"] = []string{"Kade 1, Waterstad"}
	calm := exampletest.Answers(full())
	tests := map[string]struct {
		answers form.Answers
		links   []string
		safe    map[string]string // by value: the badge beside each place it stands
	}{
		"without a safety flag": {
			calm,
			[]string{"tel:0612345678", "mailto:voorbeeld@post.example", "tel:0687654321"},
			map[string]string{
				"06 12345678": "Veilig", "voorbeeld@post.example": "Veilig", "9991 AB 12": "Alleen na afspraak", "06 87654321": "Veilig",
			},
		},
		"under a safety flag": {
			flagged,
			[]string{"tel:0612345678"},
			map[string]string{
				"06 12345678": "Veilig, Niet gebruiken", "voorbeeld@post.example": "Niet gebruiken", "Kade 1, Waterstad": "Niet gebruiken",
				"9991 AB 12": "Niet gebruiken", "06 87654321": "Niet gebruiken",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c := o.Case(t, o.now, tt.answers)
			a := o.signedIn(t, c.Lead).get(caseURL(c))
			var links []string
			a.Find("a[href^='tel:'], a[href^='sms:'], a[href^='mailto:']").Each(func(_ int, s *goquery.Selection) {
				if href := s.AttrOr("href", ""); !strings.HasPrefix(href, "tel:088") { // a colleague's
					links = append(links, href)
				}
			})
			if diff := cmp.Diff(tt.links, links); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			for value, want := range tt.safe {
				found := a.Find("main bdi").FilterFunction(func(_ int, s *goquery.Selection) bool { return deskText(s) == value })
				if found.Length() == 0 || strings.Count(deskText(a.Find("main")), value) != found.Length() {
					t.Errorf("%s stands %d times, of which %d marked", value, strings.Count(deskText(a.Find("main")), value), found.Length())
				}
				var beside []string
				found.Each(func(_ int, s *goquery.Selection) {
					beside = append(beside, deskText(s.Closest("dd").Find(".vd-badge")))
				})
				if got := strings.Join(beside, ", "); got != want {
					t.Errorf("beside %s stands %q, want %q", value, got, want)
				}
			}
			warned := strings.Contains(deskText(a.Find(".vd-alert--danger")), "Let op: veilig contact")
			if flag := name == "under a safety flag"; warned != flag {
				t.Errorf("warned: %v, want %v", warned, flag)
			}
		})
	}
}

func TestASafetyWarningSaysWhatIsSafeAndWhen(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(unsafe()))
	a := o.signedIn(t, c.Owner()).get(caseURL(c))
	if got, want := deskText(a.Find(".vd-alert--danger")), "Veilig: bellen. Wanneer: ‘na de school, vóór vier uur’"; !strings.Contains(got, want) {
		t.Errorf("got %q, want it to say %q", got, want)
	}
	before := a.Find("main").Children().First()
	for ; !before.Is(".vd-alert--danger"); before = before.Next() {
		if before.Length() == 0 || before.Is("h2") {
			t.Fatal("the warning does not come first")
		}
	}
}

// T07: what people wrote shows as they wrote it, in every field, and never as HTML.
//
// threat:T07
func TestWhatPeopleWroteIsNeverMarkup(t *testing.T) {
	const naughty = `<img src=x onerror=alert(1)>"'d'Haven & {{.Zaak}}`
	answers := exampletest.Answers(full())
	for _, key := range []string{
		"helpers.1.name", "helpers.1.with", "story", "children.ages", "goal", "call_name", "house_number", "safe_contact.when", "address",
	} {
		answers[key] = []string{naughty}
	}
	answers["contact_way"] = []string{"call", "letter"}
	answers["email"] = nil
	o := openOffice(t)
	c := o.Case(t, o.now, answers)
	lead := o.signedIn(t, c.Lead)
	coordinator := o.signedIn(t, "willem")
	a := lead.get(caseURL(c))
	pages := []deskAnswer{a, lead.get("/desk/"), lead.get("/desk/casussen")}
	gaveBack := lead.send(lead.get(caseURL(c)+"/teruggeven"), "/teruggeven", "reason", naughty)
	if gaveBack.status != http.StatusOK {
		t.Fatalf("giving back: %d", gaveBack.status)
	}
	pages = append(pages, coordinator.get(caseURL(c)))
	for _, a := range pages {
		if a.Find("img, script").Length() > 0 || strings.Contains(a.body, "<img") {
			t.Errorf("%s holds markup that somebody wrote", a.path)
		}
		if !strings.Contains(a.Text(), naughty) {
			t.Errorf("%s does not show what was written", a.path)
		}
	}
	if got := strings.Count(a.Text(), naughty); got < 8 {
		t.Errorf("the case shows %d of the texts, want every field", got)
	}
	last := pages[len(pages)-1]
	if !strings.Contains(deskText(last.Find(".vd-timeline")), "Reden: ‘"+naughty) {
		t.Error("the timeline does not show the reason")
	}
}

// T07: the reason for taking an addition back is one more text that somebody wrote.
//
// threat:T07
func TestWhyAnAdditionWasTakenBackIsNeverMarkup(t *testing.T) {
	const naughty = `<img src=x onerror=alert(1)>"'d'Haven & {{.Zaak}}`
	o := openOffice(t)
	c, _ := o.merged(t)
	b := o.signedIn(t, "willem")
	ask := b.get(caseURL(c) + "/losmaken")
	long := b.send(ask, "/losmaken", "reason", strings.Repeat(naughty, 50))
	done := b.send(ask, "/losmaken", "reason", naughty)
	for _, a := range []deskAnswer{long, done} {
		if a.Find("img, script").Length() > 0 || !strings.Contains(a.Text(), naughty) {
			t.Errorf("%s holds markup that somebody wrote, or hides it", a.path)
		}
	}
}

func TestASloppyNumberLeadsToTheCase(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	bare := strings.ReplaceAll(string(c.ID), "-", "")
	for name, written := range map[string]string{
		"small letters": strings.ToLower(string(c.ID)), "no dashes": bare, "spaces": bare[:3] + "%20" + bare[3:6] + "%20" + bare[6:],
	} {
		if a := b.get("/desk/casus/" + written); a.path != caseURL(c) || a.status != http.StatusOK {
			t.Errorf("%s: got %d %s", name, a.status, a.path)
		}
	}
}

// What is not there for somebody is told in words that fit: of a case only where a case was asked for.
func TestWhatIsNotThereIsSaidInItsOwnWords(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.business(), exampletest.Answers(nil))
	b := o.signedIn(t, "iris")
	for path, want := range map[string]string{
		caseURL(c): "Deze casus is er niet voor jou", "/desk/casus/ZZZ-ZZZ-ZZZ": "Deze casus is er niet voor jou",
		"/desk/afwezig": "Deze pagina is er niet voor jou", "/desk/bestaat-niet": "Deze pagina is er niet voor jou",
	} {
		if a := b.get(path); a.status != http.StatusNotFound || deskText(a.Find("h1")) != want {
			t.Errorf("%s answers %d with %q, want %q", path, a.status, deskText(a.Find("h1")), want)
		}
	}
}

// G1: the most urgent thing first, with its time left in words, and kind when there is nothing.
func TestTodayShowsWhatToDoFirst(t *testing.T) {
	o := openOffice(t)
	work := o.desk.Work
	contacted := o.Case(t, o.now, exampletest.Answers(form.Answers{"call_name": {"Te Bellen"}}))
	lead := contacted.Lead
	if err := work.Accept(t.Context(), casework.Click{
		At: o.now, Case: contacted.ID, By: casework.Reader{Worker: lead}, Shown: 1, Command: casework.NewSecret().String(),
	}); err != nil {
		t.Fatal(err)
	}
	b := o.signedIn(t, lead)
	for range 20 { // until the same lead has one to accept too
		if c := o.Case(t, o.now, exampletest.Answers(form.Answers{"call_name": {"Aan Te Nemen"}})); c.Lead == lead {
			break
		}
	}
	a := b.get("/desk/")
	var headings []string
	a.Find("main h2").Each(func(_ int, s *goquery.Selection) { headings = append(headings, deskText(s)) })
	if diff := cmp.Diff([]string{"Nieuw voor jou (1)", "Neem contact op (1)"}, headings); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if got, want := deskText(a.Find(".vd-card").First()), "Aan Te Nemen Aannemen: morgen, vóór 17.00 uur nog 1 dag Gewoon"; !strings.HasPrefix(got, want) {
		t.Errorf("first card: got %q, want %q", got, want)
	}
	o.later(48 * time.Hour)
	b = o.signedIn(t, lead)
	if got, want := deskText(b.get("/desk/").Find("#passed + ul .vd-card")), "Aan Te Nemen De termijn is voorbij. De coördinator kijkt er nu naar. 17 uur te laat"; !strings.HasPrefix(got, want) {
		t.Errorf("late: got %q, want %q", got, want)
	}

	urgentCase := o.Case(t, o.business(), exampletest.Answers(urgent()))
	duty := o.signedIn(t, urgentCase.Look.Line[0]).get("/desk/")
	if got := deskText(duty.Find("main h2").First()); got != "Kijk hier eerst (1)" {
		t.Errorf("on duty: first group %q", got)
	}
	empty := o.signedIn(t, "mees").get("/desk/")
	if got := deskText(empty.Find("main")); !strings.Contains(got, "Er wacht nu niemand op jou.") || empty.Find(".vd-card").Length() > 0 {
		t.Errorf("empty: %q", got)
	}
	for _, aside := range []string{"bas", "iris"} { // to whom no case ever comes
		if got := deskText(o.signedIn(t, aside).get("/desk/").Find("main")); !strings.Contains(got, "Bij jou komen geen casussen.") {
			t.Errorf("%s reads %q", aside, got)
		}
	}
}

func TestACoordinatorSeesTheQueue(t *testing.T) {
	o := openOffice(t)
	c := o.escalated(t)
	a := o.signedIn(t, "willem").get("/desk/")
	if got := deskText(a.Find("main h2").First()); got != "Kies een regisseur (1)" {
		t.Errorf("first group: %q", got)
	}
	if _, ok := a.Find(".vd-card a").Attr("href"); !ok || !strings.Contains(a.body, string(c.ID)) {
		t.Error("the queue does not lead to the case")
	}
}

// escalated is a case in the coordinator's queue: the lead did not answer in time.
func (o *office) escalated(t *testing.T) casework.Case {
	t.Helper()
	c := o.Case(t, o.business(), exampletest.Answers(nil))
	due, _ := c.Deadline(casework.DueAccept)
	o.later(due.At.Sub(o.business()))
	if err := o.Work.Overdue(t.Context(), o.business(), c.ID); err != nil {
		t.Fatal(err)
	}
	c, err := o.Store.Case(t.Context(), c.ID)
	if err != nil || c.State != casework.Escalated {
		t.Fatalf("the case is %s (%v), want escalated", c.State, err)
	}
	return c
}

func TestTheListShowsEveryCaseOfTheWorker(t *testing.T) {
	o := openOffice(t)
	var mine []string
	lead := ""
	for range 5 {
		c := o.Case(t, o.now, exampletest.Answers(nil))
		if lead == "" {
			lead = c.Lead
		}
		if c.Lead == lead {
			mine = append(mine, string(c.ID))
		}
	}
	a := o.signedIn(t, lead).get("/desk/casussen")
	var got []string
	a.Find(".vd-card a").Each(func(_ int, s *goquery.Selection) {
		got = append(got, strings.TrimPrefix(s.AttrOr("href", ""), "/desk/casus/"))
	})
	slices.Sort(got)
	slices.Sort(mine)
	if diff := cmp.Diff(mine, got); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
}

// D7: words to see stand out in the story, as text, and are said for who does not see it.
//
// threat:T07
func TestWordsOfTheStoryStandOut(t *testing.T) {
	o := openOffice(t)
	story := `Hij had een <b onclick="x">Mes</b>. "Mijn & jouw" kinderen zagen het mes.`
	c := o.Case(t, o.now, exampletest.Answers(map[string][]string{"story": {story}}))
	plain := o.Case(t, o.now, exampletest.Answers(map[string][]string{"story": {"De huur loopt op."}}))
	a := o.signedIn(t, c.Lead).get(caseURL(c))
	marked := a.Find("mark").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	if want := []string{"Mes", "kinderen", "mes"}; !slices.Equal(marked, want) {
		t.Errorf("%q stand out, want %q", marked, want)
	}
	if got := a.Find("dd:has(mark) bdi").First().Text(); got != story || a.Find("dd b, [onclick]").Length() > 0 {
		t.Errorf("the story is %q, want %q", got, story)
	}
	if got := deskText(a.Find("dd:has(mark) .vd-quiet")); got != "Let op deze woorden: mes, kinderen. Ze beslissen niets." {
		t.Errorf("says %q", got)
	}
	b := o.signedIn(t, plain.Lead).get(caseURL(plain))
	if n := b.Find("mark, dd:contains('huur') .vd-quiet").Length(); n > 0 || !strings.Contains(b.body, "De huur loopt op.") {
		t.Errorf("%d things stand out of a plain story", n)
	}
}
