package web_test

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
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

// takeStep does one act from the case's page and returns the case afterwards.
func (o *office) takeStep(t *testing.T, c casework.Case, s exampletest.Step) casework.Case {
	t.Helper()
	who := s.Who
	if who == "" {
		who = c.Lead
	}
	b := o.signedIn(t, who)
	page := b.get(caseURL(c))
	offered := page.Find("[href$='/" + s.Act + "'], form[action$='/" + s.Act + "']")
	if offered.Length() != 1 {
		t.Fatalf("%s: %s is offered %d times to %s while %s: %s", s.Act, s.Act, offered.Length(), who, c.State, deskText(page.Find("main")))
	}
	if offered.Is("a") {
		page = b.get(caseURL(c) + "/" + s.Act)
		wantWords(t, page, s.Act)
	}
	a := b.send(page, "/"+s.Act, pairs(s.Fields(o.business()))...)
	after := o.head(t, c.ID)
	if a.status != http.StatusOK || !strings.HasSuffix(a.path, "?gedaan="+s.Act) || a.Find("[role=status]").Length() == 0 {
		t.Fatalf("%s led to %d %s: %s", s.Act, a.status, a.path, deskText(a.Find("main")))
	}
	d, err := o.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	kind := cmp.Or(s.Kind, web.DeskActs()[s.Act])
	if last := d.Events[len(d.Events)-1]; after.Version != c.Version+1 || last.Kind != kind || last.By != who {
		t.Errorf("%s: version %d, %s by %s", s.Act, after.Version, last.Kind, last.By)
	}
	if s.To != "" && after.State != s.To {
		t.Errorf("%s: the case is %s, want %s", s.Act, after.State, s.To)
	}
	return after
}

// pairs are fields and what is filled in, one after the other.
func pairs(fields map[string]string) []string {
	var all []string
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, field, fields[field])
	}
	return all
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
