package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

func TestTheDraftCookieEndsWithTheBrowserSession(t *testing.T) {
	r := openDoor(t).resident(t)
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	begun := r.post("/begin", url.Values{"path": {"form"}})
	cookie := begun.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-d=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie lacks %q", want)
		}
	}
	for _, refused := range []string{"Max-Age", "Expires", "Domain"} {
		if strings.Contains(cookie, refused) {
			t.Errorf("the cookie has %s", refused)
		}
	}
}

func TestAFormPageWithoutAnOpenDraftShowsTheStart(t *testing.T) {
	d := openDoor(t)
	for name, tt := range map[string]struct {
		after  time.Duration // of real time
		later  time.Duration // of business time
		cookie string
		opens  bool
	}{
		"after 30 idle minutes":           {after: 30 * time.Minute, opens: true},
		"after 31 idle minutes":           {after: 31 * time.Minute},
		"72 hours less a second later":    {later: 72*time.Hour - time.Second, opens: true},
		"72 hours after the last change":  {later: 72 * time.Hour},
		"with a cookie from the future":   {after: -2 * time.Minute},
		"with a cookie that is no secret": {cookie: "x.1.nl"},
		"with a cookie without a time":    {cookie: strings.Repeat("A", 43)},
		"with a secret nobody has":        {cookie: fmt.Sprintf("%s.%d.nl", casework.NewSecret(), d.clock.Unix()/60)},
	} {
		for _, path := range []string{"/vraag/11", "/vraag/51", "/controle"} {
			t.Run(path+" "+name, func(t *testing.T) {
				r := d.resident(t)
				r.begin(form.Full)
				if tt.cookie != "" {
					r.setCookie(tt.cookie)
				}
				now, clock := d.now, d.clock
				defer func() { d.now, d.clock = now, clock }()
				d.now, d.clock = now.Add(tt.later), clock.Add(tt.after)
				if got := r.get(path).path; (got == path) != tt.opens {
					t.Errorf("led to %s", got)
				}
			})
		}
	}
}

// setCookie replaces what the draft cookie holds.
func (r *resident) setCookie(value string) {
	base, err := url.Parse(r.door.server.URL)
	if err != nil {
		r.t.Fatal(err)
	}
	r.client.Jar.SetCookies(base, []*http.Cookie{{Name: "__Host-d", Value: value, Path: "/", Secure: true}})
}

func TestEveryPageKeepsTheDraftOpen(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	for range 4 {
		d.clock = d.clock.Add(20 * time.Minute)
		if got := r.get("/vraag/11").path; got != "/vraag/11" {
			t.Fatalf("led to %s", got)
		}
	}
}

// Whoever comes to a page of the form without an open one is led to the start, in the language of the one that was idle.
// Who pressed the button there and comes without a cookie has a browser that keeps none, and reads so. Back after "Snel
// weg" brings the same address from the same page, but nothing was pressed.
//
// threat:T01
//
//ux:15
//ux:18
func TestWhoseBrowserKeepsNoCookieIsTold(t *testing.T) {
	d := openDoor(t)
	pressed := http.Header{"Sec-Fetch-Site": {"same-origin"}, "Sec-Fetch-User": {"?1"}}
	for name, tt := range map[string]struct {
		cookie, from string
		header       http.Header
		want         string
	}{
		"who pressed the button":          {"", "/?taal=ar", pressed, "/?taal=ar#dicht"},
		"who pressed the button in Dutch": {"", "/", pressed, "/#dicht"},
		"in a language there is not":      {"", "/?taal=xx", pressed, "/#dicht"},
		"who goes back":                   {"", "/?taal=ar", http.Header{"Sec-Fetch-Site": {"same-origin"}}, "/"},
		"from another page of the form":   {"", "/vraag/12", pressed, "/"},
		"a stranger":                      {"", "", nil, "/"},
		"who was idle":                    {fmt.Sprintf("%s.%d.tr", casework.NewSecret(), d.clock.Unix()/60-31), "/", pressed, "/?taal=tr"},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.server.URL+"/vraag/11", nil)
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(req.Header, tt.header)
			if tt.from != "" {
				req.Header.Set("Referer", d.server.URL+tt.from)
			}
			if tt.cookie != "" {
				req.AddCookie(&http.Cookie{Name: "__Host-d", Value: tt.cookie})
			}
			res, err := d.server.Client().Transport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if got := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || got != tt.want {
				t.Errorf("led to %d %s, want %s", res.StatusCode, got, tt.want)
			}
		})
	}
	if got := text(d.resident(t).get("/").Find("#dicht")); !strings.Contains(got, "Zet cookies aan") {
		t.Errorf("the start says %q", got)
	}
}

// ux 18: who typed too long reads that the form is closed in the language they chose.
//
//ux:18
func TestAClosedFormIsSaidInTheResidentsLanguage(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	page := r.press(r.begin(form.Full), "ar", nil)
	d.clock = d.clock.Add(31 * time.Minute)
	if closed := r.answer(page, nil); closed.status != http.StatusGone || closed.language() != "ar" {
		t.Errorf("got %d in %s, want 410 in ar", closed.status, closed.language())
	}
}

// style 11: what is not taken is not lost: who wrote in a tab whose form another tab replaced reads it once more and can
// copy it. It is kept nowhere.
func TestWhatAnotherFormReplacedIsShownToWhoTypedIt(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	story, helpers := r.get("/vraag/23"), r.get("/vraag/11")
	r.begin(form.CallMe) // in another tab
	for _, tt := range []struct {
		page  *seen
		typed url.Values
		want  string
	}{
		{story, url.Values{"story": {"Te veel <b>brieven</b>.\nEn geen slaap."}}, "Te veel <b>brieven</b>.|En geen slaap."},
		{helpers, url.Values{"helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "helpers.1.with": {"koken"}}, "Noor|koken"},
	} {
		old := r.answer(tt.page, tt.typed)
		got := strings.Join(old.Find("main h2 ~ p bdi").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), "|")
		if old.status != http.StatusForbidden || got != tt.want {
			t.Errorf("got %d, and shown is %q, want %q", old.status, got, tt.want)
		}
	}
	if answers := nonEmpty(r.draft().Answers); len(answers) > 0 {
		t.Errorf("kept is %v", answers)
	}
}

// D2, ux 15: after "Snel weg" nothing typed can be seen again.
//
//ux:15
func TestQuickExitDropsTheDraft(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	next := r.answer(r.begin(form.Full), url.Values{"helpers.1.name": {"Noor"}})
	exit := next.Find("header a.vd-exit")
	if exit.Length() != 1 {
		t.Fatal("the page has no way out")
	}
	gone := r.get(exit.AttrOr("href", ""))
	if gone.status != http.StatusSeeOther || gone.header.Get("Location") != d.Municipality.ExitURL {
		t.Errorf("got %d to %s, want 303 to %s", gone.status, gone.header.Get("Location"), d.Municipality.ExitURL)
	}
	if got := gone.header.Get("Clear-Site-Data"); got != `"cache"` {
		t.Errorf("got Clear-Site-Data %s", got)
	}
	for _, path := range []string{"/vraag/11", "/controle", "/ontvangen"} {
		back := r.get(path)
		if back.path != "/" || strings.Contains(back.Text(), "Noor") {
			t.Errorf("%s still opens: %s", path, back.path)
		}
	}
}

// T01, ux 15: what was sent is shut by the exit too: the receipt, and the own page that was opened from it.
//
// threat:T01
//
//ux:15
func TestQuickExitShutsTheReceiptAndTheOwnPage(t *testing.T) {
	r := openDoor(t).resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	own := r.get(r.send(check).Find(`a[href^="/mijn/"]`).AttrOr("href", ""))
	if own.path != "/mijn" || own.status != http.StatusOK {
		t.Fatalf("the own page: %d %s", own.status, own.path)
	}
	r.get(own.Find("header a.vd-exit").AttrOr("href", ""))
	for _, path := range []string{"/mijn", "/ontvangen", "/controle", "/vraag/11", "/later", "/vraag"} {
		if back := r.get(path); back.path != "/" {
			t.Errorf("%s still opens: %s", path, back.path)
		}
	}
}

func TestFetchingTheExitAheadDropsNothing(t *testing.T) {
	for name, tt := range map[string]struct{ method, header, value string }{
		"fetched ahead":              {http.MethodGet, "Sec-Purpose", "prefetch;prerender"},
		"by an older browser":        {http.MethodGet, "Purpose", "prefetch"},
		"by an old Firefox":          {http.MethodGet, "X-Moz", "prefetch"},
		"by an old Safari":           {http.MethodGet, "X-Purpose", "preview"},
		"only asked for, not opened": {http.MethodHead, "Accept", "*/*"},
	} {
		t.Run(name, func(t *testing.T) {
			r := openDoor(t).resident(t)
			r.begin(form.Full)
			req, err := http.NewRequestWithContext(t.Context(), tt.method, r.door.server.URL+"/weg", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set(tt.header, tt.value)
			if ahead := r.do(req); ahead.status != http.StatusNoContent || ahead.header.Get("Clear-Site-Data") != "" {
				t.Errorf("got %d, Clear-Site-Data %s", ahead.status, ahead.header.Get("Clear-Site-Data"))
			}
			if got := r.get("/vraag/11").path; got != "/vraag/11" {
				t.Errorf("the draft is gone: %s", got)
			}
		})
	}
}

// The own page's cookie is shut after 30 idle minutes, as the draft's.
//
// threat:T01
func TestTheOwnPageIsShutAfterAnIdleHalfHour(t *testing.T) {
	r := openDoor(t).resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	r.get(r.send(check).Find(`a[href^="/mijn/"]`).AttrOr("href", ""))
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{{30 * time.Minute, "/mijn"}, {31 * time.Minute, "/"}} {
		r.door.clock = r.door.clock.Add(tt.after)
		if got := r.get("/mijn").path; got != tt.want {
			t.Errorf("%s later it led to %s, want %s", tt.after, got, tt.want)
		}
	}
}

// threat:T11
func TestAForgedPostChangesNothing(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	token := r.begin(form.Full).Find(`input[name="token"]`).AttrOr("value", "")
	other := r.get("/vraag/12").Find(`input[name="token"]`).AttrOr("value", "")
	for name, tt := range map[string]struct {
		values url.Values
		origin string
	}{
		"without a token":               {values: url.Values{}},
		"with another page's token":     {values: url.Values{"token": {other}}},
		"with the token, from far away": {values: url.Values{"token": {token}}, origin: "https://elders.example"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.values.Set("helpers.1.name", "Vreemd")
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.server.URL+"/vraag/11", strings.NewReader(tt.values.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("Origin", d.server.URL)
			if tt.origin != "" {
				req.Header.Set("Origin", tt.origin)
			}
			if got := r.do(req).status; got != http.StatusForbidden {
				t.Errorf("got %d, want 403", got)
			}
			if got := r.get("/vraag/11").Find(`[name="helpers.1.name"]`).AttrOr("value", ""); got != "" {
				t.Errorf("saved %q", got)
			}
		})
	}
	if token == "" || token == other {
		t.Error("two pages have the same token, or none")
	}
}

// Who turns from the whole form to the short one, or back, is not asked again what both ask; what one alone asks stays
// behind with it.
//
//ux:12
func TestBeginGoesOnWithTheDraftOfThePath(t *testing.T) {
	r := openDoor(t).resident(t)
	r.answer(r.begin(form.Full), url.Values{"helpers.1.name": {"Noor"}})
	r.answer(r.get("/vraag/23"), url.Values{"story": {"Te veel brieven."}})
	r.answer(r.get("/vraag/52"), url.Values{"contact_way": {"call"}, "phone": {"06 12345678"}})
	if got := r.begin(form.Full).Find(`[name="helpers.1.name"]`).AttrOr("value", ""); got != "Noor" {
		t.Errorf("got %q back, want the name that was typed", got)
	}
	whole := r.secret()
	if got := r.begin(form.CallMe).Find(`[name="helpers.1.name"]`).AttrOr("value", ""); got != "Noor" {
		t.Errorf("the other path asks again, and has %q", got)
	}
	want := form.Answers{"helpers.1.name": {"Noor"}, "helpers": {"named"}, "contact_way": {"call"}, "phone": {"06 12345678"}}
	if diff := cmp.Diff(want, nonEmpty(r.draft().Answers)); diff != "" || r.secret() == whole {
		t.Errorf("the short path begins with (-want +got):\n%s", diff)
	}
	if kept, err := r.door.drafts.Load(t.Context(), whole, r.door.now); err != nil || kept.Answers.One("story") == "" {
		t.Errorf("what a code opens is gone: %v", err)
	}
}

func TestWhoBeginsAfterSendingGetsAnEmptyForm(t *testing.T) {
	r := openDoor(t).resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	r.send(check)
	first := r.secret()
	if got := r.begin(form.Full).Find(`[name="helpers.1.name"]`).AttrOr("value", ""); got != "" {
		t.Errorf("begins with %q", got)
	}
	if r.secret() == first {
		t.Error("begins with the secret of what was sent")
	}
}
