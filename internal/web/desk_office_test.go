package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/oidc"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

// office is the desk of the example municipality, over a real store and a real provider, with clocks that a test can
// set. Of the roster, Ilse is on duty on the Monday that it starts on.
type office struct {
	*exampletest.Town
	desk     web.Desk
	server   *httptest.Server
	provider *forger
	store    *watchedStore
	opener   *watchedOpener

	mu     sync.Mutex
	now    time.Time
	clock  time.Time
	around func(http.Handler) http.Handler // of every page; nil: nothing
}

// openOffice opens the desk of Waterstad on Monday 23 November 2026, 10.00 hours in Amsterdam. Options change the desk first.
func openOffice(t *testing.T, options ...func(*office)) *office {
	t.Helper()
	return openOfficeOf(t, exampletest.New(t), options...)
}

func openOfficeOf(t *testing.T, town *exampletest.Town, options ...func(*office)) *office {
	t.Helper()
	ten := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	o := &office{Town: town, now: ten, clock: ten}
	log := &callLog{}
	o.store = &watchedStore{Store: o.Store, log: log}
	o.opener = &watchedOpener{Opener: o.Opener, log: log}
	assets, err := web.NewAssets(o.Municipality.Theme)
	if err != nil {
		t.Fatal(err)
	}
	var handler http.Handler
	o.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(o.server.Close)
	o.provider = newForger(t, o.server.URL+web.ArrivedPath, o.realTime)
	work := o.Work
	work.Store, work.Opener = o.store, o.opener
	o.desk = web.Desk{
		Municipality: o.Municipality, Work: work, Store: o.store, Drafts: o.Drafts, Intake: o.Intake, HTTP: http.DefaultClient,
		Provider: web.Provider{
			Issuer: o.provider.Issuer, ClientID: oidc.DeskClient, RedirectURL: o.server.URL + web.ArrivedPath, RequireMFA: true,
		},
		Texts: web.NewCatalog(), Assets: assets, Log: slog.New(slog.DiscardHandler), Now: o.business, Clock: o.realTime,
	}
	for _, option := range options {
		option(o)
	}
	handler = o.desk.Handler()
	if o.around != nil {
		handler = o.around(handler)
	}
	return o
}

func (o *office) business() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) realTime() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clock
}

// later moves both clocks on.
func (o *office) later(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now, o.clock = o.now.Add(d), o.clock.Add(d)
}

// forger is the local provider, whose ID tokens a test can change: it signs them with the provider's own key.
type forger struct {
	*oidc.Provider
	change func(claims map[string]any) // nil: as the provider made them
	down   bool
}

func newForger(t *testing.T, redirect string, now func() time.Time) *forger {
	t.Helper()
	f := &forger{}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	var people []oidc.Person
	elsewhere, err := example.Of("duinrand")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(example.People(), elsewhere.People...) {
		people = append(people, oidc.Person{ID: p.ID, Name: p.Name, Role: p.Function, Email: p.Email})
	}
	people = append(people, oidc.Person{ID: "stranger", Name: "Vera Vreemd", Role: "elders", Email: "vera@elders.example"})
	keyFile := filepath.Join(t.TempDir(), "key.json")
	f.Provider, err = oidc.New(oidc.Options{Base: server.URL, RedirectURL: redirect, People: people, KeyFile: keyFile, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *forger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.down {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	if f.change == nil || !strings.HasSuffix(r.URL.Path, "/token") {
		f.Provider.ServeHTTP(w, r)
		return
	}
	rec := httptest.NewRecorder()
	f.Provider.ServeHTTP(rec, r)
	var answer map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err == nil {
		if raw, ok := answer["id_token"].(string); ok {
			answer["id_token"] = f.resign(raw)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(rec.Code)
	_ = json.NewEncoder(w).Encode(answer)
}

func (f *forger) resign(raw string) string {
	content, err := os.ReadFile(f.KeyFile)
	if err != nil {
		panic(err)
	}
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(content); err != nil {
		panic(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		panic(err)
	}
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		panic(err)
	}
	claims := map[string]any{}
	if err := token.UnsafeClaimsWithoutVerification(&claims); err != nil {
		panic(err)
	}
	f.change(claims)
	signed, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		panic(err)
	}
	return signed
}

// callLog is what happened in which order: "audit", "open content" …
type callLog struct {
	mu   sync.Mutex
	said []string
}

func (l *callLog) add(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said = append(l.said, what)
}

// take returns what happened since the last take.
func (l *callLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := l.said
	l.said = nil
	return said
}

// watchedStore is the real store, whose audit is logged and can fail.
type watchedStore struct {
	*dynamo.Store
	log       *callLog
	failAudit bool
	audits    []casework.Audit
}

func (s *watchedStore) Audit(ctx context.Context, a casework.Audit) error {
	if s.failAudit {
		return errors.New("audit is down")
	}
	err := s.Store.Audit(ctx, a)
	s.audits = append(s.audits, a)
	s.log.add("audit")
	return err
}

func (s *watchedStore) AuditReading(ctx context.Context, a casework.Audit, as casework.Relation) error {
	if s.failAudit {
		return errors.New("audit is down")
	}
	err := s.Store.AuditReading(ctx, a, as)
	s.audits = append(s.audits, a)
	s.log.add("audit")
	return err
}

func (s *watchedStore) AuditSearch(ctx context.Context, a casework.Audit, most int) error {
	if s.failAudit {
		return errors.New("audit is down")
	}
	err := s.Store.AuditSearch(ctx, a, most)
	s.audits = append(s.audits, a)
	return err
}

// watchedOpener is the real opener, which logs what it opens.
type watchedOpener struct {
	casework.Opener
	log *callLog
}

func (o *watchedOpener) Open(ctx context.Context, p casework.Purpose, id casework.Reference, e casework.Envelope) ([]byte, error) {
	o.log.add("open " + string(p))
	return o.Opener.Open(ctx, p, id, e)
}

// colleague is somebody with a browser in which JavaScript is off.
type colleague struct {
	t      *testing.T
	o      *office
	client *http.Client
}

// deskAnswer is a page as it arrived.
type deskAnswer struct {
	*goquery.Document
	status int
	path   string // with the query, after redirects
	body   string
	header http.Header
}

func (o *office) browser(t *testing.T) *colleague {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := *o.server.Client()
	client.Jar = jar
	return &colleague{t: t, o: o, client: &client}
}

// signedIn returns a colleague's browser after sign-in.
func (o *office) signedIn(t *testing.T, worker string) *colleague {
	t.Helper()
	c := o.browser(t)
	if a := c.get("/desk/?login_hint=" + worker); a.status != http.StatusOK || a.path != "/desk/" {
		t.Fatalf("sign in %s: got %d %s %s", worker, a.status, a.path, deskText(a.Find("h1")))
	}
	o.store.log.take()
	return c
}

func (c *colleague) get(path string) deskAnswer {
	c.t.Helper()
	return c.do(http.MethodGet, path, nil)
}

func (c *colleague) do(method, path string, form url.Values) deskAnswer {
	c.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	address := path
	if strings.HasPrefix(path, "/") {
		address = c.o.server.URL + path
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, address, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := c.client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(content)))
	if err != nil {
		c.t.Fatal(err)
	}
	return deskAnswer{doc, resp.StatusCode, resp.Request.URL.RequestURI(), string(content), resp.Header}
}

// stay keeps a browser from following redirects.
func (c *colleague) stay() *colleague {
	client := *c.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &colleague{t: c.t, o: c.o, client: &client}
}

// form returns the fields of the form on a page that goes to an address ending in act.
func (a deskAnswer) form(t *testing.T, act string) (action string, fields url.Values) {
	t.Helper()
	fields = url.Values{}
	found := a.Find("form[action$='" + act + "']").First()
	if found.Length() != 1 {
		t.Fatalf("%s has no form to %s: %s", a.path, act, deskText(a.Find("main")))
	}
	found.Find("input, textarea").Each(func(_ int, s *goquery.Selection) {
		kind := s.AttrOr("type", "")
		if _, checked := s.Attr("checked"); !checked && (kind == "radio" || kind == "checkbox") {
			return
		}
		if name, ok := s.Attr("name"); ok {
			value, _ := s.Attr("value")
			if s.Is("textarea") {
				value = strings.TrimPrefix(s.Text(), "\n")
			}
			fields.Add(name, value)
		}
	})
	found.Find("select").Each(func(_ int, s *goquery.Selection) {
		fields.Set(s.AttrOr("name", ""), s.Find("option[selected]").AttrOr("value", ""))
	})
	return found.AttrOr("action", ""), fields
}

// send sends a form of a page, with some fields filled in.
func (c *colleague) send(a deskAnswer, act string, fill ...string) deskAnswer {
	c.t.Helper()
	action, fields := a.form(c.t, act)
	for i := 0; i+1 < len(fill); i += 2 {
		fields.Set(fill[i], fill[i+1])
	}
	return c.do(http.MethodPost, action, fields)
}

func deskText(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func caseURL(c casework.Case) string { return "/desk/casus/" + string(c.ID) }

// urgent makes a case P1: something is missing today.
func urgent() form.Answers { return form.Answers{"basics": {"food"}} }

// unsafe raises the safety flag; only calling is safe.
func unsafe() form.Answers {
	return form.Answers{
		"safe_now": {"no"}, "safe_contact": {"call"}, "safe_contact.when": {"na de school, vóór vier uur"}, "safe_contact.message": {"no"},
	}
}

// otherThan returns an ordinary worker who has nothing to do with a case and is not on duty on Mondays.
func otherThan(c casework.Case) string {
	for _, p := range example.People() {
		onDuty := slices.Contains(slices.Concat(c.Look.Line, example.Roster()["monday"]), p.ID)
		if len(p.Worker.Roles) == 0 && p.ID != c.Lead && !onDuty {
			return p.ID
		}
	}
	return ""
}
