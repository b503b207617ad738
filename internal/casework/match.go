package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"voordeur/internal/form"
	"voordeur/internal/routing"
)

// traitsOf reads what a household can be met by from clean answers.
func traitsOf(a form.Answers) []Trait {
	var traits []Trait
	add := func(kind TraitKind, value string, ok bool) {
		if ok && value != "" {
			traits = append(traits, Trait{kind, value})
		}
	}
	number := houseNumber(a.One("house_number"))
	postcode, ok := form.DutchPostcode(a.One("postcode"))
	add(SameAddress, postcode+" "+number, ok && number != "")
	if a.Has("for_whom", "other") {
		return traits // the phone and e-mail are of whoever fills it in
	}
	phone, ok := form.DialPhone(a.One("phone"))
	add(SamePhone, phone, ok)
	add(SameEmail, strings.ToLower(a.One("email")), true)
	return traits
}

// houseNumber is a house number with its letter and addition, however they were set apart: "12 a", "12-A" and "12a" are one.
// Between two numbers a dash stays: "12-1" is not house 121.
func houseNumber(written string) string {
	var b strings.Builder
	last, apart := ' ', false
	for _, r := range strings.ToUpper(form.LatinDigits(written)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			apart = true
			continue
		}
		if apart && unicode.IsDigit(last) && unicode.IsDigit(r) {
			b.WriteByte('-')
		}
		b.WriteRune(r)
		last, apart = r, false
	}
	return b.String()
}

// found is what dispatch finds besides the facts that came with the report.
type found struct {
	facts  routing.Facts
	hashes []string // of its traits, under the newest key
}

// seeker is a report that is to find its kin.
type seeker struct {
	Referral
	hashed [][]string // of its traits, each under every key, the newest first
	follow follow
}

// newest are the hashes under the newest key.
func (s seeker) newest() []string {
	newest := make([]string, len(s.hashed))
	for i, hashes := range s.hashed {
		newest[i] = hashes[0]
	}
	return newest
}

// seek hashes what a report can be met by. follow reads the case that a hint leads to.
func (w Work) seek(ctx context.Context, referral Referral, follow follow) (seeker, error) {
	hashed, err := w.Matcher.Hashes(ctx, referral.Traits)
	if err != nil {
		return seeker{}, fmt.Errorf("hash traits: %w", err)
	}
	return seeker{referral, hashed, follow}, nil
}

// seekerOf is the report that a case was made of.
func (w Work) seekerOf(ctx context.Context, ref Reference) (seeker, error) {
	report, _, err := w.Store.Report(ctx, ref)
	if err != nil {
		return seeker{}, err
	}
	referral, err := openReferral(ctx, w.Opener, report)
	if err != nil {
		return seeker{}, err
	}
	return w.seek(ctx, referral, w.running)
}

// leaveHints lets a report be met before it looks for others itself: of two that are taken at the same moment one sees the
// other. A report under a safety flag leaves no trace that another could meet.
func (w Work) leaveHints(ctx context.Context, s seeker) error {
	if s.Facts.Safety {
		return nil
	}
	return w.Store.Hint(ctx, s.newest(), Reference(s.Facts.CaseID))
}

// find completes the facts: the case that the report may belong to, the worker it names, and who must not have it.
func (w Work) find(ctx context.Context, now time.Time, s seeker, people People) (found, error) {
	f := found{facts: s.Facts, hashes: s.newest()}
	all := slices.Concat(s.hashed...)
	match, err := w.match(ctx, now, Reference(f.facts.CaseID), all, s.follow)
	if err != nil {
		return found{}, err
	}
	f.facts.Match = match
	f.facts.KnownWorker = people.named(s.KnownWorker)
	for _, worker := range people.Workers {
		if knows(worker, all) {
			f.facts.Excluded = append(f.facts.Excluded, worker.ID)
		}
	}
	return f, nil
}

// knows says whether a worker said of a household with any of these hashes that they know it.
func knows(worker routing.Worker, hashes []string) bool {
	return slices.ContainsFunc(hashes, func(h string) bool { return slices.Contains(worker.Conflicts, h) })
}

// chosen refuses a worker whom a person chose for a case, and who said that they know the household: they get no case of
// it, and read none. Who may not see the case hears what shown answers, and not who knows whom.
func (w Work) chosen(ctx context.Context, k Click, move EventKind, worker routing.Worker) error {
	if len(worker.Conflicts) == 0 {
		return nil
	}
	c, err := w.shown(ctx, k)
	if err != nil || c == nil {
		return err
	}
	return w.knownBy(ctx, c, move, worker)
}

// knownBy refuses a move of a case to a worker who said that they know its household.
func (w Work) knownBy(ctx context.Context, c *Case, move EventKind, worker routing.Worker) error {
	if len(worker.Conflicts) == 0 {
		return nil
	}
	s, err := w.seekerOf(ctx, c.ID)
	if err != nil || !knows(worker, slices.Concat(s.hashed...)) {
		return err
	}
	return c.refuse(move, KnowsThem)
}

// match is the newest open case that shares a trait, one that has a lead before one in a coordinator's queue; without any,
// the newest that a lead closed at most half a year ago, also when it was handed off since; nil when there is neither. An
// addition counts as its running case.
func (w Work) match(ctx context.Context, now time.Time, self Reference, hashes []string, follow follow) (*routing.Match, error) {
	refs, err := w.Store.Matching(ctx, hashes)
	if err != nil {
		return nil, fmt.Errorf("find matching cases: %w", err)
	}
	var newest, closed Case
	for _, ref := range refs {
		if ref == self {
			continue
		}
		c, err := follow(ctx, ref)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		switch {
		case c.ID == self || c.Gone(now):
		case c.Open() && preferred(c, newest):
			newest = c
		case c.State == Closed && c.Lead != "" && !now.After(c.ReopenUntil()) && c.EndedAt.After(closed.EndedAt):
			closed = c
		}
	}
	switch {
	case newest.ID != "":
		return &routing.Match{Case: string(newest.ID), Lead: newest.Lead}, nil
	case closed.ID != "":
		return &routing.Match{Case: string(closed.ID), Lead: closed.Lead, Closed: true}, nil
	}
	return nil, nil
}

// preferred says whether an open case is a better match than the best so far: what nobody leads must not hide who does.
func preferred(c, best Case) bool {
	if led := c.Lead != ""; best.ID != "" && led != (best.Lead != "") {
		return led
	}
	return c.Reported.After(best.Reported)
}

// follow reads the case that a hint leads to, or the one it was added to; ErrNotFound when there is none, or not yet.
type follow func(ctx context.Context, ref Reference) (Case, error)

// inTurn follows hints for a report that is being taken. A hint may lead to a report that is being taken at the same
// moment: of those that came first a case is made first, or a household that asks twice would have two leads.
func (w Work) inTurn(now time.Time, mine Report) follow {
	return func(ctx context.Context, ref Reference) (Case, error) {
		c, err := w.running(ctx, ref)
		if !errors.Is(err, ErrNotFound) {
			return c, err
		}
		other, taken, err := w.Store.Report(ctx, ref)
		if err != nil {
			return Case{}, err
		}
		if !taken {
			if cmp.Or(other.Received.Compare(mine.Received), strings.Compare(string(ref), string(mine.Reference))) > 0 {
				return Case{}, ErrNotFound
			}
			_ = w.Take(ctx, now, ref) // what fails waits for its own wake-up, and keeps no other from being taken
		}
		return w.running(ctx, ref)
	}
}

// running returns a case, or the one it was added to.
func (w Work) running(ctx context.Context, ref Reference) (Case, error) {
	c, err := w.Store.Case(ctx, ref)
	if err == nil && c.Into != "" {
		return w.Store.Case(ctx, c.Into)
	}
	return c, err
}

// named returns the worker whom a text names without doubt, by full name or by a first name that nobody else has; ""
// when there is none.
func (p People) named(text string) string {
	words := strings.Fields(strings.ToLower(text))
	for i, word := range words {
		words[i] = strings.Trim(word, ".,;:!?()\"")
	}
	var byFull, byFirst []string
	for id, card := range p.Cards {
		full := strings.Fields(strings.ToLower(card.Name))
		switch {
		case len(words) == 0 || len(full) == 0:
		case slices.Equal(words, full):
			byFull = append(byFull, id)
		case len(words) == 1 && words[0] == full[0]:
			byFirst = append(byFirst, id)
		}
	}
	if len(byFull) == 1 {
		return byFull[0]
	}
	if len(byFull) == 0 && len(byFirst) == 1 {
		return byFirst[0]
	}
	return ""
}
