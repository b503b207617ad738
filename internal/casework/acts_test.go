package casework_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// byPeople are all the acts that a person does, by what each is recorded as, with arguments that mostly fit.
func (m *machine) byPeople(r *rapid.T) map[casework.EventKind]func(casework.Click) error {
	w := m.town.Work
	reason := rapid.SampledFrom([]string{"", "Dat is beter.", "Dat is beter."}).Draw(r, "reason")
	colleague := rapid.SampledFrom([]string{"fenna", "emre", "daan", "niemand"}).Draw(r, "colleague")
	way := rapid.SampledFrom([]casework.Way{casework.ByCall, casework.ByEmail, casework.ByLetter, ""}).Draw(r, "way")
	day := m.now.AddDate(0, 0, rapid.SampledFrom([]int{-1, 3, 20, 60}).Draw(r, "days ahead"))
	outcome := rapid.SampledFrom([]casework.Outcome{casework.Helped, casework.Advised, casework.OutOfArea}).Draw(r, "outcome")
	handing := casework.HandingOver{To: colleague, Talk: day, Told: way, Reason: reason}
	basis := rapid.SampledFrom([]casework.Basis{casework.OnTask, casework.OnConsent, casework.OnVital, ""}).Draw(r, "basis")
	told := rapid.Bool().Draw(r, "told")
	youth := rapid.Bool().Draw(r, "youth")
	emergency := casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: basis, Told: told}
	return map[casework.EventKind]func(casework.Click) error{
		casework.EvAccepted:  func(k casework.Click) error { return w.Accept(m.ctx, k) },
		casework.EvGivenBack: func(k casework.Click) error { return w.GiveBack(m.ctx, k, reason, way == "") },
		casework.EvPlaced:    func(k casework.Click) error { return w.Place(m.ctx, k, colleague, reason) },
		casework.EvWaitlisted: func(k casework.Click) error {
			return w.Waitlist(m.ctx, k, day, reason)
		},
		casework.EvCalled:    func(k casework.Click) error { return w.Called(m.ctx, k) },
		casework.EvMerged:    func(k casework.Click) error { return w.Merge(m.ctx, k) },
		casework.EvApart:     func(k casework.Click) error { return w.Apart(m.ctx, k) },
		casework.EvUnmerged:  func(k casework.Click) error { return w.Unmerge(m.ctx, k, reason) },
		casework.EvLooked:    func(k casework.Click) error { return w.Looked(m.ctx, k) },
		casework.EvTold:      func(k casework.Click) error { return w.Told(m.ctx, k, way) },
		casework.EvTried:     func(k casework.Click) error { return w.Tried(m.ctx, k, way) },
		casework.EvContacted: func(k casework.Click) error { return w.Contacted(m.ctx, k) },
		casework.EvPlanned: func(k casework.Click) error {
			return w.Plan(m.ctx, k, casework.MeetingPlan{At: day, Place: casework.AtHome})
		},
		casework.EvMissed: func(k casework.Click) error {
			if told {
				return w.MetHelper(m.ctx, k, casework.MeetingReport{Companion: true}, day)
			}
			return w.Missed(m.ctx, k)
		},
		casework.EvMet: func(k casework.Click) error {
			return w.Meet(m.ctx, k, casework.MeetingReport{Alone: true}, day)
		},
		casework.EvLost:        func(k casework.Click) error { return w.Lose(m.ctx, k) },
		casework.EvFound:       func(k casework.Click) error { return w.Find(m.ctx, k) },
		casework.EvPlanWritten: func(k casework.Click) error { return w.WritePlan(m.ctx, k, casework.Plan{}) },
		casework.EvConcluded:   func(k casework.Click) error { return w.Conclude(m.ctx, k) },
		casework.EvStarted:     func(k casework.Click) error { return w.Start(m.ctx, k, day) },
		casework.EvReviewed: func(k casework.Click) error {
			return w.Review(m.ctx, k, casework.Review{Level: casework.Same, Next: day}, reason)
		},
		casework.EvDimmed:    func(k casework.Click) error { return w.Dim(m.ctx, k, reason) },
		casework.EvSteppedUp: func(k casework.Click) error { return w.StepUp(m.ctx, k, day, reason) },
		casework.EvNoted:     func(k casework.Click) error { return w.Note(m.ctx, k, reason, casework.Note{For: casework.ForTeam}) },
		casework.EvAsked: func(k casework.Click) error {
			return w.Ask(m.ctx, k, casework.Asking{Of: colleague, Question: reason, Basis: basis, Told: told})
		},
		casework.EvAnswered:         func(k casework.Click) error { return w.Answer(m.ctx, k, reason) },
		casework.EvAskEnded:         func(k casework.Click) error { return w.EndAsk(m.ctx, k, colleague) },
		casework.EvHandoverBegun:    func(k casework.Click) error { return w.BeginHandover(m.ctx, k, handing) },
		casework.EvHandoverAccepted: func(k casework.Click) error { return w.AcceptHandover(m.ctx, k, day) },
		casework.EvHandoverEnded:    func(k casework.Click) error { return w.EndHandover(m.ctx, k, reason) },
		casework.EvObjected:         func(k casework.Click) error { return w.Object(m.ctx, k, reason) },
		casework.EvReassigned:       func(k casework.Click) error { return w.Reassign(m.ctx, k, handing) },
		casework.EvHandedBack:       func(k casework.Click) error { return w.HandBack(m.ctx, k, reason) },
		casework.EvAnotherAsked:     func(k casework.Click) error { return w.AskAnother(m.ctx, k, reason, way == "") },
		casework.EvAnotherRefused:   func(k casework.Click) error { return w.RefuseAnother(m.ctx, k, reason) },
		casework.EvMoved:            func(k casework.Click) error { return w.Move(m.ctx, k, casework.Relocation{Area: "zuid"}) },
		casework.EvKept:             func(k casework.Click) error { return w.Keep(m.ctx, k, reason) },
		casework.EvClosed:           func(k casework.Click) error { return w.Close(m.ctx, k, outcome, youth, reason) },
		casework.EvGivenUp:          func(k casework.Click) error { return w.GiveUp(m.ctx, k, reason) },
		casework.EvHandedOff: func(k casework.Click) error {
			return w.HandOff(m.ctx, k, way, reason, func(context.Context) ([]byte, error) { return []byte("{}"), nil })
		},
		casework.EvConfirmed:   func(k casework.Click) error { return w.ConfirmHandOff(m.ctx, k) },
		casework.EvReopened:    func(k casework.Click) error { return w.Reopen(m.ctx, k, reason) },
		casework.EvWithdrawn:   func(k casework.Click) error { return w.Withdraw(m.ctx, k, reason) },
		casework.EvResubmitted: func(k casework.Click) error { return w.Resubmit(m.ctx, k, reason) },
		casework.EvHeld:        func(k casework.Click) error { return w.Hold(m.ctx, k, reason) },
		casework.EvReleased:    func(k casework.Click) error { return w.Release(m.ctx, k, reason) },
		casework.EvGlassBroken: func(k casework.Click) error { return w.BreakGlass(m.ctx, k, emergency) },
	}
}

// act is one act by somebody: twice as often one that the table offers them as any other.
func (m *machine) act(r *rapid.T) {
	c, by := m.draw(r)
	acts := m.byPeople(r)
	var kinds []casework.EventKind
	for _, move := range casework.Moves() {
		if _, byPerson := acts[move.Kind]; byPerson {
			kinds = append(kinds, move.Kind)
		}
	}
	if offered := c.Offers(by, m.now); len(offered) > 0 && rapid.IntRange(0, 2).Draw(r, "offered") > 0 {
		kinds = slices.DeleteFunc(offered, func(k casework.EventKind) bool { return acts[k] == nil })
	}
	if len(kinds) == 0 {
		r.Skip("nothing to do")
	}
	kind := rapid.SampledFrom(kinds).Draw(r, "act")
	due, offered := c.Deadline(casework.DueAccept)
	offer := c.Offer(kind, by, m.now)
	k := m.click(r, c, by)
	err := acts[kind](k)
	m.allowed(r, err)
	after, readErr := m.town.Store.Case(m.ctx, c.ID)
	switch {
	case readErr != nil:
		r.Fatal(readErr)
	case err == nil && !offer:
		r.Fatalf("%s did %s to a case that is %s, and the table does not offer it", by.Worker, kind, c.State)
	case err == nil && kind == casework.EvAccepted && offered && !m.now.Before(due.At):
		r.Fatal("an expired offer was accepted") // I4
	case err != nil && after.Version != c.Version:
		r.Fatalf("%s was refused, and the case moved on", kind)
	case err == nil && after.Version == c.Version:
		r.Fatalf("%s was done, and the case did not move on", kind)
	}
	m.done[kind]++
}

func TestEveryMoveOfAPersonIsTried(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := &machine{town: &exampletest.Town{Town: &example.Town{}}, now: monday()}
		acts := m.byPeople(r)
		for _, move := range casework.Moves() {
			person := !slices.Equal(move.By, []casework.Relation{casework.TheService})
			if _, tried := acts[move.Kind]; tried != person && move.Kind != casework.EvAdded {
				t.Errorf("%s: tried %v, a person's %v", move.Kind, tried, person)
			}
		}
	})
}

// A case that was handed over, handed back or given up goes on where it stood, and nobody who was asked keeps it.
func TestACaseGoesThroughItsWholeLife(t *testing.T) { // invariant:I3
	l := newLife(t)
	l.must(l.work.Accept(t.Context(), l.click(l.lead())))
	l.must(l.work.Contacted(t.Context(), l.click(l.lead())))
	first := l.now.AddDate(0, 0, 2)
	l.must(l.work.Plan(t.Context(), l.click(l.lead()), casework.MeetingPlan{At: first, Place: casework.AtHome}))
	l.is(casework.MeetingPlanned, casework.DueRecord)
	l.now = first.Add(time.Hour)
	l.must(l.work.Meet(t.Context(), l.click(l.lead()), casework.MeetingReport{Companion: true}, time.Time{}))
	l.is(casework.InInquiry, casework.DueInquiry)
	l.must(l.work.Conclude(t.Context(), l.click(l.lead())))
	l.is(casework.Planning, casework.DueStart)
	l.must(l.work.Start(t.Context(), l.click(l.lead()), l.now.AddDate(0, 2, 0)))
	l.is(casework.Active, casework.DueReview)

	old := l.c().Lead
	next := "emre"
	if old == next {
		next = "fenna"
	}
	l.must(l.work.Ask(t.Context(), l.click(l.lead()), casework.Asking{Of: next, Question: "Denk je mee?", Basis: casework.OnTask}))
	l.must(l.work.BeginHandover(t.Context(), l.click(l.lead()), casework.HandingOver{To: next, Told: casework.ByCall, Reason: "Ik ga weg."}))
	l.is(casework.InHandover, casework.DueHandover)
	if got := l.c().Lead; got != old {
		t.Fatalf("lead is %s while the handover waits, want %s", got, old)
	}
	if err := l.work.AcceptHandover(t.Context(), l.click(reader(next)), time.Time{}); !casework.RefusedBecause(err, casework.NoSuchDate) {
		t.Fatalf("a handover without a talk of three: %v", err)
	}
	l.must(l.work.AcceptHandover(t.Context(), l.click(reader(next)), l.now.AddDate(0, 0, 4)))
	l.is(casework.Active, casework.DueReview)
	if c := l.c(); c.Lead != next || len(c.Asked) > 0 || c.MayRead(reader(old), l.now) {
		t.Fatalf("after the handover the case is %+v", c)
	}

	l.must(l.work.Dim(t.Context(), l.click(l.lead()), "Het gaat goed."))
	l.is(casework.PilotLight, casework.DueCheck)
	l.must(l.work.HandBack(t.Context(), l.click(reader("willem")), "Uit dienst."))
	l.is(casework.Escalated, casework.DueDecide)
	l.must(l.work.Accept(t.Context(), l.click(reader("willem"))))
	l.is(casework.PilotLight, casework.DueCheck)
	l.must(l.work.Close(t.Context(), l.click(reader("willem")), casework.Helped, false, "Het gaat goed."))
	if c := l.c(); c.State != casework.Closed || c.Outcome != casework.Helped || len(c.Deadlines) > 1 || c.Bears() != "" {
		t.Fatalf("after closing the case is %+v", c)
	}
	l.must(l.work.Reopen(t.Context(), l.click(reader("willem")), "Toch weer zorgen."))
	l.is(casework.Accepted, casework.DueContact)
}

// F6: the old lead stays lead, so that a meeting that was planned before the handover is written down by who was there; the
// new lead goes on from there.
func TestAMeetingDuringAHandoverIsRecorded(t *testing.T) { // feature:F6 //feature:I4 //invariant:I8
	for name, tt := range map[string]struct {
		acts []func(l *life) error
		want casework.State
		due  casework.DeadlineKind
	}{
		"it happened": {
			acts: []func(l *life) error{func(l *life) error {
				return l.work.Meet(t.Context(), l.click(l.lead()), casework.MeetingReport{Alone: true}, time.Time{})
			}},
			want: casework.InInquiry, due: casework.DueInquiry,
		},
		"nobody came, and it is planned again": {
			acts: []func(l *life) error{
				func(l *life) error { return l.work.Missed(t.Context(), l.click(l.lead())) },
				func(l *life) error {
					return l.work.Plan(t.Context(), l.click(l.lead()), casework.MeetingPlan{At: l.now.AddDate(0, 0, 2), Place: casework.AtHome})
				},
			},
			want: casework.MeetingPlanned, due: casework.DueRecord,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.must(l.work.Accept(t.Context(), l.click(l.lead())))
			first := l.now.AddDate(0, 0, 2)
			l.must(l.work.Plan(t.Context(), l.click(l.lead()), casework.MeetingPlan{At: first, Place: casework.AtHome}))
			l.must(l.work.BeginHandover(t.Context(), l.click(l.lead()), casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Ik ga weg."}))
			l.now = first.Add(time.Hour)
			l.is(casework.InHandover, casework.DueRecord)
			for _, act := range tt.acts {
				l.must(act(l))
			}
			l.is(casework.InHandover, casework.DueHandover)
			l.must(l.work.AcceptHandover(t.Context(), l.click(reader("emre")), l.now.AddDate(0, 0, 4)))
			l.is(tt.want, tt.due)
		})
	}
}

// Nobody finds a case gone from their list without having heard of it, whoever took it off: who leads it or was offered it,
// and who thinks along (F9).
func TestWhoLosesACaseHearsOfIt(t *testing.T) { // feature:F9 //invariant:I8
	willem := casework.Reader{Worker: "willem", Coordinator: true}
	asks := func(l *life) {
		l.must(l.work.Accept(t.Context(), l.click(l.lead())))
		l.must(l.work.Ask(t.Context(), l.click(l.lead()), casework.Asking{Of: "mees", Question: "Denk je mee?", Basis: casework.OnTask}))
	}
	nothing := func(*life) {}
	for name, tt := range map[string]struct {
		before func(l *life)
		act    func(l *life) error
		want   []string // besides the lead, and whose queue it is in
		lead   bool
	}{
		"an offer that goes to the waiting list": {
			before: nothing, lead: true,
			act: func(l *life) error {
				return l.work.Waitlist(t.Context(), l.click(willem), l.now.AddDate(0, 1, 0), "Vol.")
			},
		},
		"a case that a coordinator takes back": {
			before: asks, lead: true, want: []string{"willem"},
			act: func(l *life) error { return l.work.HandBack(t.Context(), l.click(willem), "Ze is ziek.") },
		},
		"a case that is withdrawn": {
			before: asks, want: []string{"mees"},
			act: func(l *life) error { return l.work.Withdraw(t.Context(), l.click(l.lead()), "Het hoeft niet meer.") },
		},
		"a case that is given up": {
			before: func(l *life) {
				asks(l)
				for _, way := range []casework.Way{casework.ByCall, casework.ByCall, casework.ByEmail} {
					l.must(l.work.Tried(t.Context(), l.click(l.lead()), way))
				}
				l.must(l.work.Lose(t.Context(), l.click(l.lead())))
			},
			lead: true, want: []string{"mees"},
			act: func(l *life) error { return l.work.GiveUp(t.Context(), l.click(willem), "Niemand doet open.") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			l, want := newLife(t), map[string]bool{}
			tt.before(l)
			if tt.lead {
				want[l.c().Lead] = true
			}
			for _, worker := range tt.want {
				want[worker] = true
			}
			l.must(tt.act(l))
			d, err := l.work.Store.Dossier(t.Context(), l.ref)
			l.must(err)
			if diff := cmp.Diff(want, heard(d, d.Events[len(d.Events)-1])); diff != "" {
				t.Errorf("of that is told (-want +got):\n%s", diff)
			}
		})
	}
}

// Who was found again was spoken with: nothing asks the lead for that a second time.
func TestWhoIsFoundWasSpokenWith(t *testing.T) {
	l := newLife(t)
	l.must(l.work.Accept(t.Context(), l.click(l.lead())))
	for _, way := range []casework.Way{casework.ByCall, casework.ByCall, casework.ByEmail} {
		l.must(l.work.Tried(t.Context(), l.click(l.lead()), way))
	}
	l.must(l.work.Lose(t.Context(), l.click(l.lead())))
	l.must(l.work.HandBack(t.Context(), l.click(reader("willem")), "Uit dienst."))
	l.must(l.work.Accept(t.Context(), l.click(reader("willem"))))
	l.is(casework.ContactLost, casework.DueContact)
	l.must(l.work.Find(t.Context(), l.click(reader("willem"))))
	c := l.c()
	if due, owed := c.Deadline(casework.DueContact); owed {
		t.Errorf("the lead is asked again: %+v", due)
	}
}

// F7, E15: a resident who does not want the new lead keeps the old one, whatever page the new one has open. A coordinator
// hears of it, and finds another or says why not.
func TestAnObjectionStopsAHandover(t *testing.T) { // feature:F7 //feature:E15 //invariant:I8
	l := newLife(t)
	l.must(l.work.Accept(t.Context(), l.click(l.lead())))
	old := l.c().Lead
	hands := casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Ik ga weg."}
	l.must(l.work.BeginHandover(t.Context(), l.click(l.lead()), hands))
	accepts := l.click(reader("emre"))
	if err := l.work.Object(t.Context(), l.click(l.lead()), " "); !casework.RefusedBecause(err, casework.NoReason) {
		t.Errorf("without a reason: %v", err)
	}
	l.must(l.work.Object(t.Context(), l.click(l.lead()), "Ze kent Emre van de voetbal."))
	if err := l.work.AcceptHandover(t.Context(), accepts, l.now.AddDate(0, 0, 4)); err == nil {
		t.Error("the new lead takes over nevertheless")
	}
	d, err := l.work.Store.Dossier(t.Context(), l.ref)
	l.must(err)
	due, owed := d.Case.Deadline(casework.DueAnother)
	if d.Case.State != casework.Accepted || d.Case.Lead != old || !owed || due.Owner != "willem" {
		t.Errorf("the case is %s with %s, and %q decides", d.Case.State, d.Case.Lead, due.Owner)
	}
	last := d.Events[len(d.Events)-1]
	if diff := cmp.Diff(map[string]bool{"willem": true, "emre": true}, heard(d, last)); last.Kind != casework.EvObjected || diff != "" {
		t.Errorf("the history ends with %s, of which is told (-want +got):\n%s", last.Kind, diff)
	}
	willem := casework.Reader{Worker: "willem", Coordinator: true}
	l.must(l.work.RefuseAnother(t.Context(), l.click(willem), "Voorlopig blijft het zo."))
}

// G1: what a coordinator has to decide of a case that stands with its lead is in the coordinator's list, as long as it waits.
func TestWhatACoordinatorDecidesIsInTheirList(t *testing.T) { // feature:G1 //feature:E15 //invariant:I8
	willem := casework.Reader{Worker: "willem", Coordinator: true}
	for name, tt := range map[string]struct {
		asks, decides func(l *life)
		due           casework.DeadlineKind
	}{
		"another lead": {
			asks: func(l *life) {
				l.must(l.work.AskAnother(t.Context(), l.click(l.lead()), "Ze kennen elkaar.", false))
			},
			decides: func(l *life) {
				l.must(l.work.RefuseAnother(t.Context(), l.click(willem), "Er is niemand anders."))
			},
			due: casework.DueAnother,
		},
		"no contact": {
			asks: func(l *life) {
				for _, way := range []casework.Way{casework.ByCall, casework.ByCall, casework.ByEmail} {
					l.must(l.work.Tried(t.Context(), l.click(l.lead()), way))
				}
				l.must(l.work.Lose(t.Context(), l.click(l.lead())))
			},
			decides: func(l *life) { l.must(l.work.Find(t.Context(), l.click(l.lead()))) },
			due:     casework.DueFind,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.must(l.work.Accept(t.Context(), l.click(l.lead())))
			tt.asks(l)
			c := l.c()
			due, _ := c.Deadline(tt.due)
			list, err := l.work.Store.Standing(t.Context(), "willem", "")
			if err != nil || len(list.Cases) != 1 || due.Owner != "willem" || !c.Beside()["willem"].Equal(due.At) {
				t.Fatalf("%d cases wait for the coordinator, who owns %+v (%v)", len(list.Cases), due, err)
			}
			tt.decides(l)
			if list, err = l.work.Store.Standing(t.Context(), "willem", ""); err != nil || len(list.Cases) > 0 {
				t.Errorf("%d cases wait for the coordinator, who decided (%v)", len(list.Cases), err)
			}
		})
	}
}

// E14: another area changes no lead. It proposes one, and whether the lead stays is asked until a person says so.
func TestAnotherAreaOnlyProposesAnotherLead(t *testing.T) { // feature:E14 //invariant:I8
	willem := casework.Reader{Worker: "willem", Coordinator: true}
	answers := map[string]func(l *life){
		"the lead stays": func(l *life) { l.must(l.work.Keep(t.Context(), l.click(l.lead()), "Ze kennen elkaar.")) },
		"another leads": func(l *life) {
			l.must(l.work.Reassign(t.Context(), l.click(willem), casework.HandingOver{To: l.c().Suggested, Told: casework.ByCall, Reason: "Dichterbij."}))
		},
		"nobody leads any more": func(l *life) { l.must(l.work.HandBack(t.Context(), l.click(willem), "Ze is ziek.")) },
		"they move back": func(l *life) {
			l.must(l.work.Move(t.Context(), l.click(l.lead()), casework.Relocation{Area: "noord"}))
		},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			l.must(l.work.Accept(t.Context(), l.click(l.lead())))
			lead := l.c().Lead
			l.must(l.work.Move(t.Context(), l.click(l.lead()), casework.Relocation{Area: "zuid"}))
			c := l.c()
			due, owed := c.Deadline(casework.DueKeep)
			if c.Lead != lead || c.Area != "zuid" || c.Suggested == "" || c.Suggested == lead || !owed || due.Owner != lead {
				t.Fatalf("%s leads it in %s, %q is proposed, and %+v", c.Lead, c.Area, c.Suggested, due)
			}
			answer(l)
			c = l.c()
			if _, owed := c.Deadline(casework.DueKeep); owed || c.Suggested != "" {
				t.Errorf("after the answer %q is proposed, still asked: %v", c.Suggested, owed)
			}
		})
	}
}

// G4: who stands in for a coordinator does what waits for that one, and is no coordinator of anything else.
func TestWhoStandsInForACoordinatorDoesWhatWaitsForThem(t *testing.T) { // feature:G4 //invariant:I8 //invariant:I10
	standIn := casework.Reader{Worker: "mees", StandsInFor: []string{"willem"}}
	for name, tt := range map[string]struct {
		waits func(l *life)
		act   func(l *life) error
	}{
		"a case without a lead": {
			waits: func(l *life) { l.must(l.work.HandBack(t.Context(), l.click(reader("willem")), "Ze is ziek.")) },
			act: func(l *life) error {
				l.must(l.work.Waitlist(t.Context(), l.click(standIn), l.now.AddDate(0, 1, 0), "Vol."))
				l.is(casework.Waiting, casework.DueCall)
				if c := l.c(); c.Coordinator != "willem" {
					t.Errorf("it is on the waiting list of %s", c.Coordinator)
				}
				l.must(l.work.Called(t.Context(), l.click(standIn)))
				return l.work.Place(t.Context(), l.click(standIn), "emre", "Kent de wijk.")
			},
		},
		"a resident who wants another lead": {
			waits: func(l *life) {
				l.must(l.work.Accept(t.Context(), l.click(l.lead())))
				l.must(l.work.AskAnother(t.Context(), l.click(l.lead()), "Ze vraagt het.", false))
			},
			act: func(l *life) error {
				return l.work.Reassign(t.Context(), l.click(standIn), casework.HandingOver{To: "emre", Told: casework.ByCall, Reason: "Op verzoek."})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLife(t)
			if c := l.c(); c.MayRead(standIn, l.now) {
				t.Error("what does not wait for the coordinator is theirs to read")
			}
			tt.waits(l)
			l.must(tt.act(l))
			if c := l.c(); c.Lead != "emre" || c.MayRead(standIn, l.now) {
				t.Errorf("it is with %s, and still theirs to read: %v", c.Owner(), c.MayRead(standIn, l.now))
			}
		})
	}
}

// D5: no urgent case ends before somebody looked, in whatever way it ends.
func TestNothingEndsBeforeTheFirstLook(t *testing.T) { // feature:D5 //invariant:I8
	for _, move := range casework.Moves() {
		for _, to := range []casework.State{casework.Closed, casework.Withdrawn, casework.Merged} {
			for _, from := range casework.States() {
				if !move.Leads(from, to) || from == to {
					continue
				}
				c := casework.Case{State: from, Lead: "fenna", Look: casework.FirstLook{Line: []string{"ilse"}, Asked: 1}, Proposed: "K7M-4RT-9XC"}
				if from.Queued() {
					c.Lead, c.Coordinator = "", "willem"
				}
				for _, by := range []casework.Reader{{Worker: "fenna"}, {Worker: "willem", Coordinator: true}} {
					if c.Offer(move.Kind, by, monday()) {
						t.Errorf("%s may do %s to a case that is %s, and nobody looked", by.Worker, move.Kind, from)
					}
				}
			}
		}
	}
}

// life is one case on its way.
type life struct {
	*testing.T
	work casework.Work
	ref  casework.Reference
	now  time.Time
	acts int
}

func newLife(t *testing.T) *life {
	t.Helper()
	town := exampletest.New(t)
	return &life{T: t, work: town.Work, ref: town.Case(t, monday(), exampletest.Answers(nil)).ID, now: monday()}
}

func (l *life) c() casework.Case {
	l.Helper()
	c, err := l.work.Store.Case(l.Context(), l.ref)
	l.must(err)
	return c
}

func (l *life) lead() casework.Reader { return reader(l.c().Lead) }

func (l *life) click(by casework.Reader) casework.Click {
	l.acts++
	return casework.Click{At: l.now, Case: l.ref, By: by, Shown: l.c().Version, Command: fmt.Sprint("act ", l.acts)}
}

func (l *life) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *life) is(state casework.State, due casework.DeadlineKind) {
	l.Helper()
	c := l.c()
	d, owed := c.Deadline(due)
	if c.State != state || !owed || d.Owner != c.Owner() {
		l.Fatalf("case is %s with %+v, want %s with %s of %s", c.State, c.Deadlines, state, due, c.Owner())
	}
}
