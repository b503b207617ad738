package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// site answers with the status its path names, and breaks at /panic and /half.
func site(t *testing.T, o SecureOptions) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, err := strconv.Atoi(r.PathValue("code"))
		if err != nil {
			t.Errorf("status of %s: %v", r.URL, err)
		}
		if code == http.StatusSeeOther {
			http.Redirect(w, r, "/", code)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, strings.Repeat("<p>Waterstad</p>", 100))
	})
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("the neighbour's secret") })
	mux.HandleFunc("GET /half", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("the neighbour's secret")
	})
	mux.HandleFunc("POST /act", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	if o.Failed == nil {
		o.Failed = func(w http.ResponseWriter, _ *http.Request, status int) { w.WriteHeader(status) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return Secure(mux, o)
}

func answer(h http.Handler, method, target string, header http.Header) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	maps.Copy(r.Header, header)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// TestSecureHeaders holds the set values of every answer, whatever it is.
func TestSecureHeaders(t *testing.T) { // threat:T07 threat:T11 threat:T20
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'none'; script-src 'none'",
		"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "same-origin",
		"Cache-Control":                "no-store",
		"X-Robots-Tag":                 "noindex, nofollow",
	}
	tests := map[string]struct {
		method, target string
		header         http.Header
		status         int
	}{
		"a page":                      {http.MethodGet, "/status/200", nil, 200},
		"a redirect":                  {http.MethodGet, "/status/303", nil, 303},
		"an address nobody knows":     {http.MethodGet, "/nowhere", nil, 404},
		"a method that is not there":  {http.MethodPost, "/status/200", nil, 405},
		"a form with problems":        {http.MethodGet, "/status/422", nil, 422},
		"a handler that says 500":     {http.MethodGet, "/status/500", nil, 500},
		"a handler that panics":       {http.MethodGet, "/panic", nil, 500},
		"a form sent by another site": {http.MethodPost, "/act", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := answer(site(t, SecureOptions{NoIndex: true}), tt.method, tt.target, tt.header)
			if got.StatusCode != tt.status {
				t.Errorf("status: got %d, want %d", got.StatusCode, tt.status)
			}
			for header, value := range want {
				if got := got.Header.Values(header); len(got) != 1 || got[0] != value {
					t.Errorf("%s: got %q, want once %q", header, got, value)
				}
			}
			for feature := range strings.SplitSeq(got.Header.Get("Permissions-Policy"), ", ") {
				if !strings.HasSuffix(feature, "=()") {
					t.Errorf("Permissions-Policy allows %q", feature)
				}
			}
		})
	}
}

func TestSecureLetsSearchEnginesInWhereNotAskedOtherwise(t *testing.T) {
	got := answer(site(t, SecureOptions{}), http.MethodGet, "/status/200", nil)
	if tag := got.Header.Get("X-Robots-Tag"); tag != "" {
		t.Errorf("X-Robots-Tag: got %q, want none", tag)
	}
}

func TestSecureRefusesFormsOfOtherSites(t *testing.T) { // threat:T11
	tests := map[string]struct {
		method string
		header http.Header
		want   int
	}{
		"our own page":                     {http.MethodPost, http.Header{"Sec-Fetch-Site": {"same-origin"}}, 204},
		"our own page in an older browser": {http.MethodPost, http.Header{"Origin": {"http://example.com"}}, 204},
		"another site":                     {http.MethodPost, http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"a neighbour on the same domain":   {http.MethodPost, http.Header{"Sec-Fetch-Site": {"same-site"}}, 403},
		"another site in an older browser": {http.MethodPost, http.Header{"Origin": {"https://evil.example"}}, 403},
		"a page that hides where it is":    {http.MethodPost, http.Header{"Origin": {"null"}}, 403},
		"a link on another site":           {http.MethodGet, http.Header{"Sec-Fetch-Site": {"cross-site"}}, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			target := "/act"
			if tt.method == http.MethodGet {
				target = "/status/200"
			}
			if got := answer(site(t, SecureOptions{}), tt.method, target, tt.header).StatusCode; got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestSecureLogsAPanicOnceAndWithoutWhatItHeld(t *testing.T) { // threat:T17
	var logged bytes.Buffer
	h := site(t, SecureOptions{Log: slog.New(slog.NewTextHandler(&logged, nil))})
	answer(h, http.MethodGet, "/panic?q=word", nil)
	line := logged.String()
	if n := strings.Count(line, "\n"); n != 1 {
		t.Errorf("got %d log lines, want 1: %s", n, line)
	}
	for _, want := range []string{"level=ERROR", "panic=string", `route="GET /panic"`} {
		if !strings.Contains(line, want) {
			t.Errorf("log line lacks %q: %s", want, line)
		}
	}
	for _, secret := range []string{"secret", "word"} {
		if strings.Contains(line, secret) {
			t.Errorf("log line holds %q: %s", secret, line)
		}
	}
}

func TestSecureCutsOffAnAnswerThatBreaksHalfway(t *testing.T) {
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("got %v, want http.ErrAbortHandler", err)
		}
	}()
	answer(site(t, SecureOptions{}), http.MethodGet, "/half", nil)
}

func TestSecureGivesARequestTenSeconds(t *testing.T) { // threat:T12
	var left time.Duration
	h := Secure(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		end, _ := r.Context().Deadline()
		left = time.Until(end) //nolint:forbidigo // measures the real deadline of a real context
	}), SecureOptions{})
	answer(h, http.MethodGet, "/", nil)
	if left <= 9*time.Second || left > 10*time.Second {
		t.Errorf("time left: got %s, want ten seconds", left)
	}
}

func TestSecureCompressesPagesOnly(t *testing.T) { //ux:03
	tests := map[string]struct {
		target, accept string
		want           string
	}{
		"a page for a browser that unpacks": {"/status/200", "gzip, deflate, br", "gzip"},
		"a page with problems":              {"/status/422", "gzip", "gzip"},
		"a page for one that does not":      {"/status/200", "", ""},
		"plain text":                        {"/nowhere", "gzip", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := answer(site(t, SecureOptions{}), http.MethodGet, tt.target, http.Header{"Accept-Encoding": {tt.accept}})
			if encoding := got.Header.Get("Content-Encoding"); encoding != tt.want {
				t.Fatalf("Content-Encoding: got %q, want %q", encoding, tt.want)
			}
			if tt.want == "" {
				return
			}
			if vary := got.Header.Get("Vary"); vary != "Accept-Encoding" {
				t.Errorf("Vary: got %q", vary)
			}
			zr, err := gzip.NewReader(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			page, err := io.ReadAll(zr)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Repeat("<p>Waterstad</p>", 100); string(page) != want {
				t.Errorf("page: got %d bytes, want %d", len(page), len(want))
			}
		})
	}
}

func TestParseForm(t *testing.T) { // threat:T12
	const form = "application/x-www-form-urlencoded"
	fields := func(n int) string { return strings.TrimSuffix(strings.Repeat("a=1&", n), "&") }
	tests := map[string]struct {
		kind, body string
		want       int // status of the error, 0 for none
	}{
		"an ordinary form":               {form, "call_name=Sam&story=h%C3%A9", 0},
		"a form that names its encoding": {form + "; charset=UTF-8", "call_name=Sam", 0},
		"an empty form":                  {form, "", 0},
		"exactly 64 KiB":                 {form, "a=" + strings.Repeat("x", maxBody-2), 0},
		"one byte more":                  {form, "a=" + strings.Repeat("x", maxBody-1), 413},
		"exactly 200 fields":             {form, fields(200), 0},
		"one field more":                 {form, fields(201), 413},
		"a broken escape":                {form, "a=%zz", 400},
		"a file upload":                  {"multipart/form-data; boundary=x", "--x--", 415},
		"JSON":                           {"application/json", "{}", 415},
		"no content type":                {"", "a=1", 415},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/?query=no", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", tt.kind)
			err := ParseForm(r)
			got := 0
			if body, ok := errors.AsType[*BodyError](err); ok {
				got = body.Status
			}
			if got != tt.want || (err == nil) != (tt.want == 0) {
				t.Fatalf("got %v, want status %d", err, tt.want)
			}
			if r.Form.Has("query") {
				t.Error("the address's query counts as a field")
			}
		})
	}
}

func TestParseFormKeepsTheTextOfAFormThatIsTooLong(t *testing.T) { // threat:T12
	story := strings.Repeat("é", maxBody)                   // three times as long once escaped
	for _, name := range []string{"Sam", "Samm", "Sammy"} { // the body is cut inside an escape, and between two
		t.Run(name, func(t *testing.T) {
			body := "call_name=" + name + "&story=" + url.QueryEscape(story)
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if err, _ := errors.AsType[*BodyError](ParseForm(r)); err == nil || err.Status != http.StatusRequestEntityTooLarge {
				t.Fatalf("got %v, want status 413", err)
			}
			if got := r.PostForm.Get("call_name"); got != name {
				t.Errorf("call_name: got %q", got)
			}
			got := strings.ToValidUTF8(r.PostForm.Get("story"), "")
			if len(got) < 20_000 || !strings.HasPrefix(story, got) {
				t.Errorf("story: got %d bytes, want the beginning of what was typed", len(got))
			}
		})
	}
}

func FuzzParseForm(f *testing.F) { // threat:T12
	f.Add("application/x-www-form-urlencoded", "a=1&b=%20")
	f.Add("application/x-www-form-urlencoded; charset=x", "%")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", strings.NewReader(body))
		r.Header["Content-Type"] = []string{kind}
		if err := ParseForm(r); err != nil {
			if _, ok := errors.AsType[*BodyError](err); !ok {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		n := 0
		for _, values := range r.PostForm {
			n += len(values)
		}
		if n > maxFields || len(body) > maxBody {
			t.Errorf("accepted %d fields in %d bytes", n, len(body))
		}
	})
}
