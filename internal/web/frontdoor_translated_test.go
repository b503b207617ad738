package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/form"
)

// ux 18: from one language into the next, a page with mistakes keeps what was typed, in all eight.
//
//ux:18
func TestEveryLanguageKeepsWhatWasTypedWithMistakesToo(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	typed := url.Values{"contact_way": {"call"}, "phone": {"12"}}
	wrong := r.answer(r.get("/vraag/52?terug=controle"), typed)
	if wrong.status != http.StatusUnprocessableEntity {
		t.Fatalf("a telephone number of two digits: status %d", wrong.status)
	}
	for _, lang := range append(languages(), "nl") {
		p := r.press(wrong, lang, nil)
		if dir := p.Find("html").AttrOr("dir", ""); p.status != http.StatusOK || p.path != "/vraag/52" || p.language() != lang || (dir == "rtl") != (lang == "ar") {
			t.Errorf("to %s: got %d %s in %s, %s", lang, p.status, p.path, p.language(), dir)
		}
		got := formValues(p.Find("main form"))
		if got.Get("contact_way") != "call" || got.Get("phone") != "12" || got.Get("terug") != "controle" {
			t.Errorf("to %s: got back %v", lang, got)
		}
		if wrong = r.answer(p, nil); wrong.Find(`.vd-problems a[href="#phone"]`).Length() != 1 {
			t.Errorf("%s: the mistake is not told", lang)
		}
	}
}

// inArabic walks the whole form in Arabic with answers that call for every notice, and returns every page.
func inArabic(t *testing.T, d *door) []*seen {
	t.Helper()
	r := d.resident(t)
	pages := []*seen{
		r.get("/?taal=ar"), r.get("/privacy?taal=ar"), r.get("/toegankelijkheid?taal=ar"), r.get("/nergens?taal=ar"),
		r.get("/papier?taal=ar"), r.get("/verder?taal=ar"),
	}
	answers := with(fullAnswers(), map[string]url.Values{
		"13": {"hide_from": {"yes"}}, "21": {"for_whom": {"other"}}, "23": {"story": {"zelfmoord"}}, "32": {"safe_now": {"no"}},
		"33": {"basics": {"food"}}, "55": {"birth_year": {"2018"}},
	})
	check, passed := r.walk(r.press(r.begin(form.Full), "ar", nil), answers)
	pages = append(append(pages, passed...), check, r.answer(r.get("/vraag/51"), url.Values{"call_name": {""}}), r.send(check))
	for _, p := range pages {
		if p.language() != "ar" || p.Find("html").AttrOr("dir", "") != "rtl" {
			t.Errorf("%s is in %s", p.path, p.language())
		}
	}
	return pages
}

// ux 19: a safety text stands in Dutch too, beside its translation: numbers, warnings, 112 and the way out.
//
//ux:19
func TestSafetyTextsStandInDutchBesideTheTranslation(t *testing.T) {
	dutch, arabic := fullTexts(t, "nl"), fullTexts(t, "ar")
	told := map[string]bool{}
	for _, p := range inArabic(t, openDoor(t)) {
		beside := text(p.Find(`[lang="nl"][dir="ltr"]`))
		p.Find("[lang]:not(html)").Remove()
		said := text(p.Find("body"))
		for key := range neverGaps(t) {
			if strings.HasPrefix(key, "date.") || key == "notice.nobody.text" || attributeText(key) {
				continue
			}
			lines, twins := strings.Split(arabic[key], "\n"), strings.Split(dutch[key], "\n")
			for i, line := range lines {
				if !strings.Contains(said, line) {
					continue
				}
				told[key] = true
				if !strings.Contains(beside, twins[i]) {
					t.Errorf("%s says %s without its Dutch %q", p.path, key, twins[i])
				}
			}
		}
	}
	for _, key := range []string{
		"frame.exit", "frame.help_danger", "frame.unchecked", "start.alone_exit", "phone.emergency.note", "phone.suicide.note",
		"phone.safe_home.note", "notice.talk_safely.text", "notice.numbers.title", "notice.unsafe.title", "notice.hidden.text",
		"notice.missing.text",
	} {
		if !told[key] {
			t.Errorf("no page says %s", key)
		}
	}
}

// attributeText says whether a text of the frame stands in an attribute alone, where it has no room for two languages.
func attributeText(key string) bool {
	return strings.HasPrefix(key, "frame.") && key != "frame.exit" && key != "frame.help_danger" && key != "frame.unchecked"
}

// T13, ux 18: on a page from right to left, names, numbers and mail addresses keep their own direction.
//
// threat:T13
//
//ux:18
func TestNamesAndNumbersKeepTheirDirection(t *testing.T) {
	d := openDoor(t)
	m := d.Municipality
	isolated := regexp.MustCompile(`[\x{2066}-\x{2068}][^\x{2066}-\x{2069}]*\x{2069}`)
	names := []string{
		m.Numbers.Team.Number, m.Numbers.SafeHome.Number, m.Supporter.Name, m.Supporter.Number, m.WalkIn.Address,
		"Noor", "06 12 34 56 78", "9991 AB", "Schuldkade",
	}
	met := map[string]bool{}
	for _, p := range inArabic(t, d) {
		p.Find("body *").Contents().Each(func(_ int, s *goquery.Selection) {
			if goquery.NodeName(s) != "#text" {
				return
			}
			around := s.Closest("bdi, textarea, [dir]")
			for _, name := range names {
				if strings.Contains(s.Text(), name) {
					met[name] = true
				}
				if strings.Contains(isolated.ReplaceAllString(s.Text(), ""), name) && goquery.NodeName(around) == "html" {
					t.Errorf("%s: %q runs with the Arabic: %q", p.path, name, s.Text())
				}
			}
		})
		p.Find(`a[href^="tel:"]`).Each(func(_ int, s *goquery.Selection) {
			if s.Find(`bdi[dir="ltr"]`).Length() != 1 {
				t.Errorf("%s: the number of %q has no direction of its own", p.path, text(s))
			}
		})
	}
	if len(met) != len(names) {
		t.Errorf("met %v, want all of %v", met, names)
	}
}
