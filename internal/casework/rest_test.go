package casework_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
	"voordeur/schemas"
)

// stands lists the states in which a case may have a deadline of a kind. The random acts of machine_test.go hold it true.
func stands(kind casework.DeadlineKind) []casework.State {
	led := []casework.State{
		casework.Accepted, casework.MeetingPlanned, casework.InInquiry, casework.Planning, casework.Active, casework.PilotLight,
	}
	before := []casework.State{casework.Assigned, casework.Escalated, casework.Waiting} // also after it had a lead
	met := append(slices.Clone(led), casework.InHandover)
	taken := append(slices.Clone(met), casework.ContactLost)
	states := map[casework.DeadlineKind][]casework.State{
		casework.DueAccept:   {casework.Assigned},
		casework.DueDecide:   {casework.Escalated},
		casework.DuePlace:    {casework.Waiting},
		casework.DueCall:     {casework.Waiting},
		casework.DueContact:  append(slices.Clone(before), taken...),
		casework.DueLook:     append(slices.Clone(before), taken...),
		casework.DueLookNext: append(slices.Clone(before), taken...),
		casework.DueReceipt:  append(slices.Clone(before), taken...),
		casework.DueInvite:   append(slices.Clone(before), met...),
		casework.DueRecord:   append(slices.Clone(before), met...),
		casework.DueInquiry:  append(slices.Clone(before), append(slices.Clone(led[:3]), casework.InHandover, casework.ContactLost)...),
		casework.DueStart:    append(slices.Clone(before), casework.Planning, casework.InHandover),
		casework.DueReview:   append(slices.Clone(before), casework.Active, casework.InHandover),
		casework.DueCheck:    append(slices.Clone(before), casework.PilotLight, casework.InHandover),
		casework.DueHandover: {casework.InHandover},
		casework.DueFind:     append(slices.Clone(before), casework.ContactLost),
		casework.DueAnother:  taken,
		casework.DueKeep:     taken,
		casework.DueHandOff:  append(slices.Clone(before), casework.Planning, casework.InHandover, casework.Closed),
		casework.DueHold:     slices.Concat(before, taken, []casework.State{casework.Closed, casework.Withdrawn}),
		casework.DueDestroy:  {casework.Closed, casework.Withdrawn},
	}
	return states[kind]
}

// needs is where the help stands for a deadline of a kind to be there, while the case is being handed over or has no lead.
func needs(kind casework.DeadlineKind) casework.State {
	switch kind { //nolint:exhaustive // the others are the same anywhere
	case casework.DueStart, casework.DueHandOff:
		return casework.Planning
	case casework.DueReview:
		return casework.Active
	case casework.DueCheck:
		return casework.PilotLight
	case casework.DueFind:
		return casework.ContactLost
	}
	return casework.InInquiry
}

// meeting is one case with one deadline that went by, and those who can do something about it.
type meeting struct {
	c                      *casework.Case
	m                      *municipality.Municipality
	lead, next, coordinate casework.Act
}

func meetingOf(m *municipality.Municipality, kind casework.DeadlineKind, state casework.State) meeting {
	now := monday()
	by := func(worker string) casework.Act {
		return casework.Act{
			At: now, By: worker, As: casework.Reader{Worker: worker, Coordinator: worker == "willem"}, Command: "meet", Reason: []byte("sealed"),
		}
	}
	went := now.Add(-time.Hour)
	due := casework.Deadline{For: kind, Owner: "fenna", At: went, Wake: went}
	if kind == casework.DueAccept { // one that expired is the coordinator's
		due.At, due.Wake = now.Add(time.Hour), now.Add(time.Hour)
	}
	c := &casework.Case{
		ID: "K7M-4RT-9XC", State: state, Lead: "fenna", Area: "noord", Reported: now.AddDate(0, 0, -30), Deadlines: []casework.Deadline{due},
		Look: casework.FirstLook{Line: []string{"fenna"}, Asked: 1}, Suggested: "emre", Meeting: went,
	}
	if kind != casework.DueLook && kind != casework.DueLookNext {
		c.Look = casework.FirstLook{}
	}
	switch state { //nolint:exhaustive // the others stand by themselves
	case casework.Escalated, casework.Waiting:
		c.Lead, c.Coordinator, c.Resume = "", "willem", needs(kind)
	case casework.Assigned:
		c.Resume = needs(kind)
	case casework.InHandover:
		c.Resume, c.Handover = needs(kind), casework.Handover{To: "emre", Talk: now.AddDate(0, 0, 1)}
	case casework.Closed:
		c.Outcome, c.EndedAt = casework.HandedOff, went
	}
	if kind == casework.DueHold {
		c.Held = casework.Hold{By: "willem", Since: went}
	}
	return meeting{c: c, m: m, lead: by("fenna"), next: by("emre"), coordinate: by("willem")}
}

// owner acts for whom the case stands with.
func (t meeting) owner() casework.Act {
	if t.c.State.Queued() {
		return t.coordinate
	}
	return t.lead
}

// meet does what a deadline asks for, by who owns it, without another lead coming first.
func (t meeting) meet(kind casework.DeadlineKind) (err error) {
	c, m, soon, another := t.c, t.m, t.lead.At.AddDate(0, 0, 7), routing.Worker{ID: "emre", Active: true}
	switch kind {
	case casework.DueAccept:
		_, err = c.Accept(t.lead, m)
	case casework.DueDecide, casework.DuePlace:
		_, err = c.Place(t.coordinate, another, m)
	case casework.DueCall:
		_, err = c.Called(t.coordinate, m)
	case casework.DueContact:
		if c.State == casework.Waiting {
			_, err = c.Called(t.coordinate, m)
			return err
		}
		if !c.State.Taken() { // who says yes calls
			if _, err = c.Accept(t.owner(), m); err != nil {
				return err
			}
		}
		_, err = c.Contacted(casework.Act{At: t.lead.At, By: c.Lead, As: casework.Reader{Worker: c.Lead}})
	case casework.DueLook, casework.DueLookNext:
		_, err = c.Looked(t.owner())
	case casework.DueReceipt:
		_, err = c.Told(t.owner(), casework.ByCall)
	case casework.DueInvite:
		_, err = c.Plan(t.lead, soon, m)
	case casework.DueRecord:
		_, err = c.Missed(t.lead, time.Time{}, m)
	case casework.DueInquiry:
		if c.State == casework.Accepted || c.State == casework.MeetingPlanned { // the way there is the lead's too
			if _, err = c.Meet(t.lead, time.Time{}, m); err != nil {
				return err
			}
		}
		_, err = c.Conclude(t.lead, m)
	case casework.DueStart:
		_, err = c.Start(t.lead, soon, m)
	case casework.DueReview, casework.DueCheck:
		_, err = c.Review(t.lead, soon, m)
	case casework.DueHandover:
		_, err = c.AcceptHandover(t.next, time.Time{}, m)
	case casework.DueFind:
		_, err = c.Find(t.coordinate, m)
	case casework.DueAnother:
		_, err = c.RefuseAnother(t.coordinate)
	case casework.DueKeep:
		_, err = c.Keep(t.lead)
	case casework.DueHandOff:
		if c.State == casework.Closed {
			_, err = c.Confirm(t.lead, m)
			return err
		}
		_, err = c.HandOff(t.lead, casework.ByCall, m)
	case casework.DueHold:
		_, err = c.Release(t.coordinate, m)
	case casework.DueDestroy:
		_, err = c.Destroy(casework.Act{At: t.lead.At, By: casework.Service})
	}
	return err
}

// Nobody is reminded of what nobody can do: each deadline, in each state in which a case may have it, is met by a move, or
// rests. Every move of a person has a page (TestEveryMoveOfAPersonHasAnAct), so it is met there. And none rests that can be
// met: that would be silence.
func TestEveryDeadlineCanBeMetOrRests(t *testing.T) { // invariant:I8
	for _, name := range []string{"waterstad", "duinrand"} {
		data, err := schemas.Municipality(name)
		must(t, err)
		m, err := municipality.Read(data)
		must(t, err)
		for _, kind := range casework.DeadlineKinds() {
			states := stands(kind)
			if len(states) == 0 {
				t.Errorf("%s stands in no state: say where in stands, and what meets it in meet", kind)
			}
			elsewhere := kind == casework.DueStart && m.Until == municipality.UntilHandOff ||
				kind == casework.DueHandOff && m.Until == municipality.UntilClosed
			for _, state := range states {
				if elsewhere {
					continue
				}
				t.Run(fmt.Sprintf("%s, %s while %s", name, kind, state), func(t *testing.T) {
					one := meetingOf(m, kind, state)
					rests := len(one.c.Pressing()) == 0
					was, _ := one.c.Deadline(kind)
					err := one.meet(kind)
					is, owed := one.c.Deadline(kind)
					met := err == nil && (!owed || is.At.After(was.At))
					if met == rests {
						t.Errorf("met: %t (%v), rests: %t", met, err, rests)
					}
				})
			}
		}
	}
}

// What could not be done while a case was on its way to another lead has a short term once it has one: it is not
// reminded of before, and then it is not forgotten. When it was due stays as it was.
func TestWhatRestedDuringAHandoverGoesOn(t *testing.T) { // feature:F6 //invariant:I8
	for name, end := range map[string]func(l *life) error{
		"with the new lead": func(l *life) error {
			return l.work.AcceptHandover(t.Context(), l.click(reader("emre")), l.now.AddDate(0, 0, 4))
		},
		"with the old lead": func(l *life) error { return l.work.EndHandover(t.Context(), l.click(l.lead()), "Toch niet.") },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.must(l.work.Accept(t.Context(), l.click(l.lead())))
			l.must(l.work.Meet(t.Context(), l.click(l.lead()), casework.MeetingReport{}, time.Time{}))
			l.must(l.work.Conclude(t.Context(), l.click(l.lead())))
			start, _ := new(l.c()).Deadline(casework.DueStart)
			l.now = start.At.Add(-time.Hour)
			l.must(l.work.BeginHandover(t.Context(), l.click(l.lead()), casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Ik ga weg."}))
			l.now = start.At.AddDate(0, 0, 4)
			l.must(l.work.Overdue(t.Context(), l.now, l.ref))
			if due, _ := new(l.c()).Deadline(casework.DueStart); due.Told > 0 {
				t.Errorf("the lead was reminded %d times of what cannot be done", due.Told)
			}
			l.must(end(l))
			c := l.c()
			due, _ := c.Deadline(casework.DueStart)
			if due.Owner != c.Lead || !due.At.Equal(start.At) || !due.Wake.After(l.now) || due.Wake.After(l.now.AddDate(0, 0, 4)) {
				t.Errorf("it goes on with %+v on %s", due, l.now)
			}
			l.now = due.Wake
			l.must(l.work.Overdue(t.Context(), l.now, l.ref))
			if due, _ := new(l.c()).Deadline(casework.DueStart); due.Told != 1 {
				t.Errorf("the lead was reminded %d times, want once", due.Told)
			}
		})
	}
}

// Help that began is looked at again while it is being handed over: the old lead stays lead.
func TestHelpIsLookedAtDuringAHandover(t *testing.T) { // feature:F6
	l := newLife(t)
	l.must(l.work.Accept(t.Context(), l.click(l.lead())))
	l.must(l.work.Meet(t.Context(), l.click(l.lead()), casework.MeetingReport{}, time.Time{}))
	l.must(l.work.BeginHandover(t.Context(), l.click(l.lead()), casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Ik ga weg."}))
	again := casework.Review{Level: casework.Same, Next: l.now.AddDate(0, 2, 0)}
	if err := l.work.Review(t.Context(), l.click(l.lead()), again, "Gaat goed."); !casework.RefusedBecause(err, casework.WrongState) {
		t.Errorf("before any help began: %v", err)
	}
	l.must(l.work.EndHandover(t.Context(), l.click(l.lead()), "Nog niet."))
	l.must(l.work.Conclude(t.Context(), l.click(l.lead())))
	l.must(l.work.Start(t.Context(), l.click(l.lead()), l.now.AddDate(0, 1, 0)))
	l.must(l.work.BeginHandover(t.Context(), l.click(l.lead()), casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Ik ga weg."}))
	l.must(l.work.Review(t.Context(), l.click(l.lead()), again, "Gaat goed."))
	l.must(l.work.AcceptHandover(t.Context(), l.click(reader("emre")), l.now.AddDate(0, 0, 4)))
	l.is(casework.Active, casework.DueReview)
	if due, _ := new(l.c()).Deadline(casework.DueReview); due.Owner != "emre" || due.At.Before(l.now.AddDate(0, 1, 15)) {
		t.Errorf("it is looked at again by %+v", due)
	}
}
