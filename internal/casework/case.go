// Package casework is the life of a case: one household, one report, one lead.
//
//	submitted ─→ assigned ─→ accepted ─→ meeting_planned ─→ in_inquiry ─→ plan ─→ active ⇄ pilot_light ─→ closed
//	    │         │  ↺ given back: the next candidate
//	    │         ├─→ merged: added to the same household's running case
//	    └────→ escalated ⇄ waiting: in the queue of exactly one coordinator
//
// After acceptance a case may also be withdrawn, lose contact with its resident, or stand in a warm handover; every
// move, who may do it and where it leads stands in one table (table.go), which the pages offer acts from and the guides
// are drawn from. A case changes only through a move (moves.go, lead.go, progress.go, ending.go), which asks the table
// first and returns the event that is stored in the same transaction. What is owed because of an event stands in
// owes.go, by when and by whom something must have happened in deadlines.go. Where the municipality's own system takes
// over after the inquiry, a closed case stays owed until that is confirmed (handoff.go).
package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// State is where a case stands.
type State string

// The states. A report that has no case yet is submitted.
const (
	Submitted      State = "submitted"       // ontvangen
	Assigned       State = "assigned"        // toegewezen: offered to exactly one lead
	Escalated      State = "escalated"       // bij coördinator: in the queue of exactly one coordinator
	Waiting        State = "waiting"         // wachtlijst: of exactly one coordinator, who calls every month
	Accepted       State = "accepted"        // aangenomen
	MeetingPlanned State = "meeting_planned" // gesprek gepland
	InInquiry      State = "in_inquiry"      // onderzoek
	Planning       State = "plan"            // plan
	Active         State = "active"          // uitvoering
	PilotLight     State = "pilot_light"     // waakvlam
	InHandover     State = "handover"        // warme overdracht: the old lead stays lead
	ContactLost    State = "contact_lost"    // geen contact
	Closed         State = "closed"          // afgesloten
	Withdrawn      State = "withdrawn"       // ingetrokken
	Merged         State = "merged"          // toegevoegd aan lopende casus
	Destroyed      State = "destroyed"       // vernietigd: one line of the register remains, see retention.go
	Rehearsed      State = "rehearsed"       // proefmelding: stands with nobody, see smoke.go
)

// States returns every state in which a person may meet a case, in the order of a case's life.
func States() []State {
	return []State{
		Submitted, Assigned, Escalated, Waiting, Accepted, MeetingPlanned, InInquiry, Planning, Active, PilotLight, InHandover,
		ContactLost, Closed, Withdrawn, Merged,
	}
}

// Open says whether somebody still has to do something for a case in this state.
func (s State) Open() bool {
	return !slices.Contains([]State{Closed, Withdrawn, Merged, Destroyed, Rehearsed}, s)
}

// Taken says whether a case in this state has a lead who said yes.
func (s State) Taken() bool {
	return s.Open() && !slices.Contains([]State{Submitted, Assigned, Escalated, Waiting}, s)
}

// Queued says whether a case in this state stands with a coordinator, and has no lead.
func (s State) Queued() bool { return s == Escalated || s == Waiting }

// Case is a case's head: all that may stand in the store unsealed. It holds no answer.
type Case struct {
	ID          Reference
	Version     int // rises by one with each event
	State       State
	Lead        string // worker id; "" only in a coordinator's queue
	Coordinator string // worker id; only in that queue
	Priority    municipality.Priority
	Area        string
	Since       time.Time // since when it stands as it does, with whom it does; zero in what an older release wrote
	Weight      int       // what it counts for in its lead's load
	Step        routing.Step
	Rule        string
	Reported    time.Time
	AcceptedAt  time.Time // zero until accepted
	Deadlines   []Deadline
	Look        FirstLook
	Proposed    Reference // a running case that it may belong to; its lead says which
	Into        Reference // while merged: the running case
	MergedAt    time.Time // zero unless merged
	Nearby      bool      // something runs at this address, by phone or by e-mail; it says no more than that
	GaveBack    []string  // workers who gave it back or let the offer pass; not asked again
	Meeting     time.Time // the next one; zero when none is planned
	Met         int       // meetings held
	Tries       []Try     // to reach the resident, since somebody last spoke with them
	Resume      State     // where it goes on once it has a lead again; "" before anybody took it
	Handover    Handover  // zero unless one is on its way
	Asked       []string  // colleagues who think along and do not lead
	Suggested   string    // worker id: whom routing would choose since the area or life area changed
	Glass       []Glass   // who broke the glass; see MayRead
	Dimmed      time.Time // when the pilot light was lit; zero unless it burns
	Outcome     Outcome   // "" until closed
	Planned     bool      // there was a plan, or help began: it is kept as long as that, however it ends
	Youth       bool      // closed: youth care was part of it, so that it is kept as long as that
	EndedAt     time.Time // closed or withdrawn; zero while open
	Confirmed   time.Time // handed off, and confirmed by the municipality's own system
	Held        Hold      // kept from being destroyed
	ChainHash   []byte    // of the newest event
}

// Try is one try to reach the resident.
type Try struct {
	Way Way
	At  time.Time
}

// Handover is a case on its way to another lead, who has not said yes; afterwards only the date of the talk is left.
type Handover struct {
	To   string    // worker id; "" when the case is on its way to nobody
	Talk time.Time // of resident, old and new lead; zero until they agreed on one
}

// Glass is somebody's way around the need to know: for a reason that they gave, until a moment.
type Glass struct {
	Worker string
	Until  time.Time
}

// Outcome is how a case ended; it sets how long the case is kept.
type Outcome string

// The outcomes.
const (
	Helped           Outcome = "helped"
	Advised          Outcome = "advice"
	HandedOff        Outcome = "handed_off" // to the municipality's own case system
	ApplicationFiled Outcome = "application_filed"
	OutOfArea        Outcome = "out_of_area"
	NoContact        Outcome = "no_contact"
)

// FirstLook is the urgent first human look at a P1 case. A case that needs none has an empty line.
type FirstLook struct {
	Line   []string // today's duty workers in line order
	Asked  int      // how many of them have been asked
	SeenBy string
	SeenAt time.Time
}

// Waiting says whether nobody has looked yet.
func (l FirstLook) Waiting() bool { return len(l.Line) > 0 && l.SeenBy == "" }

// Holder is the duty worker whose turn it is, "" when nobody's.
func (l FirstLook) Holder() string {
	if !l.Waiting() {
		return ""
	}
	return l.Line[l.Asked-1]
}

// Owner is the one person the case stands with: its lead, or the coordinator whose queue it is in.
func (c *Case) Owner() string {
	if c.State.Queued() {
		return c.Coordinator
	}
	return c.Lead
}

// Open says whether somebody still has to do something for the case.
func (c *Case) Open() bool { return c.State.Open() }

// StandsWith is the worker in whose list the case is: its owner or, once it is handed off, who sees to it that this is
// confirmed; "" when nobody has to do anything.
func (c *Case) StandsWith() string {
	if due, owed := c.Deadline(DueHandOff); owed && !c.Open() {
		return due.Owner
	}
	if !c.Open() {
		return ""
	}
	return c.Owner()
}

// Bears is the worker whose load the case counts in, "" when nobody's.
func (c *Case) Bears() string {
	if !c.Open() {
		return ""
	}
	return c.Lead
}

// Beside lists the workers who have the case in their list although it does not stand with them, each with the deadline
// of what is asked of them: a coordinator who decides or holds something, the new lead of a handover, and colleagues who
// think along.
func (c *Case) Beside() map[string]time.Time {
	beside := map[string]time.Time{}
	if due, held := c.Deadline(DueHold); held {
		beside[due.Owner] = due.At
	}
	if !c.Open() {
		return beside
	}
	for _, worker := range c.Asked {
		beside[worker] = time.Time{}
	}
	for _, kind := range []DeadlineKind{DueFind, DueAnother} {
		if due, owed := c.Deadline(kind); owed && due.Owner != c.Owner() {
			beside[due.Owner] = due.At
		}
	}
	if c.Handover.To != "" {
		due, _ := c.Deadline(DueHandover)
		beside[c.Handover.To] = due.At
	}
	return beside
}
