package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/form"
)

// everyPage returns every kind of page in every state that a resident can see, by what it is.
func everyPage(t *testing.T, d *door) map[string]*seen {
	t.Helper()
	pages := map[string]*seen{}
	r := d.resident(t)
	for _, path := range []string{"/", "/privacy", "/toegankelijkheid", "/nergens", "/static/nergens.css"} {
		pages[path] = r.get(path)
	}
	pages["a method that is not there"] = r.post("/privacy", nil)
	pages["a body that is no form"] = r.post("/begin", url.Values{"path": {"elders"}})
	answers := with(fullAnswers(), map[string]url.Values{
		"21": {"for_whom": {"other"}}, "23": {"story": {"Ik denk aan zelfmoord"}}, "32": {"safe_now": {"no"}}, "55": {"birth_year": {"2016"}},
	})
	empty := d.resident(t)
	empty.begin(form.Full)
	pages["the check page with nothing filled in"] = empty.get("/controle")
	check, passed := r.walk(r.begin(form.Full), answers)
	pages["the check page"] = check
	for _, p := range passed {
		pages[p.path+" empty"] = p
		pages[p.path+" filled in"] = r.get(p.path)
		pages[p.path+" changed"] = r.get(p.path + "?terug=controle")
	}
	wrong := map[string]url.Values{
		"11": {"helpers.1.name": {strings.Repeat("a", 101)}, "helpers.1.with": {strings.Repeat("a", 201)}},
		"15": {"companion_contact.phone": {"12"}, "companion_contact.email": {"sam"}, "companion_contact.knows": nil},
		"23": {"story": {strings.Repeat("a", 2001)}},
		"26": {"hard_date.day": {"31"}, "hard_date.month": {"2"}},
		"27": {"children": {"yes"}, "children.number": {"veel"}},
		"33": {"basics": {"food", "nothing"}},
		"41": {"orgs_now": {"other", "nobody"}, "orgs_now.other": {strings.Repeat("a", 201)}},
		"63": {"moment": {"morning", "any"}},
		"64": {"access_needs": {strings.Repeat("a", 201)}},
		"51": {"call_name": {""}},
		"52": {"contact_way": {"call", "email", "letter"}, "phone": {"12"}, "email": {"sam"}, "address": {""}},
		"53": {"safe_contact": {"call", "none"}},
		"54": {"postcode": {"12"}},
		"55": {"birth_year": {"85"}},
	}
	for _, id := range sortedKeys(wrong) {
		p := r.answer(r.get("/vraag/"+id), wrong[id])
		if p.status != http.StatusUnprocessableEntity {
			t.Errorf("/vraag/%s took a wrong answer: %d", id, p.status)
		}
		pages["/vraag/"+id+" with errors"] = p
	}
	pages["one more helper"] = r.answer(r.get("/vraag/11"), url.Values{"more": {"1"}})
	tab := r.get("/vraag/28?terug=controle")
	pages["receipt"] = r.send(r.get("/controle"))
	pages["sent before"] = r.answer(tab, url.Values{"goal": {"Anders"}})
	safe := d.resident(t)
	check, _ = safe.walk(safe.begin(form.Full), fullAnswers())
	pages["receipt with a link"] = safe.send(check)
	pages["own page"] = safe.get(pages["receipt with a link"].Find(`a[href^="/mijn/"]`).AttrOr("href", ""))
	return pages
}

//ux:2
//ux:8
//ux:22
//ux:26
func TestEveryPageIsWholeByItself(t *testing.T) {
	d := openDoor(t)
	for name, p := range everyPage(t, d) {
		t.Run(name, func(t *testing.T) {
			for selector, want := range map[string]int{
				"h1": 1, "script": 0, "[style]": 0, "main": 1, `header a[href="/weg"]`: 1, "aside": 1, `a[href="/toegankelijkheid"]`: 1, `html[lang="nl"]`: 1,
			} {
				if got := p.Find(selector).Length(); got != want {
					t.Errorf("got %d %s, want %d", got, selector, want)
				}
			}
			wired(t, p)
		})
	}
}

// wired checks that ids are unique, that every input has its label and every reference its goal (Q1).
func wired(t *testing.T, p *seen) {
	t.Helper()
	ids := map[string]bool{}
	p.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] {
			t.Errorf("the id %s is there twice", id)
		}
		ids[id] = true
	})
	p.Find("main input:not([type=hidden]), main textarea, main select").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if s.Closest("label").Length() == 0 && p.Find(`label[for="`+id+`"]`).Length() != 1 {
			t.Errorf("%s %s has no label", goquery.NodeName(s), id)
		}
	})
	p.Find("label, legend").Each(func(_ int, s *goquery.Selection) {
		if text(s) == "" {
			t.Errorf("a %s of %s says nothing", goquery.NodeName(s), s.AttrOr("for", "?"))
		}
		if id := s.AttrOr("for", ""); id != "" && !ids[id] {
			t.Errorf("the label for %s has no input", id)
		}
	})
	p.Find("[aria-describedby], [aria-labelledby]").Each(func(_ int, s *goquery.Selection) {
		for id := range strings.FieldsSeq(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "")) {
			if !ids[id] {
				t.Errorf("%s is described by %s, which is not there", goquery.NodeName(s), id)
			}
		}
	})
	p.Find(`.vd-problems a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		if id := strings.TrimPrefix(s.AttrOr("href", ""), "#"); !ids[id] {
			t.Errorf("a problem leads to %s, which is not there", id)
		}
	})
}

// ux 10: 422, values kept, summary first and focused, each text beside its field.
//
//ux:10
func TestEveryProblemIsListedFirstAndStandsAtItsField(t *testing.T) {
	d := openDoor(t)
	for name, p := range everyPage(t, d) {
		if !strings.HasSuffix(name, "with errors") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			summary := p.Find("main").Children().First()
			if _, focused := summary.Attr("autofocus"); !focused || !summary.Is(".vd-problems") {
				t.Error("the page does not begin with what to mend, in focus")
			}
			if !strings.HasPrefix(p.Find("title").Text(), "Fout: ") {
				t.Error("the title does not say so")
			}
			links := summary.Find("a")
			if links.Length() != p.Find("main form .vd-error").Length() {
				t.Errorf("%d problems are listed, %d stand at their field", links.Length(), p.Find("main form .vd-error").Length())
			}
			inputs, before := p.Find("main form [id]"), -1
			links.Each(func(_ int, a *goquery.Selection) {
				at := inputs.IndexOfSelection(p.Find(`[id="` + strings.TrimPrefix(a.AttrOr("href", ""), "#") + `"]`))
				if at < before {
					t.Errorf("%q is listed below what stands below it", text(a))
				}
				before = at
				if !strings.Contains(text(p.Find("main form")), text(a)) {
					t.Errorf("%q does not stand at its field", text(a))
				}
			})
		})
	}
}

func TestAWrongAnswerIsKeptWithTheOthers(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	p := r.answer(r.get("/vraag/52"), url.Values{"contact_way": {"call", "email"}, "phone": {"0612"}, "email": {"sam@bewoner.example"}})
	got := formValues(p.Find("main form"))
	for field, want := range map[string]string{"contact_way": "call email", "phone": "0612", "email": "sam@bewoner.example"} {
		if strings.Join(got[field], " ") != want {
			t.Errorf("%s is %q, want %q", field, got[field], want)
		}
	}
	if again := r.get("/vraag/52"); len(formValues(again.Find("main form"))["contact_way"]) != 0 {
		t.Error("a wrong answer was saved")
	}
}

// ux 9, ux 16, T01: titles are one for each page, and say nothing about the topic; neither do addresses.
//
// threat:T01
//
//ux:9
//ux:16
func TestTitlesAndAddressesGiveNothingAway(t *testing.T) {
	d := openDoor(t)
	topic := regexp.MustCompile(`(?i)schuld|geld|wonen|kind|veilig|geweld|verslav|drugs|alcohol|zelfmoord|eenzaam|politie|hulpverlen|mantel|ziek|` +
		`proble\w+|medicijn|stress|somber|scheid|113|thuis`)
	shape := regexp.MustCompile(`^(Fout: )?(Vraag \d+ van \d+: )?[^–]+ – Hulp in de wijk – Gemeente Waterstad$`)
	titles := map[string]string{}
	for name, p := range everyPage(t, d) {
		title := p.Find("title").Text()
		if !shape.MatchString(title) {
			t.Errorf("%s is titled %q", name, title)
		}
		if word := topic.FindString(title); word != "" {
			t.Errorf("the title of %s says %q", name, word)
		}
		p.Find("a[href], form[action], link[href]").Each(func(_ int, s *goquery.Selection) {
			address := s.AttrOr("href", "") + s.AttrOr("action", "")
			if word := topic.FindString(address); word != "" && !strings.HasPrefix(address, "tel:") {
				t.Errorf("an address on %s says %q", name, word)
			}
		})
		if base, _, question := strings.Cut(name, " empty"); question {
			if other, twice := titles[title]; twice {
				t.Errorf("%s and %s have the same title", base, other)
			}
			titles[title] = base
		}
	}
}

// threat:T07
func TestNaughtyTextIsShownAsText(t *testing.T) {
	r := openDoor(t).resident(t)
	naughty := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.Secret}}`, `javascript:alert(1)`, `' or 1=1 --`, `%00%0d%0aSet-Cookie: a=b`,
		"=cmd|' /C calc'!A0", "👩‍👩‍👧 ẞ ﷽", "</textarea></form>",
	}
	for _, bad := range naughty {
		t.Run(bad, func(t *testing.T) {
			check, passed := r.walk(r.begin(form.Full), with(fullAnswers(), map[string]url.Values{
				"11": {"helpers.1.name": {bad}, "helpers.1.with": {bad}}, "23": {"story": {bad}}, "27": {"children": {"yes"}, "children.ages": {bad}},
				"28": {"goal": {bad}}, "51": {"call_name": {bad}}, "53": {"safe_contact": {"call"}, "safe_contact.when": {bad}},
				"54": {"postcode": {"9991 AB"}, "house_number": {bad}},
			}))
			kept := map[string]string{"11": "helpers.1.name", "23": "story", "28": "goal", "51": "call_name", "54": "house_number"}
			for id, field := range kept {
				if got := formValues(r.get("/vraag/" + id).Find("main form")).Get(field); got != bad {
					t.Errorf("%s came back as %q", field, got)
				}
			}
			if got := strings.Count(check.Find(".vd-summary").Text(), bad); got != 8 {
				t.Errorf("the check page shows it %d times, want 8", got)
			}
			for _, p := range append(passed, check) {
				if p.Find("script, img, [onerror]").Length() != 0 {
					t.Errorf("%s runs what was typed", p.path)
				}
			}
		})
	}
}

// threat:T12
func TestTooLongATextComesBackToBeShortened(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	for name, story := range map[string]string{
		"longer than a story":   strings.Repeat("a", 2001),
		"longer than a request": strings.Repeat("b", 70_000),
	} {
		t.Run(name, func(t *testing.T) {
			p := r.answer(r.get("/vraag/23"), url.Values{"story": {story}})
			if p.status != http.StatusUnprocessableEntity {
				t.Fatalf("got %d, want 422", p.status)
			}
			if got := strings.TrimSpace(p.Find("textarea").Text()); !strings.HasPrefix(story, got) || len(got) < 2001 {
				t.Errorf("%d characters came back", len(got))
			}
		})
	}
}

// D1: a worrying answer shows the numbers large, and the form goes on as ever.
func TestAWorryingAnswerShowsNumbersAndNeverBlocks(t *testing.T) {
	d := openDoor(t)
	n := d.Municipality.Numbers
	for name, tt := range map[string]struct {
		page    string
		answer  url.Values
		next    string
		numbers []string
	}{
		"not safe now":             {"32", url.Values{"safe_now": {"no"}}, "/vraag/33", []string{n.Emergency.Number, n.SafeHome.Number, n.Suicide.Number}},
		"not safe at times":        {"32", url.Values{"safe_now": {"sometimes"}}, "/vraag/33", []string{n.Emergency.Number, n.SafeHome.Number, n.Suicide.Number}},
		"would rather not say":     {"32", url.Values{"safe_now": {"rather_not"}}, "/vraag/33", []string{n.Emergency.Number, n.SafeHome.Number, n.Suicide.Number}},
		"safe":                     {"32", url.Values{"safe_now": {"yes"}}, "/vraag/33", nil},
		"somebody may not know":    {"13", url.Values{"hide_from": {"yes"}}, "/vraag/21", []string{n.SafeHome.Number, n.Emergency.Number}},
		"nothing to eat":           {"33", url.Values{"basics": {"food"}}, "/vraag/41", []string{n.Team.Number}},
		"fifteen years old":        {"55", url.Values{"birth_year": {"2011"}}, "/vraag/61", []string{n.Child.Number, n.Emergency.Number}},
		"eleven years old":         {"55", url.Values{"birth_year": {"2015"}}, "/vraag/61", []string{n.Child.Number, n.Emergency.Number}},
		"sixteen years old":        {"55", url.Values{"birth_year": {"2010"}}, "/vraag/61", nil},
		"asks for somebody else":   {"21", url.Values{"for_whom": {"other"}}, "/vraag/22", nil},
		"goes on from the numbers": {"31", nil, "/vraag/32", nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.resident(t)
			r.begin(form.Full)
			next := r.answer(r.get("/vraag/"+tt.page), tt.answer)
			if next.path != tt.next {
				t.Fatalf("led to %s, want %s", next.path, tt.next)
			}
			var got []string
			next.Find(".vd-alert .vd-phone strong").Each(func(_ int, s *goquery.Selection) { got = append(got, text(s)) })
			if strings.Join(got, " ") != strings.Join(tt.numbers, " ") {
				t.Errorf("got numbers %s, want %s", got, tt.numbers)
			}
			if strings.HasPrefix(tt.next, "/vraag/") && tt.numbers != nil && text(next.Find("main form button").First()) != "Verder met het formulier" {
				t.Error("the page does not say that the form goes on")
			}
		})
	}
}

// "Today" is promised as far as somebody works today; the date after it is that of the receipt.
func TestWhoAsksToBeCalledTodayHearsByWhen(t *testing.T) {
	d := openDoor(t)
	for now, want := range map[string]string{
		"2026-11-23T10:00:00+01:00": "Lukt het vandaag niet? Dan hoor je van ons vóór dinsdag 24 november, 17.00 uur.",
		"2026-11-23T07:00:00+01:00": "Lukt het vandaag niet? Dan hoor je van ons vóór dinsdag 24 november, 17.00 uur.",
		"2026-11-23T17:30:00+01:00": "Vandaag werkt er niemand meer. Kies je ‘Ja’? Dan hoor je van ons vóór dinsdag 24 november, 17.00 uur. Kun je niet wachten? Bel 112.",
		"2026-11-22T06:30:00+01:00": "Vandaag werkt er niemand meer. Kies je ‘Ja’? Dan hoor je van ons vóór maandag 23 november, 17.00 uur. Kun je niet wachten? Bel 112.",
	} {
		t.Run(now, func(t *testing.T) {
			var err error
			if d.now, err = time.Parse(time.RFC3339, now); err != nil {
				t.Fatal(err)
			}
			r := d.resident(t)
			r.begin(form.Full)
			r.answer(r.get("/vraag/23"), url.Values{"story": {"Er ligt een mes."}})
			asked := r.get("/vraag/34")
			if got := text(asked.Find(".vd-hint")); got != want {
				t.Errorf("the page says %q, want %q", got, want)
			}
			r.answer(asked, url.Values{"call_today": {"yes"}})
			check, _ := r.walk(r.get("/vraag/51"), map[string]url.Values{
				"51": {"call_name": {"Sam"}}, "52": {"contact_way": {"call"}, "phone": {"06 12345678"}}, "54": {"postcode": {"9991 AB"}},
			})
			_, promised, _ := strings.Cut(text(r.send(check).Find("main strong").Last()), "vóór ")
			if promised == "" || !strings.Contains(want, promised) {
				t.Errorf("the receipt promises %q", promised)
			}
		})
	}
}

// A form that shuts says so where somebody writes for long, and before anybody begins.
func TestThatTheFormShutsIsSaidInTime(t *testing.T) {
	r := openDoor(t).resident(t)
	start := text(r.get("/").Find("main"))
	if want := "Doe je 30 minuten niets, of kies je ‘Snel weg’? Dan sluit het formulier"; !strings.Contains(start, want) {
		t.Errorf("the start lacks %q", want)
	}
	if want := "Het formulier heeft ongeveer 30 korte vragen."; !strings.Contains(start, want) {
		t.Errorf("the start lacks %q", want)
	}
	r.begin(form.Full)
	for page, want := range map[string]bool{"23": true, "28": true, "71": true, "51": false, "24": false} {
		if got := strings.Contains(text(r.get("/vraag/"+page).Find("main")), "Schrijf je langer dan 30 minuten?"); got != want {
			t.Errorf("page %s says so: %v", page, got)
		}
	}
}

func TestAYoungChildIsToldToAskAGrownUp(t *testing.T) {
	d := openDoor(t)
	for born, want := range map[string]string{"2015": "Vraag een volwassene om hulp", "2014": "Je kunt ook de Kindertelefoon bellen"} {
		t.Run("born in "+born, func(t *testing.T) {
			r := d.resident(t)
			r.begin(form.Full)
			check := r.answer(r.get("/vraag/55"), url.Values{"birth_year": {born}})
			if got := text(check.Find(".vd-alert h2")); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestAPageThatIsNotAskedLeadsToTheNearest(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	for asked, want := range map[string]string{
		"/vraag/14": "/vraag/21", "/vraag/25": "/vraag/26", "/vraag/34": "/vraag/41", "/vraag/99": "/vraag/11", "/vraag/..%2F11": "/vraag/11",
	} {
		if got := r.get(asked).path; got != want {
			t.Errorf("%s led to %s, want %s", asked, got, want)
		}
	}
}

func TestBackLeadsToThePageBefore(t *testing.T) {
	r := openDoor(t).resident(t)
	check, passed := r.walk(r.begin(form.Full), fullAnswers())
	want := "/"
	for _, p := range append(passed, check) {
		if got := p.Find("a.vd-back").AttrOr("href", ""); got != want {
			t.Errorf("back from %s leads to %s, want %s", p.path, got, want)
		}
		want = p.path
	}
}

func TestTheStartPageTellsAllItShould(t *testing.T) {
	d := openDoor(t)
	start := text(d.resident(t).get("/").Selection)
	n := d.Municipality.Numbers
	for _, want := range []string{
		n.Emergency.Number, n.Suicide.Number, n.SafeHome.Number, n.Child.Number, n.Team.Number, d.Municipality.Supporter.Number,
		d.Municipality.WalkIn.Place, "Wis het nummer uit je bellijst", "Het staat niet op de rekening",
		"maandag 23 november, 17.00 uur", "Je geschiedenis blijft staan", "gratis en niet van de gemeente",
	} {
		if !strings.Contains(start, want) {
			t.Errorf("the start page lacks %q", want)
		}
	}
}

func TestPlainTextFilesAreThere(t *testing.T) {
	r := openDoor(t).resident(t)
	for path, want := range map[string]string{"/robots.txt": "Disallow: /", "/.well-known/security.txt": "Expires: 2027-05-20T11:00:00Z"} {
		p := r.get(path)
		if p.status != http.StatusOK || !strings.Contains(p.Text(), want) || p.header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%s answered %d %q", path, p.status, p.Text())
		}
	}
}

func TestAPageThatIsNotThereSaysSo(t *testing.T) {
	r := openDoor(t).resident(t)
	for name, tt := range map[string]struct {
		page   *seen
		status int
		allow  string
	}{
		"an unknown address":  {r.get("/nergens"), http.StatusNotFound, ""},
		"a method not taken":  {r.post("/privacy", nil), http.StatusMethodNotAllowed, "GET, HEAD"},
		"an unknown path":     {r.post("/begin", url.Values{"path": {"elders"}}), http.StatusBadRequest, ""},
		"an unknown own page": {r.get("/mijn/x"), http.StatusNotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.page.status != tt.status || tt.page.header.Get("Allow") != tt.allow {
				t.Errorf("got %d, Allow %q", tt.page.status, tt.page.header.Get("Allow"))
			}
			if tt.page.Find("h1").Length() != 1 || tt.page.header.Get("Content-Security-Policy") == "" {
				t.Error("it is no page like the others")
			}
		})
	}
}
