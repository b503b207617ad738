package web_test

import (
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// Q7: each life area has a picture of its own beside its words. A reader's voice says the words alone. Nothing else has
// pictures, nor has the page that asks for the main one: it would weigh what was chosen (T21).
//
// feature:Q7
// threat:T21
func TestEveryLifeAreaHasAPictureBesideItsWords(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	drawn := map[string]bool{}
	r.get("/vraag/24").Find(".vd-choice").Each(func(_ int, choice *goquery.Selection) {
		value, pictures := choice.Find("input").AttrOr("value", ""), choice.Find(`svg[aria-hidden="true"] path`)
		want := 1
		if value == form.Unknown {
			want = 0
		}
		if pictures.Length() != want || choice.Find("svg").Length() != want || text(choice.Find("bdi")) == "" {
			t.Errorf("%s has %d pictures beside %q, want %d beside words", value, pictures.Length(), text(choice), want)
		}
		if want == 1 {
			drawn[pictures.AttrOr("d", "")] = true
		}
	})
	if got, want := len(drawn), len(municipality.LifeAreas()); got != want {
		t.Errorf("%d pictures differ, want one of each of %d areas", got, want)
	}
	main := r.answer(r.get("/vraag/24"), url.Values{"areas": {"money", "mind"}})
	for _, p := range []*seen{main, r.get("/vraag/11"), r.get("/vraag/33"), r.get("/vraag/52")} {
		if p.Find("main svg").Length() > 0 {
			t.Errorf("%s has pictures", p.path)
		}
	}
}
