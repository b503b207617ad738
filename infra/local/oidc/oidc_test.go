package oidc_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	goidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"voordeur/infra/local/oidc"
)

const redirectURL = "http://127.0.0.1:8080/desk/terug"

func people() []oidc.Person {
	return []oidc.Person{
		{ID: "w01", Name: "Noor de Wit", Role: "generalist Noord", Email: "noor@waterstad.example"},
		{ID: "w02", Name: `Bo <b>"O'Zuid"`, Role: "coördinator", Email: "bo@waterstad.example"},
	}
}

// claims is what the service reads from tokens.
type claims struct {
	Subject       string   `json:"sub"`
	TokenUse      string   `json:"token_use"`
	ClientID      string   `json:"client_id"`
	Scope         string   `json:"scope"`
	Nonce         string   `json:"nonce"`
	Email         string   `json:"email"`
	EmailVerified bool     `json:"email_verified"`
	Methods       []string `json:"amr"`
}

func TestAWorkerSignsIn(t *testing.T) {
	t.Parallel()
	f := newFlow(t, oidc.Options{})
	verifier := oauth2.GenerateVerifier()
	code := f.code(t, f.config.AuthCodeURL("the state", goidc.Nonce("the nonce"), oauth2.S256ChallengeOption(verifier), hint("w01")))
	tokens, err := f.config.Exchange(f.ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id := f.verify(t, raw, oidc.DeskClient)
	want := claims{Subject: id.Subject, TokenUse: "id", Nonce: "the nonce", Email: "noor@waterstad.example", EmailVerified: true, Methods: []string{"mfa"}}
	if diff := cmp.Diff(want, id); diff != "" {
		t.Errorf("id token (-want +got):\n%s", diff)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`).MatchString(id.Subject) {
		t.Errorf("sub: got %q, want a UUID", id.Subject)
	}
	access := f.verify(t, tokens.AccessToken, "")
	want = claims{Subject: id.Subject, TokenUse: "access", ClientID: oidc.DeskClient, Scope: "openid email"}
	if diff := cmp.Diff(want, access); diff != "" {
		t.Errorf("access token (-want +got):\n%s", diff)
	}
}

func TestTheSameWorkerKeepsSubjectAndKeyOverARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "oidc.key")
	first, second := newFlow(t, oidc.Options{KeyFile: file}), newFlow(t, oidc.Options{KeyFile: file})
	token := first.signIn(t, "w02")
	if got, want := second.signInSubject(t, "w02"), first.verify(t, token, oidc.DeskClient).Subject; got != want {
		t.Errorf("sub after a restart: got %q, want %q", got, want)
	}
	if other := second.signInSubject(t, "w01"); other == second.signInSubject(t, "w02") {
		t.Error("two workers have one sub")
	}
	keys := goidc.NewRemoteKeySet(second.ctx, second.base+oidc.Path+"/jwks")
	if _, err := keys.VerifySignature(second.ctx, token); err != nil {
		t.Errorf("a token from before the restart: %v", err)
	}
}

func TestThePickerNamesEveryoneAndItsLinksSignIn(t *testing.T) {
	t.Parallel()
	key := keyFile(t)
	for _, hinted := range []string{"", "nobody"} {
		f := newFlow(t, oidc.Options{KeyFile: key})
		verifier := oauth2.GenerateVerifier()
		response := f.get(t, f.config.AuthCodeURL("s", goidc.Nonce("n"), oauth2.S256ChallengeOption(verifier), hint(hinted)))
		page, err := goquery.NewDocumentFromReader(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if page.Find("script").Length() != 0 || page.Find("a").Length() != 2 {
			t.Errorf("got %d scripts and %d links, want 0 and 2", page.Find("script").Length(), page.Find("a").Length())
		}
		link := page.Find("a").Eq(1)
		if got := link.Text(); !strings.Contains(got, `Bo <b>"O'Zuid"`) || !strings.Contains(got, "coördinator") {
			t.Errorf("the second worker: got %q", got)
		}
		tokens, err := f.config.Exchange(f.ctx, f.code(t, f.base+link.AttrOr("href", "")), oauth2.VerifierOption(verifier))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := tokens.Extra("id_token").(string)
		if got := f.verify(t, raw, oidc.DeskClient).Email; got != "bo@waterstad.example" {
			t.Errorf("signed in as %q, want bo@waterstad.example", got)
		}
	}
}

func TestAKeyFileWithoutAPrivateKeyIsRefused(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "{}", `{"kty":"RSA","n":"AQAB","e":"AQAB"}`} {
		file := filepath.Join(t.TempDir(), "oidc.key")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := oidc.New(oidc.Options{KeyFile: file}); err == nil || !strings.Contains(err.Error(), "holds no private key") {
			t.Errorf("%q: got %v", content, err)
		}
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	t.Parallel()
	f := newFlow(t, oidc.Options{})
	cases := map[string]struct{ name, value string }{
		"an unknown client":        {"client_id", oidc.APIClient},
		"another address to go to": {"redirect_uri", redirectURL + "/../elders"},
		"another flow":             {"response_type", "token"},
		"a plain challenge":        {"code_challenge_method", "plain"},
		"no challenge":             {"code_challenge", ""},
		"no openid":                {"scope", "email"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, err := url.Parse(f.config.AuthCodeURL("s", oauth2.S256ChallengeOption(oauth2.GenerateVerifier()), hint("w01")))
			if err != nil {
				t.Fatal(err)
			}
			q := address.Query()
			q.Set(c.name, c.value)
			address.RawQuery = q.Encode()
			if response := f.get(t, address.String()); response.StatusCode != http.StatusBadRequest {
				t.Errorf("status: got %d, want 400", response.StatusCode)
			}
		})
	}
}

func TestACodeWorksOnceInTimeAndForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change   func(f *flow)
		verifier string // "" for the right one
		twice    bool
		want     string // the error's code; "" for success
	}{
		"the right verifier in time": {func(f *flow) { f.now = f.now.Add(time.Minute) }, "", false, ""},
		"another verifier":           {func(*flow) {}, strings.Repeat("x", 43), false, "invalid_grant"},
		"a second use":               {func(*flow) {}, "", true, "invalid_grant"},
		"after a minute":             {func(f *flow) { f.now = f.now.Add(time.Minute + 1) }, "", false, "invalid_grant"},
		"another address to go to":   {func(f *flow) { f.config.RedirectURL += "x" }, "", false, "invalid_grant"},
		"a secret that it has not":   {func(f *flow) { f.config.ClientSecret = oidc.DeskClient }, "", false, "invalid_client"},
		"its name in a header":       {func(f *flow) { f.config.Endpoint.AuthStyle = oauth2.AuthStyleInHeader }, "", false, "invalid_client"},
		"the other client":           {func(f *flow) { f.config.ClientID, f.config.ClientSecret = oidc.APIClient, oidc.APIClient }, "", false, "unauthorized_client"},
		"an unknown client":          {func(f *flow) { f.config.ClientID, f.config.ClientSecret = "x", "x" }, "", false, "invalid_client"},
	}
	key := keyFile(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFlow(t, oidc.Options{KeyFile: key})
			verifier := oauth2.GenerateVerifier()
			code := f.code(t, f.config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier), hint("w01")))
			c.change(f)
			if c.verifier != "" {
				verifier = c.verifier
			}
			_, err := f.config.Exchange(f.ctx, code, oauth2.VerifierOption(verifier))
			if c.twice {
				_, err = f.config.Exchange(f.ctx, code, oauth2.VerifierOption(verifier))
			}
			if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestASystemGetsItsOwnToken(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		client, secret string
		scopes         []string
		want           string // the scope
		code           string // of the error
	}{
		"all its scopes by default": {oidc.APIClient, oidc.APIClient, nil, "voordeur/reports:write voordeur/cases:read voordeur/handoffs:write", ""},
		"one scope":                 {oidc.APIClient, oidc.APIClient, []string{"voordeur/cases:read"}, "voordeur/cases:read", ""},
		"a scope it has not":        {oidc.APIClient, oidc.APIClient, []string{"voordeur/cases:write"}, "", "invalid_scope"},
		"a wrong secret":            {oidc.APIClient, "x", nil, "", "invalid_client"},
		"the desk is no system":     {oidc.DeskClient, "", nil, "", "unauthorized_client"},
	}
	key := keyFile(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFlow(t, oidc.Options{KeyFile: key})
			config := clientcredentials.Config{ClientID: c.client, ClientSecret: c.secret, Scopes: c.scopes, TokenURL: f.config.Endpoint.TokenURL}
			token, err := config.Token(f.ctx)
			if c.code != "" {
				if err == nil || !strings.Contains(err.Error(), c.code) {
					t.Errorf("got %v, want %s", err, c.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := claims{Subject: oidc.APIClient, TokenUse: "access", ClientID: oidc.APIClient, Scope: c.want}
			if diff := cmp.Diff(want, f.verify(t, token.AccessToken, "")); diff != "" {
				t.Errorf("token (-want +got):\n%s", diff)
			}
		})
	}
}

// flow is a running provider and its client.
type flow struct {
	ctx    context.Context
	base   string
	now    time.Time
	config oauth2.Config
	found  *goidc.Provider
}

func newFlow(t *testing.T, o oidc.Options) *flow {
	t.Helper()
	f := &flow{ctx: t.Context(), now: time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)}
	var provider *oidc.Provider
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	o.Base, o.RedirectURL, o.People, o.Now = server.URL, redirectURL, people(), func() time.Time { return f.now }
	f.base = server.URL
	var err error
	if provider, err = oidc.New(o); err != nil {
		t.Fatal(err)
	}
	if f.found, err = goidc.NewProvider(f.ctx, server.URL+oidc.Path); err != nil {
		t.Fatal(err)
	}
	endpoint := f.found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	f.config = oauth2.Config{
		ClientID: oidc.DeskClient, Endpoint: endpoint,
		RedirectURL: redirectURL, Scopes: []string{"openid", "email"},
	}
	return f
}

// keyFile returns a file with a key for many providers: making one takes a while.
func keyFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "oidc.key")
	if _, err := oidc.New(oidc.Options{KeyFile: file}); err != nil {
		t.Fatal(err)
	}
	return file
}

// get fetches one page and follows no redirect.
func (f *flow) get(t *testing.T, address string) *http.Response {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// code returns the code that the provider sends the browser back with.
func (f *flow) code(t *testing.T, address string) string {
	t.Helper()
	response := f.get(t, address)
	back, err := response.Location()
	if err != nil {
		t.Fatalf("no way back, status %d: %v", response.StatusCode, err)
	}
	asked, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(back.String(), redirectURL+"?") || back.Query().Get("state") != asked.Query().Get("state") {
		t.Errorf("the way back: got %s", back.Path)
	}
	return back.Query().Get("code")
}

// signIn returns the ID token of a worker.
func (f *flow) signIn(t *testing.T, worker string) string {
	t.Helper()
	verifier := oauth2.GenerateVerifier()
	code := f.code(t, f.config.AuthCodeURL("s", goidc.Nonce("n"), oauth2.S256ChallengeOption(verifier), hint(worker)))
	tokens, err := f.config.Exchange(f.ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	return raw
}

func (f *flow) signInSubject(t *testing.T, worker string) string {
	t.Helper()
	return f.verify(t, f.signIn(t, worker), oidc.DeskClient).Subject
}

// verify checks issuer, signature and time with the library that the service uses, and the audience when given.
func (f *flow) verify(t *testing.T, raw, audience string) claims {
	t.Helper()
	config := goidc.Config{ClientID: audience, SkipClientIDCheck: audience == "", Now: func() time.Time { return f.now }}
	token, err := f.found.Verifier(&config).Verify(f.ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	if got := token.Expiry.Sub(token.IssuedAt); got != time.Hour || !token.IssuedAt.Equal(f.now) {
		t.Errorf("issued at %s for %s, want %s for an hour", token.IssuedAt, got, f.now)
	}
	if audience == "" && !slices.Equal(token.Audience, nil) {
		t.Errorf("aud of an access token: got %q, want none", token.Audience)
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

func hint(worker string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam("login_hint", worker) }
