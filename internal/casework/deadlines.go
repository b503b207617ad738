package casework

import (
	"slices"
	"time"

	"voordeur/internal/municipality"
)

// Deadline is when something must have happened, and who owns that.
type Deadline struct {
	For   DeadlineKind
	Owner string    // worker id
	At    time.Time // the promise
	Wake  time.Time // when dispatch looks again; later than At once a reminder went out
	Told  int       // how often it was reminded of
}

// DeadlineKind names what must have happened.
type DeadlineKind string

// The deadlines.
const (
	DueAccept   DeadlineKind = "accept"        // the lead accepts or gives back
	DueDecide   DeadlineKind = "decide"        // the coordinator finds a lead
	DuePlace    DeadlineKind = "place"         // a lead has room for who is on the waiting list
	DueCall     DeadlineKind = "call"          // somebody called who is on the waiting list
	DueContact  DeadlineKind = "first_contact" // the lead has spoken with the resident
	DueLook     DeadlineKind = "first_look"    // somebody on duty has looked (P1)
	DueLookNext DeadlineKind = "look_unseen"   // unseen so far: the next on the roster is asked too
	DueReceipt  DeadlineKind = "receipt"       // the resident without e-mail got the receipt by hand
	DueInvite   DeadlineKind = "invite"        // a meeting is planned
	DueRecord   DeadlineKind = "record"        // what came of the meeting is written down
	DueInquiry  DeadlineKind = "inquiry"       // the outcome of the inquiry is there, in writing (Wmo art. 2.3.2)
	DueStart    DeadlineKind = "start"         // what the plan says has begun
	DueReview   DeadlineKind = "review"        // the plan is looked at again
	DueCheck    DeadlineKind = "check"         // the pilot light is looked at
	DueHandover DeadlineKind = "handover"      // the new lead said yes, and the three of them have a date
	DueFind     DeadlineKind = "find"          // contact is found again, or given up by somebody else
	DueAnother  DeadlineKind = "another_lead"  // the coordinator found another lead, or said why not
	DueKeep     DeadlineKind = "keep"          // it was said whether the lead stays, since routing would choose another now
	DueHandOff  DeadlineKind = "hand_off"      // the municipality's own system has confirmed that it has the case
	DueHold     DeadlineKind = "hold"          // it was said whether the case still has to be kept from being destroyed
	DueDestroy  DeadlineKind = "destroy"       // the term of an ended case is over: it is destroyed
)

// DeadlineKinds lists the deadlines, in the order of a case's life.
func DeadlineKinds() []DeadlineKind {
	return []DeadlineKind{
		DueAccept, DueDecide, DuePlace, DueCall, DueContact, DueLook, DueLookNext, DueReceipt, DueInvite, DueRecord, DueInquiry,
		DueStart, DueReview, DueCheck, DueHandover, DueFind, DueAnother, DueKeep, DueHandOff,
		DueHold, DueDestroy,
	}
}

// The terms that are the same for every priority class. The others are the municipality's.
const (
	inviteDays    = 14 // after the case was accepted
	inquiryDays   = 6 * 7
	reviewMonths  = 3
	checkMonths   = 3 // of a pilot light: after three and six months, and so on
	callMonths    = 1
	reopenMonths  = 6
	holdMonths    = 6
	recordTerm    = 1 // working days, like the next
	startTerm     = 10
	handoverTerm  = 10
	anotherTerm   = 5 // also to say whether the lead stays
	findTerm      = 20
	replanTerm    = 2
	handOffTerm   = 5
	reminderEvery = 1
	brokenTerm    = 1 // a broken promise gets a new date

	glassLasts = 4 * time.Hour
)

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
	pressing := c.Pressing()
	if len(pressing) == 0 {
		return Deadline{}, false
	}
	return slices.MinFunc(pressing, func(a, b Deadline) int { return a.Wake.Compare(b.Wake) }), true
}

// looks says whether it is about the first look, which has a line of people of its own.
func (d Deadline) looks() bool { return d.For == DueLook || d.For == DueLookNext }

func (c *Case) owes(kind DeadlineKind) bool {
	_, due := c.Deadline(kind)
	return due
}

// offerPassed says whether the term to accept went by: the coordinator has the case, or is about to.
func (c *Case) offerPassed(at time.Time) bool {
	d, ok := c.Deadline(DueAccept)
	return ok && !at.Before(d.At)
}

func (c *Case) setDeadline(kind DeadlineKind, owner string, at time.Time) {
	c.dropDeadline(kind)
	c.Deadlines = append(c.Deadlines, Deadline{For: kind, Owner: owner, At: at.UTC(), Wake: at.UTC()})
}

func (c *Case) dropDeadline(kinds ...DeadlineKind) {
	c.Deadlines = slices.DeleteFunc(slices.Clone(c.Deadlines), func(d Deadline) bool { return slices.Contains(kinds, d.For) })
}

// handDeadlines gives what the case's owner must do to the next owner. A first look stays with who was asked to look,
// and what a coordinator must decide with the coordinator.
func (c *Case) handDeadlines() {
	c.Deadlines = slices.Clone(c.Deadlines)
	stay := []DeadlineKind{DueLook, DueLookNext, DueFind, DueAnother, DueHold}
	for i, d := range c.Deadlines {
		if !slices.Contains(stay, d.For) {
			c.Deadlines[i].Owner, c.Deadlines[i].Told = c.Owner(), 0
		}
	}
}

// within is the last moment, in office hours, of a term that ends on t's day: closing time that day, or of the last working
// day before it.
func within(m *municipality.Municipality, t time.Time) time.Time {
	day := municipality.Local(t)
	for !m.IsWorkingDay(day) {
		day = day.AddDate(0, 0, -1)
	}
	return m.Due(day.AddDate(0, 0, -1), workingDays(1))
}

func inDays(m *municipality.Municipality, from time.Time, days int) time.Time {
	return within(m, municipality.Local(from).AddDate(0, 0, days))
}

func inMonths(m *municipality.Municipality, from time.Time, months int) time.Time {
	return within(m, municipality.Local(from).AddDate(0, months, 0))
}

func workingDays(n int) municipality.Term { return municipality.Term{WorkingDays: n} }

// Remind tells of a deadline that went by, and sets when it is told again: silence never wins. Its owner hears of it
// first; then the coordinator as well, never more workers; then whom the municipality named for when coordinators are
// silent too.
func (c *Case) Remind(a Act, kind DeadlineKind, coordinator string, m *municipality.Municipality) (Event, error) {
	i := slices.IndexFunc(c.Deadlines, func(d Deadline) bool { return d.For == kind })
	if i < 0 || a.At.Before(c.Deadlines[i].Wake) {
		return Event{}, c.refuse(EvReminded, WrongState)
	}
	if err := c.may(EvReminded, a); err != nil {
		return Event{}, err
	}
	c.Deadlines = slices.Clone(c.Deadlines)
	d := &c.Deadlines[i]
	d.Told++
	d.Wake = m.Due(a.At, workingDays(reminderEvery))
	ev := c.unmoved(a.event(EvReminded))
	ev.Subject, ev.Also = d.Owner, d.also(coordinator)
	return c.chain(ev)
}

// also is who else hears of a deadline that its owner was reminded of.
func (d Deadline) also(coordinator string) []string {
	var also []string
	if d.Told > 1 && coordinator != d.Owner {
		also = append(also, coordinator)
	}
	if d.Told > 2 || d.Told > 1 && coordinator == d.Owner {
		also = append(also, LastResort)
	}
	return also
}

// Break says that the promise to the resident is broken: the coordinator looks at it now, and there is a new date. Its
// lead stays the lead.
func (c *Case) Break(a Act, coordinator string, m *municipality.Municipality) (Event, error) {
	d, _ := c.Deadline(DueContact)
	if err := c.may(EvBroken, a); err != nil {
		return Event{}, err
	}
	if a.At.Before(d.Wake) {
		return Event{}, c.refuse(EvBroken, WrongState)
	}
	c.setDeadline(DueContact, d.Owner, m.Due(a.At, workingDays(brokenTerm)))
	c.Deadlines[len(c.Deadlines)-1].Told = d.Told + 1
	ev := c.unmoved(a.event(EvBroken))
	ev.Subject, ev.Also = d.Owner, []string{coordinator}
	if coordinator == d.Owner || d.Told > 0 {
		ev.Also = append(ev.Also, LastResort)
	}
	return c.chain(ev)
}
