package web_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/routing"
	"voordeur/internal/web"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

// person is one subject of the authorisation table, with what they are to the case that it is about.
type person struct {
	name string
	// may says for each audience, in the order of web.Audiences, whether its routes are there.
	may string
	// out is what a route answers that is not there, to a GET and to a POST.
	out [2]string
}

// persons is the written table (I10): everybody who may ask for a page, and which audiences they belong to.
func persons() []person {
	gone, unknown := [2]string{"404", "404"}, [2]string{"303*", "401"}
	return []person{ // everybody, colleagues, team, readers, judges, coordinators, privacy officers
		{"nobody", "yes no no no no no no", unknown},
		{"worker of another municipality", "yes no no no no no no", unknown},
		{"worker who left, and led it", "yes no no no no no no", unknown},
		{"worker of its team", "yes yes yes no no no no", gone},
		{"experience worker", "yes yes yes no no no no", gone},
		{"safeguarding lead", "yes yes yes no no no no", gone},
		{"worker on duty today", "yes yes yes no yes no no", gone},
		{"worker on duty, asked to look first", "yes yes yes yes yes no no", gone},
		{"lead", "yes yes yes yes no no no", gone},
		{"stand-in of the lead", "yes yes yes yes no no no", gone},
		{"new lead of a handover", "yes yes yes yes no no no", gone},
		{"worker who was asked to think along", "yes yes yes yes no no no", gone},
		{"worker who broke the glass", "yes yes yes yes no no no", gone},
		{"worker whose glass is whole again", "yes yes yes no no no no", gone},
		{"coordinator", "yes yes yes yes yes yes no", gone},
		{"partner", "yes yes no no no no no", gone},
		{"partner who was asked to think along", "yes yes no yes no no no", gone},
		{"administrator", "yes yes no no no no no", gone},
		{"administrator who led it", "yes yes no no no no no", gone},
		{"privacy officer", "yes yes no no no no yes", gone},
		{"privacy officer who led it", "yes yes no no no no yes", gone},
	}
}

func (p person) in(audience string) bool {
	return strings.Fields(p.may)[slices.Index(web.Audiences(), audience)] == "yes"
}

// A route without a row of the table fails: it says to whom it is there.
//
// invariant:I10
func TestEveryRouteSaysWhoMayUseIt(t *testing.T) {
	for route, may := range web.DeskAudiences() {
		switch {
		case !slices.Contains(web.Audiences(), may):
			t.Errorf("%s names no audience: say `may` in its row of desk.routes", route)
		case strings.Contains(route, " /desk/casus/{reference}") && may != "readers":
			t.Errorf("%s is about a case and there to %s", route, may)
		}
	}
}

// I10: every route, taken from the router, × every kind of subject with its relation to the case, against the written
// table. Membership and roles are read on every request: who led the case before and has another role now reads it no
// more (T05).
//
// invariant:I10
// threat:T05
func TestEveryRouteIsThereToWhomTheTableSays(t *testing.T) {
	o := openOffice(t)
	c, elsewhere := o.related(t), o.Case(t, o.now, exampletest.Answers(nil))
	routes := slices.SortedFunc(slices.Values(web.DeskRoutes()), func(a, b string) int {
		last := map[string]int{"POST /desk/uit": 1} // it ends the session
		return last[a] - last[b]
	})
	for _, p := range persons() {
		t.Run(p.name, func(t *testing.T) {
			b, about := o.sits(t, p, c), c
			if p.name == "partner" {
				about = elsewhere
			}
			for _, route := range routes {
				o.wantThere(t, b, p, route, about)
			}
		})
	}
}

func (o *office) wantThere(t *testing.T, b *colleague, p person, route string, about casework.Case) {
	t.Helper()
	may := web.DeskAudiences()[route]
	o.store.log.take()
	got := b.answered(route, about, -1)
	opened := slices.ContainsFunc(o.store.log.take(), func(said string) bool { return strings.HasPrefix(said, "open ") })
	out := p.out[0]
	if strings.HasPrefix(route, http.MethodPost) {
		out = p.out[1]
	}
	// Of what is not about this case, nothing is there to be found.
	found := !strings.Contains(route, "{") || strings.Contains(route, "{$}") || may == "readers"
	if route == "GET "+web.ProvePath && p.in(may) && got == "303*" {
		got = "303" // leads to the provider, also who is signed in
	}
	switch there := got != "303*" && got != "401" && got != "403" && got != "404"; {
	case may == "everybody":
		if got == "404" || got == "303*" {
			t.Errorf("%s, %s: got %s", p.name, route, got)
		}
	case p.in(may) && found && !there:
		t.Errorf("%s, %s: got %s, want it to be there", p.name, route, got)
	case !p.in(may) && (got != out || opened):
		t.Errorf("%s, %s: got %s (something was opened: %v), want %s", p.name, route, got, opened, out)
	}
}

// related is a case to which somebody stands in every relation that there is: urgent, on its way to emre, with noor and
// joost of a partner asked to think along, and ruben standing in for its lead.
func (o *office) related(t *testing.T) casework.Case {
	t.Helper()
	c := o.Case(t, o.now, exampletest.Answers(urgent()))
	do := func(act func(k casework.Click) error) {
		t.Helper()
		if err := act(o.click(c, c.Lead)); err != nil {
			t.Fatal(err)
		}
		c = o.head(t, c.ID)
	}
	do(func(k casework.Click) error { return o.Work.Accept(t.Context(), k) })
	for _, colleague := range []string{"noor", "joost"} {
		do(func(k casework.Click) error {
			return o.Work.Ask(t.Context(), k, casework.Asking{Of: colleague, Question: "Denk je mee?", Basis: casework.OnConsent, Told: true})
		})
	}
	do(func(k casework.Click) error {
		return o.Work.BeginHandover(t.Context(), k, casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Emre kent dit."})
	})
	o.setWorker(t, c.Lead, "absent", &types.AttributeValueMemberL{Value: []types.AttributeValue{
		&types.AttributeValueMemberM{Value: map[string]types.AttributeValue{
			"from": &types.AttributeValueMemberS{Value: "2026-11-20"}, "to": &types.AttributeValueMemberS{Value: "2026-11-30"},
			"stand_in": &types.AttributeValueMemberS{Value: "ruben"},
		}},
	}})
	return c
}

// sits returns the browser of a subject of the table.
func (o *office) sits(t *testing.T, p person, c casework.Case) *colleague {
	t.Helper()
	none := slices.DeleteFunc([]string{"daan", "samira", "lotte", "fenna"}, func(id string) bool { return id == c.Lead })
	workers := map[string]string{
		"worker of its team": none[0], "experience worker": "mees", "safeguarding lead": "aylin", "worker on duty today": "hanna",
		"worker on duty, asked to look first": c.Look.Line[0], "lead": c.Lead, "stand-in of the lead": "ruben",
		"new lead of a handover": "emre", "worker who was asked to think along": "noor", "worker who broke the glass": none[1],
		"worker whose glass is whole again": none[0], "coordinator": "willem", "partner": "joost",
		"partner who was asked to think along": "joost", "administrator": "bas", "privacy officer": "iris",
		"administrator who led it": c.Lead, "privacy officer who led it": c.Lead, "worker who left, and led it": c.Lead,
	}
	o.backAfter(t, c.Lead)
	switch p.name {
	case "nobody":
		return o.browser(t)
	case "worker of another municipality":
		b := o.browser(t)
		if a := b.get("/desk/?login_hint=stranger"); a.status != http.StatusForbidden {
			t.Fatalf("a stranger is signed in: %d", a.status)
		}
		return b
	}
	b := o.signedIn(t, workers[p.name])
	switch p.name {
	case "safeguarding lead":
		o.hasRole(t, "aylin", routing.SafeguardingLead)
	case "administrator who led it":
		o.hasRole(t, c.Lead, routing.Administrator)
	case "privacy officer who led it":
		o.hasRole(t, c.Lead, routing.PrivacyOfficer)
	case "worker who left, and led it":
		o.deactivate(t, c.Lead)
		if a := b.get(caseURL(c)); a.status != http.StatusForbidden {
			t.Errorf("the first request of who left: got %d", a.status)
		}
	case "worker who broke the glass":
		o.breaksGlass(t, none[1], c.ID)
	case "worker whose glass is whole again":
		o.breaksGlass(t, none[0], c.ID)
		o.mu.Lock()
		o.now = o.now.Add(4 * time.Hour)
		o.mu.Unlock()
	}
	return b
}

// backAfter puts a worker's row and the business clock back after the test.
func (o *office) backAfter(t *testing.T, worker string) {
	t.Helper()
	now := o.business()
	was, err := o.Store.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &o.Store.Cases, Key: workerItem(worker)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := o.Store.Client.PutItem(context.Background(), &dynamodb.PutItemInput{TableName: &o.Store.Cases, Item: was.Item}); err != nil {
			t.Error(err)
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.now = now
	})
}

// hasRole gives a worker one role instead of those that they have.
func (o *office) hasRole(t *testing.T, worker string, role routing.Role) {
	t.Helper()
	o.setWorker(t, worker, "roles", &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: string(role)}}})
}

// breaksGlass has somebody without a part in a case open it for a while.
func (o *office) breaksGlass(t *testing.T, worker string, ref casework.Reference) {
	t.Helper()
	why := casework.Emergency{Reason: "De bewoner staat aan de balie en is in de war.", Basis: casework.OnTask}
	if err := o.Work.BreakGlass(t.Context(), o.click(o.head(t, ref), worker), why); err != nil {
		t.Fatal(err)
	}
}

// guide is where people read who may what.
func guide() string {
	return filepath.Join("..", "..", ".github", "guides", "developer", "who-may-what.md")
}

// The guide shows the table that the test above holds the desk to, and the routes of the desk's own.
func TestTheGuideShowsWhoMayWhat(t *testing.T) {
	got := whoMayWhat()
	if *update {
		if err := os.WriteFile(guide(), []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(guide())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the guide differs (-guide +table); go test ./internal/web -run Guide -update rewrites it:\n%s", diff)
	}
}

func whoMayWhat() string {
	var b strings.Builder
	b.WriteString("# Who may what at the desk\n\n" +
		"Made by `go test ./internal/web -run Guide -update` from the desk's own routes and from the table in\n" +
		"`internal/web/desk_may_test.go`, which every route is held to. Roles are read from the store on every request. What\n" +
		"is not there for somebody answers as an address that does not exist, to the byte.\n\n" +
		"*Readers* have a part in the case of the address: `Case.MayRead`. What a reader may *do* to a case stands in\n" +
		"[the life of a case](life-of-a-case.md); who broke the glass reads and does nothing.\n\n" +
		"| who | " + strings.Join(web.Audiences(), " | ") + " |\n|---" + strings.Repeat("|---", len(web.Audiences())) + "|\n")
	for _, p := range persons() {
		fmt.Fprintf(&b, "| %s | %s |\n", p.name, strings.ReplaceAll(strings.ReplaceAll(p.may, "no", "–"), " ", " | "))
	}
	may := web.DeskAudiences()
	for _, audience := range web.Audiences() {
		fmt.Fprintf(&b, "\n## %s\n\n", strings.ToUpper(audience[:1])+audience[1:])
		for _, route := range slices.Sorted(maps.Keys(may)) {
			if may[route] == audience {
				fmt.Fprintf(&b, "- `%s`\n", route)
			}
		}
	}
	return b.String()
}
