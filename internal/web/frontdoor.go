package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// Frontdoor is the resident's pages: the form page by page, the check page, the receipt and the resident's own page.
// Every page is whole without JavaScript.
//
// A request costs at most two calls to the store: a page loads the draft, an answer loads and saves it, and the start
// page needs neither. Only two tabs at one moment cost more, and a resume code that opens: it is counted, read, and must
// be of a draft that was not sent. No GET writes anything but a cookie.
type Frontdoor struct {
	Municipality *municipality.Municipality
	Form         form.Definition
	Drafts       Drafts
	Pauses       Pauses
	Arrivals     Arrivals
	Intake       casework.Intake
	Texts        *Catalog
	Assets       *Assets
	Log          *slog.Logger
	Now          func() time.Time // business clock: deadlines, links, drafts
	Clock        func() time.Time // real time: the idle limit of the cookie

	// UncheckedLanguages offers, with a mark, the languages too that no native reader has checked. Never in production.
	UncheckedLanguages bool
}

// Drafts keeps forms that are being filled in. A draft is sealed with a key that follows from the resident's secret.
type Drafts interface {
	// Load returns the draft of a secret, or casework.ErrNotFound when there is none or 72 hours have passed since its
	// last change, 14 days when it was paused.
	Load(ctx context.Context, secret casework.Secret, now time.Time) (form.Draft, error)
	// Save stores a draft with the next version, on the condition that the stored version is the draft's own (0: none
	// yet); otherwise casework.ErrConflict.
	Save(ctx context.Context, secret casework.Secret, draft form.Draft, now time.Time) error
}

var (
	errNoDraft = errors.New("no draft is open")
	errIdle    = errors.New("the draft was idle for too long")
	errForged  = errors.New("form token does not match")
)

// frontdoor is a Frontdoor at work.
type frontdoor struct {
	Frontdoor
	renderer  *Renderer
	mux       *http.ServeMux
	languages func() ([]string, error) // to choose from; found when first asked for
	askedAs   func() (string, error)   // hash of the form as it is asked; found when first asked for
}

// Handler returns the pages behind the headers and refusals that every public page has.
func (f Frontdoor) Handler() http.Handler {
	f.Texts = f.Texts.of(f.Municipality)
	d := &frontdoor{Frontdoor: f, renderer: NewRenderer(f.Texts, f.Assets), mux: http.NewServeMux()}
	d.languages = sync.OnceValues(d.findLanguages)
	d.askedAs = askedAs(f.Municipality)
	for pattern, page := range d.routes() {
		d.mux.Handle(pattern, d.answer(page))
	}
	return Secure(routed(d.mux, d.failed), SecureOptions{Log: f.Log, Failed: d.failed})
}

func (d *frontdoor) routes() map[string]page {
	return map[string]page{
		"GET /{$}":         d.start,
		"POST /begin":      d.begin,
		"GET /vraag/{id}":  d.ask,
		"POST /vraag/{id}": d.take,
		"GET /controle":    d.check,
		"POST /controle":   d.send,
		"GET /ontvangen":   d.receipt,
		"GET /mijn/{link}": d.arrive,
		"GET /mijn":        d.own,
		"POST /later/{id}": d.pause,
		"GET /later":       d.paused,
		"GET /verder":      d.askCode,
		"POST /verder":     d.resume,
		"GET /vraag":       d.goOn,
		"GET /weg":         d.leave,

		"GET " + paperPath: d.paper(form.Full),
		"GET " + cardPath:  d.paper(form.Card),

		"GET /privacy":                  d.plain("privacy"),
		"GET /toegankelijkheid":         d.plain("accessibility"),
		"GET /robots.txt":               d.robots,
		"GET /.well-known/security.txt": d.securityContact,
		"GET /static/":                  d.static,
	}
}

// page answers a request, or says why not and leaves the response untouched.
type page func(w http.ResponseWriter, r *http.Request) error

// answer turns a page's error into a page; the only place that does.
func (d *frontdoor) answer(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := p(w, r)
		if err == nil {
			return
		}
		if body, ok := errors.AsType[*BodyError](err); ok {
			d.failed(w, r, body.Status)
			return
		}
		switch {
		case errors.Is(err, errNoDraft):
			d.drop(w)
			redirect(w, r, d.startAgain(r))
		case errors.Is(err, errIdle):
			d.drop(w)
			d.failed(w, r, http.StatusGone)
		case errors.Is(err, errForged):
			d.failed(w, r, http.StatusForbidden)
		case errors.Is(err, casework.ErrNotFound):
			d.failed(w, r, http.StatusNotFound)
		default:
			d.Log.ErrorContext(r.Context(), "a page failed", slog.String("route", r.Pattern), slog.Any("error", err))
			d.failed(w, r, http.StatusInternalServerError)
		}
	})
}

// failedPage says that something went wrong. After a POST it holds what was typed, and sends it again.
type failedPage struct {
	Frame
	Paragraphs []string
	Typed      []string // what was written and is not kept, to be copied
	Action     string
	Kept       []keptField
	Button     string // "" when there is nothing to send again
	Resume     string // address that takes a resume code, "" when that is no way on
}

type keptField struct{ Name, Value string }

// failed writes the page of an HTTP status.
func (d *frontdoor) failed(w http.ResponseWriter, r *http.Request, status int) {
	texts, err := d.textsKept(r)
	if err == nil {
		err = d.renderer.render(w, status, "resident/failed", d.failedPage(r, texts, status))
	}
	if err != nil {
		d.Log.ErrorContext(r.Context(), "the page for a failure failed", slog.Any("error", err))
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (d *frontdoor) failedPage(r *http.Request, texts *Texts, status int) failedPage {
	p := failedPage{Frame: d.frame(texts, texts.T(fmt.Sprintf("failed.%d.title", status)))}
	p.Paragraphs = lines(texts.T(fmt.Sprintf("failed.%d.text", status)))
	p.NoIndex = true
	if status == http.StatusGone {
		p.Resume = resumePath + languageQuery(texts.Language())
	}
	if status == http.StatusForbidden {
		p.Typed = d.typed(r)
	}
	if status != http.StatusInternalServerError || r.Method != http.MethodPost || len(r.PostForm) == 0 {
		return p
	}
	p.Action, p.Button = r.URL.RequestURI(), texts.T("failed.again")
	if r.URL.Path == checkPath {
		p.Button = texts.T("check.send", "Team", d.Municipality.Team)
	}
	for _, field := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, value := range r.PostForm[field] {
			p.Kept = append(p.Kept, keptField{Name: field, Value: value})
		}
	}
	return p
}

// typed returns what somebody wrote on the question page that was sent. Who sent it has it on the screen already.
func (d *frontdoor) typed(r *http.Request) []string {
	var all []string
	for _, p := range d.Form.Pages {
		if p.ID != r.PathValue("id") {
			continue
		}
		sent := p.Parse(r.PostForm)
		for _, q := range p.Questions {
			switch q.Type {
			case form.Short, form.Name, form.Line, form.Story, form.Email, form.Phone, form.Postcode:
				all = append(all, lines(sent.One(q.Key))...)
			case form.People:
				for _, person := range sent.People(q.Key) {
					all = append(all, lines(person.Name)...)
					all = append(all, lines(person.With)...)
				}
			case form.Date, form.Number, form.Year, form.Choice, form.Multi, form.PickHelps, form.Confirm: // soon done again
			}
		}
	}
	return all
}

// frame is the frame of a page with a title.
func (d *frontdoor) frame(texts *Texts, title string) Frame {
	f := residentFrame(d.Municipality, texts.Language())
	f.Title, f.words = title, texts.name
	if d.UncheckedLanguages {
		checked, err := d.Texts.Checked(f.Lang)
		f.Unchecked = err == nil && !checked
	}
	return f
}

// render writes a page as a whole.
func (d *frontdoor) render(w http.ResponseWriter, status int, page string, data framed) error {
	return d.renderer.render(w, status, "resident/"+page, data)
}

// redirect sends the browser on with a GET.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // to is a path of ours or of the municipality's file
}
