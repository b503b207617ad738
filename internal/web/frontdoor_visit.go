package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// draftCookie has a name that gives nothing away. It ends with the browser session.
const draftCookie = "__Host-d"

// idleLimit is how many minutes a draft stays open without a request.
const idleLimit = 30

// tokenField is the hidden field that holds the MAC of the form (T11).
const tokenField = "token"

// visit is what the cookie says: "{secret}.{unix minute of the last request}.{language}", and ".sent" behind it after
// the receipt, so that who starts anew gets an empty form.
//
// The minute stands in the cookie, not in the store, so that reading a page changes nothing stored. It is not signed:
// whoever could forge it holds the secret already, and the store has its own, longer limit.
type visit struct {
	secret   casework.Secret
	language string // the draft's; whoever writes another here reads another
	sent     bool
}

const sentMark = "sent"

// visitOf reads the cookie; ok is false without one, when it is not ours, or after the idle limit.
func (d *frontdoor) visitOf(r *http.Request) (v visit, ok bool) {
	v, idle, ok := d.cookieOf(r)
	return v, ok && !idle
}

// cookieOf reads the cookie; ok is false without one and when it is not ours, idle is true after the idle limit.
func (d *frontdoor) cookieOf(r *http.Request) (v visit, idle, ok bool) {
	c, err := r.Cookie(draftCookie)
	if err != nil {
		return visit{}, false, false
	}
	parts := strings.Split(c.Value, ".")
	if len(parts) < 3 || len(parts) > 4 || len(parts) == 4 && parts[3] != sentMark {
		return visit{}, false, false
	}
	secret, err := casework.ParseSecret(parts[0])
	if err != nil {
		return visit{}, false, false
	}
	return visit{secret: secret, language: parts[2], sent: len(parts) == 4}, d.idle(parts[1]), true
}

// idle says whether a cookie that was last seen at a minute, or in one that is no number, is shut.
func (d *frontdoor) idle(seen string) bool {
	then, err := strconv.ParseInt(seen, 10, 64)
	idle := minute(d.Clock()) - then
	return err != nil || idle < -1 || idle > idleLimit
}

// keep writes the cookie again, seen now. What was written before in the same answer no longer counts.
func (d *frontdoor) keep(w http.ResponseWriter, v visit) {
	w.Header().Del("Set-Cookie")
	value := fmt.Sprintf("%s.%d.%s", v.secret, minute(d.Clock()), v.language)
	if v.sent {
		value += "." + sentMark
	}
	http.SetCookie(w, &http.Cookie{
		Name: draftCookie, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// drop takes the cookies away, and with them the draft and the own page.
func (d *frontdoor) drop(w http.ResponseWriter) {
	w.Header().Del("Set-Cookie")
	for _, name := range []string{draftCookie, ownCookie} {
		http.SetCookie(w, &http.Cookie{
			Name: name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
}

func minute(t time.Time) int64 { return t.Unix() / 60 }

// open returns the visit and its draft, and renews the cookie; errNoDraft when either is missing or too old.
func (d *frontdoor) open(w http.ResponseWriter, r *http.Request) (visit, form.Draft, error) {
	v, ok := d.visitOf(r)
	if !ok {
		return visit{}, form.Draft{}, errNoDraft
	}
	draft, err := d.Drafts.Load(r.Context(), v.secret, d.Now())
	if errors.Is(err, casework.ErrNotFound) {
		return visit{}, form.Draft{}, errNoDraft
	}
	if err != nil {
		return visit{}, form.Draft{}, fmt.Errorf("load draft: %w", err)
	}
	v.language = draft.Language
	d.keep(w, v)
	return v, draft, nil
}

// openToChange is open for a form that was sent: its body is read into r.PostForm, and its token must be that of the
// page in this draft. A body that is too long is taken as far as it was read: the text that filled it is over its own
// limit too, so that the page says what to shorten and shows it (T12).
//
// errIdle: nothing was sent for too long. A GET shows the start then, like after the exit; who just typed is told.
func (d *frontdoor) openToChange(w http.ResponseWriter, r *http.Request, page string) (visit, form.Draft, error) {
	v, idle, ok := d.cookieOf(r)
	if !ok {
		return visit{}, form.Draft{}, errNoDraft
	}
	if idle {
		return visit{}, form.Draft{}, errIdle
	}
	err := ParseForm(r)
	if body, ok := errors.AsType[*BodyError](err); ok && (body.Status != http.StatusRequestEntityTooLarge || r.PostForm == nil) {
		return visit{}, form.Draft{}, err
	}
	if !v.secret.FormTokenIs(page, r.PostForm.Get(tokenField)) {
		return visit{}, form.Draft{}, errForged
	}
	return d.open(w, r)
}
