package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// shape is what can be measured of a page while scripting is off.
type shape struct {
	Width   float64  // of what is on it, CSS pixels
	Scripts int      // <script> elements
	Styled  []string // elements with a style attribute
	Small   []string // controls under 44 × 44 px
}

// measure is evaluated by the inspector. A choice is as large as its label; a link within a sentence has the size of
// its letters (WCAG 2.5.8); what only shows on focus counts when it shows.
const measure = `(() => {
	const controls = document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, textarea, summary');
	const inSentence = e => e.matches('p a, li a') && getComputedStyle(e).display === 'inline' &&
		e.parentElement.textContent.trim() !== e.textContent.trim();
	const small = [...controls].filter(e => e.checkVisibility() && !e.matches('.utrecht-skip-link:not(:focus)') && !inSentence(e))
		.map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
		.filter(([e, box]) => box.width < 43.9 || box.height < 43.9)
		.map(([e, box]) => e.outerHTML.slice(0, 80) + ' ' + Math.round(box.width) + '×' + Math.round(box.height));
	return {
		width: document.documentElement.scrollWidth,
		scripts: document.scripts.length,
		styled: [...document.querySelectorAll('[style]')].map(e => e.outerHTML.slice(0, 80)),
		small: small,
	};
})()`

//nolint:gochecknoglobals // half a megabyte, read once
var axe = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is missing, run npm ci: %w", err)
	}
	return string(source), nil
})

// finding is what axe says about a page.
type finding struct {
	ID    string
	Nodes []struct {
		HTML    string
		Summary string `json:"failureSummary"`
	}
}

// examine runs axe on the page as it stands, in a world of its own: the page's scripts stay off, and so does its
// security policy for ours.
func (b *tab) examine() (violations, unsure []finding) {
	b.t.Helper()
	source, err := axe()
	if err != nil {
		b.t.Fatal(err)
	}
	b.script(true)
	defer b.script(false)
	tree := call(b, page.GetFrameTree, cdp.Empty{})
	world := call(b, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.Frame.ID})
	within := func(p *runtime.EvaluateParams) { p.ContextID = world.ExecutionContextID }
	do(b, chromedp.Evaluate[chromedp.Void](source+";undefined", within))
	found := do(b, chromedp.Evaluate[json.RawMessage](
		`axe.run(document, {resultTypes: ["violations", "incomplete"], preload: false, iframes: false})
			.then(r => ({violations: r.violations, incomplete: r.incomplete}))`, within, chromedp.EvalAwaitPromise))
	var result struct{ Violations, Incomplete []finding }
	if err := json.Unmarshal(found, &result); err != nil {
		b.t.Fatal(err)
	}
	return result.Violations, result.Incomplete
}

// inspect holds the page that is shown against what every page must be, in the state in which it stands.
func (b *tab) inspect(wantTitle string) { // ux:2 //ux:4 //ux:6 //ux:7
	b.t.Helper()
	at := fmt.Sprintf("%s (%d, %q)", b.path(), b.status, b.title())
	if !strings.HasPrefix(b.title(), wantTitle) {
		b.t.Errorf("%s: want the title %q…", at, wantTitle)
	}
	for _, pixels := range []int64{wide, narrow, phone} {
		b.width(pixels)
		s := do(b, chromedp.Evaluate[shape](measure))
		if s.Width > float64(pixels) {
			b.t.Errorf("%s: %g px wide on a screen of %d px", at, s.Width, pixels)
		}
		if s.Scripts > 0 || len(s.Styled) > 0 {
			b.t.Errorf("%s: %d scripts, inline styles: %q", at, s.Scripts, s.Styled)
		}
		for _, control := range s.Small {
			b.t.Errorf("%s at %d px: a control is too small: %s", at, pixels, control)
		}
	}
	violations, unsure := b.examine()
	for _, v := range violations {
		for _, n := range v.Nodes {
			b.t.Errorf("%s: axe finds %s: %s\n%s", at, v.ID, n.HTML, n.Summary)
		}
	}
	for _, v := range unsure {
		for _, n := range v.Nodes {
			b.t.Errorf("%s: axe is not sure of %s: %s\n%s", at, v.ID, n.HTML, n.Summary)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.said {
		b.t.Errorf("%s: the browser says %q", at, complaint)
	}
	b.said = nil
}
