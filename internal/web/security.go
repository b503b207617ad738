package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Limits of a request.
const (
	maxBody   = 64 << 10 // bytes
	maxFields = 200
	deadline  = 10 * time.Second
)

const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'none'; script-src 'none'"

// permissionsPolicy turns off what a page could ask of a telephone.
const permissionsPolicy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), " +
	"midi=(), payment=(), usb=()"

// SecureOptions is what differs between the public pages and the desk.
type SecureOptions struct {
	Log     *slog.Logger
	NoIndex bool // search engines stay out
	// Failed writes the page for a request that was sent from another site (403) or that broke (500).
	Failed func(w http.ResponseWriter, r *http.Request, status int)
}

// Secure sets every security header, refuses unsafe requests from other sites, gives a request ten seconds, turns a
// panic into a 500 and one log line, and compresses pages.
func Secure(next http.Handler, o SecureOptions) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.Failed(w, r, http.StatusForbidden)
	}))
	inner := sameOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setSecurityHeaders(w.Header(), o.NoIndex)
		ctx, cancel := context.WithTimeout(r.Context(), deadline)
		defer cancel()
		r = r.WithContext(ctx)
		pw := &pageWriter{ResponseWriter: w, gzip: acceptsGzip(r)}
		defer recoverPage(pw, r, o)
		inner.ServeHTTP(pw, r)
	})
}

func setSecurityHeaders(h http.Header, noIndex bool) {
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissionsPolicy)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if noIndex {
		h.Set("X-Robots-Tag", "noindex, nofollow")
	}
}

// recoverPage answers a request whose handler panicked. What it panicked with may hold an answer, so only its type is
// logged, with the pattern of the route rather than the address.
func recoverPage(w *pageWriter, r *http.Request, o SecureOptions) {
	v := recover()
	if v == nil {
		return
	}
	o.Log.ErrorContext(r.Context(), "handler panicked",
		slog.String("panic", fmt.Sprintf("%T", v)), slog.String("route", r.Pattern), slog.String("method", r.Method))
	if w.wrote {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
	setSecurityHeaders(w.Header(), o.NoIndex)
	o.Failed(w, r, http.StatusInternalServerError)
}

// BodyError says that a request's body cannot be taken, and with which status to answer: 400, 413 or 415.
type BodyError struct{ Status int }

func (e *BodyError) Error() string {
	return "read form: " + strings.ToLower(http.StatusText(e.Status))
}

// ParseForm reads the body into r.PostForm: at most 64 KiB, urlencoded, at most 200 fields. Its error is a *BodyError.
// Of a body that is too long, r.PostForm holds what fitted, so that a page can show the text again.
func ParseForm(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return &BodyError{http.StatusUnsupportedMediaType}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return &BodyError{http.StatusBadRequest}
	}
	text, tooLong := string(body), len(body) > maxBody
	if tooLong {
		text = wholeEscapes(text)
	}
	if strings.Count(text, "&") >= maxFields {
		return &BodyError{http.StatusRequestEntityTooLarge}
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return &BodyError{http.StatusBadRequest}
	}
	r.PostForm, r.Form = values, values
	if tooLong {
		return &BodyError{http.StatusRequestEntityTooLarge}
	}
	return nil
}

// wholeEscapes returns text without a percent escape that was cut off at its end.
func wholeEscapes(text string) string {
	if i := strings.LastIndexByte(text, '%'); i >= 0 && i > len(text)-3 {
		return text[:i]
	}
	return text
}
