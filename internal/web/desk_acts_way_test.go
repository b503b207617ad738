package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

// Every move that a person makes has an act that offers it; breaking the glass has a page of its own, and a running case
// is changed along with its addition.
func TestEveryMoveOfAPersonHasAnAct(t *testing.T) {
	offered := slices.Collect(maps.Values(web.DeskActs()))
	for _, m := range casework.Moves() {
		byPerson := slices.ContainsFunc(m.By, func(by casework.Relation) bool {
			return by != casework.TheService && by != casework.TheCaseSystem
		})
		elsewhere := m.Kind == casework.EvGlassBroken || m.Kind == casework.EvAdded
		if byPerson && !elsewhere && !slices.Contains(offered, m.Kind) {
			t.Errorf("no act offers %s", m.Kind)
		}
	}
}

// step is one act in a story: who does it, and what they fill in.
type step struct {
	who   string // worker id; "": the lead
	act   string
	fill  []string
	to    casework.State
	later time.Duration // before it
}

const (
	day  = 24 * time.Hour
	lead = ""
)

// on fills in a day, so many days after Monday 23 November 2026, and a time.
func on(field string, days int, more ...string) []string {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).AddDate(0, 0, days)
	return append([]string{
		field + ".day", at.Format("2"), field + ".month", at.Format("1"), field + ".year", at.Format("2006"),
	}, more...)
}

// stories are cases in which every act is done once at least.
func stories() map[string][]step {
	tried := func(way string) step { return step{act: "geprobeerd", fill: []string{"way", way}} }
	because := []string{"reason", "Dat past beter."}
	lost := []step{
		{act: "aannemen", to: casework.Accepted}, tried("call"), tried("call"), tried("email"), {act: "geen-contact", to: casework.ContactLost},
	}
	return map[string][]step{
		"from offer to goodbye": {
			{act: "aannemen", to: casework.Accepted},
			{act: "gesproken"},
			{act: "gesprek", fill: on("date", 1, "clock", "14.30", "place", "community"), to: casework.MeetingPlanned},
			{act: "niet-doorgegaan", later: 2 * day},
			{act: "gesprek", fill: on("date", 3, "clock", "9 uur", "place", "home")},
			{act: "verslag", later: 2 * day, fill: []string{"alone", "yes", "agreed.1", "Belt de school."}, to: casework.InInquiry},
			{act: "plan", fill: []string{"goals", "Geen deurwaarder meer."}},
			{act: "onderzoek-klaar", to: casework.Planning},
			{act: "start", fill: on("review", 60), to: casework.Active},
			{act: "evaluatie", fill: on("review", 70, "level", "same", "reason", "Het gaat goed.")},
			{act: "waakvlam", fill: because, to: casework.PilotLight},
			{act: "evaluatie", fill: []string{"level", "down", "reason", "Rustig."}},
			{act: "opschalen", fill: on("review", 60, because...), to: casework.Active},
			{act: "notitie", fill: []string{"reason", "Belt maandag terug."}},
			{act: "afsluiten", fill: []string{"outcome", "helped", "reason", "Ze redt het."}, to: casework.Closed},
			{act: "heropenen", fill: because, to: casework.Accepted},
			{act: "intrekken", fill: because, to: casework.Withdrawn},
			{act: "toch-weer", fill: because, to: casework.Escalated},
			{who: "willem", act: "wachtlijst", fill: on("expected", 60, because...), to: casework.Waiting},
			{who: "willem", act: "gebeld"},
			{who: "willem", act: "plaatsen", fill: []string{"lead", "daan", "reason", "Kent de wijk."}, to: casework.Assigned},
			{act: "teruggeven", fill: because},
		},
		"with colleagues": {
			{act: "aannemen", to: casework.Accepted},
			{act: "meedenken", fill: []string{"colleague", "willem", "reason", "Wat kan hier?"}},
			{who: "willem", act: "antwoord", fill: because},
			{act: "meedenken", fill: []string{"colleague", "willem", "reason", "En nu?"}},
			{act: "meedenken-klaar", fill: []string{"colleague", "willem"}},
			{act: "andere-gevraagd", fill: because},
			{who: "willem", act: "niet-wisselen", fill: because},
			{act: "overdragen", fill: []string{"lead", "willem", "way", "call", "reason", "Met verlof."}, to: casework.InHandover},
			{who: "willem", act: "overnemen", fill: on("date", 2, "clock", "10:15"), to: casework.Accepted},
			{act: "overdragen", fill: []string{"lead", "daan", "way", "call", "reason", "Kent de wijk."}, to: casework.InHandover},
			{act: "overdracht-stoppen", fill: because, to: casework.Accepted},
			{who: "willem", act: "andere-regisseur", fill: []string{"lead", "daan", "way", "call", "reason", "Op verzoek."}},
			{act: "verhuisd", fill: []string{"area", "zuid"}},
			{who: "willem", act: "blijft", fill: because},
			{who: "willem", act: "naar-coordinator", fill: because, to: casework.Escalated},
		},
		"nobody answers": append(slices.Clone(lost), append([]step{{act: "weer-contact", to: casework.Accepted}},
			append(lost[1:], step{who: "willem", act: "opgeven", fill: because, to: casework.Closed})...)...),
	}
}

// Every act has a page or a button that offers it, and does what it says, by keyboard and without JavaScript.
func TestEveryActIsDoneFromItsPage(t *testing.T) {
	done := map[string]bool{}
	for name, story := range stories() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			c := o.Case(t, o.now, exampletest.Answers(form.Answers{
				"contact_way": {"call", "email"}, "phone": {"06 12345678"}, "goal": {"Rust in huis."},
			}))
			for _, s := range story {
				o.later(s.later)
				c = o.takeStep(t, c, s)
				done[s.act] = true
			}
		})
	}
	elsewhere := []string{"gezien", "bevestiging", "toevoegen", "apart", "losmaken"} // in desk_match_test.go, desk_by_hand_test.go
	for name := range web.DeskActs() {
		if !done[name] && !slices.Contains(elsewhere, name) {
			t.Errorf("no story does %s", name)
		}
	}
}

// takeStep does one act from the case's page and returns the case afterwards.
func (o *office) takeStep(t *testing.T, c casework.Case, s step) casework.Case {
	t.Helper()
	who := s.who
	if who == lead {
		who = c.Lead
	}
	b := o.signedIn(t, who)
	page := b.get(caseURL(c))
	offered := page.Find("[href$='/" + s.act + "'], form[action$='/" + s.act + "']")
	if offered.Length() != 1 {
		t.Fatalf("%s: %s is offered %d times to %s while %s: %s", s.act, s.act, offered.Length(), who, c.State, deskText(page.Find("main")))
	}
	if offered.Is("a") {
		page = b.get(caseURL(c) + "/" + s.act)
		wantWords(t, page, s.act)
	}
	a := b.send(page, "/"+s.act, s.fill...)
	after := o.head(t, c.ID)
	if a.status != http.StatusOK || !strings.HasSuffix(a.path, "?gedaan="+s.act) || a.Find("[role=status]").Length() == 0 {
		t.Fatalf("%s led to %d %s: %s", s.act, a.status, a.path, deskText(a.Find("main")))
	}
	d, err := o.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if last := d.Events[len(d.Events)-1]; after.Version != c.Version+1 || last.Kind != web.DeskActs()[s.act] || last.By != who {
		t.Errorf("%s: version %d, %s by %s", s.act, after.Version, last.Kind, last.By)
	}
	if s.to != "" && after.State != s.to {
		t.Errorf("%s: the case is %s, want %s", s.act, after.State, s.to)
	}
	return after
}

// wantWords says that an act's page, its button and each of its fields have their words.
func wantWords(t *testing.T, page deskAnswer, act string) {
	t.Helper()
	page.Find("main h1, main button, main label, main legend, main option").Each(func(_ int, s *goquery.Selection) {
		if deskText(s) == "" {
			html, _ := goquery.OuterHtml(s)
			t.Errorf("%s: nothing is said in %s", act, html)
		}
	})
}
