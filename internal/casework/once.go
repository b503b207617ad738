package casework

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"voordeur/internal/form"
)

// RepeatsFor is how long a system may send its request again and get the same answer.
const RepeatsFor = 30 * 24 * time.Hour

// ErrRepeated means that a report was made of the request already.
var ErrRepeated = errors.New("request was answered before")

// CodeNotAsked is the problem of an answer to a question that the other answers do not bring up.
const CodeNotAsked form.Code = "not_asked"

// Once is what remembers a system's request, so that sent again it makes no second report. Who cannot guess the system's
// own key can neither find it nor test a guess of what was sent.
type Once struct {
	Client    string    // of the token
	ID        string    // of its key, hexadecimal
	MAC       []byte    // of what was sent
	Reference Reference // that it was answered with; "" before that
	Expires   time.Time
}

// NewOnce returns what remembers a request, by the key that the client gave it.
func NewOnce(client, key string, body []byte, now time.Time) Once {
	mac := hmac.New(sha256.New, derive([]byte(key), "request body", sha256.Size))
	mac.Write(body)
	return Once{
		Client: client, ID: hex.EncodeToString(derive([]byte(key), "request id", 16)),
		MAC: mac.Sum(nil)[:16], Expires: now.Add(RepeatsFor).UTC(),
	}
}

// SystemIntake is the intake for the municipality's own systems, whose requests may come again.
type SystemIntake struct {
	Intake
	Requests Requests
}

// Requests is where requests are remembered.
type Requests interface {
	// SubmitOnce is Reports.Submit, and stores in the same transaction what the request is answered with, on the
	// condition that nothing is remembered of it, or nothing that has not expired: otherwise ErrRepeated.
	SubmitOnce(ctx context.Context, r Report, l *Link, o Once) (holder Report, err error)
	// Once returns what remembers a client's request and has not expired, or ErrNotFound.
	Once(ctx context.Context, client, id string, now time.Time) (Once, error)
}

// Repeat returns the reference that the same request was answered with, or ErrNotFound; ErrChanged when something else
// was sent under its key.
func (in SystemIntake) Repeat(ctx context.Context, now time.Time, o Once) (Reference, error) {
	held, err := in.Requests.Once(ctx, o.Client, o.ID, now)
	if err != nil {
		return "", fmt.Errorf("read request: %w", err)
	}
	if !hmac.Equal(held.MAC, o.MAC) {
		return "", ErrChanged
	}
	return held.Reference, nil
}

// Submit stores a system's draft as a report, with a secret that nobody keeps; when the request made one before, it
// answers as Repeat does. *ProblemsError says what to mend, and which answers would not be kept: a system, unlike a
// resident, sees no page on which they go.
func (in SystemIntake) Submit(ctx context.Context, now time.Time, o Once, draft form.Draft) (Reference, error) {
	if problems := in.strict(now, draft); len(problems) > 0 {
		return "", &ProblemsError{Problems: problems}
	}
	store := func(ctx context.Context, r Report, l *Link) (Report, error) {
		return in.Requests.SubmitOnce(ctx, r, l, o)
	}
	receipt, err := in.submit(ctx, now, NewSecret(), draft, nil, store)
	if errors.Is(err, ErrRepeated) {
		return in.Repeat(ctx, now, o)
	}
	return receipt.Reference, err
}

// strict returns every problem of a draft as it was sent, and every answer that would not be kept.
func (in SystemIntake) strict(now time.Time, draft form.Draft) []form.Problem {
	c := form.Context{Municipality: in.Municipality, Path: draft.Path, Today: now}
	problems, kept := in.Form.CheckAll(draft.Answers, c), in.Form.Clean(draft.Answers, c)
	for _, field := range slices.Sorted(maps.Keys(draft.Answers)) {
		told := slices.ContainsFunc(problems, func(p form.Problem) bool { return p.Field == field })
		if len(draft.Answers[field]) > len(kept[field]) && !told {
			problems = append(problems, form.Problem{Field: field, Key: field, Code: CodeNotAsked})
		}
	}
	return problems
}
