package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// later fills in a page's form and presses "Later verder".
func (r *resident) later(p *seen, typed url.Values) *seen {
	r.t.Helper()
	button := p.Find("main form button[formaction]").FilterFunction(func(_ int, s *goquery.Selection) bool { return text(s) == "Later verder" })
	if button.Length() != 1 {
		r.t.Fatalf("%s has no button to go on later", p.path)
	}
	values := formValues(p.Find("main form"))
	maps.Copy(values, typed)
	return r.post(button.AttrOr("formaction", ""), values)
}

// enter types a code on the page for it.
func (r *resident) enter(code string) *seen {
	r.t.Helper()
	link := r.get("/").Find(`main a[href="/verder"]`)
	if link.Length() != 1 {
		r.t.Fatal("the start page has no way on with a code")
	}
	return r.answer(r.get(link.AttrOr("href", "")), url.Values{"code": {code}})
}

var shownCode = regexp.MustCompile(`^[2-9CDFHJKMNPQRTVWX]{4}-[2-9CDFHJKMNPQRTVWX]{4}$`)

// code reads the code off its page.
func (p *seen) code(t *testing.T) string {
	t.Helper()
	code := text(p.Find("main .vd-code"))
	if p.path != "/later" || !shownCode.MatchString(code) {
		t.Fatalf("%s shows the code %q", p.path, code)
	}
	return code
}

// A8: pause on any page, come back on another telephone to the page that was left, with what stood there; pause again,
// and the same code works.
//
//ux:21
func TestPausingAndComingBackSeveralTimes(t *testing.T) {
	d := openDoor(t)
	first := d.resident(t)
	_, passed := first.walk(first.begin(form.Full), fullAnswers())
	shown := first.later(first.get("/vraag/23"), url.Values{"story": {"Half verhaal"}})
	code := shown.code(t)
	if how := text(shown.Find("main ol")); !strings.Contains(how, "Ga naar "+strings.TrimPrefix(d.server.URL, "https://")+".") {
		t.Errorf("who takes another telephone reads no address: %s", how)
	}
	for i, p := range append(passed, first.get("/controle")) {
		if i == len(passed) || i%7 == 0 {
			if again := first.later(first.get(p.path), nil).code(t); again != code {
				t.Errorf("%s gives the code %s, want %s", p.path, again, code)
			}
		}
		if p.Find(`main button[formaction^="/later/"]`).Length() != 1 {
			t.Errorf("%s has no way to go on later", p.path)
		}
	}
	first.later(first.get("/vraag/23"), nil)
	d.now, d.clock = d.now.Add(13*24*time.Hour), d.clock.Add(13*24*time.Hour)
	second := d.resident(t)
	story := second.enter(strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	if got := strings.TrimSpace(story.Find("textarea").Text()); story.path != "/vraag/23" || got != "Half verhaal" {
		t.Fatalf("the code leads to %s with %q", story.path, got)
	}
	if again := second.later(story, url.Values{"story": {"Heel verhaal"}}).code(t); again != code {
		t.Errorf("pausing again gives %s, want %s", again, code)
	}
	d.now, d.clock = d.now.Add(13*24*time.Hour), d.clock.Add(13*24*time.Hour)
	if got := d.resident(t).enter(code); strings.TrimSpace(got.Find("textarea").Text()) != "Heel verhaal" {
		t.Errorf("the second time the code leads to %s", got.path)
	}
}

// What is wrong on the page that is left is kept, and asked again; a page that was not answered stays not asked.
func TestPausingKeepsWhatWasTypedAndAnswersNothing(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	r.later(r.get("/vraag/52"), url.Values{"contact_way": {"email"}, "email": {"sam@"}})
	r.later(r.get("/vraag/28"), nil)
	draft, err := d.Drafts.Load(t.Context(), r.secret(), d.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, answered := draft.Answers["goal"]; answered {
		t.Error("a page that was left empty counts as skipped")
	}
	way := r.get("/vraag/52")
	if got := way.Find(`[name="email"]`).AttrOr("value", ""); got != "sam@" {
		t.Errorf("got %q back", got)
	}
	if got := r.answer(way, nil).status; got != http.StatusUnprocessableEntity {
		t.Errorf("going on with it answered %d, want 422", got)
	}
}

// The page of the code says who can read along, until when it works, and sends it nowhere; under a safety flag too.
//
// threat:T01
func TestThePageOfTheCodeWarnsWhoIsWatched(t *testing.T) {
	d := openDoor(t)
	for name, answers := range map[string]url.Values{
		"somebody who is safe":     {"safe_now": {"yes"}},
		"somebody who is not safe": {"safe_now": {"no"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			r.begin(form.Full)
			p := r.later(r.get("/vraag/32"), answers)
			said := text(p.Find("main"))
			code := p.code(t)
			spelled := strings.Join(strings.Split(code[:4], ""), " ") + ", " + strings.Join(strings.Split(code[5:], ""), " ")
			for _, want := range []string{spelled, "Wie de code heeft, kan je antwoorden lezen.", "zaterdag 5 december", "We sturen de code naar niemand."} {
				if !strings.Contains(said, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			if strings.Contains(p.Find("title").Text()+p.path, code) || p.Find("main a[href*='"+code+"']").Length() > 0 {
				t.Error("the code stands in a title or an address")
			}
		})
	}
}

// Whatever opens nothing looks the same, to the byte but for what was typed.
func TestCodesThatOpenNothingLookTheSame(t *testing.T) { // threat:T03
	d := openDoor(t)
	sent, expired, tried := d.resident(t), d.resident(t), d.resident(t)
	check, _ := sent.walk(sent.begin(form.Full), fullAnswers())
	sentCode := sent.later(check, nil).code(t)
	sent.send(check)
	sentPage := d.resident(t).enter(sentCode)
	expiredCode := expired.later(expired.begin(form.Full), nil).code(t)
	d.now, d.clock = d.now.Add(14*24*time.Hour), d.clock.Add(14*24*time.Hour)
	triedCode := tried.later(tried.begin(form.Full), nil).code(t)
	unknown := casework.NewSecret().ResumeCode().String()
	pages := map[string]*seen{
		"a code of nobody":             d.resident(t).enter(unknown),
		"a code that is none":          d.resident(t).enter("2345"),
		"the code of a draft sent":     sentPage,
		"a code after 14 days":         d.resident(t).enter(expiredCode),
		"a right code, tried too late": nil,
	}
	for range 20 { // this network's hour is full
		d.resident(t).enter(unknown)
	}
	pages["a right code, tried too late"] = d.resident(t).enter(triedCode)
	want := pages["a code of nobody"]
	wantHTML, err := want.Html()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range pages {
		html, err := p.Html()
		if err != nil {
			t.Fatal(err)
		}
		typed := p.Find(`[name="code"]`).AttrOr("value", "")
		if p.status != http.StatusUnprocessableEntity || typed == "" || strings.ReplaceAll(html, typed, unknown) != wantHTML {
			t.Errorf("%s: %d %s", name, p.status, text(p.Find("main")))
		}
		if p.header.Get("Set-Cookie") != want.header.Get("Set-Cookie") {
			t.Errorf("%s: it sets a cookie", name)
		}
	}
	d.now = d.now.Add(time.Hour)
	if p := d.resident(t).enter(triedCode); p.path != "/vraag/11" {
		t.Errorf("in the next hour the right code leads to %s", p.path)
	}
}

// After 30 idle minutes only the code opens the draft. Who just typed is told so, and sees nothing of it.
func TestAfterAnIdleHalfHourOnlyTheCodeOpensTheDraft(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	code := r.later(r.begin(form.Full), url.Values{"helpers.1.name": {"Noor"}}).code(t)
	story := r.get("/vraag/23")
	late := r.get("/vraag/28")
	d.clock = d.clock.Add(31 * time.Minute)
	over := r.answer(story, url.Values{"story": {"Laat verhaal"}})
	if over.status != http.StatusGone || text(over.Find("h1")) != "Het formulier is gesloten" {
		t.Fatalf("typing after it: %d %s", over.status, text(over.Find("h1")))
	}
	if html, err := over.Html(); err != nil || strings.Contains(html, "Laat verhaal") || strings.Contains(html, "Noor") {
		t.Errorf("the page shows what was typed; %v", err)
	}
	if over.Find(`main a[href="/verder"]`).Length() != 1 || over.Find(`main a[href="/"]`).Length() != 1 {
		t.Error("the page leads neither to the code nor to the start")
	}
	if again := r.answer(late, nil); again.path != "/" {
		t.Errorf("without a cookie a form leads to %s", again.path)
	}
	if back := r.enter(code); back.path != "/vraag/11" || back.Find(`[name="helpers.1.name"]`).AttrOr("value", "") != "Noor" {
		t.Errorf("the code leads to %s", back.path)
	}
}

// One tab pauses with an old page after another saved, and neither loses anything.
func TestPausingKeepsWhatAnotherTabSaved(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	story, goal := r.get("/vraag/23"), r.get("/vraag/28")
	r.answer(goal, url.Values{"goal": {"Rust in huis"}})
	r.later(story, url.Values{"story": {"Te veel brieven"}}).code(t)
	check := text(r.get("/controle").Find(".vd-summary"))
	if !strings.Contains(check, "Te veel brieven") || !strings.Contains(check, "Rust in huis") {
		t.Error("one tab's answer is gone")
	}
}

// A8 in another language: the switch keeps what was typed, and tries no code.
//
//ux:18
func TestTheLanguageSwitchOnTheCodePageTriesNothing(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	code := r.later(r.begin(form.Full), nil).code(t)
	other := d.resident(t)
	for range 25 {
		p := other.press(other.get("/verder"), "en", url.Values{"code": {code}})
		if got := p.Find(`[name="code"]`).AttrOr("value", ""); p.language() != "en" || got != code {
			t.Fatalf("in %s with %q", p.language(), got)
		}
	}
	p := other.press(other.get("/verder"), "en", url.Values{"code": {code}})
	if wrong := other.answer(p, url.Values{"code": {"K7M4"}}); wrong.language() != "en" || wrong.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code answers %d in %s", wrong.status, wrong.language())
	}
	if in := other.answer(p, nil); in.path != "/vraag/11" || in.language() != "nl" { // the draft's own
		t.Errorf("the code leads to %s in %s", in.path, in.language())
	}
}
