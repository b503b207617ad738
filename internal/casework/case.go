// Package casework is the life of a case: one household, one report, one lead.
//
//	submitted ─→ assigned ─→ accepted
//	    │         │    ↺ given back: the next candidate
//	    │         ↓
//	    │         │    ↘ merged: added to the same household's running case
//	    └────→ escalated ─→ assigned · accepted
//
// A case changes only through a move (moves.go), which says whether it is allowed and returns the event that is
// stored in the same transaction. What is owed because of an event stands in owes.go.
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
	Submitted State = "submitted" // ontvangen
	Assigned  State = "assigned"  // toegewezen: offered to exactly one lead
	Escalated State = "escalated" // bij coördinator: in the queue of exactly one coordinator
	Accepted  State = "accepted"  // aangenomen
	Merged    State = "merged"    // toegevoegd aan lopende casus
	Rehearsed State = "rehearsed" // proefmelding: stands with nobody, see smoke.go
)

// Case is a case's head: all that may stand in the store unsealed. It holds no answer.
type Case struct {
	ID          Reference
	Version     int // rises by one with each event
	State       State
	Lead        string // worker id; "" only while escalated
	Coordinator string // worker id; only while escalated
	Priority    municipality.Priority
	Area        string
	Weight      int // what it counts for in its lead's load
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
	ChainHash   []byte    // of the newest event
}

// Deadline is when something must have happened, and who owns that.
type Deadline struct {
	For   DeadlineKind
	Owner string    // worker id
	At    time.Time // the promise
	Wake  time.Time // when dispatch looks again; later than At once a reminder went out
}

// DeadlineKind names what must have happened.
type DeadlineKind string

// The deadlines.
const (
	DueAccept   DeadlineKind = "accept"        // the lead accepts or gives back
	DueDecide   DeadlineKind = "decide"        // the coordinator finds a lead
	DueContact  DeadlineKind = "first_contact" // the lead has spoken with the resident
	DueLook     DeadlineKind = "first_look"    // somebody on duty has looked (P1)
	DueLookNext DeadlineKind = "look_unseen"   // unseen so far: the next on the roster is asked too
	DueReceipt  DeadlineKind = "receipt"       // the resident without e-mail got the receipt by hand
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

// Owner is the one person the case stands with: its lead, or while escalated its coordinator.
func (c *Case) Owner() string {
	if c.State == Escalated {
		return c.Coordinator
	}
	return c.Lead
}

// Deadline returns the deadline of a kind.
func (c *Case) Deadline(kind DeadlineKind) (d Deadline, ok bool) {
	i := slices.IndexFunc(c.Deadlines, func(d Deadline) bool { return d.For == kind })
	if i < 0 {
		return Deadline{}, false
	}
	return c.Deadlines[i], true
}

// Next is the deadline that dispatch looks at first; ok is false when there is none.
func (c *Case) Next() (d Deadline, ok bool) {
	if len(c.Deadlines) == 0 {
		return Deadline{}, false
	}
	return slices.MinFunc(c.Deadlines, func(a, b Deadline) int { return a.Wake.Compare(b.Wake) }), true
}

// Reader is a worker who asks to see a case.
type Reader struct {
	Worker      string
	Coordinator bool
}

// Open says whether somebody still has to do something for the case.
func (c *Case) Open() bool { return c.State != Merged && c.State != Rehearsed }

// Bears is the worker whose load the case counts in, "" when nobody's.
func (c *Case) Bears() string {
	if !c.Open() {
		return ""
	}
	return c.Lead
}

// MayRead says whether a worker may open the case: its lead, a coordinator, or who was asked for the first look. A smoke
// test is nobody's to read.
func (c *Case) MayRead(r Reader) bool {
	if c.State == Rehearsed {
		return false
	}
	if r.Coordinator || (c.Lead != "" && c.Lead == r.Worker) {
		return true
	}
	return slices.Contains(c.Look.Line[:c.Look.Asked], r.Worker)
}

func (c *Case) setDeadline(kind DeadlineKind, owner string, at time.Time) {
	c.dropDeadline(kind)
	c.Deadlines = append(c.Deadlines, Deadline{For: kind, Owner: owner, At: at, Wake: at})
}

func (c *Case) dropDeadline(kinds ...DeadlineKind) {
	c.Deadlines = slices.DeleteFunc(slices.Clone(c.Deadlines), func(d Deadline) bool { return slices.Contains(kinds, d.For) })
}
