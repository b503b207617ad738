package casework

import (
	"fmt"
	"slices"
	"time"
)

// Message is one mail that is owed because of one event to one person: the outbox row. What it says is rendered when
// it is sent, never before.
type Message struct {
	Case    Reference
	ID      string // version, kind and recipient: the same event never owes it twice
	Kind    MessageKind
	To      string // worker id, or Resident
	Created time.Time

	Status       MessageStatus
	Tries        int       // claims so far
	NextTry      time.Time // while pending: the sweep leaves it alone before
	ClaimedUntil time.Time // while pending: nobody may take it before; zero until the first claim
	Sent         time.Time
	StandIn      string // worker id: whom it went to, in place of To; "" when it went to To
	Provider     string // the mail service's id of it

	// What the mail service told afterwards, and when it happened; zero: nothing. It may come in any order, and before
	// the message is marked as sent.
	Delivered  time.Time
	Bounced    time.Time
	Complained time.Time

	// Who saw to it after it did not arrive, and when: they had it sent again, or passed it on in another way.
	HandledBy string
	Handled   time.Time
}

// Outcome is what became of the message as far as is known, by when it happened and not by when it was told: a mail that
// went out twice and came back once did arrive. Of one moment the worse counts.
func (m Message) Outcome() MessageStatus {
	switch {
	case !m.Complained.IsZero():
		return Complained
	case !m.Bounced.IsZero() && !m.Bounced.Before(m.Delivered):
		return Bounced
	case !m.Delivered.IsZero():
		return Delivered
	}
	return m.Status
}

// The recipients that are no worker.
const (
	Resident   = "resident"
	LastResort = "last-resort" // municipality.LastResort
)

// MessageKind says what is written.
type MessageKind string

// The messages.
const (
	MailLead        MessageKind = "lead"        // a case was offered to you
	MailCoordinator MessageKind = "coordinator" // a case is in your queue
	MailLook        MessageKind = "look"        // please look first, today
	MailUnseen      MessageKind = "unseen"      // to the coordinator: nobody has looked yet
	MailReminder    MessageKind = "reminder"    // your deadline went by
	MailReceipt     MessageKind = "receipt"     // to the resident
	MailSmokeTest   MessageKind = "smoke_test"  // to the test lead
	MailWaiting     MessageKind = "waiting"     // suspected reports wait for somebody's look; at most one a day
	MailLate        MessageKind = "late"        // a deadline went by, and who owns it was silent
	MailTask        MessageKind = "task"        // something of a case stands with you: a handover, a question, a decision
	MailNews        MessageKind = "news"        // something happened to a case that you lead or led
	MailGlass       MessageKind = "glass"       // somebody broke the glass
	MailUndelivered MessageKind = "undelivered" // a mail to a colleague did not arrive
)

// MessageStatus is where a message stands.
type MessageStatus string

// The statuses.
const (
	Pending    MessageStatus = "pending"
	Sent       MessageStatus = "sent"
	Unsendable MessageStatus = "unsendable" // no safe address (any more), or refused for good
	Obsolete   MessageStatus = "obsolete"   // the case moved on before it was sent: nothing is left to tell
	Held       MessageStatus = "held"       // owed in a copy that was put back: it may have been sent since, a person decides
)

// The outcomes that the mail service tells of later. No message is stored with one as its status: see Message.Outcome.
const (
	Delivered  MessageStatus = "delivered"  // the reader's mail server took it
	Bounced    MessageStatus = "bounced"    // it came back, at once or after all tries
	Complained MessageStatus = "complained" // the reader called it spam
)

const (
	// ClaimLasts is how long one sender keeps a message to itself; after a crash another takes it then.
	ClaimLasts = 60 * time.Second
	// SweepAfter is how old something must be before the sweep takes it up: the stream comes first.
	SweepAfter = 30 * time.Second
)

// Owes lists the messages that an event owes; receipt says whether the resident left a safe e-mail address.
func (c *Case) Owes(ev Event, receipt bool) []Message {
	var owed []Message
	owe := func(kind MessageKind, to string) {
		owed = append(owed, Message{
			Case: c.ID, ID: fmt.Sprintf("%04d-%s-%s", ev.Version, kind, to), Kind: kind, To: to,
			Created: ev.At, Status: Pending, NextTry: ev.At.Add(SweepAfter),
		})
	}
	switch ev.Kind {
	case EvAssigned, EvEscalated, EvGivenBack, EvPassed, EvPlaced, EvApart, EvHandedBack, EvResubmitted:
		if c.State == Escalated {
			owe(MailCoordinator, c.Coordinator)
		} else {
			owe(MailLead, c.Lead)
		}
		if ev.Kind == EvPassed { // H6: they may be ill
			owe(MailNews, ev.Was)
		}
		for _, party := range ev.Also {
			owe(MailNews, party)
		}
	case EvLookNext:
		owe(MailUnseen, ev.Subject)
	case EvReminded, EvBroken:
		owe(MailReminder, ev.Subject)
		for _, other := range ev.Also {
			owe(MailLate, other)
		}
	case EvSmokeTest:
		owe(MailSmokeTest, TestLead)
	case EvAsked, EvHandoverBegun, EvAnotherAsked, EvLost, EvInherited:
		owe(MailTask, ev.Subject)
	case EvReassigned:
		owe(MailTask, c.Lead)
		owe(MailNews, ev.Was)
	case EvHandoverAccepted, EvHandoverEnded, EvObjected:
		for _, decides := range ev.Also {
			owe(MailTask, decides)
		}
		for _, party := range []string{ev.Was, ev.Subject} {
			left := ev.By == Service && party == ev.Subject
			if party != ev.By && !left && !slices.Contains(ev.Also, party) {
				owe(MailNews, party)
			}
		}
	case EvAnswered, EvAnotherRefused:
		owe(MailNews, c.Lead)
	case EvWaitlisted, EvClosed, EvGivenUp, EvHandedOff, EvWithdrawn:
		for _, colleague := range ev.Also {
			owe(MailNews, colleague)
		}
	case EvUnmerged, EvFound:
		if c.Open() && c.Lead != "" && c.Lead != ev.By { // the addition itself has none, and stands with who took it back
			owe(MailNews, c.Lead)
		}
	case EvUndelivered:
		owe(MailUndelivered, ev.Also[0])
	case EvGlassBroken:
		if ev.Subject != "" { // a case that ended in a queue has no lead
			owe(MailGlass, ev.Subject)
		}
		for _, officer := range ev.Also {
			owe(MailGlass, officer)
		}
	case EvAskEnded, EvReopened:
		if ev.Subject != ev.By && ev.Subject != "" {
			owe(MailNews, ev.Subject)
		}
	case EvAccepted, EvLooked, EvContacted, EvMerged, EvAdded, EvTold, EvCameBack, EvCalled, EvTried,
		EvPlanned, EvMissed, EvMet, EvPlanWritten, EvConcluded, EvStarted, EvReviewed, EvDimmed, EvSteppedUp, EvNoted, EvMoved,
		EvKept, EvConfirmed, EvHeld, EvReleased, EvDestroyed:
	}
	if (ev.Version == 1 || ev.Kind == EvLookNext) && c.Look.Waiting() {
		owe(MailLook, c.Look.Holder())
	}
	if ev.Version == 1 && receipt {
		owe(MailReceipt, Resident)
	}
	return owed
}
