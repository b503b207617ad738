package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/web"
)

// T35: only a token of this provider, for us, with a subject, with our nonce and a second factor signs somebody in.
//
// threat:T35
func TestASignInIsRefusedUnlessEverythingFits(t *testing.T) {
	tests := map[string]struct {
		hint   string
		change func(claims map[string]any)
		want   string // heading, "Vandaag" when it is right
		status int
	}{
		"a token as it should be":            {"fenna", func(map[string]any) {}, "Vandaag", 200},
		"a token without subject":            {"fenna", func(c map[string]any) { delete(c, "sub") }, "Het aanmelden lukte niet", 403},
		"a token with an empty subject":      {"fenna", func(c map[string]any) { c["sub"] = "" }, "Het aanmelden lukte niet", 403},
		"a token with another nonce":         {"fenna", func(c map[string]any) { c["nonce"] = "forged" }, "Het aanmelden lukte niet", 403},
		"a token without nonce":              {"fenna", func(c map[string]any) { delete(c, "nonce") }, "Het aanmelden lukte niet", 403},
		"a token for somebody else":          {"fenna", func(c map[string]any) { c["aud"] = "another-client" }, "Het aanmelden lukte niet", 403},
		"a token of another issuer":          {"fenna", func(c map[string]any) { c["iss"] = "https://elders.example" }, "Het aanmelden lukte niet", 403},
		"a token that has expired":           {"fenna", func(c map[string]any) { c["exp"] = 1 }, "Het aanmelden lukte niet", 403},
		"a token without second factor":      {"fenna", func(c map[string]any) { delete(c, "amr") }, "Er mist een tweede controle", 403},
		"a token with a password alone":      {"fenna", func(c map[string]any) { c["amr"] = []string{"pwd"} }, "Er mist een tweede controle", 403},
		"an address that nobody verified":    {"daan", func(c map[string]any) { c["email_verified"] = false }, "Je staat niet in de lijst", 403},
		"no address":                         {"daan", func(c map[string]any) { delete(c, "email") }, "Je staat niet in de lijst", 403},
		"somebody who is no colleague":       {"stranger", func(map[string]any) {}, "Je staat niet in de lijst", 403},
		"a colleague's address in capitals":  {"lotte", func(c map[string]any) { c["email"] = strings.ToUpper(c["email"].(string)) }, "Vandaag", 200},
		"a token signed with a stranger key": {"fenna", nil, "Het aanmelden lukte niet", 403},
	}
	o := openOffice(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o.provider.change = tt.change
			if tt.change == nil { // the key that is published is not the one that signs
				other := newForger(t, o.server.URL+web.ArrivedPath, o.realTime)
				o.provider.change = func(map[string]any) {}
				file := o.provider.KeyFile
				o.provider.KeyFile = other.KeyFile
				defer func() { o.provider.KeyFile = file }()
			}
			c := o.browser(t)
			a := c.get("/desk/?login_hint=" + tt.hint)
			if got := deskText(a.Find("h1")); got != tt.want || a.status != tt.status {
				t.Errorf("got %d %q, want %d %q", a.status, got, tt.status, tt.want)
			}
			o.provider.change = nil
			if again := c.stay().get("/desk/"); (again.status == http.StatusOK) != (tt.status == http.StatusOK) {
				t.Errorf("afterwards /desk/ answers %d", again.status)
			}
		})
	}
}

// begin starts a sign-in, and returns what the provider is asked and where it sends the browser back to.
func (o *office) begin(t *testing.T, c *colleague) (asked url.Values, back string) {
	t.Helper()
	a := c.stay().get("/desk/?login_hint=fenna")
	at, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusSeeOther {
		t.Fatalf("start: %d %v", a.status, err)
	}
	provided := c.stay().do(http.MethodGet, at.String(), nil)
	return at.Query(), strings.TrimPrefix(provided.header.Get("Location"), o.server.URL)
}

// The desk has no secret: that its code is its own shows in the verifier alone. A code of another sign-in is refused
// for it, even by a provider that copies the nonce it was asked for.
//
// threat:T35
func TestACodeWorksOnlyInTheSignInThatBeganIt(t *testing.T) {
	o := openOffice(t)
	for name, tt := range map[string]struct {
		own    bool
		status int
	}{
		"its own code":              {true, http.StatusSeeOther},
		"the code of another's one": {false, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			mine := o.browser(t)
			asked, back := o.begin(t, mine)
			_, other := o.begin(t, o.browser(t))
			to, code := mustURL(t, back), mustURL(t, other).Query().Get("code")
			if tt.own {
				code = to.Query().Get("code")
			}
			to.RawQuery = url.Values{"state": {asked.Get("state")}, "code": {code}}.Encode()
			o.provider.change = func(claims map[string]any) { claims["nonce"] = asked.Get("nonce") }
			a := mine.stay().get(to.String())
			if a.status != tt.status {
				t.Errorf("got %d, want %d", a.status, tt.status)
			}
		})
	}
}

// A state that was forged, taken, of another browser or too old signs nobody in.
//
// threat:T35
func TestAStateWorksOnceInTimeInItsOwnBrowser(t *testing.T) {
	o := openOffice(t)
	begin := func(c *colleague) (state, back string) {
		asked, back := o.begin(t, c)
		return asked.Get("state"), back
	}
	tests := map[string]func(mine, other *colleague) deskAnswer{
		"a state that was forged": func(mine, _ *colleague) deskAnswer {
			state, back := begin(mine)
			return mine.stay().get(strings.Replace(back, state, strings.Repeat("A", len(state)), 1))
		},
		"a state of another browser": func(mine, other *colleague) deskAnswer {
			_, back := begin(other)
			begin(mine)
			return mine.stay().get(back)
		},
		"a state in a browser that began nothing": func(mine, other *colleague) deskAnswer {
			_, back := begin(other)
			return mine.stay().get(back)
		},
		"a state that is ten minutes old": func(mine, _ *colleague) deskAnswer {
			_, back := begin(mine)
			o.later(10 * time.Minute)
			return mine.stay().get(back)
		},
		"no state at all": func(mine, _ *colleague) deskAnswer { return mine.stay().get(web.ArrivedPath) },
	}
	for name, arrive := range tests {
		t.Run(name, func(t *testing.T) {
			a := arrive(o.browser(t), o.browser(t))
			if a.status != http.StatusForbidden || a.header.Values("Set-Cookie") != nil {
				t.Errorf("got %d with %d cookies, want 403 with none", a.status, len(a.header.Values("Set-Cookie")))
			}
		})
	}
	t.Run("a state that was taken", func(t *testing.T) {
		c := o.browser(t)
		_, back := begin(c)
		cookies := c.client.Jar.Cookies(mustURL(t, o.server.URL))
		if a := c.stay().get(back); a.status != http.StatusSeeOther {
			t.Fatalf("first time: %d", a.status)
		}
		replay := o.browser(t)
		replay.client.Jar.SetCookies(mustURL(t, o.server.URL), secured(cookies))
		if a := replay.stay().get(back); a.status != http.StatusForbidden {
			t.Errorf("second time: %d, want 403", a.status)
		}
	})
}

// secured gives cookies from a jar back what the jar does not tell.
func secured(cookies []*http.Cookie) []*http.Cookie {
	for _, c := range cookies {
		c.Secure, c.Path = true, "/"
	}
	return cookies
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestASubjectStaysBoundWhenTheAddressChanges(t *testing.T) {
	o := openOffice(t)
	o.signedIn(t, "fenna")
	o.provider.change = func(c map[string]any) { c["email"] = "daan@wijkteam.waterstad.example" }
	a := o.browser(t).get("/desk/?login_hint=fenna")
	if got := deskText(a.Find(".vd-user bdi")); got != "Fenna Bakboord" {
		t.Errorf("signed in as %q, want Fenna Bakboord", got)
	}
}

func TestTheSignInLeadsToThePageThatWasAskedFor(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.browser(t)
	first := b.get(caseURL(c)) // the picker, since nobody is hinted
	link, ok := first.Find("a[href*='login_hint=" + c.Lead + "']").Attr("href")
	if !ok {
		t.Fatalf("the picker does not show %s", c.Lead)
	}
	a := b.do(http.MethodGet, strings.TrimSuffix(o.provider.Issuer, "/_local/oidc")+link, nil)
	if a.path != caseURL(c) || a.status != http.StatusOK {
		t.Errorf("got %d %s, want the case", a.status, a.path)
	}
}

func TestASignInLeadsNowhereElse(t *testing.T) {
	for path, want := range map[string]bool{
		"/desk/": true, "/desk/casus/K7M-4RT-9XC": true, "//evil.example/desk/": false, "https://evil.example/desk/": false,
		"/": false, "/vraag/11": false, "": false, web.ArrivedPath: false,
	} {
		if got := web.LocalGoal(path); got != want {
			t.Errorf("%q: got %v, want %v", path, got, want)
		}
	}
}

func TestAProviderThatIsDownIsSaidSo(t *testing.T) {
	o := openOffice(t)
	o.provider.down = true
	a := o.browser(t).get("/desk/")
	if a.status != http.StatusBadGateway || deskText(a.Find("h1")) != "Aanmelden lukt nu niet" {
		t.Errorf("got %d %q", a.status, deskText(a.Find("h1")))
	}
	o.provider.down = false
	o.signedIn(t, "fenna")
}

func TestASessionEnds(t *testing.T) {
	tests := map[string]struct {
		pass func(o *office, c *colleague)
		want int // of /desk/casussen
	}{
		"not after 59 minutes without a page": {func(o *office, _ *colleague) { o.later(59 * time.Minute) }, 200},
		"after 60 minutes without a page":     {func(o *office, _ *colleague) { o.later(60 * time.Minute) }, 303},
		"not after 9 hours with a page in between": {func(o *office, c *colleague) {
			for range 18 {
				o.later(30 * time.Minute)
				c.get("/desk/")
			}
		}, 200},
		"not after 80 minutes with a case in between": {func(o *office, c *colleague) {
			mine := o.Case(c.t, o.business(), exampletest.Answers(nil))
			o.later(40 * time.Minute)
			c.get(caseURL(mine))
			o.later(40 * time.Minute)
		}, 200},
		"after 10 hours whatever happens": {func(o *office, c *colleague) {
			for range 20 {
				o.later(30 * time.Minute)
				c.stay().get("/desk/")
			}
		}, 303},
		"by signing out": {func(_ *office, c *colleague) { c.send(c.get("/desk/"), "/desk/uit") }, 303},
		"not when only the business clock moves": {func(o *office, _ *colleague) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.now = o.now.Add(1000 * time.Hour)
		}, 200},
	}
	o := openOffice(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := o.signedIn(t, "fenna")
			tt.pass(o, c)
			if a := c.stay().get("/desk/casussen"); a.status != tt.want {
				t.Errorf("got %d, want %d", a.status, tt.want)
			}
		})
	}
}

func TestASignedOutCookieOpensNothing(t *testing.T) {
	o := openOffice(t)
	c := o.signedIn(t, "fenna")
	kept := c.client.Jar.Cookies(mustURL(t, o.server.URL))
	a := c.send(c.get("/desk/"), "/desk/uit")
	if got := deskText(a.Find("h1")); a.path != "/desk/afgemeld" || got != "Je bent afgemeld" {
		t.Fatalf("got %s %q", a.path, got)
	}
	c.client.Jar.SetCookies(mustURL(t, o.server.URL), secured(kept))
	if a := c.stay().get("/desk/"); a.status != http.StatusSeeOther {
		t.Errorf("the old cookie gets %d", a.status)
	}
}

func TestTheDeskAndTheFrontDoorKeepEachOthersCookies(t *testing.T) {
	names := []string{web.DraftCookie, web.SessionCookie, web.SignInCookie}
	if n := len(maps.Collect(func(yield func(string, bool) bool) {
		for _, name := range names {
			yield(name, true)
		}
	})); n != len(names) {
		t.Errorf("cookies share a name: %v", names)
	}
	o := openOffice(t)
	a := o.browser(t).stay().get("/desk/")
	for _, line := range a.header.Values("Set-Cookie") {
		if !strings.HasPrefix(line, web.SignInCookie+"=") {
			t.Errorf("starting a sign-in sets %s", strings.SplitN(line, "=", 2)[0])
		}
		for _, want := range []string{"Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
			if !slices.Contains(strings.Split(line, "; "), want) {
				t.Errorf("the cookie lacks %s", want)
			}
		}
	}
}
