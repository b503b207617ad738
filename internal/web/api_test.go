package web_test

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/form"
	"voordeur/internal/web"
)

const (
	addReport    = "POST /reports"
	getCase      = "GET /cases/{reference}"
	listHandOffs = "GET /handoffs"
	getHandOff   = "GET /handoffs/{reference}"
	confirm      = "PUT /handoffs/{reference}/confirmation"
	getDirectory = "GET /directory"
	getDocument  = "GET /openapi.json"
)

// brokenStore fails whatever it is asked.
type brokenStore struct{ web.APIStore }

var errBroken = errors.New("the store is broken")

func (brokenStore) Case(context.Context, casework.Reference) (casework.Case, error) {
	return casework.Case{}, errBroken
}

func (brokenStore) HandOffs(context.Context) ([]casework.HandOff, error) { return nil, errBroken }

func (brokenStore) HandOffFile(context.Context, casework.Reference) (casework.HandOff, error) {
	return casework.HandOff{}, errBroken
}

func (brokenStore) Confirm(context.Context, casework.Reference, string, time.Time) (casework.HandOff, error) {
	return casework.HandOff{}, errBroken
}

func (brokenStore) Organisations(context.Context) ([]directory.Organisation, error) {
	return nil, errBroken
}

// brokenRequests fails whatever it is asked.
type brokenRequests struct{ casework.Requests }

func (brokenRequests) Once(context.Context, string, string, time.Time) (casework.Once, error) {
	return casework.Once{}, errBroken
}

func broken(c *counter) {
	c.api.Store, c.api.Intake.Requests = brokenStore{}, brokenRequests{}
	c.api.Document = func() ([]byte, error) { return nil, errBroken }
}

// Every answer that the document promises is given, and no other.
func TestTheServiceAnswersAsTheDocumentSays(t *testing.T) { // O6
	known := casework.NewSecret().String()
	tests := map[string]struct {
		call
		want    int
		problem string // its kind
	}{
		"a report":                         {call{route: addReport, body: report(nil), key: known}, http.StatusCreated, ""},
		"a report whose key is known":      {call{route: addReport, body: report(map[string]any{"story": "anders"}), key: known}, http.StatusUnprocessableEntity, "repeated"},
		"no token":                         {call{route: addReport, body: report(nil), header: map[string]string{"Authorization": ""}}, http.StatusUnauthorized, "token"},
		"a browser on another site":        {call{route: addReport, body: report(nil), header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, http.StatusForbidden, "origin"},
		"no key":                           {call{route: addReport, body: report(nil), header: map[string]string{"Idempotency-Key": ""}}, http.StatusBadRequest, "key"},
		"a key with a space":               {call{route: addReport, body: report(nil), key: "a key"}, http.StatusBadRequest, "key"},
		"a key that is too long":           {call{route: addReport, body: report(nil), key: strings.Repeat("k", 256)}, http.StatusBadRequest, "key"},
		"no body":                          {call{route: addReport}, http.StatusBadRequest, "body"},
		"a list":                           {call{route: addReport, body: "[]"}, http.StatusBadRequest, "body"},
		"something behind the object":      {call{route: addReport, body: "{} {}"}, http.StatusBadRequest, "body"},
		"half an object":                   {call{route: addReport, body: `{"path":`}, http.StatusBadRequest, "body"},
		"a name twice":                     {call{route: addReport, body: `{"path":"form","path":"call_me"}`}, http.StatusBadRequest, "body"},
		"an answer twice":                  {call{route: addReport, body: `{"path":"form","language":"nl","answers":{"story":"a","story":"b"}}`}, http.StatusBadRequest, "body"},
		"no UTF-8":                         {call{route: addReport, body: "{\"path\":\"\xff\"}"}, http.StatusBadRequest, "body"},
		"a form":                           {call{route: addReport, body: "story=", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, http.StatusUnsupportedMediaType, "media"},
		"no content type":                  {call{route: addReport, body: report(nil), header: map[string]string{"Content-Type": ""}}, http.StatusUnsupportedMediaType, "media"},
		"another charset":                  {call{route: addReport, body: report(nil), header: map[string]string{"Content-Type": "application/json; charset=latin1"}}, http.StatusUnsupportedMediaType, "media"},
		"a charset that is ours":           {call{route: addReport, body: report(nil), header: map[string]string{"Content-Type": "application/json; charset=UTF-8"}}, http.StatusCreated, ""},
		"a body of 64 KiB and a byte":      {call{route: addReport, body: strings.Repeat(" ", 64<<10+1)}, http.StatusRequestEntityTooLarge, "size"},
		"answers that are not right":       {call{route: addReport, body: report(map[string]any{"phone": "0"})}, http.StatusUnprocessableEntity, "answers"},
		"another method":                   {call{route: addReport, method: http.MethodPut, body: report(nil)}, http.StatusMethodNotAllowed, "method"},
		"a preflight":                      {call{route: addReport, method: http.MethodOptions, header: map[string]string{"Origin": "https://elders.example"}}, http.StatusMethodNotAllowed, "method"},
		"a slash at the end":               {call{route: addReport, path: "/reports/", body: report(nil)}, http.StatusNotFound, "unknown"},
		"a case":                           {call{route: getCase, path: "/cases/{known}"}, http.StatusOK, ""},
		"a case, written otherwise":        {call{route: getCase, path: "/cases/{known otherwise}"}, http.StatusOK, ""},
		"a case without a token":           {call{route: getCase, path: "/cases/{known}", header: map[string]string{"Authorization": ""}}, http.StatusUnauthorized, "token"},
		"an unknown case":                  {call{route: getCase, path: "/cases/" + string(casework.NewSecret().Reference(0))}, http.StatusNotFound, "unknown"},
		"a number that is none":            {call{route: getCase, path: "/cases/AAA-AAA-AAA"}, http.StatusNotFound, "unknown"},
		"a case that is posted":            {call{route: getCase, path: "/cases/{known}", method: http.MethodPost}, http.StatusMethodNotAllowed, "method"},
		"the hand-offs":                    {call{route: listHandOffs}, http.StatusOK, ""},
		"the hand-offs without a token":    {call{route: listHandOffs, header: map[string]string{"Authorization": ""}}, http.StatusUnauthorized, "token"},
		"the hand-offs with a slash":       {call{route: listHandOffs, path: "/handoffs/"}, http.StatusNotFound, "unknown"},
		"the hand-offs, posted":            {call{route: listHandOffs, method: http.MethodPost}, http.StatusMethodNotAllowed, "method"},
		"a case that nobody handed off":    {call{route: getHandOff, path: "/handoffs/{known}"}, http.StatusNotFound, "unknown"},
		"a hand-off without a number":      {call{route: getHandOff, path: "/handoffs/AAA-AAA-AAA"}, http.StatusNotFound, "unknown"},
		"a hand-off without a token":       {call{route: getHandOff, path: "/handoffs/{known}", header: map[string]string{"Authorization": ""}}, http.StatusUnauthorized, "token"},
		"a hand-off that is put":           {call{route: getHandOff, path: "/handoffs/{known}", method: http.MethodPut}, http.StatusMethodNotAllowed, "method"},
		"a confirmation of nothing":        {call{route: confirm, path: "/handoffs/{known}/confirmation"}, http.StatusNotFound, "unknown"},
		"a confirmation without a number":  {call{route: confirm, path: "/handoffs/x/confirmation"}, http.StatusNotFound, "unknown"},
		"a confirmation without a token":   {call{route: confirm, path: "/handoffs/{known}/confirmation", header: map[string]string{"Authorization": ""}}, http.StatusUnauthorized, "token"},
		"a confirmation that is read":      {call{route: confirm, path: "/handoffs/{known}/confirmation", method: http.MethodGet}, http.StatusMethodNotAllowed, "method"},
		"the directory":                    {call{route: getDirectory, header: map[string]string{"Authorization": ""}}, http.StatusOK, ""},
		"the directory with a slash":       {call{route: getDirectory, path: "/directory/"}, http.StatusNotFound, "unknown"},
		"the directory, deleted":           {call{route: getDirectory, method: http.MethodDelete}, http.StatusMethodNotAllowed, "method"},
		"the document":                     {call{route: getDocument, header: map[string]string{"Authorization": ""}}, http.StatusOK, ""},
		"the document with a slash":        {call{route: getDocument, path: "/openapi.json/"}, http.StatusNotFound, "unknown"},
		"the document, deleted":            {call{route: getDocument, method: http.MethodDelete}, http.StatusMethodNotAllowed, "method"},
		"nothing at all, where the API is": {call{route: getDocument, path: "/"}, http.StatusNotFound, "unknown"},
	}
	c, down := openCounter(t), openCounter(t, broken)
	first := c.Case(t, c.now, exampletest.Answers(nil)).ID
	for _, name := range slices.SortedFunc(maps.Keys(tests), func(a, b string) int { return strings.Compare(a, b) }) {
		tt := tests[name]
		t.Run(name, func(t *testing.T) {
			c.t = t
			tt.path = strings.NewReplacer("{known}", string(first), "{known otherwise}", strings.ToLower(strings.ReplaceAll(string(first), "-", ""))).Replace(tt.path)
			a := c.send(tt.call)
			kind := "https://voordeur.example/problems/" + tt.problem
			if a.status != tt.want || (tt.problem != "" && a.body["type"] != kind) {
				t.Errorf("answered %d %s, want %d %s", a.status, a.text, tt.want, tt.problem)
			}
		})
	}
	c.t, down.t = t, t
	c.send(call{route: addReport, body: report(nil), header: map[string]string{"Authorization": "Bearer " + c.token("voordeur/cases:read")}})
	for _, route := range []string{getCase, listHandOffs, getHandOff, confirm} {
		path := strings.ReplaceAll(strings.Fields(route)[1], "{reference}", string(first))
		c.send(call{route: route, path: path, header: map[string]string{"Authorization": "Bearer " + c.token("voordeur/reports:write")}})
	}
	for _, route := range c.document.operations() {
		if a := down.send(call{route: route, path: strings.ReplaceAll(strings.Fields(route)[1], "{reference}", string(first)), body: report(nil)}); a.status != http.StatusInternalServerError {
			t.Errorf("%s over a broken store: %d", route, a.status)
		}
	}
	nowhere := openCounter(t, func(c *counter) { c.provider.down = true })
	for _, route := range []string{addReport, getCase, listHandOffs, getHandOff, confirm} {
		nowhere.send(call{route: route, path: strings.ReplaceAll(strings.Fields(route)[1], "{reference}", string(first)), body: report(nil)})
	}
	there := takenOver(t)
	for _, route := range c.document.operations() {
		responses, _ := c.document.at(append(operation(route), "responses")...)
		for status := range responses {
			if at := route + " " + status; !c.document.seen[at] && !down.document.seen[at] && !nowhere.document.seen[at] && !there.document.seen[at] {
				t.Errorf("%s is in the document and was never answered", at)
			}
		}
	}
}

func TestACaseIsFollowedFromReportToAccepted(t *testing.T) {
	c := openCounter(t)
	added := c.send(call{route: addReport, body: report(map[string]any{"areas": []string{"housing"}, "hard_date": "eviction"})})
	ref := casework.Reference(added.body["reference"].(string))
	at := added.header.Get("Location")
	if at != "/api/v1/cases/"+string(ref) || len(added.body) != 1 {
		t.Fatalf("answered %s with Location %q", added.text, at)
	}
	get := func() map[string]any {
		t.Helper()
		return c.send(call{route: getCase, path: strings.TrimPrefix(at, "/api/v1")}).body
	}
	want := map[string]any{
		"reference": string(ref), "state": "submitted", "lead": nil, "priority": nil, "deadline": nil, "step": nil, "rule": nil,
	}
	if diff := cmp.Diff(want, get()); diff != "" {
		t.Errorf("a report that is no case yet (-want +got):\n%s", diff)
	}
	if err := c.Work.Take(t.Context(), c.now, ref); err != nil {
		t.Fatal(err)
	}
	want = map[string]any{
		"reference": string(ref), "state": "assigned", "lead": map[string]any{"id": "aylin", "name": "Aylin Polder"}, "priority": "P2",
		"deadline": "2026-11-24T16:00:00Z", "step": 4.0, "rule": "r2",
	}
	if diff := cmp.Diff(want, get()); diff != "" {
		t.Errorf("a case that is offered (-want +got):\n%s", diff)
	}
	err := c.Work.Accept(t.Context(), casework.Click{
		At: c.now, Case: ref, By: casework.Reader{Worker: "aylin"}, Shown: 1, Command: "accept",
	})
	if err != nil {
		t.Fatal(err)
	}
	want["state"], want["deadline"] = "accepted", "2026-11-25T16:00:00Z"
	if diff := cmp.Diff(want, get()); diff != "" {
		t.Errorf("a case that is accepted (-want +got):\n%s", diff)
	}
}

func TestAnEscalatedCaseHasNoLeadAndNoRule(t *testing.T) {
	c := openCounter(t)
	ref := c.Case(t, c.now, exampletest.Answers(nil)).ID
	for version := 1; version < 20; version++ {
		now, err := c.Store.Case(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if now.State == casework.Escalated {
			break
		}
		err = c.Work.GiveBack(t.Context(), casework.Click{
			At: c.now, Case: ref, By: casework.Reader{Worker: now.Lead}, Shown: version, Command: now.Lead,
		}, "Ik heb geen tijd.", true)
		if err != nil {
			t.Fatal(err)
		}
	}
	got := c.send(call{route: getCase, path: "/cases/" + string(ref)}).body
	if got["state"] != "escalated" || got["lead"] != nil || got["rule"] != nil || got["step"] != 7.0 || got["deadline"] == nil {
		t.Errorf("got %v", got)
	}
}

// A number that is foreign, unknown or malformed is answered alike, to the byte.
func TestAnUnknownCaseTellsNothing(t *testing.T) { // threat:T03
	c := openCounter(t)
	want := c.send(call{route: getCase, path: "/cases/" + string(casework.NewSecret().Reference(0))})
	for _, path := range []string{"/cases/AAA-AAA-AAA", "/cases/x", "/cases/K7M%2F4RT", "/cases/%00"} {
		got := c.send(call{route: getCase, path: path})
		if got.status != want.status || got.text != want.text || !cmp.Equal(got.header, want.header) {
			t.Errorf("%s: %d %s, want %s", path, got.status, got.text, want.text)
		}
	}
}

// A smoke test is no case of the municipality's, and is answered like an unknown number.
func TestASmokeTestIsAnUnknownCase(t *testing.T) {
	c := openCounter(t)
	want := c.send(call{route: getCase, path: "/cases/" + string(casework.NewSecret().Reference(0))})
	name, err := c.Work.SmokeTestName(t.Context(), c.now)
	if err != nil {
		t.Fatal(err)
	}
	ref := c.Case(t, c.now, exampletest.Answers(form.Answers{"call_name": {name}})).ID
	if got := c.send(call{route: getCase, path: "/cases/" + string(ref)}); got.status != want.status || got.text != want.text {
		t.Errorf("%d %s, want %s", got.status, got.text, want.text)
	}
}

func TestTheDirectoryIsThatOfTheStore(t *testing.T) {
	c := openCounter(t)
	got := c.send(call{route: getDirectory}).body
	var names []string
	for _, one := range got["contents"].([]any) {
		names = append(names, one.(map[string]any)["name"].(string))
	}
	var want []string
	for _, o := range example.Organisations() {
		want = append(want, o.Name)
	}
	slices.Sort(names)
	slices.Sort(want)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// T17: neither logs nor answers repeat what was sent, whatever goes wrong.
//
// threat:T17
func TestNothingThatWasSentIsToldOrLogged(t *testing.T) { // invariant:I13
	for name, options := range map[string][]func(*counter){"all is well": nil, "the store is broken": {broken}} {
		t.Run(name, func(t *testing.T) {
			c := openCounter(t, options...)
			over := map[string]any{"call_name": "Kanarienaam", "story": "kanarieverhaal", "goal": "kanariedoel", "email": "kanarie@post.example"}
			worse := maps.Clone(over)
			maps.Copy(worse, map[string]any{"phone": "kanarie", "safe_now": "kanarie", "postcode": "kanarie", "areas": []string{"kanarie"}, "area_main": "kanarie", "birth_year": "kanarie"})
			var answers strings.Builder
			for _, body := range []any{report(over), report(worse), `{"path":"kanarie","language":"kanarie","answers":"kanarie"}`, `kanarie`} {
				answers.WriteString(c.send(call{route: addReport, body: body}).text)
				answers.WriteString(c.send(call{route: addReport, body: body, header: map[string]string{"Authorization": "Bearer kanarie"}}).text)
			}
			if said := strings.ToLower(answers.String() + c.log.String()); strings.Contains(said, "kanarie") {
				t.Errorf("told or logged: %s", said)
			}
			if c.log.Len() == 0 {
				t.Error("nothing was logged at all")
			}
		})
	}
}

// I13: what was sent stands in no row unsealed, and neither does the key it came under.
//
// invariant:I13
func TestWhatASystemSendsStandsInTheStoreSealed(t *testing.T) {
	c := openCounter(t)
	a := c.send(call{route: addReport, key: "kanariesleutel", body: report(map[string]any{"call_name": "Kanarienaam", "story": "kanarieverhaal"})})
	if a.status != http.StatusCreated {
		t.Fatalf("answered %d %s", a.status, a.text)
	}
	rows := (&office{Town: c.Town}).snapshot(t)
	seen := 0
	for key, row := range rows {
		if strings.Contains(strings.ToLower(key+row), "kanarie") || strings.Contains(row, hex.EncodeToString([]byte("anarie"))) {
			t.Errorf("%s: %s", key, row)
		}
		if strings.HasPrefix(key, "IDEMPOTENCY#local-api#") {
			seen++
			for attribute := range strings.SplitSeq("PK SK shape reference mac expires ttl", " ") {
				row = strings.Replace(row, `"`+attribute+`":`, "", 1)
			}
			if strings.Contains(row, `":"`) {
				t.Errorf("the request's row has more in it: %s", row)
			}
		}
	}
	if seen != 1 {
		t.Errorf("%d rows of requests", seen)
	}
}

func TestReadingChangesNothingInTheStore(t *testing.T) { // invariant:I11
	c := openCounter(t)
	ref := c.Case(t, c.now, exampletest.Answers(nil)).ID
	o := &office{Town: c.Town}
	before := o.snapshot(t)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, route := range []string{getCase, getDirectory, getDocument} {
			a := c.send(call{route: route, method: method, path: strings.ReplaceAll(strings.Fields(route)[1], "{reference}", string(ref))})
			if a.status != http.StatusOK {
				t.Errorf("%s %s: %d", method, route, a.status)
			}
		}
	}
	if diff := cmp.Diff(before, o.snapshot(t)); diff != "" {
		t.Errorf("reading changed:\n%s", diff)
	}
}
