package casework

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"
)

// Event is one entry of a case's history: it is stored with the change it tells of and never changed. Its hash covers
// the one before, so that a history that was edited or cut shows.
type Event struct {
	Case    Reference
	Version int // the case's version after it
	Kind    EventKind
	At      time.Time
	By      string // worker id, or Service
	Command string // what asked for it; the same command does its work once
	From    State
	To      State
	Lead    string    // after it
	Was     string    // who owned the case before; "" at the start
	Subject string    // worker it concerns besides the lead: who was asked to look, who was reminded
	Also    []string  `json:",omitempty"` // who else hears of it, besides Subject
	Other   Reference // the other case it concerns: an addition and the running case name each other
	Entered string    `json:",omitempty"` // worker who filled in the report for the resident, of its first event
	Reason  Envelope  // a person's words, sealed for content
	Why     Envelope  // the routing decision, sealed for routing
	Record  Envelope  `json:",omitempty"` // what was written down, sealed for content: see record.go
	Way     Way       `json:",omitempty"` // in which the resident was told; omitted where there is none, as in older hashes
	Detail  Envelope  `json:"-"`          // both in one, of an event that release 0.1 wrote: FirstDetail
	Hash    []byte
}

// Who acts when no person does.
const (
	Service    = "voordeur"
	CaseSystem = "case-system" // the municipality's own
)

// EventKind says what happened.
type EventKind string

// The events.
const (
	EvAssigned  EventKind = "assigned"   // offered to a lead
	EvEscalated EventKind = "escalated"  // put in the coordinator's queue
	EvAccepted  EventKind = "accepted"   // the lead said yes
	EvGivenBack EventKind = "given_back" // the lead gave it back; to the next candidate or the coordinator
	EvPassed    EventKind = "passed"     // the offer expired in silence; to the coordinator
	EvPlaced    EventKind = "placed"     // the coordinator gave it to a worker
	EvSmokeTest EventKind = "smoke_test" // dispatch's own report came back to it

	EvWaitlisted EventKind = "waitlisted" // the coordinator put it on the waiting list, with a date
	EvCalled     EventKind = "called"     // somebody called who waits

	EvMerged   EventKind = "merged"   // the same household: added to the running case
	EvAdded    EventKind = "added"    // on the running case: another report came with it
	EvApart    EventKind = "apart"    // another household: routed anew
	EvUnmerged EventKind = "unmerged" // the coordinator took the addition back, on both cases

	EvLooked      EventKind = "looked"      // first look
	EvLookNext    EventKind = "look_next"   // first look unseen: the next on the roster was asked too
	EvTold        EventKind = "told"        // the resident got the receipt by hand
	EvCameBack    EventKind = "came_back"   // the receipt did not reach the resident by mail: somebody gives it by hand
	EvUndelivered EventKind = "undelivered" // a mail to a worker did not arrive: a coordinator hears of it
	EvReminded    EventKind = "reminded"    // a deadline went by; its owner was told again
	EvBroken      EventKind = "broken"      // nobody spoke with the resident in time; the promise has a new date

	EvTried     EventKind = "tried"        // the lead tried to reach the resident
	EvContacted EventKind = "contacted"    // the lead spoke with the resident
	EvLost      EventKind = "contact_lost" // the lead cannot reach the resident
	EvFound     EventKind = "found"        // contact again
	EvPlanned   EventKind = "planned"      // a meeting has a place and a moment
	EvMissed    EventKind = "missed"       // the resident did not come; with a record, a helper did
	EvMet       EventKind = "met"          // the meeting happened

	EvPlanWritten EventKind = "plan_written" // the one-page plan, as it is from now on
	EvConcluded   EventKind = "concluded"    // the inquiry is done
	EvStarted     EventKind = "started"      // what the plan says begins
	EvReviewed    EventKind = "reviewed"     // the help was looked at again: more, less, or as it is
	EvDimmed      EventKind = "dimmed"       // to the pilot light
	EvSteppedUp   EventKind = "stepped_up"   // from the pilot light

	EvNoted    EventKind = "noted"     // a note
	EvAsked    EventKind = "asked"     // a colleague was asked to think along
	EvAnswered EventKind = "answered"  // the colleague did
	EvAskEnded EventKind = "ask_ended" // the lead no longer asks

	EvHandoverBegun    EventKind = "handover_begun"    // to another lead, who has not said yes
	EvHandoverAccepted EventKind = "handover_accepted" // the new lead said yes
	EvHandoverEnded    EventKind = "handover_ended"    // it stays with the old lead
	EvObjected         EventKind = "objected"          // the resident does not want that new lead
	EvReassigned       EventKind = "reassigned"        // the coordinator's act: another lead
	EvHandedBack       EventKind = "handed_back"       // the lead cannot go on: to the coordinator
	EvAnotherAsked     EventKind = "another_asked"     // another lead is needed
	EvAnotherRefused   EventKind = "another_refused"   // the coordinator said why not
	EvMoved            EventKind = "moved"             // another area or life area: routing would choose again
	EvKept             EventKind = "kept"              // the lead stays although routing would choose another

	EvClosed      EventKind = "closed"      // with its outcome
	EvGivenUp     EventKind = "given_up"    // closed for want of contact, by another pair of eyes
	EvReopened    EventKind = "reopened"    // within half a year
	EvHandedOff   EventKind = "handed_off"  // closed: the municipality's own case system takes over, and has to confirm it
	EvInherited   EventKind = "inherited"   // a coordinator, or who had to see to that, left; another coordinator does now
	EvConfirmed   EventKind = "confirmed"   // that system has it
	EvWithdrawn   EventKind = "withdrawn"   // the resident does not want it any more
	EvResubmitted EventKind = "resubmitted" // the resident does after all

	EvHeld      EventKind = "held"      // kept from being destroyed, whatever its term
	EvReleased  EventKind = "released"  // no longer so
	EvDestroyed EventKind = "destroyed" // its term is over

	EvGlassBroken EventKind = "glass_broken" // somebody without a part in it opened the case, for a reason
)

// chain seals the event into the case's history and raises the version.
func (c *Case) chain(e Event) (Event, error) {
	e.Case, e.Version = c.ID, c.Version+1
	hash, err := e.hashAfter(c.ChainHash)
	if err != nil {
		return Event{}, err
	}
	e.Hash = hash
	c.Version, c.ChainHash = e.Version, hash
	return e, nil
}

func (e Event) hashAfter(previous []byte) ([]byte, error) {
	e.Hash = nil
	e.At = e.At.UTC()
	return e.hash(previous, e)
}

// hash is that of the event in the words of plain, after the hash before it.
func (e Event) hash(previous []byte, plain any) ([]byte, error) {
	words, err := json.Marshal(plain)
	if err != nil {
		return nil, fmt.Errorf("encode event %d of case %s: %w", e.Version, e.Case, err)
	}
	sum := sha256.New()
	sum.Write(previous)
	sum.Write(words)
	return sum.Sum(nil), nil
}

// follows says whether the event's hash is that of its words after previous.
func (e Event) follows(previous []byte) (bool, error) {
	want, err := e.hashAfter(previous)
	if err != nil {
		return false, err
	}
	if bytes.Equal(want, e.Hash) && len(e.Detail) == 0 {
		return true, nil
	}
	return e.firstFollows(previous)
}

// CheckChain says whether events, oldest first, are the whole unedited history that ends in head's hash.
func CheckChain(head Case, events []Event) error {
	var previous []byte
	for i, e := range events {
		whole, err := e.follows(previous)
		if err != nil {
			return err
		}
		if e.Version != i+1 || !whole {
			return fmt.Errorf("case %s: history breaks at version %d", head.ID, i+1)
		}
		previous = e.Hash
	}
	if head.Version != len(events) || string(previous) != string(head.ChainHash) {
		return fmt.Errorf("case %s: history ends at version %d, head at %d", head.ID, len(events), head.Version)
	}
	return nil
}
