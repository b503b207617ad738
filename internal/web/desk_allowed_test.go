package web_test

import (
	"errors"
	"fmt"
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

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/web"
)

// The subjects of the authorisation table, in its order.
func subjects() []string {
	return []string{"nobody", "other", "lead", "coordinator", "first look", "left"}
}

// situations are the cases that the authorisation table is about, in its order.
func situations() []string { return []string{"offered", "proposed", "merged"} }

// inSituation is a new case: P1 and offered to its lead, or P3 and of a household that has a running case, before and
// after it was added to that.
func (o *office) inSituation(t *testing.T, situation string) casework.Case {
	t.Helper()
	switch situation {
	case "offered":
		return o.Case(t, o.now, exampletest.Answers(urgent()))
	case "proposed":
		c, _ := o.proposed(t, nil)
		return c
	case "merged":
		c, _ := o.merged(t)
		return c
	}
	t.Fatalf("no situation %s", situation)
	return casework.Case{}
}

// allowed is the whole authorisation table (I10): what each subject is answered on each route, in each situation of the
// case that the route is about. 303* is a redirect to the sign-in, 401 a post without session, - a subject that a P3
// case does not have; a route that is not in it fails.
func allowed() map[string][]string {
	const aside = "303* 404 404 404 404 403" // no report that was put aside
	const refused, refusedP3, back, backP3 = "401 404 409 409 409 403", "401 404 409 409 - 403", "303* 404 303 303 303 403", "303* 404 303 303 - 403"
	table := map[string][]string{
		"GET /desk/{$}":                                         {"303* 200 200 200 200 403"},
		"GET /desk/dienst":                                      {"303* 404 404 200 200 403"},
		"POST /desk/dienst/opnieuw":                             {"401 404 404 409 409 403"}, // no such mail
		"POST /desk/dienst/doorgegeven":                         {"401 404 404 409 409 403"},
		"GET /desk/mijn-mail":                                   {"303* 200 200 200 200 403"},
		"POST /desk/mijn-mail":                                  {"401 303 303 303 303 403"}, // it is confirmed
		"POST /desk/mijn-mail/code":                             {"401 303 303 303 303 403"},
		"GET /desk/nakijken":                                    {"303* 404 404 200 200 403"},
		"GET /desk/nakijken/dicht":                              {"303* 404 404 200 200 403"},
		"GET /desk/nakijken/{reference}":                        {aside, "303* 404 404 404 - 403", "303* 404 404 404 - 403"},
		"POST /desk/nakijken/{reference}/mens":                  {"401 404 404 409 409 403", "401 404 404 409 - 403", "401 404 404 409 - 403"},
		"POST /desk/nakijken/{reference}/geen-mens":             {"401 404 404 409 409 403", "401 404 404 409 - 403", "401 404 404 409 - 403"},
		"GET /desk/nakijken/dicht/{until}/{group}":              {"303* 404 404 404 404 403"},
		"POST /desk/nakijken/dicht/{until}/{group}/terugzetten": {"401 404 404 409 409 403"},
		"GET /desk/nakijken/groep/{group}":                      {"303* 404 404 404 404 403"},
		"POST /desk/nakijken/groep/{group}/sluiten":             {"401 404 404 409 409 403"},
		"GET /desk/casus/{reference}/bevestiging":               {back, backP3, backP3},
		"POST /desk/casus/{reference}/bevestiging":              {refused, refusedP3, refusedP3},
		"GET /desk/casussen":                                    {"303* 200 200 200 200 403"},
		"GET /desk/casus/{reference}":                           {"303* 404 200 200 200 403", "303* 404 200 200 - 403", "303* 404 200 200 - 403"},
		"GET /desk/casus/{reference}/formulier":                 {"303* 404 200 200 200 403", "303* 404 200 200 - 403", "303* 404 200 200 - 403"},
		"GET /desk/casus/{reference}/blad":                      {"303* 404 200 200 200 403", "303* 404 200 200 - 403", "303* 404 200 200 - 403"},
		"GET /desk/casus/{reference}/bestand":                   {back, backP3, backP3},
		"GET /desk/casus/{reference}/teruggeven":                {"303* 404 200 303 303 403", "303* 404 200 303 - 403", backP3},
		"GET /desk/casus/{reference}/plaatsen":                  {back, backP3, backP3},
		"GET /desk/casus/{reference}/losmaken":                  {back, backP3, "303* 404 303 200 - 403"},
		"POST /desk/casus/{reference}/aannemen":                 {"401 404 303 409 409 403", refusedP3, refusedP3},
		"POST /desk/casus/{reference}/teruggeven":               {"401 404 303 409 409 403", "401 404 303 409 - 403", refusedP3},
		"POST /desk/casus/{reference}/gezien":                   {"401 404 303 303 303 403", refusedP3, refusedP3},
		"POST /desk/casus/{reference}/gesproken":                {refused, refusedP3, refusedP3},
		"POST /desk/casus/{reference}/plaatsen":                 {refused, refusedP3, refusedP3},
		"POST /desk/casus/{reference}/toevoegen":                {refused, "401 404 303 409 - 403", refusedP3},
		"POST /desk/casus/{reference}/apart":                    {refused, "401 404 303 409 - 403", refusedP3},
		"POST /desk/casus/{reference}/losmaken":                 {refused, refusedP3, "401 404 409 303 - 403"},
		"GET /desk/invoer":                                      {"303* 200 200 200 200 403"},
		"GET /desk/invoer/vragen":                               {"303* 303 303 303 303 403"}, // nothing is being entered
		"POST /desk/invoer/vragen":                              {"401 400 400 400 400 403"},
		"GET /desk/invoer/controle":                             {"303* 303 303 303 303 403"},
		"POST /desk/invoer/controle":                            {"401 303 303 303 303 403"},
		"GET /desk/invoer/ontvangen":                            {"303* 303 303 303 303 403"},
		"GET /desk/zoeken":                                      {"303* 200 200 200 200 403"},
		"POST /desk/zoeken":                                     {"401 200 200 200 200 403"},
		"GET /desk/collegas":                                    {"303* 200 200 200 200 403"},
		"POST /desk/collegas":                                   {"401 200 200 200 200 403"},
		"GET /desk/collegas/{card}":                             {"303* 200 200 200 200 403"},
		"GET /desk/partners/{card}":                             {"303* 404 404 404 404 403"}, // nobody of that name
		"GET /desk/noodsleutel":                                 {"303* 200 200 200 200 403"},
		"GET /desk/noodsleutel/aanmelden":                       {"303* 303* 303* 303* 303* 403"},
		"POST /desk/noodsleutel":                                {"401 422 422 422 422 403"},
		"GET /desk/toezicht":                                    {"303* 404 404 404 404 403"},
		"GET /desk/toezicht/casus/{reference}":                  {"303* 404 404 404 404 403", "303* 404 404 404 - 403", "303* 404 404 404 - 403"},
		"GET /desk/toezicht/medewerker/{worker}/{day}":          {"303* 404 404 404 404 403"},
		"GET /desk/toezicht/register":                           {"303* 404 404 404 404 403"},
		"POST /desk/toezicht/casus":                             {"401 404 404 404 404 403"},
		"POST /desk/toezicht/medewerker":                        {"401 404 404 404 404 403"},
		"POST /desk/toezicht/{glass}/noodsleutel-gezien":        {"401 404 404 404 404 403"},
		"GET /desk/team":                                        {"303* 200 200 200 200 403"},
		"GET /desk/team/{worker}":                               {"303* - 200 200 200 403"}, // the other may be of the team: TestAColleaguesListSaysHowACaseStandsAndNotWhoItIsAbout
		"GET /desk/team/{worker}/doorgeven":                     {"303* 404 404 200 404 403"},
		"POST /desk/team/{worker}/doorgeven":                    {"401 404 404 422 404 403"},
		"GET /desk/team/{worker}/doorgegeven":                   {"303* 404 404 200 404 403"},
		"GET /desk/afwezig":                                     {"303* 303 303 303 303 403"},
		"GET /desk/afwezig/{worker}":                            {"303* 404 200 200 404 403"},
		"POST /desk/afwezig/{worker}":                           {"401 404 422 422 404 403"},
		"GET /desk/afwezig/{worker}/{from}":                     {"303* 404 303 303 404 403"}, // no absence begins then
		"POST /desk/afwezig/{worker}/{from}":                    {"401 404 422 422 404 403"},
		"POST /desk/afwezig/{worker}/{from}/terug":              {"401 404 303 303 404 403"},
		"GET /desk/papier":                                      {"303* 200 200 200 200 403"},
		"GET /desk/papier/kaart":                                {"303* 200 200 200 200 403"},
		"POST /desk/uit":                                        {"303 303 303 303 303 303"},
		"GET /desk/afgemeld":                                    {"200 200 200 200 200 200"},
		"GET /desk/toegankelijkheid":                            {"200 200 200 200 200 200"},
		"GET /desk/aangemeld":                                   {"403 403 403 403 403 403"},
		"GET /desk/casus/{reference}/notitie":                   {"303* 404 200 200 200 403", "303* 404 200 200 - 403", backP3},
		"POST /desk/casus/{reference}/notitie":                  {"401 404 422 422 422 403", "401 404 422 422 - 403", refusedP3},
		"GET /desk/casus/{reference}/afsluiten":                 {back, "303* 404 200 303 - 403", backP3},
		"POST /desk/casus/{reference}/afsluiten":                {refused, "401 404 422 409 - 403", refusedP3},
		"GET /desk/casus/{reference}/intrekken":                 {back, "303* 404 200 303 - 403", backP3},
		"POST /desk/casus/{reference}/intrekken":                {refused, "401 404 303 409 - 403", refusedP3},
		"GET /desk/casus/{reference}/wachtlijst":                {"303* 404 303 200 303 403", "303* 404 303 200 - 403", backP3},
		"POST /desk/casus/{reference}/wachtlijst":               {"401 404 409 422 409 403", "401 404 409 422 - 403", refusedP3},
		"GET /desk/casus/{reference}/naar-coordinator":          {"303* 404 303 200 303 403", "303* 404 303 200 - 403", backP3},
		"POST /desk/casus/{reference}/naar-coordinator":         {"401 404 409 303 409 403", "401 404 409 303 - 403", refusedP3},
	}
	// What a lead, or another, does with a case that was accepted: none of the situations is one.
	for _, act := range []string{
		"geprobeerd", "geen-contact", "gesprek", "verslag", "plan", "onderzoek-klaar", "start", "evaluatie", "waakvlam", "opschalen",
		"meedenken", "antwoord", "meedenken-klaar", "overdragen", "overnemen", "overdracht-stoppen", "bezwaar", "andere-regisseur",
		"andere-gevraagd", "niet-wisselen", "verhuisd", "blijft", "opgeven", "heropenen", "toch-weer", "overzetten", "overgezet",
		"vasthouden", "loslaten",
	} {
		table["GET /desk/casus/{reference}/"+act] = []string{back, backP3, backP3}
		table["POST /desk/casus/{reference}/"+act] = []string{refused, refusedP3, refusedP3}
	}
	for _, act := range []string{"weer-contact", "niet-doorgegaan", "gebeld"} { // without a page
		table["POST /desk/casus/{reference}/"+act] = []string{refused, refusedP3, refusedP3}
	}
	return table
}

// I10: every route of the desk's own table × every kind of subject × every situation of the case.
//
// invariant:I10
func TestEveryRouteAnswersEverySubjectAsTheTableSays(t *testing.T) {
	table := allowed()
	if diff := cmp.Diff(slices.Sorted(slices.Values(web.DeskRoutes())), slices.Sorted(maps.Keys(table))); diff != "" {
		t.Fatalf("routes without a row, or rows without a route:\n%s", diff)
	}
	for n, situation := range situations() {
		t.Run(situation, func(t *testing.T) {
			var st *stage
			for _, route := range slices.Sorted(maps.Keys(table)) {
				rows := table[route]
				if aboutACase := strings.Contains(route, "{reference}"); aboutACase && len(rows) != len(situations()) {
					t.Errorf("%s has rows for %d situations", route, len(rows))
				}
				if n >= len(rows) {
					continue
				}
				for i, want := range strings.Fields(rows[n]) {
					if want == "-" {
						continue
					}
					if st == nil || st.cases >= casesMost {
						st = openStage(t, situation)
					}
					st.wantAnswer(route, subjects()[i], want)
				}
			}
		})
	}
}

// casesMost is how many cases a stage has at most: a team has room for seven such cases, and some come in pairs.
const casesMost = 3

// stage is a town with a case in a situation, where everybody who is asked after has signed in once. Reading changes
// nothing, and a refusal neither: the case gives way to a new one when somebody changed it.
type stage struct {
	*office
	t         *testing.T
	situation string
	c         casework.Case
	cases     int // so far
	seats     map[string]*colleague
	left      casework.Session // of who left: each page ends it
	cookies   []*http.Cookie   // of that session
}

func openStage(t *testing.T, situation string) *stage {
	t.Helper()
	st := &stage{office: openOffice(t), t: t, situation: situation, seats: map[string]*colleague{}}
	st.next()
	return st
}

// next puts a new case on the stage. Its lead is not on duty: what is there to who is, is asked as one of these.
func (st *stage) next() {
	st.t.Helper()
	for range casesMost {
		st.c = st.inSituation(st.t, st.situation)
		st.cases++
		if !slices.Contains(example.Roster()["monday"], st.c.Lead) {
			return
		}
	}
	st.t.Fatal("every lead is on duty")
}

// wantAnswer has a subject ask for a route about the case. A refusal opens nothing.
func (st *stage) wantAnswer(route, subject, want string) {
	st.t.Helper()
	b := st.as(subject)
	st.store.log.take()
	if got := b.answered(route, st.c, st.c.Version); got != want {
		st.t.Errorf("%s as %s: got %s, want %s", route, subject, got, want)
	}
	opened := slices.DeleteFunc(st.store.log.take(), func(said string) bool { return !strings.HasPrefix(said, "open ") })
	if want == "404" && len(opened) > 0 {
		st.t.Errorf("%s as %s: got a refusal after %v", route, subject, opened)
	}
	if route == "POST /desk/uit" {
		maps.DeleteFunc(st.seats, func(worker string, _ *colleague) bool { return worker != "left" })
	}
	if st.head(st.t, st.c.ID).Version != st.c.Version {
		st.next()
	}
}

// as returns the browser of a subject.
func (st *stage) as(subject string) *colleague {
	st.t.Helper()
	switch subject {
	case "nobody":
		return st.browser(st.t)
	case "left":
		return st.whoLeft()
	}
	worker := st.workerIs(st.t, subject, st.c)
	if st.seats[worker] == nil {
		st.seats[worker] = st.signedIn(st.t, worker)
	}
	return st.seats[worker]
}

// whoLeft returns the browser of a worker who was signed in when they left.
func (st *stage) whoLeft() *colleague {
	st.t.Helper()
	b, at := st.seats["left"], mustURL(st.t, st.server.URL)
	if b == nil {
		b = st.signedIn(st.t, "mees")
		st.seats["left"], st.cookies = b, b.client.Jar.Cookies(at)
		var err error
		if st.left, err = st.Store.SeeSession(st.t.Context(), web.SessionID(b.secret()), st.now); err != nil {
			st.t.Fatal(err)
		}
		st.deactivate(st.t, "mees")
	}
	b.client.Jar.SetCookies(at, st.cookies)
	if err := st.Store.PutSession(st.t.Context(), st.left); err != nil && !errors.Is(err, casework.ErrConflict) {
		st.t.Fatal(err)
	}
	return b
}

// workerIs names the worker who is a subject to a case.
func (o *office) workerIs(t *testing.T, subject string, c casework.Case) string {
	t.Helper()
	switch subject {
	case "other":
		return otherThan(c)
	case "lead":
		return c.Lead
	case "coordinator":
		return "willem"
	case "first look":
		return c.Look.Line[0]
	}
	t.Fatalf("no subject %s", subject)
	return ""
}

// as returns the browser of a subject, signed in just now.
func (o *office) as(t *testing.T, subject string, c casework.Case) *colleague {
	t.Helper()
	if subject == "nobody" {
		return o.browser(t)
	}
	return o.signedIn(t, o.workerIs(t, subject, c))
}

// answered sends a request to a route about a case, with what a form of ours would hold, and returns how it was
// answered.
func (c *colleague) answered(route string, about casework.Case, version int) string {
	c.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{reference}", string(about.ID), "{until}", "0", "{$}", "", "{card}", "fenna.vcf", "{worker}", about.Lead, "{from}", "2026-11-30").Replace(path)
	a := c.stay().do(method, path, c.post(method, path, version))
	to := a.header.Get("Location")
	if a.status == http.StatusSeeOther && strings.HasPrefix(to, c.o.provider.Issuer) {
		return "303*"
	}
	return fmt.Sprint(a.status)
}

// post is the form of an act, as the page of this browser's session would send it.
func (c *colleague) post(method, path string, version int) url.Values {
	if method != http.MethodPost {
		return nil
	}
	fields := url.Values{
		"version": {fmt.Sprint(version)}, "command": {casework.NewSecret().String()}, "reason": {"Ik heb geen tijd."}, "lead": {"daan"},
		"wat": {"06 12345678"},
	}
	if secret := c.secret(); secret != (casework.Secret{}) {
		fields.Set("token", secret.FormToken(path))
	}
	return fields
}

// secret is that of this browser's session, empty without one.
func (c *colleague) secret() casework.Secret {
	c.t.Helper()
	for _, cookie := range c.client.Jar.Cookies(mustURL(c.t, c.o.server.URL)) {
		if cookie.Name != web.SessionCookie {
			continue
		}
		text, _, _ := strings.Cut(cookie.Value, ".")
		secret, err := casework.ParseSecret(text)
		if err != nil {
			c.t.Fatal(err)
		}
		return secret
	}
	return casework.Secret{}
}

// I10: somebody else's case, an unknown number and a number that is none look the same, to the byte.
//
// invariant:I10
func TestAForeignCaseLooksExactlyLikeAnUnknownOne(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(urgent()))
	untaken := o.Submit(t, o.now, exampletest.Answers(nil)).Reference // a report that is no case yet
	b := o.signedIn(t, otherThan(c))
	want := b.get(caseURL(c))
	for name, path := range map[string]string{
		"an unknown number":             "/desk/casus/" + string(casework.NewSecret().Reference(0)),
		"a number with a slip":          "/desk/casus/AAA-AAA-AAA",
		"a report that waits":           "/desk/casus/" + string(untaken),
		"giving back a foreign case":    caseURL(c) + "/teruggeven",
		"placing a foreign case":        caseURL(c) + "/plaatsen",
		"taking back a foreign case":    caseURL(c) + "/losmaken",
		"giving back an unknown number": "/desk/casus/" + string(casework.NewSecret().Reference(0)) + "/teruggeven",
	} {
		got := b.get(path)
		if got.status != http.StatusNotFound || got.body != want.body {
			t.Errorf("%s: %d\n%s", name, got.status, cmp.Diff(want.body, got.body))
		}
	}
	if said := o.store.log.take(); len(said) > 0 {
		t.Errorf("something was opened or shown: %v", said)
	}
}

// snapshot is every row of both tables, but for those that a GET may write.
func (o *office) snapshot(t *testing.T) map[string]string {
	t.Helper()
	rows := map[string]string{}
	for _, table := range []string{o.Store.Cases, o.Store.Short} {
		pages := dynamodb.NewScanPaginator(o.Store.Client, &dynamodb.ScanInput{TableName: &table})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				pk := item["PK"].(*types.AttributeValueMemberS).Value
				kind, _, _ := strings.Cut(pk, "#")
				sk := item["SK"].(*types.AttributeValueMemberS).Value
				if !slices.Contains([]string{"AUDIT", "READ", "SESSION", "SIGNIN", "SUBJECT"}, kind) && !strings.HasPrefix(sk, "OUTSIDE#") {
					rows[pk+" "+sk] = fmt.Sprintf("%#v", plain(item))
				}
			}
		}
	}
	return rows
}

func plain(item map[string]types.AttributeValue) map[string]string {
	out := map[string]string{}
	for name, value := range item {
		out[name] = fmt.Sprintf("%+v", value)
		if m, ok := value.(*types.AttributeValueMemberS); ok {
			out[name] = m.Value
		}
		if m, ok := value.(*types.AttributeValueMemberN); ok {
			out[name] = m.Value
		}
		if m, ok := value.(*types.AttributeValueMemberL); ok {
			out[name] = fmt.Sprint(len(m.Value))
		}
		if m, ok := value.(*types.AttributeValueMemberB); ok {
			out[name] = fmt.Sprintf("%x", m.Value)
		}
		if m, ok := value.(*types.AttributeValueMemberM); ok {
			out[name] = fmt.Sprint(len(m.Value))
		}
	}
	return out
}

// I11: GET, HEAD and OPTIONS change nothing but audit, session and sign-in rows.
//
// invariant:I11
// threat:T02
func TestReadingChangesNothing(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(urgent()))
	for _, subject := range []string{"nobody", "other", "lead", "coordinator", "first look"} {
		b := o.as(t, subject, c)
		before := o.snapshot(t)
		o.later(2 * time.Minute) // so that the session's Seen moves too
		for _, route := range web.DeskRoutes() {
			_, path, _ := strings.Cut(route, " ")
			path = strings.NewReplacer("{reference}", string(c.ID), "{$}", "", "{card}", "fenna.vcf", "{worker}", c.Lead).Replace(path)
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				if a := b.stay().do(method, path, nil); a.status >= 500 {
					t.Errorf("%s as %s: %d", method, subject, a.status)
				}
			}
		}
		if diff := cmp.Diff(before, o.snapshot(t)); diff != "" {
			t.Errorf("reading as %s changed:\n%s", subject, diff)
		}
	}
}

// I9: no content without its audit row, and the row is there before anything is opened.
//
// invariant:I9
func TestContentIsAuditedBeforeItIsOpened(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(map[string][]string{"story": {"kanarie in de kast"}}))
	b := o.signedIn(t, c.Lead)
	for path, want := range map[string]casework.Audit{
		"/desk/":               {Page: "GET /desk/{$}"},
		"/desk/casussen":       {Page: "GET /desk/casussen"},
		"/desk/team/" + c.Lead: {Page: "GET /desk/team/{worker}"},
		caseURL(c):             {Page: "GET /desk/casus/{reference}"},
	} {
		o.store.log.take()
		o.store.audits = nil
		if a := b.get(path); a.status != http.StatusOK || !strings.Contains(a.body, "Mevrouw Voorbeeld") {
			t.Fatalf("%s: %d without the name", path, a.status)
		}
		if said := o.store.log.take(); said[0] != "audit" || len(slices.Compact(slices.Sorted(slices.Values(said)))) < 2 {
			t.Errorf("%s: got %v, want the audit first", path, said)
		}
		want.At, want.Worker, want.Cases = o.now, c.Lead, []casework.Reference{c.ID}
		if diff := cmp.Diff([]casework.Audit{want}, o.store.audits); diff != "" {
			t.Errorf("%s: audit rows (-want +got):\n%s", path, diff)
		}
		o.store.failAudit = true
		a := b.get(path)
		o.store.failAudit = false
		for _, secret := range []string{"Mevrouw Voorbeeld", "kanarie", "06 12345678", "voorbeeld@post"} {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s shows %q without an audit row", path, secret)
			}
		}
		if said := o.store.log.take(); a.status != http.StatusInternalServerError || len(said) > 0 {
			t.Errorf("%s without audit: %d, and %v", path, a.status, said)
		}
	}
}

// T11: a post from another site, without our token, or with a token of another page does nothing.
//
// threat:T11
func TestAForgedPostDoesNothing(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	path := caseURL(c) + "/aannemen"
	for name, change := range map[string]func(url.Values){
		"without a token":              func(f url.Values) { f.Del("token") },
		"with a token of another page": func(f url.Values) { f.Set("token", b.post(http.MethodPost, "/desk/uit", 1).Get("token")) },
		"with another session's token": func(f url.Values) { f.Set("token", casework.NewSecret().FormToken(path)) },
	} {
		fields := b.post(http.MethodPost, path, 1)
		change(fields)
		if a := b.stay().do(http.MethodPost, path, fields); a.status != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, a.status)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.server.URL+path, strings.NewReader(b.post(http.MethodPost, path, 1).Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %d, want 403", resp.StatusCode)
	}
	if now, err := o.Store.Case(t.Context(), c.ID); err != nil || now.Version != 1 {
		t.Errorf("the case is at version %d (%v), want 1", now.Version, err)
	}
}

func TestEveryDeskAnswerIsKeptOutOfCachesAndSearchEngines(t *testing.T) { // threat:T20
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	for _, path := range []string{"/desk/", "/desk/casussen", caseURL(c), caseURL(c) + "/teruggeven", "/desk/bestaat-niet", "/desk/afgemeld"} {
		a := b.get(path)
		for header, want := range map[string]string{"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "X-Content-Type-Options": "nosniff"} {
			if got := a.header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", path, header, got, want)
			}
		}
		if n := a.Find("script, [style]").Length(); n > 0 {
			t.Errorf("%s holds %d scripts or inline styles", path, n)
		}
	}
}
