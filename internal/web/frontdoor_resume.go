package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

const (
	resumePath = "/verder" // takes a resume code
	pausedPath = "/later"  // shows it
	goOnPath   = "/vraag"  // leads to the page that was left
)

// codeField is the name of the field that takes a resume code, and its id.
const codeField = "code"

// Pauses lets a resume code open a draft again.
type Pauses interface {
	// Pause saves a draft for 14 days and lets its code open it as long, on the condition that the stored version is the
	// draft's own; otherwise casework.ErrConflict.
	Pause(ctx context.Context, secret casework.Secret, draft form.Draft, now time.Time) error
	// Resume returns the secret of the draft that a code opens. A code that is unknown or has expired, and any code of a
	// network that tried too often, give casework.ErrNotFound.
	Resume(ctx context.Context, network string, code casework.ResumeCode, now time.Time) (casework.Secret, error)
}

// laterPath is where the form of a page goes instead to be finished later.
func laterPath(id string) string { return pausedPath + "/" + url.PathEscape(id) }

// pause saves what the page holds, whether it is right or not, and goes to the resume code.
func (d *frontdoor) pause(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	v, draft, err := d.openToChange(w, r, id)
	if err == nil && v.sent {
		return d.late(w, r, v, d.leftAt(draft, id, r.PostForm)) // its code would open nothing
	}
	for range maxSaveTries {
		if err != nil {
			return err
		}
		err = d.Pauses.Pause(r.Context(), v.secret, d.leftAt(draft, id, r.PostForm), d.Now())
		if err == nil {
			redirect(w, r, pausedPath)
			return nil
		}
		if !errors.Is(err, casework.ErrConflict) {
			return fmt.Errorf("pause: %w", err)
		}
		_, draft, err = d.open(w, r) // another tab saved meanwhile
	}
	return fmt.Errorf("pause: %w", casework.ErrConflict)
}

// leftAt returns a draft with what stands on the page that is left. A page that was never answered, and is empty, stays
// not answered.
func (d *frontdoor) leftAt(draft form.Draft, id string, values url.Values) form.Draft {
	draft.Left = id
	k := d.walk(draft)
	p, ok := d.Form.Ask(id, draft.Answers, k.context)
	if !ok {
		return draft
	}
	parsed, touched := p.Parse(values), false
	for field, typed := range parsed {
		_, answered := draft.Answers[field]
		touched = touched || answered || slices.ContainsFunc(typed, func(s string) bool { return s != "" })
	}
	if touched {
		draft.Answers = d.Form.Clean(draft.Answers.Merge(p, parsed), k.context)
	}
	return draft
}

// laterPage shows the resume code.
type laterPage struct {
	Frame
	Code    string // "K7M4-RT9X"
	Spelled string // "K 7 M 4, R T 9 X", to be read aloud
	Until   string // "zaterdag 5 december"
	Site    string // host to type on another phone
	GoOn    string // address of the page that was left
}

// paused shows the code of a draft that was paused.
func (d *frontdoor) paused(w http.ResponseWriter, r *http.Request) error {
	v, draft, err := d.open(w, r)
	if err != nil {
		return err
	}
	if v.sent {
		redirect(w, r, receiptPath)
		return nil
	}
	ends := draft.Paused.Add(casework.ResumeCodeLasts)
	if !d.Now().Before(ends) { // never paused, or long ago
		redirect(w, r, goOnPath)
		return nil
	}
	texts, err := d.textsKept(r)
	if err != nil {
		return err
	}
	code := v.secret.ResumeCode().String()
	page := laterPage{
		Frame: d.frame(texts, texts.T("later.title")),
		Code:  code, Spelled: spelled(code), Until: dayOf(texts, ends), Site: r.Host, GoOn: goOnPath,
	}
	page.Languages = d.choices(texts, pausedPath)
	return d.render(w, http.StatusOK, "later", page)
}

// goOn leads to the page that was left, or to the next one that is still there.
func (d *frontdoor) goOn(w http.ResponseWriter, r *http.Request) error {
	_, draft, err := d.open(w, r)
	if err != nil {
		return err
	}
	switch k := d.walk(draft); {
	case draft.Left == checkToken:
		redirect(w, r, checkPath)
	case k.place(draft.Left) >= 0:
		redirect(w, r, questionPath(draft.Left))
	default:
		redirect(w, r, k.nearest(draft.Left))
	}
	return nil
}

// resumePage asks for a resume code.
type resumePage struct {
	Frame
	Code   Field
	Action string
}

// askCode shows the page that takes a code. Like the start page it is the same for everybody.
func (d *frontdoor) askCode(w http.ResponseWriter, r *http.Request) error {
	return d.showCode(w, r.URL.Query().Get(languageField), "", false)
}

// resume opens the draft of a code. Whatever does not open it gives the same page: an unknown code, one that has
// expired or whose draft was sent, and too many tries. With a language button it only changes the language.
func (d *frontdoor) resume(w http.ResponseWriter, r *http.Request) error {
	if err := ParseForm(r); err != nil {
		return err
	}
	typed, lang := r.PostForm.Get(codeField), r.URL.Query().Get(languageField)
	if r.PostForm.Has(languageField) {
		return d.showCode(w, r.PostForm.Get(languageField), typed, false)
	}
	secret, err := d.opened(r, typed)
	if errors.Is(err, casework.ErrNotFound) {
		return d.showCode(w, lang, typed, true)
	}
	if err != nil {
		return err
	}
	if lang, err = d.spoken(lang); err != nil {
		return err
	}
	d.keep(w, visit{secret: secret, language: lang})
	redirect(w, r, goOnPath)
	return nil
}

// opened returns the secret of the draft that a code opens, or casework.ErrNotFound.
func (d *frontdoor) opened(r *http.Request, typed string) (casework.Secret, error) {
	code, err := casework.ParseResumeCode(typed)
	if err != nil {
		return casework.Secret{}, casework.ErrNotFound
	}
	secret, err := d.Pauses.Resume(r.Context(), networkOf(r), code, d.Now())
	if err != nil {
		return casework.Secret{}, fmt.Errorf("resume: %w", err)
	}
	switch _, err := d.Intake.Receipt(r.Context(), secret); {
	case err == nil:
		return casework.Secret{}, fmt.Errorf("resume a draft that was sent: %w", casework.ErrNotFound)
	case !errors.Is(err, casework.ErrNotFound):
		return casework.Secret{}, fmt.Errorf("resume: %w", err)
	}
	return secret, nil
}

func (d *frontdoor) showCode(w http.ResponseWriter, lang, typed string, wrong bool) error {
	texts, err := d.texts(lang)
	if err != nil {
		return err
	}
	page := resumePage{Frame: d.frame(texts, texts.T("resume.title")), Action: resumePath + languageQuery(texts.Language())}
	page.Back = "/" + languageQuery(texts.Language())
	page.Languages, page.LanguageForm = d.choices(texts, resumePath), answersForm
	ask, status := Ask{ID: codeField, Label: texts.T("resume.code"), Hint: texts.T("resume.hint"), Big: true}, http.StatusOK
	if wrong {
		ask.Error, status = texts.T("resume.wrong"), http.StatusUnprocessableEntity
		page.Problems = []ProblemLink{{Field: codeField, Text: ask.Error}}
	}
	page.Code = Field{Text: &TextField{Ask: ask, Name: codeField, Value: strings.TrimSpace(typed), Autocomplete: "off", Width: WidthMedium}}
	return d.render(w, status, "resume", page)
}

// networkOf is the network that a request came from: the addresses that one household or office usually has.
func networkOf(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "unknown"
	}
	bits, addr := 48, from.Addr().Unmap()
	if addr.Is4() {
		bits = 24
	}
	prefix, _ := addr.WithZone("").Prefix(bits) // of an address that has this many bits
	return prefix.String()
}
