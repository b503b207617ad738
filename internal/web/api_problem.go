package web

import (
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"

	"voordeur/internal/form"
)

// problemBase is what a problem's type begins with; the kind follows.
const problemBase = "https://voordeur.example/problems/"

// problemKind is what a request was refused for. Each has a title and a text.
type problemKind string

// The kinds.
const (
	problemBody        problemKind = "body"        // no JSON object
	problemKey         problemKind = "key"         // no Idempotency-Key, or no such text
	problemToken       problemKind = "token"       // none, or not valid here
	problemScope       problemKind = "scope"       // the token does not reach so far
	problemOrigin      problemKind = "origin"      // a browser, from another site
	problemUnknown     problemKind = "unknown"     // no such case or path
	problemMethod      problemKind = "method"      // the path has others
	problemSize        problemKind = "size"        // over 64 KiB
	problemMedia       problemKind = "media"       // not application/json
	problemAnswers     problemKind = "answers"     // fields says which
	problemRepeated    problemKind = "repeated"    // the key came with another body before
	problemReopened    problemKind = "reopened"    // the case is no longer handed off
	problemBroken      problemKind = "broken"      // our fault
	problemUnavailable problemKind = "unavailable" // the issuer of tokens does not answer
)

func (k problemKind) status() int {
	switch k {
	case problemBody, problemKey:
		return http.StatusBadRequest
	case problemToken:
		return http.StatusUnauthorized
	case problemScope, problemOrigin:
		return http.StatusForbidden
	case problemUnknown:
		return http.StatusNotFound
	case problemMethod:
		return http.StatusMethodNotAllowed
	case problemSize:
		return http.StatusRequestEntityTooLarge
	case problemMedia:
		return http.StatusUnsupportedMediaType
	case problemAnswers, problemRepeated:
		return http.StatusUnprocessableEntity
	case problemReopened:
		return http.StatusConflict
	case problemUnavailable:
		return http.StatusServiceUnavailable
	case problemBroken:
	}
	return http.StatusInternalServerError
}

// problem is why a request is refused; answered as RFC 9457 has it.
type problem struct {
	kind   problemKind
	fields []fieldProblem // of problemAnswers
	header http.Header    // sent along
}

// Error names the kind; no field, since errors are logged.
func (p *problem) Error() string { return "request refused: " + string(p.kind) }

// fieldProblem is what is wrong with one field of a body.
type fieldProblem struct {
	Pointer string    `json:"pointer"`
	Code    form.Code `json:"code"`
	Detail  string    `json:"detail"`
	Max     int       `json:"max,omitempty"` // as form.Problem has it
}

// formProblems returns the form's problems as those of a body.
func formProblems(problems []form.Problem) []fieldProblem {
	var all []fieldProblem
	for _, p := range problems {
		all = append(all, fieldProblem{Pointer: pointer("answers", p.Field), Code: p.Code, Max: p.Max})
	}
	return all
}

// problemJSON is a problem as it is answered.
type problemJSON struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Errors []fieldProblem `json:"errors,omitempty"`
}

// tell answers a problem.
func (a *api) tell(w http.ResponseWriter, r *http.Request, p *problem) {
	texts, err := a.Texts.In(fallback)
	if err != nil {
		a.Log.ErrorContext(r.Context(), "the words for a problem failed", slog.Any("error", err))
		w.WriteHeader(p.kind.status())
		return
	}
	body := problemJSON{
		Type: problemBase + string(p.kind), Status: p.kind.status(),
		Title: texts.T("api.problem." + string(p.kind) + ".title"), Detail: texts.T("api.problem." + string(p.kind) + ".text"),
	}
	for _, f := range p.fields {
		f.Detail = texts.T("api.field."+f.Code, "Count", f.Max)
		body.Errors = append(body.Errors, f)
	}
	data, err := json.Marshal(body)
	if err != nil {
		a.Log.ErrorContext(r.Context(), "a problem could not be told", slog.Any("error", err))
		w.WriteHeader(p.kind.status())
		return
	}
	maps.Copy(w.Header(), p.header)
	replyAs(w, "application/problem+json", body.Status, data)
}
