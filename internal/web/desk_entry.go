package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// The addresses of a form that a worker fills in for a resident, as an intermediary.
const (
	entryPath      = "/desk/invoer"
	entryFormPath  = "/desk/invoer/vragen"
	entryCheckPath = "/desk/invoer/controle"
	entryDonePath  = "/desk/invoer/ontvangen"
)

// The fields that an entry's forms carry besides the answers.
const (
	howField   = "soort"  // how it is entered; in the address of an empty one too
	entryField = "invoer" // a MAC that tells this entry from another one in the same browser
)

// entryCookie holds a secret that a worker's draft follows from, with ".sent" behind it once that was sent. Another
// worker at the same machine gets another draft from it. It outlasts the session: what was typed is kept.
const entryCookie = "__Host-entry"

// entryHow is where a draft keeps how it is entered. No question of the form has that key, so that it is never sent as
// an answer.
const entryHow = "entry.how"

// entry is a form on its way: a draft like a resident's own.
type entry struct {
	secret casework.Secret // of the draft
	draft  form.Draft
	sent   bool
}

func (e entry) how() casework.EntryWay { return casework.EntryWay(e.draft.Answers.One(entryHow)) }

// token tells the entry from any other.
func (e entry) token() string { return e.secret.FormToken(entryPath) }

// newEntry begins an entry. Nothing is stored yet.
func newEntry(cookie casework.Secret, worker string, how casework.EntryWay) entry {
	return entry{entrySecret(cookie, worker), form.Draft{
		Path: how.Path(), Language: fallback, Answers: form.Answers{entryHow: {string(how)}},
	}, false}
}

// entrySecret is the secret of the draft that a worker's cookie opens.
func entrySecret(cookie casework.Secret, worker string) casework.Secret {
	mac := hmac.New(sha256.New, cookie[:])
	mac.Write([]byte("voordeur entry " + worker))
	return casework.Secret(mac.Sum(nil))
}

// entryCookieOf reads the cookie; ok is false without one or when it is not ours.
func entryCookieOf(r *http.Request) (cookie casework.Secret, sent, ok bool) {
	c, err := r.Cookie(entryCookie)
	if err != nil {
		return casework.Secret{}, false, false
	}
	text, mark, _ := strings.Cut(c.Value, ".")
	cookie, err = casework.ParseSecret(text)
	return cookie, mark == sentMark, err == nil
}

func keepEntry(w http.ResponseWriter, cookie casework.Secret, sent bool) {
	value := cookie.String()
	if sent {
		value += "." + sentMark
	}
	setCookie(w, entryCookie, value, casework.SessionLasts)
}

// openEntry returns the worker's entry in this browser, or errNoDraft.
func (d *desk) openEntry(r *http.Request, s seat) (entry, error) {
	cookie, sent, ok := entryCookieOf(r)
	if !ok {
		return entry{}, errNoDraft
	}
	e := entry{secret: entrySecret(cookie, s.worker.ID), sent: sent}
	var err error
	if e.draft, err = d.Drafts.Load(r.Context(), e.secret, d.Now()); errors.Is(err, casework.ErrNotFound) {
		return entry{}, errNoDraft
	}
	if err != nil {
		return entry{}, fmt.Errorf("load entry: %w", err)
	}
	return e, nil
}

// entered serves a page about the open entry; without one, the page where entries begin.
func (d *desk) entered(show func(w http.ResponseWriter, r *http.Request, s seat, e entry) error) deskPage {
	return func(w http.ResponseWriter, r *http.Request, s seat) error {
		e, err := d.openEntry(r, s)
		if errors.Is(err, errNoDraft) {
			redirect(w, r, entryPath)
			return nil
		}
		if err != nil {
			return err
		}
		return show(w, r, s, e)
	}
}

// entryStartPage says how a form can be entered.
type entryStartPage struct {
	Frame
	Search lookFor // first: it may be running already
	Ways   []Card
	Open   string // address of the entry that is open, "" for none
	Paper  []NavLink
}

// beginEntry shows the ways to enter a form. It shows nothing of any case.
func (d *desk) beginEntry(w http.ResponseWriter, r *http.Request, s seat) error {
	texts, err := d.texts()
	if err != nil {
		return err
	}
	p := entryStartPage{Frame: d.frame(texts, s, texts.T("desk.entry.title"), entryPath), Search: searchFor(texts, s, "", "")}
	for _, how := range casework.EntryWays() {
		p.Ways = append(p.Ways, Card{
			Heading: texts.T("desk.entry.way." + string(how)), URL: entryFormPath + "?" + howField + "=" + string(how),
			Lines: lines(texts.T("desk.entry.way." + string(how) + ".text")),
		})
	}
	p.Paper = []NavLink{
		{Label: texts.T("paper.title"), URL: deskPaperPath}, {Label: texts.T("card.title"), URL: deskCardPath},
	}
	if _, sent, ok := entryCookieOf(r); ok && !sent {
		p.Open = entryFormPath
	}
	return d.render(w, http.StatusOK, "entry", p)
}

// askEntry shows the questions: of an empty entry when the address says how, of the open one otherwise.
func (d *desk) askEntry(w http.ResponseWriter, r *http.Request, s seat) error {
	how := casework.EntryWay(r.URL.Query().Get(howField))
	if slices.Contains(casework.EntryWays(), how) {
		e := newEntry(casework.NewSecret(), s.worker.ID, how)
		return d.showEntry(w, http.StatusOK, s, e, nil)
	}
	return d.entered(func(w http.ResponseWriter, _ *http.Request, s seat, e entry) error {
		return d.showEntry(w, http.StatusOK, s, e, nil)
	})(w, r, s)
}

// takeEntry keeps what was typed, right or wrong, and says what to mend.
func (d *desk) takeEntry(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	how := casework.EntryWay(r.PostForm.Get(howField))
	if !slices.Contains(casework.EntryWays(), how) {
		return &BodyError{http.StatusBadRequest}
	}
	for range maxSaveTries {
		cookie, _, _ := entryCookieOf(r)
		e, err := d.openEntry(r, s)
		switch {
		case err == nil && e.secret.FormTokenIs(entryPath, r.PostForm.Get(entryField)):
		case err == nil, errors.Is(err, errNoDraft): // a new one, or the page of one before this browser's
			cookie = casework.NewSecret()
			e = newEntry(cookie, s.worker.ID, how)
		default:
			return err
		}
		e.draft.Answers = d.sheetOf(e).parse(e.draft.Answers, r.PostForm)
		err = d.Drafts.Save(r.Context(), e.secret, e.draft, d.Now())
		if errors.Is(err, casework.ErrConflict) {
			continue
		}
		if err != nil {
			return fmt.Errorf("save entry: %w", err)
		}
		keepEntry(w, cookie, false)
		if problems := d.entryProblems(s, e); len(problems) > 0 {
			return d.showEntry(w, http.StatusUnprocessableEntity, s, e, problems)
		}
		redirect(w, r, entryCheckPath)
		return nil
	}
	return fmt.Errorf("save entry: %w", casework.ErrConflict)
}

// context is what an entry's questions are judged by: all of them were put.
func (d *desk) entryContext(e entry) form.Context {
	return form.Context{Municipality: d.Municipality, Path: e.draft.Path, Today: d.Now(), Printed: true}
}

// codeStaff is the problem of a number or an address of the staff where a resident's belongs (C2).
const codeStaff form.Code = "staff"

// codeDanger is the problem of updates to a helper under a safety flag.
const codeDanger form.Code = "danger"

// entryProblems returns every problem, in the order of the page.
func (d *desk) entryProblems(s seat, e entry) []form.Problem {
	c, updates := d.entryContext(e), form.Definition{Pages: []form.Page{updatesPage()}}
	problems := slices.Concat(d.Intake.Form.CheckAll(e.draft.Answers, c), updates.CheckAll(e.draft.Answers, c))
	kept := d.Intake.Form.Clean(e.draft.Answers, c)
	flagged := kept.SafetyFlag()
	maps.Copy(kept, updates.Clean(e.draft.Answers, c))
	pages := append(slices.Clone(d.Intake.Form.Pages), updatesPage())
	pageOf := func(field string) int {
		return slices.IndexFunc(pages, func(p form.Page) bool { return slices.Contains(p.Fields(), field) })
	}
	for _, field := range casework.StaffContacts(kept, s.people, d.Municipality) {
		problems = append(problems, form.Problem{Field: field, Key: field, Code: codeStaff})
	}
	if flagged && kept.Has(updatesKey, string(casework.ToHelper)) {
		problems = append(problems, form.Problem{Field: updatesKey, Key: updatesKey, Code: codeDanger})
	}
	slices.SortStableFunc(problems, func(a, b form.Problem) int { return pageOf(a.Field) - pageOf(b.Field) })
	return problems
}
