package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// monday is a working day at ten in the morning.
func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

func click(now time.Time, ref casework.Reference, by string, shown int, command string) casework.Click {
	return casework.Click{At: now, Case: ref, By: reader(by), Shown: shown, Command: command}
}

func reader(id string) casework.Reader {
	return casework.Reader{Worker: id, Coordinator: id == "willem"}
}

func TestFiftySubmitsOfOneFormAreOneCase(t *testing.T) { // invariant:I1 //invariant:I2 //threat:T10
	town := exampletest.New(t)
	secret := casework.NewSecret()
	draft := form.Draft{Path: form.Full, Language: "nl", Answers: exampletest.Answers(nil)}
	receipts := make([]casework.Receipt, 50)
	atOnce(len(receipts), func(i int) {
		var err error
		receipts[i], err = town.Intake.Submit(t.Context(), monday().Add(time.Duration(i)*time.Millisecond), secret, draft)
		if err != nil {
			t.Error(err)
			return
		}
		if err := town.Work.Take(t.Context(), monday(), receipts[i].Reference); err != nil {
			t.Error(err)
		}
	})
	for _, r := range receipts {
		if r != receipts[0] {
			t.Errorf("receipts differ: %v and %v", r, receipts[0])
		}
	}
	d, err := town.Store.Dossier(t.Context(), receipts[0].Reference)
	if err != nil || len(d.Events) != 1 {
		t.Errorf("case has %d events, want 1; %v", len(d.Events), err)
	}
	if got := loads(t, town); got != d.Case.Weight {
		t.Errorf("load is %d, want %d", got, d.Case.Weight)
	}
}

func TestOtherAnswersUnderTheSameSecretAreRefused(t *testing.T) { // invariant:I2
	town := exampletest.New(t)
	secret := casework.NewSecret()
	first, err := town.Intake.Submit(t.Context(), monday(), secret, form.Draft{Path: form.Full, Answers: exampletest.Answers(nil)})
	if err != nil {
		t.Fatal(err)
	}
	changed := exampletest.Answers(form.Answers{"call_name": {"Iemand Anders"}})
	got, err := town.Intake.Submit(t.Context(), monday().Add(time.Hour), secret, form.Draft{Path: form.Full, Answers: changed})
	if !errors.Is(err, casework.ErrChanged) || got != first {
		t.Errorf("Submit of other answers = %v, %v; want %v, ErrChanged", got, err, first)
	}
}

func TestWhoMeetsAnothersReferenceTakesTheNext(t *testing.T) { // invariant:I2
	town := exampletest.New(t)
	secret := casework.NewSecret()
	_, err := town.Store.Submit(t.Context(), casework.Report{
		Receipt: casework.Receipt{Reference: secret.Reference(0)}, Owner: []byte("somebody else"), Content: casework.Envelope("x"),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := town.Intake.Submit(t.Context(), monday(), secret, form.Draft{Path: form.Full, Answers: exampletest.Answers(form.Answers{
			"phone": {"06 12345678"}, "email": {"twee@post.example"}, "house_number": {"2"},
		})})
		if err != nil || got.Reference != secret.Reference(1) {
			t.Errorf("Submit = %s, %v; want the next reference", got.Reference, err)
		}
	}
}

// Every store call of the way from submit to case loses its answer, or never arrives, once.
func TestALostAnswerNeitherLosesNorDoubles(t *testing.T) { // invariant:I1 //threat:T26
	for name, fault := range map[string]dynoxidetest.Fault{
		"the call never arrives": dynoxidetest.DropBefore, "the answer is lost": dynoxidetest.DropAfter,
	} {
		t.Run(name, func(t *testing.T) {
			for n := range 12 {
				town := exampletest.New(t)
				calls := 0
				faults := &dynoxidetest.Faults{Next: func(string) dynoxidetest.Fault {
					calls++
					if calls == n+1 {
						return fault
					}
					return dynoxidetest.None
				}}
				town.Store.Client = dynamodb.NewFromConfig(faults.With(town.Config))
				c := town.Case(t, monday(), exampletest.Answers(nil))
				if err := town.Work.Accept(t.Context(), click(monday(), c.ID, c.Lead, 1, "accept")); err != nil {
					t.Fatalf("call %d: %v", n+1, err)
				}
				d, err := town.Store.Dossier(t.Context(), c.ID)
				if err != nil || d.Case.State != casework.Accepted || len(d.Events) != 2 || len(d.Messages) != 2 {
					t.Errorf("call %d: state %s, %d events, %d messages, %v", n+1, d.Case.State, len(d.Events), len(d.Messages), err)
				}
				if got := loads(t, town); got != c.Weight {
					t.Errorf("call %d: load is %d, want %d", n+1, got, c.Weight)
				}
			}
		})
	}
}

func TestRoutedCasesNeverExceedRoom(t *testing.T) { // invariant:I5
	town := exampletest.New(t)
	// Room for seven P3 cases with the first, for plenty with the second.
	town.Municipality.PointsPerHour = 1
	replacePeople(t, town,
		routing.Worker{ID: "zeven", Team: "noord", Disciplines: []municipality.Discipline{municipality.Generalist}, Active: true, Contracted: 7},
		routing.Worker{ID: "ruim", Team: "noord", Disciplines: []municipality.Discipline{municipality.Generalist}, Active: true, Contracted: 33},
		routing.Worker{ID: "willem", Team: "noord", Roles: []routing.Role{routing.Coordinator}, Active: true},
	)
	refs := make([]casework.Reference, 40)
	for i := range refs {
		refs[i] = town.Submit(t, monday(), exampletest.Answers(nil)).Reference
	}
	atOnce(len(refs), func(i int) {
		if err := town.Work.Take(t.Context(), monday(), refs[i]); err != nil {
			t.Error(err)
		}
	})
	led := map[string]int{}
	for _, ref := range refs {
		c, err := town.Store.Case(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		led[c.Owner()]++
	}
	if led["zeven"] != 7 || led["ruim"] != 33 {
		t.Errorf("leads are %v, want 7 and 33", led)
	}
	people, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range people.Workers {
		if w.Load != led[w.ID] && w.ID != "willem" {
			t.Errorf("%s has load %d and leads %d cases of weight 1", w.ID, w.Load, led[w.ID])
		}
	}
}

func TestAGivenBackCaseGoesToTheNextThenToTheCoordinator(t *testing.T) { // E10
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	var asked []string
	for c.State == casework.Assigned {
		if slices.Contains(asked, c.Lead) {
			t.Fatalf("%s was asked twice: %v", c.Lead, asked)
		}
		asked = append(asked, c.Lead)
		err := town.Work.GiveBack(t.Context(), click(monday(), c.ID, c.Lead, c.Version, "back "+c.Lead), "Ik ken deze bewoner.", false)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = town.Store.Case(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) < 2 || c.State != casework.Escalated || c.Coordinator != "willem" || loads(t, town) != 0 {
		t.Errorf("asked %v, then %s with %q and load %d", asked, c.State, c.Coordinator, loads(t, town))
	}
	err := town.Work.Place(t.Context(), click(monday(), c.ID, "willem", c.Version, "place"), "emre", "Hij kent de buurt.")
	if err != nil {
		t.Fatal(err)
	}
	if c, err = town.Store.Case(t.Context(), c.ID); err != nil || c.State != casework.Assigned || c.Lead != "emre" {
		t.Errorf("after placing: %s with %q, %v", c.State, c.Lead, err)
	}
}

func TestOnlyOneOfTwoAtOnceHearsYes(t *testing.T) { // invariant:I3
	for range 10 {
		town := exampletest.New(t)
		c := town.Case(t, monday(), exampletest.Answers(nil))
		errs := make([]error, 2)
		atOnce(2, func(i int) {
			if i == 0 {
				errs[0] = town.Work.Accept(t.Context(), click(monday(), c.ID, c.Lead, 1, "yes"))
			} else {
				errs[1] = town.Work.GiveBack(t.Context(), click(monday(), c.ID, c.Lead, 1, "no"), "Ik heb het te druk.", false)
			}
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("accept: %v, give back: %v; want one of them done", errs[0], errs[1])
		}
		_, stale := errors.AsType[*casework.StaleError](errors.Join(errs...))
		if !stale && !errors.Is(errors.Join(errs...), casework.ErrNotFound) {
			t.Errorf("the other heard %v", errors.Join(errs...))
		}
	}
}

func TestSilenceGoesToTheCoordinator(t *testing.T) { // invariant:I4 //invariant:I8
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	due, _ := c.Deadline(casework.DueAccept)
	if err := town.Work.Overdue(t.Context(), due.At.Add(-time.Second), c.ID); err != nil {
		t.Fatal(err)
	}
	if got, _ := town.Store.Case(t.Context(), c.ID); got.Version != 1 {
		t.Fatalf("moved before its time: version %d", got.Version)
	}
	err := town.Work.Accept(t.Context(), click(due.At, c.ID, c.Lead, 1, "late"))
	if !casework.RefusedBecause(err, casework.OfferPassed) {
		t.Errorf("an expired offer was accepted: %v", err)
	}
	atOnce(5, func(int) {
		if err := town.Work.Overdue(t.Context(), due.At, c.ID); err != nil {
			t.Error(err)
		}
	})
	d, err := town.Store.Dossier(t.Context(), c.ID)
	if err != nil || d.Case.State != casework.Escalated || d.Case.Coordinator != "willem" || len(d.Events) != 2 {
		t.Fatalf("after silence: %s with %q, %d events, %v", d.Case.State, d.Case.Coordinator, len(d.Events), err)
	}
	// The coordinator is reminded each working day for as long as nothing happens; nobody else is asked.
	for range 5 {
		next, _ := d.Case.Next()
		if err := town.Work.Overdue(t.Context(), next.Wake, c.ID); err != nil {
			t.Fatal(err)
		}
		if d, err = town.Store.Dossier(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if m := d.Messages[len(d.Messages)-1]; m.Kind != casework.MailReminder || m.To != "willem" {
			t.Errorf("reminded %s by %s", m.To, m.Kind)
		}
	}
}

func TestAnUnseenFirstLookGoesToTheNextOnTheRosterAndTheCoordinator(t *testing.T) { // D5
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(form.Answers{"basics": {"food"}}))
	if c.Priority != municipality.P1 || c.Look.Holder() != "ilse" {
		t.Fatalf("P%d, first look with %q; want P1 with ilse", c.Priority, c.Look.Holder())
	}
	if err := town.Work.Overdue(t.Context(), monday().Add(30*time.Minute), c.ID); err != nil {
		t.Fatal(err)
	}
	d, err := town.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	told := map[casework.MessageKind]string{}
	for _, m := range d.Messages[2:] {
		told[m.Kind] = m.To
	}
	if d.Case.Look.Holder() != "hanna" || told[casework.MailUnseen] != "willem" || told[casework.MailLook] != "hanna" {
		t.Errorf("first look with %q, told %v", d.Case.Look.Holder(), told)
	}
	list, err := town.Store.Standing(t.Context(), "hanna", "")
	if err != nil || len(list.Cases) != 1 {
		t.Errorf("hanna's list has %d cases, want 1; %v", len(list.Cases), err)
	}
	if err := town.Work.Looked(t.Context(), click(monday().Add(time.Hour), c.ID, "hanna", d.Case.Version, "seen")); err != nil {
		t.Fatal(err)
	}
	if list, err = town.Store.Standing(t.Context(), "hanna", ""); err != nil || len(list.Cases) != 0 {
		t.Errorf("after the look hanna's list has %d cases, %v", len(list.Cases), err)
	}
}

func TestStrangersGetTheSameAnswerAsForAnUnknownCase(t *testing.T) { // invariant:I10
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	stranger := "noor"
	if c.Lead == stranger {
		t.Fatal("the stranger leads the case")
	}
	acts := map[string]func(ref casework.Reference) error{
		"accept": func(ref casework.Reference) error {
			return town.Work.Accept(t.Context(), click(monday(), ref, stranger, 1, "x"))
		},
		"give back": func(ref casework.Reference) error {
			return town.Work.GiveBack(t.Context(), click(monday(), ref, stranger, 1, "x"), "y", false)
		},
		"looked": func(ref casework.Reference) error {
			return town.Work.Looked(t.Context(), click(monday(), ref, stranger, 1, "x"))
		},
		"contacted": func(ref casework.Reference) error {
			return town.Work.Contacted(t.Context(), click(monday(), ref, stranger, 1, "x"))
		},
		"place": func(ref casework.Reference) error {
			return town.Work.Place(t.Context(), click(monday(), ref, stranger, 1, "x"), "emre", "y")
		},
	}
	for name, act := range acts {
		for _, ref := range []casework.Reference{c.ID, casework.NewSecret().Reference(0)} {
			if err := act(ref); !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("%s by a stranger: %v, want ErrNotFound", name, err)
			}
		}
	}
	if got, _ := town.Store.Case(t.Context(), c.ID); got.Version != 1 {
		t.Errorf("a stranger moved the case to version %d", got.Version)
	}
}

func TestAnActOnAnOldPageSaysSoAndChangesNothing(t *testing.T) {
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	if err := town.Work.Accept(t.Context(), click(monday(), c.ID, c.Lead, 1, "first")); err != nil {
		t.Fatal(err)
	}
	err := town.Work.GiveBack(t.Context(), click(monday(), c.ID, c.Lead, 1, "second"), "Toch niet.", false)
	if stale, ok := errors.AsType[*casework.StaleError](err); !ok || stale.Current.Version != 2 {
		t.Errorf("an act on version 1 of 2: %v, want *StaleError", err)
	}
	if err := town.Work.Accept(t.Context(), click(monday(), c.ID, c.Lead, 1, "first")); err != nil {
		t.Errorf("the same click again: %v", err)
	}
}

func atOnce(n int, work func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			work(i)
		})
	}
	close(start)
	wg.Wait()
}

// loads is the sum of everybody's load.
func loads(t *testing.T, town *exampletest.Town) int {
	t.Helper()
	people, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, w := range people.Workers {
		sum += w.Load
	}
	return sum
}

// replacePeople leaves only these workers.
func replacePeople(t *testing.T, town *exampletest.Town, workers ...routing.Worker) {
	t.Helper()
	people, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range people.Workers {
		_, err := town.Store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
			TableName: &town.Store.Cases,
			Key: map[string]types.AttributeValue{
				"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#" + w.ID},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range workers {
		if err := town.Store.AddWorker(t.Context(), directory.Card{ID: w.ID, Name: strings.ToUpper(w.ID)}, w); err != nil {
			t.Fatal(fmt.Errorf("add %s: %w", w.ID, err))
		}
	}
}
