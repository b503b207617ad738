package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// press fills in the page's form and presses a language button, which sends the form along.
func (r *resident) press(p *seen, lang string, typed url.Values) *seen {
	r.t.Helper()
	if p.Find(`nav button[form="answers"][name="taal"][value="`+lang+`"]`).Length() != 1 || p.Find("main form#answers").Length() != 1 {
		r.t.Fatalf("%s has no button for %s", p.path, lang)
	}
	f := p.Find("main form#answers")
	values := formValues(f)
	maps.Copy(values, typed)
	values.Set("taal", lang)
	return r.post(f.AttrOr("action", ""), values)
}

// language is what a page says it is written in.
func (p *seen) language() string { return p.Find("html").AttrOr("lang", "") }

// ux 18: the language switch keeps the page and what was typed; the rest of the way is in that language, the report too.
//
//ux:18
func TestTheLanguageSwitchKeepsPageAndAnswers(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	story := url.Values{"story": {"Too many letters,\nand <b>no</b> sleep"}}
	p := r.press(r.get("/vraag/23?terug=controle"), "en", story)
	if p.status != http.StatusOK || p.path != "/vraag/23" || p.language() != "en" || text(p.Find("h1")) != "What is going on?" {
		t.Fatalf("got %d %s in %s: %s", p.status, p.path, p.language(), text(p.Find("h1")))
	}
	got := formValues(p.Find("main form"))
	if got.Get("story") != story.Get("story") || got.Get("terug") != "controle" {
		t.Errorf("got back %q, to the check page %q", got.Get("story"), got.Get("terug"))
	}
	if kept := formValues(r.get("/vraag/23").Find("main form")).Get("story"); kept != "" {
		t.Errorf("what was typed was saved before it was sent: %q", kept)
	}
	check, passed := r.walk(r.get("/vraag/11"), fullAnswers())
	receipt := r.send(check)
	for _, page := range append(passed, check, receipt) {
		if page.language() != "en" {
			t.Errorf("%s is in %q", page.path, page.language())
		}
	}
	if got := r.sent().Language; got != "en" {
		t.Errorf("the report is in %q", got)
	}
	own := r.get(receipt.Find(`a[href^="/mijn/"]`).AttrOr("href", ""))
	if own.status != http.StatusOK || own.language() != "en" {
		t.Errorf("the own page answered %d in %q", own.status, own.language())
	}
}

func TestSwitchingOnTheCheckPageSendsNothing(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	p := r.press(check, "en", nil)
	if p.path != "/controle" || p.language() != "en" || text(p.Find("main form button").First()) != "Send to the neighbourhood team" {
		t.Errorf("got %s in %s", p.path, p.language())
	}
	if back := r.press(p, "nl", nil); back.language() != "nl" {
		t.Errorf("the way back is in %s", back.language())
	}
	if got := r.get("/ontvangen").path; got != "/controle" {
		t.Errorf("something was sent: %s", got)
	}
}

func TestSwitchingMendsNothingYet(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	p := r.press(r.get("/vraag/52"), "en", url.Values{"contact_way": {"call"}, "phone": {"12"}})
	if p.status != http.StatusOK || p.Find(".vd-problems").Length() != 0 {
		t.Errorf("got %d with %q", p.status, text(p.Find(".vd-problems")))
	}
	if wrong := r.answer(p, nil); wrong.status != http.StatusUnprocessableEntity || !strings.HasPrefix(wrong.Find("title").Text(), "Error: ") {
		t.Errorf("then %d %q", wrong.status, wrong.Find("title").Text())
	}
}

// Two tabs: the language of one does not undo the answers of the other.
func TestALanguageGoesOnTopOfWhatAnotherTabSaved(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	goal, name := r.get("/vraag/28"), r.get("/vraag/51")
	d.drafts.beforeSave = func() { r.answer(goal, url.Values{"goal": {"Rust in huis"}}) }
	if p := r.press(name, "en", nil); p.status != http.StatusOK || p.language() != "en" {
		t.Fatalf("got %d in %s", p.status, p.language())
	}
	if got := formValues(r.get("/vraag/28").Find("main form")).Get("goal"); got != "Rust in huis" {
		t.Errorf("the other tab's answer is %q", got)
	}
}

// The start page goes by its address alone: it tells nobody that a form is being filled in, in whatever language.
func TestTheStartPageGoesByItsAddress(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	start := r.get("/?taal=en")
	if start.language() != "en" || start.Find(`a[href="/privacy?taal=en"]`).Length() != 1 || start.Find(`a[href="/?taal=nl"][lang="nl"]`).Length() != 1 {
		t.Fatalf("the start page is in %s, or its links are not", start.language())
	}
	if d.drafts.calls != 0 || start.header.Get("Set-Cookie") != "" {
		t.Error("choosing a language there leaves something behind")
	}
	first := r.post("/begin", url.Values{"path": {"form"}, "taal": {formValues(start.Find("main form")).Get("taal")}})
	if first.language() != "en" || first.Find("a.vd-back").AttrOr("href", "") != "/?taal=en" {
		t.Errorf("the first page is in %s, back to %s", first.language(), first.Find("a.vd-back").AttrOr("href", ""))
	}
	if got := r.get("/").language(); got != "nl" {
		t.Errorf("the start page without a language is in %s", got)
	}
	if got := r.get("/vraag/99x/").language(); got != "en" {
		t.Errorf("a page that is not there is in %s", got)
	}
	if again := r.post("/begin", url.Values{"path": {"form"}, "taal": {"nl"}}); again.language() != "nl" {
		t.Errorf("begun again in %s", again.language())
	}
}

// I11: no address changes the language of a draft.
//
// invariant:I11
func TestAnAddressChangesNoDraft(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	for _, path := range []string{"/vraag/11?taal=en", "/controle?taal=en"} {
		if got := r.get(path).language(); got != "nl" {
			t.Errorf("%s is in %s", path, got)
		}
	}
}

// Q4, ux 19: a language that no native reader has checked is not offered, or it is marked.
//
//ux:19
func TestAnUncheckedLanguageIsOffOrMarked(t *testing.T) {
	on := openDoor(t).resident(t)
	if got := text(on.get("/?taal=en").Find("main > p").First()); !strings.Contains(got, "checked this translation") {
		t.Errorf("the page does not say that nobody has checked it, but %q", got)
	}
	if got := text(on.get("/").Find("main > p").First()); strings.Contains(got, "vertaling") {
		t.Error("Dutch is marked as a translation")
	}
	d := openDoorOf(t, "waterstad", false)
	off := d.resident(t)
	if p := off.get("/?taal=en"); p.language() != "nl" || p.Find(".vd-languages").Length() != 0 {
		t.Errorf("it is offered, or shown: %s", p.language())
	}
	first := off.post("/begin", url.Values{"path": {"form"}, "taal": {"en"}})
	values := formValues(first.Find("main form"))
	values.Set("taal", "en")
	if p := off.post("/vraag/11", values); p.language() != "nl" {
		t.Errorf("a form page is in %s", p.language())
	}
	draft, err := d.drafts.Load(t.Context(), off.secret(), d.now)
	if err != nil || draft.Language != "nl" {
		t.Errorf("the draft is in %q, error %v", draft.Language, err)
	}
}

// Enter in a text field presses the first button of the form in the page's order, wherever that button stands.
func TestEnterGoesOnAndDoesNotSwitch(t *testing.T) {
	r := openDoor(t).resident(t)
	p := r.begin(form.Full)
	button := p.Find(`[form="answers"], main form#answers button`).First()
	if _, named := button.Attr("name"); named || button.AttrOr("type", "") != "submit" {
		t.Errorf("Enter presses %q", text(button))
	}
	if _, inOrder := button.Attr("tabindex"); !inOrder || button.AttrOr("aria-hidden", "") != "true" {
		t.Error("the button that Enter presses is met by keyboard or reader too")
	}
}

// Nothing on a page in English is Dutch but what the municipality's file says and what stands beside a translation, and
// that is marked.
//
//ux:19
func TestEnglishPagesHoldNoDutch(t *testing.T) {
	d := openDoor(t)
	dutch, _ := textFile(t, "nl")
	frame, _ := textFile(t, "frame.nl")
	const sayable = 10 // bytes; shorter ones are words of English too
	var words []string
	for _, texts := range []map[string]string{dutch, frame} {
		for key, text := range texts {
			languageName := strings.HasPrefix(key, "q.language.option.")
			if len(text) >= sayable && !languageName && !strings.Contains(text, "{{") {
				words = append(words, strings.Split(text, "\n")...)
			}
		}
	}
	r := d.resident(t)
	answers := with(fullAnswers(), map[string]url.Values{"21": {"for_whom": {"other"}}, "23": {"story": {"zelfmoord"}}, "32": {"safe_now": {"no"}}})
	pages := []*seen{r.get("/?taal=en"), r.get("/privacy?taal=en"), r.get("/toegankelijkheid?taal=en"), r.get("/nergens?taal=en")}
	check, passed := r.walk(r.press(r.begin(form.Full), "en", nil), answers)
	pages = append(append(pages, passed...), check, r.answer(r.get("/vraag/51"), url.Values{"call_name": {""}}), r.send(check))
	for _, p := range pages {
		body := p.Find("body").Clone()
		body.Find(`nav, [lang="nl"]`).Remove() // languages go by their own names, and Dutch beside a translation says so
		said := text(body)
		for _, word := range words {
			if len(word) >= sayable && strings.Contains(said, word) {
				t.Errorf("%s says %q", p.path, word)
			}
		}
		p.Find(".vd-phone > bdi, .vd-brand").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("lang", "") != "nl" {
				t.Errorf("%s: %q is not marked as Dutch", p.path, text(s))
			}
		})
	}
}

// M6: a formal municipality says u on every page; to children it says je.
//
// feature:M6
func TestAFormalMunicipalitySaysU(t *testing.T) {
	d := openDoorOf(t, "duinrand", false)
	dutch, _ := textFile(t, "nl")
	r := d.resident(t)
	answers := with(fullAnswers(), map[string]url.Values{
		"41": {"orgs_now": {"welzijn-de-strandjutter"}}, "54": {"postcode": {"9980 AA"}}, "23": {"story": {"zelfmoord"}}, "33": {"basics": {"food"}},
	})
	pages := []*seen{r.get("/"), r.get("/privacy"), r.get("/toegankelijkheid"), r.get("/nergens")}
	check, passed := r.walk(r.begin(form.Full), answers)
	pages = append(append(pages, passed...), check, r.answer(r.get("/vraag/51"), url.Values{"call_name": {""}}), r.send(check))
	for _, p := range pages {
		said := text(p.Find("html"))
		for key, forChildren := range dutch {
			if toChildren(key) {
				said = strings.ReplaceAll(said, forChildren, "")
			}
		}
		if word := saysJe.FindString(said); word != "" {
			t.Errorf("%s says %q", p.path, word)
		}
		if p.language() != "nl" || !strings.Contains(p.Find("title").Text(), d.Municipality.Name) {
			t.Errorf("%s is in %q, titled %q", p.path, p.language(), p.Find("title").Text())
		}
	}
	if got := text(passed[0].Find("h1")); got != "Wie zou u bij deze problemen kunnen helpen?" {
		t.Errorf("the form begins with %q", got)
	}
}

// domain.md §2: who fills in for somebody else is asked for name, place and safety of that person, and for their own
// contact.
func TestForSomebodyElseTheWordsAreThatPersons(t *testing.T) {
	r := openDoor(t).resident(t)
	answers := with(fullAnswers(), map[string]url.Values{"21": {"for_whom": {"other"}}})
	_, passed := r.walk(r.begin(form.Full), answers)
	ofWhoFillsIn := []string{
		"/vraag/11", "/vraag/12", "/vraag/13", "/vraag/14", "/vraag/15", "/vraag/21", "/vraag/22", "/vraag/23", "/vraag/52", "/vraag/53",
	}
	for _, p := range passed {
		if slices.Contains(ofWhoFillsIn, p.path) {
			continue
		}
		asked := p.Find("main h1, main legend, main label, main .vd-choice__text, title")
		if word := saysJe.FindString(asked.Text()); word != "" {
			t.Errorf("%s asks %q", p.path, text(asked))
		}
	}
	for path, field := range map[string]string{"/vraag/51": "call_name", "/vraag/54": "postcode"} {
		if got := r.get(path).Find(`[name="`+field+`"]`).AttrOr("autocomplete", ""); got != "off" {
			t.Errorf("the browser fills in the %q of who asks as %s", got, field)
		}
	}
	if got := text(r.get("/vraag/52").Find("main legend").First()); got != "Hoe kunnen we je bereiken?" {
		t.Errorf("contact is asked as %q", got)
	}
	check := text(r.get("/controle").Find(".vd-summary"))
	for _, want := range []string{"Naam van die persoon", "Of die persoon nu veilig is"} {
		if !strings.Contains(check, want) {
			t.Errorf("the check page lacks %q", want)
		}
	}
}

// A17: what somebody could give back is kept with the answers for the desk, and with nothing that decides or is mailed.
//
// feature:A17
func TestGivingBackReachesTheDeskAlone(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	const canary = "kanarie bakken"
	check, _ := r.walk(r.begin(form.Full), with(fullAnswers(), map[string]url.Values{"72": {"give_back": {"yes"}, "give_back.what": {canary}}}))
	r.send(check)
	if got := r.sent().Answers.One("give_back.what"); got != canary {
		t.Errorf("the desk gets %q", got)
	}
	report, err := d.Store.Receipt(t.Context(), r.secret().Reference(0))
	if err != nil {
		t.Fatal(err)
	}
	report, _, err = d.Store.Report(t.Context(), report.Reference)
	if err != nil {
		t.Fatal(err)
	}
	for purpose, envelope := range map[casework.Purpose]casework.Envelope{casework.ForRouting: report.Routing, casework.ForContact: report.Contact} {
		plain, err := d.Opener.Open(t.Context(), purpose, report.Reference, envelope)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{canary, "give_back"} {
			if strings.Contains(string(plain), word) {
				t.Errorf("the %s envelope holds %q", purpose, word)
			}
		}
	}
}
