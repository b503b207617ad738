package main

import (
	"strings"
	"testing"
)

// The duty screen is whole for everybody when all is well, and when somebody waits; from it one reaches the case by keys.
//
//ux:24
func TestTheDutyScreenIsWholeForEverybody(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	b.open("/desk/?login_hint=willem")
	b.press(`nav a[href="/desk/dienst"]`)
	b.inspectWhole("Dienst")
	if said := b.text("main"); !strings.Contains(said, "Alles loopt") || !strings.Contains(said, "De laatste keer") {
		t.Errorf("when nothing waits it says %q", said)
	}
	r := newResident(p.base)
	orFail(t, r.fillIn(t.Context(), callMe()))
	ref, err := r.send(t.Context())
	orFail(t, err)
	p.waitForMails(2)
	b.open("/desk/dienst")
	b.inspectWhole("Dienst")
	if said := b.text("main"); !strings.Contains(said, "Nog niet aangenomen (1)") || !strings.Contains(said, "Alle mail aan collega’s kwam aan.") {
		t.Errorf("when somebody waits it says %q", said)
	}
	b.press(`#offers ~ .vd-cards a[href="/desk/casus/` + string(ref) + `"]`)
	b.open("/desk/mijn-mail")
	b.inspectWhole("Bevestig je e-mailadres")
}
