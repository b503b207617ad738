package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// suspected sends a report that is put aside, and returns its number.
func (o *office) suspected(t *testing.T, begun form.Begun, answers form.Answers) casework.Reference {
	t.Helper()
	receipt, err := o.Intake.Submit(t.Context(), o.now, casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "nl", Answers: answers, Begun: begun,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Work.Take(t.Context(), o.now, receipt.Reference); err != nil {
		t.Fatal(err)
	}
	return receipt.Reference
}

// bot is how a program begins, person how somebody does in a full library.
func bot() form.Begun {
	return form.Begun{Network: "0f3a91c2d4e5f607", Count: 9_000, Trapped: true}
}

func crowded() form.Begun { return form.Begun{Network: "0f3a91c2d4e5f607", Count: 9_000} }

// listed are the numbers on a page, in its order.
func listed(a deskAnswer) (refs []string) {
	for _, link := range a.Find(".vd-card a").EachIter() {
		refs = append(refs, strings.TrimPrefix(link.AttrOr("href", ""), "/desk/nakijken/"))
	}
	return refs
}

// P7: the likeliest people come first, urgent ones on top; what looks alike is one card, however much it is.
//
// feature:P7
func TestPeopleStandAboveTheFlood(t *testing.T) { // threat:T31
	o := openOffice(t)
	for range casework.GroupLeast {
		o.suspected(t, bot(), exampletest.Answers(nil))
	}
	one := o.suspected(t, form.Begun{Trapped: true, Network: "aa", Count: 9_000}, exampletest.Answers(nil))
	o.later(time.Minute)
	second := o.suspected(t, crowded(), exampletest.Answers(nil))
	o.later(time.Minute)
	third := o.suspected(t, crowded(), exampletest.Answers(nil))
	o.later(time.Minute)
	first := o.suspected(t, crowded(), exampletest.Answers(unsafe()))
	a := o.signedIn(t, "ilse").get("/desk/nakijken")
	want := []string{string(first), string(second), string(third), string(one), "groep/plain-trap-crowd-0f3a91c2d4e5f607"}
	if diff := cmp.Diff(want, listed(a)); a.status != http.StatusOK || diff != "" {
		t.Errorf("%d, the list (-want +got):\n%s", a.status, diff)
	}
	if text := deskText(a.Find("main")); !strings.Contains(text, "20 berichten die op elkaar lijken") || strings.Contains(text, "Voorbeeld") {
		t.Errorf("the list says %s", text)
	}
	if said := deskText(a.Find(".vd-card").First()); !strings.Contains(said, "Dringend") || !strings.Contains(said, "vandaag, vóór 14.03 uur") {
		t.Errorf("the first card says %q", said)
	}
}

func TestASuspectedReportIsOpenedAfterTheAuditAndBecomesACase(t *testing.T) { // invariant:I9
	o := openOffice(t)
	ref := o.suspected(t, crowded(), exampletest.Answers(form.Answers{"story": {"Ik zit in de bieb."}, "areas": {"papers"}}))
	b := o.signedIn(t, "ilse")
	page := b.get("/desk/nakijken/" + string(ref))
	if said := o.store.log.take(); !slices.Equal(said, []string{"audit", "open contact", "open content"}) {
		t.Errorf("in this order: %v", said)
	}
	text := deskText(page.Find("main"))
	for _, want := range []string{"Mevrouw Voorbeeld", "Ik zit in de bieb.", "Dat kan ook de bieb zijn."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	if done := b.send(page, "/mens"); done.path != "/desk/nakijken?gedaan=mens" || !strings.Contains(deskText(done.Find("[role=status]")), "Goed dat je keek") {
		t.Errorf("%d %s", done.status, done.path)
	}
	if again := b.send(page, "/geen-mens"); again.status != http.StatusConflict {
		t.Errorf("a report that a person sent was closed: %d", again.status)
	}
	if err := o.Work.Take(t.Context(), o.business(), ref); err != nil {
		t.Fatal(err)
	}
	if c, err := o.Store.Case(t.Context(), ref); err != nil || c.Owner() == "" {
		t.Errorf("case %+v, %v", c, err)
	}
	if gone := b.get("/desk/nakijken/" + string(ref)); gone.status != http.StatusNotFound {
		t.Errorf("the page of a report that is a case: %d", gone.status)
	}
}

// Without the audit row nothing is opened.
func TestNoAuditNoSuspectedReport(t *testing.T) { // invariant:I9
	o := openOffice(t)
	ref := o.suspected(t, crowded(), exampletest.Answers(nil))
	b := o.signedIn(t, "ilse")
	o.store.failAudit = true
	if a := b.get("/desk/nakijken/" + string(ref)); a.status != http.StatusInternalServerError {
		t.Errorf("the page is shown: %d", a.status)
	}
	if said := o.store.log.take(); len(said) > 0 {
		t.Errorf("opened: %v", said)
	}
}

func TestNoPersonIsClosedAndUndone(t *testing.T) { // threat:T32
	o := openOffice(t)
	ref := o.suspected(t, bot(), exampletest.Answers(nil))
	b := o.signedIn(t, "ilse")
	b.send(b.get("/desk/nakijken/"+string(ref)), "/geen-mens")
	if a := b.get("/desk/nakijken"); len(listed(a)) > 0 {
		t.Errorf("still listed: %v", listed(a))
	}
	if a := b.get("/desk/nakijken/dicht"); !slices.Equal(listed(a), []string{string(ref)}) {
		t.Errorf("closed: %v", listed(a))
	}
	page := b.get("/desk/nakijken/" + string(ref))
	if page.Find("form[action$='/geen-mens']").Length() > 0 {
		t.Error("it can be closed twice")
	}
	b.send(page, "/mens")
	if err := o.Work.Take(t.Context(), o.business(), ref); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Store.Case(t.Context(), ref); err != nil {
		t.Errorf("no case was made of it: %v", err)
	}
	o.later(11 * 24 * time.Hour)
	other := o.suspected(t, bot(), exampletest.Answers(nil))
	b = o.signedIn(t, "willem")
	b.send(b.get("/desk/nakijken/"+string(other)), "/geen-mens")
	o.later(10 * 24 * time.Hour)
	if a := o.signedIn(t, "willem").get("/desk/nakijken/" + string(other)); a.status != http.StatusNotFound {
		t.Errorf("after ten days it is there: %d", a.status)
	}
}

// The button that closes a group comes after three looks, and one click closes all that waited.
func TestAGroupIsClosedAtTheDesk(t *testing.T) { // threat:T31
	o := openOffice(t)
	var group []casework.Reference
	for range casework.GroupLeast + casework.SampleLeast {
		group = append(group, o.suspected(t, bot(), exampletest.Answers(nil)))
	}
	b := o.signedIn(t, "ilse")
	page := b.get("/desk/nakijken/groep/plain-trap-crowd-0f3a91c2d4e5f607")
	if page.Find("main form").Length() > 0 || len(listed(page)) == 0 {
		t.Errorf("nobody looked, and the page offers %s", deskText(page.Find("main")))
	}
	for _, ref := range group[:casework.SampleLeast] {
		b.send(b.get("/desk/nakijken/"+string(ref)), "/geen-mens")
	}
	done := b.send(b.get("/desk/nakijken/groep/plain-trap-crowd-0f3a91c2d4e5f607"), "/sluiten")
	if done.path != "/desk/nakijken?gedaan=sluiten" {
		t.Fatalf("%d %s", done.status, done.path)
	}
	audited := o.store.audits[len(o.store.audits)-2] // the list follows
	if audited.Page != "POST /desk/nakijken/groep/{group}/sluiten" || audited.Worker != "ilse" {
		t.Errorf("the act is logged as %+v", audited)
	}
}

// What was closed at once is one card; one click puts all of it back, and a second one does nothing.
func TestAClosedGroupIsPutBackAtTheDesk(t *testing.T) { // threat:T32
	o := openOffice(t)
	for range casework.SampleLeast {
		ref := o.suspected(t, bot(), exampletest.Answers(nil))
		if err := o.Store.Judge(t.Context(), ref, casework.Judgement{By: "ilse", At: o.now}); err != nil {
			t.Fatal(err)
		}
		o.later(time.Second)
	}
	var group []casework.Reference
	for range 6 {
		group = append(group, o.suspected(t, bot(), exampletest.Answers(nil)))
	}
	b := o.signedIn(t, "ilse")
	b.send(b.get("/desk/nakijken/groep/plain-trap-crowd-0f3a91c2d4e5f607"), "/sluiten")
	o.sweep(t)
	closed := b.get("/desk/nakijken/dicht")
	address := closed.Find("#samen + .vd-cards a").AttrOr("href", "")
	if text := deskText(closed.Find("main")); !strings.Contains(text, "6 berichten, in één keer gesloten") || !strings.Contains(text, "Eén voor één gesloten") {
		t.Fatalf("the list says %s", text)
	}
	o.store.audits = nil
	page := b.get(address)
	if shown := listed(page); len(shown) != 5 || len(o.store.audits) != 1 || len(o.store.audits[0].Cases) != 5 {
		t.Errorf("%d reports are shown, audited as %+v", len(shown), o.store.audits)
	}
	done := b.send(page, "/terugzetten")
	if done.path != "/desk/nakijken?gedaan=terugzetten" || deskText(done.Find("[role=status]")) == "" {
		t.Errorf("%d %s", done.status, done.path)
	}
	if a := o.store.audits[1]; a.Page != "POST /desk/nakijken/dicht/{until}/{group}/terugzetten" || a.Worker != "ilse" {
		t.Errorf("the act is logged as %+v", a)
	}
	o.sweep(t)
	waiting := listed(b.get("/desk/nakijken"))
	for _, ref := range group {
		if !slices.Contains(waiting, string(ref)) {
			t.Errorf("%s does not wait: %v", ref, waiting)
		}
	}
	if again := b.send(page, "/terugzetten"); again.status != http.StatusConflict {
		t.Errorf("a second click is answered %d", again.status)
	}
	if gone := b.get(address); gone.status != http.StatusNotFound {
		t.Errorf("its page is still there: %d", gone.status)
	}
}

// sweep has dispatch do what is due.
func (o *office) sweep(t *testing.T) {
	t.Helper()
	d := dynamo.Dispatch{
		Store: o.Store, Take: o.Work.Take, Overdue: o.Work.Overdue, Waiting: o.Work.TellWaiting,
		Undelivered: o.Work.Undelivered, TakeOver: o.Work.TakeOver,
		Deliver: func(context.Context, time.Time, casework.Reference, string) error { return nil },
	}
	if err := d.Drain(t.Context(), o.business()); err != nil {
		t.Fatal(err)
	}
}
