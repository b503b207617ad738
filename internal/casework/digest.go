package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A day's digest shows that the history was changed afterwards: it lies where nobody, not even who runs the service, can
// change or remove it. It makes tampering evident and no more than that; it does not prevent it.

// Day is a calendar day in UTC: "2026-11-22". Text order is time order.
type Day string

// DayOf is the day of a moment.
func DayOf(t time.Time) Day { return Day(t.UTC().Format(time.DateOnly)) }

// Plus is the day so many days later, earlier when negative. A text that is no day stays as it is.
func (d Day) Plus(days int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return DayOf(t.AddDate(0, 0, days))
}

// Digest is what a day leaves behind: hashes, from which nothing can be read, in hexadecimal and sorted. It holds no
// person's data and no case's number.
type Digest struct {
	Municipality string   `json:"municipality"`
	Day          Day      `json:"day"`
	Previous     string   `json:"previous"` // hash of the digest before it, "" of the first: so the days are a chain
	Events       []string `json:"events"`   // Event.Hash of each, smoke tests aside
	Audits       []string `json:"audits"`   // AuditRow.Hash of each
}

// Encode is the digest as it is kept, and the hash that the next one names it by.
func (d Digest) Encode() (content []byte, hash string, err error) {
	slices.Sort(d.Events)
	slices.Sort(d.Audits)
	content, err = json.MarshalIndent(d, "", " ")
	if err != nil {
		return nil, "", fmt.Errorf("encode digest of %s: %w", d.Day, err)
	}
	return content, HashDigest(content), nil
}

// HashDigest is the hash of a digest as it is kept.
func HashDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// AuditRow is one row of who saw what, as it is stored.
type AuditRow struct {
	ID string // a ULID, so that nobody can guess what a hash is of
	Audit
}

// Hash is the SHA-256 of the row's words.
func (a AuditRow) Hash() (string, error) {
	a.At = a.At.UTC()
	words, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("encode audit row %s: %w", a.ID, err)
	}
	return HashDigest(words), nil
}

// Unedited says, for each of a case's events, oldest first, whether its words are still those of its hash. What an event
// followed that is not there any more, nobody can tell; such an event counts as unedited.
func Unedited(events []Event) ([]bool, error) {
	unedited := make([]bool, len(events))
	var before Event
	for i, e := range events {
		unedited[i] = true
		if e.Version == before.Version+1 {
			follows, err := e.follows(before.Hash)
			if err != nil {
				return nil, err
			}
			unedited[i] = follows
		}
		before = e
	}
	return unedited, nil
}

// Digested is how far the digests have come.
type Digested struct {
	Day  Day
	Hash string // of that day's digest
}

// DigestStore is where the hashes of a day are found.
type DigestStore interface {
	// LastDigest says how far the digests have come, or ErrNotFound.
	LastDigest(ctx context.Context) (Digested, error)
	// KeepDigested says how far they have come now. ErrConflict: they have come as far or further already.
	KeepDigested(ctx context.Context, d Digested) error
	// EventHashes returns the hashes of a day's events, in any order.
	EventHashes(ctx context.Context, day Day) ([]string, error)
	// Audited returns what a worker saw on a day.
	Audited(ctx context.Context, day Day, worker string) ([]AuditRow, error)
	// People returns everybody, also who left.
	People(ctx context.Context) (People, error)
}

// Bucket is where digests are kept, locked.
type Bucket interface {
	// Keep keeps a day's digest. A day that has one keeps that one, and it is no error.
	Keep(ctx context.Context, day Day, content []byte) error
}

// Digests keeps a digest of each day.
type Digests struct {
	Municipality string
	Store        DigestStore
	Bucket       Bucket
}

// DigestAfter is how long after its end a day is digested. By then everything of that day is stored: no function runs
// longer than a minute.
const DigestAfter = 2 * time.Hour

// KeepNext keeps the digest of the earliest day that is due at now and has none: one at a time, so that days that were
// missed are made up for within as many sweeps. kept is false when there is none. Done twice it keeps the same. Where
// nothing was ever digested it begins with the last whole day.
func (d Digests) KeepNext(ctx context.Context, now time.Time) (made Digest, kept bool, err error) {
	due := DayOf(now.Add(-DigestAfter)).Plus(-1)
	last, err := d.Store.LastDigest(ctx)
	switch {
	case errors.Is(err, ErrNotFound):
		last.Day = due.Plus(-1)
	case err != nil:
		return Digest{}, false, err
	}
	day := last.Day.Plus(1)
	if day > due {
		return Digest{}, false, nil
	}
	if made, err = d.of(ctx, day, last.Hash); err != nil {
		return Digest{}, false, fmt.Errorf("digest of %s: %w", day, err)
	}
	content, hash, err := made.Encode()
	if err != nil {
		return Digest{}, false, err
	}
	if err := d.Bucket.Keep(ctx, day, content); err != nil {
		return Digest{}, false, fmt.Errorf("keep digest of %s: %w", day, err)
	}
	err = d.Store.KeepDigested(ctx, Digested{Day: day, Hash: hash})
	if errors.Is(err, ErrConflict) {
		return Digest{}, false, nil // another sweep was first
	}
	return made, err == nil, err
}

func (d Digests) of(ctx context.Context, day Day, previous string) (Digest, error) {
	made := Digest{Municipality: d.Municipality, Day: day, Previous: previous, Audits: []string{}}
	var err error
	if made.Events, err = d.Store.EventHashes(ctx, day); err != nil {
		return Digest{}, err
	}
	people, err := d.Store.People(ctx)
	if err != nil {
		return Digest{}, err
	}
	for _, w := range people.Workers {
		rows, err := d.Store.Audited(ctx, day, w.ID)
		if err != nil {
			return Digest{}, err
		}
		for _, row := range rows {
			hash, err := row.Hash()
			if err != nil {
				return Digest{}, err
			}
			made.Audits = append(made.Audits, hash)
		}
	}
	return made, nil
}
