package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web/texts"
)

// before is a form that no release ships any more: one question is worded otherwise and offers what is gone, and one is
// not asked since.
func before(t *testing.T, o *office) form.Asked {
	t.Helper()
	asked, err := texts.AskedForm(o.Municipality)
	if err != nil {
		t.Fatal(err)
	}
	asked.Definition.Version = "2019-03"
	asked.Definition.Pages = slices.Clone(asked.Definition.Pages)
	for i, p := range asked.Definition.Pages {
		if p.ID == "62" {
			q := p.Questions[0]
			q.Options = []string{"office", "home"}
			asked.Definition.Pages[i].Questions = []form.Question{q, {Key: "pets", Type: form.Line}}
		}
	}
	asked.Texts["q.place.title"] = "Waar zien we elkaar?"
	asked.Texts["q.place.option.office"] = "Op het stadskantoor"
	asked.Texts["q.pets.title"] = "Heb je huisdieren?"
	asked.Texts["q.pets.short"] = "Huisdieren"
	return asked
}

// caseAskedAs is a case whose report was answered on a form.
func (o *office) caseAskedAs(t *testing.T, asked form.Asked, answers form.Answers) casework.Case {
	t.Helper()
	intake := o.Intake
	intake.Form = asked.Definition
	receipt, err := intake.Submit(t.Context(), o.now, casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "nl", Answers: answers, Asked: asked.Hash(),
	})
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
	return c
}

// questionAsked returns the question, its choices and its answer on the page of a case's form, by the question's title.
func questionAsked(a deskAnswer, title string) string {
	h := a.Find("main h3").FilterFunction(func(_ int, s *goquery.Selection) bool { return deskText(s) == title })
	return strings.Join(h.NextUntil("h3").Map(func(_ int, s *goquery.Selection) string { return deskText(s) }), " ")
}

// A12: a case is shown as it was asked, with a form that the program no longer ships.
//
// feature:A12
func TestACaseIsShownAsItWasAskedYearsBefore(t *testing.T) {
	o := openOffice(t)
	asked := before(t, o)
	if err := o.Store.KeepForm(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	c := o.caseAskedAs(t, asked, exampletest.Answers(form.Answers{"place": {"office"}, "pets": {"Een kat"}, "goal": {}, "own_boat": {"yes"}}))
	b := o.signedIn(t, c.Lead)
	a := b.get(caseURL(c))
	for key, want := range map[string]string{
		"Praat het liefst": "Op het stadskantoor", "Huisdieren": "Een kat", "Wonen op een boot": "Ja", "Niet ingevuld": "wat er beter moet",
	} {
		if got := row(a, key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	for range 2 { // read once, then known
		a = b.get(caseURL(c) + "/formulier")
		if a.status != http.StatusOK || strings.Contains(deskText(a.Find("main")), "niet bewaard") {
			t.Fatalf("got %d: %s", a.status, deskText(a.Find("main")))
		}
		for title, want := range map[string]string{
			"Waar zien we elkaar?":                      "Keuzes: Op het stadskantoor · Bij mij thuis Op het stadskantoor",
			"Heb je huisdieren?":                        "Een kat",
			"Wat moet er over drie maanden beter zijn?": "Je mag dit overslaan. Overgeslagen",
			"Wat is er aan de hand?":                    "Schrijf het in je eigen woorden. Schrijf ‘mijn buurvrouw’, geen naam. Overslaan mag. Niet gevraagd",
			"Woon je op een boot?":                      "Dan denkt de havenmeester met je mee, als jij dat wilt. Keuzes: Ja · Nee · Dat weet ik niet Ja",
		} {
			if got := questionAsked(a, title); got != want {
				t.Errorf("%s: got %q, want %q", title, got, want)
			}
		}
	}
}

// A form that is not kept is not passed off as the one that was asked, and no answer is lost by it.
func TestAFormThatIsNotKeptIsToldAndHidesNoAnswer(t *testing.T) {
	o := openOffice(t)
	c := o.caseAskedAs(t, before(t, o), exampletest.Answers(form.Answers{"place": {"home"}, "pets": {"Een kat"}}))
	b := o.signedIn(t, c.Lead)
	a := b.get(caseURL(c))
	for key, want := range map[string]string{"Praat het liefst": "Bij mij thuis", "pets": "Een kat"} {
		if got := row(a, key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if a := b.get(caseURL(c) + "/formulier"); !strings.Contains(deskText(a.Find("main")), "Dit formulier is niet bewaard.") {
		t.Errorf("got %d: %s", a.status, deskText(a.Find("main")))
	}
}

// A12: what the front door takes and what dispatch keeps go by the same name.
//
// feature:A12
func TestAReportNamesTheFormThatIsKept(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	check, _ := r.walk(r.begin(form.CallMe), fullAnswers())
	r.send(check)
	asked, err := texts.AskedForm(d.Municipality)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.sent().Asked; got == "" || got != asked.Hash() {
		t.Errorf("the report names %q, kept is %q", got, asked.Hash())
	}
}
