package main

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"voordeur/infra/local/example"
)

// The states of a page.
const (
	empty  = "empty"
	wrong  = "error"
	filled = "filled"
)

// view is a page in a state. A question goes by its address, as every page does.
type view struct{ page, state string }

// shown is a page as the program sent it.
type shown struct {
	status int
	header http.Header
	body   []byte
}

func (s shown) document(t *testing.T) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(s.body))
	orFail(t, err)
	return doc
}

// watcher goes through the service as a browser does and keeps what it is shown. Go's jar keeps no secure cookie over
// http, so it has its own.
type watcher struct {
	t       *testing.T
	base    string
	query   string // what an address ends in for its language
	cookies map[string]string
	views   map[view]shown
}

// watch returns a resident's pages in a language, in every state that they have. The resident lives at a postcode.
func watch(t *testing.T, p *program, lang, postcode string) map[view]shown {
	t.Helper()
	r := &watcher{t: t, base: p.base, query: "?" + url.Values{"taal": {lang}}.Encode(), cookies: map[string]string{}, views: map[view]shown{}}
	for _, path := range []string{"/", "/privacy", "/toegankelijkheid", "/elders", "/verder"} {
		r.keep(path, empty, r.page(http.MethodGet, path+r.query, nil))
	}
	r.keep("/verder", wrong, r.page(http.MethodPost, "/verder"+r.query, url.Values{"code": {"?"}}))
	answers := fullForm(time.Now())
	answers["54"] = url.Values{"postcode": {postcode}, "house_number": {"12"}}
	at, seen := r.do(http.MethodPost, "/begin", url.Values{"path": {"form"}, "taal": {lang}})
	for at != "/controle" {
		r.keep(at, empty, seen)
		r.provoke(at, seen)
		id := strings.TrimPrefix(at, "/vraag/")
		next, after := r.do(http.MethodPost, at, values(seen.document(t), answers[id]))
		if after.status != http.StatusOK {
			t.Fatalf("%s is answered %d: %s", at, after.status, after.document(t).Find(".vd-problems").Text())
		}
		r.keep(at, filled, r.page(http.MethodGet, at, nil))
		at, seen = next, after
	}
	r.keep(at, filled, seen)
	_, paused := r.do(http.MethodPost, "/later/controle", values(seen.document(t), nil))
	r.keep("/later", filled, paused)
	r.send(values(seen.document(t), nil))
	for v, s := range r.views {
		if got := s.document(t).Find("html").AttrOr("lang", ""); got != lang {
			t.Errorf("%s is in %q, want %q", v.page, got, lang)
		}
	}
	return r.views
}

// watchDesk returns every page of the desk that links lead the lead of the only case to, and what its form says when it
// is sent empty. The case's number is left out of their addresses.
func watchDesk(t *testing.T, p *program, town string) map[view]shown {
	t.Helper()
	lead, ref := onlyLead(t, p, town)
	r := &watcher{t: t, base: p.base, cookies: map[string]string{}, views: map[view]shown{}}
	r.do(http.MethodGet, "/desk/?login_hint="+lead, nil)
	ways, seen := []string{"/desk/", "/desk/casus/ZZZ-ZZZ-ZZZ"}, map[string]bool{}
	for ; len(ways) > 0; ways = ways[1:] {
		if seen[ways[0]] {
			continue
		}
		seen[ways[0]] = true
		page := r.page(http.MethodGet, ways[0], nil)
		if !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
			continue
		}
		name, doc := strings.ReplaceAll(ways[0], ref, "{case}"), page.document(t)
		r.keep(name, empty, page)
		doc.Find(`a[href^="/desk/"]`).Each(func(_ int, a *goquery.Selection) {
			way, _, _ := strings.Cut(a.AttrOr("href", ""), "#")
			ways = append(ways, way)
		})
		if doc.Find(`main form[action="`+ways[0]+`"]`).Length() == 0 {
			continue
		}
		if _, refused := r.do(http.MethodPost, ways[0], values(doc, nil)); refused.status == http.StatusUnprocessableEntity {
			r.keep(name, wrong, refused)
		}
	}
	return r.views
}

// onlyLead returns the worker who was mailed, and the number of the case.
func onlyLead(t *testing.T, p *program, town string) (lead, ref string) {
	t.Helper()
	staff, err := example.Of(town)
	orFail(t, err)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, m := range p.mails() {
			for _, person := range staff.People {
				if person.Email == m.To {
					return person.ID, reference.FindString(m.Text)
				}
			}
		}
	}
	t.Fatal("no worker was mailed")
	return "", ""
}

// send sends the form, looks at everything that comes after, and types on in a tab that stayed open.
func (r *watcher) send(form url.Values) {
	r.t.Helper()
	const name = "/vraag/51"
	changed := values(r.page(http.MethodGet, name, nil).document(r.t), url.Values{"call_name": {"Sam Sluis"}})
	_, receipt := r.do(http.MethodPost, "/controle", form)
	r.keep("/ontvangen", filled, receipt)
	if own, ok := receipt.document(r.t).Find(`main a[href^="/mijn/"]`).Attr("href"); ok {
		_, page := r.do(http.MethodGet, own, nil)
		r.keep("/mijn", filled, page)
	}
	_, refused := r.do(http.MethodPost, name, changed)
	r.keep("/controle", wrong, refused)
	form.Set("token", "forged")
	r.keep("/forged", wrong, r.page(http.MethodPost, "/controle", form))
}

// provoke sends a page without answers and then, when that is fine, with answers that no page takes.
func (r *watcher) provoke(at string, page shown) {
	r.t.Helper()
	doc := page.document(r.t)
	nonsense := url.Values{}
	doc.Find("main form").Find("input:not([type=hidden]):not([tabindex]), textarea, select").Each(func(_ int, s *goquery.Selection) {
		nonsense.Set(s.AttrOr("name", ""), strings.Repeat("x", 3000))
	})
	for _, answers := range []url.Values{nil, nonsense} {
		if _, refused := r.do(http.MethodPost, at, values(doc, answers)); refused.status == http.StatusUnprocessableEntity {
			r.keep(at, wrong, refused)
			return
		}
	}
}

// values is what a form sends: its hidden fields, and the answers.
func values(doc *goquery.Document, answers url.Values) url.Values {
	sent := maps.Clone(answers)
	if sent == nil {
		sent = url.Values{}
	}
	doc.Find("main form input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		sent.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	return sent
}

func (r *watcher) keep(page, state string, s shown) { r.views[view{page, state}] = s }

func (r *watcher) page(method, path string, values url.Values) shown {
	r.t.Helper()
	_, s := r.do(method, path, values)
	return s
}

// do asks for a page and follows where it leads; at is the path of what was shown in the end.
func (r *watcher) do(method, path string, values url.Values) (at string, _ shown) {
	r.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	address := r.base + path
	for range 10 {
		req, err := http.NewRequestWithContext(r.t.Context(), method, address, strings.NewReader(values.Encode()))
		orFail(r.t, err)
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		for name, value := range r.cookies {
			req.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		response, err := client.Do(req)
		orFail(r.t, err)
		body, err := io.ReadAll(response.Body)
		orFail(r.t, cmp.Or(err, response.Body.Close()))
		for _, c := range response.Cookies() {
			r.cookies[c.Name] = c.Value
		}
		to, err := response.Location()
		if err != nil {
			return req.URL.Path, shown{status: response.StatusCode, header: response.Header, body: body}
		}
		method, address, values = http.MethodGet, to.String(), nil
	}
	r.t.Fatalf("%s leads nowhere", path)
	return "", shown{}
}

// replay serves pages again as they were sent, headers included, and everything else as the program does. It returns the
// address of the n-th.
func replay(t *testing.T, base string, pages []shown) func(n int) string {
	t.Helper()
	program, err := url.Parse(base)
	orFail(t, err)
	mux := http.NewServeMux()
	mux.Handle("/", httputil.NewSingleHostReverseProxy(program))
	mux.HandleFunc("GET /again/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || n >= len(pages) {
			http.NotFound(w, r)
			return
		}
		maps.Copy(w.Header(), pages[n].header)
		w.Header().Del("Set-Cookie")
		w.Header().Del("Content-Length")
		w.WriteHeader(pages[n].status)
		_, _ = w.Write(pages[n].body)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return func(n int) string { return server.URL + "/again/" + strconv.Itoa(n) }
}
