package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/oidc"
	"voordeur/internal/casework"
	"voordeur/internal/web"
	"voordeur/schemas"
)

// counter is the API of the example municipality, over a real store and a real provider, with a clock that a test can
// set. Every answer is held against the OpenAPI document.
type counter struct {
	*exampletest.Town
	t        testing.TB
	api      web.API
	handler  http.Handler
	provider *forger
	now      time.Time
	log      bytes.Buffer
	document contract
}

// openCounter opens the API of Waterstad on Monday 23 November 2026, 10.00 hours in Amsterdam. Options change it first.
func openCounter(t testing.TB, options ...func(*counter)) *counter {
	t.Helper()
	return openCounterOf(t, exampletest.New(t), options...)
}

func openCounterOf(t testing.TB, town *exampletest.Town, options ...func(*counter)) *counter {
	t.Helper()
	c := &counter{Town: town, t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), document: readContract(t)}
	clock := func() time.Time { return c.now }
	c.provider = &forger{}
	server := httptest.NewServer(c.provider)
	t.Cleanup(server.Close)
	var err error
	if c.provider.Provider, err = oidc.New(oidc.Options{Base: server.URL, KeyFile: filepath.Join(t.TempDir(), "key.json"), Now: clock}); err != nil {
		t.Fatal(err)
	}
	c.api = web.API{
		Intake: casework.SystemIntake{Intake: c.Intake, Requests: c.Store}, Store: c.Store,
		Issuer: c.provider.Issuer, Clients: []string{oidc.APIClient}, HTTP: http.DefaultClient, Document: schemas.OpenAPI,
		Texts: web.NewCatalog(), Log: slog.New(slog.NewTextHandler(&c.log, nil)), Now: clock, Clock: clock,
	}
	for _, option := range options {
		option(c)
	}
	c.handler = c.api.Handler()
	return c
}

// token asks the provider for a token with a scope, as a system does; "" is every scope that it may have.
func (c *counter) token(scope string) string {
	c.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {oidc.APIClient}, "client_secret": {oidc.APIClient}}
	if scope != "" {
		form.Set("scope", scope)
	}
	r, err := http.PostForm(c.provider.Issuer+"/token", form)
	if err != nil {
		c.t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil || answer.Token == "" {
		c.t.Fatalf("no token: %v", err)
	}
	return answer.Token
}

// claims are those of the provider's own token for a system.
func (c *counter) claims() map[string]any {
	return map[string]any{
		"iss": c.provider.Issuer, "sub": oidc.APIClient, "client_id": oidc.APIClient, "token_use": "access",
		"scope": "voordeur/reports:write voordeur/cases:read voordeur/handoffs:write", "iat": c.now.Unix(), "exp": c.now.Add(time.Hour).Unix(),
	}
}

// key is the provider's own signing key.
func (c *counter) key() jose.JSONWebKey {
	c.t.Helper()
	content, err := os.ReadFile(c.provider.KeyFile)
	if err != nil {
		c.t.Fatal(err)
	}
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(content); err != nil {
		c.t.Fatal(err)
	}
	return key
}

func signed(t testing.TB, algorithm jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// call is one request. What is left out is that of a system that does everything right.
type call struct {
	route  string // as the document has it: "POST /reports"
	path   string // "" is the route's own
	method string // "" is the route's own
	key    string // Idempotency-Key; "" is a new one
	body   any    // a string, or what is encoded
	header map[string]string
}

// replied is an answer of the API.
type replied struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// send sends a request and holds the answer against the document.
func (c *counter) send(r call) replied {
	c.t.Helper()
	method, path, _ := strings.Cut(r.route, " ")
	var body io.Reader
	switch b := r.body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	if r.path != "" {
		path = r.path
	}
	if r.method != "" {
		method = r.method
	}
	request := httptest.NewRequest(method, "/api/v1"+path, body)
	header := map[string]string{"Authorization": "Bearer " + signed(c.t, jose.RS256, c.key(), c.claims())}
	if strings.HasPrefix(r.route, http.MethodPost) {
		header["Content-Type"], header["Idempotency-Key"] = "application/json", r.key
		if r.key == "" {
			header["Idempotency-Key"] = casework.NewSecret().String()
		}
	}
	maps.Copy(header, r.header)
	for name, value := range header {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, request)
	a := replied{status: recorder.Code, header: recorder.Header(), text: recorder.Body.String()}
	if err := json.Unmarshal(recorder.Body.Bytes(), &a.body); err != nil && method != http.MethodHead {
		c.t.Errorf("%s %s answers no JSON: %s", method, path, a.text)
	}
	if method != http.MethodHead {
		c.document.hold(c.t, r.route, a)
	}
	return a
}

// report is a body that is right, with some answers otherwise; nil leaves one out.
func report(over map[string]any) map[string]any {
	answers := map[string]any{}
	for field, values := range exampletest.Answers(nil) {
		answers[field] = values[0]
		if field == "contact_way" {
			answers[field] = values
		}
	}
	maps.Copy(answers, over)
	maps.DeleteFunc(answers, func(_ string, v any) bool { return v == nil })
	return map[string]any{"path": "form", "language": "nl", "answers": answers}
}
