package oidc

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// token answers the two kinds of grant: a worker's code, and a system's own credentials.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	client, known := clientOf(r)
	if !known {
		refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	switch kind := r.PostFormValue("grant_type"); {
	case kind == "authorization_code" && client == DeskClient:
		p.codeGrant(w, r)
	case kind == "client_credentials" && client == APIClient:
		p.systemGrant(w, r)
	default:
		refuse(w, http.StatusBadRequest, "unauthorized_client")
	}
}

// clientOf returns the client that the request proves to be, by header (form-encoded, RFC 6749 §2.3.1) or by form. The
// desk has nothing to prove, and is not known by anything but its name in the form, as with Cognito.
func clientOf(r *http.Request) (client string, known bool) {
	client, secret := r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	if client == DeskClient {
		return client, secret == "" && r.Header.Get("Authorization") == ""
	}
	if name, password, ok := r.BasicAuth(); ok {
		var errName, errPassword error
		client, errName = url.QueryUnescape(name)
		secret, errPassword = url.QueryUnescape(password)
		if errName != nil || errPassword != nil {
			return "", false
		}
	}
	return client, client == APIClient && secret == client
}

func (p *Provider) codeGrant(w http.ResponseWriter, r *http.Request) {
	g, ok := p.take(r.PostFormValue("code"))
	if !ok || !provesVerifier(g, r.PostFormValue("code_verifier")) || r.PostFormValue("redirect_uri") != p.RedirectURL {
		refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	sub := subject(g.person)
	id := map[string]any{
		"sub": sub, "aud": DeskClient, "token_use": "id", "auth_time": g.at.Unix(), "nonce": g.nonce,
		"cognito:username": sub, "name": g.person.Name, "email": g.person.Email, "email_verified": true,
		"amr": []string{"mfa"},
	}
	access := map[string]any{
		"sub": sub, "client_id": DeskClient, "token_use": "access", "auth_time": g.at.Unix(), "username": sub, "scope": g.scope,
	}
	p.issue(w, map[string]map[string]any{"id_token": id, "access_token": access})
}

func (p *Provider) systemGrant(w http.ResponseWriter, r *http.Request) {
	scope := r.PostFormValue("scope")
	if scope == "" {
		scope = apiScopes
	}
	for one := range strings.FieldsSeq(scope) {
		if !slices.Contains(strings.Fields(apiScopes), one) {
			refuse(w, http.StatusBadRequest, "invalid_scope")
			return
		}
	}
	p.issue(w, map[string]map[string]any{"access_token": {
		"sub": APIClient, "client_id": APIClient, "token_use": "access", "scope": scope,
	}})
}

// issue answers with tokens of the given claims, and what all tokens share.
func (p *Provider) issue(w http.ResponseWriter, tokens map[string]map[string]any) {
	now := p.Now()
	answer := map[string]any{"token_type": "Bearer", "expires_in": int(tokenLives.Seconds())}
	for name, claims := range tokens {
		maps.Copy(claims, map[string]any{
			"iss": p.Issuer, "iat": now.Unix(), "exp": now.Add(tokenLives).Unix(), "jti": rand.Text(),
		})
		signed, err := p.sign(claims)
		if err != nil {
			refuse(w, http.StatusInternalServerError, "server_error")
			return
		}
		answer[name] = signed
	}
	reply(w, http.StatusOK, answer)
}

func refuse(w http.ResponseWriter, status int, code string) {
	reply(w, status, map[string]string{"error": code})
}

// subject returns the person's stable identifier, a UUID as in Cognito.
func subject(person Person) string {
	sum := sha256.Sum256([]byte("local subject " + person.ID))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
