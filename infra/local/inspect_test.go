package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"voordeur/infra/local/inbox"
)

// shape is what can be measured of a page while scripting is off.
type shape struct {
	Width   float64  // of what is on it, CSS pixels
	Spaced  float64  // its width with the text spacing of WCAG 1.4.12
	Large   float64  // its width with text of 200 %
	Scripts int      // <script> elements
	Styled  []string // elements with a style attribute
	Small   []string // controls under 44 × 44 px
}

// measure is evaluated by the inspector. A choice is as large as its label; a link within a sentence has the size of
// its letters (WCAG 2.5.8); what only shows on focus counts when it shows.
const measure = `(() => {
	const controls = [...document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, textarea, summary')].filter(e => e.getAttribute('aria-hidden') !== 'true');
	const inSentence = e => e.matches('p a, li a') && getComputedStyle(e).display === 'inline' &&
		e.parentElement.textContent.trim() !== e.textContent.trim();
	const small = [...controls].filter(e => e.checkVisibility() && !e.matches('.utrecht-skip-link:not(:focus)') && !inSentence(e))
		.map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
		.filter(([e, box]) => box.width < 43.9 || box.height < 43.9)
		.map(([e, box]) => e.outerHTML.slice(0, 80) + ' ' + Math.round(box.width) + '×' + Math.round(box.height));
	const widthWith = style => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(style);
		document.adoptedStyleSheets = [sheet];
		const width = document.documentElement.scrollWidth;
		document.adoptedStyleSheets = [];
		return width;
	};
	return {
		width: document.documentElement.scrollWidth,
		spaced: widthWith('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }'),
		large: widthWith(':root { font-size: 200% !important; }'),
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

// What a page may cost over the wire, in bytes, the style sheet and headers included (ux 3).
const (
	firstPage = 15_000
	nextPage  = 5_000
	requests  = 3
)

// titled ends every title: the service and the municipality, of both examples.
var titled = regexp.MustCompile(` – (Hulp in de wijk – Gemeente Waterstad|Samen verder – Gemeente Duinrand)$`)

// inspect holds the page that is shown against what every page of the service must be, in the state in which it
// stands, and against its title.
//
//ux:3
//ux:9
//ux:24
func (b *tab) inspect(wantTitle string) {
	b.t.Helper()
	at := fmt.Sprintf("%s (%d, %q)", b.path(), b.status, b.title())
	if !strings.HasPrefix(b.title(), wantTitle) || !titled.MatchString(b.title()) {
		b.t.Errorf("%s: want the title %q…, with service and municipality", at, wantTitle)
	}
	faults := b.weightFaults(at)
	for _, pixels := range []int64{wide, narrow, phone} {
		b.width(pixels)
		faults = append(faults, b.shapeFaults(pixels)...)
	}
	for _, fault := range slices.Concat(faults, b.axeFaults(), b.complaints()) {
		b.t.Errorf("%s: %s", at, fault)
	}
}

// shapeFaults says what does not fit on a screen of this width, what is too small to touch, and what scripts and inline
// styles there are.
//
//ux:2
//ux:6
//ux:7
func (b *tab) shapeFaults(pixels int64) (faults []string) {
	b.t.Helper()
	s := do(b, chromedp.Evaluate[shape](measure))
	for _, measured := range []struct {
		with  string
		width float64
	}{{"as it is", s.Width}, {"with text spacing", s.Spaced}, {"with text of 200 %", s.Large}} {
		if measured.width > float64(pixels) {
			faults = append(faults, fmt.Sprintf("%g px wide on a screen of %d px, %s", measured.width, pixels, measured.with))
		}
	}
	if s.Scripts > 0 {
		faults = append(faults, fmt.Sprintf("%d scripts", s.Scripts))
	}
	for _, element := range s.Styled {
		faults = append(faults, "an inline style: "+element)
	}
	for _, control := range s.Small {
		faults = append(faults, fmt.Sprintf("a control is too small at %d px: %s", pixels, control))
	}
	return faults
}

// weightFaults prints what the last click cost, and says what that is above what it may cost.
func (b *tab) weightFaults(at string) (faults []string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	most := nextPage
	if b.first {
		most = firstPage
	}
	b.t.Logf("%s: %.1f KB of %d, %d requests of %d", at, b.weight/1000, most/1000, b.requests, requests)
	if b.weight > float64(most) || b.requests > requests {
		faults = append(faults, fmt.Sprintf("%g bytes in %d requests, want at most %d in %d", b.weight, b.requests, most, requests))
	}
	for _, address := range b.outside {
		faults = append(faults, "asked elsewhere: "+address)
	}
	return faults
}

// axeFaults says every violation, and everything that axe is not sure of.
//
//ux:4
func (b *tab) axeFaults() []string {
	b.t.Helper()
	violations, unsure := b.examine()
	return sentences(append(violations, unsure...))
}

func sentences(findings []finding) (faults []string) {
	for _, f := range findings {
		for _, n := range f.Nodes {
			faults = append(faults, fmt.Sprintf("axe on %s: %s\n%s", f.ID, n.HTML, n.Summary))
		}
	}
	return faults
}

// complaints says what the console, the security policy and scripts said since it was asked last.
//
//ux:2
func (b *tab) complaints() (faults []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.said {
		faults = append(faults, fmt.Sprintf("the browser says %q", complaint))
	}
	b.said = nil
	return faults
}

// inspectLocal is for the pages of this machine only, which nobody but us sees: no violation.
func (b *tab) inspectLocal() {
	b.t.Helper()
	violations, _ := b.examine()
	b.report(b.path(), violations)
}

// inspectMail shows a mail's HTML by itself: no violation but that it has no parts of a page.
//
//ux:25
func (b *tab) inspectMail(m inbox.Mail) {
	b.t.Helper()
	b.open("about:blank")
	frame := call(b, page.GetFrameTree, cdp.Empty{}).FrameTree.Frame.ID
	call(b, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: frame, HTML: m.HTML})
	violations, unsure := b.examine()
	ofPages := []string{"bypass", "landmark-one-main", "page-has-heading-one", "region"}
	b.report("a mail to "+m.To, slices.DeleteFunc(append(violations, unsure...), func(f finding) bool {
		return slices.Contains(ofPages, f.ID)
	}))
}

func (b *tab) report(at string, findings []finding) {
	b.t.Helper()
	for _, fault := range slices.Concat(sentences(findings), b.complaints()) {
		b.t.Errorf("%s: %s", at, fault)
	}
}
