package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/routing"
)

// leads gives a worker so many cases: the first one offered, the second accepted, the third in a handover, and so on.
func leads(t *testing.T, town *exampletest.Town, worker string, n int) []casework.Reference {
	t.Helper()
	var refs []casework.Reference
	for i := range n {
		c := town.Case(t, monday(), exampletest.Answers(nil))
		k := click(monday(), c.ID, "willem", 1, "hand back")
		must(t, town.Work.HandBack(t.Context(), k, "Voor de proef."))
		k.Shown, k.Command = 2, "place"
		must(t, town.Work.Place(t.Context(), k, worker, "Voor de proef."))
		if i%3 > 0 {
			must(t, town.Work.Accept(t.Context(), click(monday(), c.ID, worker, 3, "accept")))
		}
		if i%3 > 1 {
			must(t, town.Work.BeginHandover(t.Context(), click(monday(), c.ID, worker, 4, "hand over"), casework.HandingOver{
				To: "hanna", Told: casework.ByCall, Reason: "Voor de proef.",
			}))
		}
		refs = append(refs, c.ID)
	}
	return refs
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// leaves has a worker's last day be the day before monday.
func leaves(t *testing.T, town *exampletest.Town, worker string) {
	t.Helper()
	_, err := town.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &town.Store.Cases, UpdateExpression: new("SET left_on = :day"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#" + worker},
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{":day": &types.AttributeValueMemberS{Value: "2026-11-23"}},
	})
	must(t, err)
}

// sweepOf is dispatch's minute on a store.
func sweepOf(town *exampletest.Town, store *dynamo.Store) dynamo.Dispatch {
	d := dispatchOf(town)
	work := town.Work
	work.Store = store
	d.Store, d.TakeOver = store, work.TakeOver
	return d
}

// sweptUntil is a sweep that is killed after so many calls to the store, unless it has done everything by then.
func sweptUntil(t *testing.T, town *exampletest.Town, most int, at time.Time) (killed bool) {
	t.Helper()
	calls, store := 0, *town.Store
	faults := dynoxidetest.Faults{Next: func(string) dynoxidetest.Fault {
		switch calls++; {
		case calls < most:
			return dynoxidetest.None
		case calls == most:
			return dynoxidetest.DropAfter
		}
		killed = true
		return dynoxidetest.DropBefore
	}}
	store.Client = dynamodb.NewFromConfig(faults.With(town.Config))
	if err := sweepOf(town, &store).Sweep(t.Context(), at); (err != nil) != killed {
		t.Fatalf("the sweep was killed: %t, and says %v", killed, err)
	}
	return killed
}

// M5: nobody clicks. Every case that the worker led or was offered stands with the coordinator, and goes on where it was
// once it has a lead again.
func TestWhoLeavesHandsBackByItself(t *testing.T) { // feature:M5 //invariant:I3 //invariant:I5
	town := exampletest.New(t)
	refs, at := leads(t, town, "fenna", 3), monday().Add(time.Hour)
	others := leads(t, town, "daan", 1)
	leaves(t, town, "fenna")
	for range 2 { // the second one finds nothing to do
		must(t, sweepOf(town, town.Store).Sweep(t.Context(), at))
	}
	resumes := []casework.State{"", casework.Accepted, casework.Accepted}
	for i, ref := range refs {
		d, err := town.Store.Dossier(t.Context(), ref)
		must(t, err)
		if d.Case.State != casework.Escalated || d.Case.Coordinator != "willem" || d.Case.Resume != resumes[i] {
			t.Errorf("case %d is %s with %q, and goes on at %q", i, d.Case.State, d.Case.Owner(), d.Case.Resume)
		}
		handed := slices.DeleteFunc(slices.Clone(d.Events), func(ev casework.Event) bool { return ev.By != casework.Service || ev.Kind != casework.EvHandedBack })
		if len(handed) != 1 || handed[0].Was != "fenna" {
			t.Errorf("case %d was handed back %d times", i, len(handed))
		}
		if due, ok := d.Case.Deadline(casework.DueContact); !ok || due.Owner != "willem" {
			t.Errorf("case %d: nobody has to speak with the resident", i)
		}
		if told := heard(d, handed[0])["hanna"]; told != (i == 2) {
			t.Errorf("case %d: who was asked to take over hears that it goes elsewhere: %t", i, told)
		}
	}
	if c, err := town.Store.Case(t.Context(), others[0]); err != nil || c.Lead != "daan" {
		t.Errorf("a case of somebody who stays is with %q, %v", c.Lead, err)
	}
	people, err := town.Store.People(t.Context())
	must(t, err)
	if gone, _ := people.Worker("fenna"); gone.Load != 0 {
		t.Errorf("load of who left is %d", gone.Load)
	}
}

// Who becomes an administrator takes no cases any more, and reads none: what they led goes back as well, and what they led
// before is opened again with somebody else.
func TestWhoTakesNoCasesAnyMoreHandsThemBack(t *testing.T) { // feature:M3 //feature:M5 //invariant:I3
	town := exampletest.New(t)
	refs := leads(t, town, "fenna", 3)
	must(t, town.Work.Close(t.Context(), click(monday(), refs[0], "fenna", 3, "close"), casework.OutOfArea, false, "Woont elders."))
	becomes(t, town, "fenna", routing.Administrator)
	must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Hour)))
	for _, ref := range refs[1:] {
		if c := dossier(t, town, ref).Case; c.State != casework.Escalated || c.Coordinator != "willem" {
			t.Errorf("the case is %s with %q", c.State, c.Owner())
		}
	}
	opens := click(monday().Add(time.Hour), refs[0], "willem", 4, "reopen")
	opens.By.Coordinator = true
	must(t, town.Work.Reopen(t.Context(), opens, "Toch hier."))
	if c := dossier(t, town, refs[0]).Case; c.Lead != "willem" {
		t.Errorf("it is open again with %q", c.Lead)
	}
}

// heard is who is told of an event.
func heard(d casework.Dossier, ev casework.Event) map[string]bool {
	told := map[string]bool{}
	for _, m := range d.Messages {
		if strings.HasPrefix(m.ID, fmt.Sprintf("%04d-", ev.Version)) {
			told[m.To] = true
		}
	}
	return told
}

// A handover to somebody who leaves ends: its lead, who is there, hears of it at once and not when the term goes by.
func TestAHandoverToWhoLeavesEndsByItself(t *testing.T) { // feature:M5 //invariant:I8
	town := exampletest.New(t)
	ref := leads(t, town, "fenna", 3)[2]
	leaves(t, town, "hanna")
	for range 3 { // the later ones find nothing to do
		must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Hour)))
	}
	d := dossier(t, town, ref)
	if c := d.Case; c.State != casework.Accepted || c.Lead != "fenna" || c.Handover.To != "" || len(c.Beside()) > 0 {
		t.Errorf("the case is %s with %q, on its way to %q", c.State, c.Owner(), c.Handover.To)
	}
	ended := slices.DeleteFunc(d.Events, func(ev casework.Event) bool { return ev.Kind != casework.EvHandoverEnded })
	if len(ended) != 1 || ended[0].Subject != "hanna" {
		t.Fatalf("it ended %d times", len(ended))
	}
	if diff := cmp.Diff(map[string]bool{"fenna": true}, heard(d, ended[0])); diff != "" {
		t.Errorf("of that is told (-want +got):\n%s", diff)
	}
}

// A hand-off that nobody confirmed stands with a coordinator as soon as who saw to it has left, also when they lead nothing
// any more.
func TestWhoLeavesLeavesNoHandOffBehind(t *testing.T) { // feature:M5 //invariant:I8
	town := exampletest.In(t, "duinrand")
	before := town.HandedOff(t, monday(), "{}")
	promised, _ := before.Deadline(casework.DueHandOff)
	leaves(t, town, before.Lead)
	for range 3 { // the later ones find nothing to do
		must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Hour)))
	}
	d := dossier(t, town, before.ID)
	due, _ := d.Case.Deadline(casework.DueHandOff)
	if due.Owner != "wout" || !due.At.Equal(promised.At) || d.Case.StandsWith() != "wout" || d.Case.Version != before.Version+1 {
		t.Errorf("%s has to see to it before %s, and it stands with %s", due.Owner, due.At, d.Case.StandsWith())
	}
	last := d.Events[len(d.Events)-1]
	if diff := cmp.Diff(map[string]bool{"wout": true}, heard(d, last)); last.Kind != casework.EvInherited || last.Was != before.Lead || diff != "" {
		t.Errorf("the history ends with %s, of which is told (-want +got):\n%s", last.Kind, diff)
	}
	for worker, want := range map[string]int{before.Lead: 0, "wout": 1} {
		if list, err := town.Store.Standing(t.Context(), worker, ""); err != nil || len(list.Cases) != want {
			t.Errorf("the list of %s has %d cases, %v", worker, len(list.Cases), err)
		}
	}
	confirms := click(monday().Add(2*time.Hour), before.ID, "wout", d.Case.Version, "confirm")
	confirms.By.Coordinator = true
	must(t, town.Work.ConfirmHandOff(t.Context(), confirms))
}

// What a coordinator had to do stands with another one as soon as that one has left: queue, waiting list and decisions. All
// of it is owed as soon as before.
func TestWhatACoordinatorLeavesGoesToAnother(t *testing.T) { // feature:M5 //invariant:I3 //invariant:I8
	town := exampletest.New(t)
	lost := func(ref casework.Reference) {
		for i, way := range []casework.Way{casework.ByCall, casework.ByCall, casework.ByEmail} {
			must(t, town.Work.Tried(t.Context(), click(monday(), ref, "fenna", 4+i, fmt.Sprint("try ", i)), way))
		}
		must(t, town.Work.Lose(t.Context(), click(monday(), ref, "fenna", 7, "lose")))
	}
	refs := map[casework.DeadlineKind]casework.Reference{}
	for _, kind := range []casework.DeadlineKind{casework.DueDecide, casework.DuePlace} {
		c := town.Case(t, monday(), exampletest.Answers(nil))
		must(t, town.Work.HandBack(t.Context(), click(monday(), c.ID, "willem", 1, "hand back"), "Voor de proef."))
		refs[kind] = c.ID
	}
	must(t, town.Work.Waitlist(t.Context(), click(monday(), refs[casework.DuePlace], "willem", 2, "wait"), monday().AddDate(0, 6, 0), "Vol."))
	led := leads(t, town, "fenna", 5)
	refs[casework.DueAnother], refs[casework.DueFind] = led[1], led[4]
	must(t, town.Work.AskAnother(t.Context(), click(monday(), led[1], "fenna", 4, "ask"), "Ze kennen elkaar.", false))
	lost(led[4])
	leaves(t, town, "willem")
	for range 2 { // there is no other yet
		must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(time.Hour)))
	}
	before := map[casework.DeadlineKind]casework.Case{}
	for kind, ref := range refs {
		before[kind] = dossier(t, town, ref).Case
	}
	becomes(t, town, "lotte", routing.Coordinator)
	for range 3 { // the later ones find nothing to do
		must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(2*time.Hour)))
	}
	for kind, ref := range refs {
		d, was := dossier(t, town, ref), before[kind]
		promised, _ := was.Deadline(kind)
		due, _ := d.Case.Deadline(kind)
		if promised.Owner != "willem" || due.Owner != "lotte" || !due.At.Equal(promised.At) {
			t.Errorf("%s: of %s before %s; was of %s before %s", kind, due.Owner, due.At, promised.Owner, promised.At)
		}
		if d.Case.State != was.State || d.Case.State.Queued() && d.Case.Coordinator != "lotte" {
			t.Errorf("%s: the case is %s with %q", kind, d.Case.State, d.Case.Owner())
		}
		inherited := slices.DeleteFunc(d.Events, func(ev casework.Event) bool { return ev.Kind != casework.EvInherited })
		if len(inherited) != 1 || inherited[0].Was != "willem" {
			t.Errorf("%s: it went to another coordinator %d times", kind, len(inherited))
		} else if diff := cmp.Diff(map[string]bool{"lotte": true}, heard(d, inherited[0])); diff != "" {
			t.Errorf("%s: of that is told (-want +got):\n%s", kind, diff)
		}
	}
	if list, err := town.Store.Standing(t.Context(), "willem", ""); err != nil || len(list.Cases) > 0 {
		t.Errorf("%d cases wait for who left, %v", len(list.Cases), err)
	}
}

// Of a coordinator who is not among the workers any more no sweep knows that they left: the deadline that goes by does.
func TestWhatACoordinatorLeftIsFoundByItsDeadline(t *testing.T) { // feature:M5 //invariant:I8
	town := exampletest.New(t)
	ref := town.Case(t, monday(), exampletest.Answers(nil)).ID
	must(t, town.Work.HandBack(t.Context(), click(monday(), ref, "willem", 1, "hand back"), "Voor de proef."))
	becomes(t, town, "lotte", routing.Coordinator)
	_, err := town.Store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &town.Store.Cases, Key: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#willem"},
	}})
	must(t, err)
	c := dossier(t, town, ref).Case
	due, _ := c.Deadline(casework.DueDecide)
	must(t, town.Work.Overdue(t.Context(), due.At, ref))
	c = dossier(t, town, ref).Case
	if after, _ := c.Deadline(casework.DueDecide); c.Coordinator != "lotte" || after.Owner != "lotte" || !after.At.Equal(due.At) {
		t.Errorf("the case is in the queue of %q, and %+v", c.Coordinator, after)
	}
}

// becomes gives a worker another role.
func becomes(t *testing.T, town *exampletest.Town, worker string, role routing.Role) {
	t.Helper()
	_, err := town.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &town.Store.Cases, UpdateExpression: new("SET #roles = :roles"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#" + worker},
		},
		ExpressionAttributeNames: map[string]string{"#roles": "roles"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":roles": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: string(role)}}},
		},
	})
	must(t, err)
}

// The promise to a resident whom nobody has spoken with yet is not put off because somebody leaves.
func TestALeaverPutsOffNoPromise(t *testing.T) {
	town := exampletest.New(t)
	ref := leads(t, town, "fenna", 2)[1]
	before, err := town.Store.Case(t.Context(), ref)
	must(t, err)
	promised, _ := before.Deadline(casework.DueContact)
	leaves(t, town, "fenna")
	must(t, sweepOf(town, town.Store).Sweep(t.Context(), monday().Add(26*time.Hour)))
	after, err := town.Store.Case(t.Context(), ref)
	must(t, err)
	if due, _ := after.Deadline(casework.DueContact); !due.At.Equal(promised.At) || after.State != casework.Escalated {
		t.Errorf("promised before %s, while %s before %s", promised.At, after.State, due.At)
	}
}

// Killed after any call to the store, the next sweep goes on: nothing is left behind, and nothing done twice.
func TestALeavingGoesOnAfterAKillAnywhere(t *testing.T) { // threat:T26
	for n := 1; ; n++ {
		killed := false
		t.Run(fmt.Sprintf("after call %d", n), func(t *testing.T) {
			town := exampletest.New(t)
			refs, at := leads(t, town, "fenna", 2), monday().Add(time.Hour)
			leaves(t, town, "fenna")
			killed = sweptUntil(t, town, n, at)
			must(t, sweepOf(town, town.Store).Sweep(t.Context(), at.Add(time.Minute)))
			for _, ref := range refs {
				d, err := town.Store.Dossier(t.Context(), ref)
				must(t, err)
				back := 0
				for _, ev := range d.Events {
					if ev.By == casework.Service && ev.Kind == casework.EvHandedBack {
						back++
					}
				}
				if d.Case.State != casework.Escalated || back != 1 {
					t.Errorf("case is %s, handed back %d times", d.Case.State, back)
				}
			}
		})
		if !killed || t.Failed() {
			return
		}
	}
}
