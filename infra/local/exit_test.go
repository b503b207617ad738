package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// walked is a resident who filled in the whole form over HTTP, and the pages on the way.
type walked struct {
	*resident
	pages []string // "/vraag/11" …
	link  string   // of the own page
}

// walkTo fills in the full form up to the check page and pauses once; send sends it too.
func walkTo(t *testing.T, base string, send bool) walked {
	t.Helper()
	w := walked{resident: newResident(base)}
	answers := fullForm(time.Now())
	at, _, err := w.do(t.Context(), http.MethodPost, "/begin", url.Values{"path": {"form"}})
	for err == nil && at != "/controle" {
		w.pages = append(w.pages, at)
		at, err = w.answer(t.Context(), at, answers[strings.TrimPrefix(at, "/vraag/")])
	}
	if err == nil {
		var body string
		if _, body, err = w.do(t.Context(), http.MethodGet, "/controle", nil); err == nil {
			token := url.Values{"token": tokenInput.FindStringSubmatch(body)[1:]}
			_, _, err = w.do(t.Context(), http.MethodPost, "/later/controle", token)
		}
	}
	if err == nil && send {
		_, err = w.send(t.Context())
	}
	if err == nil && send {
		var receipt string
		_, receipt, err = w.do(t.Context(), http.MethodGet, "/ontvangen", nil)
		_, after, _ := strings.Cut(receipt, `href="/mijn/`)
		link, _, _ := strings.Cut(after, `"`)
		w.link = "/mijn/" + link
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// come gives the browser the cookie of who walked, last seen so many minutes ago.
func (b *tab) come(w walked, idle int64) {
	b.t.Helper()
	parts := strings.Split(w.cookie.Value, ".")
	seen, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		b.t.Fatal(err)
	}
	parts[1] = strconv.FormatInt(seen-idle, 10)
	yes := true
	call(b, network.SetCookie, network.SetCookieParams{
		Name: w.cookie.Name, Value: strings.Join(parts, "."), URL: b.base + "/", Path: "/", Secure: &yes, HTTPOnly: &yes,
		SameSite: network.CookieSameSiteLax,
	})
}

// exit is a page that a resident leaves by "Snel weg".
type exit struct {
	who   walked
	path  string
	press string // and then this
	idle  bool   // after half an hour
	title string
	whole bool // it is inspected as a whole: no other test comes there
}

func exits(open, sent walked) map[string]exit {
	all := map[string]exit{
		"the check page":                {who: open, path: "/controle", title: "Kijk je antwoorden na"},
		"a page with a mistake":         {who: open, path: "/vraag/54", press: goOn, title: "Fout: Vraag "},
		"a change from the check page":  {who: open, path: "/vraag/51?terug=controle", title: "Vraag "},
		"the page of the code":          {who: open, path: "/later", title: "Later verder", whole: true},
		"the page that takes a code":    {who: open, path: "/verder", title: "Verder met een code", whole: true},
		"a wrong code":                  {who: open, path: "/verder", press: goOn, title: "Fout: Verder met een code", whole: true},
		"the receipt":                   {who: sent, path: "/ontvangen", title: "We hebben je vraag"},
		"the own page":                  {who: sent, path: "/ontvangen", press: `main a[href^="/mijn/"]`, title: "Je eigen pagina"},
		"a form that was sent before":   {who: sent, path: "/vraag/23", title: "We hebben je vraag"},
		"a form that is closed by now":  {who: open, path: "/vraag/54", press: goOn, idle: true, title: "Het formulier is gesloten", whole: true},
		"an address that is not there":  {who: open, path: "/elders", title: "Deze pagina is er niet"},
		"a link that opens nothing":     {who: sent, path: "/mijn/" + strings.Repeat("A", 43), title: "Deze pagina is er niet"},
		"the start page":                {who: sent, path: "/", title: "Begin"},
		"the page about one's own data": {who: sent, path: "/privacy", title: "Wat doen we met je gegevens?"},
	}
	for _, path := range open.pages {
		all["question "+path] = exit{who: open, path: path, title: "Vraag "}
	}
	return all
}

// "Snel weg" on every page of a resident: at once, by keyboard as well, to the neutral site; afterwards no cookie is
// left, and Back, the history and every address typed again show what a stranger sees.
//
// threat:T01
// threat:T20
//
//ux:15
func TestQuickExitFromEveryPage(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	m, err := readMunicipality(waterstad)
	if err != nil {
		t.Fatal(err)
	}
	open, sent := walkTo(t, p.base, false), walkTo(t, p.base, true)
	if len(open.pages) < 25 {
		t.Errorf("only %d question pages are left", len(open.pages))
	}
	b, tests := newTab(t, p.base), exits(open, sent)
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		b.arrive(tests[name])
		if !strings.HasPrefix(b.title(), tests[name].title) {
			t.Errorf("%s: the page is %q, want %q", name, b.title(), tests[name].title)
			continue
		}
		for _, fault := range b.leave(m.ExitURL) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	t.Logf("the slowest of %d exits took %s", len(tests), b.slowest)
}

// arrive goes to a page that will be left.
func (b *tab) arrive(to exit) {
	b.t.Helper()
	call(b, page.ResetNavigationHistory, cdp.Empty{})
	b.come(to.who, 0)
	b.open(to.path)
	if to.press == goOn {
		b.emptyPage()
	}
	if to.idle {
		b.come(to.who, 31)
	}
	if to.press != "" {
		b.press(to.press)
	}
	if to.whole {
		b.mu.Lock()
		b.outside = nil // the exits before led there
		b.mu.Unlock()
		b.inspect(to.title)
	}
}

// emptyPage takes away what stands on a page.
func (b *tab) emptyPage() {
	b.t.Helper()
	do(b, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('main input:not([type="hidden"])').forEach(e => { e.value = ''; e.checked = false; })`))
}

// exitMost is how long "Snel weg" may take: from the click's request to that for the neutral site, however slow that is.
const exitMost = time.Second

// exit clicks "Snel weg" and says what is not as it should be. The browser's clock tells how long it took, so that a
// machine that is busy with the tests does not.
func (b *tab) exit(to string) (faults []string) {
	b.t.Helper()
	b.press(".vd-exit")
	if got := b.path(); got != to {
		faults = append(faults, fmt.Sprintf("it leads to %s, want %s", got, to))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.led <= 0 || b.led > exitMost {
		faults = append(faults, fmt.Sprintf("it takes %s, want at most %s", b.led, exitMost))
	}
	b.slowest = max(b.slowest, b.led)
	return faults
}

// leave presses "Snel weg", and says what is not as it should be.
func (b *tab) leave(to string) (faults []string) {
	b.t.Helper()
	fault := func(format string, a ...any) { faults = append(faults, fmt.Sprintf(format, a...)) }
	if top := do(b, chromedp.Evaluate[float64](`document.querySelector('.vd-exit').getBoundingClientRect().top + scrollY`)); top > 100 {
		fault("the exit stands %g px from the top", top)
	}
	if !do(b, chromedp.Evaluate[bool](`[...document.querySelectorAll('a[href], button, input:not([type="hidden"])')].findIndex(e => e.matches('.vd-exit')) === 1`)) {
		fault("the exit is not the first thing behind the skip link")
	}
	faults = append(faults, b.exit(to)...)
	if kept := call(b, network.GetCookies, network.GetCookiesParams{URLs: []string{b.base}}).Cookies; len(kept) > 0 {
		fault("%d cookies are left", len(kept))
	}
	visited := map[string]bool{}
	for _, entry := range call(b, page.GetNavigationHistory, cdp.Empty{}).Entries {
		if path, ours := strings.CutPrefix(entry.URL, b.base); ours {
			visited[path] = true
			if strings.Contains(path, "/mijn/") && !strings.Contains(path, "AAAA") {
				fault("the history holds the link of an own page")
			}
		}
	}
	if len(visited) == 0 {
		fault("the history holds none of the pages, so that nothing was looked at")
	}
	b.backQuietly()
	if !b.tellsNothing() {
		fault("Back shows %s, %q", b.path(), b.title())
	}
	for path := range visited {
		b.open(path)
		if !b.tellsNothing() {
			fault("%s typed again shows %s, %q", path, b.path(), b.title())
		}
	}
	return faults
}

// backQuietly is Back, where the browser may have a page of its own: it sends no form a second time by itself.
func (b *tab) backQuietly() {
	b.t.Helper()
	_, _ = chromedp.RunResponse(b.ctx, chromedp.NavigateBack())
}

// tellsNothing says whether the page is one that everybody sees who comes for the first time, or the browser's own.
func (b *tab) tellsNothing() bool {
	b.t.Helper()
	if !strings.HasPrefix(do(b, chromedp.Location()), b.base) {
		return true // the browser's own
	}
	if filled := do(b, chromedp.Evaluate[int](`[...document.querySelectorAll('input:not([type="hidden"]), textarea')].filter(e => e.checked || e.type !== 'radio' && e.type !== 'checkbox' && e.value !== '').length`)); filled > 0 {
		return false
	}
	open := []string{"Begin", "Verder met een code", "Wat doen we met je gegevens?", "Deze pagina is er niet"}
	return slices.ContainsFunc(open, func(title string) bool { return strings.HasPrefix(b.title(), title) })
}

// What a browser fetches ahead, or only asks for, throws nobody out; and who has no cookie gets away as well.
//
// threat:T02
//
//ux:15
func TestFetchingTheExitAheadInABrowser(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	m, err := readMunicipality(waterstad)
	if err != nil {
		t.Fatal(err)
	}
	b := newTab(t, p.base)
	b.open("/")
	b.press(".vd-exit")
	if got := b.path(); got != m.ExitURL {
		t.Errorf("without a cookie the exit leads to %s", got)
	}
	b.come(walkTo(t, p.base, false), 0)
	b.open("/_local/") // a page of the same host without our security policy, which forbids all of this
	b.script(true)
	for _, ahead := range []string{
		`new Promise(done => { const l = document.createElement('link'); l.rel = 'prefetch'; l.href = '/weg'; l.onload = l.onerror = () => done(true); document.head.append(l); })`,
		`fetch('/weg', {method: 'HEAD', credentials: 'include', redirect: 'manual'}).then(() => true)`,
	} {
		do(b, chromedp.Evaluate[bool](ahead, chromedp.EvalAwaitPromise))
	}
	b.script(false)
	b.open("/vraag/11")
	if b.path() != "/vraag/11" {
		t.Errorf("the draft is shut: %s", b.path())
	}
}
