package web

import (
	"context"
	"crypto/hmac"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
)

// Provider is the OpenID provider that workers sign in with.
type Provider struct {
	Issuer      string
	ClientID    string // of a public client: it has no secret, and proves with PKCE that it began a sign-in
	RedirectURL string // the desk's host with ArrivedPath
	RequireMFA  bool   // the token must say that a second factor was used; false when the provider itself requires it
}

// signInCookie binds a sign-in on its way to the browser that began it, so that nobody can be signed in as another.
const signInCookie = "__Host-signin"

// signInError says why a sign-in was refused.
type signInError struct {
	why   refusedSignIn
	cause error // may be nil; not for logs, since providers put what they like in it
}

func (e *signInError) Error() string { return "sign in: " + string(e.why) }

func (e *signInError) Unwrap() error { return e.cause }

type refusedSignIn string

// The refusals; each has a text.
const (
	signInForged   refusedSignIn = "forged"   // not begun here, taken already, too late, or a token that is not right
	signInNoMFA    refusedSignIn = "no_mfa"   // no second factor
	signInStranger refusedSignIn = "stranger" // nobody who works here has this verified e-mail address
	signInDown     refusedSignIn = "down"     // the provider does not answer
	signInStale    refusedSignIn = "stale"    // the provider let somebody by whom it was asked to ask anew
)

func (why refusedSignIn) status() int {
	if why == signInDown {
		return http.StatusBadGateway
	}
	return http.StatusForbidden
}

// provider finds the OpenID provider on first use.
type provider struct {
	mu    sync.Mutex
	found *oidc.Provider
}

func (d *desk) discover(ctx context.Context) (*oidc.Provider, error) {
	d.provider.mu.Lock()
	defer d.provider.mu.Unlock()
	if d.provider.found != nil {
		return d.provider.found, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, d.HTTP), d.Provider.Issuer)
	if err != nil {
		return nil, &signInError{signInDown, err}
	}
	d.provider.found = found
	return found, nil
}

func (d *desk) client(ctx context.Context) (oauth2.Config, error) {
	found, err := d.discover(ctx)
	if err != nil {
		return oauth2.Config{}, err
	}
	endpoint := found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // an empty secret in a header is refused
	return oauth2.Config{
		ClientID: d.Provider.ClientID, Endpoint: endpoint, RedirectURL: d.Provider.RedirectURL,
		Scopes: []string{oidc.ScopeOpenID, "email"},
	}, nil
}

// startSignIn sends the browser to the provider. goal is the path to come back to; hint is whom to sign in, if known.
// fresh: the provider is asked to have them prove anew who they are, which is checked when they are back.
func (d *desk) startSignIn(w http.ResponseWriter, r *http.Request, goal, hint string, fresh bool) error {
	client, err := d.client(r.Context())
	if err != nil {
		return err
	}
	state := casework.NewSecret()
	n := casework.SignIn{
		ID: keyed(state, "sign-in"), Nonce: casework.NewSecret().String(), Verifier: oauth2.GenerateVerifier(),
		Goal: goal, Fresh: fresh, Expires: d.Clock().Add(signInMost).UTC(),
	}
	if err := d.Store.PutSignIn(r.Context(), n); err != nil {
		return err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(n.Nonce), oauth2.S256ChallengeOption(n.Verifier)}
	if hint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", hint))
	}
	if fresh {
		options = append(options,
			oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(freshMost.Seconds()))))
	}
	setCookie(w, signInCookie, state.String(), signInMost)
	redirect(w, r, client.AuthCodeURL(state.String(), options...))
	return nil
}

// arrive takes the browser back from the provider.
func (d *desk) arrive(w http.ResponseWriter, r *http.Request) error {
	n, err := d.takeSignIn(r)
	if err != nil {
		return err
	}
	token, err := d.exchange(r.Context(), r.URL.Query().Get("code"), n)
	if err != nil {
		return err
	}
	worker, err := d.workerOf(r.Context(), token)
	if err != nil {
		return err
	}
	if err := d.startSession(w, r, worker, token.proved()); err != nil {
		return err
	}
	setCookie(w, signInCookie, "", 0)
	goal := n.Goal
	if !localGoal(goal) {
		goal = deskPath
	}
	redirect(w, r, goal)
	return nil
}

// takeSignIn returns the sign-in that this browser began, once.
func (d *desk) takeSignIn(r *http.Request) (casework.SignIn, error) {
	text := r.URL.Query().Get("state")
	c, err := r.Cookie(signInCookie)
	if err != nil || !hmac.Equal([]byte(c.Value), []byte(text)) {
		return casework.SignIn{}, &signInError{why: signInForged}
	}
	state, err := casework.ParseSecret(text)
	if err != nil {
		return casework.SignIn{}, &signInError{signInForged, err}
	}
	n, err := d.Store.TakeSignIn(r.Context(), keyed(state, "sign-in"), d.Clock())
	if errors.Is(err, casework.ErrNotFound) {
		return casework.SignIn{}, &signInError{signInForged, err}
	}
	return n, err
}

// identity is what the desk reads from an ID token.
type identity struct {
	issuer, subject string
	Email           string   `json:"email"`
	EmailVerified   bool     `json:"email_verified"`
	Methods         []string `json:"amr"`       // RFC 8176
	AuthTime        float64  `json:"auth_time"` // seconds; a JSON number, which may be written 1.79e9
}

// proved is when the person last proved to the provider who they are; the zero time when it did not say.
func (id identity) proved() time.Time {
	if id.AuthTime == 0 {
		return time.Time{}
	}
	return time.Unix(int64(id.AuthTime), 0).UTC()
}

// exchange turns a code into an identity that the provider vouches for.
func (d *desk) exchange(ctx context.Context, code string, n casework.SignIn) (identity, error) {
	found, err := d.discover(ctx)
	if err != nil {
		return identity{}, err
	}
	client, err := d.client(ctx)
	if err != nil {
		return identity{}, err
	}
	tokens, err := client.Exchange(oidc.ClientContext(ctx, d.HTTP), code, oauth2.VerifierOption(n.Verifier))
	if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
		return identity{}, &signInError{signInForged, err}
	}
	if err != nil {
		return identity{}, &signInError{signInDown, err}
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := found.Verifier(&oidc.Config{ClientID: d.Provider.ClientID, Now: d.Clock}).Verify(ctx, raw)
	if err != nil {
		return identity{}, &signInError{signInForged, err}
	}
	id := identity{issuer: token.Issuer, subject: token.Subject}
	if err := token.Claims(&id); err != nil {
		return identity{}, &signInError{signInForged, err}
	}
	switch {
	case token.Subject == "", !hmac.Equal([]byte(token.Nonce), []byte(n.Nonce)): // go-oidc lets both pass
		return identity{}, &signInError{why: signInForged}
	case d.Provider.RequireMFA && !slices.Contains(id.Methods, "mfa"):
		return identity{}, &signInError{why: signInNoMFA}
	case n.Fresh && !isFresh(id.proved(), d.Clock()):
		return identity{}, &signInError{why: signInStale}
	}
	return id, nil
}

// workerOf returns the worker that an identity is bound to; the first time it is bound by its verified e-mail address.
// Who does not work here is told nothing more than who never did (T05).
func (d *desk) workerOf(ctx context.Context, id identity) (string, error) {
	worker, err := d.Store.Subject(ctx, id.issuer, id.subject)
	first := errors.Is(err, casework.ErrNotFound)
	if err != nil && !first {
		return "", err
	}
	people, err := d.Store.People(ctx)
	if err != nil {
		return "", err
	}
	if card, ok := cardOf(people, id.Email); first && ok && id.EmailVerified {
		worker = card.ID
	}
	if w, _ := people.Worker(worker); !w.WorksOn(d.Now()) {
		return "", &signInError{why: signInStranger}
	}
	if !first {
		return worker, nil
	}
	return d.Store.BindSubject(ctx, id.issuer, id.subject, worker)
}

// cardOf finds the one worker with an e-mail address; ok is false when there is none, or more than one.
func cardOf(people casework.People, email string) (found directory.Card, ok bool) {
	for _, card := range people.Cards {
		if email == "" || !strings.EqualFold(card.Email, email) {
			continue
		}
		if ok {
			return directory.Card{}, false
		}
		found, ok = card, true
	}
	return found, ok
}
