package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/oauth2/clientcredentials"

	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/oidc"
	"voordeur/internal/municipality"
)

// Every act is done by keys alone, on a telephone of 360 px with scripting off: it is found on the case's page, asks what
// it needs, says what is missing, and says that it is done. Each of its pages is whole for everybody.
//
//ux:24
func TestACaseLivesByKeysAlone(t *testing.T) {
	t.Parallel()
	for name, life := range exampletest.Lives() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lived(t, "waterstad", "9991 AB", life)
		})
	}
}

// Where casework goes until the hand-off, it does so by keys alone too.
//
//ux:24
func TestACaseIsHandedOffByKeysAlone(t *testing.T) {
	t.Parallel()
	lived(t, "duinrand", "9980 AB", []exampletest.Step{
		{Act: "aannemen"},
		{Act: "verslag", Fill: map[string]string{"alone": "yes", "agreed.1": "Belt de school."}},
		{Act: "overzetten", Fill: map[string]string{"way": "call", "reason": "Hulp bij schulden is nodig."}},
		{Act: "overgezet", Fill: map[string]string{"there": "yes"}},
	})
}

// lived takes every step in the life of a case of a municipality.
func lived(t *testing.T, town, postcode string, life []exampletest.Step) {
	t.Helper()
	p := launch(t, freeAddress(t), t.TempDir(), "MUNICIPALITY=schemas/municipalities/"+town+".json")
	r := newResident(p.base)
	answers := callMe()
	answers["/vraag/52"] = url.Values{"contact_way": {"call", "email"}, "phone": {"06 87654321"}, "email": {"sam@bewoner.example"}}
	answers["/vraag/54"] = url.Values{"postcode": {postcode}}
	orFail(t, r.fillIn(t.Context(), answers))
	ref, err := r.send(t.Context())
	orFail(t, err)
	p.waitForMails(2)
	d := deskTab{newTab(t, p.base), p, "/desk/casus/" + string(ref), map[string]bool{}}
	for _, s := range life {
		d.take(s)
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
func (d deskTab) take(s exampletest.Step) {
	d.t.Helper()
	if s.Later > 0 {
		d.program.advance(s.Later)
	}
	who := s.Who
	if who == "" {
		who = d.lead()
	}
	d.open("/desk/?login_hint=" + who)
	d.open(d.casus)
	if !d.looked[s.Act] {
		d.inspectCase(s.Act)
	}
	act := fmt.Sprintf(`a[href$="/%s"], form[action$="/%s"] button`, s.Act, s.Act)
	if d.count(fmt.Sprintf("details:not([open]) :is(%s)", act)) > 0 {
		d.tabTo("details.vd-more > summary")
		do(d.tab, chromedp.KeyEvent(kb.Enter))
	}
	d.enter(act)
	if d.path() == d.casus+"/"+s.Act {
		d.fillIn(s)
	}
	if at := d.path(); !strings.HasSuffix(at, "?gedaan="+s.Act) || d.count("[role=status]") == 0 {
		d.t.Fatalf("%s by %s leads to %s: %s", s.Act, who, at, d.text("main"))
	}
	d.looked[s.Act] = true
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
func (d deskTab) fillIn(s exampletest.Step) {
	d.t.Helper()
	const button = "main form button"
	if !d.looked[s.Act] {
		d.inspect("")
	}
	if !d.looked[s.Act] && !d.answered(s) {
		d.enter(button)
		if d.status != http.StatusUnprocessableEntity {
			return // nothing was missing
		}
		d.inspect("Fout: ")
		if !d.focuses(".vd-problems, .vd-problems *") {
			d.t.Errorf("%s: what is missing has no focus", s.Act)
		}
	}
	for field, value := range s.Fields(d.program.today()) {
		d.choose(field, value)
	}
	d.enter(button)
}

// answered says whether the page comes with a choice for all that a step fills in, so that nothing is missing on it.
func (d deskTab) answered(s exampletest.Step) bool {
	for field := range s.Fill {
		if d.count(fmt.Sprintf(`main [name=%q]:is(:checked, :has(option:checked:not([value=""])))`, field)) == 0 {
			return false
		}
	}
	return len(s.Fill) > 0
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
	case "checkbox":
		do(d.tab, chromedp.KeyEvent(" "))
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

// today is the program's business time, as clocks in the municipality have it: near midnight that is another day.
func (p *program) today() time.Time {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+"/_local/clock", nil)
	orFail(p.t, err)
	response, err := http.DefaultClient.Do(request)
	orFail(p.t, err)
	defer response.Body.Close()
	var told struct{ Now time.Time }
	orFail(p.t, json.NewDecoder(response.Body).Decode(&told))
	return municipality.Local(told.Now)
}
