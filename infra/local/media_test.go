package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"voordeur/internal/municipality"
)

// edges is evaluated by the inspector: the middle of the edge where each control begins, and the boxes that are chosen but
// drawn by our own background, which is not painted in the visitor's colours.
const edges = `(() => ({
	at: Object.fromEntries([...document.querySelectorAll('.vd-exit, .vd-problems, .vd-choice, .vd-phone, .utrecht-button:not(.utrecht-button--subtle), .utrecht-textbox, summary')]
		.filter(e => e.checkVisibility() && getComputedStyle(e).borderInlineStartStyle !== 'none').map(e => [e, e.getBoundingClientRect()])
		.map(([e, box]) => [e.outerHTML.slice(0, 100), {x: box.x + scrollX, y: box.y + scrollY + box.height / 2}])),
	bare: [...document.querySelectorAll('.vd-exit, .vd-problems, .vd-choice, .vd-phone, .utrecht-button:not(.utrecht-button--subtle), .utrecht-textbox')]
		.filter(e => e.checkVisibility() && getComputedStyle(e).borderInlineStartStyle === 'none').map(e => e.outerHTML.slice(0, 100)),
	drawn: [...document.querySelectorAll('input:checked')].filter(e => getComputedStyle(e).appearance === 'none').map(e => e.outerHTML.slice(0, 100)),
}))()`

// Colours that the visitor chose: every control keeps an edge that can be seen, a choice shows, and so does the focus.
//
//ux:8
func TestPagesAreUsableInForcedColours(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	views := watch(t, p, "nl", "9991 AB")
	b := newTab(t, p.base)
	for _, colours := range []string{"light", "dark"} {
		call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "forced-colors", Value: "active"}, {Name: "prefers-color-scheme", Value: colours},
		}})
		for _, v := range []view{{"/", empty}, {"/vraag/11", filled}, {"/vraag/52", wrong}, {"/vraag/53", filled}, {"/controle", filled}} {
			at := fmt.Sprintf("%s, %s, %s", v.page, v.state, colours)
			b.open(replay(t, p.base, []shown{views[v]})(0))
			found := do(b, chromedp.Evaluate[struct {
				At          map[string]struct{ X, Y float64 }
				Bare, Drawn []string
			}](edges))
			for _, element := range slices.Concat(found.Bare, found.Drawn) {
				t.Errorf("%s: nothing sets this apart: %s", at, element)
			}
			for element, edge := range found.At {
				if got := b.contrastAround(edge.X, edge.Y); got < 3 {
					t.Errorf("%s: the edge is %.2f to 1: %s", at, got, element)
				}
			}
		}
		b.open(replay(t, p.base, []shown{views[view{"/vraag/53", filled}]})(0))
		call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		do(b, chromedp.Evaluate[chromedp.Void](`document.querySelector('.utrecht-textbox').focus()`))
		ring := do(b, chromedp.Evaluate[string](`(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))`))
		if ring != "solid 3px" {
			t.Errorf("%s: the focus shows as %q", colours, ring)
		}
	}
}

// contrastAround is the strongest contrast with the first pixel in a line of ten pixels over a point of the page.
func (b *tab) contrastAround(x, y float64) (most float64) {
	b.t.Helper()
	whole := true
	shot := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: &whole, Clip: &page.Viewport{X: x - 4, Y: y, Width: 10, Height: 1, Scale: 1},
	})
	line, err := png.Decode(bytes.NewReader(shot.Data))
	orFail(b.t, err)
	colour := func(n int) string {
		red, green, blue, _ := line.At(n, 0).RGBA()
		return fmt.Sprintf("#%02x%02x%02x", red>>8, green>>8, blue>>8)
	}
	for n := range line.Bounds().Dx() {
		contrast, _ := municipality.Contrast(colour(n), colour(0))
		most = max(most, contrast)
	}
	return most
}

// reading is evaluated by the inspector: what stands on the page, in the order of its source, that is shown above what
// stands before it there. What stands beside it, or floats over the page, does not count.
const reading = `(() => {
	const read = [...document.querySelectorAll('.vd-brand, .vd-exit, .vd-back, summary, h1, h2, h3, legend, label, p, input:not([type=hidden]), select, textarea, button, dt, dd, main li, .vd-footer a')]
		.filter(e => e.checkVisibility() && !e.closest('.vd-hidden, .vd-enter, .vd-languages ul, [aria-hidden]'))
		.map(e => [e, e.getBoundingClientRect()]).filter(([, box]) => box.height > 1);
	const beside = (a, b) => a.right <= b.left || b.right <= a.left;
	return read.slice(1).filter(([, box], i) => box.bottom <= read[i][1].top && !beside(box, read[i][1])).map(([e]) => e.outerHTML.slice(0, 100));
})()`

// Somebody who listens, or whose telephone got no style sheet, meets everything in the order in which others see it.
//
//ux:8
func TestPagesReadInOrderWithoutTheStyleSheet(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	views := watch(t, p, "nl", "9991 AB")
	b := newTab(t, p.base)
	plain := func(s shown) shown {
		s.body = regexp.MustCompile(`<link rel="stylesheet"[^>]*>`).ReplaceAll(s.body, nil)
		return s
	}
	for v, s := range views {
		if v.page == "/vraag/52" && v.state == wrong {
			continue // below
		}
		if v.state == wrong || v.page == "/" || v.page == "/controle" {
			b.open(replay(t, p.base, []shown{s})(0))
			for _, element := range do(b, chromedp.Evaluate[[]string](reading)) {
				t.Errorf("%s, %s: shown above what stands before it: %s", v.page, v.state, element)
			}
		}
	}
	b.open(replay(t, p.base, []shown{plain(views[view{"/vraag/52", wrong}])})(0))
	text, from := b.text("body"), 0
	for _, next := range []string{
		"Naar de inhoud", "Gemeente Waterstad", "Snel weg", "Terug", "Nederlands", "Kijk dit nog even na", "Vraag 24 van",
		"Hoe kunnen we je bereiken?", "Eén manier is genoeg", "Kies hoe we je bereiken", "Bellen", "Sms", "Je telefoonnummer",
		"Verder", "Liever praten?", "Bel 14 000", "Bel 112", "Toegankelijkheid",
	} {
		at := strings.Index(text[from:], next)
		if at < 0 {
			t.Fatalf("without a style sheet %q does not come after %q", next, text[:from])
		}
		from += at + len(next)
	}
}

// What somebody takes along on paper: what was asked and answered, and the numbers; nothing to press.
func TestPagesPrintWhatMatters(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	views := watch(t, p, "nl", "9991 AB")
	b := newTab(t, p.base)
	tests := map[string]struct {
		sheets int // at most
		shows  []string
	}{
		"/controle":  {4, []string{"Klopt alles?", "Sam Voorbeeld", "Rust in huis", "Liever praten?", "112"}},
		"/ontvangen": {2, []string{"We hebben je vraag", "Wat gebeurt er nu?", "Je eigen plan", "14 001", "112"}},
		"/mijn":      {1, []string{"Je vraag", "Wat gebeurt er nu?", "14 000", "112"}},
	}
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	for path, tt := range tests {
		t.Run(path, func(t *testing.T) {
			b.open(replay(t, p.base, []shown{views[view{path, filled}]})(0))
			text := b.text("body")
			for _, want := range tt.shows {
				if !strings.Contains(text, want) {
					t.Errorf("paper lacks %q", want)
				}
			}
			buttons, err := json.Marshal([]string{".vd-exit", ".vd-bar", ".vd-buttons", ".vd-row__change", ".vd-footer"})
			orFail(t, err)
			left := fmt.Sprintf(`[...document.querySelectorAll(%s.join())].filter(e => e.checkVisibility()).length`, buttons)
			if n := do(b, chromedp.Evaluate[int](left)); n > 0 {
				t.Errorf("%d things to press are printed", n)
			}
			a4 := page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69}
			pdf := call(b, page.PrintToPDF, a4).Data
			if n := len(regexp.MustCompile(`/Type /Page\b`).FindAll(bytes.ReplaceAll(pdf, []byte("/Pages"), nil), -1)); n == 0 || n > tt.sheets {
				t.Errorf("%d sheets, want 1 to %d", n, tt.sheets)
			}
		})
	}
}
