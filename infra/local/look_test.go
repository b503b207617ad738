package main

import (
	"strings"
	"testing"
)

// A worker looks whether something runs, and for a colleague, without the mouse; every page on the way is whole.
//
//ux:24
func TestAWorkerLooksByKeysAlone(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	b.open("/desk/?login_hint=mees")
	b.press(`nav a[href="/desk/zoeken"]`)
	b.inspect("Loopt er al iets?")
	b.byKeys(map[string]string{"wat": "Sam"})
	b.inspect("Fout: Loopt er al iets?")
	b.open("/desk/zoeken")
	b.byKeys(map[string]string{"wat": "06 12345678"})
	b.inspect("Loopt er al iets?")
	if said := b.text("[role=status]"); said != "Niets gevonden. Niet alles is hier te vinden." {
		t.Errorf("says %q", said)
	}
	b.open("/desk/invoer/vragen?soort=card")
	b.byKeys(map[string]string{"call_name": "Sam", "contact_way": "1", "phone": "06 12345678", "postcode": "9991AB", "updates": "1"})
	b.byKeys(nil)
	p.waitForMails(1)
	b.open("/desk/zoeken")
	b.byKeys(map[string]string{"wat": "06 12345678"})
	b.inspect("Loopt er al iets?")
	if said := b.text("[role=status]"); said != "Er loopt misschien al iets. Overleg met de coördinator." {
		t.Errorf("says %q", said)
	}
	b.press(`nav a[href="/desk/collegas"]`)
	b.inspectWhole("Collega’s")
	b.byKeys(map[string]string{"wie": "schuld noord"})
	b.inspect("Collega’s")
	if said := b.text(".vd-cards"); !strings.Contains(said, "Emre Ankerman") || strings.Contains(said, "Fenna") {
		t.Errorf("found %q", said)
	}
}
