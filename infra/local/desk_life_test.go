package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/oauth2/clientcredentials"

	"voordeur/infra/local/oidc"
)

// step is one act of a worker in the life of a case, and what they type for it.
type step struct {
	who   string // worker id; "": the lead
	act   string
	days  map[string]int // date fields: so many days after today
	fill  map[string]string
	later time.Duration // before it
}

// lives are cases in which every act of the desk is done.
func lives() map[string][]step {
	const day = 24 * time.Hour
	because := map[string]string{"reason": "Dat past beter."}
	tried := func(way string) step { return step{act: "geprobeerd", fill: map[string]string{"way": way}} }
	lost := []step{{act: "aannemen"}, tried("call"), tried("call"), tried("email"), {act: "geen-contact"}}
	return map[string][]step{
		"from offer to goodbye": {
			{act: "aannemen"},
			{act: "gesproken"},
			{act: "gesprek", days: map[string]int{"date": 1}, fill: map[string]string{"clock": "14.30", "place": "community"}},
			{act: "niet-doorgegaan", later: 2 * day},
			{act: "gesprek", days: map[string]int{"date": 1}, fill: map[string]string{"clock": "9 uur", "place": "home"}},
			{act: "verslag", later: 2 * day, fill: map[string]string{"alone": "yes", "agreed.1": "Belt de school."}},
			{act: "plan", fill: map[string]string{"goals": "Geen deurwaarder meer."}},
			{act: "onderzoek-klaar"},
			{act: "start", days: map[string]int{"review": 60}},
			{act: "evaluatie", days: map[string]int{"review": 70}, fill: map[string]string{"level": "same", "reason": "Het gaat goed."}},
			{act: "waakvlam", fill: because},
			{act: "opschalen", days: map[string]int{"review": 60}, fill: because},
			{act: "notitie", fill: because},
			{act: "afsluiten", fill: map[string]string{"outcome": "helped", "reason": "Ze redt het."}},
			{act: "heropenen", fill: because},
			{act: "intrekken", fill: because},
			{act: "toch-weer", fill: because},
			{who: "willem", act: "wachtlijst", days: map[string]int{"expected": 60}, fill: because},
			{who: "willem", act: "gebeld"},
			{who: "willem", act: "plaatsen", fill: map[string]string{"lead": "daan", "reason": "Kent de wijk."}},
			{act: "teruggeven", fill: because},
		},
		"with colleagues": {
			{act: "aannemen"},
			{act: "meedenken", fill: map[string]string{"colleague": "willem", "reason": "Wat kan hier?"}},
			{who: "willem", act: "antwoord", fill: because},
			{act: "meedenken", fill: map[string]string{"colleague": "willem", "reason": "En nu?"}},
			{act: "meedenken-klaar", fill: map[string]string{"colleague": "willem"}},
			{act: "andere-gevraagd", fill: because},
			{who: "willem", act: "niet-wisselen", fill: because},
			{act: "overdragen", fill: map[string]string{"lead": "willem", "way": "call", "reason": "Met verlof."}},
			{who: "willem", act: "overnemen", days: map[string]int{"date": 2}, fill: map[string]string{"clock": "10:15"}},
			{act: "overdragen", fill: map[string]string{"lead": "daan", "way": "call", "reason": "Kent de wijk."}},
			{act: "overdracht-stoppen", fill: because},
			{who: "willem", act: "andere-regisseur", fill: map[string]string{"lead": "daan", "way": "call", "reason": "Op verzoek."}},
			{act: "verhuisd", fill: map[string]string{"area": "zuid"}},
			{who: "willem", act: "blijft", fill: because},
			{who: "willem", act: "naar-coordinator", fill: because},
		},
		"nobody answers": slices.Concat(lost, []step{{act: "weer-contact"}}, lost[1:], []step{{who: "willem", act: "opgeven", fill: because}}),
	}
}

// Every act is done by keys alone, on a telephone of 360 px with scripting off: it is found on the case's page, asks what
// it needs, says what is missing, and says that it is done. Each of its pages is whole for everybody.
//
//ux:24
func TestACaseLivesByKeysAlone(t *testing.T) {
	t.Parallel()
	for name, life := range lives() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := launch(t, freeAddress(t), t.TempDir())
			r := newResident(p.base)
			answers := callMe()
			answers["/vraag/52"] = url.Values{"contact_way": {"call", "email"}, "phone": {"06 87654321"}, "email": {"sam@bewoner.example"}}
			orFail(t, r.fillIn(t.Context(), answers))
			ref, err := r.send(t.Context())
			orFail(t, err)
			p.waitForMails(2)
			d := deskTab{newTab(t, p.base), p, "/desk/casus/" + string(ref), map[string]bool{}}
			for _, s := range life {
				d.take(s)
			}
		})
	}
}

// deskTab is the browser of workers who have a part in one case.
type deskTab struct {
	*tab

	program *program
	casus   string          // the case's address
	looked  map[string]bool // acts whose pages were inspected
}

// take does an act from the case's page.
func (d deskTab) take(s step) {
	d.t.Helper()
	if s.later > 0 {
		d.program.advance(s.later)
	}
	who := s.who
	if who == "" {
		who = d.lead()
	}
	d.open("/desk/?login_hint=" + who)
	d.open(d.casus)
	if !d.looked[s.act] {
		d.inspectCase(s.act)
	}
	act := fmt.Sprintf(`a[href$="/%s"], form[action$="/%s"] button`, s.act, s.act)
	if d.count(fmt.Sprintf("details:not([open]) :is(%s)", act)) > 0 {
		d.tabTo("details.vd-more > summary")
		do(d.tab, chromedp.KeyEvent(kb.Enter))
	}
	d.enter(act)
	if d.path() == d.casus+"/"+s.act {
		d.fillIn(s)
	}
	if at := d.path(); !strings.HasSuffix(at, "?gedaan="+s.act) || d.count("[role=status]") == 0 {
		d.t.Fatalf("%s by %s leads to %s: %s", s.act, who, at, d.text("main"))
	}
	d.looked[s.act] = true
}

// inspectCase holds the case's page as it stands before an act against what every page must be.
func (d deskTab) inspectCase(act string) {
	d.t.Helper()
	for _, fault := range slices.Concat(d.shapeFaults(phone), d.axeFaults(), d.complaints()) {
		d.t.Errorf("the case before %s: %s", act, fault)
	}
}

// fillIn sends the act's page as it comes, mends what it says is missing, and sends it again. The first time it looks at
// the page in both states.
func (d deskTab) fillIn(s step) {
	d.t.Helper()
	const button = "main form button"
	if !d.looked[s.act] {
		d.inspect("")
		d.enter(button)
		if d.status != http.StatusUnprocessableEntity {
			return // nothing was missing
		}
		d.inspect("Fout: ")
		if !d.focuses(".vd-problems, .vd-problems *") {
			d.t.Errorf("%s: what is missing has no focus", s.act)
		}
	}
	typed := maps.Clone(s.fill)
	if typed == nil {
		typed = map[string]string{}
	}
	for field, days := range s.days {
		date := d.program.today().AddDate(0, 0, days)
		typed[field+".day"], typed[field+".month"], typed[field+".year"] = date.Format("2"), date.Format("1"), date.Format("2006")
	}
	for field, value := range typed {
		d.choose(field, value)
	}
	d.enter(button)
}

// choose goes to a field with Tab and answers it: a choice with the arrow keys, anything else by typing.
func (d deskTab) choose(field, value string) {
	d.t.Helper()
	d.tabTo(fmt.Sprintf(`main [name=%q]`, field))
	const active = "document.activeElement"
	switch kind := do(d.tab, chromedp.Evaluate[string](active+".type")); kind {
	case "radio":
		for range 20 {
			if do(d.tab, chromedp.Evaluate[string](active+".value")) == value {
				do(d.tab, chromedp.KeyEvent(" "))
				return
			}
			do(d.tab, chromedp.KeyEvent(kb.ArrowDown))
		}
		d.t.Fatalf("%s has no choice %s", field, value)
	case "select-one":
		option := fmt.Sprintf(`[...%s.options].find(o => o.value === %q)?.label ?? ""`, active, value)
		label := do(d.tab, chromedp.Evaluate[string](option))
		if label == "" {
			d.t.Fatalf("%s does not offer %s", field, value)
		}
		do(d.tab, chromedp.KeyEvent(label))
	default:
		do(d.tab, chromedp.Evaluate[chromedp.Void](active+".select()"))
		do(d.tab, chromedp.KeyEvent(value))
	}
}

// enter goes to what a selector means with Tab, and presses Enter there.
func (d deskTab) enter(selector string) {
	d.t.Helper()
	d.tabTo(selector)
	d.load(chromedp.KeyEvent(kb.Enter))
}

// tabTo goes on with Tab until something has the focus, around the page once at most.
func (d deskTab) tabTo(selector string) {
	d.t.Helper()
	const most = 150
	for range most {
		do(d.tab, chromedp.KeyEvent(kb.Tab))
		if do(d.tab, chromedp.Evaluate[bool](fmt.Sprintf("document.activeElement.matches(%q)", selector))) {
			return
		}
	}
	d.t.Fatalf("on %s the keys never come by %s: %s", d.path(), selector, d.text("main"))
}

// lead is the worker who leads the case, as the municipality's own system is told.
func (d deskTab) lead() string {
	d.t.Helper()
	system := clientcredentials.Config{ClientID: oidc.APIClient, ClientSecret: oidc.APIClient, TokenURL: d.base + oidc.Path + "/token"}
	_, ref, _ := strings.Cut(d.casus, "/desk/casus/")
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.base+"/api/v1/cases/"+ref, nil)
	orFail(d.t, err)
	response, err := system.Client(d.t.Context()).Do(request)
	orFail(d.t, err)
	defer response.Body.Close()
	var found struct{ Lead struct{ ID string } }
	orFail(d.t, json.NewDecoder(response.Body).Decode(&found))
	return found.Lead.ID
}

// today is the program's business time.
func (p *program) today() time.Time {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+"/_local/clock", nil)
	orFail(p.t, err)
	response, err := http.DefaultClient.Do(request)
	orFail(p.t, err)
	defer response.Body.Close()
	var told struct{ Now time.Time }
	orFail(p.t, json.NewDecoder(response.Body).Decode(&told))
	return told.Now
}
