package casework_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// days is how long nobody does anything: two weeks until a meeting should have been planned, and thirty days after that.
const days = 44

// month is that time.
type month struct {
	*testing.T
	town   *exampletest.Town
	people casework.People
	refs   []casework.Reference
	now    time.Time
}

// sweep does what dispatch does each minute, until nothing is due.
func (m *month) sweep() {
	m.Helper()
	for _, ref := range m.refs {
		if err := m.town.Work.Overdue(m.Context(), m.now, ref); err != nil {
			m.Fatalf("%s: %v", m.now.Format(time.RFC3339), err)
		}
	}
}

// wakesNext is when something is due again. Nothing that was due is left, and each deadline is somebody's.
func (m *month) wakesNext() time.Time {
	m.Helper()
	first := m.now.AddDate(0, 0, days)
	for _, ref := range m.refs {
		c, err := m.town.Store.Case(m.Context(), ref)
		if err != nil {
			m.Fatal(err)
		}
		next, ok := c.Next()
		if c.Open() && (!ok || !next.Wake.After(m.now)) {
			m.Fatalf("%s: case %s is %s and nothing wakes it: %+v", m.now.Format(time.RFC3339), ref, c.State, c.Deadlines)
		}
		for _, d := range c.Deadlines {
			if _, known := m.people.Worker(d.Owner); !known {
				m.Fatalf("case %s has a deadline of nobody: %+v", ref, d)
			}
		}
		if next.Wake.Before(first) {
			first = next.Wake
		}
	}
	return first
}

func (m *month) read(ref casework.Reference) casework.Dossier {
	m.Helper()
	d, err := m.town.Store.Dossier(m.Context(), ref)
	if err != nil {
		m.Fatal(err)
	}
	return d
}

// told is who hears of a case, by what owes it: the mails of the outbox, whether or not mail works.
func (m *month) told(ref casework.Reference) map[string]bool {
	told := map[string]bool{}
	for _, msg := range m.read(ref).Messages {
		told[msg.To] = true
	}
	return told
}

// I8 over weeks in which nobody acts: each case goes up the chain to whoever the municipality named last, is told
// to nobody else, and always wakes again, whatever dispatch missed.
func TestSilenceNeverWins(t *testing.T) { // invariant:I8 //threat:T33
	tests := map[string]struct {
		from    time.Time
		absent  bool
		stopped func(day int) bool // dispatch
	}{
		"when nobody answers":                 {from: monday()},
		"when everybody is away":              {from: monday(), absent: true},
		"over Christmas":                      {from: monday().AddDate(0, 0, 21)},
		"over the night that summer begins":   {from: time.Date(2027, 3, 15, 9, 0, 0, 0, time.UTC)},
		"over the night that summer ends":     {from: time.Date(2027, 10, 11, 9, 0, 0, 0, time.UTC)},
		"when dispatch stands still for days": {from: monday(), stopped: func(day int) bool { return day%7 < 4 }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &month{T: t, town: exampletest.New(t), now: test.from}
			if test.absent {
				m.sendAway()
			}
			people, err := m.town.Store.People(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			m.people = people
			for _, over := range []form.Answers{nil, {"basics": {"bed"}}, {"safe_now": {"rather_not"}, "safe_contact": {"call"}}} {
				m.refs = append(m.refs, m.town.Case(t, m.now, exampletest.Answers(over)).ID)
			}
			m.refs = append(m.refs, m.spoken())
			for m.now.Before(test.from.AddDate(0, 0, days)) {
				day := int(m.now.Sub(test.from).Hours() / 24)
				if test.stopped != nil && test.stopped(day) {
					m.now = m.now.Add(time.Hour)
					continue
				}
				m.sweep()
				m.now = m.wakesNext()
			}
			for _, ref := range m.refs {
				m.reachedTheEnd(ref)
			}
		})
	}
}

// sendAway has everybody absent for the whole month, coordinators too.
func (m *month) sendAway() {
	m.Helper()
	people, err := m.town.Store.People(m.Context())
	must(m.T, err)
	for _, w := range people.Workers {
		away(m.T, m.town, w, routing.Absence{From: "2026-01-01", To: "2027-12-31"})
	}
}

// away has a worker be away then, and at no other time.
func away(t *testing.T, town *exampletest.Town, w routing.Worker, then routing.Absence) {
	t.Helper()
	by := casework.Audit{At: monday(), Worker: "willem", Page: "POST /desk/afwezig/{worker}"}
	must(t, town.Store.SaveAbsence(t.Context(), w.ID, w.Absent, []routing.Absence{then}, by))
}

// spoken is a case whose lead spoke with the resident and then left it alone.
func (m *month) spoken() casework.Reference {
	m.Helper()
	ref := m.town.Case(m.T, m.now, exampletest.Answers(nil)).ID
	for i, act := range []func(context.Context, casework.Click) error{m.town.Work.Accept, m.town.Work.Contacted} {
		c := m.read(ref).Case
		by := casework.Reader{Worker: c.Owner(), Coordinator: c.State == casework.Escalated}
		k := casework.Click{At: m.now, Case: ref, By: by, Shown: c.Version, Command: fmt.Sprint("act ", i)}
		if err := act(m.Context(), k); err != nil {
			m.Fatal(err)
		}
	}
	return ref
}

// reachedTheEnd: who owned it was told, a coordinator was, and in the end whom the municipality named; besides them only
// who had the offer or the first look.
func (m *month) reachedTheEnd(ref casework.Reference) {
	m.Helper()
	d, told := m.read(ref), m.told(ref)
	if !told[casework.LastResort] {
		m.Errorf("case %s is %s after weeks of silence, and the last resort never heard of it: %v", ref, d.Case.State, told)
	}
	mine := []string{casework.Resident, casework.LastResort, "willem"}
	for _, ev := range d.Events {
		mine = append(mine, ev.Lead, ev.Was)
	}
	mine = append(mine, d.Case.Look.Line...)
	for worker := range told {
		if !slices.Contains(mine, worker) {
			m.Errorf("case %s was told to %s, who has nothing to do with it", ref, worker)
		}
	}
	reminded := map[string]int{}
	for _, msg := range d.Messages {
		if strings.Contains(msg.ID, string(casework.MailReminder)) {
			reminded[fmt.Sprint(msg.Created.Format(time.DateOnly), msg.To)]++
		}
	}
	if len(reminded) < 3 {
		m.Errorf("case %s: reminders in weeks of silence: %v", ref, reminded)
	}
	for day, n := range reminded {
		if n > 6 {
			m.Errorf("case %s: %d reminders on one day for one person (%s)", ref, n, day)
		}
	}
}
