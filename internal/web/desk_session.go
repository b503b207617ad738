package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/routing"
)

// sessionCookie holds "{secret}.{worker id}". The id is a hint, so that the worker's list can be read in the same
// round as the session; the session's row decides.
const sessionCookie = "__Host-desk"

// What is measured in real time, beside how long a session lasts.
const (
	signInMost = 10 * time.Minute
	freshMost  = 5 * time.Minute // between proving who one is and what asks for that anew
	skewMost   = time.Minute     // that a provider's clock may be ahead
)

// isFresh says whether somebody proved just now who they are.
func isFresh(proved, now time.Time) bool {
	return !proved.IsZero() && now.Sub(proved) < freshMost && proved.Sub(now) < skewMost
}

// seat is a signed-in worker at work. The empty seat is nobody's.
type seat struct {
	secret  casework.Secret
	session casework.Session
	worker  routing.Worker
	card    directory.Card
	people  casework.People
	as      casework.Reader // as of now
	list    casework.List   // for pages that list: the worker's own, or that of the colleague in the address
}

// reader is the worker as a reader of cases.
func (s seat) reader() casework.Reader { return s.as }

// token is the MAC that a form to an address carries (T11).
func (s seat) token(path string) string { return s.secret.FormToken(path) }

// sent checks the token of a form that was sent.
func (s seat) sent(r *http.Request) error {
	if !s.secret.FormTokenIs(r.URL.Path, r.PostForm.Get(tokenField)) {
		return errToken
	}
	return nil
}

// keyed is the key of a row that only the holder of a secret can name.
func keyed(secret casework.Secret, what string) string {
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte("voordeur " + what))
	return hex.EncodeToString(mac.Sum(nil))
}

func sessionID(secret casework.Secret) string { return keyed(secret, "session") }

// cookieOf reads the session cookie; ok is false without one or when it is not ours.
func cookieOf(r *http.Request) (secret casework.Secret, worker string, ok bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return casework.Secret{}, "", false
	}
	text, worker, found := strings.Cut(c.Value, ".")
	secret, err = casework.ParseSecret(text)
	return secret, worker, err == nil && found && worker != ""
}

// takeSeat returns who is signed in, as the table has it now (T05), with a page of a list when lists.
func (d *desk) takeSeat(r *http.Request, lists bool) (seat, error) {
	secret, worker, ok := cookieOf(r)
	if !ok {
		return seat{}, errNoSession
	}
	s := seat{secret: secret}
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() (err error) { s.session, err = d.session(ctx, secret, worker); return err })
	g.Go(func() (err error) { s.people, err = d.Store.People(ctx); return err })
	if lists {
		g.Go(func() (err error) { s.list, err = d.Store.Standing(ctx, listOf(r, worker), listAfter(r)); return err })
	}
	if err := g.Wait(); err != nil {
		return seat{}, err
	}
	s.worker, _ = s.people.Worker(worker)
	s.card = s.people.Cards[worker]
	s.as = s.people.Reader(s.worker, d.Now())
	if !s.worker.WorksOn(d.Now()) {
		return seat{}, errors.Join(errInactive, d.Store.EndSession(r.Context(), s.session.ID))
	}
	return s, nil
}

// session returns the session of a secret while it lasts.
func (d *desk) session(ctx context.Context, secret casework.Secret, worker string) (casework.Session, error) {
	n, err := d.Store.SeeSession(ctx, sessionID(secret), d.Clock())
	if errors.Is(err, casework.ErrNotFound) || err == nil && n.Worker != worker {
		return casework.Session{}, errNoSession
	}
	return n, err
}

// startSession signs a worker in, in this browser; a session it had before ends.
func (d *desk) startSession(w http.ResponseWriter, r *http.Request, worker string, proved time.Time) error {
	if old, _, ok := cookieOf(r); ok {
		if err := d.Store.EndSession(r.Context(), sessionID(old)); err != nil {
			return err
		}
	}
	secret, now := casework.NewSecret(), d.Clock().UTC()
	n := casework.Session{ID: sessionID(secret), Worker: worker, Started: now, Proved: proved}
	if err := d.Store.PutSession(r.Context(), n); err != nil {
		return err
	}
	setCookie(w, sessionCookie, secret.String()+"."+worker, casework.SessionLasts)
	return nil
}

// signOut ends the session. Without one there is nothing to end.
func (d *desk) signOut(w http.ResponseWriter, r *http.Request) error {
	if secret, _, ok := cookieOf(r); ok {
		if !secret.FormTokenIs(signOutPath, r.PostForm.Get(tokenField)) {
			return d.again(w, r, seat{secret: secret}, http.StatusForbidden)
		}
		if err := d.Store.EndSession(r.Context(), sessionID(secret)); err != nil {
			return err
		}
	}
	d.dropSession(w)
	redirect(w, r, leftPath)
	return nil
}

// left says that the worker is signed out.
func (d *desk) left(w http.ResponseWriter, r *http.Request) error {
	return d.say(w, r, seat{}, http.StatusOK, "desk.left")
}

func (d *desk) accessibility(w http.ResponseWriter, r *http.Request) error {
	return d.say(w, r, seat{}, http.StatusOK, "desk.accessibility")
}

func (d *desk) dropSession(w http.ResponseWriter) { setCookie(w, sessionCookie, "", 0) }

// setCookie sets a cookie for a while, or takes it away when lasts is 0.
func setCookie(w http.ResponseWriter, name, value string, lasts time.Duration) {
	c := &http.Cookie{
		Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1,
	}
	if lasts > 0 {
		c.MaxAge = int(lasts.Seconds())
	}
	http.SetCookie(w, c)
}
