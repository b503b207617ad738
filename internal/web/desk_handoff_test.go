package web_test

import (
	"bytes"
	"encoding/json"
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
	"voordeur/internal/form"
	"voordeur/internal/seal"
	"voordeur/schemas/check"
)

// spoken is a case of Duinrand of which all that can be handed off is there, and two things that stay with the lead.
func (o *office) spoken(t *testing.T) casework.Case {
	t.Helper()
	c := o.InInquiry(t, o.now, exampletest.Answers(form.Answers{
		"postcode": {"9980 AB"}, "story": {"De huur\nis drie maanden te laat."}, "helpers": {"named"}, "helpers.1.name": {"Oma Tine"},
		"own_club": {"Zeilclub De Kanarie"},
	}))
	for _, act := range []func(casework.Click) error{
		func(k casework.Click) error {
			return o.Work.Meet(t.Context(), k, casework.MeetingReport{
				Came: []string{"Oma Tine"}, Alone: true, AloneNote: "Alleen-voor-de-regisseur-1",
				Agreements: []casework.Agreement{{Who: "Oma Tine", What: "belt de verhuurder", When: "vrijdag"}},
			}, time.Time{})
		},
		func(k casework.Click) error {
			return o.Work.Note(t.Context(), k, "Ze slaapt weer.", casework.Note{For: casework.ForTeam})
		},
		func(k casework.Click) error {
			return o.Work.Note(t.Context(), k, "Alleen-voor-de-regisseur-2", casework.Note{For: casework.ForLead})
		},
		func(k casework.Click) error {
			return o.Work.WritePlan(t.Context(), k, casework.Plan{Goals: []string{"Rust in huis."}, LeadUntil: "2027-03-01"})
		},
		func(k casework.Click) error { return o.Work.Conclude(t.Context(), k) },
	} {
		c = o.head(t, c.ID)
		if err := act(o.click(c, c.Lead)); err != nil {
			t.Fatal(err)
		}
	}
	return o.head(t, c.ID)
}

// handsOff is the step of a lead who hands a case off, with what came of the inquiry.
func handsOff(outcome string) exampletest.Step {
	return exampletest.Step{Act: "overzetten", Fill: map[string]string{"reason": outcome, "way": "call"}, To: casework.Closed}
}

// O3, O7: a lead hands a case off from its page; until somebody confirms it, the page and today say what is owed, by whom
// and before when. Nothing else ends it.
func TestALeadHandsACaseOffAndConfirmsIt(t *testing.T) {
	o := openOfficeOf(t, exampletest.In(t, "duinrand"))
	c := o.spoken(t)
	b := o.signedIn(t, c.Lead)
	page := b.get(caseURL(c))
	if n := page.Find("a[href$='/start'], form[action$='/start']").Length(); n > 0 {
		t.Error("help is offered to begin here")
	}
	if len(page.Find("a[href$='/bestand']").Nodes) > 0 {
		t.Error("a file is offered before the case is handed off")
	}
	c = o.takeStep(t, c, handsOff("Hulp bij schulden is nodig."))
	said := deskText(b.get(caseURL(c)).Find("main"))
	people, err := o.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	owed := "De gemeente gaat verder met deze bewoner. Dat is nog niet bevestigd. " + people.Cards[c.Lead].Name + " zorgt daarvoor: maandag 30 november"
	for _, want := range []string{owed, "zet de casus over: maandag 30 november, vóór 16.30 uur", "Download het bestand", "Heropenen kan tot en met"} {
		if !strings.Contains(said, want) {
			t.Errorf("the case does not say %q: %s", want, said)
		}
	}
	if today := deskText(b.get("/desk/").Find("#hand_off, main")); !strings.Contains(today, "Overzetten en bevestigen: maandag 30 november, vóór 16.30 uur") {
		t.Errorf("today does not say that it is owed: %s", today)
	}
	a := b.send(b.get(caseURL(c)+"/overgezet"), "/overgezet")
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Kijk eerst in het andere systeem.") {
		t.Errorf("confirmed without looking: %d", a.status)
	}
	c = o.takeStep(t, c, exampletest.Step{Act: "overgezet", Fill: map[string]string{"there": "yes"}})
	if c.Confirmed.IsZero() {
		t.Error("it is not confirmed")
	}
	page = b.get(caseURL(c))
	if said := deskText(page.Find("main")); !strings.Contains(said, "Overgenomen op 23 november 2026. Heropenen kan hier niet meer.") {
		t.Errorf("a case that is elsewhere says %s", said)
	}
	if n := page.Find("[href$='/heropenen'], [href$='/bestand'], [href$='/overgezet']").Length(); n > 0 {
		t.Errorf("%d acts are offered on a case that is elsewhere", n)
	}
	if today := b.get("/desk/"); strings.Contains(today.body, string(c.ID)) {
		t.Error("today still has it")
	}
}

// Who named nobody said so beside the rows for names: the file asks it as the page did.
func TestAFileAsksWhoCanHelpAlsoOfWhoHasNobody(t *testing.T) {
	o := openOfficeOf(t, exampletest.In(t, "duinrand"))
	c := o.InInquiry(t, o.now, exampletest.Answers(form.Answers{"postcode": {"9980 AB"}, "helpers": {"none"}}))
	c = o.takeStep(t, c, handsOff("Hulp is nodig."))
	file := o.signedIn(t, c.Lead).get(caseURL(c) + "/bestand").body
	if want := "Wie zou u bij deze problemen kunnen helpen? Ik heb niemand\n"; !strings.Contains(file, want) {
		t.Errorf("the file does not say %q: %s", want, file)
	}
}

// What the municipality's own system gets is the case, in the form that the schema promises, and without what is the
// lead's alone.
func TestWhatIsHandedOffIsTheCase(t *testing.T) {
	o := openOfficeOf(t, exampletest.In(t, "duinrand"))
	c := o.spoken(t)
	o.takeStep(t, c, handsOff("Hulp bij schulden is nodig."))
	h, err := o.Store.HandOffFile(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	key, err := example.CaseSystemKey()
	if err != nil {
		t.Fatal(err)
	}
	document, err := seal.Open(key, "duinrand", casework.ForCaseSystem, c.ID, h.File)
	if err != nil {
		t.Fatal(err)
	}
	if faults, err := check.Document("handoff", document); err != nil || len(faults) > 0 {
		t.Errorf("it is not what the schema says: %v %v\n%s", faults, err, document)
	}
	for _, never := range []string{"Alleen-voor-de-regisseur", "link_token", string(mustJSON(t, o.linkToken(t, c.ID)))} {
		if bytes.Contains(document, []byte(never)) {
			t.Errorf("it holds %s", never)
		}
	}
	var got struct {
		Reference, Outcome, Told string
		Lead                     struct{ ID, Name string }
		Contact                  struct{ Postcode string }
		Reports                  []struct {
			Answers   map[string][]string
			Questions []struct {
				Question string
				Answer   []string
			}
		}
		Plan  casework.Plan
		Notes []struct{ Text string }
	}
	if err := json.Unmarshal(document, &got); err != nil {
		t.Fatal(err)
	}
	if got.Reference != string(c.ID) || got.Outcome != "Hulp bij schulden is nodig." || got.Told != "call" || got.Lead.ID != c.Lead || got.Contact.Postcode != "9980 AB" {
		t.Errorf("it says %+v", got)
	}
	if got.Reports[0].Answers["helpers.1.name"][0] != "Oma Tine" || !slices.ContainsFunc(got.Reports[0].Questions, func(q struct {
		Question string
		Answer   []string
	},
	) bool {
		return q.Question == "Bij welke vereniging of kerk hoort u?" && slices.Equal(q.Answer, []string{"Zeilclub De Kanarie"})
	}) {
		t.Errorf("the answers are %+v", got.Reports[0])
	}
	if diff := cmp.Diff([]struct{ Text string }{{"Ze slaapt weer."}}, got.Notes); diff != "" || got.Plan.Goals[0] != "Rust in huis." {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func (o *office) linkToken(t *testing.T, ref casework.Reference) string {
	t.Helper()
	contact, err := o.Work.Contact(t.Context(), ref)
	if err != nil || contact.LinkToken == "" {
		t.Fatalf("no link, %v", err)
	}
	return contact.LinkToken
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// I9, I11: who brings the case to the other system downloads it as text: audited before anything is opened, and nothing
// else changes. To nobody else it is there, nor before or after it is owed.
//
// invariant:I9
// invariant:I11
func TestAWorkerDownloadsWhatIsHandedOff(t *testing.T) {
	o := openOfficeOf(t, exampletest.In(t, "duinrand"))
	c := o.spoken(t)
	file := caseURL(c) + "/bestand"
	b := o.signedIn(t, c.Lead)
	if a := b.get(file); a.path != caseURL(c) {
		t.Errorf("before it is handed off the file leads to %s", a.path)
	}
	o.takeStep(t, c, handsOff("Hulp bij schulden is nodig."))
	before := o.snapshot(t)
	o.store.log.take()
	a := b.get(file)
	if log := o.store.log.take(); len(log) == 0 || log[0] != "audit" {
		t.Errorf("what happened is %v, want the audit first", log)
	}
	if last := o.store.audits[len(o.store.audits)-1]; last.Page != "GET /desk/casus/{reference}/bestand" || last.Worker != c.Lead || !slices.Equal(last.Cases, []casework.Reference{c.ID}) {
		t.Errorf("the audit row is %+v", last)
	}
	if diff := cmp.Diff(before, o.snapshot(t)); diff != "" {
		t.Errorf("a download changed:\n%s", diff)
	}
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "text/plain; charset=utf-8" || a.header.Get("Content-Disposition") != "attachment; filename=casus-"+string(c.ID)+".txt" {
		t.Errorf("%d %v", a.status, a.header)
	}
	for _, want := range []string{
		"Casus " + string(c.ID), "Uitkomst van het onderzoek: Hulp bij schulden is nodig.", "De huur\n  is drie maanden te laat.", "Oma Tine: belt de verhuurder, vrijdag",
		"Rust in huis.", "Ze slaapt weer.", "9980 AB", "Overgezet naar de gemeente.",
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the file does not hold %q:\n%s", want, a.body)
		}
	}
	if strings.Contains(a.body, "Alleen-voor-de-regisseur") {
		t.Error("the file holds what is the lead's alone")
	}
	if a := o.signedIn(t, "nadia").get(file); a.status != http.StatusNotFound {
		t.Errorf("a colleague gets %d", a.status)
	}
	o.store.failAudit = true
	if a := b.get(file); a.status != http.StatusInternalServerError || strings.Contains(a.body, "Rust in huis") {
		t.Errorf("without an audit row: %d", a.status)
	}
	o.store.failAudit = false
	if _, err := o.Store.Confirm(t.Context(), c.ID, "zaaksysteem", o.now); err != nil {
		t.Fatal(err)
	}
	if err := o.Work.Confirmed(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	if a := b.get(file); a.path != caseURL(c) || !strings.Contains(a.body, "Het zaaksysteem") {
		t.Errorf("once the system has it the file leads to %s", a.path)
	}
}

// T01: whoever reads the file sees what is safe beside each way to reach the resident, and what is not.
//
// threat:T01
func TestAFileSaysWhatIsSafe(t *testing.T) {
	o := openOfficeOf(t, exampletest.In(t, "duinrand"))
	c := o.InInquiry(t, o.now, exampletest.Answers(form.Answers{
		"postcode": {"9980 AB"}, "phone": {"06 12345678"}, "email": {"sam@post.example"},
		"hide_from": {"yes"}, "safe_contact": {"call"}, "safe_contact.when": {"na de school"},
	}))
	if err := o.Work.Told(t.Context(), o.click(c, c.Lead), casework.ByCall); err != nil {
		t.Fatal(err)
	}
	c = o.takeStep(t, o.head(t, c.ID), handsOff("Klaar."))
	a := o.signedIn(t, c.Lead).get(caseURL(c) + "/bestand")
	for _, want := range []string{
		"LET OP: gebruik alleen wat veilig is.", "Bellen: 06 12345678, Veilig\n", "E-mail: sam@post.example, Niet gebruiken\n", "Wanneer het veilig is: na de school\n",
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the file does not say %q:\n%s", want, a.body)
		}
	}
}

// Budget: a file costs what a case's page costs.
func TestAFileKeepsToTheBudgetOfStoreCalls(t *testing.T) {
	counter := &callCounter{next: http.DefaultTransport}
	o := openOfficeOf(t, exampletest.In(t, "duinrand"), through(counter))
	c := o.HandedOff(t, o.now, "{}")
	b := o.signedIn(t, c.Lead)
	counter.take()
	if a := b.get(caseURL(c) + "/bestand"); a.header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	if calls, rounds := counter.take(); len(calls) > 5 || rounds > 3 {
		t.Errorf("%d calls in %d rounds, want 5 in 3: %v", len(calls), rounds, calls)
	}
}

// What was added to a case goes with it, and is audited.
//
// invariant:I9
func TestAnAdditionIsHandedOffWithItsCase(t *testing.T) {
	o := openOfficeOf(t, exampletest.In(t, "duinrand"))
	answers := exampletest.Answers(form.Answers{"postcode": {"9980 AB"}})
	c := o.InInquiry(t, o.now, answers)
	second := form.Answers{"story": {"Nu is ook de stroom weg."}}
	maps.Copy(second, answers)
	added := o.Case(t, o.now, second)
	if err := o.Work.Merge(t.Context(), o.click(added, added.Lead)); err != nil {
		t.Fatal(err)
	}
	c = o.head(t, c.ID)
	c = o.takeStep(t, c, handsOff("Klaar."))
	audited := func() bool {
		return slices.ContainsFunc(o.store.audits, func(a casework.Audit) bool {
			return strings.HasSuffix(a.Page, "/overzetten") && slices.Equal(a.Cases, []casework.Reference{added.ID})
		})
	}
	if !audited() {
		t.Error("nobody wrote down that the addition was opened")
	}
	if a := o.signedIn(t, c.Lead).get(caseURL(c) + "/bestand"); !strings.Contains(a.body, "Nu is ook de stroom weg.") || !strings.Contains(a.body, "MELDING "+string(added.ID)) {
		t.Errorf("the file does not hold the addition:\n%s", a.body)
	}
}

// Where casework goes on until a case is closed, nothing of this is offered.
func TestNothingIsHandedOffWhereCaseworkGoesOnHere(t *testing.T) {
	o := openOffice(t)
	c := o.InInquiry(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	if n := b.get(caseURL(c)).Find("[href$='/overzetten'], [action$='/overzetten']").Length(); n > 0 {
		t.Error("the case's page offers to hand it off")
	}
	if a := b.get(caseURL(c) + "/overzetten"); a.path != caseURL(c) {
		t.Errorf("the act's page is there: %s", a.path)
	}
	if a := b.get(caseURL(c) + "/afsluiten"); a.Find("input[value='handed_off']").Length() > 0 || a.Find("input[value='advice']").Length() == 0 {
		t.Error("closing offers the wrong outcomes")
	}
	if got := b.answered("POST /desk/casus/{reference}/overzetten", c, c.Version); got != "409" {
		t.Errorf("sent nevertheless it is answered %s", got)
	}
}
