package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"voordeur/internal/municipality"
)

// What whoever is on duty watches over: that nothing stands still without a person who knows (I8).

// Duty is what the duty screen shows. It holds no answer, and nobody's name.
type Duty struct {
	Looks   []Watched     // first looks that wait, the earliest deadline first
	Offers  []Watched     // offers without a yes or no, the oldest first
	Queues  []Watched     // with a coordinator, who finds a lead, the oldest first
	Waiting []Watched     // on the waiting list, the oldest first
	Mails   []WatchedMail // that did not arrive, those that nobody was told of first
}

// Watched is a case that somebody has to do something for before it has a lead at work.
type Watched struct {
	Case     Reference
	With     string // worker id: whose turn it is
	Since    time.Time
	Before   time.Time // their deadline
	Priority municipality.Priority
	Area     string
	Why      QueueReason // "" for a first look and an offer
}

// QueueReason is why a case has no lead, as far as its head tells: what somebody wrote about it is sealed with the case.
type QueueReason string

// The reasons.
const (
	NobodyFits QueueReason = "nobody_fits" // nobody had room, or nobody fitted
	NobodyTook QueueReason = "nobody_took" // it was given back, or nobody answered
	LeadGone   QueueReason = "lead_gone"   // it had a lead, who cannot go on
)

// WhyQueued is why the case has no lead.
func (c *Case) WhyQueued() QueueReason {
	switch {
	case c.Resume != "":
		return LeadGone
	case len(c.GaveBack) > 0:
		return NobodyTook
	}
	return NobodyFits
}

// Sweep is the latest time that dispatch looked at everything that was due.
type Sweep struct {
	At          time.Time // zero: never
	Left        int       // pieces of work that failed, and wait for the next one
	Quarantined int       // suspected reports that waited for a person's look then
}

// SweepStops is how long there may be no sweep. There is one every minute.
const SweepStops = 5 * time.Minute

// Stopped says whether dispatch stands still, so that nothing happens by itself.
func (s Sweep) Stopped(now time.Time) bool { return now.Sub(s.At) > SweepStops }

// WatchedMail is a mail to a worker that did not arrive.
type WatchedMail struct {
	Case    Reference
	ID      string // Message.ID
	Kind    MessageKind
	To      string // worker id, or LastResort
	Since   time.Time
	Trouble Trouble
}

// Late is when a person has to see to it: at once, or when nothing was told of it in time.
func (m WatchedMail) Late() time.Time {
	if m.Trouble == NoWord || m.Trouble == Owed {
		return m.Since.Add(ArriveWithin)
	}
	return m.Since
}

// Trouble is why a mail to a worker asks for a person.
type Trouble string

// The troubles.
const (
	Owed     Trouble = "owed"     // it did not go out within ArriveWithin
	NoWord   Trouble = "no_word"  // nobody has told within ArriveWithin that it arrived
	Returned Trouble = "returned" // it came back, or its reader called it spam
	Unsent   Trouble = "unsent"   // there is no address, or it was refused for good
)

// ArriveWithin is how long a mail to a worker may take until its reader's mail server has it (I6).
const ArriveWithin = 15 * time.Minute

// Watched says whether somebody has to see to the message when it does not arrive: what goes to workers. A resident's
// receipt is then given by hand, and a smoke test has its own alarm.
func (m Message) Watched() bool { return m.To != "" && m.To != Resident && m.Kind != MailSmokeTest }

// Trouble says why the message asks for a person at a moment, and since when; "" when it does not, or somebody saw to it.
func (m Message) Trouble(now time.Time) (trouble Trouble, since time.Time) {
	if !m.Watched() || m.HandledBy != "" {
		return "", time.Time{}
	}
	switch m.Outcome() {
	case Bounced:
		return Returned, m.Bounced
	case Complained:
		return Returned, m.Complained
	case Unsendable:
		return Unsent, m.Created
	case Pending, Held:
		if now.Sub(m.Created) >= ArriveWithin {
			return Owed, m.Created
		}
	case Sent:
		if now.Sub(m.Created) >= ArriveWithin && now.Sub(m.Sent) >= SweepAfter {
			return NoWord, m.Created
		}
	case Delivered, Obsolete:
	}
	return "", time.Time{}
}

// Again is the message once more, as a row of its own, which is the same however often it is asked for.
func (m Message) Again(now time.Time) Message {
	first, n, _ := strings.Cut(m.ID, "~")
	times, err := strconv.Atoi(n)
	if err != nil {
		times = 1
	}
	return Message{
		Case: m.Case, ID: fmt.Sprintf("%s~%d", first, times+1), Kind: m.Kind, To: m.To,
		Created: now.UTC(), Status: Pending, NextTry: now.UTC().Add(SweepAfter),
	}
}

// Undelivered tells a coordinator that a mail to a worker did not arrive; when it was the coordinator's own, or the mail
// that tells so, whom the municipality named for when coordinators are silent. Whoever has the case keeps it.
func (c *Case) Undelivered(a Act, m Message, coordinator string) (Event, error) {
	if err := c.may(EvUndelivered, a); err != nil {
		return Event{}, err
	}
	hears := coordinator
	if m.To == coordinator || m.Kind == MailUndelivered {
		hears = LastResort
	}
	ev := c.unmoved(a.event(EvUndelivered))
	ev.Subject, ev.Also = m.To, []string{hears}
	return c.chain(ev)
}

// Undelivered has a coordinator hear of a mail that does not reach a worker (H5). It comes once for each mail, whatever
// is told of it and in whatever order. Of a mail to the last resort nobody else can hear, and of one about no open case
// nobody has to: it stands on the duty screen.
func (w Work) Undelivered(ctx context.Context, now time.Time, ref Reference, id string) error {
	for range maxTries {
		d, err := w.Store.Dossier(ctx, ref)
		if errors.Is(err, ErrNotFound) {
			return nil // the mail that suspected reports wait is about no case
		}
		if err != nil {
			return err
		}
		command := UndeliveredCommand(id)
		m, _ := d.Message(id)
		trouble, _ := m.Trouble(now)
		if trouble == "" || m.To == LastResort || !d.Case.Open() || d.Did(command, Service) {
			return nil
		}
		coordinator, err := w.coordinator(ctx, now, d.Case)
		if err != nil {
			return err
		}
		after := d.Case
		ev, err := after.Undelivered(Act{At: now, By: Service, Command: command}, m, coordinator)
		if err != nil {
			return err
		}
		if err := w.Store.Save(ctx, w.change(d.Case, after, ev, nil)); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return tooOften(ref)
}

// UndeliveredCommand is the command of the event that a mail did not arrive.
func UndeliveredCommand(id string) string { return "undelivered " + id }

// Message returns a mail of the case by its id.
func (d Dossier) Message(id string) (m Message, ok bool) {
	i := slices.IndexFunc(d.Messages, func(m Message) bool { return m.ID == id })
	if i < 0 {
		return Message{}, false
	}
	return d.Messages[i], true
}
