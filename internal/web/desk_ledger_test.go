package web_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/seal"
	"voordeur/internal/web"
)

// ledger is what each route of the desk cost where it did what it is for, at most.
type ledger struct {
	routes *http.ServeMux

	mu    sync.Mutex
	gone  map[string]bool
	costs map[string]cost
}

// cost is how many calls to the store an answer took, in how many rounds.
type cost struct {
	calls, rounds int
	operations    []string
}

func newLedger() *ledger {
	l := &ledger{routes: http.NewServeMux(), gone: map[string]bool{}, costs: map[string]cost{}}
	for _, route := range web.DeskRoutes() {
		l.routes.Handle(route, http.NotFoundHandler())
	}
	return l
}

// counts has an office's calls to the store written down, those for drafts and for what is sent included.
func (l *ledger) counts(o *office) {
	counter := &callCounter{next: http.DefaultTransport}
	through(counter)(o)
	o.desk.Drafts = seal.Drafts{Municipality: o.Municipality.ID, Rows: o.store.Store}
	o.desk.Intake.Reports = o.store.Store
	o.around = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, route := l.routes.Handler(r)
			answer := &statusWriter{ResponseWriter: w, status: http.StatusOK}
			counter.take()
			next.ServeHTTP(answer, r)
			operations, rounds := counter.take()
			l.add(route, answer.status, cost{len(operations), rounds, operations})
		})
	}
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// add writes an answer down, unless it refuses, or leads elsewhere from a page that was asked for.
func (l *ledger) add(route string, status int, c cost) {
	leads := []string{"GET " + web.ArrivedPath, "GET " + web.ProvePath, "GET /desk/afwezig"} // to another page, always
	elsewhere := status == http.StatusSeeOther && strings.HasPrefix(route, http.MethodGet) && !slices.Contains(leads, route)
	if route == "" || status >= http.StatusBadRequest || elsewhere {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.costs[route]
	if c.calls < before.calls {
		c.calls, c.operations = before.calls, before.operations
	}
	c.rounds = max(c.rounds, before.rounds)
	l.gone[route], l.costs[route] = true, c
}

// most is what a page costs at most, and what an act does that a worker sends.
func most(route string) cost {
	if dear, ok := dearer()[route]; ok {
		return dear
	}
	if strings.HasPrefix(route, http.MethodPost) {
		return cost{calls: 5, rounds: 4}
	}
	return cost{calls: 5, rounds: 3}
}

// dearer are the acts that cost more: they look at what the worker saw, at what it is sent with, and at who works here, one
// after the other. What they cost is written down so that it grows by nobody's oversight. To arrive from the provider is
// no page: it ends the session that the browser had, and begins one.
func dearer() map[string]cost {
	ofCase := map[string]cost{
		"teruggeven": {calls: 10, rounds: 9}, "apart": {calls: 10, rounds: 9}, "verhuisd": {calls: 12, rounds: 10}, // routed anew
		"overdragen": {calls: 10, rounds: 8}, "andere-regisseur": {calls: 10, rounds: 8}, "overzetten": {calls: 10, rounds: 7},
		"geprobeerd": {calls: 8, rounds: 6}, "gesprek": {calls: 7, rounds: 5}, "verslag": {calls: 7, rounds: 5},
		"plan": {calls: 7, rounds: 5}, "notitie": {calls: 7, rounds: 5}, "bezwaar": {calls: 7, rounds: 6},
		"naar-coordinator": {calls: 7, rounds: 6}, "andere-gevraagd": {calls: 6, rounds: 5}, "toch-weer": {calls: 7, rounds: 6},
		"geen-contact": {calls: 7, rounds: 6}, "plaatsen": {calls: 6, rounds: 5}, "losmaken": {calls: 6, rounds: 5},
		"meedenken": {calls: 6, rounds: 5}, "heropenen": {calls: 6, rounds: 5},
	}
	all := map[string]cost{
		"GET " + web.ArrivedPath: {calls: 5, rounds: 5}, "POST /desk/noodsleutel": {calls: 6, rounds: 5},
		"POST /desk/team/{worker}/doorgeven": {calls: 6, rounds: 4},
	}
	for act, c := range ofCase {
		all["POST /desk/casus/{reference}/"+act] = c
	}
	return all
}

// check holds every route that there is against what it costs at most. One that nobody went by is a fault, and so is
// what is written down as dear and is not that dear.
func (l *ledger) check(t *testing.T) {
	t.Helper()
	for _, route := range web.DeskRoutes() {
		c, most := l.costs[route], most(route)
		_, dear := dearer()[route]
		switch {
		case !l.gone[route]:
			t.Errorf("nobody went by %s and did what it is for", route)
		case c.calls > most.calls || c.rounds > most.rounds:
			t.Errorf("%s: %d calls in %d rounds, want at most %d in %d: %v", route, c.calls, c.rounds, most.calls, most.rounds, c.operations)
		case dear && c.calls < most.calls:
			t.Errorf("%s takes %d calls, and is written down with %d", route, c.calls, most.calls)
		}
	}
	for route := range dearer() {
		if !slices.Contains(web.DeskRoutes(), route) {
			t.Errorf("there is no %s", route)
		}
	}
}

// Budget: a page costs five calls to the store in three rounds, whatever happened before. Every route there is is gone by,
// without JavaScript, and does what it is for: so every act has a page or a button that offers it.
func TestEveryRouteOfTheDeskKeepsToItsBudget(t *testing.T) {
	l := newLedger()
	t.Cleanup(func() {
		if !t.Failed() {
			l.check(t)
		}
	})
	for name, story := range exampletest.Lives() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t, l.counts)
			c := o.Case(t, o.now, exampletest.Answers(form.Answers{
				"contact_way": {"call", "email"}, "phone": {"06 12345678"}, "goal": {"Rust in huis."},
			}))
			for _, s := range story {
				o.later(s.Later)
				c = o.takeStep(t, c, s)
			}
		})
	}
	for name, journey := range journeys() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journey(t, l.counts)
		})
	}
}

// journeys go by every route that no life of a case goes by.
func journeys() map[string]func(t *testing.T, counts func(*office)) {
	return map[string]func(t *testing.T, counts func(*office)){
		"a case before it has a lead": firstSteps, "two reports of a household": household, "to another system": toAnotherSystem,
		"for a resident": forAResident, "colleagues": amongColleagues, "suspected reports": suspicions, "a group of them": groupOfSuspicions,
		"on duty": onDuty, "an absence": anAbsence, "the emergency key": emergencyKey,
	}
}

func firstSteps(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	answers := exampletest.Answers(urgent())
	answers["contact_way"], answers["email"] = []string{"call"}, nil
	c := o.Case(t, o.now, answers)
	b := o.signedIn(t, c.Lead)
	b.get("/desk/casussen")
	b.get(caseURL(c) + "/formulier")
	b.get(caseURL(c) + "/blad")
	b.send(b.get(caseURL(c)+"/bevestiging"), "/bevestiging", "way", "call")
	duty := o.signedIn(t, c.Look.Line[0])
	duty.send(duty.get(caseURL(c)), "/gezien")
	b.send(b.get("/desk/"), "/uit")
	b.get("/desk/toegankelijkheid")
}

func household(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	c, _ := o.proposed(t, nil)
	b := o.signedIn(t, c.Lead)
	b.send(b.get(caseURL(c)), "/toevoegen")
	coordinator := o.signedIn(t, "willem")
	coordinator.send(coordinator.get(caseURL(c)+"/losmaken"), "/losmaken", "reason", "Het zijn twee huishoudens.")
	other, _ := o.proposed(t, nil)
	b = o.signedIn(t, other.Lead)
	b.send(b.get(caseURL(other)), "/apart")
}

func toAnotherSystem(t *testing.T, counts func(*office)) {
	o := openOfficeOf(t, exampletest.In(t, "duinrand"), counts)
	c := o.takeStep(t, o.spoken(t), handsOff("Hulp bij schulden is nodig."))
	o.signedIn(t, c.Lead).get(caseURL(c) + "/bestand")
	o.takeStep(t, c, exampletest.Step{Act: "overgezet", Fill: map[string]string{"there": "yes"}})
}

func forAResident(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	b := o.signedIn(t, "mees")
	for _, page := range []string{"/desk/invoer", "/desk/papier", "/desk/papier/kaart"} {
		b.get(page)
	}
	b.search("06 12345678")
	b.sendEntered(b.typedIn(onPaper()))
}

func amongColleagues(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, "willem")
	all := b.get("/desk/collegas")
	b.send(all, "/collegas", "wie", "fenna")
	b.get("/desk/collegas/fenna.vcf")
	b.get(all.card("De Schuldkade").Find("a[href$='.vcf']").AttrOr("href", ""))
	b.get("/desk/team")
	b.get("/desk/team/" + c.Lead)
	b.send(b.get("/desk/team/"+c.Lead+"/doorgeven"), "/doorgeven", "lead."+string(c.ID), "mees", "reason", "Dat past beter.")
}

func suspicions(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	person, program := o.suspected(t, crowded(), exampletest.Answers(nil)), o.suspected(t, bot(), exampletest.Answers(nil))
	b := o.signedIn(t, "ilse")
	b.get("/desk/nakijken")
	b.send(b.get("/desk/nakijken/"+string(person)), "/mens")
	b.send(b.get("/desk/nakijken/"+string(program)), "/geen-mens")
	b.get("/desk/nakijken/dicht")
}

func groupOfSuspicions(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	for range casework.SampleLeast {
		ref := o.suspected(t, bot(), exampletest.Answers(nil))
		do(t, func() error { return o.Store.Judge(t.Context(), ref, casework.Judgement{By: "ilse", At: o.now}) })
		o.later(time.Second)
	}
	for range casework.GroupLeast {
		o.suspected(t, bot(), exampletest.Answers(nil))
	}
	b := o.signedIn(t, "ilse")
	b.send(b.get("/desk/nakijken/groep/plain-trap-crowd-0f3a91c2d4e5f607"), "/sluiten")
	o.sweep(t)
	b.send(b.get(b.get("/desk/nakijken/dicht").Find("#samen + .vd-cards a").AttrOr("href", "")), "/terugzetten")
}

func onDuty(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	o.Case(t, o.now, exampletest.Answers(nil))
	for _, act := range []string{"/opnieuw", "/doorgegeven"} {
		o.later(casework.ArriveWithin)
		b := o.signedIn(t, "willem")
		b.send(b.get("/desk/dienst"), act)
	}
	o.stranger(t, "daan")
	b := o.signedIn(t, "daan")
	b.send(b.send(b.get("/desk/mijn-mail"), "/code"), "/mijn-mail", "code", o.digits(t, "daan"))
}

func anAbsence(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	b := o.signedIn(t, "fenna")
	b.send(b.get("/desk/afwezig"), "/afwezig/fenna", fromTo(0, 4, "daan")...)
	change := b.get(b.get("/desk/afwezig").link("Wijzigen maandag 23 november tot en met vrijdag 27 november"))
	b.send(change, "/2026-11-23", fromTo(0, 9, "emre")...)
	b.send(b.get("/desk/afwezig"), "/terug")
}

func emergencyKey(t *testing.T, counts func(*office)) {
	o := openOffice(t, counts)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, "emre")
	b.proves("emre")
	b.send(b.get(glassPage), glassPage, emergency(c.ID)...)
	officer := o.signedIn(t, "iris")
	officer.send(officer.get(oversight), "/noodsleutel-gezien")
	officer.send(officer.get(oversight), oversight+"/casus", "number", string(c.ID))
	officer.send(officer.get(oversight), oversight+"/medewerker", "worker", "emre")
	officer.get(oversight + "/register")
}
