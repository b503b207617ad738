package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/form"
	"voordeur/internal/web/texts"
)

// ownAnswers are answers by page to the own questions of Waterstad.
func ownAnswers() map[string]url.Values {
	return map[string]url.Values{
		"81": {"own_boat": {"yes"}},
		"82": {"own_places": {"kombuis", "sluis"}},
		"83": {"own_away_from.day": {"24"}, "own_away_from.month": {"12"}, "own_away_from.year": {"2026"}},
	}
}

func TestOwnQuestionsAreAskedCheckedAndSent(t *testing.T) {
	r := openDoor(t).resident(t)
	check, passed := r.walk(r.begin(form.Full), with(fullAnswers(), ownAnswers()))
	asked := map[string]string{}
	for _, p := range passed {
		asked[p.path] = text(p.Find("h1"))
	}
	for path, want := range map[string]string{
		"/vraag/81": "Woon je op een boot?", "/vraag/82": "Kom je weleens op een van deze plekken?", "/vraag/83": "Ben je binnenkort een tijd weg?",
	} {
		if asked[path] != want {
			t.Errorf("%s asks %q, want %q", path, asked[path], want)
		}
	}
	for key, want := range map[string]string{
		"Wonen op een boot": "Ja", "Waar je weleens komt": "Buurthuis De Kombuis Buurthuis De Sluis", "Weg vanaf": "24 december 2026",
	} {
		found := check.Find(".vd-row").FilterFunction(func(_ int, s *goquery.Selection) bool { return text(s.Find("dt")) == key })
		if got := text(found.Find("dd").First().Find("p")); !strings.HasPrefix(strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	r.send(check)
	if got := r.sent().Answers; got.One("own_boat") != "yes" || len(got["own_places"]) != 2 || got.One("own_away_from.day") != "24" {
		t.Errorf("sent %v", got)
	}
}

// T21: neither title nor address tells what a municipality asks besides.
//
// threat:T21
func TestTheTitleOfAnOwnQuestionSaysNothingOfIt(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	if got := r.get("/vraag/81").Find("title").Text(); !strings.Contains(got, ": Nog een vraag – ") || strings.Contains(got, "boot") {
		t.Errorf("the title is %q", got)
	}
}

// ux 19: what the municipality did not translate is Dutch, and says so.
//
//ux:19
func TestAnOwnQuestionFallsBackToDutchWithItsOwnLanguage(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	values := formValues(r.get("/vraag/81").Find("main form"))
	values.Set("taal", "en")
	r.post("/vraag/81", values)
	for path, want := range map[string]struct{ english, dutch string }{
		"/vraag/81": {english: "Do you live on a boat?"},
		"/vraag/82": {english: "Do you sometimes visit one of these places?", dutch: "Taalhuis Waterstad"},
		"/vraag/83": {dutch: "Ben je binnenkort een tijd weg?"},
	} {
		p := r.get(path)
		if p.Find("html").AttrOr("lang", "") != "en" || !strings.Contains(text(p.Find("main")), want.english) {
			t.Errorf("%s is in %s: %q", path, p.Find("html").AttrOr("lang", ""), text(p.Find("main")))
		}
		dutch := text(p.Find(`main form [lang="nl"]`))
		if want.dutch != "" && !strings.Contains(dutch, want.dutch) || want.dutch == "" && dutch != "" {
			t.Errorf("%s says in Dutch %q, want %q", path, dutch, want.dutch)
		}
	}
}

func TestAFormalMunicipalityAsksItsOwnQuestionsWithU(t *testing.T) {
	d := openDoorOf(t, "duinrand", true)
	r := d.resident(t)
	r.begin(form.Full)
	p := r.get("/vraag/81")
	if got := text(p.Find("h1")); p.status != http.StatusOK || got != "Bij welke vereniging of kerk hoort u?" {
		t.Errorf("got %d %q", p.status, got)
	}
	asked, err := texts.AskedForm(d.Municipality)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"q.own_club.title": "Bij welke vereniging of kerk hoort u?", "q.story.hint": "Schrijf het in uw eigen woorden. Schrijf ‘mijn buurvrouw’, geen naam. Overslaan mag.",
	} {
		if asked.Texts[key] != want {
			t.Errorf("kept as %q, want %q", asked.Texts[key], want)
		}
	}
}

// A12: what is kept holds each text of each question.
//
// feature:A12
func TestTheFormIsKeptWithTheWordsOfEveryQuestion(t *testing.T) {
	d := openDoor(t)
	asked, err := texts.AskedForm(d.Municipality)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range asked.Definition.Pages {
		for _, q := range p.Questions {
			topic, _, _ := strings.Cut(q.Key, ".")
			if asked.Texts["q."+topic+".short"] == "" {
				t.Errorf("%s has no name", q.Key)
			}
			for _, o := range q.Options {
				found := o == form.Unknown && asked.Texts["option.unknown"] != ""
				for key := range asked.Texts {
					found = found || strings.HasPrefix(key, "q."+q.Key) && strings.HasSuffix(key, "."+o)
				}
				if !found {
					t.Errorf("%s has no words for %s", q.Key, o)
				}
			}
		}
	}
	if again, err := texts.AskedForm(d.Municipality); err != nil || again.Hash() != asked.Hash() {
		t.Errorf("worked out again it is %s, %v, first %s", again.Hash(), err, asked.Hash())
	}
}
