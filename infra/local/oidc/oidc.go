// Package oidc stands in for the sign-in of workers and of a municipality's systems on this machine: an OpenID provider
// without passwords, whose tokens are shaped like Cognito's. It belongs to the service on this machine and to tests.
package oidc

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"voordeur/infra/local/durable"
)

// Path is where the provider lives, below the base address.
const Path = "/_local/oidc"

// The two clients. Everybody may know the secret: it guards example people only.
const (
	DeskClient = "local-desk" // signs workers in; a public client: it has no secret, and proves with PKCE that it began
	APIClient  = "local-api"  // a municipality's own system; its secret is the same
)

const (
	codeLives  = time.Minute
	tokenLives = time.Hour // as in Cognito by default
	apiScopes  = "voordeur/reports:write voordeur/cases:read voordeur/handoffs:write"
)

//go:embed pick.html
var pickText string

// Person is someone who can sign in.
type Person struct {
	ID    string // the worker's id, which login_hint takes
	Name  string
	Role  string // as shown beside the name
	Email string // verified
}

// Options says for whom and where the provider works; all fields but KeyFile are needed.
type Options struct {
	Base        string // "http://127.0.0.1:8080"
	RedirectURL string // the only address that sign-in goes back to
	People      []Person
	KeyFile     string           // the signing key, made when absent; "" makes a new one that lives in memory
	Now         func() time.Time // real time, not business time
}

// Provider is the OpenID provider. Make one with New.
type Provider struct {
	Options
	Issuer string

	mux    *http.ServeMux
	pick   *template.Template
	signer jose.Signer
	public jose.JSONWebKey

	mu    sync.Mutex
	codes map[string]grant
}

// grant is what a code stands for, until it is taken or too old.
type grant struct {
	person    Person
	nonce     string
	challenge string // base64url of the SHA-256 of the verifier
	scope     string
	at        time.Time
}

// New returns the provider, to be served at Path + "/".
func New(o Options) (*Provider, error) {
	key, err := readKey(o.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the local sign-in key: %w", err)
	}
	options := (&jose.SignerOptions{}).WithHeader("kid", key.KeyID)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key.Key}, options)
	if err != nil {
		return nil, fmt.Errorf("use the local sign-in key: %w", err)
	}
	p := &Provider{
		Options: o, Issuer: o.Base + Path, mux: http.NewServeMux(), signer: signer, public: key.Public(),
		pick: template.Must(template.New("pick").Option("missingkey=error").Parse(pickText)), codes: map[string]grant{},
	}
	p.mux.HandleFunc("GET "+Path+"/.well-known/openid-configuration", p.discovery)
	p.mux.HandleFunc("GET "+Path+"/jwks", p.keys)
	p.mux.HandleFunc("GET "+Path+"/authorize", p.authorize)
	p.mux.HandleFunc("POST "+Path+"/token", p.token)
	return p, nil
}

func readKey(file string) (jose.JSONWebKey, error) {
	var key jose.JSONWebKey
	if file != "" {
		content, err := os.ReadFile(file) //nolint:gosec // the operator's own data folder
		if err == nil {
			if err := key.UnmarshalJSON(content); err != nil || !key.Valid() || key.IsPublic() {
				return key, fmt.Errorf("%s holds no private key", file)
			}
			return key, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return key, err
		}
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return key, err
	}
	key = jose.JSONWebKey{Key: private, KeyID: rand.Text(), Algorithm: string(jose.RS256), Use: "sig"}
	if file == "" {
		return key, nil
	}
	content, err := key.MarshalJSON()
	if err != nil {
		return key, err
	}
	return key, durable.WriteFile(file, content)
}

// ServeHTTP serves the provider's pages at their full paths.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{
		"issuer":                                p.Issuer,
		"authorization_endpoint":                p.Issuer + "/authorize",
		"token_endpoint":                        p.Issuer + "/token",
		"jwks_uri":                              p.Issuer + "/jwks",
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "client_credentials"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"code_challenge_methods_supported":      []string{"S256"},
		"scopes_supported":                      []string{"openid", "email", "profile"},
		"token_endpoint_auth_methods_supported": []string{"none", "client_secret_basic", "client_secret_post"},
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.public}})
}

// authorize lets a person be picked, or takes the one whom login_hint names, and goes back with a code.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for name, want := range map[string]string{
		"client_id": DeskClient, "redirect_uri": p.RedirectURL, "response_type": "code", "code_challenge_method": "S256",
	} {
		if q.Get(name) != want {
			http.Error(w, "authorize: "+name+" must be "+want, http.StatusBadRequest)
			return
		}
	}
	if q.Get("code_challenge") == "" || !slices.Contains(strings.Fields(q.Get("scope")), "openid") {
		http.Error(w, "authorize: code_challenge and the scope openid are needed", http.StatusBadRequest)
		return
	}
	i := slices.IndexFunc(p.People, func(person Person) bool { return person.ID == q.Get("login_hint") })
	if i < 0 {
		p.showPeople(w, q)
		return
	}
	code := p.grant(grant{
		person: p.People[i], nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), scope: q.Get("scope"), at: p.Now(),
	})
	back := url.Values{"code": {code}, "state": {q.Get("state")}}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.RedirectURL+"?"+back.Encode(), http.StatusFound)
}

// choice is one person on the page, and the address that picks them.
type choice struct {
	Person
	Link string
}

func (p *Provider) showPeople(w http.ResponseWriter, q url.Values) {
	choices := make([]choice, 0, len(p.People))
	for _, person := range p.People {
		q.Set("login_hint", person.ID)
		choices = append(choices, choice{person, Path + "/authorize?" + q.Encode()})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	_ = p.pick.Execute(w, choices) // a reader that left needs none
}

// grant keeps what a new code stands for, and forgets codes that are too old.
func (p *Provider) grant(g grant) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.codes, func(_ string, old grant) bool { return g.at.Sub(old.at) > codeLives })
	code := rand.Text()
	p.codes[code] = g
	return code
}

// take returns what a code stands for, once.
func (p *Provider) take(code string) (grant, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, ok := p.codes[code]
	delete(p.codes, code)
	return g, ok && p.Now().Sub(g.at) <= codeLives
}

// reply answers JSON that nobody keeps.
func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a reader that left needs none
}

// provesVerifier says whether the verifier is the one whose hash came with the code's request (RFC 7636).
func provesVerifier(g grant, verifier string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return hmac.Equal([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(g.challenge))
}

func (p *Provider) sign(claims map[string]any) (string, error) {
	return jwt.Signed(p.signer).Claims(claims).Serialize()
}
