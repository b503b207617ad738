package functions_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/oidc"
	"voordeur/infra/stack/rights"
	"voordeur/internal/bucket"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/web/texts"
	"voordeur/schemas"
)

// The whole way through the four functions as they ship, in the surroundings that their template gives them.
func TestTheWholeWayAsItIsDeployed(t *testing.T) {
	r := newRecorder(t)
	r.wholeWay()

	// Nothing is missing and nothing is unused.
	t.Run("each function does what it may and may what it does", func(t *testing.T) { // threat:T34 //threat:T16
		for function := range boots() {
			for _, fault := range compare(function, rights.Of(function), r.did[function]) {
				t.Error(fault)
			}
		}
	})

	// Not even encrypted: who cannot have it cannot lose it.
	t.Run("who only seals never receives a private half", func(t *testing.T) { // threat:T16 //threat:T34
		for function, receives := range map[string]bool{"frontdoor": false, "api": false, "desk": true, "dispatch": true} {
			if got := r.opened[function] > 0; got != receives {
				t.Errorf("%s receives private halves: %t, want %t", function, got, receives)
			}
		}
	})

	// The rights of a route that the way does not take would be nobody's.
	t.Run("every route is walked", func(t *testing.T) {
		for function, patterns := range routes() {
			for _, pattern := range patterns {
				if !slices.Contains(r.walked[function], pattern) {
					t.Errorf("%s: nobody walks %s, so that what it needs is not recorded", function, pattern)
				}
			}
		}
	})

	// A line in other words would leave its alarm silent for ever, or ringing.
	t.Run("every line that metrics are made of is said", func(t *testing.T) { // threat:T33
		metrics := r.deployment.metrics()
		for _, m := range metrics {
			if p := r.launched[m.function]; p == nil || !m.in(p.out.String()) {
				t.Errorf("metric %s is made of lines %q of %s with %s, and there is none", m.name, m.message, m.function, m.value)
			}
		}
		if len(metrics) == 0 {
			t.Error("the template makes no metric of lines")
		}
	})
}

// way is the whole way through four functions that are recorded: what residents, workers, the municipality's own
// systems and AWS itself can ask of them.
type way struct {
	*recorder
	door, dispatch *process
	host           gateway // of the workers and the systems
}

func (r *recorder) wholeWay() {
	r.t.Helper()
	door := r.launch("frontdoor", nil)
	w := way{r, door, r.launch("dispatch", publicHost(r.t, door)), gateway{desk: r.launch("desk", nil), api: r.launch("api", nil)}}
	ref := w.residents()
	w.judge(ref)
	w.tell(ref)
	w.systems()
	w.duty()
	w.address()
	w.minute()
	w.digest()
	w.loads()
	w.smokeTest()
	w.workers()
	w.lives()
	w.byHand()
	w.entered()
	w.lookedFor()
	w.emergency()
	w.destroyed()
	w.away()
	w.leaving()
	w.handOff()
}

// publicHost serves the residents' pages by HTTPS, and returns the variables by which a function finds and trusts them.
func publicHost(t *testing.T, door *process) map[string]string {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		response, page := door.serve(r)
		maps.Copy(w.Header(), response.MultiValueHeaders)
		w.Header().Del("Content-Encoding") // the page is unpacked
		w.WriteHeader(response.StatusCode)
		_, _ = io.WriteString(w, page)
	}))
	t.Cleanup(server.Close)
	certificate := filepath.Join(t.TempDir(), "certificate.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(certificate, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"PUBLIC_URL": server.URL, "SSL_CERT_FILE": certificate}
}

// residents walk every page: one leaves in a hurry, one changes the language, sends the form twice, and opens the own
// page by its link in another browser. Returns the report's number.
func (w way) residents() casework.Reference {
	w.t.Helper()
	hurried, r, elsewhere := &resident{t: w.t, door: w.door}, &resident{t: w.t, door: w.door}, &resident{t: w.t, door: w.door}
	hurried.do(http.MethodPost, "/begin", url.Values{"path": {"form"}})
	hurried.do(http.MethodGet, "/weg", nil)

	_, _, start := r.do(http.MethodGet, "/", nil)
	for _, path := range []string{
		"/privacy", "/toegankelijkheid", "/papier", "/papier/kaart", "/robots.txt", "/.well-known/security.txt", w.found(start, `"(/static/[^"]+)"`),
	} {
		r.do(http.MethodGet, path, nil)
	}
	r.fillIn()
	w.later(r, elsewhere)
	if status, _ := r.answer("/vraag/51", url.Values{"taal": {"en"}, "call_name": {"Kanarienaam"}}); status != http.StatusOK {
		w.t.Fatalf("another language: %d", status)
	}
	_, _, check := r.do(http.MethodGet, "/controle", nil)
	for range 2 {
		status, next, _ := r.do(http.MethodPost, "/controle", url.Values{"token": {w.found(check, tokenInput.String())}})
		if status != http.StatusSeeOther || next != "/ontvangen" {
			w.t.Fatalf("sent: %d to %q", status, next)
		}
	}
	_, _, receipt := r.do(http.MethodGet, "/ontvangen", nil)
	number := reference.FindString(receipt)
	elsewhere.cookie = nil
	_, at, _ := elsewhere.do(http.MethodGet, w.found(receipt, `"(/mijn/[^"]+)"`), nil)
	_, _, own := elsewhere.do(http.MethodGet, at, nil)
	if number == "" || !strings.Contains(own, number) {
		w.t.Fatalf("number %q is not on the own page", number)
	}
	return casework.Reference(number)
}

// later pauses the form, and goes on with its code in another browser.
func (w way) later(r, elsewhere *resident) {
	w.t.Helper()
	_, _, check := r.do(http.MethodGet, "/controle", nil)
	r.do(http.MethodPost, "/later/controle", url.Values{"token": {w.found(check, tokenInput.String())}})
	_, _, page := r.do(http.MethodGet, "/later", nil)
	elsewhere.do(http.MethodGet, "/verder", nil)
	elsewhere.do(http.MethodPost, "/verder", url.Values{"code": {w.found(page, `<bdi>(\S{4}-\S{4})</bdi>`)}})
	if _, at, _ := elsewhere.do(http.MethodGet, "/vraag", nil); at != "/controle" {
		w.t.Fatalf("the code leads to %q", at)
	}
}

// found is what a pattern finds first on a page.
func (w way) found(page, pattern string) string {
	w.t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if found == nil {
		w.t.Fatalf("no %s on the page", pattern)
	}
	return found[1]
}

// tell has the stream tell dispatch of a report and of the mails that follow, and SES of what became of them.
func (w way) tell(ref casework.Reference) casework.Case {
	w.t.Helper()
	report := "REPORT#" + string(ref)
	if failed := w.wake([]string{inserted(report, "REPORT")}, inserted(report, "CONTENT")); len(failed) > 0 {
		w.t.Fatalf("the report was not taken: %v\n%s", failed, w.dispatch.out)
	}
	d, err := w.Store.Dossier(w.t.Context(), ref)
	if err != nil {
		w.t.Fatal(err)
	}
	before := len(w.ses.all())
	var mails []string
	for _, m := range d.Messages {
		mails = append(mails, inserted("CASE#"+string(ref), "MESSAGE#"+m.ID))
	}
	if failed := w.wake(mails, inserted("CASE#"+string(ref), "EVENT#0001")); len(failed) > 0 || len(w.ses.all()) != before+len(mails) {
		w.t.Fatalf("%d mails were not sent: %v\n%s", len(mails), failed, w.dispatch.out)
	}
	sent := slices.Clone(w.ses.all()[before:])
	slices.SortStableFunc(sent, func(a, b sesMail) int { return cmp.Compare(residents(b), residents(a)) })
	w.became("delivery", sent[0])
	w.became("bounce", sent[len(sent)-1]) // a worker's, if there is one
	w.became("complaint", sent[len(sent)-1])
	return d.Case
}

// residents is 1 for a mail to a resident, 0 for any other.
func residents(m sesMail) int {
	return strings.Count(m.Destination.ToAddresses[0], "@post.example")
}

// became has SES tell dispatch what became of a mail.
func (w way) became(event string, sent sesMail) {
	w.t.Helper()
	if !w.deployment.tells(strings.ToUpper(event)) {
		w.t.Fatalf("SES is not asked to tell of a %s", event)
	}
	if _, err := w.dispatch.invoke(about(w.t, "ses-"+event, sent)); err != nil {
		w.t.Fatalf("%s: %v", event, err)
	}
}

// wake sends dispatch what the stream's filters let through of inserts, which must be those that are work and no other
// row. Returns which failed.
func (w way) wake(work []string, others ...string) (failed []string) {
	w.t.Helper()
	streamed := w.deployment.streamed(slices.Concat(work, others)...)
	if !slices.Equal(streamed, work) {
		w.t.Fatalf("the stream's filters let %d records through, want %d", len(streamed), len(work))
	}
	return wake(w.dispatch, streamed...)
}

// judge is what becomes of a report that was filled in too fast for a person: it waits until somebody says that it is
// one. Of others, which no person sent, three are closed one by one, and the rest at once.
func (w way) judge(ref casework.Reference) {
	w.t.Helper()
	suspected := []casework.Reference{ref}
	for range casework.SampleLeast + 3 {
		receipt, err := w.Intake.Submit(w.t.Context(), time.Now(), casework.NewSecret(), form.Draft{ //nolint:forbidigo // the functions' clock
			Path: form.Full, Language: "nl", Answers: exampletest.Answers(nil), Begun: form.Begun{Trapped: true},
		})
		if err != nil {
			w.t.Fatal(err)
		}
		suspected = append(suspected, receipt.Reference)
	}
	for _, ref := range suspected {
		if failed := w.wake([]string{inserted("REPORT#"+string(ref), "REPORT")}); len(failed) > 0 {
			w.t.Fatalf("the report was not put aside: %v\n%s", failed, w.dispatch.out)
		}
	}
	coordinator := w.host.signIn(w.t, "willem")
	coordinator.open("/desk/nakijken")
	coordinator.send("/desk/nakijken/"+string(ref), "mens", nil)
	for _, bot := range suspected[1 : casework.SampleLeast+2] {
		coordinator.send("/desk/nakijken/"+string(bot), "geen-mens", nil)
	}
	coordinator.open("/desk/nakijken/dicht")
	coordinator.send("/desk/nakijken/"+string(suspected[1]), "mens", nil)
	waiting, err := w.Store.Quarantined(w.t.Context())
	if err != nil || len(waiting) != 2 {
		w.t.Fatalf("%d reports wait, %v", len(waiting), err)
	}
	coordinator.send("/desk/nakijken/groep/"+waiting[0].Group(), "sluiten", nil)
	w.sweep(0)
	w.putBack(coordinator)
}

// putBack undoes the closing of a group.
func (w way) putBack(coordinator *worker) {
	w.t.Helper()
	address, ok := coordinator.open("/desk/nakijken/dicht").Find("#samen + .vd-cards a").Attr("href")
	if !ok {
		w.t.Fatal("nothing was closed at once")
	}
	coordinator.send(address, "terugzetten", nil)
	w.sweep(2)
}

// sweep is the schedule's minute, after which so many suspected reports wait.
func (w way) sweep(wait int) {
	w.t.Helper()
	if _, err := w.dispatch.invoke(w.deployment.scheduled("minute")); err != nil {
		w.t.Fatalf("the minute: %v\n%s", err, w.dispatch.out)
	}
	if waiting, err := w.Store.Quarantined(w.t.Context()); err != nil || len(waiting) != wait {
		w.t.Fatalf("%d reports wait, want %d; %v", len(waiting), wait, err)
	}
}

// systems bring in a report, the same request twice, and follow it until it is a case.
func (w way) systems() {
	w.t.Helper()
	system := clientcredentials.Config{
		ClientID: oidc.APIClient, ClientSecret: oidc.APIClient, TokenURL: w.provider.Issuer + "/token",
	}
	client := system.Client(context.WithValue(w.t.Context(), oauth2.HTTPClient, &http.Client{Transport: w.host}))
	ask := func(method, path string, body []byte) (answer struct{ Reference, State string }) {
		w.t.Helper()
		r, err := http.NewRequestWithContext(w.t.Context(), method, deskURL+"/api/v1/"+path, bytes.NewReader(body))
		if err != nil {
			w.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "0d3f1f0e-5c0f-4b57-9b3f-4f0c1d2e3a4b")
		response, err := client.Do(r)
		if err != nil {
			w.t.Fatal(err)
		}
		defer response.Body.Close()
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode >= http.StatusBadRequest {
			w.t.Fatalf("%s %s: %d, %v", method, path, response.StatusCode, err)
		}
		return answer
	}
	data, err := schemas.Schema("2026-11", "report")
	if err != nil {
		w.t.Fatal(err)
	}
	var schema struct{ Examples []json.RawMessage }
	if err := json.Unmarshal(data, &schema); err != nil {
		w.t.Fatal(err)
	}
	number := ask(http.MethodPost, "reports", schema.Examples[0]).Reference
	if again := ask(http.MethodPost, "reports", schema.Examples[0]).Reference; number == "" || again != number {
		w.t.Fatalf("the same request is answered with %q, first with %q", again, number)
	}
	states := []string{ask(http.MethodGet, "cases/"+number, nil).State}
	w.tell(casework.Reference(number))
	states = append(states, ask(http.MethodGet, "cases/"+number, nil).State)
	if strings.Join(states, " ") != "submitted assigned" {
		w.t.Fatalf("the case is %v", states)
	}
	ask(http.MethodGet, "directory", nil)
	ask(http.MethodGet, "openapi.json", nil)
}

// minute is the schedule's wake-up, with work of each kind: a report that nobody told of, a mail owed, an offer that
// nobody answered.
func (w way) minute() {
	w.t.Helper()
	w.submit(w.t)
	offered := w.Case(w.t, spring(), exampletest.Answers(nil))
	before := len(w.ses.all())
	if _, err := w.dispatch.invoke(w.deployment.scheduled("minute")); err != nil {
		w.t.Fatalf("the minute: %v\n%s", err, w.dispatch.out)
	}
	asked, err := texts.AskedForm(w.Municipality)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Store.Form(w.t.Context(), asked.Hash()); err != nil {
		w.t.Fatalf("the form is not kept: %v", err)
	}
	now := w.head(offered.ID)
	if now.Version == offered.Version || len(w.ses.all()) == before {
		w.t.Fatalf("the case is at version %d as before, and %d mails went out", now.Version, len(w.ses.all())-before)
	}
}

// duty is what whoever is on duty watches over: of two mails that came back, one is sent again and of the other they told
// the reader themselves.
func (w way) duty() {
	w.t.Helper()
	for range 2 {
		w.arrived(exampletest.Answers(nil))
	}
	coordinator := w.host.signIn(w.t, "willem")
	coordinator.send("/desk/dienst", "opnieuw", nil)
	coordinator.send("/desk/dienst", "doorgegeven", nil)
}

// address is somebody new, who is sent a code and fills it in.
func (w way) address() {
	w.t.Helper()
	w.workerIs("mees", "unconfirmed", &types.AttributeValueMemberS{Value: "mees@wijkteam.waterstad.example"})
	mees := w.host.signIn(w.t, "mees")
	mees.send("/desk/mijn-mail", "code", nil)
	out, err := w.Store.Client.Scan(w.t.Context(), &dynamodb.ScanInput{
		TableName: &w.Store.Cases, FilterExpression: new("begins_with(PK, :code)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":code": &types.AttributeValueMemberS{Value: "WORK#code-"}},
	})
	if err != nil || len(out.Items) != 1 {
		w.t.Fatalf("%d codes are to be mailed, %v", len(out.Items), err)
	}
	before := len(w.ses.all())
	if failed := w.wake([]string{inserted(out.Items[0]["PK"].(*types.AttributeValueMemberS).Value, "WORK")}); len(failed) > 0 {
		w.t.Fatalf("the code was not sent: %v\n%s", failed, w.dispatch.out)
	}
	sent := w.ses.all()[before:]
	if len(sent) != 1 {
		w.t.Fatalf("%d mails with a code", len(sent))
	}
	w.became("delivery", sent[0])
	digits := w.found(string(sent[0].Content.Raw.Data), `(?m)^Code: (\d{3} \d{3})`)
	mees.send("/desk/mijn-mail", "mijn-mail", url.Values{"code": {digits}})
	people, err := w.Store.People(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if now, _ := people.Worker("mees"); now.Unconfirmed {
		w.t.Error("the address is not confirmed")
	}
}

// workerIs changes an attribute of a worker's row.
func (w way) workerIs(worker, attribute string, set types.AttributeValue) {
	w.t.Helper()
	_, err := w.Store.Client.UpdateItem(w.t.Context(), &dynamodb.UpdateItemInput{
		TableName: &w.Store.Cases, UpdateExpression: new("SET #set = :set"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#" + worker},
		},
		ExpressionAttributeNames:  map[string]string{"#set": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":set": set},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// digest is what the minute kept of the day before, in the bucket that the template names.
func (w way) digest() {
	w.t.Helper()
	kept := bucket.Bucket{Client: s3.NewFromConfig(dynoxide.Config(w.s3URL)), Name: w.deployment.values["DigestBucket"]}
	days, err := kept.Days(w.t.Context())
	if err != nil || len(days) != 1 {
		w.t.Fatalf("digests of %v, %v\n%s", days, err, w.dispatch.out)
	}
	var d casework.Digest
	content, err := kept.Digest(w.t.Context(), days[0])
	if err := errors.Join(err, json.Unmarshal(content, &d)); err != nil || d.Day != days[0] || d.Municipality != w.Municipality.ID {
		w.t.Fatalf("the digest is %q, %v", content, err)
	}
}

// loads is a counter that nobody moved by an act, and what two runs do with it: the minute counted for the first time
// already.
func (w way) loads() {
	w.t.Helper()
	const partner = "joost" // who leads nothing
	w.workerIs(partner, "load", &types.AttributeValueMemberN{Value: "7"})
	for range 2 {
		w.countedAnHourAgo()
		if _, err := w.dispatch.invoke(w.deployment.scheduled("minute")); err != nil {
			w.t.Fatalf("the minute: %v\n%s", err, w.dispatch.out)
		}
	}
	people, err := w.Store.People(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if now, _ := people.Worker(partner); now.Load != 0 || !strings.Contains(w.dispatch.out.String(), `"corrected":1,"of":"joost"`) {
		w.t.Fatalf("the load is %d\n%s", now.Load, w.dispatch.out)
	}
}

// countedAnHourAgo has the next minute count the loads: the functions' clock is the real one.
func (w way) countedAnHourAgo() {
	w.t.Helper()
	counted, err := w.Store.Counted(w.t.Context())
	if err != nil || counted.Version == 0 || counted.After != "" {
		w.t.Fatalf("the minute did not count the loads: %+v, %v\n%s", counted, err, w.dispatch.out)
	}
	counted.Version++
	counted.At = counted.At.Add(-time.Hour)
	if err := w.Store.KeepCounted(w.t.Context(), counted); err != nil {
		w.t.Fatal(err)
	}
}

// smokeTest is dispatch's own report through the public form, up to the mail that SES says was delivered.
func (w way) smokeTest() {
	w.t.Helper()
	if _, err := w.dispatch.invoke(w.deployment.scheduled("smoke-test")); err != nil {
		w.t.Fatalf("the smoke test: %v\n%s", err, w.dispatch.out)
	}
	test, err := w.Store.SmokeTest(w.t.Context())
	if err != nil {
		w.t.Fatalf("%v\n%s", err, w.dispatch.out)
	}
	w.tell(test.Reference)
	if !strings.Contains(w.dispatch.out.String(), "smoke test passed") {
		w.t.Fatalf("the smoke test did not pass\n%s", w.dispatch.out)
	}
}

// workers are refused when they forge a sign-in; else they sign in, look around, and do every act there is.
func (w way) workers() {
	w.t.Helper()
	answers := exampletest.Answers(form.Answers{"basics": {"food"}}) // P1: somebody has to look first
	w.host.refused(w.t)
	running := w.arrived(answers)
	lead := w.host.signIn(w.t, running.Lead)
	lead.open("/desk/casussen")
	lead.open("/desk/toegankelijkheid")
	w.host.signIn(w.t, running.Look.Line[0]).act(running.ID, "gezien", nil)
	lead.act(running.ID, "aannemen", nil)

	answers["basics"] = nil
	added := w.arrived(maps.Clone(answers))
	lead.act(added.ID, "toevoegen", nil)
	coordinator := w.host.signIn(w.t, "willem")
	coordinator.act(added.ID, "losmaken", url.Values{"reason": {"Het is een ander huishouden."}})
	coordinator.act(added.ID, "plaatsen", url.Values{"reason": {"Er is ruimte."}, "lead": {"daan"}})
	lead.act(running.ID, "gesproken", nil)

	apart := w.arrived(maps.Clone(answers))
	w.host.signIn(w.t, apart.Lead).act(apart.ID, "apart", nil)

	earlier := w.askedEarlier()
	reader := w.host.signIn(w.t, earlier.Lead)
	reader.open("/desk/casus/" + string(earlier.ID) + "/formulier")
	reader.open("/desk/casus/" + string(earlier.ID) + "/blad")

	returned := w.arrived(exampletest.Answers(nil))
	w.host.signIn(w.t, returned.Lead).act(returned.ID, "teruggeven", url.Values{"reason": {"Ik ken deze mensen."}, "conflict": {"yes"}})
	for ref, want := range map[casework.Reference]casework.State{
		running.ID: casework.Accepted, added.ID: casework.Assigned, apart.ID: casework.Assigned, returned.ID: casework.Assigned,
	} {
		if got := w.head(ref); got.State != want || ref == returned.ID && got.Lead == returned.Lead {
			w.t.Errorf("case %s is %s with %s", ref, got.State, got.Lead)
		}
	}
	style, _ := lead.open("/desk/").Find("link[rel=stylesheet]").Attr("href")
	lead.open(style)
	lead.send("/desk/", "uit", nil)
}

// entered is a paper form that a worker types for a resident, and the sheets it was printed from.
func (w way) entered() {
	w.t.Helper()
	mees := w.host.signIn(w.t, "mees")
	for _, sheet := range []string{"/desk/papier", "/desk/papier/kaart", "/desk/invoer"} {
		mees.open(sheet)
	}
	check := mees.send("/desk/invoer/vragen?soort=paper", "vragen", url.Values{
		"call_name": {"Bo"}, "contact_way": {"1"}, "phone": {"06 87650000"}, "postcode": {"9991AB"}, "updates": {"1"},
	})
	if check.Find("form[action='/desk/invoer/controle']").Length() != 1 {
		w.t.Fatalf("the entry cannot be sent: %s", strings.Join(strings.Fields(check.Find("main").Text()), " "))
	}
	receipt := mees.send("/desk/invoer/controle", "controle", nil)
	ref := reference.FindString(receipt.Find("main dd strong").Text())
	if ref == "" {
		w.t.Fatalf("the entry has no number: %s", strings.Join(strings.Fields(receipt.Find("main").Text()), " "))
	}
	w.tell(casework.Reference(ref))
}

// lookedFor is a household that a worker looks for before entering, and a colleague.
func (w way) lookedFor() {
	w.t.Helper()
	answers := exampletest.Answers(nil)
	w.arrived(answers)
	mees := w.host.signIn(w.t, "mees")
	found := mees.send("/desk/zoeken", "zoeken", url.Values{"wat": {answers.One("phone")}})
	if said := found.Find("[role=status]").Text(); !strings.Contains(said, "Er loopt misschien al iets") {
		w.t.Fatalf("a search says %q", said)
	}
	cards := mees.send("/desk/collegas", "collegas", url.Values{"wie": {"schuld"}})
	for _, file := range cards.Find("a[href$='.vcf']").EachIter() {
		mees.open(file.AttrOr("href", ""))
	}
}

// emergency is a case that a worker opens without a part in it, and what a privacy officer sees of that.
func (w way) emergency() {
	w.t.Helper()
	c := w.arrived(exampletest.Answers(nil))
	emre := w.host.signIn(w.t, "emre")
	emre.open("/desk/noodsleutel/aanmelden")
	opened := emre.send("/desk/noodsleutel", "noodsleutel", url.Values{
		"number": {string(c.ID)}, "reason": {"De bewoner staat aan de balie en is in de war."}, "basis": {"task"},
	})
	if number := opened.Find("main .vd-step bdi").First().Text(); number != string(c.ID) {
		w.t.Fatalf("the key opens %q", number)
	}
	iris := w.host.signIn(w.t, "iris")
	iris.send("/desk/toezicht", "noodsleutel-gezien", nil)
	readers := iris.send("/desk/toezicht", "casus", url.Values{"number": {string(c.ID)}})
	if said := readers.Find("main").Text(); !strings.Contains(said, "Emre Ankerman") {
		w.t.Fatalf("who read the case: %q", said)
	}
	iris.send("/desk/toezicht", "medewerker", url.Values{"worker": {"emre"}})
}

// destroyed is a case that was withdrawn in spring and read through the glass: the minute finds that its term is over.
func (w way) destroyed() {
	w.t.Helper()
	ctx, then := w.t.Context(), spring()
	c := w.Case(w.t, then, exampletest.Answers(nil))
	read := casework.Audit{At: then, Worker: "emre", Page: "GET /desk/casus/{reference}", Cases: []casework.Reference{c.ID}}
	click := casework.Click{At: then, Case: c.ID, By: casework.Reader{Worker: "emre"}, Shown: c.Version, Command: "break the glass"}
	emergency := casework.Emergency{Reason: "De bewoner staat aan de balie en is in de war.", Basis: casework.OnTask}
	withdraw := casework.Click{At: then, Case: c.ID, By: casework.Reader{Worker: c.Lead}, Shown: c.Version + 1, Command: "withdraw"}
	for _, err := range []error{
		w.Store.AuditReading(ctx, read, casework.BehindGlass), w.Work.BreakGlass(ctx, click, emergency),
		w.Work.Withdraw(ctx, withdraw, "Het hoeft niet meer."),
	} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	d, err := w.Store.Dossier(ctx, c.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range d.Messages {
		m, err := w.Store.Claim(ctx, c.ID, m.ID, then)
		m.Status = casework.Obsolete
		if err := errors.Join(err, w.Store.Settle(ctx, m)); err != nil {
			w.t.Fatal(err)
		}
	}
	if _, err := w.dispatch.invoke(w.deployment.scheduled("minute")); err != nil {
		w.t.Fatalf("the minute: %v\n%s", err, w.dispatch.out)
	}
	if _, err := w.Store.Case(ctx, c.ID); !errors.Is(err, casework.ErrNotFound) {
		w.t.Fatalf("a case whose term is over is still there: %v\n%s", err, w.dispatch.out)
	}
	if said := w.host.signIn(w.t, "iris").open("/desk/toezicht/register").Find("main").Text(); !strings.Contains(said, string(c.ID)) {
		w.t.Errorf("the register says %q", said)
	}
}

// byHand gives two residents the receipt: one has no e-mail, and the mail to the other came back.
func (w way) byHand() {
	w.t.Helper()
	without, before := w.arrived(exampletest.Answers(form.Answers{"contact_way": {"call"}})), len(w.ses.all())
	mailed := w.arrived(exampletest.Answers(nil))
	sent := w.ses.all()[before:]
	w.became("bounce", sent[slices.IndexFunc(sent, func(m sesMail) bool { return residents(m) > 0 })])
	for _, c := range []casework.Case{without, w.head(mailed.ID)} {
		if _, due := c.Deadline(casework.DueReceipt); !due {
			w.t.Errorf("nobody has to tell the resident of case %s", c.ID)
		}
		w.host.signIn(w.t, c.Lead).act(c.ID, "bevestiging", url.Values{"way": {"call"}})
		told := w.head(c.ID)
		if _, due := told.Deadline(casework.DueReceipt); due {
			w.t.Error("the resident was told, and is due to be")
		}
	}
}

// away is a lead who is away, with a stand-in; later a coordinator hands the lead's cases on.
func (w way) away() {
	w.t.Helper()
	led := w.arrived(exampletest.Answers(nil))
	lead := w.host.signIn(w.t, led.Lead)
	lead.act(led.ID, "aannemen", nil)
	lead.open("/desk/team")
	lead.open("/desk/team/" + led.Lead)
	today := municipality.Local(time.Now()) //nolint:forbidigo // the functions' clock is the real one
	days := url.Values{"stand_in": {"mees"}}
	for field, day := range map[string]time.Time{"from": today, "to": today.AddDate(0, 0, 9)} {
		days.Set(field+".day", day.Format("2"))
		days.Set(field+".month", day.Format("1"))
		days.Set(field+".year", day.Format("2006"))
	}
	own := "/desk/afwezig/" + led.Lead
	lead.open("/desk/afwezig")
	lead.send(own, led.Lead, days)
	from := today.Format(time.DateOnly)
	days.Set("stand_in", "willem")
	lead.send(own+"/"+from, from, days)

	coordinator, on := w.host.signIn(w.t, "willem"), "/desk/team/"+led.Lead+"/doorgeven"
	coordinator.send(on, "doorgeven", url.Values{
		"lead." + string(led.ID): {"mees"}, "way." + string(led.ID): {"call"}, "reason": {"Het duurt langer dan gedacht."},
	})
	if failed := w.wake([]string{inserted("WORK#list-"+led.Lead, "WORK")}); len(failed) > 0 {
		w.t.Fatalf("the act on a list fails: %v\n%s", failed, w.dispatch.out)
	}
	coordinator.open("/desk/team/" + led.Lead + "/doorgegeven")
	if now := w.head(led.ID); now.Lead != "mees" || now.State != casework.Accepted {
		w.t.Errorf("the case that was handed on is %s with %s", now.State, now.Owner())
	}
	w.tells(led.ID)
	d, err := w.Store.Dossier(w.t.Context(), led.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if !slices.ContainsFunc(d.Messages, func(m casework.Message) bool { return m.To == led.Lead && m.StandIn == "willem" }) {
		w.t.Errorf("no mail to %s went to the stand-in", led.Lead)
	}
	lead.send(own, "terug", nil)
}

// leaving is a worker's last day: the minute finds it, and so does the stream.
func (w way) leaving() {
	w.t.Helper()
	offered := w.arrived(exampletest.Answers(nil))
	w.workerIs(offered.Lead, "active", &types.AttributeValueMemberBOOL{Value: false})
	if _, err := w.dispatch.invoke(w.deployment.scheduled("minute")); err != nil {
		w.t.Fatalf("the minute: %v\n%s", err, w.dispatch.out)
	}
	if failed := w.wake([]string{inserted("WORK#list-"+offered.Lead, "WORK")}); len(failed) > 0 {
		w.t.Fatalf("the act on a list fails: %v\n%s", failed, w.dispatch.out)
	}
	if now := w.head(offered.ID); now.State != casework.Escalated {
		w.t.Errorf("the case of who left is %s with %s", now.State, now.Owner())
	}
}

// arrived is a case that dispatch made of a report just now.
func (w way) arrived(answers form.Answers) casework.Case {
	w.t.Helper()
	return w.tell(w.Submit(w.t, time.Now(), answers).Reference) //nolint:forbidigo // the functions' clock is the real one
}

// askedEarlier is a case of a report that was answered on the form of an earlier release.
func (w way) askedEarlier() casework.Case {
	w.t.Helper()
	asked := form.Asked{Definition: form.Core()}
	if err := w.Store.KeepForm(w.t.Context(), asked); err != nil {
		w.t.Fatal(err)
	}
	receipt, err := w.Intake.Submit(w.t.Context(), time.Now(), casework.NewSecret(), form.Draft{ //nolint:forbidigo // see arrived
		Path: form.Full, Language: "nl", Answers: exampletest.Answers(nil), Asked: asked.Hash(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.tell(receipt.Reference)
}

func (w way) head(ref casework.Reference) casework.Case {
	w.t.Helper()
	c, err := w.Store.Case(w.t.Context(), ref)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}
