package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/form"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// Desk is the workers' pages, all of them below /desk/: what to do today, the cases, a case with its acts, and the
// sign-in in front of them.
//
// A page costs three rounds of calls to the store: who is this and who is there; what is asked for; the audit row. No
// GET changes anything but audit, session and sign-in rows (I11).
type Desk struct {
	Municipality *municipality.Municipality
	Work         casework.Work
	Store        DeskStore
	Drafts       Drafts          // of forms that workers fill in for residents
	Intake       casework.Intake // that they are sent to
	Provider     Provider
	HTTP         *http.Client // to the provider
	Texts        *Catalog
	Assets       *Assets
	Log          *slog.Logger
	Now          func() time.Time // business clock: deadlines, acts, audit
	Clock        func() time.Time // real time: sessions, sign-ins, tokens
}

// DeskStore is what the desk keeps and reads besides what its acts do.
type DeskStore interface {
	casework.Store
	casework.Oversight
	// Sent returns a report with all its envelopes, or casework.ErrNotFound.
	Sent(ctx context.Context, ref casework.Reference) (casework.Report, error)
	// InQuarantine returns a suspected report that waits, or that nobody sent and can be undone at now; else
	// casework.ErrNotFound.
	InQuarantine(ctx context.Context, ref casework.Reference, now time.Time) (casework.Quarantined, error)
	// Duty returns what whoever is on duty watches over at now.
	Duty(ctx context.Context, now time.Time) (casework.Duty, error)
	// Sweep returns the latest sweep of dispatch; the zero value when there was none.
	Sweep(ctx context.Context) (casework.Sweep, error)
	// SendAgain has a mail to a worker that did not arrive sent once more. Asked again it does nothing. casework.ErrConflict:
	// it did arrive, or is being sent.
	SendAgain(ctx context.Context, ref casework.Reference, id, by string, now time.Time) error
	// PassedOn says that somebody told the worker in another way; else like SendAgain.
	PassedOn(ctx context.Context, ref casework.Reference, id, by string, now time.Time) error
	// BeginCode has a code mailed to a worker's own address; casework.ErrTooMany after too many.
	BeginCode(ctx context.Context, c casework.AddressCode, now time.Time) error
	// TryCode counts a try and returns the latest code; casework.ErrNotFound when it ran out, casework.ErrTooMany after too
	// many.
	TryCode(ctx context.Context, worker string, now time.Time) (casework.AddressCode, error)
	// ConfirmAddress says that mail to an address reaches a worker; casework.ErrConflict when theirs is another one by now.
	ConfirmAddress(ctx context.Context, worker, address string) error
	// Judge writes what somebody said about a suspected report; casework.ErrConflict when somebody else was first.
	Judge(ctx context.Context, ref casework.Reference, j casework.Judgement) error
	// Organisations returns the directory's organisations.
	Organisations(ctx context.Context) ([]directory.Organisation, error)
	// Form returns the form of a hash as residents were asked it, or casework.ErrNotFound.
	Form(ctx context.Context, hash string) (form.Asked, error)
	// SaveAbsence changes when a worker is away, and writes down who did so. Changed that way before is no error;
	// casework.ErrConflict: it is not as it was before any more.
	SaveAbsence(ctx context.Context, worker string, before, after []routing.Absence, by casework.Audit) error
	// Takeover returns the latest act on a worker's list, whether it is under way, and what it left where it was; or
	// casework.ErrNotFound.
	Takeover(ctx context.Context, from string) (t casework.Takeover, underWay bool, kept []casework.Kept, err error)
	// PutSession starts a session; casework.ErrConflict when there is one of that id.
	PutSession(ctx context.Context, s casework.Session) error
	// SeeSession writes down that a session is seen now and returns it; casework.ErrNotFound when there is none that lasts.
	SeeSession(ctx context.Context, id string, now time.Time) (casework.Session, error)
	// EndSession removes a session; one that is gone is no error.
	EndSession(ctx context.Context, id string) error
	// PutSignIn stores a sign-in on its way.
	PutSignIn(ctx context.Context, s casework.SignIn) error
	// TakeSignIn returns a sign-in once, or casework.ErrNotFound.
	TakeSignIn(ctx context.Context, id string, now time.Time) (casework.SignIn, error)
	// Subject returns the worker who signs in as a subject of an issuer, or casework.ErrNotFound.
	Subject(ctx context.Context, issuer, subject string) (worker string, err error)
	// BindSubject binds a subject to a worker, once, and returns the worker it is bound to then.
	BindSubject(ctx context.Context, issuer, subject, worker string) (bound string, err error)
}

// The addresses that are used in more than one place.
const (
	deskPath    = "/desk/"
	casesPath   = "/desk/casussen"
	signOutPath = "/desk/uit"
	leftPath    = "/desk/afgemeld"
	// ArrivedPath is where the provider sends the browser back to; the host before it is configuration.
	ArrivedPath = "/desk/aangemeld"
)

// casePath is the page of a case.
func casePath(ref casework.Reference) string { return "/desk/casus/" + string(ref) }

// What a page may answer instead of itself. What the store and the cases answer stands in casework.
var (
	errNoSession = errors.New("nobody is signed in")
	errInactive  = errors.New("worker is not active")
	errToken     = errors.New("form token is of another session")
)

// desk is a Desk at work.
type desk struct {
	Desk
	renderer *Renderer
	writer   *message.Writer
	provider provider
	forms    *forms
}

// deskPage answers a request of a signed-in worker, or says why not and leaves the response untouched.
type deskPage func(w http.ResponseWriter, r *http.Request, s seat) error

// Handler returns the pages behind the headers and refusals that every worker's page has.
func (d Desk) Handler() http.Handler {
	d.Texts = d.Texts.of(d.Municipality)
	return newDesk(d).handler()
}

func newDesk(d Desk) *desk {
	return &desk{Desk: d, renderer: NewRenderer(d.Texts, d.Assets), writer: message.NewWriter(d.Municipality), forms: newForms(d)}
}

// answer serves a route and turns its error into a page; the only place that does.
func (d *desk) answer(route deskRoute) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var s seat
		err := d.readPost(r)
		switch {
		case err != nil:
		case route.open != nil:
			err = route.open(w, r)
		default:
			s, err = d.takeSeat(r, route.lists)
			if err == nil && !route.may.admits(s, d.Now()) {
				err = casework.ErrNotFound
			}
			if err == nil {
				err = route.show(w, r, s)
			}
		}
		if err == nil {
			return
		}
		if err = d.refuse(w, r, s, err); err != nil {
			d.Log.ErrorContext(r.Context(), "a page failed", slog.String("route", r.Pattern), slog.Any("error", err))
			d.broke(w, r, http.StatusInternalServerError)
		}
	})
}

func (d *desk) readPost(r *http.Request) error {
	if r.Method != http.MethodPost {
		return nil
	}
	return ParseForm(r)
}

// refuse writes the page that belongs to an error, and returns an error that has no page of its own.
func (d *desk) refuse(w http.ResponseWriter, r *http.Request, s seat, err error) error {
	if errors.Is(err, errNoSession) && r.Method != http.MethodPost {
		if err = d.toSignIn(w, r); err == nil {
			return nil
		}
	}
	if body, ok := errors.AsType[*BodyError](err); ok {
		return d.say(w, r, s, body.Status, fmt.Sprintf("desk.failed.%d", body.Status))
	}
	if stale, ok := errors.AsType[*casework.StaleError](err); ok {
		return d.changed(w, r, s, stale.Current)
	}
	if refused, ok := errors.AsType[*casework.TransitionError](err); ok {
		return d.refused(w, r, s, refused)
	}
	if refused, ok := errors.AsType[*signInError](err); ok {
		d.Log.WarnContext(r.Context(), "a sign-in was refused", slog.String("why", string(refused.why)))
		return d.say(w, r, seat{}, refused.why.status(), "desk.sign_in."+string(refused.why))
	}
	switch {
	case errors.Is(err, errNoSession):
		return d.again(w, r, seat{}, http.StatusUnauthorized)
	case errors.Is(err, errToken):
		return d.again(w, r, s, http.StatusForbidden)
	case errors.Is(err, errInactive):
		d.dropSession(w)
		return d.say(w, r, seat{}, http.StatusForbidden, "desk.inactive")
	case errors.Is(err, casework.ErrNotFound):
		return d.say(w, r, s, http.StatusNotFound, notFound(r))
	}
	return err
}

// notFound is the key of what is said where nothing is, the same to whom it is not there for.
func notFound(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, casePath("")) {
		return "desk.no_case"
	}
	return "desk.failed.404"
}

// toSignIn starts a sign-in that comes back to the page that was asked for.
func (d *desk) toSignIn(w http.ResponseWriter, r *http.Request) error {
	return d.startSignIn(w, r, r.URL.EscapedPath(), r.URL.Query().Get("login_hint"), false)
}

// sayPage says one thing. After a POST it holds what was typed.
type sayPage struct {
	Frame
	Paragraphs []string
	Changes    []happening // what others did meanwhile
	Action     string      // where the form sends what was typed, "" for no form
	Kept       []keptField // hidden
	Typed      *TextArea   // what the worker wrote
	Button     string      // of the form
	NewTab     bool        // the link opens beside this page
	Link       NavLink
}

// say writes a page of one title and text.
func (d *desk) say(w http.ResponseWriter, r *http.Request, s seat, status int, key string) error {
	texts, err := d.texts()
	if err != nil {
		return err
	}
	p := d.sayPage(texts, s, key)
	p.Typed = typed(texts, r)
	return d.render(w, status, "say", p)
}

func (d *desk) sayPage(texts *Texts, s seat, key string) sayPage {
	p := sayPage{
		Frame:      d.frame(texts, s, texts.T(key+".title"), ""),
		Paragraphs: lines(texts.T(key + ".text")),
		Link:       NavLink{Label: texts.T("desk.to_today"), URL: deskPath},
	}
	if s.session.Worker == "" {
		p.Link.Label = texts.T("desk.sign_in")
	}
	return p
}

// typed returns the reason that a POST brought along, nil when there is none.
func typed(texts *Texts, r *http.Request) *TextArea {
	reason := reasonOf(r)
	if reason == "" {
		return nil
	}
	return &TextArea{Ask: Ask{ID: reasonField, Label: texts.T("desk.typed")}, Name: reasonField, Value: reason, Rows: 4}
}

// again shows what was typed and sends it once more: after the session ended, in a new one, or from an old page.
// Nothing was done with it yet.
func (d *desk) again(w http.ResponseWriter, r *http.Request, s seat, status int) error {
	texts, err := d.texts()
	if err != nil {
		return err
	}
	p := d.sayPage(texts, s, fmt.Sprintf("desk.again.%d", status))
	p.Action, p.Typed, p.Button = r.URL.EscapedPath(), typed(texts, r), texts.T("desk.again.button")
	p.NewTab = s.session.Worker == ""
	for _, field := range slices.Sorted(maps.Keys(r.PostForm)) {
		if field == tokenField || field == reasonField {
			continue
		}
		for _, value := range r.PostForm[field] {
			p.Kept = append(p.Kept, keptField{Name: field, Value: value})
		}
	}
	if !p.NewTab {
		p.Kept = append(p.Kept, keptField{Name: tokenField, Value: s.token(r.URL.Path)})
	}
	return d.render(w, status, "say", p)
}

// broke writes the page of an HTTP status without knowing who asks: its link is right for who is signed in and who is not.
func (d *desk) broke(w http.ResponseWriter, r *http.Request, status int) {
	if err := d.sayBroken(w, r, status); err != nil {
		d.Log.ErrorContext(r.Context(), "the page for a failure failed", slog.Any("error", err))
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (d *desk) sayBroken(w http.ResponseWriter, r *http.Request, status int) error {
	texts, err := d.texts()
	if err != nil {
		return err
	}
	p := d.sayPage(texts, seat{}, fmt.Sprintf("desk.failed.%d", status))
	p.Typed, p.Link.Label = typed(texts, r), texts.T("desk.to_today")
	return d.render(w, status, "say", p)
}

func (d *desk) texts() (*Texts, error) { return d.Texts.In("nl") }

// readOut returns the texts that a worker reads out to a resident, in je or u as the municipality says. Workers are je among each other.
func (d *desk) readOut() (*Texts, error) {
	if d.Municipality.Formal {
		return d.Texts.In(fallback + polite)
	}
	return d.texts()
}

func (d *desk) render(w http.ResponseWriter, status int, page string, data framed) error {
	return d.renderer.render(w, status, "desk/"+page, data)
}

// localGoal says whether a path is a page of the desk, so that a sign-in leads nowhere else.
func localGoal(path string) bool {
	return strings.HasPrefix(path, deskPath) && path != ArrivedPath && path != leftPath
}
