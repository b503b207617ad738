package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"voordeur/internal/form"
)

// Wanted is what a worker looks for before making a report (G7). A text may be a reference and an address at once.
type Wanted struct {
	Reference Reference // "" when it is none
	Traits    []Trait
}

// SearchesMost is how many searches a worker has in an hour: enough for a busy counter, too few to try a street.
const SearchesMost = 40

// ErrTooMany means that a worker searched SearchesMost times this hour.
var ErrTooMany = errors.New("searched too often this hour")

// ParseWanted reads one line as people write it: a reference, a telephone number, an e-mail address, or a postcode with
// a house number. ok is false when it is none of these.
func ParseWanted(text string) (w Wanted, ok bool) {
	text, _ = form.Line.Read(text)
	answers := form.Answers{}
	if email, ok := form.Email.Read(text); ok {
		answers["email"] = []string{email}
	}
	if phone, ok := form.Phone.Read(text); ok {
		answers["phone"] = []string{phone}
	}
	if postcode, number, ok := cutAddress(text); ok {
		answers["postcode"], answers["house_number"] = []string{postcode}, []string{number}
	}
	w.Traits = traitsOf(answers)
	if ref, err := ParseReference(text); err == nil {
		w.Reference = ref
	}
	return w, w.Reference != "" || len(w.Traits) > 0
}

// cutAddress cuts "9991 AB 12a" and "9991ab, 12 A" after the postcode.
func cutAddress(text string) (postcode, number string, ok bool) {
	seen, end := 0, 0
	for i, r := range text {
		if !unicode.IsSpace(r) {
			seen++
		}
		if seen == 6 { // of a postcode without its space
			end = i + utf8.RuneLen(r)
			break
		}
	}
	number = strings.TrimLeftFunc(text[end:], func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	postcode, ok = form.Postcode.Read(text[:end])
	return postcode, number, ok && strings.IndexFunc(number, unicode.IsDigit) == 0
}

// Found is all that a search says.
type Found struct {
	Running bool      // something may be running
	Case    Reference // the case whose reference was looked for, when the worker may read it; else ""
}

// searchMost is how many cases a search looks at, always.
const searchMost = 25

// Search says whether something may be running for whom a worker looks for. It reads as many rows whatever it finds, so
// that its time says nothing. A case under a safety flag left no trait to be found by.
func (w Work) Search(ctx context.Context, now time.Time, wanted Wanted, by Reader) (Found, error) {
	hashed, err := w.Matcher.Hashes(ctx, wanted.Traits)
	if err != nil {
		return Found{}, fmt.Errorf("hash traits: %w", err)
	}
	refs, err := w.Store.Matching(ctx, slices.Concat(hashed...))
	if err != nil {
		return Found{}, fmt.Errorf("find matching cases: %w", err)
	}
	if wanted.Reference != "" {
		refs = slices.Insert(slices.DeleteFunc(refs, wanted.is), 0, wanted.Reference)
	}
	refs = refs[:min(len(refs), searchMost)]
	heads, err := w.Store.Heads(ctx, padded(refs))
	if err != nil {
		return Found{}, err
	}
	var found Found
	for _, ref := range refs {
		c, ok := heads[ref]
		switch {
		case !ok || c.State == Rehearsed || c.Gone(now):
		case wanted.is(ref):
			found.Running = true
			if c.MayRead(by, now) {
				found.Case = ref
			}
		case c.Open() || c.State == Merged: // an addition counts as its running case
			found.Running = true
		}
	}
	return found, nil
}

func (w Wanted) is(ref Reference) bool { return ref == w.Reference }

// padded brings references to searchMost with some that nobody asked for.
func padded(refs []Reference) []Reference {
	for refs = slices.Clone(refs); len(refs) < searchMost; {
		refs = append(refs, NewSecret().Reference(0))
	}
	return refs
}
