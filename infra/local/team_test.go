package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"voordeur/infra/local/example/exampletest"
)

// A coordinator puts down that a lead fell ill, and hands the lead's case on, by keys alone on a telephone; who stands in
// finds what waits. Every page on the way is whole, also where something is to mend.
//
//ux:24
func TestATeamStandsInByKeysAlone(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	r := newResident(p.base)
	answers := callMe()
	answers["/vraag/52"] = url.Values{"contact_way": {"call"}, "phone": {"06 87654321"}}
	orFail(t, r.fillIn(t.Context(), answers))
	ref, err := r.send(t.Context())
	orFail(t, err)
	p.waitForMails(1)
	d := deskTab{newTab(t, p.base), p, "/desk/casus/" + string(ref), map[string]bool{}}
	d.take(exampletest.Step{Act: "aannemen"})
	lead := d.lead()

	d.open("/desk/?login_hint=willem")
	d.enter(`nav a[href="/desk/team"]`)
	d.inspectWhole("Team")
	d.enter(`a[href="/desk/afwezig/` + lead + `"]`)
	d.inspect("Afwezigheid")
	const save = `form[action="/desk/afwezig/%s"] button`
	d.enter(fmt.Sprintf(save, lead))
	d.mendThis("Fout: Afwezigheid")
	for field, days := range map[string]int{"from": 0, "to": 7} {
		date := p.today().AddDate(0, 0, days)
		d.choose(field+".day", date.Format("2"))
		d.choose(field+".month", date.Format("1"))
		d.choose(field+".year", date.Format("2006"))
	}
	d.choose("stand_in", "mees")
	d.enter(fmt.Sprintf(save, lead))
	d.inspect("Afwezigheid")
	if said := d.text(".vd-cards"); !strings.Contains(said, "Vervangen door Mees Oeverloper") {
		t.Errorf("says %q", said)
	}

	d.open("/desk/?login_hint=mees")
	d.open("/desk/")
	d.inspect("Vandaag")
	d.enter(`main a[href="/desk/team/` + lead + `"]`)
	d.inspect("Casussen van een collega")
	if d.count(`main a[href="`+d.casus+`"]`) != 1 {
		t.Errorf("the stand-in reads %s", d.text("main"))
	}
	d.open("/desk/?login_hint=aylin")
	d.open("/desk/team/" + lead)
	d.inspect("Casussen van een collega")

	d.open("/desk/?login_hint=willem")
	d.open("/desk/team/" + lead)
	d.enter(`a[href$="/doorgeven"]`)
	d.inspectWhole("Casussen overdragen")
	d.choose("lead."+string(ref), "aylin")
	d.enter("main form button")
	d.mendThis("Fout: Casussen overdragen")
	d.choose("way."+string(ref), "call")
	d.choose("reason", "Het duurt langer dan gedacht.")
	d.enter("main form button")
	d.inspect("Overgedragen casussen")
	p.advance(0)
	d.open(d.path())
	d.inspect("Overgedragen casussen")
	if said := d.text("main"); !strings.Contains(said, "Ging naar Aylin Polder") {
		t.Errorf("says %q", said)
	}
}

// mendThis is on a page that says what to mend, and has the focus there.
func (d deskTab) mendThis(title string) {
	d.t.Helper()
	d.inspect(title)
	if d.status != http.StatusUnprocessableEntity || !d.focuses(".vd-problems, .vd-problems *") {
		d.t.Errorf("%s: %d, and what is to mend has no focus", d.path(), d.status)
	}
}
