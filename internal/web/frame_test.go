package web

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

const emptyMain = `{{define "main"}}{{end}}`

func TestTitleSaysWhereYouAre(t *testing.T) { //ux:09
	tests := map[string]struct {
		problems []ProblemLink
		want     string
	}{
		"a page": {nil, "Vraag 3 van 12: Wat is er? – Hulp in de wijk – Gemeente Waterstad"},
		"a page with a problem": {
			[]ProblemLink{{"story", "Maak je tekst korter"}},
			"Fout: Vraag 3 van 12: Wat is er? – Hulp in de wijk – Gemeente Waterstad",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := residentFrame(waterstad(), "nl")
			f.Title, f.Problems = "Vraag 3 van 12: Wat is er?", tt.problems
			if got := pageOf(t, emptyMain, f).Find("title").Text(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestExitIsAPlainLinkOnEveryResidentPage(t *testing.T) { //ux:15 threat:T01
	exit := pageOf(t, emptyMain, residentFrame(waterstad(), "nl")).Find("header a.vd-exit")
	if exit.Text() != "Snel weg" || exit.AttrOr("href", "") != "/weg" {
		t.Errorf("got %q to %q", exit.Text(), exit.AttrOr("href", ""))
	}
	rel := exit.AttrOr("rel", "")
	for _, want := range []string{"nofollow", "noreferrer"} {
		if !strings.Contains(rel, want) {
			t.Errorf("rel is %q, lacks %s", rel, want)
		}
	}
	if n := pageOf(t, emptyMain, deskFrame(waterstad(), "Mila de Wit")).Find(".vd-exit").Length(); n != 0 {
		t.Error("a desk page has an exit")
	}
}

func TestPagesAskForThreeThingsAndNothingElsewhere(t *testing.T) { //ux:02 ux:03
	doc := pageOf(t, somePageTemplate, everyPart("x"))
	if n := doc.Find("script, style, [style], iframe, img, object, embed, video, audio").Length(); n != 0 {
		t.Errorf("%d elements that a page has no use for", n)
	}
	links := doc.Find("link")
	if links.Length() != 2 {
		t.Errorf("got %d links in the head, want style and icon", links.Length())
	}
	links.Each(func(_ int, s *goquery.Selection) {
		if rel := s.AttrOr("rel", ""); rel != "stylesheet" && rel != "icon" {
			t.Errorf("link fetches ahead: %q", rel)
		}
		if href := s.AttrOr("href", ""); !strings.HasPrefix(href, "/static/") {
			t.Errorf("link to %q", href)
		}
	})
}

func TestHelpStandsOnEveryResidentPage(t *testing.T) { //ux:22
	help := pageOf(t, emptyMain, residentFrame(waterstad(), "nl")).Find("aside.vd-help")
	for _, want := range []string{"het wijkteam", "14 000", "Buurthuis De Sluis", "Kadeweg 1", "elke ochtend", "112"} {
		if !strings.Contains(help.Text(), want) {
			t.Errorf("help block lacks %q", want)
		}
	}
	for i, want := range []string{"tel:14000", "/papier", "tel:112"} {
		if got := help.Find("a").Eq(i).AttrOr("href", ""); got != want {
			t.Errorf("link %d: got %s, want %s", i, got, want)
		}
	}
	if n := pageOf(t, emptyMain, deskFrame(waterstad(), "")).Find(".vd-help").Length(); n != 0 {
		t.Error("a desk page has the residents' help block")
	}
}

func TestEveryPageLinksToPrivacyAndAccessibility(t *testing.T) { //ux:26
	for name, tt := range map[string]struct {
		frame Frame
		links []string
	}{
		"resident": {residentFrame(waterstad(), "nl"), []string{"/privacy", "/toegankelijkheid"}},
		"desk":     {deskFrame(waterstad(), "Mila de Wit"), []string{"/desk/toegankelijkheid"}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := pageOf(t, emptyMain, tt.frame)
			for _, address := range tt.links {
				if doc.Find(`footer a[href="`+address+`"]`).Length() != 1 {
					t.Errorf("no link to %s", address)
				}
			}
			if skip := doc.Find("body > a").First(); skip.AttrOr("href", "") != "#main" || doc.Find("main#main").Length() != 1 {
				t.Error("the first thing is not a link to the content")
			}
		})
	}
}

func TestLanguagesShowWhenThereIsAChoice(t *testing.T) { //ux:18
	f := residentFrame(waterstad(), "ar")
	if f.Dir != "rtl" {
		t.Errorf("Arabic runs %s", f.Dir)
	}
	f.Languages = []Language{{Code: "ar", Name: "العربية", Dir: "rtl", URL: "/?taal=ar", Current: true}}
	if n := pageOf(t, emptyMain, f).Find("details, nav").Length(); n != 0 {
		t.Error("one language is offered as a choice")
	}
	f.Back = "/"
	if doc := pageOf(t, emptyMain, f); doc.Find("nav a.vd-back").Length() != 1 || doc.Find("details").Length() != 0 {
		t.Error("want the way back and no choice of languages")
	}
	f.Languages = append(f.Languages, Language{Code: "nl", Name: "Nederlands", Dir: "ltr", URL: "/?taal=nl"})
	doc := pageOf(t, emptyMain, f)
	if root := doc.Find("html"); root.AttrOr("lang", "") != "ar" || root.AttrOr("dir", "") != "rtl" {
		t.Errorf("page is %s, %s", root.AttrOr("lang", ""), root.AttrOr("dir", ""))
	}
	dutch := doc.Find(`details a[lang="nl"][dir="ltr"][hreflang="nl"]`)
	if dutch.Text() != "Nederlands" || dutch.AttrOr("href", "") != "/?taal=nl" {
		t.Errorf("got %q to %q", dutch.Text(), dutch.AttrOr("href", ""))
	}
	if got := doc.Find("details summary bdi").Text(); got != "العربية" {
		t.Errorf("summary names %q", got)
	}
}

func TestErrorSummaryComesFirstAndTakesTheFocus(t *testing.T) { //ux:10
	f := residentFrame(waterstad(), "nl")
	f.Step = "Vraag 3 van 12"
	f.Problems = []ProblemLink{{"story", "Maak je tekst korter"}, {"phone", "Vul een telefoonnummer in"}}
	first := pageOf(t, emptyMain, f).Find("main").Children().First()
	if !first.Is(`.vd-problems[tabindex="-1"][autofocus]`) {
		t.Error("the first thing in main is not the error summary")
	}
	if got := first.Find("a").Length(); got != 2 {
		t.Errorf("summary has %d links, want 2", got)
	}
}

func TestDeskFrameHasItsOwnWays(t *testing.T) { //ux:24
	f := deskFrame(waterstad(), "Mila de Wit")
	f.Nav = []NavLink{{"Vandaag", "/desk/", true}, {"Casussen", "/desk/casussen", false}}
	f.SignOut = SignOut{URL: "/desk/uit", Token: "token"}
	doc := pageOf(t, emptyMain, f)
	if got := doc.Find(`nav a[aria-current="page"]`).Text(); got != "Vandaag" {
		t.Errorf("current page is %q", got)
	}
	out := doc.Find(`form[method="post"][action="/desk/uit"]`)
	if out.Find("button").Text() != "Afmelden" || out.Find(`input[name="token"]`).AttrOr("value", "") != "token" {
		t.Error("no way to sign out")
	}
	if !strings.Contains(doc.Find("header").Text(), "Mila de Wit") {
		t.Error("the page does not say who is signed in")
	}
	if doc.Find(`meta[name="robots"][content="noindex"]`).Length() != 1 {
		t.Error("search engines may keep a desk page")
	}
}
