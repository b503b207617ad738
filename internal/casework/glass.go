package casework

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Emergency is what somebody fills in who opens a case without a part in it.
type Emergency struct {
	Reason string
	Basis  Basis
	Told   bool // the resident knows
}

// EmergencyBases lists what may open a case like this. A resident who says yes asks for help: that is the team's task.
func EmergencyBases() []Basis { return []Basis{OnVital, OnTask, OnLaw} }

// What a reason for it holds at the least: some words, which a lead and a privacy officer can weigh.
const (
	reasonWords   = 4 // that differ, of two letters and more
	reasonLetters = 20
)

// RealReason says whether a text can be a reason to open somebody's case: not ".", not "test", not "xxx xxx xxx".
func RealReason(text string) bool {
	var words []string
	letters := 0
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		letters += utf8.RuneCountInString(word)
		if utf8.RuneCountInString(word) > 1 && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return len(words) >= reasonWords && letters >= reasonLetters
}

// BrokenGlass is one time that somebody opened a case without a part in it, for the privacy officer to look at.
type BrokenGlass struct {
	ID     string // its place in time
	Case   Reference
	Worker string
	At     time.Time
	Until  time.Time
	Reason Envelope // as in the event, sealed for content
	Share  Envelope // the same
	SeenBy string   // privacy officer, "" for nobody yet
	SeenAt time.Time
}

// Reading is one time that somebody had a case's content before them, or the last one.
type Reading struct {
	At     time.Time
	Worker string
	Page   string   // the route
	As     Relation // of who is neither its lead nor of its team, else "": see Case.Outside
}

// Oversight is what a privacy officer looks at: who read what, never what was read.
type Oversight interface {
	// Glasses lists the times that somebody broke the glass, the newest first: a page of them, which begins after the
	// next of the page before, "" for the first.
	Glasses(ctx context.Context, after string) (glasses []BrokenGlass, next string, err error)
	// SeeGlass writes down who looked at one, and when. Once somebody did, it does nothing; ErrNotFound when there is none.
	SeeGlass(ctx context.Context, id, officer string, at time.Time) error
	// Readings lists who read a case, the newest first, a page at a time like Glasses; none of one that there is not.
	Readings(ctx context.Context, ref Reference, after string) (readings []Reading, next string, err error)
	// Destroyed lists what is left of destroyed cases, the newest first, a page at a time like Glasses.
	Destroyed(ctx context.Context, after string) (lines []Destruction, next string, err error)
	// Audited returns what a worker saw on a day.
	Audited(ctx context.Context, day Day, worker string) ([]AuditRow, error)
}

// BreakGlass lets a worker without a part in the case open it for a while, for a reason; to who may read it already
// it is not theirs to do. ErrNotFound: there is no such case; it takes as many rounds as one that there is, and writes
// nothing (T03).
func (w Work) BreakGlass(ctx context.Context, k Click, e Emergency) error {
	if !RealReason(e.Reason) || !slices.Contains(EmergencyBases(), e.Basis) {
		return &TransitionError{Move: EvGlassBroken, Why: NoReason}
	}
	people, err := w.Store.People(ctx)
	if err != nil {
		return err
	}
	act, err := w.seal(k.act(), k.Case, said{reason: e.Reason, record: Share{Basis: e.Basis, What: ButLeadNotes, Told: e.Told}})
	if err != nil {
		return err
	}
	for range maxTries {
		d, err := w.Store.Dossier(ctx, k.Case)
		if err == nil && (d.Case.State == Rehearsed || d.Case.Gone(k.At)) {
			err = ErrNotFound
		}
		if errors.Is(err, ErrNotFound) {
			_, again := w.Store.Dossier(ctx, k.Case)
			return errors.Join(err, again)
		}
		if err != nil || d.Did(k.Command, k.By.Worker) {
			return err
		}
		after := d.Case
		ev, err := after.BreakGlass(act, people.PrivacyOfficers(k.At))
		if err != nil {
			return err
		}
		if err = w.Store.Save(ctx, w.change(d.Case, after, ev, nil)); !isConflict(err) {
			return err
		}
	}
	return tooOften(k.Case)
}
