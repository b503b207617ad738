package smoke

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// resident fills in the public form in a browser without JavaScript.
type resident struct {
	base    string // "https://hulp.gemeente.example"
	client  *http.Client
	cookies map[string]string
}

const (
	pageWithin = 20 * time.Second
	maxPages   = 20      // of the short way, which has seven
	maxPage    = 1 << 20 // bytes; a page has some 30,000
)

// newResident follows no answer by itself: where each step leads is what the smoke test looks at.
func newResident(base string, transport http.RoundTripper) *resident {
	return &resident{
		base: base, cookies: map[string]string{},
		client: &http.Client{
			Transport: transport, Timeout: pageWithin,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

var (
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	number      = regexp.MustCompile(`\b[2-9CDFHJKMNPQRTVWX]{3}(-[2-9CDFHJKMNPQRTVWX]{3}){2}\b`)
)

// The pages outside the questions.
const (
	startPage   = "/"
	beginPath   = "/begin"
	checkPage   = "/controle"
	receiptPage = "/ontvangen"
)

// report goes the short way, "Bel mij", with these answers, and returns the number on the receipt. The errors name the
// page, never what was filled in.
func (r *resident) report(ctx context.Context, answers url.Values) (casework.Reference, error) {
	if _, err := r.open(ctx, startPage); err != nil {
		return "", err
	}
	at, err := r.send(ctx, beginPath, url.Values{"path": {string(form.CallMe)}})
	for pages := 0; err == nil && at != receiptPage; pages++ {
		if pages == maxPages {
			return "", errors.New("the form has no end")
		}
		at, err = r.fillIn(ctx, at, answers)
	}
	if err != nil {
		return "", err
	}
	return r.receipt(ctx)
}

// fillIn opens a page and sends its form, with every answer: a page takes its own. It returns where that leads.
func (r *resident) fillIn(ctx context.Context, at string, answers url.Values) (to string, err error) {
	page, err := r.open(ctx, at)
	if err != nil {
		return "", err
	}
	fields := maps.Clone(answers)
	for _, input := range hiddenInput.FindAllStringSubmatch(page, -1) {
		fields.Set(input[1], input[2])
	}
	return r.send(ctx, at, fields)
}

func (r *resident) receipt(ctx context.Context) (casework.Reference, error) {
	page, err := r.open(ctx, receiptPage)
	if err != nil {
		return "", err
	}
	ref, err := casework.ParseReference(number.FindString(page))
	if err != nil {
		return "", fmt.Errorf("%s: no number: %w", receiptPage, err)
	}
	return ref, nil
}

// open returns a page that is there.
func (r *resident) open(ctx context.Context, path string) (page string, err error) {
	status, _, page, err := r.do(ctx, http.MethodGet, path, nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("GET %s: status %d", path, status)
	}
	return page, err
}

// send sends a form and returns where it leads.
func (r *resident) send(ctx context.Context, path string, fields url.Values) (to string, err error) {
	status, to, _, err := r.do(ctx, http.MethodPost, path, fields)
	if err == nil && (status != http.StatusSeeOther || !strings.HasPrefix(to, "/")) {
		err = fmt.Errorf("POST %s: status %d", path, status)
	}
	return to, err
}

func (r *resident) do(ctx context.Context, method, path string, fields url.Values) (status int, to, page string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, r.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return 0, "", "", fmt.Errorf("%s %s: %w", method, path, err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", r.base)
	}
	for name, value := range r.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value}) //nolint:gosec // of a request: it has no attributes
	}
	response, err := r.client.Do(request)
	if err != nil {
		return 0, "", "", fmt.Errorf("%s %s: %w", method, path, withoutAddress(err))
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxPage))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return 0, "", "", fmt.Errorf("%s %s: %w", method, path, err)
	}
	for _, c := range response.Cookies() {
		r.cookies[c.Name] = c.Value
	}
	return response.StatusCode, response.Header.Get("Location"), string(body), nil
}

// withoutAddress keeps of a client's error what went wrong: the method and the path are told already.
func withoutAddress(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}
