package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// A mail to a worker that does not arrive is told to a coordinator; when it was theirs, or told of another, to whom the
// municipality named last. It ends there, so that mail that is down makes no mail without end (I8).
//
// feature:H5
func TestACoordinatorHearsOfAMailThatDidNotArrive(t *testing.T) { // invariant:I8 //threat:T25
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	now := monday()
	read := func() casework.Dossier {
		t.Helper()
		d, err := town.Store.Dossier(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tell := func() (told []string) {
		t.Helper()
		before := read()
		for _, m := range before.Messages {
			if err := town.Work.Undelivered(t.Context(), now, c.ID, m.ID); err != nil {
				t.Fatal(err)
			}
		}
		after := read()
		for _, m := range after.Messages {
			if _, known := before.Message(m.ID); !known {
				told = append(told, string(m.Kind)+" to "+m.To)
			}
		}
		return told
	}
	if told := tell(); len(told) > 0 {
		t.Errorf("before a quarter of an hour: %v", told)
	}
	for _, want := range []string{"undelivered to willem", "undelivered to last-resort", "", ""} {
		now = now.Add(casework.ArriveWithin)
		if told := strings.Join(tell(), ", "); told != want {
			t.Errorf("at %s told %q, want %q", now.Format(time.TimeOnly), told, want)
		}
	}
	d := read()
	if d.Case.Lead != c.Lead || d.Case.State != casework.Assigned {
		t.Errorf("the case is %s with %s now", d.Case.State, d.Case.Lead)
	}
	if err := casework.CheckChain(d.Case, d.Events); err != nil {
		t.Error(err)
	}
}

// SES and the sweep may tell of one mail at once.
func TestAMailThatDidNotArriveIsToldOnce(t *testing.T) { // threat:T22 //invariant:I7
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(nil))
	d, err := town.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	m := d.Messages[0]
	if _, _, err := town.Store.Feedback(t.Context(), c.ID, func(id string) bool { return id == m.ID }, casework.Bounced, monday()); err != nil {
		t.Fatal(err)
	}
	var g errgroup.Group
	for n := range 8 {
		g.Go(func() error {
			if n%2 == 0 {
				return town.Work.CameBack(t.Context(), monday(), m)
			}
			return town.Work.Undelivered(t.Context(), monday().Add(casework.ArriveWithin), c.ID, m.ID)
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if d, err = town.Store.Dossier(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	told := slices.DeleteFunc(d.Messages, func(m casework.Message) bool { return m.Kind != casework.MailUndelivered })
	if len(told) != 1 || told[0].To != "willem" {
		t.Errorf("told %+v", told)
	}
}

// What nobody has to be told of: a resident's mail, one about a case that is over, one about no case, one that somebody
// saw to.
func TestNobodyHearsOfWhatIsNoTrouble(t *testing.T) {
	late := monday().Add(time.Hour)
	tests := map[string]func(t *testing.T, town *exampletest.Town, c *casework.Case, id *string){
		"a resident's mail": func(_ *testing.T, _ *exampletest.Town, _ *casework.Case, id *string) { *id = "0001-receipt-resident" },
		"a mail that there is not": func(_ *testing.T, _ *exampletest.Town, _ *casework.Case, id *string) {
			*id = "0009-lead-nobody"
		},
		"a case that there is not": func(_ *testing.T, _ *exampletest.Town, c *casework.Case, _ *string) { c.ID = "K7M-4RT-9XC" },
		"a case that is over": func(t *testing.T, town *exampletest.Town, c *casework.Case, _ *string) {
			k := casework.Click{At: monday(), Case: c.ID, By: casework.Reader{Worker: c.Lead}, Shown: c.Version, Command: "withdraw"}
			if err := town.Work.Withdraw(t.Context(), k, "Het hoeft niet meer."); err != nil {
				t.Fatal(err)
			}
		},
		"somebody saw to it": func(t *testing.T, town *exampletest.Town, c *casework.Case, id *string) {
			if err := town.Store.PassedOn(t.Context(), c.ID, *id, "ilse", late); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			c := town.Case(t, monday(), exampletest.Answers(nil))
			id := "0001-lead-" + c.Lead
			was := c.ID
			change(t, town, &c, &id)
			if err := town.Work.Undelivered(t.Context(), late, c.ID, id); err != nil && !errors.Is(err, casework.ErrNotFound) {
				t.Fatal(err)
			}
			d, err := town.Store.Dossier(t.Context(), was)
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(d.Events, func(ev casework.Event) bool { return ev.Kind == casework.EvUndelivered }) {
				t.Error("somebody is told")
			}
		})
	}
}
