package web_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

// door is the front door of the example municipality, over a real store, with clocks that a test can set.
type door struct {
	*exampletest.Town
	server *httptest.Server
	drafts *brokenDrafts
	now    time.Time
	clock  time.Time
}

// openDoor opens the front door of Waterstad on Saturday 21 November 2026, 12.00 hours in Amsterdam.
func openDoor(t *testing.T) *door {
	t.Helper()
	return openDoorOf(t, "waterstad", true)
}

// openDoorOf opens the front door of a municipality, with or without the languages that nobody has checked. Changes
// change the pages first.
func openDoorOf(t *testing.T, municipalityID string, unchecked bool, changes ...func(*web.Frontdoor)) *door {
	t.Helper()
	noon := time.Date(2026, 11, 21, 11, 0, 0, 0, time.UTC)
	d := &door{Town: exampletest.In(t, municipalityID), now: noon, clock: noon}
	d.drafts = &brokenDrafts{Drafts: d.Drafts}
	assets, err := web.NewAssets(d.Municipality.Theme)
	if err != nil {
		t.Fatal(err)
	}
	pages := web.Frontdoor{
		Municipality: d.Municipality, Form: form.Of(d.Municipality), Drafts: d.drafts, Pauses: d.Pauses, Arrivals: d.Arrivals, Intake: d.Intake,
		Texts: web.NewCatalog(), Assets: assets, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return d.now }, Clock: func() time.Time { return d.clock },
		UncheckedLanguages: unchecked,
	}
	for _, change := range changes {
		change(&pages)
	}
	d.server = httptest.NewTLSServer(pages.Handler())
	t.Cleanup(d.server.Close)
	return d
}

// brokenDrafts is the real store of drafts, but for what a test breaks.
type brokenDrafts struct {
	web.Drafts
	calls      int
	loadError  error
	beforeSave func()
}

func (b *brokenDrafts) Load(ctx context.Context, s casework.Secret, now time.Time) (form.Draft, error) {
	b.calls++
	if b.loadError != nil {
		return form.Draft{}, b.loadError
	}
	return b.Drafts.Load(ctx, s, now)
}

func (b *brokenDrafts) Save(ctx context.Context, s casework.Secret, d form.Draft, now time.Time) error {
	b.calls++
	if act := b.beforeSave; act != nil {
		b.beforeSave = nil
		act()
	}
	return b.Drafts.Save(ctx, s, d, now)
}

// resident is somebody with a browser in which JavaScript is off.
type resident struct {
	t      *testing.T
	door   *door
	client *http.Client
}

func (d *door) resident(t *testing.T) *resident {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := *d.server.Client()
	client.Jar = jar
	client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host != strings.TrimPrefix(d.server.URL, "https://") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return &resident{t: t, door: d, client: &client}
}

// seen is a page as it came.
type seen struct {
	*goquery.Document
	status int
	path   string // with its query
	header http.Header
}

func (r *resident) do(req *http.Request) *seen {
	r.t.Helper()
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return &seen{Document: doc, status: res.StatusCode, path: res.Request.URL.RequestURI(), header: res.Header}
}

func (r *resident) get(path string) *seen {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.door.server.URL+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.do(req)
}

func (r *resident) post(path string, values url.Values) *seen {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.door.server.URL+path, strings.NewReader(encoded(values)))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", r.door.server.URL)
	return r.do(req)
}

// encoded puts the token first, as it stands first in every form.
func encoded(values url.Values) string {
	rest := maps.Clone(values)
	delete(rest, "token")
	return url.Values{"token": values["token"]}.Encode() + "&" + rest.Encode()
}

// begin starts on a path and returns its first page.
func (r *resident) begin(path form.Path) *seen {
	r.t.Helper()
	start := r.get("/")
	button := start.Find(`form[action="/begin"] button[name="path"][value="` + string(path) + `"]`)
	if button.Length() != 1 {
		r.t.Fatalf("the start page has no way on to %s", path)
	}
	return r.post("/begin", url.Values{"path": {string(path)}})
}

// answer fills in the page's one form as a browser would, and sends it. Every name must be one of the page's fields, and
// every choice one that is on offer.
func (r *resident) answer(p *seen, answers url.Values) *seen {
	r.t.Helper()
	f := p.Find("main form")
	values := formValues(f)
	for name, want := range answers {
		if f.Find(`[name="`+name+`"]`).Length() == 0 {
			r.t.Fatalf("%s has no field %q", p.path, name)
		}
		for _, value := range want {
			choices := f.Find(`input[type=radio][name="` + name + `"], input[type=checkbox][name="` + name + `"]`)
			if choices.Length() > 0 && choices.Filter(`[value="`+value+`"]`).Length() == 0 {
				r.t.Fatalf("%s does not offer %q for %q", p.path, value, name)
			}
		}
		values[name] = want
	}
	action, _ := f.Attr("action")
	return r.post(action, values)
}

// formValues returns what a browser would send of a form as it stands.
func formValues(f *goquery.Selection) url.Values {
	values := url.Values{}
	f.Find("input, textarea, select").Each(func(_ int, s *goquery.Selection) {
		name, kind := s.AttrOr("name", ""), s.AttrOr("type", "text")
		_, checked := s.Attr("checked")
		switch {
		case goquery.NodeName(s) == "textarea":
			values.Add(name, strings.TrimPrefix(s.Text(), "\n"))
		case goquery.NodeName(s) == "select":
			values.Add(name, s.Find("option[selected]").AttrOr("value", ""))
		case kind == "radio" || kind == "checkbox":
			if checked {
				values.Add(name, s.AttrOr("value", "on"))
			}
		default:
			values.Add(name, s.AttrOr("value", ""))
		}
	})
	return values
}

// walk answers page after page until the check page; pages without an entry are left as they are. It returns the check
// page and the pages it passed.
func (r *resident) walk(first *seen, answers map[string]url.Values) (check *seen, passed []*seen) {
	r.t.Helper()
	const most = 40 // more than the form has pages
	for p := first; len(passed) < most; {
		if p.status != http.StatusOK {
			r.t.Fatalf("%s answered %d: %s", p.path, p.status, p.Find(".vd-problems").Text())
		}
		if strings.HasPrefix(p.path, "/controle") {
			return p, passed
		}
		passed = append(passed, p)
		p = r.answer(p, answers[strings.TrimPrefix(p.path, "/vraag/")])
	}
	r.t.Fatal("the form does not end")
	return nil, nil
}

// fullAnswers are answers by page for the whole form, without a safety flag.
func fullAnswers() map[string]url.Values {
	return map[string]url.Values{
		"11": {"helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "helpers.1.with": {"brieven lezen"}},
		"12": {"companion": {"helper"}, "companion.helpers": {"1"}},
		"13": {"hide_from": {"no"}},
		"14": {"invite_how": {"you"}},
		"15": {"companion_contact.phone": {"06 12 34 56 78"}, "companion_contact.knows": {"yes"}},
		"21": {"for_whom": {"household"}},
		"23": {"story": {"Ik kom er niet meer uit.\nEr liggen te veel brieven."}},
		"24": {"areas": {"money", "papers"}},
		"25": {"area_main": {"money"}},
		"26": {"hard_date": {"other"}, "hard_date.day": {"18"}, "hard_date.month": {"12"}, "hard_date.year": {"2026"}},
		"27": {"children": {"yes"}, "children.number": {"2"}, "children.ages": {"3 en 7 jaar"}},
		"28": {"goal": {"Rust in huis"}},
		"32": {"safe_now": {"yes"}},
		"33": {"basics": {"nothing"}},
		"41": {"orgs_now": {"de-schuldkade", "other"}, "orgs_now.other": {"de kerk"}},
		"42": {"known_worker": {"Fenna"}},
		"43": {"open_report": {"unknown"}},
		"51": {"call_name": {"Sam"}},
		"52": {"contact_way": {"call", "email"}, "phone": {"06 12 34 56 78"}, "email": {"sam@bewoner.example"}},
		"53": {"safe_contact": {"call", "email"}, "safe_contact.when": {"na 10 uur"}, "safe_contact.message": {"no"}},
		"54": {"postcode": {"9991ab"}, "house_number": {"12"}},
		"55": {"birth_year": {"1985"}},
		"61": {"language": {"en"}, "language.interpreter": {"no"}},
		"62": {"place": {"outside"}},
		"63": {"moment": {"morning", "evening"}},
		"64": {"access_needs": {"Een rustige plek"}},
		"65": {"experience": {"later"}},
		"71": {"going_well": {"Ik kook goed"}},
		"72": {"give_back": {"yes"}, "give_back.what": {"koken"}},
	}
}

// with returns the answers with some pages' answers replaced.
func with(answers, other map[string]url.Values) map[string]url.Values {
	all := maps.Clone(answers)
	maps.Copy(all, other)
	return all
}

// send presses the button of the check page.
func (r *resident) send(check *seen) *seen {
	r.t.Helper()
	return r.answer(check, nil)
}

// secret returns what the resident's cookie holds.
func (r *resident) secret() casework.Secret {
	r.t.Helper()
	base, err := url.Parse(r.door.server.URL)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, c := range r.client.Jar.Cookies(base) {
		if text, _, ok := strings.Cut(c.Value, "."); ok && c.Name == "__Host-d" {
			secret, err := casework.ParseSecret(text)
			if err != nil {
				r.t.Fatal(err)
			}
			return secret
		}
	}
	r.t.Fatal("there is no draft cookie")
	return casework.Secret{}
}

// sent opens the sealed content of the report that the resident sent.
func (r *resident) sent() casework.Content {
	r.t.Helper()
	ctx, ref := r.t.Context(), r.secret().Reference(0)
	report, err := r.door.Store.Sent(ctx, ref)
	if err != nil {
		r.t.Fatal(err)
	}
	content, err := casework.OpenJSON[casework.Content](ctx, r.door.Opener, casework.ForContent, ref, report.Content)
	if err != nil {
		r.t.Fatal(err)
	}
	return content
}

// paths returns the pages' addresses.
func paths(pages []*seen) []string {
	var out []string
	for _, p := range pages {
		out = append(out, p.path)
	}
	return out
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
