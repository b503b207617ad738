package smoke_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/functions/dispatch/smoke"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/mail"
	"voordeur/internal/mail/mailtest"
	"voordeur/internal/message"
	"voordeur/internal/web"
)

func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// way is everything between a smoke test and its mail: the real front door over HTTP, the real store, and dispatch.
type way struct {
	t *testing.T
	*exampletest.Town
	smoke.Test
	dispatch dynamo.Dispatch
	mails    *mailtest.Server
	log      bytes.Buffer
	now      time.Time

	mu     sync.Mutex
	broken func(r *http.Request) bool // requests that the front door fails
	sent   int                        // last clicks that it answered
}

func newWay(t *testing.T, municipalityID string) *way {
	t.Helper()
	town := exampletest.In(t, municipalityID)
	w := &way{t: t, Town: town, mails: mailtest.Start(t), now: monday(), broken: func(*http.Request) bool { return false }}
	assets, err := web.NewAssets(town.Municipality.Theme)
	if err != nil {
		t.Fatal(err)
	}
	pages := web.Frontdoor{
		Municipality: town.Municipality, Form: form.Of(town.Municipality), Drafts: town.Drafts, Arrivals: town.Arrivals, Intake: town.Intake, Texts: web.NewCatalog(),
		Assets: assets, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.now }, Clock: func() time.Time { return w.now },
	}.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		fails := w.broken(r)
		if r.Method == http.MethodPost && r.URL.Path == "/controle" && !fails {
			w.sent++
		}
		w.mu.Unlock()
		if fails {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		pages.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.Test = smoke.Test{
		Municipality: town.Municipality, Work: town.Work, Store: town.Store, Base: server.URL, Transport: http.DefaultTransport,
		Log: slog.New(slog.NewJSONHandler(&w.log, nil)),
	}
	delivery := &message.Delivery{
		Writer: message.NewWriter(town.Municipality), Outbox: town.Store, Cases: town.Store, Opener: town.Opener,
		Transport: mail.SMTP{Server: w.mails.Address}, Links: message.Links{Public: server.URL, Desk: server.URL + "/desk/"},
		TestLead: "proef@gemeente.example",
	}
	w.dispatch = dynamo.Dispatch{Store: town.Store, Take: town.Work.Take, Deliver: delivery.Deliver, Overdue: town.Work.Overdue, Undelivered: town.Work.Undelivered}
	return w
}

// run starts a smoke test so long after monday morning.
func (w *way) run(after time.Duration) {
	w.t.Helper()
	w.now = monday().Add(after)
	if err := w.Run(w.t.Context(), w.now); err != nil {
		w.t.Fatal(err)
	}
}

// latest returns the latest smoke test's case.
func (w *way) latest() casework.Dossier {
	w.t.Helper()
	last, err := w.Store.SmokeTest(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := w.Store.Dossier(w.t.Context(), last.Reference)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// steps goes on so far: "taken", "sent", and what SES tells then.
func (w *way) steps(names ...string) {
	w.t.Helper()
	ctx := w.t.Context()
	for _, name := range names {
		var err error
		switch name {
		case "taken":
			var last casework.SmokeTest
			if last, err = w.Store.SmokeTest(ctx); err == nil {
				err = w.dispatch.Take(ctx, w.now, last.Reference)
			}
		case "sent":
			m := w.latest().Messages[0]
			err = w.dispatch.Deliver(ctx, w.now, m.Case, m.ID)
		default:
			w.told(casework.MessageStatus(name))
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// told is what SES tells of the latest smoke test's mail, 3 seconds after its report came in.
func (w *way) told(what casework.MessageStatus) {
	w.t.Helper()
	d := w.latest()
	at := d.Case.Reported.Add(3 * time.Second)
	m, news, err := w.Store.Feedback(w.t.Context(), d.Case.ID, func(string) bool { return true }, what, at)
	if err != nil {
		w.t.Fatal(err)
	}
	if news && what == casework.Delivered {
		if err := w.Delivered(w.t.Context(), m, at); err != nil {
			w.t.Fatal(err)
		}
	}
}

// said returns what was logged since the last time, without time and reference.
func (w *way) said() []map[string]any {
	w.t.Helper()
	var all []map[string]any
	for line := range strings.Lines(w.log.String()) {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			w.t.Fatal(err)
		}
		delete(l, "time")
		delete(l, "case")
		all = append(all, l)
	}
	w.log.Reset()
	return all
}

func (w *way) clicks() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent
}

func failed(step string) []map[string]any {
	return []map[string]any{{"level": "ERROR", "msg": "smoke test failed", "step": step}}
}

// P3: marked report → test lead → mail → removed, through the very pages that a resident sees.
//
// feature:P3
func TestASmokeTestGoesTheWholeWay(t *testing.T) {
	for _, municipality := range []string{"waterstad", "duinrand"} {
		t.Run(municipality, func(t *testing.T) {
			w := newWay(t, municipality)
			w.run(0)
			w.steps("taken", "sent", "delivered", "delivered")
			want := []map[string]any{{"level": "INFO", "msg": "smoke test passed", "seconds": 3.0}}
			if diff := cmp.Diff(want, w.said()); diff != "" {
				t.Errorf("log differs (-want +got):\n%s", diff)
			}
			mails := w.mails.Mails()
			if len(mails) != 1 || mails[0].To != "proef@gemeente.example" {
				t.Fatalf("mails went to %+v", mails)
			}
			if d := w.latest(); d.Case.State != casework.Rehearsed {
				t.Errorf("case is %s", d.Case.State)
			}
			w.run(15 * time.Minute)
			if got := w.said(); len(got) > 0 || w.clicks() != 2 {
				t.Errorf("the next one: %v, %d sent", got, w.clicks())
			}
		})
	}
}

// A test that has not come to its end within ten minutes has failed, at its first step that did not happen.
func TestASmokeTestThatStopsOnItsWayHasFailed(t *testing.T) { // threat:T25 //threat:T33
	tests := map[string]struct {
		steps []string
		want  []map[string]any
	}{
		"no case was made of it":       {nil, failed("taken")},
		"the mail was not sent":        {[]string{"taken"}, failed("sent")},
		"the mail did not arrive":      {[]string{"taken", "sent"}, failed("delivered")},
		"the mail came back":           {[]string{"taken", "sent", "bounced"}, failed("delivered")},
		"taken, and sent back later":   {[]string{"taken", "sent", "delivered", "bounced"}, failed("delivered")},
		"delivered":                    {[]string{"taken", "sent", "delivered"}, nil},
		"delivered, and called spam":   {[]string{"taken", "sent", "delivered", "complained"}, nil},
		"delivered, told before taken": {[]string{"taken", "sent", "complained"}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWay(t, "waterstad")
			w.run(0)
			w.steps(tt.steps...)
			w.said()
			w.run(15 * time.Minute)
			if diff := cmp.Diff(tt.want, w.said()); diff != "" {
				t.Errorf("log differs (-want +got):\n%s", diff)
			}
			if w.clicks() != 2 {
				t.Errorf("%d were sent: the next one must start whatever became of this one", w.clicks())
			}
		})
	}
}

// EventBridge brings an event at least once.
func TestWhileOneIsOnItsWayNoOtherStarts(t *testing.T) {
	w := newWay(t, "waterstad")
	w.run(0)
	w.run(9 * time.Minute)
	if got := w.said(); len(got) > 0 || w.clicks() != 1 {
		t.Errorf("said %v, %d sent", got, w.clicks())
	}
	w.steps("taken", "sent", "delivered")
	w.run(9 * time.Minute)
	if w.clicks() != 2 {
		t.Errorf("after it has passed %d were sent", w.clicks())
	}
}

// After a pause the rows of the latest one may be gone: that says nothing.
func TestAnOldSmokeTestIsNotJudged(t *testing.T) {
	w := newWay(t, "waterstad")
	w.run(0)
	w.run(24 * time.Hour)
	if got := w.said(); len(got) > 0 || w.clicks() != 2 {
		t.Errorf("said %v, %d sent", got, w.clicks())
	}
}

// Whatever page fails, the test has failed at the form, with the page's name and nothing that was filled in.
func TestAFormThatCannotBeFilledInIsAFailedTest(t *testing.T) { // threat:T17
	tests := map[string]struct{ method, path, want string }{
		"the start page":     {"GET", "/", "GET /: status 502"},
		"the first click":    {"POST", "/begin", "POST /begin: status 502"},
		"a question":         {"GET", "/vraag/51", "GET /vraag/51: status 502"},
		"an answer":          {"POST", "/vraag/51", "POST /vraag/51: status 502"},
		"the check page":     {"GET", "/controle", "GET /controle: status 502"},
		"the last click":     {"POST", "/controle", "POST /controle: status 502"},
		"the receipt":        {"GET", "/ontvangen", "GET /ontvangen: status 502"},
		"a form without end": {"", "", "the form has no end"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWay(t, "waterstad")
			w.broken = func(r *http.Request) bool { return r.Method == tt.method && r.URL.Path == tt.path }
			if tt.path == "" {
				loop := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodPost {
						http.Redirect(rw, r, "/vraag/11", http.StatusSeeOther)
					}
				}))
				t.Cleanup(loop.Close)
				w.Base = loop.URL
			}
			w.run(0)
			want := failed("form")
			want[0]["error"] = tt.want
			if diff := cmp.Diff(want, w.said()); diff != "" {
				t.Errorf("log differs (-want +got):\n%s", diff)
			}
			if _, err := w.Store.SmokeTest(t.Context()); !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("it is kept as the latest: %v", err)
			}
		})
	}
}

// unreachable is a network on which nobody answers.
type unreachable struct{}

func (unreachable) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no route to host")
}

func TestAHostThatCannotBeReachedIsAFailedTest(t *testing.T) {
	w := newWay(t, "waterstad")
	w.Transport = unreachable{}
	w.run(0)
	want := failed("form")
	want[0]["error"] = "GET /: no route to host"
	if diff := cmp.Diff(want, w.said()); diff != "" {
		t.Errorf("log differs (-want +got):\n%s", diff)
	}
}

// What fails on dispatch's own side is an error of dispatch, which Lambda counts.
func TestAStoreThatIsDownIsAnError(t *testing.T) {
	w := newWay(t, "waterstad")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Run(ctx, monday()); err == nil || w.clicks() > 0 {
		t.Errorf("Run = %v, %d sent", err, w.clicks())
	}
}

// Only the mail of a smoke test says that one has passed.
func TestTheMailOfAReportIsNoSmokeTest(t *testing.T) {
	w := newWay(t, "waterstad")
	c := w.Case(t, monday(), exampletest.Answers(nil))
	d, err := w.Town.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Messages {
		if err := w.Delivered(t.Context(), m, monday()); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.said(); len(got) > 0 {
		t.Errorf("said %v", got)
	}
}
