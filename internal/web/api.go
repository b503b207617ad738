package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
)

// API is the JSON API for the municipality's own systems: they bring in reports, follow where a case stands, and take over
// cases that are handed off. It opens nothing that is sealed.
//
// A report costs two calls to the store, a case two or three rounds, a hand-off or a list of them two, a confirmation and
// the directory one.
type API struct {
	Intake   casework.SystemIntake
	Store    APIStore
	Issuer   string   // of the tokens
	Clients  []string // ids of the systems that may have one
	HTTP     *http.Client
	Document func() ([]byte, error) // OpenAPI
	Texts    *Catalog
	Log      *slog.Logger
	Now      func() time.Time // business clock: reports
	Clock    func() time.Time // real time: tokens
}

// APIStore is what the API reads.
type APIStore interface {
	// Case returns a case's head, or casework.ErrNotFound.
	Case(ctx context.Context, ref casework.Reference) (casework.Case, error)
	// Receipt returns a stored report without its envelopes, or casework.ErrNotFound.
	Receipt(ctx context.Context, ref casework.Reference) (casework.Report, error)
	// People returns everybody.
	People(ctx context.Context) (casework.People, error)
	// HandOffs lists the cases that were handed off and that nobody confirmed, the oldest first, of at most 100.
	HandOffs(ctx context.Context) ([]casework.HandOff, error)
	// HandOffFile returns a case that was handed off with what is sealed for the municipality's own system; else
	// casework.ErrNotFound.
	HandOffFile(ctx context.Context, ref casework.Reference) (casework.HandOff, error)
	// Confirm records that a system has what was handed off, once, and returns it as it is then. casework.ErrTakenBack: it
	// is here again. casework.ErrNotFound: it was never handed off.
	Confirm(ctx context.Context, ref casework.Reference, by string, now time.Time) (casework.HandOff, error)
	// Organisations returns the organisations of the directory.
	Organisations(ctx context.Context) ([]directory.Organisation, error)
}

const (
	// APIPath is what every address of the API begins with.
	APIPath = "/api/v1/"
	// apiVersion is the version of the interface; its first number stands in APIPath.
	apiVersion = "1.1.0"
	// apiPolicy is for answers that are no page: nothing of them is shown, run or framed.
	apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// The scopes of a token.
const (
	scopeWriteReports = "voordeur/reports:write"
	scopeReadCases    = "voordeur/cases:read"
	scopeWriteHandOff = "voordeur/handoffs:write"
)

// api is an API at work.
type api struct {
	API
	mux     *http.ServeMux
	issuer  issuer
	askedAs func() (string, error) // hash of the form; found when first asked for
}

// apiRoute is one address. Without a scope it is for everybody.
type apiRoute struct {
	pattern string
	scope   string
	serve   func(w http.ResponseWriter, r *http.Request, client string) error
}

func (a *api) routes() []apiRoute {
	return []apiRoute{
		{"POST " + APIPath + "reports", scopeWriteReports, a.addReport},
		{"GET " + APIPath + "cases/{reference}", scopeReadCases, a.showCase},
		{"GET " + APIPath + "handoffs", scopeReadCases, a.listHandOffs},
		{"GET " + APIPath + "handoffs/{reference}", scopeReadCases, a.showHandOff},
		{"PUT " + APIPath + "handoffs/{reference}/confirmation", scopeWriteHandOff, a.confirmHandOff},
		{"GET " + APIPath + "directory", "", a.showDirectory},
		{"GET " + APIPath + "openapi.json", "", a.showDocument},
	}
}

// Handler returns the API behind the headers and refusals of every page, in the form that machines read.
func (a API) Handler() http.Handler {
	h := newAPI(a)
	for _, route := range h.routes() {
		h.mux.Handle(route.pattern, h.answer(route))
	}
	return Secure(routed(h.mux, h.refused), SecureOptions{Log: a.Log, NoIndex: true, Failed: func(w http.ResponseWriter, r *http.Request, status int) {
		kind := problemBroken
		if status == http.StatusForbidden {
			kind = problemOrigin
		}
		h.tell(w, r, &problem{kind: kind})
	}})
}

func newAPI(a API) *api {
	return &api{API: a, mux: http.NewServeMux(), askedAs: askedAs(a.Intake.Municipality)}
}

// refused answers a request that no route takes with a problem.
func (a *api) refused(w http.ResponseWriter, r *http.Request, status int) {
	kind := problemUnknown
	if status == http.StatusMethodNotAllowed {
		kind = problemMethod
	}
	a.tell(w, r, &problem{kind: kind})
}

// answer serves a route to whoever may have it and turns its error into a problem; the only place that does.
func (a *api) answer(route apiRoute) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, err := "", error(nil)
		if route.scope != "" {
			client, err = a.clientOf(r, route.scope)
		}
		if err == nil {
			err = route.serve(w, r, client)
		}
		if err == nil {
			return
		}
		p, ok := errors.AsType[*problem](err)
		switch {
		case ok:
		case errors.Is(err, casework.ErrNotFound):
			p = &problem{kind: problemUnknown}
		default:
			a.Log.ErrorContext(r.Context(), "a request failed", slog.String("route", r.Pattern), slog.Any("error", err))
			p = &problem{kind: problemBroken}
		}
		a.tell(w, r, p)
	})
}

// reply writes an answer.
func reply(w http.ResponseWriter, status int, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	replyAs(w, "application/json", status, data)
	return nil
}

func replyAs(w http.ResponseWriter, mediaType string, status int, data []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Security-Policy", apiPolicy)
	h.Set("API-Version", apiVersion)
	w.WriteHeader(status)
	_, _ = w.Write(data) // a reader that left needs none
}

// accepted is the answer to a report. The link to the resident's own page is not in it: it is the resident's.
type accepted struct {
	Reference casework.Reference `json:"reference"`
}

// addReport stores a report, once for each Idempotency-Key of a client.
func (a *api) addReport(w http.ResponseWriter, r *http.Request, client string) error {
	key := r.Header.Values("Idempotency-Key")
	if len(key) != 1 || !visible(key[0]) {
		return &problem{kind: problemKey}
	}
	body, err := readJSON(r)
	if err != nil {
		return err
	}
	now := a.Now()
	once := casework.NewOnce(client, key[0], body, now)
	ref, err := a.Intake.Repeat(r.Context(), now, once)
	if errors.Is(err, casework.ErrNotFound) {
		ref, err = a.addNew(r.Context(), now, once, body)
	}
	if errors.Is(err, casework.ErrChanged) {
		return &problem{kind: problemRepeated}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", APIPath+"cases/"+string(ref))
	return reply(w, http.StatusCreated, accepted{Reference: ref})
}

func (a *api) addNew(ctx context.Context, now time.Time, once casework.Once, body []byte) (casework.Reference, error) {
	draft, err := a.draftOf(body)
	if err != nil {
		return "", err
	}
	if draft.Asked, err = a.askedAs(); err != nil {
		return "", err
	}
	ref, err := a.Intake.Submit(ctx, now, once, draft)
	if refused, ok := errors.AsType[*casework.ProblemsError](err); ok {
		return "", &problem{kind: problemAnswers, fields: formProblems(refused.Problems)}
	}
	return ref, err
}

// visible says whether a key is of 1 to 255 visible ASCII characters.
func visible(key string) bool {
	const longest = 255
	return key != "" && len(key) <= longest && !strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' })
}

// readJSON returns a body of at most 64 KiB that says it is JSON.
func readJSON(r *http.Request) ([]byte, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, named := parameters["charset"]
	if err != nil || kind != "application/json" || named && !strings.EqualFold(charset, "utf-8") {
		return nil, &problem{kind: problemMedia}
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(http.MaxBytesReader(nil, r.Body, maxBody)); err != nil {
		if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
			return nil, &problem{kind: problemSize}
		}
		return nil, &problem{kind: problemBody}
	}
	return body.Bytes(), nil
}

// showDirectory answers the directory as HSDS 3.
func (a *api) showDirectory(w http.ResponseWriter, r *http.Request, _ string) error {
	organisations, err := a.Store.Organisations(r.Context())
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, directory.NewFeed(a.Intake.Municipality.ID, organisations))
}

// showDocument answers the OpenAPI document.
func (a *api) showDocument(w http.ResponseWriter, _ *http.Request, _ string) error {
	document, err := a.Document()
	if err != nil {
		return err
	}
	replyAs(w, "application/json", http.StatusOK, document)
	return nil
}
