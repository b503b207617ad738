package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

const (
	beginPath = "/begin"
	checkPath = "/controle"
	cookie    = "__Host-d"
)

// filledIn is a form as many send it: a story of five sentences, nothing unsafe. Each n is another household.
func filledIn(n int) url.Values {
	return url.Values{
		"helpers": {"named"}, "helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "helpers.1.with": {"brieven lezen"},
		"companion": {"helper"}, "companion.helpers": {"1"}, "hide_from": {"no"}, "invite_how": {"me"}, "for_whom": {"household"},
		"story": {"Sinds de zomer komen er te veel brieven. Ik durf ze niet meer open te maken. De huur is twee keer te laat " +
			"betaald. Mijn zoon merkt dat ik slecht slaap.\nIk wil weer weten waar ik aan toe ben."},
		"areas": {"money", "papers"}, "area_main": {"papers"}, "hard_date": {"none"}, "goal": {"Rust in huis"},
		"children": {"yes"}, "children.number": {"1"}, "children.ages": {"7 jaar"}, "safe_now": {"yes"}, "basics": {"nothing"},
		"call_name": {"Mevrouw Voorbeeld"}, "contact_way": {"call", "email"}, "phone": {fmt.Sprintf("06 1234%04d", n)},
		"email": {fmt.Sprintf("voorbeeld%d@post.example", n)}, "safe_contact": {"call", "email"},
		"safe_contact.when": {"na 10 uur"}, "safe_contact.message": {"no"},
		"postcode": {"9995 AB"}, "house_number": {strconv.Itoa(n)}, "birth_year": {"1985"},
	}
}

// draftOf is that form as its draft stands before the check page.
func draftOf(m *municipality.Municipality, n int) form.Draft {
	c := form.Context{Municipality: m, Path: form.Full, Today: monday()}
	return form.Draft{Path: form.Full, Language: "nl", Answers: form.Core().Clean(form.Answers(filledIn(n)), c)}
}

// cookieOf is the cookie's value of somebody who was seen this minute.
func cookieOf(secret casework.Secret) string {
	return fmt.Sprintf("%s.%d.nl", secret, monday().Unix()/60)
}

// resident is a browser without JavaScript.
type resident struct {
	base   string            // "https://hulp.waterstad.example"
	server http.RoundTripper // does not follow where an answer leads
	cookie string            // the cookie's value, "" before it has one
}

// secret is what the resident's cookie holds.
func (r *resident) secret() (casework.Secret, error) {
	text, _, _ := strings.Cut(r.cookie, ".")
	return casework.ParseSecret(text)
}

// do sends a request and returns the status, where it leads, and the page.
func (r *resident) do(ctx context.Context, method, path string, fields url.Values) (status int, to string, page []byte, err error) {
	request, err := r.request(ctx, method, path, fields)
	if err != nil {
		return 0, "", nil, err
	}
	return r.send(request)
}

func (r *resident) send(request *http.Request) (status int, to string, page []byte, err error) {
	response, err := r.server.RoundTrip(request)
	if err != nil {
		return 0, "", nil, err
	}
	defer response.Body.Close()
	for _, c := range response.Cookies() {
		if c.Name == cookie {
			r.cookie = c.Value
		}
	}
	page, err = io.ReadAll(response.Body)
	return response.StatusCode, response.Header.Get("Location"), page, err
}

func (r *resident) request(ctx context.Context, method, path string, fields url.Values) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, r.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if r.cookie != "" {
		request.Header.Set("Cookie", cookie+"="+r.cookie)
	}
	return request, nil
}

// withToken adds what a page's own form would hold.
func (r *resident) withToken(page string, fields url.Values) (url.Values, error) {
	secret, err := r.secret()
	if err != nil {
		return nil, err
	}
	all := maps.Clone(fields)
	if all == nil {
		all = url.Values{}
	}
	all.Set("token", secret.FormToken(path.Base(page)))
	return all, nil
}

// post is the request that sends a page with its token.
func (r *resident) post(ctx context.Context, page string, fields url.Values) (*http.Request, error) {
	all, err := r.withToken(page, fields)
	if err != nil {
		return nil, err
	}
	return r.request(ctx, http.MethodPost, page, all)
}

// answer sends a page and returns where it leads. Fields of other pages may be among these: a page takes its own.
func (r *resident) answer(ctx context.Context, page string, fields url.Values) (to string, err error) {
	request, err := r.post(ctx, page, fields)
	if err != nil {
		return "", err
	}
	status, to, _, err := r.send(request)
	if err == nil && status != http.StatusSeeOther {
		err = fmt.Errorf("POST %s: status %d", page, status)
	}
	return to, err
}

// fillIn goes from the start page to the check page and returns how many requests that took.
func (r *resident) fillIn(ctx context.Context, path form.Path, fields url.Values) (requests int, err error) {
	if _, _, _, err := r.do(ctx, http.MethodGet, "/", nil); err != nil {
		return 0, err
	}
	_, at, _, err := r.do(ctx, http.MethodPost, beginPath, url.Values{"path": {string(path)}})
	for requests = 2; err == nil && at != checkPath; requests += 2 {
		if requests > 2*maxPages {
			return 0, errors.New("the form has no end")
		}
		if _, _, _, err = r.do(ctx, http.MethodGet, at, nil); err == nil {
			at, err = r.answer(ctx, at, fields)
		}
	}
	if err == nil {
		_, _, _, err = r.do(ctx, http.MethodGet, checkPath, nil)
	}
	return requests + 1, err
}

// maxPages is more than the form has.
const maxPages = 60

// inProcess is a handler without a network.
type inProcess struct{ handler http.Handler }

// RoundTrip answers a request.
func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	a := answered{header: http.Header{}, status: http.StatusOK}
	p.handler.ServeHTTP(&a, r)
	return &http.Response{
		StatusCode: a.status, Header: a.header, Body: io.NopCloser(&a.body), Request: r,
	}, nil
}

// answered is a response that was written.
type answered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answered) Header() http.Header         { return a.header }
func (a *answered) WriteHeader(status int)      { a.status = status }
func (a *answered) Write(b []byte) (int, error) { return a.body.Write(b) }
