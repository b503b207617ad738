package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
)

// issuer finds where the keys of tokens are, on first use.
type issuer struct {
	mu   sync.Mutex
	keys oidc.KeySet
}

// retryAfter is when a system may ask again while tokens cannot be checked, in seconds.
const retryAfter = "5"

// clientOf returns the client whose access token the request brings, if the token reaches the scope; otherwise a
// *problem. A token says no more about itself than valid or not: why not is logged, without the token.
func (a *api) clientOf(r *http.Request, scope string) (client string, err error) {
	scheme, raw, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || raw == "" {
		return "", challenge(problemToken, "")
	}
	t, err := a.verify(r.Context(), raw)
	if errors.Is(err, errIssuer) {
		a.Log.ErrorContext(r.Context(), "tokens cannot be checked", slog.Any("error", err))
		return "", &problem{kind: problemUnavailable, header: http.Header{"Retry-After": {retryAfter}}}
	}
	if err != nil {
		a.Log.WarnContext(r.Context(), "a token was refused", slog.Any("error", err))
		return "", challenge(problemToken, `, error="invalid_token"`)
	}
	if !slices.Contains(strings.Fields(t.Scope), scope) {
		return "", challenge(problemScope, `, error="insufficient_scope", scope="`+scope+`"`)
	}
	return t.ClientID, nil
}

// challenge is a refusal that says what a token must be like (RFC 6750 §3).
func challenge(kind problemKind, more string) *problem {
	return &problem{kind: kind, header: http.Header{"Www-Authenticate": {`Bearer realm="` + APIPath + `"` + more}}}
}

// accessToken is what the API reads from a token.
type accessToken struct {
	Use      string `json:"token_use"`
	ClientID string `json:"client_id"`
	Scope    string `json:"scope"`
}

// What a token is refused for, besides what go-oidc finds; and errIssuer, which is not the token's fault.
var (
	errTokenUse = errors.New("not an access token of one of the clients")
	errIssuer   = errors.New("the issuer's keys cannot be read")
)

// verify checks an access token. One for a system has no audience, so what it is for follows from its use, its client
// and its scope; one that does have an audience was made for somebody else.
func (a *api) verify(ctx context.Context, raw string) (accessToken, error) {
	keys, err := a.keys(ctx)
	if err != nil {
		return accessToken{}, err
	}
	watched := &watchedKeys{KeySet: keys}
	verifier := oidc.NewVerifier(a.Issuer, watched, &oidc.Config{
		SkipClientIDCheck: true, SupportedSigningAlgs: []string{oidc.RS256}, Now: a.Clock,
	})
	token, err := verifier.Verify(ctx, raw)
	if watched.failed != nil {
		return accessToken{}, watched.failed
	}
	if _, expired := errors.AsType[*oidc.TokenExpiredError](err); expired {
		return accessToken{}, errors.New("token has expired")
	}
	if err != nil {
		return accessToken{}, errors.New("token is not of the issuer")
	}
	var t accessToken
	if err := token.Claims(&t); err != nil {
		return accessToken{}, errTokenUse
	}
	if t.Use != "access" || token.Subject == "" || len(token.Audience) > 0 || !slices.Contains(a.Clients, t.ClientID) {
		return accessToken{}, errTokenUse
	}
	return t, nil
}

// keys returns the issuer's key set, which reads the keys when it meets one that it does not know.
func (a *api) keys(ctx context.Context) (oidc.KeySet, error) {
	a.issuer.mu.Lock()
	defer a.issuer.mu.Unlock()
	if a.issuer.keys != nil {
		return a.issuer.keys, nil
	}
	ctx = oidc.ClientContext(ctx, a.HTTP)
	found, err := oidc.NewProvider(ctx, a.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errIssuer, err)
	}
	var metadata struct {
		Keys string `json:"jwks_uri"`
	}
	if err := found.Claims(&metadata); err != nil {
		return nil, fmt.Errorf("%w: %w", errIssuer, err)
	}
	a.issuer.keys = oidc.NewRemoteKeySet(ctx, metadata.Keys)
	return a.issuer.keys, nil
}

// watchedKeys remembers whether the keys could not be read: go-oidc tells that in words only.
type watchedKeys struct {
	oidc.KeySet
	failed error
}

// VerifySignature returns the payload of a token.
func (k *watchedKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, token)
	if cause := errors.Unwrap(err); cause != nil { // of reading the keys; a signature that is wrong has none
		k.failed = fmt.Errorf("%w: %w", errIssuer, cause)
	}
	return payload, err
}
