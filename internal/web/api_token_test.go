package web_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"voordeur/infra/local/oidc"
	"voordeur/internal/casework"
	"voordeur/internal/web"
)

// O6: what a token must be, each time with everything else right.
//
// threat:T35
func TestATokenIsHeldAgainstAllThatItMustBe(t *testing.T) {
	const (
		noToken  = `Bearer realm="/api/v1/"`
		invalid  = noToken + `, error="invalid_token"`
		tooShort = noToken + `, error="insufficient_scope", scope="voordeur/cases:read"`
	)
	tests := map[string]struct {
		change    func(c *counter, claims map[string]any)
		make      func(c *counter, claims map[string]any) string // the header; nil: the provider's key signs it
		want      int
		challenge string
	}{
		"one for a system, which has no audience": {want: http.StatusOK},
		"with the one scope that is needed":       {change: set("scope", "voordeur/cases:read"), want: http.StatusOK},
		"by a scheme in lower case":               {make: func(c *counter, claims map[string]any) string { return "bearer " + c.sign(claims) }, want: http.StatusOK},
		"in its last second":                      {change: expires(0), want: http.StatusOK},
		"none":                                    {make: says(""), want: http.StatusUnauthorized, challenge: noToken},
		"a password":                              {make: says("Basic bG9jYWwtYXBpOmxvY2FsLWFwaQ=="), want: http.StatusUnauthorized, challenge: noToken},
		"an empty one":                            {make: says("Bearer "), want: http.StatusUnauthorized, challenge: noToken},
		"a text that is no token":                 {make: says("Bearer a.b.c"), want: http.StatusUnauthorized, challenge: invalid},
		"expired":                                 {change: expires(-time.Second), want: http.StatusUnauthorized, challenge: invalid},
		"without an end":                          {change: set("exp", nil), want: http.StatusUnauthorized, challenge: invalid},
		"for later":                               {change: func(c *counter, claims map[string]any) { claims["nbf"] = c.now.Add(time.Hour).Unix() }, want: http.StatusUnauthorized, challenge: invalid},
		"of another issuer":                       {change: set("iss", "https://elders.example"), want: http.StatusUnauthorized, challenge: invalid},
		"of no issuer":                            {change: set("iss", nil), want: http.StatusUnauthorized, challenge: invalid},
		"signed with another key of that name":    {make: signedByAnother, want: http.StatusUnauthorized, challenge: invalid},
		"signed with the public key as a secret":  {make: signedWithPublicKey, want: http.StatusUnauthorized, challenge: invalid},
		"not signed":                              {make: unsigned, want: http.StatusUnauthorized, challenge: invalid},
		"changed after it was signed":             {make: tampered, want: http.StatusUnauthorized, challenge: invalid},
		"an ID token":                             {change: idToken, want: http.StatusUnauthorized, challenge: invalid},
		"of another use":                          {change: set("token_use", "refresh"), want: http.StatusUnauthorized, challenge: invalid},
		"without a use":                           {change: set("token_use", nil), want: http.StatusUnauthorized, challenge: invalid},
		"of an unknown client":                    {change: set("client_id", "other-api"), want: http.StatusUnauthorized, challenge: invalid},
		"of a worker, for the desk":               {change: set("client_id", oidc.DeskClient), want: http.StatusUnauthorized, challenge: invalid},
		"of no client":                            {change: set("client_id", nil), want: http.StatusUnauthorized, challenge: invalid},
		"of a client that is no text":             {change: set("client_id", 7), want: http.StatusUnauthorized, challenge: invalid},
		"for another audience":                    {change: set("aud", "https://elders.example"), want: http.StatusUnauthorized, challenge: invalid},
		"without a subject":                       {change: set("sub", nil), want: http.StatusUnauthorized, challenge: invalid},
		"with another scope":                      {change: set("scope", "voordeur/reports:write"), want: http.StatusForbidden, challenge: tooShort},
		"with a scope that begins like it":        {change: set("scope", "voordeur/cases:read-all"), want: http.StatusForbidden, challenge: tooShort},
		"without a scope":                         {change: set("scope", nil), want: http.StatusForbidden, challenge: tooShort},
	}
	c := openCounter(t)
	added := c.send(call{route: addReport, body: report(nil)})
	path := strings.TrimPrefix(added.header.Get("Location"), "/api/v1")
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c.t = t
			claims := c.claims()
			if tt.change != nil {
				tt.change(c, claims)
			}
			header := "Bearer " + c.sign(claims)
			if tt.make != nil {
				header = tt.make(c, claims)
			}
			a := c.send(call{route: getCase, path: path, header: map[string]string{"Authorization": header}})
			if got := a.header.Get("Www-Authenticate"); a.status != tt.want || got != tt.challenge {
				t.Errorf("answered %d with %q, want %d with %q", a.status, got, tt.want, tt.challenge)
			}
		})
	}
}

func (c *counter) sign(claims map[string]any) string { return signed(c.t, jose.RS256, c.key(), claims) }

func set(claim string, value any) func(*counter, map[string]any) {
	return func(_ *counter, claims map[string]any) {
		if claims[claim] = value; value == nil {
			delete(claims, claim)
		}
	}
}

func expires(after time.Duration) func(*counter, map[string]any) {
	return func(c *counter, claims map[string]any) { claims["exp"] = c.now.Add(after).Unix() }
}

func says(header string) func(*counter, map[string]any) string {
	return func(*counter, map[string]any) string { return header }
}

// idToken is what the provider says of a worker who signs in.
func idToken(_ *counter, claims map[string]any) {
	delete(claims, "client_id")
	maps.Copy(claims, map[string]any{"token_use": "id", "aud": oidc.APIClient, "email": "fenna@wijkteam.waterstad.example"})
}

func signedByAnother(c *counter, claims map[string]any) string {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		c.t.Fatal(err)
	}
	return "Bearer " + signed(c.t, jose.RS256, jose.JSONWebKey{Key: private, KeyID: c.key().KeyID}, claims)
}

func signedWithPublicKey(c *counter, claims map[string]any) string {
	key := c.key()
	public, err := x509.MarshalPKIXPublicKey(key.Public().Key)
	if err != nil {
		c.t.Fatal(err)
	}
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	return "Bearer " + signed(c.t, jose.HS256, jose.JSONWebKey{Key: secret, KeyID: key.KeyID}, claims)
}

func encodedPart(c *counter, v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		c.t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

func unsigned(c *counter, claims map[string]any) string {
	return "Bearer " + encodedPart(c, map[string]string{"alg": "none", "kid": c.key().KeyID}) + "." + encodedPart(c, claims) + "."
}

func tampered(c *counter, claims map[string]any) string {
	parts := strings.Split(c.sign(claims), ".")
	claims["scope"] = "voordeur/cases:read voordeur/everything"
	return "Bearer " + parts[0] + "." + encodedPart(c, claims) + "." + parts[2]
}

// I10: each route of the service × what its token reaches.
//
// invariant:I10
func TestEachRouteIsForItsOwnScope(t *testing.T) {
	const write, read, takeOver = "voordeur/reports:write", "voordeur/cases:read", "voordeur/handoffs:write"
	table := map[string]struct{ nobody, writer, reader, taker, all int }{
		"POST /api/v1/reports":                          {http.StatusUnauthorized, http.StatusCreated, http.StatusForbidden, http.StatusForbidden, http.StatusCreated},
		"GET /api/v1/cases/{reference}":                 {http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusForbidden, http.StatusNotFound},
		"GET /api/v1/handoffs":                          {http.StatusUnauthorized, http.StatusForbidden, http.StatusOK, http.StatusForbidden, http.StatusOK},
		"GET /api/v1/handoffs/{reference}":              {http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusForbidden, http.StatusNotFound},
		"PUT /api/v1/handoffs/{reference}/confirmation": {http.StatusUnauthorized, http.StatusForbidden, http.StatusForbidden, http.StatusNotFound, http.StatusNotFound},
		"GET /api/v1/directory":                         {http.StatusOK, http.StatusOK, http.StatusOK, http.StatusOK, http.StatusOK},
		"GET /api/v1/openapi.json":                      {http.StatusOK, http.StatusOK, http.StatusOK, http.StatusOK, http.StatusOK},
	}
	c := openCounter(t)
	for pattern := range web.APIRoutes() {
		row, ok := table[pattern]
		if !ok {
			t.Errorf("%s has no row", pattern)
			continue
		}
		for scope, want := range map[string]int{
			"": row.nobody, write: row.writer, read: row.reader, takeOver: row.taker, write + " " + read + " " + takeOver: row.all,
		} {
			header := ""
			if scope != "" {
				header = "Bearer " + c.token(scope)
			}
			route := strings.Replace(pattern, "/api/v1", "", 1)
			path := strings.ReplaceAll(strings.Fields(route)[1], "{reference}", string(casework.NewSecret().Reference(0)))
			a := c.send(call{route: route, path: path, body: report(nil), header: map[string]string{"Authorization": header}})
			if a.status != want {
				t.Errorf("%s with %q: %d, want %d", pattern, scope, a.status, want)
			}
		}
	}
}

// While the provider is down, tokens of a key that is known are still good; of another nobody can tell.
func TestAProviderThatIsDownIsNotTheTokensFault(t *testing.T) {
	c := openCounter(t)
	good := c.claims()
	c.provider.down = true
	send := func(token string) int {
		t.Helper()
		return c.send(call{route: getCase, path: "/cases/" + string(casework.NewSecret().Reference(0)), header: map[string]string{"Authorization": "Bearer " + token}}).status
	}
	if got := send(c.sign(good)); got != http.StatusServiceUnavailable {
		t.Errorf("before the provider was ever reached: %d, want 503", got)
	}
	c.provider.down = false
	if got := send(c.sign(good)); got != http.StatusNotFound {
		t.Errorf("once it is up: %d, want 404", got)
	}
	c.provider.down = true
	if got := send(c.sign(good)); got != http.StatusNotFound {
		t.Errorf("down again, with a known key: %d, want 404", got)
	}
	unknown := c.key()
	unknown.KeyID = "rotated"
	if got := send(signed(t, jose.RS256, unknown, good)); got != http.StatusServiceUnavailable {
		t.Errorf("down, with a key that is not known: %d, want 503", got)
	}
}
