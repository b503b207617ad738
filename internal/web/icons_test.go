package web_test

import (
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// Q7: each life area has a picture of its own beside its words, where it is chosen and where the main one is. A reader's
// voice says the words alone, and nothing else has pictures.
//
// feature:Q7
func TestEveryLifeAreaHasAPictureBesideItsWords(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	all := url.Values{}
	for _, area := range municipality.LifeAreas() {
		all.Add("areas", string(area))
	}
	areas := r.get("/vraag/24")
	for name, p := range map[string]*seen{"which areas": areas, "the main one": r.answer(areas, all)} {
		drawn := map[string]bool{}
		p.Find(".vd-choice").Each(func(_ int, choice *goquery.Selection) {
			value, picture := choice.Find("input").AttrOr("value", ""), choice.Find(`svg[aria-hidden="true"] path`)
			if want := map[bool]int{true: 0, false: 1}[value == form.Unknown]; picture.Length() != want || choice.Find("svg").Length() != want {
				t.Errorf("%s: %s has %d pictures, want %d", name, value, picture.Length(), want)
			}
			if text(choice.Find("bdi")) == "" {
				t.Errorf("%s: %s has no words", name, value)
			}
			drawn[picture.AttrOr("d", "")] = true
		})
		if got := len(drawn) - 1; got != len(municipality.LifeAreas()) {
			t.Errorf("%s: %d pictures differ, want one of each of %d areas", name, got, len(municipality.LifeAreas()))
		}
	}
	for _, id := range []string{"11", "26", "33", "52"} {
		if p := r.get("/vraag/" + id); p.Find("main svg").Length() > 0 {
			t.Errorf("%s has pictures", p.path)
		}
	}
}
