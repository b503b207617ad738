package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A whole paper form is typed without the mouse, by the numbers that stand on it: from one field to the next with Tab, and
// the pages fit and are whole for everybody.
//
//ux:12
//ux:23
//ux:24
func TestAPaperFormIsTypedByKeysAlone(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	b.open("/desk/?login_hint=mees")
	b.press(`nav a[href="/desk/invoer"]`)
	b.inspect("Invoeren voor een bewoner")
	for _, shown := range [][2]string{
		{"/desk/papier", "Het formulier op papier"},
		{"/desk/papier/kaart", "Het korte kaartje"},
		{"/papier", "Het formulier op papier"},
		{"/papier/kaart?taal=ar", ""},
		{"/desk/invoer/vragen?soort=counter", "Aan de balie"},
		{"/desk/invoer/vragen?soort=phone", "Aan de telefoon"},
		{"/desk/invoer/vragen?soort=card", "Van een kaartje"},
		{"/desk/invoer/vragen?soort=paper", "Van papier"},
	} {
		b.open(shown[0])
		b.inspectWhole(shown[1])
	}
	typed := map[string]string{
		"helpers.1.name": "Noor", "helpers.1.relation": "6", "helpers.1.with": "brieven", "companion": "1", "companion.helpers": "1",
		"hide_from": "1", "for_whom": "1", "story": "De huur loopt op.", "areas": "1 2", "area_main": "2", "hard_date": "2",
		"hard_date.day": "27", "hard_date.month": "11", "hard_date.year": "2026", "safe_now": "1", "basics": "5",
		"call_name": "Sam", "contact_way": "1", "phone": "0687654321", "postcode": "9991AB", "house_number": "12", "updates": "1",
	}
	b.byKeys(typed)
	if at := b.path(); at != "/desk/invoer/controle" {
		t.Fatalf("the keys lead to %s: %s", at, b.text("main"))
	}
	b.inspect("Kijk na wat je invoerde")
	b.byKeys(nil)
	b.inspect("De vraag is ontvangen")
	if !reference.MatchString(b.text("main dd strong")) {
		t.Error("the receipt has no number")
	}
	p.waitForMails(1)
}

// inspectWhole is inspect for a page that holds every question at once: it weighs what it weighs, as much as a first page
// at most.
//
//ux:4
func (b *tab) inspectWhole(wantTitle string) {
	b.t.Helper()
	const most = 15_000
	var faults []string
	if b.weight > most || !strings.HasPrefix(b.title(), wantTitle) {
		faults = append(faults, fmt.Sprintf("%q weighs %.0f bytes, want %q and at most %d", b.title(), b.weight, wantTitle, most))
	}
	for _, pixels := range []int64{wide, narrow, phone} {
		b.width(pixels)
		faults = append(faults, b.shapeFaults(pixels)...)
	}
	for _, fault := range slices.Concat(faults, b.axeFaults(), b.complaints()) {
		b.t.Errorf("%s: %s", b.path(), fault)
	}
}

// byKeys goes through a page's form with Tab, types what there is for each field, and presses Enter on its button.
func (b *tab) byKeys(typed map[string]string) {
	b.t.Helper()
	const focused = `(e => e.closest("main form") ? (e.name || e.type) : "")(document.activeElement)`
	seen := map[string]bool{}
	for range 400 {
		do(b, chromedp.KeyEvent(kb.Tab))
		name := do(b, chromedp.Evaluate[string](focused))
		if name == "submit" {
			b.load(chromedp.KeyEvent(kb.Enter))
			for field := range typed {
				if !seen[field] {
					b.t.Errorf("the keys never come by %s", field)
				}
			}
			return
		}
		if text := typed[name]; text != "" {
			do(b, chromedp.KeyEvent(text))
			seen[name] = true
		}
	}
	b.t.Fatal("the keys never come by the button")
}

// Printed, the form on paper says on every sheet of A4 whom to call and where to hand it in, in letters of 14 points. The
// card, to carry along, is both sides of one sheet.
//
//ux:23
func TestEverySheetOfPaperHasItsFoot(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	for _, address := range []string{"/papier", "/papier/kaart", "/papier?taal=ar"} {
		b.open(address)
		pdf := call(b, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, PreferCSSPageSize: new(true)}).Data
		sides, card := bytes.Count(pdf, []byte("/Type /Page"))-bytes.Count(pdf, []byte("/Type /Pages")), address == "/papier/kaart"
		if sides < 1 || card && sides > 2 {
			t.Errorf("%s fills %d sides", address, sides)
		}
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		// A browser repeats a foot that may not be broken, and no other.
		for selector, want := range map[string]string{
			".vd-paper__foot": "table-footer-group avoid", ".vd-help": "none avoid", ".vd-exit": "none auto", ".vd-paper__screen": "none auto",
		} {
			display := fmt.Sprintf(`(s => s.display + " " + s.breakInside)(getComputedStyle(document.querySelector(%q)))`, selector)
			if got := do(b, chromedp.Evaluate[string](display)); got != want {
				t.Errorf("%s: %s is printed as %q, want %q", address, selector, got, want)
			}
		}
		small := `[...document.querySelectorAll(".vd-paper *")].filter(e => e.innerText && parseFloat(getComputedStyle(e).fontSize) < 14 * 96 / 72 - 0.01).length`
		if n := do(b, chromedp.Evaluate[int](small)); n > 0 && !card {
			t.Errorf("%s has %d texts smaller than 14 points", address, n)
		}
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{}) // the printer's own again
	}
}
