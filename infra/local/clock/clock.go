// Package clock is the business clock of the service on this machine: real time plus an offset that only grows and
// that restarts keep. Deadlines, links and drafts follow it; sessions, tokens and cookies keep real time.
package clock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"voordeur/infra/local/durable"
)

const (
	maxAhead    = 100 * 365 * 24 * time.Hour // of real time; longer than anything is kept
	maxStanding = 1000                       // calls in a row that leave work due without the time moving
)

// errTooFar says that the clock would be more than 100 years ahead.
var errTooFar = errors.New("the clock may be at most 100 years ahead")

// Work does everything that is due now, and returns the next due time that is not after until; ok is false when there
// is none. A due time that is not after now means that there is more to do at once.
type Work func(ctx context.Context, until time.Time) (next time.Time, ok bool, err error)

// Clock tells business time. Make one with New.
type Clock struct {
	file   string
	real   func() time.Time
	ahead  atomic.Int64  // nanoseconds
	moving chan struct{} // holds one token: who takes it may move the clock
}

// New returns the clock whose offset the file keeps; an absent file means none. real is the machine's clock.
func New(file string, real func() time.Time) (*Clock, error) {
	c := &Clock{file: file, real: real, moving: make(chan struct{}, 1)}
	content, err := os.ReadFile(file) //nolint:gosec // the operator's own data folder
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the clock: %w", err)
	}
	ahead, err := time.ParseDuration(strings.TrimSpace(string(content)))
	if err != nil || ahead < 0 || ahead > maxAhead {
		return nil, fmt.Errorf("read the clock: %s holds no offset such as 36h0m0s", file)
	}
	c.ahead.Store(int64(ahead))
	return c, nil
}

// Now returns business time, in UTC.
func (c *Clock) Now() time.Time { return c.real().Add(time.Duration(c.ahead.Load())).UTC() }

// Advance moves the clock forward by d, stopping at every due time on the way to let work do what is due, and returns
// when the new time is reached and nothing is due any more. When work fails, the clock stays at the time where it
// failed. One move runs at a time; others wait for it.
func (c *Clock) Advance(ctx context.Context, d time.Duration, work Work) error {
	if d < 0 {
		return errors.New("the clock only moves forward")
	}
	select {
	case c.moving <- struct{}{}:
		defer func() { <-c.moving }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if d > maxAhead-time.Duration(c.ahead.Load()) {
		return errTooFar
	}
	target := c.Now().Add(d)
	for standing := 0; standing < maxStanding; standing++ {
		next, ok, err := work(ctx, target)
		switch {
		case err != nil:
			return fmt.Errorf("work at %s: %w", c.Now().Format(time.RFC3339), err)
		case !ok && !c.Now().Before(target):
			return nil
		case !ok:
			next = target
		}
		if step := next.Sub(c.Now()); step > 0 {
			standing = 0
			if err := c.step(step); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("work at %s: it stays due after %d tries", c.Now().Format(time.RFC3339), maxStanding)
}

// step moves the clock, on disk first: after a crash no time that was told may lie in the future.
func (c *Clock) step(d time.Duration) error {
	ahead := time.Duration(c.ahead.Load()) + d
	if err := durable.WriteFile(c.file, []byte(ahead.String()+"\n")); err != nil {
		return fmt.Errorf("move the clock: %w", err)
	}
	c.ahead.Store(int64(ahead))
	return nil
}

// Handler serves the clock: GET answers {"now": …} in RFC 3339, POST with the form field advance=36h moves it first.
func (c *Clock) Handler(work Work) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { c.answer(w) })
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		d, err := time.ParseDuration(r.PostFormValue("advance"))
		if err != nil || d < 0 || d > maxAhead {
			http.Error(w, "advance: write how far forward, for example 36h or 90m", http.StatusBadRequest)
			return
		}
		switch err := c.Advance(r.Context(), d, work); {
		case errors.Is(err, errTooFar):
			http.Error(w, "advance: "+err.Error(), http.StatusBadRequest)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			c.answer(w)
		}
	})
	return mux
}

func (c *Clock) answer(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(map[string]string{"now": c.Now().Format(time.RFC3339)}) // a reader that left needs none
}
