package web_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

// suspicion is what goes with the report that a resident sent, nil for nothing.
func (r *resident) suspicion() *casework.Suspicion {
	r.t.Helper()
	ref := r.secret().Reference(0)
	report, _, err := r.door.Store.Report(r.t.Context(), ref)
	if err != nil {
		r.t.Fatal(err)
	}
	referral, err := casework.OpenJSON[casework.Referral](r.t.Context(), r.door.Opener, casework.ForRouting, ref, report.Routing)
	if err != nil {
		r.t.Fatal(err)
	}
	return referral.Suspicion
}

// callMe is the short path, filled in with nothing that was not asked.
func callMe() map[string]url.Values {
	return map[string]url.Values{
		"32": {"safe_now": {"yes"}}, "51": {"call_name": {"Sam"}},
		"52": {"contact_way": {"call"}, "phone": {"06 12345678"}}, "54": {"postcode": {"9991 AB"}, "house_number": {"12"}},
		"61": {"language": {"nl"}},
	}
}

// spelledOut is a number as it is read aloud.
var spelledOut = regexp.MustCompile(`[0-9A-Z] [0-9A-Z] [0-9A-Z](, )?`)

// Whoever is suspected sees what everybody sees: nothing is refused, asked again, or slower.
func TestWhoIsSuspectedSeesNothingOfIt(t *testing.T) { // threat:T31 //threat:T32
	tests := map[string]struct {
		takes  time.Duration
		before int // forms that the network began before
		typed  string
		want   []casework.Doubt
	}{
		"a person":                      {time.Minute, 0, "", nil},
		"a program that fills in all":   {time.Minute, 0, "x", []casework.Doubt{casework.Trapped}},
		"a program that is quick":       {time.Second, 0, "", []casework.Doubt{casework.TooFast}},
		"a person in a crowded library": {time.Minute, 20, "", []casework.Doubt{casework.Crowded}},
	}
	looks := map[string]string{}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := openDoorOf(t, "waterstad", true, func(f *web.Frontdoor) { f.Intake.Limits = casework.PublicLimits() })
			for range tt.before {
				d.resident(t).begin(form.CallMe)
			}
			r := d.resident(t)
			check, _ := r.walk(r.begin(form.CallMe), callMe())
			d.now = d.now.Add(tt.takes)
			receipt := r.answer(check, url.Values{"bericht2": {tt.typed}})
			if receipt.status != http.StatusOK || receipt.path != "/ontvangen" {
				t.Fatalf("sending led to %d %s", receipt.status, receipt.path)
			}
			got := r.suspicion()
			if (got == nil) != (tt.want == nil) || got != nil && !slices.Equal(got.Doubts, tt.want) {
				t.Errorf("suspicion is %+v, want %v", got, tt.want)
			}
			ref := string(r.secret().Reference(0))
			html, err := receipt.Html()
			if err != nil {
				t.Fatal(err)
			}
			own := strings.NewReplacer(ref, "", r.secret().LinkToken().String(), "", "12.01", "12.00")
			looks[name] = spelledOut.ReplaceAllString(own.Replace(html), "")
		})
	}
	for name, look := range looks {
		if diff := cmp.Diff(looks["a person"], look); diff != "" {
			t.Errorf("the receipt of %s looks different:\n%s", name, diff)
		}
	}
}

// The trap is no question: nobody sees it, hears it, comes to it by key, or has it filled in by the browser.
func TestTheTrapIsHiddenFromPeople(t *testing.T) { // threat:T31
	d := openDoor(t)
	r := d.resident(t)
	check, _ := r.walk(r.begin(form.CallMe), callMe())
	trap := check.Find(`div[hidden] input[name="bericht2"]`)
	if trap.Length() != 1 || trap.AttrOr("autocomplete", "") != "off" || trap.AttrOr("tabindex", "") != "-1" || trap.AttrOr("value", "") != "" {
		t.Errorf("the trap is %d fields, or can be come by", trap.Length())
	}
	if label := check.Find(`div[hidden] label[for="bericht2"]`).Text(); label != "Laat dit leeg" {
		t.Errorf("a browser that shows hidden things says %q", label)
	}
}

// The network is the gateway's word, never a header that the visitor writes; nor do language or country count.
func TestANetworkIsNotWhatTheVisitorSays(t *testing.T) { // threat:T31
	arrivals := &seenArrivals{}
	pages := openDoorOf(t, "waterstad", true, func(f *web.Frontdoor) { f.Arrivals = arrivals }).server.Config.Handler
	tests := map[string]struct {
		remote string
		header http.Header
		want   string
	}{
		"an address":                {"192.0.2.77:0", nil, "192.0.2.0/24"},
		"one of the same network":   {"192.0.2.1:0", nil, "192.0.2.0/24"},
		"an address of version 6":   {"[2001:db8:1:2::3]:0", nil, "2001:db8:1::/48"},
		"a header that says others": {"192.0.2.77:0", http.Header{"X-Forwarded-For": {"198.51.100.1"}, "Forwarded": {"for=198.51.100.1"}}, "192.0.2.0/24"},
		"another language":          {"192.0.2.77:0", http.Header{"Accept-Language": {"ti"}, "Cloudfront-Viewer-Country": {"XX"}}, "192.0.2.0/24"},
		"no address":                {":0", nil, "unknown"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/begin", strings.NewReader("path=call_me"))
			r.RemoteAddr = tt.remote
			maps.Copy(r.Header, tt.header)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			w := httptest.NewRecorder()
			pages.ServeHTTP(w, r)
			if w.Code != http.StatusSeeOther || arrivals.network != tt.want {
				t.Errorf("%d, network %q, want %q", w.Code, arrivals.network, tt.want)
			}
		})
	}
	arrivals.err = errors.New("the count is down")
	r := httptest.NewRequest(http.MethodPost, "/begin", strings.NewReader("path=call_me"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		t.Errorf("nobody can begin while the count is down: %d", w.Code)
	}
}

// seenArrivals remembers whom it counted.
type seenArrivals struct {
	network string
	err     error
}

func (a *seenArrivals) Count(_ context.Context, network string, _ time.Time) (string, int, error) {
	a.network = network
	return "0f3a91c2d4e5f607", 1, a.err
}
