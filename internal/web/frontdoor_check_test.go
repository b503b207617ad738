package web_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

// backFrom is the check page as it comes back from an address that changes an answer.
func backFrom(change string) string {
	return "/controle?na=" + strings.TrimSuffix(strings.TrimPrefix(change, "/vraag/"), "?terug=controle")
}

// A6, ux 13: each answer has a link to change it, and the change comes back in one step.
//
//ux:13
func TestEachAnswerIsChangedInOneStep(t *testing.T) {
	r := openDoor(t).resident(t)
	check, passed := r.walk(r.begin(form.Full), fullAnswers())
	changes := map[string]bool{}
	check.Find(".vd-summary a").Each(func(_ int, a *goquery.Selection) {
		address := a.AttrOr("href", "")
		changes[strings.TrimSuffix(address, "?terug=controle")] = true
		page := r.get(address)
		if page.path != address {
			t.Errorf("%s led to %s", address, page.path)
		}
		if back := r.answer(page, nil); back.path != backFrom(address) {
			t.Errorf("unchanged, %s led to %s", address, back.path)
		}
	})
	for _, p := range passed {
		if p.Find("main input:not([type=hidden]), main textarea").Length() > 0 && !changes[p.path] {
			t.Errorf("the answers of %s have no link to change them", p.path)
		}
	}
}

// What the change calls for is said on the page that it leads to: the numbers are not passed by.
//
// feature:D1
func TestAChangeThatOpensANeededQuestionGoesThereFirst(t *testing.T) {
	for page, tt := range map[string]struct {
		change url.Values
		says   string
	}{
		"13": {url.Values{"hide_from": {"yes"}}, "We letten extra goed op"},
		"32": {url.Values{"safe_now": {"no"}}, "Is het nu niet veilig? Bel"},
	} {
		t.Run(tt.says, func(t *testing.T) {
			r := openDoor(t).resident(t)
			r.walk(r.begin(form.Full), with(fullAnswers(), map[string]url.Values{"53": nil}))
			needed := r.answer(r.get("/vraag/"+page+"?terug=controle"), tt.change)
			if needed.path != "/vraag/53?na="+page+"&terug=controle" {
				t.Fatalf("led to %s, want the question about safe contact", needed.path)
			}
			again := r.answer(needed, nil)
			if again.status != http.StatusUnprocessableEntity {
				t.Errorf("skipping it answered %d", again.status)
			}
			for _, p := range []*seen{needed, again} {
				if got := text(p.Find(".vd-alert h2")); got != tt.says || p.Find(".vd-alert a[href^='tel:']").Length() == 0 {
					t.Errorf("%s says %q, want %q and numbers", p.path, got, tt.says)
				}
				if got := text(p.Find("main .utrecht-button--primary-action")); got != "Verder met het formulier" {
					t.Errorf("the button says %q", got)
				}
			}
			back := r.answer(again, url.Values{"safe_contact": {"call"}})
			if back.path != "/controle?na=53" || back.Find(".vd-alert").Length() > 0 {
				t.Errorf("then led to %s, want the check page without a word of it", back.path)
			}
		})
	}
}

func TestTheCheckPageShowsAllAndFoldsWhatOthersShouldNotSee(t *testing.T) {
	r := openDoor(t).resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	open := check.Find(".vd-summary").Clone()
	open.Find("details").Remove()
	for _, want := range []string{"Noor (buur): brieven lezen", "Geld en schulden", "18 december 2026", "06 12 34 56 78", "9991 AB", "Aantal: 2"} {
		if !strings.Contains(open.Text(), want) {
			t.Errorf("%q is not in sight", want)
		}
	}
	if strings.Contains(open.Text(), "Er liggen te veel brieven") {
		t.Error("the story is in sight")
	}
	if got := check.Find(".vd-summary details").Length(); got != 4 {
		t.Errorf("got %d folded answers, want story, hide_from, safe_now and basics", got)
	}
	if got := check.Find("main li").Length(); got != 8 {
		t.Errorf("the privacy notice has %d lines, want 8", got)
	}
	if check.Find("main input:not([type=hidden]):not(#bericht2)").Length() != 0 {
		t.Error("the check page asks for something: there is no consent box")
	}
	if got := text(check.Find("main form .utrecht-button--primary-action")); got != "Versturen naar het wijkteam" {
		t.Errorf("the button says %q", got)
	}
}

func TestWhatIsMissingIsListedWithItsPage(t *testing.T) {
	r := openDoor(t).resident(t)
	r.begin(form.Full)
	for name, check := range map[string]*seen{
		"when looking":          r.get("/controle"),
		"when sending too soon": r.send(r.get("/controle")),
	} {
		t.Run(name, func(t *testing.T) {
			var pages []string
			check.Find(".vd-problems a").Each(func(_ int, a *goquery.Selection) {
				address := a.AttrOr("href", "")
				pages = append(pages, address)
				path, id, _ := strings.Cut(address, "#")
				if r.get(path).Find(`[id="`+id+`"]`).Length() != 1 {
					t.Errorf("%s leads to no input", address)
				}
			})
			want := "/vraag/51?terug=controle#call_name /vraag/52?terug=controle#contact_way /vraag/54?terug=controle#postcode"
			if got := strings.Join(pages, " "); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if !strings.HasPrefix(check.Find("title").Text(), "Fout: ") {
				t.Error("the title does not say that something is missing")
			}
		})
	}
	if got := r.send(r.get("/controle")).status; got != http.StatusUnprocessableEntity {
		t.Errorf("sending too soon answered %d, want 422", got)
	}
}

// ux 14, I2: sent twice, in two tabs or at once, one report and one number.
//
// invariant:I2
// threat:T10
//
//ux:14
func TestSendingTwiceGivesTheSameNumber(t *testing.T) {
	r := openDoor(t).resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	const tabs = 5
	numbers := make([]string, tabs)
	var wait sync.WaitGroup
	values := formValues(check.Find("main form"))
	for i := range tabs {
		wait.Go(func() { numbers[i] = text(r.post("/controle", values).Find("main strong bdi").First()) })
	}
	wait.Wait()
	for _, number := range append(numbers, text(r.send(check).Find("main strong bdi").First())) {
		if number != numbers[0] || number == "" {
			t.Errorf("got numbers %q", numbers)
		}
	}
}

// The form is sent in one tab and typed on in another: what is sent stays sent, what is typed is not lost.
//
// threat:T10
func TestOtherAnswersAfterSendingAreKeptInSightAndNotSent(t *testing.T) {
	for name, typed := range map[string]func(r *resident, tab, check *seen) *seen{
		"typed on a page that stayed open": func(r *resident, tab, _ *seen) *seen {
			return r.answer(tab, url.Values{"goal": {"Meer rust"}})
		},
		"left there for later": func(r *resident, tab, _ *seen) *seen {
			values := formValues(tab.Find("main form"))
			values.Set("goal", "Meer rust")
			return r.post("/later/28", values)
		},
		"saved at the same moment": func(r *resident, _, check *seen) *seen {
			draft := r.draft()
			draft.Answers["goal"] = []string{"Meer rust"}
			if err := r.door.Drafts.Save(r.t.Context(), r.secret(), draft, r.door.now); err != nil {
				r.t.Fatal(err)
			}
			return r.send(check)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := openDoor(t).resident(t)
			check, _ := r.walk(r.begin(form.Full), fullAnswers())
			tab := r.get("/vraag/28?terug=controle")
			number := text(r.send(check).Find("main strong bdi").First())
			changed := typed(r, tab, check)
			if changed.status != http.StatusConflict {
				t.Fatalf("got %d, want 409", changed.status)
			}
			for _, want := range []string{number, "Meer rust", r.door.Municipality.Numbers.Team.Number} {
				if !strings.Contains(changed.Find("main").Text(), want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			if got := r.sent().Answers.One("goal"); got != "Rust in huis" {
				t.Errorf("what was sent became %q", got)
			}
		})
	}
}

// Whoever goes back after sending is not told that nothing was sent, and sees no answers; who begins anew can.
//
// threat:T01
func TestAfterSendingEveryPageOfTheFormIsTheReceipt(t *testing.T) {
	r := openDoor(t).resident(t)
	check, _ := r.walk(r.begin(form.Full), fullAnswers())
	r.later(r.get("/vraag/23"), nil)
	r.send(check)
	for _, path := range []string{"/controle", "/vraag/11", "/vraag/23", "/vraag", "/later"} {
		if got := r.get(path).path; got != "/ontvangen" {
			t.Errorf("%s led to %s", path, got)
		}
	}
	if got := r.begin(form.Full).path; got != "/vraag/11" {
		t.Errorf("beginning anew led to %s", got)
	}
}

// What is folded on the check page is not told by a notice above it. Who comes back from changing such an answer has
// just typed it, and gets the numbers.
//
// feature:D1
// threat:T01
func TestTheCheckPageTellsNothingOfWhatIsFolded(t *testing.T) {
	r := openDoor(t).resident(t)
	check, _ := r.walk(r.begin(form.Full), with(fullAnswers(), map[string]url.Values{
		"13": {"hide_from": {"yes"}}, "32": {"safe_now": {"no"}}, "33": {"basics": {"food"}}, "53": {"safe_contact": {"call"}},
	}))
	if got := check.Find(".vd-alert").Text(); got != "" {
		t.Errorf("the check page says %q", got)
	}
	for page, want := range map[string]string{
		"13": "We letten extra goed op", "32": "Is het nu niet veilig? Bel", "33": "Bel ons ook vandaag", "28": "",
	} {
		back := r.answer(r.get("/vraag/"+page+"?terug=controle"), nil)
		if got := text(back.Find(".vd-alert h2")); got != want {
			t.Errorf("back from page %s: %q, want %q", page, got, want)
		}
	}
}

// Who says on the check page that help is for somebody else passed by the page that says what that changes.
//
// feature:D1
func TestHelpThatIsForSomebodyElseNowIsSaidOnTheCheckPage(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.walk(r.begin(form.Full), fullAnswers())
	for _, tt := range []struct{ whom, want string }{
		{"other", "Het gaat nu om die persoon"}, {"household", ""}, {"other", "Het gaat nu om die persoon"}, {"myself", ""},
	} {
		back := r.answer(r.get("/vraag/21?terug=controle"), url.Values{"for_whom": {tt.whom}})
		notice := back.Find(".vd-alert")
		if got := text(notice.Find("h2")); back.path != "/controle?na=21" || got != tt.want {
			t.Errorf("for %s: %s says %q, want %q", tt.whom, back.path, got, tt.want)
		}
		if tt.want != "" && !strings.Contains(notice.Text(), d.Municipality.Numbers.SafeHome.Number) {
			t.Error("the notice has no number to ask")
		}
	}
}

// style 11: a failure loses nothing that was typed, and the next try is a click.
func TestAFailureKeepsTheTextAndTriesAgain(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	d.drafts.loadError = errors.New("the store is away")
	failed := r.post("/vraag/23", url.Values{"token": {r.secret().FormToken("23")}, "story": {"Mijn <verhaal>"}})
	if failed.status != http.StatusInternalServerError || text(failed.Find("h1")) != "Er ging iets mis. Er is niets verloren." {
		t.Fatalf("got %d %q", failed.status, text(failed.Find("h1")))
	}
	d.drafts.loadError = nil
	if next := r.answer(failed, nil); next.path != "/vraag/24" {
		t.Errorf("trying again led to %d %s", next.status, next.path)
	}
	if got := r.get("/vraag/23").Find("textarea").Text(); strings.TrimSpace(got) != "Mijn <verhaal>" {
		t.Errorf("got %q back", got)
	}
}

func TestTwoTabsKeepEachOthersAnswers(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	r.begin(form.Full)
	goal, name := r.get("/vraag/28"), r.get("/vraag/51")
	d.drafts.beforeSave = func() { r.answer(goal, url.Values{"goal": {"Rust in huis"}}) }
	if next := r.answer(name, url.Values{"call_name": {"Sam"}}); next.path != "/vraag/52" {
		t.Fatalf("got %d %s", next.status, next.path)
	}
	check := text(r.get("/controle").Find(".vd-summary"))
	if !strings.Contains(check, "Sam") || !strings.Contains(check, "Rust in huis") {
		t.Error("one tab's answer is gone")
	}
}

// design.md §3: a resident's page costs at most two calls to the store.
func TestAPageCostsAtMostTwoStoreCalls(t *testing.T) {
	d := openDoor(t)
	r := d.resident(t)
	first, second, needed := r.begin(form.Full), r.get("/vraag/12"), r.get("/vraag/51")
	const load, save = 1, 1
	const show = load // of the page that the answer leads to
	for name, tt := range map[string]struct {
		act  func()
		most int
	}{
		"the start page":     {func() { r.get("/") }, 0},
		"a question":         {func() { r.get("/vraag/11") }, load},
		"the check page":     {func() { r.get("/controle") }, load},
		"an answer":          {func() { r.answer(first, url.Values{"helpers": {"none"}}) }, load + save + show},
		"a skipped question": {func() { r.answer(second, nil) }, load + save + show},
		"a wrong answer":     {func() { r.answer(needed, nil) }, load},
		"beginning":          {func() { d.resident(t).begin(form.CallMe) }, save + show},
		"beginning again":    {func() { r.begin(form.Full) }, load + show},
		"leaving":            {func() { d.resident(t).get("/weg") }, 0},
		"somebody unknown":   {func() { d.resident(t).get("/vraag/11") }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d.drafts.calls = 0
			tt.act()
			if d.drafts.calls > tt.most {
				t.Errorf("got %d calls, want at most %d", d.drafts.calls, tt.most)
			}
		})
	}
}

// order notes when the sealer is told to prepare and when the draft is read.
type order struct {
	web.Drafts
	casework.Sealer
	calls []string
}

func (o *order) Prepare() { o.calls = append(o.calls, "prepare") }

func (o *order) Load(context.Context, casework.Secret, time.Time) (form.Draft, error) {
	o.calls = append(o.calls, "read the draft")
	return form.Draft{}, casework.ErrNotFound
}

func TestSealingIsPreparedWhileTheDraftIsRead(t *testing.T) {
	d := openDoor(t)
	assets, err := web.NewAssets(d.Municipality.Theme)
	if err != nil {
		t.Fatal(err)
	}
	secret := casework.NewSecret()
	token := url.Values{"token": {secret.FormToken("controle")}}.Encode()
	for name, r := range map[string]*http.Request{
		"when the check page is shown": httptest.NewRequest(http.MethodGet, "/controle", nil),
		"when it is sent":              httptest.NewRequest(http.MethodPost, "/controle", strings.NewReader(token)),
	} {
		t.Run(name, func(t *testing.T) {
			o := &order{}
			pages := web.Frontdoor{
				Municipality: d.Municipality, Form: form.Of(d.Municipality), Drafts: o, Intake: casework.Intake{Sealer: o},
				Texts: web.NewCatalog(), Assets: assets, Log: slog.New(slog.DiscardHandler),
				Now: func() time.Time { return d.now }, Clock: func() time.Time { return d.clock },
			}.Handler()
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.AddCookie(&http.Cookie{Name: "__Host-d", Value: fmt.Sprintf("%s.%d.nl", secret, d.clock.Unix()/60)})
			pages.ServeHTTP(httptest.NewRecorder(), r)
			if diff := cmp.Diff([]string{"prepare", "read the draft"}, o.calls); diff != "" {
				t.Errorf("the steps are others (-want +got):\n%s", diff)
			}
		})
	}
}
