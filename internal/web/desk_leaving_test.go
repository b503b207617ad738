package web_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/web"
)

// leavings are the ways in which somebody stops working here, while a page is open.
func leavings() map[string]func(t *testing.T, o *office, worker string) {
	return map[string]func(t *testing.T, o *office, worker string){
		"switched off": func(t *testing.T, o *office, worker string) { o.deactivate(t, worker) },
		"gone from today": func(t *testing.T, o *office, worker string) {
			o.setWorker(t, worker, "left_on", &types.AttributeValueMemberS{Value: "2026-11-23"})
		},
		"gone from midnight, which it is now": func(t *testing.T, o *office, worker string) {
			o.setWorker(t, worker, "left_on", &types.AttributeValueMemberS{Value: "2026-11-24"})
			o.mu.Lock()
			defer o.mu.Unlock()
			o.now = time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)
		},
		"no row any more": func(t *testing.T, o *office, worker string) {
			_, err := o.Store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &o.Store.Cases, Key: workerItem(worker)})
			if err != nil {
				t.Fatal(err)
			}
		},
	}
}

func workerItem(worker string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#" + worker},
	}
}

// setWorker sets one attribute of a worker's row.
func (o *office) setWorker(t *testing.T, worker, attribute string, value types.AttributeValue) {
	t.Helper()
	_, err := o.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &o.Store.Cases, Key: workerItem(worker), UpdateExpression: new("SET #attribute = :value"),
		ExpressionAttributeNames:  map[string]string{"#attribute": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":value": value},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// deactivate takes a worker out of the team.
func (o *office) deactivate(t *testing.T, worker string) {
	t.Helper()
	o.setWorker(t, worker, "active", &types.AttributeValueMemberBOOL{Value: false})
}

// comeBack puts a worker's row back as it was, and the clock.
func (o *office) comeBack(t *testing.T, row map[string]types.AttributeValue, now time.Time) {
	t.Helper()
	if _, err := o.Store.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &o.Store.Cases, Item: row}); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = now
}

// T05: who may come in is read from the table on every request, of every route there is: page, act, link from a mail.
//
// threat:T05
func TestWhoLeavesIsOutOnTheNextRequestWhateverItIs(t *testing.T) {
	for how, leave := range leavings() {
		t.Run(how, func(t *testing.T) {
			o := openOffice(t)
			now := o.now
			c := o.Case(t, now, exampletest.Answers(urgent()))
			row, err := o.Store.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &o.Store.Cases, Key: workerItem(c.Lead)})
			if err != nil {
				t.Fatal(err)
			}
			inside := 0
			for _, route := range web.DeskRoutes() {
				o.comeBack(t, row.Item, now)
				b := o.signedIn(t, c.Lead)
				leave(t, o, c.Lead)
				if o.wantOut(t, b, route, c) {
					inside++
				}
			}
			if inside < 10 {
				t.Errorf("%d routes are for who is signed in, want all the desk's pages and acts", inside)
			}
		})
	}
}

// wantOut has a worker who just left ask for a route, twice, with the session that was open. Inside says whether it is a
// route for who is signed in.
func (o *office) wantOut(t *testing.T, b *colleague, route string, c casework.Case) (inside bool) {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{reference}", string(c.ID), "{$}", "", "{worker}", c.Lead).Replace(path)
	if slices.Contains([]string{web.ArrivedPath, "/desk/uit", "/desk/afgemeld", "/desk/toegankelijkheid"}, path) {
		return false
	}
	fields := b.post(method, path, c.Version)
	cookies := b.client.Jar.Cookies(mustURL(t, o.server.URL))
	before := o.snapshot(t)
	o.store.log.take()
	a := b.stay().do(method, path, fields)
	if got := deskText(a.Find("h1")); a.status != http.StatusForbidden || got != "Je werkt hier niet meer" {
		t.Errorf("%s: got %d %q", route, a.status, got)
	}
	if said := o.store.log.take(); len(said) > 0 {
		t.Errorf("%s: after leaving: %v", route, said)
	}
	if diff := cmp.Diff(before, o.snapshot(t)); diff != "" {
		t.Errorf("%s: after leaving something changed:\n%s", route, diff)
	}
	b.client.Jar.SetCookies(mustURL(t, o.server.URL), secured(cookies)) // a browser that kept what it was told to drop
	want := http.StatusSeeOther
	if method == http.MethodPost {
		want = http.StatusUnauthorized
	}
	if a := b.stay().do(method, path, fields); a.status != want {
		t.Errorf("%s: the session still answers %d, want %d", route, a.status, want)
	}
	return true
}

// A sign-in tells who left as little as who was never here: the same page, to the byte, whether their account was bound
// or not. It makes no session and binds nothing.
//
// threat:T05
func TestASignInOfWhoLeftIsThatOfAStranger(t *testing.T) {
	for how, leave := range leavings() {
		t.Run(how, func(t *testing.T) {
			o := openOffice(t)
			c := o.Case(t, o.now, exampletest.Answers(nil))
			want := o.browser(t).get("/desk/?login_hint=stranger")
			if got := deskText(want.Find("h1")); want.status != http.StatusForbidden || got != "Je staat niet in de lijst" {
				t.Fatalf("a stranger: %d %q", want.status, got)
			}
			o.signedIn(t, c.Lead)
			for _, worker := range []string{c.Lead, "emre"} { // bound, and not
				leave(t, o, worker)
				b := o.browser(t)
				got := b.get(caseURL(c) + "?login_hint=" + worker) // as from a mail
				if diff := cmp.Diff(want.body, got.body); got.status != want.status || diff != "" {
					t.Errorf("%s: %d, page (-stranger +left):\n%s", worker, got.status, diff)
				}
				for _, cookie := range b.client.Jar.Cookies(mustURL(t, o.server.URL)) {
					if cookie.Name == web.SessionCookie {
						t.Errorf("%s: the sign-in made a session", worker)
					}
				}
			}
			if n := o.bound(t); n != 1 {
				t.Errorf("%d subjects are bound, want that of who signed in before leaving", n)
			}
		})
	}
}

// bound counts the subjects that are bound to a worker.
func (o *office) bound(t *testing.T) int {
	t.Helper()
	n := 0
	pages := dynamodb.NewScanPaginator(o.Store.Client, &dynamodb.ScanInput{TableName: &o.Store.Cases})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			if strings.HasPrefix(item["PK"].(*types.AttributeValueMemberS).Value, "SUBJECT#") {
				n++
			}
		}
	}
	return n
}

// A coordinator is not offered who left, and cannot place a case with them by hand.
func TestACaseCannotBePlacedWithWhoLeft(t *testing.T) {
	for how, leave := range leavings() {
		t.Run(how, func(t *testing.T) {
			o := openOffice(t)
			c := o.escalated(t)
			leave(t, o, "daan")
			b := o.signedIn(t, "willem")
			page := b.get(caseURL(c) + "/plaatsen")
			if n := page.Find("option[value='daan']").Length(); n > 0 || page.Find("option[value='fenna']").Length() != 1 {
				t.Errorf("the page offers who left %d times", n)
			}
			if a := b.send(page, "/plaatsen", "lead", "daan", "reason", "Daan kent de buurt."); a.status != http.StatusUnprocessableEntity {
				t.Errorf("placing: %d, want 422", a.status)
			}
			err := o.Work.Place(t.Context(), casework.Click{
				At: o.business(), Case: c.ID, By: casework.Reader{Worker: "willem", Coordinator: true}, Shown: c.Version, Command: "p",
			}, "daan", "Daan kent de buurt.")
			if refused, ok := errors.AsType[*casework.TransitionError](err); !ok || refused.Why != casework.NoSuchLead {
				t.Errorf("the case itself answers %v, want that there is no such lead", err)
			}
		})
	}
}
