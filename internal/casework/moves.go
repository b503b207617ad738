package casework

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// TransitionError means that a move does not fit the case as it stands; nothing was changed.
type TransitionError struct {
	Move  EventKind
	State State
	Why   Refusal
}

// Refusal is why a move was refused.
type Refusal string

// The refusals.
const (
	WrongState  Refusal = "wrong_state"  // the case is elsewhere in its life
	NotYours    Refusal = "not_yours"    // somebody else owns it
	OfferPassed Refusal = "offer_passed" // the term went by; the coordinator has it or is about to
	NoReason    Refusal = "no_reason"    // a reason is needed
	NoSuchLead  Refusal = "no_such_lead" // that worker cannot lead it
	KnowsThem   Refusal = "knows_them"   // that worker said so, of the household
	LookFirst   Refusal = "look_first"   // somebody on duty has to look first
	TooLate     Refusal = "too_late"     // the term to take it back went by
	NotProposed Refusal = "not_proposed" // no running case was proposed
	SayWhich    Refusal = "say_which"    // first say whether it is the same household
	AcceptFirst Refusal = "accept_first" // first accept the running case
	TellFirst   Refusal = "tell_first"   // first give the resident the receipt
	NotSafe     Refusal = "not_safe"     // the resident did not call that way safe
	NotYet      Refusal = "not_yet"      // the meeting is still to come, or none was planned
	TryAgain    Refusal = "try_again"    // three tries in two ways come first
	NoSuchDate  Refusal = "no_such_date" // that day went by, or is too far away
	NotSo       Refusal = "not_so"       // a case cannot end that way from here
	NoBasis     Refusal = "no_basis"     // it may not be shared with that person on that basis
	NotHere     Refusal = "not_here"     // casework of this municipality does not go that way
	IsConfirmed Refusal = "confirmed"    // the municipality's own case system has it
)

// Error names the move and the reason.
func (e *TransitionError) Error() string {
	return fmt.Sprintf("%s while %s: %s", e.Move, e.State, e.Why)
}

// RefusedBecause says whether err is a TransitionError for one of these reasons.
func RefusedBecause(err error, why ...Refusal) bool {
	t, ok := errors.AsType[*TransitionError](err)
	return ok && slices.Contains(why, t.Why)
}

// Act is who does a move, when and by which command, with what its event keeps sealed.
type Act struct {
	At      time.Time
	By      string // worker id, Service or CaseSystem
	As      Reader // the worker; zero for the service
	Command string
	Entered string // worker who filled in the report that a case is made of, "" for the resident
	Reason  Envelope
	Why     Envelope
	Record  Envelope
}

// bare is the act without what is sealed: that belongs to one case only.
func (a Act) bare() Act { return Act{At: a.At, By: a.By, As: a.As, Command: a.Command} }

func (a Act) event(kind EventKind) Event {
	return Event{
		Kind: kind, At: a.At.UTC(), By: a.By, Command: a.Command, Entered: a.Entered,
		Reason: a.Reason, Why: a.Why, Record: a.Record,
	}
}

// secondLook is after how long an unseen first look goes to the next on the roster as well (domain.md §3).
const secondLook = 30 * time.Minute

// Open makes the case of a report, offered to the lead that was decided or in the coordinator's queue.
func Open(a Act, f routing.Facts, d routing.Decision, m *municipality.Municipality) (*Case, Event, error) {
	c := &Case{
		ID:       Reference(f.CaseID),
		State:    Submitted,
		Priority: f.Priority,
		Area:     f.Area,
		Weight:   routing.Weight(f.Priority),
		Reported: f.Reported.UTC(),
		Nearby:   f.Match != nil && !f.Match.Closed,
	}
	if len(d.FirstLook) > 0 {
		c.Look = FirstLook{Line: d.FirstLook, Asked: 1}
		c.setDeadline(DueLook, c.Look.Holder(), m.Due(a.At, m.TermsOf(c.Priority).FirstLook))
		c.setDeadline(DueLookNext, c.Look.Holder(), a.At.UTC().Add(secondLook))
	}
	ev := a.event(EvAssigned)
	if d.Step == routing.StepCoordinator {
		ev.Kind = EvEscalated
	}
	c.follow(&ev, d, m)
	if d.Step == routing.StepContinuity && !f.Match.Closed {
		c.Proposed = Reference(f.Match.Case)
	}
	c.setDeadline(DueContact, c.Owner(), m.Due(c.Reported, m.TermsOf(c.Priority).FirstContact))
	ev, err := c.chain(ev)
	return c, ev, err
}

// Accept makes the offer's worker, or a coordinator from the queue, the lead. An offer that has expired cannot be
// accepted (I4). A case that had a lead before goes on where it stood.
func (c *Case) Accept(a Act, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvAccepted, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvAccepted)
	to := c.Resume
	if to == "" {
		to = Accepted
		c.AcceptedAt = a.At.UTC()
	}
	c.Resume = ""
	c.stand(&ev, to, c.Owner(), "")
	c.wake(ev.From, a.At, m)
	if to == Accepted {
		c.expectMeeting(a.At, m)
	}
	return c.chain(ev)
}

// GiveBack moves an offer to the next decision, which was made without this worker.
func (c *Case) GiveBack(a Act, next routing.Decision, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvGivenBack, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvGivenBack)
	c.GaveBack = append(slices.Clone(c.GaveBack), c.Lead)
	c.follow(&ev, next, m)
	return c.chain(ev)
}

// Pass puts an offer that expired in silence in the coordinator's queue, never with more workers (E10).
func (c *Case) Pass(a Act, coordinator string, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvPassed, a); err != nil {
		return Event{}, err
	}
	ev := a.event(EvPassed)
	c.GaveBack = append(slices.Clone(c.GaveBack), c.Lead)
	c.queue(&ev, coordinator, m)
	return c.chain(ev)
}

// Place is the coordinator's act: the case goes from the queue or the waiting list to a worker, who may be somebody
// without room.
func (c *Case) Place(a Act, lead routing.Worker, m *municipality.Municipality) (Event, error) {
	if err := c.may(EvPlaced, a); err != nil {
		return Event{}, err
	}
	if !lead.TakesCases(a.At) {
		return Event{}, c.refuse(EvPlaced, NoSuchLead)
	}
	ev := a.event(EvPlaced)
	c.offer(&ev, lead.ID, m)
	return c.chain(ev)
}

// Looked records the first human look.
func (c *Case) Looked(a Act) (Event, error) {
	if err := c.may(EvLooked, a); err != nil {
		return Event{}, err
	}
	c.Look.SeenBy, c.Look.SeenAt = a.By, a.At.UTC()
	c.dropDeadline(DueLook, DueLookNext)
	return c.chain(c.unmoved(a.event(EvLooked)))
}

// LookNext asks the next on the roster as well, since nobody has looked for half an hour; at the line's end it asks
// nobody more, and the coordinator is told again each time.
func (c *Case) LookNext(a Act, coordinator string) (Event, error) {
	if err := c.may(EvLookNext, a); err != nil {
		return Event{}, err
	}
	if c.Look.Asked < len(c.Look.Line) {
		c.Look.Asked++
	}
	c.dropDeadline(DueLookNext)
	if c.Look.Asked < len(c.Look.Line) {
		c.setDeadline(DueLookNext, c.Look.Holder(), a.At.UTC().Add(secondLook))
	}
	ev := c.unmoved(a.event(EvLookNext))
	ev.Subject = coordinator
	return c.chain(ev)
}

// follow puts the case where a decision says.
func (c *Case) follow(ev *Event, d routing.Decision, m *municipality.Municipality) {
	c.Step, c.Rule = d.Step, d.Rule
	if d.Step == routing.StepCoordinator {
		c.queue(ev, d.Winner, m)
		return
	}
	c.offer(ev, d.Winner, m)
}

// offer puts the case before one worker, until the term to accept ends.
func (c *Case) offer(ev *Event, lead string, m *municipality.Municipality) {
	c.stand(ev, Assigned, lead, "")
	c.setDeadline(DueAccept, lead, m.Due(ev.At, m.TermsOf(c.Priority).Accept))
}

// queue puts the case in a coordinator's queue.
func (c *Case) queue(ev *Event, coordinator string, m *municipality.Municipality) {
	c.stand(ev, Escalated, "", coordinator)
	c.setDeadline(DueDecide, coordinator, m.Due(ev.At, m.TermsOf(c.Priority).Escalated))
}

// stand moves the case to a state and owner, and hands what the owner must do to that owner.
func (c *Case) stand(ev *Event, to State, lead, coordinator string) {
	c.Proposed = ""
	ev.From, ev.Was = c.State, c.Owner()
	c.State, c.Lead, c.Coordinator, c.Since = to, lead, coordinator, ev.At
	ev.To, ev.Lead = to, lead
	c.dropDeadline(DueAccept, DueDecide, DuePlace, DueCall, DueDestroy)
	if c.Owner() != ev.Was {
		c.handDeadlines()
	}
}

func (c *Case) unmoved(ev Event) Event {
	ev.From, ev.To, ev.Lead, ev.Was = c.State, c.State, c.Lead, c.Owner()
	return ev
}

func (c *Case) refuse(move EventKind, why Refusal) error {
	return &TransitionError{Move: move, State: c.State, Why: why}
}
