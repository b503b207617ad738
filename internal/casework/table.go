package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// Move is a line of the table of moves: what may happen to a case, from where to where, and who may do it.
type Move struct {
	Kind   EventKind
	Paths  []Path
	By     []Relation         // any of these
	Reason bool               // a person has to say why
	Fits   fits               // nil: always
	Until  municipality.Until // made only where casework goes so far; "": everywhere
}

// Path is where a move leads from some states.
type Path struct {
	From []State
	To   State // "": the case stays where it stands, or goes back
	Back bool  // to where the case stood when it had a lead before
}

// fits says why a move does not fit a case at a moment, "" when it does.
type fits func(c *Case, at time.Time) Refusal

func to(state State, from ...State) Path { return Path{From: from, To: state} }

func stays(from ...State) Path { return Path{From: from} }

func back(from ...State) Path { return Path{From: from, Back: true} }

func paths(all ...Path) []Path { return all }

// Moves is the table: all that can happen to a case, in the order of its life. What is not in it cannot happen.
func Moves() []Move {
	led := []State{Accepted, MeetingPlanned, InInquiry, Planning, Active, PilotLight}
	taken := append(slices.Clone(led), InHandover, ContactLost)
	open := append([]State{Assigned, Escalated, Waiting}, taken...)
	lead, coordinator := []Relation{TheLead}, []Relation{ACoordinator}
	owner, service := []Relation{TheOwner}, []Relation{TheService}
	either := []Relation{TheLead, ACoordinator}
	anywhere, whileTaken, whileLed := paths(stays(open...)), paths(stays(taken...)), paths(stays(led...))
	meets := append(slices.Clone(led), InHandover) // the old lead stays lead, also of a meeting that was planned
	routed := paths(to(Assigned, Assigned), to(Escalated, Assigned))
	return []Move{
		// finding the one lead
		{Kind: EvAssigned, Paths: paths(to(Assigned, Submitted)), By: service},
		{Kind: EvEscalated, Paths: paths(to(Escalated, Submitted)), By: service},
		{Kind: EvSmokeTest, Paths: paths(to(Rehearsed, Submitted)), By: service},
		{Kind: EvAccepted, Paths: paths(to(Accepted, Assigned, Escalated), back(Assigned, Escalated)), By: owner, Fits: all(atOneHousehold, inTime)},
		{Kind: EvGivenBack, Paths: routed, By: lead, Reason: true, Fits: inTime},
		{Kind: EvPassed, Paths: paths(to(Escalated, Assigned)), By: service, Fits: offerOver},
		{Kind: EvPlaced, Paths: paths(to(Assigned, Escalated, Waiting)), By: coordinator, Reason: true},
		{Kind: EvWaitlisted, Paths: paths(to(Waiting, Assigned, Escalated)), By: coordinator, Reason: true},
		{Kind: EvCalled, Paths: paths(stays(Waiting)), By: coordinator},
		{Kind: EvMerged, Paths: paths(to(Merged, Assigned)), By: lead, Fits: all(proposed, inTime, lookedAt, toldByHand)},
		{Kind: EvAdded, Paths: whileLed, By: lead, Fits: never},
		{Kind: EvApart, Paths: routed, By: lead, Fits: all(proposed, inTime)},
		{Kind: EvUnmerged, Paths: paths(to(Escalated, Merged), stays(append(slices.Clone(open), Closed, Withdrawn)...)), By: coordinator, Reason: true, Fits: added},

		// looking first, and telling
		{Kind: EvLooked, Paths: anywhere, By: []Relation{OnDuty, TheOwner, ACoordinator}, Fits: lookWaits},
		{Kind: EvLookNext, Paths: anywhere, By: service, Fits: lookWaits},
		{Kind: EvTold, Paths: anywhere, By: []Relation{TheOwner, ACoordinator}, Fits: receiptOwed},
		{Kind: EvCameBack, Paths: anywhere, By: service},
		{Kind: EvUndelivered, Paths: anywhere, By: service},
		{Kind: EvReminded, Paths: paths(stays(append(slices.Clone(open), Closed, Withdrawn)...)), By: service},
		{Kind: EvBroken, Paths: anywhere, By: service, Fits: contactOwed},

		// speaking with the resident
		{Kind: EvTried, Paths: whileTaken, By: lead},
		{Kind: EvContacted, Paths: whileTaken, By: lead, Fits: contactOwed},
		{Kind: EvPlanned, Paths: paths(to(MeetingPlanned, Accepted), stays(meets[1:]...)), By: lead},
		{Kind: EvMissed, Paths: paths(stays(meets...)), By: lead, Fits: meetingOver},
		{Kind: EvMet, Paths: paths(to(InInquiry, led[:2]...), stays(meets[2:]...)), By: lead, Fits: noMeetingAhead},
		{Kind: EvLost, Paths: paths(to(ContactLost, Accepted, MeetingPlanned)), By: lead, Fits: triedEnough},
		{Kind: EvFound, Paths: paths(to(Accepted, ContactLost)), By: either},

		// helping
		{Kind: EvPlanWritten, Paths: whileTaken, By: lead},
		{Kind: EvConcluded, Paths: paths(to(Planning, InInquiry)), By: lead},
		{Kind: EvStarted, Paths: paths(to(Active, Planning)), By: lead, Until: municipality.UntilClosed},
		{Kind: EvReviewed, Paths: paths(stays(Active, PilotLight, InHandover)), By: lead, Reason: true, Fits: helping},
		{Kind: EvDimmed, Paths: paths(to(PilotLight, Active)), By: lead, Reason: true},
		{Kind: EvSteppedUp, Paths: paths(to(Active, PilotLight)), By: lead, Reason: true},

		// thinking along, without becoming the lead
		{Kind: EvNoted, Paths: anywhere, By: []Relation{TheOwner, ACoordinator, WhoWasAsked, TheNewLead, OnDuty}, Reason: true},
		{Kind: EvAsked, Paths: whileTaken, By: lead, Reason: true},
		{Kind: EvAnswered, Paths: whileTaken, By: []Relation{WhoWasAsked}, Reason: true},
		{Kind: EvAskEnded, Paths: whileTaken, By: lead, Fits: somebodyAsked},

		// another lead
		{Kind: EvHandoverBegun, Paths: paths(to(InHandover, led...)), By: either, Reason: true},
		{Kind: EvHandoverAccepted, Paths: paths(back(InHandover)), By: []Relation{TheNewLead}},
		{Kind: EvHandoverEnded, Paths: paths(back(InHandover)), By: []Relation{TheNewLead, TheLead, ACoordinator, TheService}, Reason: true},
		{Kind: EvObjected, Paths: paths(back(InHandover)), By: []Relation{TheNewLead, TheLead, ACoordinator}, Reason: true},
		{Kind: EvReassigned, Paths: paths(stays(append(slices.Clone(led), ContactLost)...)), By: coordinator, Reason: true},
		{Kind: EvHandedBack, Paths: paths(to(Escalated, append([]State{Assigned}, taken...)...)), By: []Relation{ACoordinator, TheService}, Reason: true},
		{Kind: EvAnotherAsked, Paths: whileTaken, By: either, Reason: true, Fits: noOtherAsked},
		{Kind: EvAnotherRefused, Paths: whileTaken, By: coordinator, Reason: true, Fits: otherAsked},
		{Kind: EvMoved, Paths: whileTaken, By: lead},
		{Kind: EvKept, Paths: whileTaken, By: either, Reason: true, Fits: suggested},

		// ending, and beginning again
		{
			Kind: EvClosed, Paths: paths(to(Closed, Assigned, Escalated, Accepted, InInquiry, Planning, Active, PilotLight)),
			By: owner, Reason: true, Fits: all(lookedAt, toldByHand),
		},
		{Kind: EvGivenUp, Paths: paths(to(Closed, ContactLost)), By: []Relation{AnotherPair}, Reason: true, Fits: lookedAt},
		{
			Kind: EvHandedOff, Paths: paths(to(Closed, InInquiry, Planning, Active, PilotLight)), By: lead, Reason: true,
			Fits: all(lookedAt, toldByHand), Until: municipality.UntilHandOff,
		},
		{Kind: EvInherited, Paths: paths(stays(append(slices.Clone(open), Closed, Withdrawn)...)), By: service, Fits: leftToCoordinator},
		{Kind: EvConfirmed, Paths: paths(stays(Closed)), By: []Relation{TheLead, ACoordinator, TheCaseSystem}, Fits: handOffOwed},
		{Kind: EvReopened, Paths: paths(to(Accepted, Closed)), By: either, Reason: true, Fits: reopenable},
		{
			Kind: EvWithdrawn, Paths: paths(to(Withdrawn, Assigned, Escalated, Waiting, Accepted, MeetingPlanned)),
			By: owner, Reason: true, Fits: lookedAt,
		},
		{Kind: EvResubmitted, Paths: paths(to(Escalated, Withdrawn)), By: either, Reason: true},

		// keeping, and destroying
		{Kind: EvHeld, Paths: paths(stays(append(slices.Clone(taken), Closed, Withdrawn)...)), By: coordinator, Reason: true},
		{Kind: EvReleased, Paths: paths(stays(append(slices.Clone(open), Closed, Withdrawn)...)), By: coordinator, Reason: true, Fits: held},
		{Kind: EvDestroyed, Paths: paths(to(Destroyed, Closed, Withdrawn, Merged)), By: service, Fits: termOver},

		// around the need to know
		{
			Kind: EvGlassBroken, Paths: paths(stays(append(slices.Clone(open), Closed, Withdrawn, Merged)...)),
			By: []Relation{AnyWorker}, Reason: true,
		},
	}
}

// MoveOf returns the line of a kind of event; ok is false when there is none.
func MoveOf(kind EventKind) (m Move, ok bool) {
	moves := Moves()
	i := slices.IndexFunc(moves, func(m Move) bool { return m.Kind == kind })
	if i < 0 {
		return Move{}, false
	}
	return moves[i], true
}

// Made says whether moves of this kind are made where casework goes so far.
func (m Move) Made(until municipality.Until) bool { return m.Until == "" || m.Until == until }

// From says whether the move is made from a state.
func (m Move) From(state State) bool {
	return slices.ContainsFunc(m.Paths, func(p Path) bool { return slices.Contains(p.From, state) })
}

// Leads says whether the table lets a move of this kind take a case from one state to another.
func (m Move) Leads(from, to State) bool {
	return slices.ContainsFunc(m.Paths, func(p Path) bool { return slices.Contains(p.From, from) && p.leads(from, to) })
}

func (p Path) leads(from, to State) bool {
	switch {
	case p.Back:
		return to.Taken() && to != InHandover
	case p.To == "":
		return from == to
	}
	return p.To == to
}

// Offers lists what a worker may do with the case now, in the table's order.
func (c *Case) Offers(r Reader, at time.Time) []EventKind {
	var kinds []EventKind
	relations := c.Relations(r, at)
	for _, m := range Moves() {
		if m.From(c.State) && m.allows(relations) && m.refusal(c, at) == "" {
			kinds = append(kinds, m.Kind)
		}
	}
	return kinds
}

// Offer says whether a worker may do a move now.
func (c *Case) Offer(kind EventKind, r Reader, at time.Time) bool {
	return slices.Contains(c.Offers(r, at), kind)
}

func (m Move) allows(relations []Relation) bool {
	return slices.ContainsFunc(m.By, func(by Relation) bool { return slices.Contains(relations, by) })
}

func (m Move) refusal(c *Case, at time.Time) Refusal {
	if m.Fits == nil {
		return ""
	}
	return m.Fits(c, at)
}

// Refuse says why a worker may not do a move now, where casework goes so far, as *TransitionError; nil when they may,
// given the reason that some moves need.
func (c *Case) Refuse(kind EventKind, r Reader, at time.Time, until municipality.Until) error {
	if err := c.asked(kind, c.Relations(r, at), at); err != nil {
		return err
	}
	return c.made(kind, until)
}

// made asks the table whether a move of this kind is made where casework goes so far.
func (c *Case) made(kind EventKind, until municipality.Until) error {
	if m, _ := MoveOf(kind); !m.Made(until) {
		return c.refuse(kind, NotHere)
	}
	return nil
}

// asked asks the table whether who is this to the case may do a move of this kind to it as it stands.
func (c *Case) asked(kind EventKind, relations []Relation, at time.Time) error {
	m, ok := MoveOf(kind)
	if !ok || !m.From(c.State) {
		return c.refuse(kind, WrongState)
	}
	why := m.refusal(c, at)
	if !m.allows(relations) && why != WrongState && why != NotProposed {
		why = NotYours
	}
	if why != "" {
		return c.refuse(kind, why)
	}
	return nil
}

// may asks the table whether an act of this kind may be done to the case as it stands; *TransitionError says why not.
func (c *Case) may(kind EventKind, a Act) error {
	var relations []Relation
	switch a.By {
	case Service:
		relations = []Relation{TheService}
	case CaseSystem:
		relations = []Relation{TheCaseSystem}
	default:
		relations = c.Relations(a.As, a.At)
	}
	if err := c.asked(kind, relations, a.At); err != nil {
		return err
	}
	if m, _ := MoveOf(kind); m.Reason && a.By != Service && len(a.Reason) == 0 {
		return c.refuse(kind, NoReason)
	}
	return nil
}

// What a move may ask besides state and person.

func all(asked ...fits) fits {
	return func(c *Case, at time.Time) Refusal {
		for _, f := range asked {
			if why := f(c, at); why != "" {
				return why
			}
		}
		return ""
	}
}

func refuseUnless(holds bool, why Refusal) Refusal {
	if holds {
		return ""
	}
	return why
}

func atOneHousehold(c *Case, _ time.Time) Refusal { return refuseUnless(c.Proposed == "", SayWhich) }

func proposed(c *Case, _ time.Time) Refusal { return refuseUnless(c.Proposed != "", NotProposed) }

// never: a running case is changed along with its addition, never by itself.
func never(*Case, time.Time) Refusal { return WrongState }

func added(c *Case, _ time.Time) Refusal { return refuseUnless(c.State == Merged, NotProposed) }

// inTime: an offer that has expired cannot be taken up (I4).
func inTime(c *Case, at time.Time) Refusal { return refuseUnless(!c.offerPassed(at), OfferPassed) }

func offerOver(c *Case, at time.Time) Refusal { return refuseUnless(c.offerPassed(at), WrongState) }

func lookWaits(c *Case, _ time.Time) Refusal { return refuseUnless(c.Look.Waiting(), WrongState) }

func lookedAt(c *Case, _ time.Time) Refusal { return refuseUnless(!c.Look.Waiting(), LookFirst) }

func receiptOwed(c *Case, _ time.Time) Refusal { return refuseUnless(c.owes(DueReceipt), WrongState) }

func toldByHand(c *Case, _ time.Time) Refusal { return refuseUnless(!c.owes(DueReceipt), TellFirst) }

func contactOwed(c *Case, _ time.Time) Refusal { return refuseUnless(c.owes(DueContact), WrongState) }

func noMeetingAhead(c *Case, at time.Time) Refusal { return refuseUnless(!c.Meeting.After(at), NotYet) }

func meetingOver(c *Case, at time.Time) Refusal {
	return refuseUnless(!c.Meeting.IsZero() && !c.Meeting.After(at), NotYet)
}

// helping: also while it is being handed over, help that began is looked at again.
func helping(c *Case, _ time.Time) Refusal {
	return refuseUnless(c.Stage() == Active || c.Stage() == PilotLight, WrongState)
}

func somebodyAsked(c *Case, _ time.Time) Refusal { return refuseUnless(len(c.Asked) > 0, WrongState) }

func noOtherAsked(c *Case, _ time.Time) Refusal { return refuseUnless(!c.owes(DueAnother), WrongState) }

func otherAsked(c *Case, _ time.Time) Refusal { return refuseUnless(c.owes(DueAnother), WrongState) }

func suggested(c *Case, _ time.Time) Refusal { return refuseUnless(c.Suggested != "", WrongState) }

// triedEnough: at least three tries, in at least two ways.
func triedEnough(c *Case, _ time.Time) Refusal {
	ways := map[Way]bool{}
	for _, t := range c.Tries {
		ways[t.Way] = true
	}
	return refuseUnless(len(c.Tries) >= 3 && len(ways) >= 2, TryAgain)
}

func reopenable(c *Case, at time.Time) Refusal {
	if !c.Confirmed.IsZero() {
		return IsConfirmed
	}
	return refuseUnless(!at.After(c.ReopenUntil()), TooLate)
}

// leftToCoordinator: the rest goes with the lead.
func leftToCoordinator(c *Case, _ time.Time) Refusal {
	ended := !c.Open() && (c.owes(DueHandOff) || c.owes(DueDestroy))
	return refuseUnless(c.State.Queued() || c.owes(DueFind) || c.owes(DueAnother) || c.owes(DueHold) || ended, WrongState)
}

func held(c *Case, _ time.Time) Refusal { return refuseUnless(c.Held.On(), WrongState) }

// termOver: what was added to a running case goes when that goes.
func termOver(c *Case, at time.Time) Refusal {
	return refuseUnless(c.State == Merged || c.Gone(at), NotYet)
}

func handOffOwed(c *Case, _ time.Time) Refusal { return refuseUnless(c.owes(DueHandOff), WrongState) }
