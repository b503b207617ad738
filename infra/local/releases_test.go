package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/clock"
	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/inbox"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

// What the last releases wrote is worked on as if this code had written it: nothing is converted beforehand, and a row
// changes only when its case does. See .github/guides/operator/upgrades.md.
//
// invariant:I6
// invariant:I7
// invariant:I15
func TestWhatAReleaseWroteIsWorkedOn(t *testing.T) {
	all := kept(t)
	for _, name := range lastTwo(t) {
		if _, ok := all["release "+name]; !ok {
			t.Errorf("nothing that release %s wrote was kept: record it on its own commit, see upgrades.md", name)
		}
	}
	this := record(t, *recordAs)
	if *recordAs != "" {
		orFail(t, this.keep())
	}
	all["this code"] = this
	for name, r := range all {
		t.Run(name, func(t *testing.T) {
			w := resume(t, r)
			w.everyCaseOpens(t)
			w.everyLinkOpens(t)
			w.theDraftOpens(t)
			w.aSystemIsRemembered(t)
			w.aWorkerAccepts(t)
			w.whatIsOwedIsSentOnce(t)
			w.whatIsDueIsFound(t)
		})
	}
}

// upgrade finds a row of the table of upgrades: "| 0.2 → 0.3 |".
var upgrade = regexp.MustCompile(`(?m)^\| ([0-9.]+) → [0-9.]+ \|`)

// lastTwo returns the releases that the upgrades to this one, and to the one before, come from.
func lastTwo(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../.github/guides/operator/upgrades.md")
	orFail(t, err)
	var from []string
	for _, m := range upgrade.FindAllStringSubmatch(string(text), -1) {
		from = append(from, m[1])
	}
	if len(from) < 2 {
		t.Fatalf("upgrades.md tells of upgrades from %v, want two", from)
	}
	return from[len(from)-2:]
}

// kept reads every release that was kept.
func kept(t *testing.T) map[string]release {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(releases, "*.json"))
	orFail(t, err)
	all := map[string]release{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		orFail(t, err)
		var r release
		orFail(t, json.Unmarshal(data, &r))
		all["release "+r.Name] = r
	}
	return all
}

// resumed is this code at work on what a release wrote.
type resumed struct {
	*service
	release
}

// resume starts the whole program on the rows of a release, at the time at which that stopped.
func resume(t *testing.T, r release) resumed {
	t.Helper()
	data := t.TempDir()
	orFail(t, os.WriteFile(filepath.Join(data, "kms.key"), r.KMSKey, 0o600))
	v := &service{}
	var err error
	v.municipality, err = readMunicipality(waterstad)
	orFail(t, err)
	orFail(t, v.listen(t.Context(), "127.0.0.1:0"))
	v.database = dynoxidetest.Start(t)
	v.clock, err = clock.New(filepath.Join(data, "clock.json"), func() time.Time { return r.Now })
	orFail(t, err)
	v.inbox, err = inbox.Start(filepath.Join(data, "mail"), v.clock.Now)
	orFail(t, err)
	v.closers = append(v.closers, v.inbox.Close)
	load(t, v.database.Endpoint, dynamo.CaseTable(v.municipality.ID+"-cases"), r.Cases)
	load(t, v.database.Endpoint, dynamo.ShortTable(v.municipality.ID+"-short"), r.Short)
	orFail(t, v.assemble(t.Context(), data))
	server := &http.Server{Handler: v.handler, ReadHeaderTimeout: readHeaderWithin}
	served := make(chan error, 1)
	go func() { served <- server.Serve(v.listener) }()
	t.Cleanup(func() {
		err := errors.Join(server.Shutdown(context.Background()), v.close())
		if ended := <-served; err != nil || !errors.Is(ended, http.ErrServerClosed) {
			t.Error(err, ended)
		}
	})
	return resumed{v, r}
}

// load makes a table of rows as they were written.
func load(t *testing.T, endpoint string, table *dynamodb.CreateTableInput, rows []row) {
	t.Helper()
	_, err := dynamodb.NewFromConfig(dynoxide.Config(endpoint)).CreateTable(t.Context(), table)
	orFail(t, err)
	for _, r := range rows {
		ask(t, endpoint, "PutItem", map[string]any{"TableName": *table.TableName, "Item": r})
	}
}

// everyCaseOpens at the desk, with what was told, what was said and its history unbroken.
func (w resumed) everyCaseOpens(t *testing.T) {
	t.Helper()
	b := w.signIn(t, "willem")
	opened := 0
	for _, to := range w.Told {
		if to.State == casework.Submitted {
			continue
		}
		opened++
		page := b.get(t, "/desk/casus/"+string(to.Reference)).Text()
		for _, want := range append([]string{to.CallName, to.Story}, to.Reasons...) {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page does not say %q", to.What, want)
			}
		}
		d, err := w.store.Dossier(t.Context(), to.Reference)
		orFail(t, err)
		if err := casework.CheckChain(d.Case, d.Events); err != nil {
			t.Errorf("%s: %v", to.What, err)
		}
		edited := slices.Clone(d.Events)
		edited[0].Reason, edited[0].Detail = edited[0].Detail, edited[0].Reason
		edited[0].Why = nil
		if casework.CheckChain(d.Case, edited) == nil {
			t.Errorf("%s: a reason that was edited shows nowhere", to.What)
		}
		if c := d.Case; c.State != to.State || c.Owner() != to.Owner || len(d.Events) != to.Events {
			t.Errorf("%s: %s with %s after %d events, want %s with %s after %d",
				to.What, c.State, c.Owner(), len(d.Events), to.State, to.Owner, to.Events)
		}
	}
	if opened < 10 {
		t.Errorf("%d cases opened, want one in every state", opened)
	}
}

func (w resumed) everyLinkOpens(t *testing.T) {
	t.Helper()
	b, links := &visitor{base: w.base, cookies: map[string]string{}}, 0
	for _, to := range w.Told {
		if to.LinkToken == "" {
			continue
		}
		links++
		if page := b.get(t, "/mijn/"+to.LinkToken).Text(); !strings.Contains(page, string(to.Reference)) {
			t.Errorf("%s: the resident's page does not name %s", to.What, to.Reference)
		}
	}
	if links == 0 {
		t.Error("no link was opened")
	}
}

func (w resumed) theDraftOpens(t *testing.T) {
	t.Helper()
	seen := fmt.Sprint(time.Now().Unix() / 60)
	b := &visitor{base: w.base, cookies: map[string]string{"__Host-d": w.Draft.Secret + "." + seen + ".nl"}}
	if page := b.get(t, "/controle").Text(); !strings.Contains(page, w.Draft.Story) {
		t.Errorf("the draft does not say %q", w.Draft.Story)
	}
}

// aSystemIsRemembered says that a system that repeats its request gets the same answer.
func (w resumed) aSystemIsRemembered(t *testing.T) {
	t.Helper()
	for _, to := range w.Told {
		if to.What != requested {
			continue
		}
		o := casework.NewOnce(systemClient, systemKey, nil, w.Now)
		in := casework.SystemIntake{Requests: w.store}
		if ref, err := in.Repeat(t.Context(), w.Now, o); ref != to.Reference || err != nil {
			t.Errorf("the repeat is answered with %q, %v; want %s", ref, err, to.Reference)
		}
	}
}

// aWorkerAccepts what was offered under the release.
func (w resumed) aWorkerAccepts(t *testing.T) {
	t.Helper()
	to := w.told(t, "offered, its mails sent")
	path := "/desk/casus/" + string(to.Reference)
	b := w.signIn(t, to.Owner)
	form := b.get(t, path).Find(`form[action$="/aannemen"]`)
	values := url.Values{}
	form.Find("input").Each(func(_ int, input *goquery.Selection) {
		values.Set(input.AttrOr("name", ""), input.AttrOr("value", ""))
	})
	b.post(t, form.AttrOr("action", path+"/aannemen"), values)
	if c, err := w.store.Case(t.Context(), to.Reference); err != nil || c.State != casework.Accepted || c.Lead != to.Owner {
		t.Errorf("after the click the case is %s with %s, %v", c.State, c.Lead, err)
	}
}

func (w resumed) told(t *testing.T, what string) told {
	t.Helper()
	for _, to := range w.Told {
		if to.What == what {
			return to
		}
	}
	t.Fatalf("nobody told of a report %q", what)
	return told{}
}

// whatIsOwedIsSentOnce takes up the reports that wait and sends what is owed.
func (w resumed) whatIsOwedIsSentOnce(t *testing.T) {
	t.Helper()
	owed := len(w.messages(t, casework.Pending))
	sent := len(w.messages(t, casework.Sent))
	if owed == 0 || sent == 0 {
		t.Fatalf("%d mails are owed and %d were sent, want some of both", owed, sent)
	}
	for range 3 {
		orFail(t, w.dispatch.Drain(t.Context(), w.Now.Add(time.Minute)))
	}
	for _, to := range w.Told {
		if _, err := w.store.Case(t.Context(), to.Reference); err != nil {
			t.Fatalf("%s: %v", to.What, err) // the clock would wait for it
		}
	}
	if left := w.messages(t, casework.Pending); len(left) > 0 {
		t.Fatalf("still owed: %v", left) // the clock would wait for them
	}
	mailed := map[string]int{}
	for _, m := range w.inbox.All() {
		mailed[m.Headers["Message-Id"][0]]++
	}
	for mail, n := range mailed {
		if n > 1 {
			t.Errorf("mail %s went out %d times", mail, n)
		}
	}
	if got, want := len(mailed), len(w.messages(t, casework.Sent))-sent; got != want || got < owed {
		t.Errorf("%d mails were sent and %d marked, want at least the %d that were owed", got, want, owed)
	}
}

// messages lists the messages with a status: case and id.
func (w resumed) messages(t *testing.T, status casework.MessageStatus) []string {
	t.Helper()
	var all []string
	for _, to := range w.Told {
		d, err := w.store.Dossier(t.Context(), to.Reference)
		if errors.Is(err, casework.ErrNotFound) {
			continue
		}
		orFail(t, err)
		for _, m := range d.Messages {
			if m.Status == status {
				all = append(all, string(m.Case)+" "+m.ID)
			}
		}
	}
	return all
}

// whatIsDueIsFound lets two days go by: every offer that nobody answered is with the coordinator.
func (w resumed) whatIsDueIsFound(t *testing.T) {
	t.Helper()
	offered := 0
	for _, to := range w.Told {
		if to.State == casework.Assigned {
			offered++
		}
	}
	orFail(t, w.clock.Advance(t.Context(), 48*time.Hour, w.workUntil))
	passed := 0
	for _, to := range w.Told {
		d, err := w.store.Dossier(t.Context(), to.Reference)
		orFail(t, err)
		if d.Case.State == casework.Assigned {
			t.Errorf("%s: still offered after two days", to.What)
		}
		if to.State == casework.Assigned && d.Case.State == casework.Escalated {
			passed++
		}
		if err := casework.CheckChain(d.Case, d.Events); err != nil {
			t.Errorf("%s: %v", to.What, err)
		}
	}
	if passed != offered-1 { // one was accepted
		t.Errorf("%d of %d offers passed, want all but the accepted one", passed, offered)
	}
}

// visitor is a browser with its cookies in hand: Go's jar keeps no secure cookie over http.
type visitor struct {
	base    string
	cookies map[string]string
}

// signIn signs a worker in at the desk.
func (w resumed) signIn(t *testing.T, worker string) *visitor {
	t.Helper()
	b := &visitor{base: w.base, cookies: map[string]string{}}
	b.get(t, "/desk/?login_hint="+worker)
	return b
}

func (b *visitor) get(t *testing.T, path string) *goquery.Document {
	t.Helper()
	return b.do(t, http.MethodGet, b.base+path, nil)
}

func (b *visitor) post(t *testing.T, path string, values url.Values) {
	t.Helper()
	b.do(t, http.MethodPost, b.base+path, values)
}

// do follows redirects and wants a page at their end.
func (b *visitor) do(t *testing.T, method, address string, values url.Values) *goquery.Document {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for range 10 {
		r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(values.Encode()))
		orFail(t, err)
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		for name, value := range b.cookies {
			r.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		response, err := client.Do(r)
		orFail(t, err)
		body, err := io.ReadAll(response.Body)
		orFail(t, errors.Join(err, response.Body.Close()))
		for _, c := range response.Cookies() {
			b.cookies[c.Name] = c.Value
		}
		if to, err := response.Location(); err == nil {
			method, address, values = http.MethodGet, to.String(), nil
			continue
		}
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s %s answers %d", method, r.URL.Path, response.StatusCode)
		}
		page, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
		orFail(t, err)
		return page
	}
	t.Fatalf("%s leads nowhere", address)
	return nil
}
