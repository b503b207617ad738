package functions_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"voordeur/internal/casework"
)

// gateway is API Gateway for the host of workers and systems, with the open network beside it.
type gateway struct{ desk, api *process }

// RoundTrip sends a request to the function that its path belongs to.
func (g gateway) RoundTrip(r *http.Request) (*http.Response, error) {
	if "https://"+r.URL.Host != deskURL {
		return http.DefaultTransport.RoundTrip(r)
	}
	p := g.desk
	if strings.HasPrefix(r.URL.Path, "/api/") {
		p = g.api
	}
	passed := r.Clone(r.Context())
	passed.Host = r.URL.Host
	response, page := p.serve(passed)
	return &http.Response{
		StatusCode: response.StatusCode, Header: response.MultiValueHeaders, Request: r,
		ContentLength: int64(len(page)), Body: io.NopCloser(strings.NewReader(page)),
	}, nil
}

// worker is a worker's browser.
type worker struct {
	t      *testing.T
	client http.Client
}

// signIn opens the desk as a worker.
func (g gateway) signIn(t *testing.T, id string) *worker {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{t, http.Client{Transport: g, Jar: jar}}
	w.open("/desk/?login_hint=" + id)
	return w
}

// refused comes back from a provider that nobody went to.
func (g gateway) refused(t *testing.T) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, deskURL+"/desk/aangemeld?state=forged", nil)
	if response, _ := g.desk.serve(r); response.StatusCode != http.StatusForbidden {
		t.Fatalf("a forged sign-in: %d", response.StatusCode)
	}
}

// open opens a page and returns it. It must be there.
func (w *worker) open(at string) *goquery.Document {
	w.t.Helper()
	return w.do(http.MethodGet, at, nil)
}

// send opens a page and sends its form to an address that ends in an act, as it stands but for these fields, and returns
// the page that follows.
func (w *worker) send(at, act string, fill url.Values) *goquery.Document {
	w.t.Helper()
	page := w.open(at)
	sent := page.Find("form[action$='/" + act + "']").First()
	if sent.Length() == 0 {
		w.t.Fatalf("%s has no form to %s: %s", at, act, strings.Join(strings.Fields(page.Find("main").Text()), " "))
	}
	fields := url.Values{}
	sent.Find("input[type=hidden], input[checked], input[type=text], textarea").Each(func(_ int, input *goquery.Selection) {
		fields.Add(input.AttrOr("name", ""), input.AttrOr("value", input.Text()))
	})
	maps.Copy(fields, fill)
	return w.do(http.MethodPost, sent.AttrOr("action", ""), fields)
}

// act does an act on a case: by the button on its page, or by the page that asks for more.
func (w *worker) act(ref casework.Reference, act string, fill url.Values) {
	w.t.Helper()
	at := path.Join("/desk/casus", string(ref))
	if fill != nil {
		at = path.Join(at, act)
	}
	w.send(at, act, fill)
}

func (w *worker) do(method, at string, fields url.Values) *goquery.Document {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, deskURL+at, strings.NewReader(fields.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s", method, at, response.StatusCode, strings.Join(strings.Fields(page.Find("main").Text()), " "))
	}
	return page
}
