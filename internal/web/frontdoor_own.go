package web

import (
	"fmt"
	"net/http"
	"strings"

	"voordeur/internal/casework"
)

// ownPath is the resident's own page. Its address opens nothing without the cookie that the link left, so that after
// "Snel weg" neither Back nor the history leads to it.
const ownPath = "/mijn"

// ownCookie holds "{link token}.{unix minute of the last request}". It ends with the browser session, after the idle
// limit and with "Snel weg".
const ownCookie = "__Host-m"

// arrive takes the link of an own page out of the address. Unknown, expired and foreign links look the same.
func (d *frontdoor) arrive(w http.ResponseWriter, r *http.Request) error {
	token, err := casework.ParseLinkToken(r.PathValue("link"))
	if err != nil {
		return casework.ErrNotFound
	}
	if _, err := d.Intake.View(r.Context(), d.Now(), token); err != nil {
		return err
	}
	d.keepOwn(w, token)
	texts, err := d.textsAsked(r)
	if err != nil {
		return err
	}
	redirect(w, r, ownPath+languageQuery(texts.Language()))
	return nil
}

// own shows the own page whose link was followed in this browser.
func (d *frontdoor) own(w http.ResponseWriter, r *http.Request) error {
	token, ok := d.ownOf(r)
	if !ok {
		return errNoDraft
	}
	view, err := d.Intake.View(r.Context(), d.Now(), token)
	if err != nil {
		return err
	}
	texts, err := d.textsAsked(r)
	if err != nil {
		return err
	}
	d.keepOwn(w, token)
	page := d.receiptPage(texts, view.Receipt, "own.title")
	page.Languages = d.choices(texts, ownPath)
	page.NoIndex, page.Looks = true, view.Looks
	page.Instead = insteadOfPromise(texts, view.Only)
	return d.render(w, http.StatusOK, "own", page)
}

// ownOf reads the cookie; ok is false without one, when it is not ours, or after the idle limit.
func (d *frontdoor) ownOf(r *http.Request) (token casework.LinkToken, ok bool) {
	c, err := r.Cookie(ownCookie)
	if err != nil {
		return casework.LinkToken{}, false
	}
	text, seen, _ := strings.Cut(c.Value, ".")
	token, err = casework.ParseLinkToken(text)
	return token, err == nil && !d.idle(seen)
}

func (d *frontdoor) keepOwn(w http.ResponseWriter, token casework.LinkToken) {
	http.SetCookie(w, &http.Cookie{
		Name: ownCookie, Value: fmt.Sprintf("%s.%d", token, minute(d.Clock())), Path: "/",
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
