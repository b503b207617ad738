package main

import (
	"strings"
	"testing"
	"time"
)

// A worker opens a case in an emergency, its privacy officer looks at that and at who read the case: without the mouse, and
// every page on the way is whole.
//
//ux:24
func TestAnEmergencyByKeysAlone(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	b.open("/desk/?login_hint=mees")
	b.open("/desk/invoer/vragen?soort=card")
	b.byKeys(map[string]string{"call_name": "Sam", "contact_way": "1", "phone": "06 12345678", "postcode": "9991AB", "updates": "1"})
	b.byKeys(nil)
	ref := reference.FindString(b.text("main dd strong"))
	p.waitForMails(1)
	b.open("/desk/?login_hint=emre")
	b.press(`nav a[href="/desk/zoeken"]`)
	b.press(`main a[href="/desk/noodsleutel"]`)
	b.inspectWhole("De noodsleutel")
	b.byKeys(map[string]string{"number": "iets", "reason": "test"})
	b.inspect("Fout: De noodsleutel")
	b.open("/desk/noodsleutel")
	b.byKeys(map[string]string{"number": ref, "reason": "De bewoner staat hier en is in de war.", "basis": " "})
	b.inspect("Casus " + ref)
	if said := b.text(".vd-alert--warning"); b.path() != "/desk/casus/"+ref || !strings.Contains(said, "Emre Ankerman leest mee") {
		t.Fatalf("the key leads to %s, which warns %q", b.path(), said)
	}
	b.open("/desk/?login_hint=iris")
	b.press(`nav a[href="/desk/toezicht"]`)
	b.inspectWhole("Toezicht")
	b.byKeys(nil)
	b.inspect("Toezicht")
	if said := b.text(".vd-card"); !strings.Contains(said, "Iris Kijkduin") {
		t.Errorf("who looked: %q", said)
	}
	b.byKeys(map[string]string{"number": ref})
	b.inspect("Wie las " + ref)
	if said := b.text(".vd-timeline"); !strings.Contains(said, "Emre Ankerman") {
		t.Errorf("who read the case: %q", said)
	}
	b.open("/desk/toezicht/medewerker/emre/2026-11-23")
	b.inspect("Wat Emre Ankerman zag")
	destroyed(b, p, ref)
}

// destroyed withdraws the case and lets its term go by: what is left of it stands in the register.
func destroyed(b *tab, p *program, ref string) {
	b.t.Helper()
	lead, _, _ := strings.Cut(p.mails()[len(p.mails())-1].To, "@")
	b.open("/desk/?login_hint=" + lead)
	b.open("/desk/casus/" + ref + "/intrekken")
	b.byKeys(map[string]string{"reason": "Het hoeft niet meer."})
	b.inspect("Casus " + ref)
	p.advance(32 * 24 * time.Hour)
	b.open("/desk/?login_hint=iris")
	b.open("/desk/toezicht")
	b.press(`main a[href="/desk/toezicht/register"]`)
	b.inspectWhole("Register van vernietiging")
	if said := b.text(".vd-timeline"); !strings.Contains(said, ref) || !strings.Contains(said, "Ingetrokken, of woont elders.") {
		b.t.Errorf("the register says %q", said)
	}
}
