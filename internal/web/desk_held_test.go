package web_test

import (
	"strings"
	"testing"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// After a restore nobody sends what was owed when the backup was made; who has the case hears so.
func TestAMailThatWasHeldIsShownToWhoHasTheCase(t *testing.T) { // invariant:I6 //threat:T19
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	const warning = "Mail is niet verstuurd"
	if page := deskText(b.get(caseURL(c)).Find("main")); strings.Contains(page, warning) {
		t.Errorf("before the restore: %q is said", warning)
	}
	if err := o.Store.Hold(t.Context(), c.ID, "0001-"+string(casework.MailReceipt)+"-"+casework.Resident); err != nil {
		t.Fatal(err)
	}
	page := deskText(b.get(caseURL(c)).Find("main"))
	if strings.Count(page, "Mail aan de bewoner: je bericht is aangekomen.") != 2 || strings.Count(page, "nieuwe casus.") != 1 {
		t.Errorf("the warning names another mail than the one that was held: %s", page)
	}
	for _, want := range []string{warning, "Vertel het zelf als dat nog nodig is.", "Tegengehouden, want de gegevens zijn teruggezet."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
