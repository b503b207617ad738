package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/form"
)

// printedKeys are the keys beside the questions of a sheet, in the order in which they stand there.
func printedKeys(p *seen) []string {
	var keys []string
	for _, key := range p.Find(".vd-paper__key").EachIter() {
		keys = append(keys, key.Text())
	}
	return keys
}

// sheetKeys are the keys that a path's questions have, in the definition's order.
func sheetKeys(pages []form.Page, path form.Path) []string {
	var keys []string
	for _, p := range pages {
		if !slices.Contains(p.Paths, path) {
			continue
		}
		for i := range p.Questions {
			key := p.ID
			if len(p.Questions) > 1 {
				key += string("abcdefgh"[i])
			}
			keys = append(keys, key)
		}
	}
	return keys
}

// Every question of the definition, a municipality's own included, stands on paper once with its key, in the same order,
// with every choice there is; in je and u and in every language.
//
//ux:23
//ux:18
func TestEveryQuestionStandsOnPaperWithItsKey(t *testing.T) {
	for _, municipality := range []string{"waterstad", "duinrand"} {
		d := openDoorOf(t, municipality, true)
		definition := form.Of(d.Municipality)
		if len(definition.Pages) == len(form.Core().Pages) {
			t.Errorf("%s has no questions of its own", municipality)
		}
		for _, lang := range d.Municipality.Languages {
			for address, path := range map[string]form.Path{"/papier": form.Full, "/papier/kaart": form.Card} {
				p := d.resident(t).get(address + "?taal=" + lang)
				want := sheetKeys(definition.Pages, path)
				if got := printedKeys(p); p.status != http.StatusOK || !slices.Equal(got, want) {
					t.Errorf("%s in %s of %s: %d, got %v, want %v", address, lang, municipality, p.status, got, want)
				}
				if p.Find("html").AttrOr("lang", "") != lang {
					t.Errorf("%s is not in %s", address, lang)
				}
			}
		}
	}
}

// What can be chosen somewhere can be chosen on paper: areas, organisations and helpers too.
//
//ux:23
func TestPaperOffersEveryChoice(t *testing.T) {
	d := openDoor(t)
	p := d.resident(t).get("/papier")
	for key, want := range map[string]int{
		"12a": 5,                                 // named above, somebody else, not known yet, alone, supporter
		"12b": 5,                                 // the rows of the helpers
		"24":  len(optionsOf("areas")),           // the life areas
		"25":  len(optionsOf("areas")),           // the same again
		"53a": len(optionsOf("contact_way")) + 1, // the ways, and none of them
		"54d": len(d.Municipality.Areas),
	} {
		question := p.Find(`[aria-labelledby="v` + key + `"]`)
		if got := question.Find(".vd-paper__options > li").Length(); got != want {
			t.Errorf("%s offers %d choices, want %d", key, got, want)
		}
		if strings.Contains(question.Text(), "q.") {
			t.Errorf("%s says a key instead of words: %s", key, question.Text())
		}
	}
}

// A question on paper points back at the answers it hangs on, never at itself, further down, or at a question that
// everybody on the sheet is asked.
func TestPaperPointsBackOnly(t *testing.T) {
	p := openDoor(t).resident(t).get("/papier")
	keys := printedKeys(p)
	said := map[string]string{}
	p.Find(".vd-paper__question").Each(func(at int, question *goquery.Selection) {
		for line := range strings.Lines(question.Text()) {
			if on, ok := strings.CutPrefix(strings.TrimSpace(line), "Hoort bij "); ok {
				on, _, _ = strings.Cut(on, ".")
				said[keys[at]] = on
				for key := range strings.SplitSeq(on, ", ") {
					if i := slices.Index(keys, key); i < 0 || i >= at {
						t.Errorf("%s points at %s", keys[at], key)
					}
				}
			}
		}
	})
	for key, want := range map[string]string{"12b": "12a", "12c": "12a", "14": "12a, 12c, 13", "26b": "26a", "53a": "", "54a": "", "54d": "54c"} {
		if said[key] != want {
			t.Errorf("%s hangs on %q, want %q", key, said[key], want)
		}
	}
	if got := text(p.Find("#v12c")); got != "12c Wie gaat er mee?" {
		t.Errorf("the companions' lines are headed %q", got)
	}
}

func optionsOf(key string) []string {
	for _, p := range form.Core().Pages {
		for _, q := range p.Questions {
			if q.Key == key {
				return q.Options
			}
		}
	}
	return nil
}

// Every sheet says whom to call and where to hand it in, from the configuration; nothing on it is filled in, and its title
// and address tell nobody what it is about.
//
//ux:16
//ux:23
func TestPaperIsBlankAndSaysWhereToGo(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	for _, address := range []string{"/papier", "/papier/kaart"} {
		p := r.get(address)
		foot := p.Find(".vd-paper__foot").Text()
		n, place := d.Municipality.Numbers, d.Municipality.WalkIn
		for _, want := range []string{n.Emergency.Number, n.Suicide.Number, n.SafeHome.Number, n.Child.Number, n.Team.Number, place.Place, place.Address, place.Hours} {
			if !strings.Contains(foot, want) {
				t.Errorf("%s: the foot of the sheet does not say %s", address, want)
			}
		}
		if title := p.Find("title").Text(); strings.Contains(strings.ToLower(title), "schuld") || !strings.Contains(title, "–") {
			t.Errorf("%s has the title %q", address, title)
		}
		if p.Find("main input, main textarea, main select").Length() > 0 {
			t.Errorf("%s has fields", address)
		}
		if p.Find(`link[href*="/static/paper."]`).Length() != 1 || p.Find(`header a[href="/weg"]`).Length() != 1 {
			t.Errorf("%s lacks its style or the way out", address)
		}
	}
	if r.get("/").Find(`aside a[href="/papier"]`).Length() != 1 {
		t.Error("the help block does not lead to the form on paper")
	}
	if r.get("/").Find(`link[href*="/static/paper."]`).Length() != 0 {
		t.Error("the start page pays for the style of paper")
	}
}
