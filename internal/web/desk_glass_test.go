package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

const (
	glassPage  = "/desk/noodsleutel"
	realReason = "De bewoner staat aan de balie en is in de war."
)

// emergency is what a worker fills in to open a case.
func emergency(ref casework.Reference) []string {
	return []string{"number", string(ref), "reason", realReason, "basis", "vital"}
}

// T14: who breaks the glass reads the case for a while, and its lead and the privacy officer hear of it at once: on the
// page, in the timeline, and by a mail that says nothing of the resident. They read, and do nothing.
//
// threat:T14
func TestWhoBreaksTheGlassReadsAndIsSeen(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(form.Answers{"story": {"kanarie in de kast"}}))
	do(t, func() error { return o.Work.Accept(t.Context(), o.click(c, c.Lead)) })
	c = o.head(t, c.ID)
	b := o.signedIn(t, "emre")
	if a := b.get(caseURL(c)); a.status != http.StatusNotFound {
		t.Fatalf("before: %d", a.status)
	}
	page := b.get(glassPage)
	wantWords(t, page, "noodsleutel")
	a := b.send(page, glassPage, append(emergency(c.ID), "told", "yes")...)
	if a.status != http.StatusOK || a.path != caseURL(c) || !strings.Contains(a.body, "kanarie") {
		t.Fatalf("got %d %s: %s", a.status, a.path, deskText(a.Find("main")))
	}
	if said := deskText(a.Find(".vd-alert--warning")); !strings.Contains(said, "Emre Ankerman leest mee Met de noodsleutel: vandaag, vóór 14.00 uur.") {
		t.Errorf("the page warns %q", said)
	}
	if offered := a.Find("main form, main a.utrecht-button").Length(); offered > 0 {
		t.Errorf("the page offers %d acts", offered)
	}
	d, err := o.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, m := range d.Messages {
		if m.Kind == casework.MailGlass {
			told = append(told, m.To)
		}
	}
	if slices.Sort(told); !slices.Equal(told, slices.Sorted(slices.Values([]string{c.Lead, "iris"}))) {
		t.Errorf("mails go to %v", told)
	}
	for about, text := range o.mailsAbout(t, c.ID) {
		if strings.Contains(text, "kanarie") || strings.Contains(text, "Mevrouw") || strings.Contains(text, "balie") {
			t.Errorf("%s: %s", about, text)
		}
	}
	seen := o.signedIn(t, c.Lead).get(caseURL(c))
	if said := part(seen, "tijdlijn"); !strings.Contains(said, realReason) ||
		!strings.Contains(said, "Gedeeld: Er is gevaar voor iemand. De casus, zonder wat alleen voor de regisseur is. De bewoner weet het.") {
		t.Errorf("the timeline says %q", said)
	}
	if said := part(seen, "meekijkers"); !strings.Contains(said, "Emre Ankerman Met de noodsleutel") {
		t.Errorf("who looked: %q", said)
	}
	o.later(4 * time.Hour)
	if a := o.signedIn(t, "emre").get(caseURL(c)); a.status != http.StatusNotFound {
		t.Errorf("after four hours: %d", a.status)
	}
}

// T14: every act on a case is refused to who broke its glass.
//
// threat:T14
// invariant:I10
func TestWhoBrokeTheGlassDoesNothing(t *testing.T) {
	o := openOffice(t)
	c := o.related(t)
	b := o.signedIn(t, "lotte")
	if c.Lead == "lotte" {
		b = o.signedIn(t, "fenna")
	}
	b.send(b.get(glassPage), glassPage, emergency(c.ID)...)
	c = o.head(t, c.ID)
	for _, route := range web.DeskRoutes() {
		if !strings.Contains(route, "/desk/casus/{reference}/") {
			continue
		}
		got, want := b.answered(route, c, c.Version), []string{"303", "409", "422"}
		if strings.HasSuffix(route, "/formulier") || strings.HasSuffix(route, "/blad") {
			want = []string{"200"}
		}
		if !slices.Contains(want, got) {
			t.Errorf("%s: got %s", route, got)
		}
		if now := o.head(t, c.ID); now.Version != c.Version {
			t.Fatalf("%s changed the case", route)
		}
	}
}

// T03: a number is answered the same whether there is such a case or not, with as many calls; where there is none, nothing
// is written down but that somebody tried. The next page is that of an unknown number.
//
// threat:T03
func TestAnUnknownNumberBreaksNoGlass(t *testing.T) {
	counter := &keyCounter{}
	o := openOffice(t, through(counter))
	c, gone := o.Case(t, o.now, exampletest.Answers(nil)), o.Case(t, o.now, exampletest.Answers(nil))
	o.removes(t, gone.ID)
	b := o.signedIn(t, "emre")
	ask := func(ref casework.Reference) (deskAnswer, int) {
		action, fields := b.get(glassPage).form(t, glassPage)
		for i, fill := 0, emergency(ref); i < len(fill); i += 2 {
			fields.Set(fill[i], fill[i+1])
		}
		counter.take()
		a := b.stay().do(http.MethodPost, action, fields)
		return a, len(counter.take())
	}
	want, calls := ask(c.ID)
	if o.head(t, c.ID).Version != 2 {
		t.Fatal("the glass of the case is whole")
	}
	unknown := b.get("/desk/casus/" + string(casework.NewSecret().Reference(0)))
	for name, ref := range map[string]casework.Reference{
		"an unknown number":               casework.NewSecret().Reference(0),
		"a destroyed case":                gone.ID,
		"a report that is no case":        o.Submit(t, o.now, exampletest.Answers(nil)).Reference,
		"the number of somebody else's":   exampletest.In(t, "duinrand").Case(t, o.now, duinrand()).ID,
		"the same in letters of any kind": casework.Reference(strings.ToLower(string(gone.ID))),
	} {
		tried := func(row, _ string) bool { return strings.HasPrefix(row, "SEARCHES#") }
		before := o.snapshot(t)
		maps.DeleteFunc(before, tried)
		a, n := ask(ref)
		if a.status != want.status || a.header.Get("Location") != "/desk/casus/"+strings.ToUpper(string(ref)) || a.body != want.body || n != calls {
			t.Errorf("%s: %d to %s after %d calls, want %d after %d", name, a.status, a.header.Get("Location"), n, want.status, calls)
		}
		after := o.snapshot(t)
		maps.DeleteFunc(after, tried)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s left something:\n%s", name, diff)
		}
		if next := b.get(a.header.Get("Location")); next.status != http.StatusNotFound || next.body != unknown.body {
			t.Errorf("%s leads to %d", name, next.status)
		}
	}
}

// duinrand is a form of a resident of the other example municipality.
func duinrand() form.Answers {
	return exampletest.Answers(form.Answers{"postcode": {"9981 AA"}})
}

// removes takes away every row of a case, as its destruction will.
func (o *office) removes(t *testing.T, ref casework.Reference) {
	t.Helper()
	for row := range o.snapshot(t) {
		pk, sk, _ := strings.Cut(row, " ")
		if !strings.HasSuffix(pk, "#"+string(ref)) {
			continue
		}
		key := map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk},
		}
		if _, err := o.Store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &o.Store.Cases, Key: key}); err != nil {
			t.Fatal(err)
		}
	}
}

// T14: a reason that says nothing is none, and the page says what is wanted; all there is to mend at once.
//
// threat:T14
func TestAnEmergencyHasARealReason(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, "emre")
	for name, tt := range map[string]struct {
		number, reason, basis string
		want                  []string
	}{
		"nothing":            {"", "", "", []string{"number", "reason", "basis"}},
		"a dot":              {string(c.ID), ".", "task", []string{"reason"}},
		"a word":             {string(c.ID), "test", "task", []string{"reason"}},
		"no number":          {"9991 AB 12", realReason, "task", []string{"number"}},
		"no basis":           {string(c.ID), realReason, "", []string{"basis"}},
		"a basis of another": {string(c.ID), realReason, "consent", []string{"basis"}},
		"too much":           {string(c.ID), strings.Repeat("De bewoner is in de war. ", 200), "task", []string{"reason"}},
	} {
		a := b.send(b.get(glassPage), glassPage, "number", tt.number, "reason", tt.reason, "basis", tt.basis)
		var got []string
		for _, link := range a.Find(".vd-problems a").EachIter() {
			got = append(got, strings.TrimPrefix(link.AttrOr("href", ""), "#"))
		}
		if a.status != http.StatusUnprocessableEntity || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %d, problems %v, want %v", name, a.status, got, tt.want)
		}
		if kept := a.Find("textarea[name=reason]").Text(); strings.TrimSpace(kept) != strings.TrimSpace(tt.reason) {
			t.Errorf("%s: kept %q", name, kept)
		}
	}
	if now := o.head(t, c.ID); now.Version != 1 {
		t.Error("the glass was broken")
	}
}

// A second click is the same act, and so is one in another tab as long as the glass is broken.
func TestASecondClickBreaksNoSecondGlass(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, "emre")
	page, other := b.get(glassPage), b.get(glassPage)
	for _, from := range []deskAnswer{page, page, other} {
		if a := b.send(from, glassPage, emergency(c.ID)...); a.status != http.StatusOK || a.path != caseURL(c) {
			t.Fatalf("got %d %s", a.status, a.path)
		}
	}
	if now := o.head(t, c.ID); now.Version != 2 {
		t.Errorf("the case is at version %d", now.Version)
	}
	// Who may read the case as it is gets it, and breaks nothing.
	mine := o.signedIn(t, c.Lead)
	if a := mine.send(mine.get(glassPage), glassPage, emergency(c.ID)...); a.path != caseURL(c) || o.head(t, c.ID).Version != 2 {
		t.Errorf("the lead: %d %s", a.status, a.path)
	}
}

// T35: the glass is broken by who proved just now who they are. The provider is asked for that, and what it answers is
// checked; what was typed before is kept.
//
// threat:T35
func TestTheGlassTakesAFreshSignIn(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, "emre")
	page := b.get(glassPage)
	o.later(5 * time.Minute)
	if a := b.get(glassPage); a.Find("textarea").Length() > 0 || a.Find("a[href='"+web.ProvePath+"']").Length() != 1 {
		t.Errorf("five minutes later: %s", deskText(a.Find("main")))
	}
	late := b.send(page, glassPage, emergency(c.ID)...)
	if late.status != http.StatusForbidden || !strings.Contains(late.Find("textarea").Text(), realReason) || o.head(t, c.ID).Version != 1 {
		t.Fatalf("too late: %d %s", late.status, deskText(late.Find("main")))
	}
	asked, err := url.Parse(b.stay().get(web.ProvePath).header.Get("Location"))
	if err != nil || asked.Query().Get("prompt") != "login" || asked.Query().Get("max_age") != "300" {
		t.Errorf("the provider is asked %s, %v", asked, err)
	}
	for name, change := range map[string]func(map[string]any){
		"signed in long ago":   func(claims map[string]any) { claims["auth_time"] = o.realTime().Add(-6 * time.Minute).Unix() },
		"signed in, some time": func(claims map[string]any) { delete(claims, "auth_time") },
		"signed in tomorrow":   func(claims map[string]any) { claims["auth_time"] = o.realTime().Add(24 * time.Hour).Unix() },
	} {
		o.provider.change = change
		if a := b.proves("emre"); a.status != http.StatusForbidden || deskText(a.Find("h1")) != "Nog niet opnieuw aangemeld" {
			t.Errorf("%s: %d %s", name, a.status, deskText(a.Find("h1")))
		}
		o.provider.change = nil
		if a := b.get(glassPage); a.Find("textarea").Length() > 0 {
			t.Errorf("%s: the form is there", name)
		}
	}
	if a := b.proves("emre"); a.path != glassPage || a.Find("textarea").Length() != 1 {
		t.Fatalf("a fresh sign-in leads to %d %s", a.status, a.path)
	}
	// What was typed earlier is sent once more from its own page, which belongs to the session before.
	again := b.send(late, glassPage)
	if again.status != http.StatusForbidden || !strings.Contains(again.Find("textarea").Text(), realReason) {
		t.Fatalf("again: %d %s", again.status, deskText(again.Find("main")))
	}
	if a := b.send(again, glassPage); a.status != http.StatusOK || a.path != caseURL(c) {
		t.Errorf("sent again: %d %s: %s", a.status, a.path, deskText(a.Find("main")))
	}
	// An old sign-in is good enough for everything else.
	o.provider.change = func(claims map[string]any) { claims["auth_time"] = o.realTime().Add(-8 * time.Hour).Unix() }
	if a := o.signedIn(t, "daan").get(glassPage); a.Find("textarea").Length() > 0 {
		t.Error("a sign-in of this morning breaks glass")
	}
}

// proves signs a worker in anew, and returns where that leads.
func (c *colleague) proves(worker string) deskAnswer {
	c.t.Helper()
	at := c.stay().get(web.ProvePath).header.Get("Location")
	return c.do(http.MethodGet, at+"&login_hint="+worker, nil)
}

// Trying numbers is counted with the searches of the hour.
//
// threat:T14
func TestNumbersAreNotTriedAtWill(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, "emre")
	page := b.get(glassPage)
	for range casework.SearchesMost {
		b.stay().send(page, glassPage, emergency(casework.NewSecret().Reference(0))...)
	}
	if a := b.send(page, glassPage, emergency(c.ID)...); a.status != http.StatusTooManyRequests || a.Find("a[href^='tel:']").Length() == 0 {
		t.Errorf("got %d %s", a.status, deskText(a.Find("main")))
	}
	if o.head(t, c.ID).Version != 1 {
		t.Error("the glass was broken")
	}
}
