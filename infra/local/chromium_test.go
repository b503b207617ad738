package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Widths of a screen in CSS pixels.
const (
	narrow = 320
	phone  = 360
	wide   = 1280
)

// tab is a browser's tab on a telephone of 360 px with scripting off. Nothing it asks for leaves the machine.
type tab struct {
	t      *testing.T
	ctx    context.Context
	base   string
	status int64 // of the page that is shown

	mu       sync.Mutex
	first    bool              // it is the first page of the visit
	requests int               // since the last click that led to a page
	weight   float64           // bytes over the wire since then, headers included
	asked    cdp.MonotonicTime // when the last page was asked for
	slowest  time.Duration     // of the exits
	led      time.Duration     // from then until the answer that led elsewhere, by the browser's clock; 0 when none did
	said     []string          // what the console, the security policy and scripts said
	outside  []string          // addresses elsewhere, answered with an empty page
}

// newTab opens a browser of its own, without history or cookies.
func newTab(t *testing.T, base string) *tab {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("Chromium is missing: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
	)
	hangs := 15 * time.Minute
	if *prove {
		hangs = 2 * time.Hour
	}
	within, cancel := context.WithTimeout(t.Context(), hangs)
	t.Cleanup(cancel)
	allocator, free := chromedp.NewExecAllocator(within, options...)
	t.Cleanup(free)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	b := &tab{t: t, ctx: ctx, base: base}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	call(b, audits.Enable, cdp.Empty{})
	call(b, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "https://*"}}})
	go b.answerOutside(chromedp.Events(ctx, fetch.RequestPaused))
	b.script(false)
	b.width(phone)
	return b
}

// call sends a command to the browser; a failure ends the test.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// do runs an action; a failure ends the test and says on which page.
func do[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("on %q: %v", b.title(), err)
	}
	return result
}

// hear counts requests and keeps every complaint.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests++
		switch {
		case e.RedirectResponse != nil:
			b.weight += e.RedirectResponse.EncodedDataLength
			b.led = time.Duration(float64(e.Timestamp-b.asked) * float64(time.Second))
		case e.Type == network.ResourceTypeDocument:
			b.asked = e.Timestamp
		}
	case *network.EventRequestServedFromCache:
		b.requests--
	case *network.EventLoadingFinished:
		b.weight += e.EncodedDataLength
	case *audits.EventIssueAdded:
		b.said = append(b.said, string(e.Issue.Code))
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelInfo && e.Entry.Source != log.EntrySourceNetwork { // a 422 is no complaint
			b.said = append(b.said, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, "console."+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, e.ExceptionDetails.Text)
	}
}

// answerOutside is every other site: an empty page.
func (b *tab) answerOutside(paused iter.Seq2[fetch.EventRequestPaused, error]) {
	for e, err := range paused {
		if err != nil {
			return // the browser is gone
		}
		b.mu.Lock()
		b.outside = append(b.outside, e.Request.URL)
		b.mu.Unlock()
		_, _ = chromedp.Call(b.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: e.RequestID, ResponseCode: 200,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html"}},
			Body:            []byte("<!doctype html><title>elsewhere</title>"),
		})
	}
}

// script switches scripting on or off.
func (b *tab) script(on bool) {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// width makes the screen as wide as this, a telephone's below 500 px.
func (b *tab) width(pixels int64) {
	b.t.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: pixels, Height: 740, DeviceScaleFactor: 2, Mobile: pixels < 500,
	})
}

// open goes to an address as somebody who types it.
func (b *tab) open(address string) {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.base + address
	}
	b.load(chromedp.Navigate(address))
}

// press clicks what leads to another page.
func (b *tab) press(selector string) {
	b.t.Helper()
	b.load(chromedp.Click(chromedp.CSS(selector)))
}

// back is the browser's own button.
func (b *tab) back() {
	b.t.Helper()
	b.load(chromedp.NavigateBack())
}

// load does what leads to another page, and waits for it.
func (b *tab) load(step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.mu.Lock()
	b.first = b.weight == 0
	b.requests, b.weight, b.led = 0, 0, 0
	b.mu.Unlock()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		b.t.Fatalf("from %q: %v", b.title(), err)
	}
	if b.status = 0; response != nil {
		b.status = response.Status
	}
}

// fill answers a page by clicks and keys: choices first, since some questions show only after them.
func (b *tab) fill(answers url.Values) {
	b.t.Helper()
	fields := slices.SortedFunc(maps.Keys(answers), func(x, y string) int {
		return cmp.Or(cmp.Compare(strings.Count(x, "."), strings.Count(y, ".")), cmp.Compare(x, y))
	})
	for _, choices := range []bool{true, false} {
		for _, field := range fields {
			for _, value := range answers[field] {
				choice := fmt.Sprintf(`input[name=%q][value=%q]`, field, value)
				isChoice := b.count(choice+`:is([type="radio"],[type="checkbox"])`) > 0
				switch text := fmt.Sprintf(`[name=%q]`, field); {
				case isChoice != choices:
				case isChoice:
					do(b, chromedp.Click(chromedp.CSS(choice)))
				case b.count("select"+text) > 0:
					option := fmt.Sprintf(`document.querySelector('select%s option[value=%q]').label`, text, value)
					do(b, chromedp.SendKeys(chromedp.CSS(text), do(b, chromedp.Evaluate[string](option))))
				default:
					do(b, chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector(%q).select()", text)))
					do(b, chromedp.SendKeys(chromedp.CSS(text), value))
				}
			}
		}
	}
}

// path is the address of the page without the machine.
func (b *tab) path() string {
	b.t.Helper()
	return strings.TrimPrefix(do(b, chromedp.Location()), b.base)
}

func (b *tab) title() string {
	title, err := chromedp.Run(b.ctx, chromedp.Title())
	if err != nil {
		return "no page"
	}
	return title
}

// text is what somebody reads there.
func (b *tab) text(selector string) string {
	b.t.Helper()
	return strings.Join(strings.Fields(do(b, chromedp.Text(chromedp.CSS(selector)))), " ")
}

// focuses says whether an element has the focus; the browser may need a moment after the page was read.
func (b *tab) focuses(selector string) bool {
	b.t.Helper()
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if do(b, chromedp.Evaluate[bool](fmt.Sprintf("document.activeElement.matches(%q)", selector))) {
			return true
		}
	}
	return false
}

// count is how many elements there are.
func (b *tab) count(selector string) int {
	b.t.Helper()
	return do(b, chromedp.Evaluate[int](fmt.Sprintf("document.querySelectorAll(%q).length", selector)))
}
