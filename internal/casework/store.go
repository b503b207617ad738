package casework

import (
	"context"
	"errors"
	"time"

	"voordeur/internal/directory"
	"voordeur/internal/routing"
)

// Store is where cases are kept.
type Store interface {
	// Report returns a report with its envelopes, and whether there is nothing to take: a case was made of it, or it waits
	// for a person's look; or ErrNotFound.
	Report(ctx context.Context, ref Reference) (r Report, taken bool, err error)
	// Case returns a case's head, or ErrNotFound.
	Case(ctx context.Context, ref Reference) (Case, error)
	// Dossier returns the head with its events, oldest first, and messages; or ErrNotFound.
	Dossier(ctx context.Context, ref Reference) (Dossier, error)
	// People returns everybody and the roster, as of now.
	People(ctx context.Context) (People, error)
	// Hint lets trait hashes lead to a report, and so to the case that is made of it.
	Hint(ctx context.Context, hashes []string, ref Reference) error
	// Matching returns the cases that a trait hash leads to, in any order: hints, never keys.
	Matching(ctx context.Context, hashes []string) ([]Reference, error)
	// Heads returns the heads of those cases that are there, of at most 100.
	Heads(ctx context.Context, refs []Reference) (map[Reference]Case, error)
	// Save writes changes in one transaction. A change that is stored already is no error. ErrConflict: the case moved
	// on; ErrFull: the lead has no room any more; ErrConfirmed: it cannot be taken back. Nothing was written then.
	Save(ctx context.Context, changes ...Change) error
	// Quarantine puts a report that was not taken aside, for a person to look at; ErrConflict when it was taken or is
	// aside already.
	Quarantine(ctx context.Context, q Quarantined) error
	// Quarantined lists the reports that wait for a person's look, the likeliest people first and of those the oldest.
	Quarantined(ctx context.Context) ([]Quarantined, error)
	// Closed lists the reports that nobody sent, as far as that can still be undone at now.
	Closed(ctx context.Context, now time.Time) ([]Quarantined, error)
	// CloseGroup closes, bit by bit, a group of reports that nobody sent.
	CloseGroup(ctx context.Context, g GroupClosing) error
	// UndoGroup puts back, bit by bit, a group of reports that was closed at once.
	UndoGroup(ctx context.Context, u GroupUndoing) error
	// OweOnce stores messages, unless some were stored under this mark before.
	OweOnce(ctx context.Context, mark string, messages []Message) error
	// Standing lists the cases that stand with a worker (led, offered, in their queue, to look at first), the earliest
	// deadline first: a page of them, which begins after the Next of the page before, "" for the first.
	Standing(ctx context.Context, worker, after string) (List, error)
	// HandOff returns a case that was handed off, without its file; or ErrNotFound.
	HandOff(ctx context.Context, ref Reference) (HandOff, error)
	// BeginTakeover stores an act on a worker's list, which is worked off within minutes. The same command again does
	// nothing. ErrConflict: an earlier act on that list is under way.
	BeginTakeover(ctx context.Context, t Takeover) error
	// Forget has every row of a destroyed case go at now; what r names goes along. Done again it does what was left.
	Forget(ctx context.Context, now time.Time, ref Reference, r Remains) error
	// Audit stores who saw what, before it is shown.
	Audit(ctx context.Context, a Audit) error
	// AuditReading stores who is about to read the one case that a names, and the same once more under the case. as, when it
	// is not "", also puts it where the case's lead sees it.
	AuditReading(ctx context.Context, a Audit, as Relation) error
	// AuditSearch stores who searched, and counts it by the hour; ErrTooMany, and nothing stored, after most of them.
	AuditSearch(ctx context.Context, a Audit, most int) error
}

// The errors of a store.
var (
	// ErrConflict means that somebody else changed the same thing first.
	ErrConflict = errors.New("changed by somebody else")
	// ErrFull means that the lead has no room for the case.
	ErrFull = errors.New("lead has no room")
)

// Dossier is a case with its history and mails.
type Dossier struct {
	Case     Case
	Events   []Event
	Messages []Message
	Outside  []Reading // the last one of each who is neither lead nor of the team, in no order
}

// List is a page of a worker's list.
type List struct {
	Cases []Listed
	Next  string // what the next page begins after, "" when there is none: a time and a reference, nobody's data
}

// Listed is a case in a worker's list, with the envelope that its call name is in.
type Listed struct {
	Case    Case
	Contact Envelope
}

// People is everybody who may get a case, with their cards and who is on duty when.
type People struct {
	Workers []routing.Worker
	Cards   map[string]directory.Card // by worker id
	Roster  routing.Roster
}

// Worker returns a worker by id.
func (p People) Worker(id string) (w routing.Worker, ok bool) {
	for _, w := range p.Workers {
		if w.ID == id {
			return w, true
		}
	}
	return w, false
}

// Change is one act's whole write.
type Change struct {
	Case     Case  // as it is after the act
	Event    Event // its version is the case's; the stored head must have the one before
	Messages []Message
	Loads    []Load
	Conflict Conflict
	Listed   []Listing
	Removal  Removal // of a new case
	Renewal  Renewal

	HandedOff Envelope // HandOff.File, of a case that is handed off
	TakesBack bool     // what was handed off and nobody confirmed

	Destroyed *Destruction // of a case that is destroyed; nil for every other
}

// Listing puts a case in the list of a worker whom it does not stand with, or takes it off.
type Listing struct {
	Worker string
	On     bool
	Due    time.Time // zero: no deadline
}

// Conflict says that a worker must not have cases with these trait hashes; empty: nothing of the kind.
type Conflict struct {
	Worker string
	Traits []string
}

// Renewal is a new promise to the resident, for the report and the view of its link; the zero value leaves the old one.
type Renewal struct {
	ContactBefore time.Time
	LinkID        string // "" when there is none
	View          []byte // View, sealed
}

// Load is what the change does to one worker's load.
type Load struct {
	Worker string
	Points int  // added; below zero: taken off
	Room   *int // the load may be at most this before; nil: whatever it is
}

// Audit is one row of who saw what.
type Audit struct {
	At     time.Time
	Worker string
	Page   string // the route, never an address with values
	Cases  []Reference
	About  string `json:",omitempty"` // the worker whom an act is about; omitted where it is about none, as in older hashes
}
