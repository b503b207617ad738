package casework_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// What comes too late, when a case's term is over or the case is destroyed already.

// Between the end of its term and the next sweep, nobody breaks the glass of a case, finds it by its number, or gets a new
// report because of it.
func TestACaseWhoseTermIsOverIsFoundByNobody(t *testing.T) { // invariant:I10 //invariant:I14 //threat:T03
	over := midnight(2026, 12, 24)
	help := casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnVital, Told: true}
	for at, gone := range map[time.Time]bool{over.Add(-time.Hour): false, over: true} {
		town := exampletest.New(t)
		c, answers := first(t, town)
		e := ended{T: t, town: town, ref: c.ID}
		e.act(monday(), c.Lead, func(ctx context.Context, k casework.Click) error {
			return town.Work.Close(ctx, k, casework.OutOfArea, false, "Woont elders.")
		})
		wanted, _ := casework.ParseWanted(string(c.ID))
		if found, err := town.Work.Search(t.Context(), at, wanted, reader("willem")); err != nil || found.Running == gone {
			t.Errorf("at %s its number is found: %v, %v", at, found.Running, err)
		}
		err := town.Work.BreakGlass(t.Context(), click(at, c.ID, "samira", c.Version+1, "glass"), help)
		if errors.Is(err, casework.ErrNotFound) != gone {
			t.Errorf("at %s its glass is broken: %v", at, err)
		}
		again := town.Case(t, at, exampletest.Answers(form.Answers{"phone": answers["phone"]}))
		if met := again.Step == routing.StepContinuity; met == gone {
			t.Errorf("at %s a new report goes to its former lead: %v", at, met)
		}
	}
}

// The index is behind the table: a sweep may find a case that another one destroyed.
func TestDestroyedTwiceIsDestroyedOnce(t *testing.T) { // invariant:I7 //invariant:I14
	e := withdrawn(t)
	over := midnight(2026, 12, 24)
	for range 2 {
		e.sweep(over)
	}
	e.onlyItsLineIsLeft(over)
}

// A mail without a word of its arrival holds the case up. What the mail service tells after the case was destroyed puts
// nothing on the duty screen, and nobody sends such a mail again.
func TestAWordAboutAMailOfADestroyedCaseComesTooLate(t *testing.T) { // invariant:I6 //invariant:I14
	e := withdrawn(t)
	over := midnight(2026, 12, 24)
	e.act(over.Add(-time.Minute), "samira", func(ctx context.Context, k casework.Click) error {
		return e.town.Work.BreakGlass(ctx, k, casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnVital, Told: true})
	})
	var mails []casework.Message
	for _, m := range dossier(t, e.town, e.ref).Messages {
		if m.Status == casework.Pending {
			claimed, err := e.town.Store.Claim(t.Context(), e.ref, m.ID, over)
			must(t, err)
			claimed.Status, claimed.Sent, claimed.Provider = casework.Sent, over.Add(-time.Minute), "provider-1"
			must(t, e.town.Store.Settle(t.Context(), claimed))
			mails = append(mails, m)
		}
	}
	e.sweep(over)
	if _, ok := e.head(); !ok {
		t.Fatal("destroyed before there was word of a mail about it")
	}
	told := func(mail casework.Message, status casework.MessageStatus, at time.Time) error {
		_, _, err := e.town.Store.Feedback(t.Context(), e.ref, func(id string) bool { return id == mail.ID }, status, at)
		return err
	}
	for _, mail := range mails {
		must(t, told(mail, casework.Delivered, over))
	}
	e.settle(over)
	c, _ := e.head()
	next, _ := c.Next()
	e.sweep(next.Wake)
	e.onlyItsLineIsLeft(next.Wake)
	if err := told(mails[0], casework.Complained, next.Wake.Add(time.Hour)); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a complaint about a mail of a destroyed case: %v", err)
	}
	later := next.Wake.Add(2 * time.Hour)
	if err := e.town.Store.SendAgain(t.Context(), e.ref, mails[0].ID, "willem", later); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a mail of a destroyed case is sent again: %v", err)
	}
	if duty, err := e.town.Store.Duty(t.Context(), later); err != nil || len(duty.Mails) > 0 {
		t.Errorf("on the duty screen stand %+v, %v", duty.Mails, err)
	}
	e.onlyItsLineIsLeft(later)
}

// The mail that suspected reports wait is stored with the oldest of them, and goes when that does; whoever opens the report
// then finds nothing, and it leaves one line, however many sweeps find it.
func TestOfAReportThatNobodySentEveryRowGoes(t *testing.T) { // invariant:I14 //threat:T31
	town := public(t)
	dispatch := dispatchOf(town)
	dispatch.Retention = town.Municipality.Retention
	receipt := received(t, town, monday(), hasty(monday()), exampletest.Answers(nil))
	must(t, town.Work.TellWaiting(t.Context(), monday().AddDate(0, 0, 3)))
	must(t, town.Store.Judge(t.Context(), receipt.Reference, casework.Judgement{By: "willem", At: monday()}))
	bot := ended{T: t, town: town, ref: receipt.Reference}
	mails := 0
	for _, it := range bot.rows() {
		if plain(it["kind"]) == string(casework.MailWaiting) {
			mails++
		}
	}
	if mails == 0 {
		t.Fatal("nobody was told that it waits")
	}
	over := midnight(2026, 12, 24).Add(10 * time.Hour)
	must(t, dispatch.Sweep(t.Context(), over))
	bot.onlyItsLineIsLeft(over)
	if duty, err := town.Store.Duty(t.Context(), over.Add(time.Hour)); err != nil || len(duty.Mails) > 0 {
		t.Errorf("on the duty screen stand %+v, %v", duty.Mails, err)
	}
	if _, err := town.Store.InQuarantine(t.Context(), bot.ref, over); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("it is opened: %v", err)
	}
}

// What was taken back from a case is a case of its own again, and stays when the other is destroyed.
func TestAnAdditionThatWasTakenBackStays(t *testing.T) { // invariant:I14
	town := exampletest.New(t)
	answers := exampletest.Answers(nil)
	e := ended{T: t, town: town, ref: town.Case(t, monday(), answers).ID}
	c, _ := e.head()
	lead := c.Lead
	e.act(monday(), lead, town.Work.Accept)
	added := ended{T: t, town: town, ref: town.Case(t, monday().Add(time.Hour), answers).ID}
	added.act(monday().Add(time.Hour), lead, town.Work.Merge)
	added.act(monday().Add(2*time.Hour), "willem", func(ctx context.Context, k casework.Click) error {
		return town.Work.Unmerge(ctx, k, "Het zijn de buren.")
	})
	e.act(monday().Add(3*time.Hour), lead, func(ctx context.Context, k casework.Click) error {
		return town.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
	})
	e.settle(monday().Add(3 * time.Hour))
	c, _ = e.head()
	over, _ := c.Kept()
	e.sweep(over)
	if _, ok := e.head(); ok {
		t.Error("the case is not destroyed")
	}
	if left, ok := added.head(); !ok || left.State != casework.Escalated {
		t.Errorf("what was taken back from it: %s, there: %v", left.State, ok)
	}
	must(t, casework.CheckChain(dossier(t, town, added.ref).Case, dossier(t, town, added.ref).Events))
}

// Stopped between an addition and the case that it was added to, the case is still found, and the addition is never left alone.
func TestAnAdditionIsDestroyedBeforeItsCase(t *testing.T) { // invariant:I14
	town := exampletest.New(t)
	answers := exampletest.Answers(nil)
	e := ended{T: t, town: town, ref: town.Case(t, monday(), answers).ID}
	c, _ := e.head()
	lead := c.Lead
	e.act(monday(), lead, town.Work.Accept)
	added := ended{T: t, town: town, ref: town.Case(t, monday().Add(time.Hour), answers).ID}
	added.act(monday().Add(time.Hour), lead, town.Work.Merge)
	e.act(monday().Add(time.Hour), lead, func(ctx context.Context, k casework.Click) error {
		return town.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
	})
	e.settle(monday().Add(time.Hour))
	added.settle(monday().Add(time.Hour))
	acts := 0
	faults := &dynoxidetest.Faults{Next: func(operation string) dynoxidetest.Fault {
		if operation == "TransactWriteItems" {
			acts++
		}
		if acts > 1 {
			return dynoxidetest.DropBefore
		}
		return dynoxidetest.None
	}}
	broken, store := town.Work, *town.Store
	store.Client = dynamodb.NewFromConfig(faults.With(town.Config))
	broken.Store = &store
	over := midnight(2026, 12, 24)
	if err := broken.Overdue(t.Context(), over, e.ref); err == nil {
		t.Fatal("nothing stopped it")
	}
	if c, ok := e.head(); !ok || c.State != casework.Withdrawn {
		t.Errorf("its case was destroyed first: %s", c.State)
	}
	e.sweep(over.Add(time.Minute))
	e.onlyItsLineIsLeft(over.Add(time.Minute))
	added.onlyItsLineIsLeft(over.Add(time.Minute))
}

// A case that is taken up again has no term any more.
func TestACaseThatIsTakenUpAgainHasNoTerm(t *testing.T) { // invariant:I14
	e := withdrawn(t)
	c, _ := e.head()
	e.act(monday().AddDate(0, 0, 9), c.Lead, func(ctx context.Context, k casework.Click) error {
		return e.town.Work.Resubmit(ctx, k, "Toch weer.")
	})
	now, _ := e.head()
	if until, kept := now.Kept(); kept || now.Gone(midnight(2026, 12, 24)) {
		t.Errorf("it runs, and is destroyed at %s", until)
	}
}
