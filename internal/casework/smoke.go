package casework

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/routing"
)

// SmokeTest is a report that dispatch itself sends through the public form, to see that all of the way works. Its call
// name is a mark that only who holds the matching key can make, so that a report of somebody outside is never taken for
// a test, and never the other way round. Its case stands with nobody: it is told to the test lead and goes by itself.
type SmokeTest struct {
	Reference Reference
	Started   time.Time
}

// TestLead is whom a smoke test is told to. No row stands behind it: the address is in the municipality's file, so that
// the test lead is no candidate for anything, in no list, and has no load.
const TestLead = "test-lead"

const (
	// smokeName begins the mark; the moment and the MAC follow.
	smokeName   = "Proefmelding"
	smokeLayout = "20060102T150405Z"
	smokeMAC    = 32 // hexadecimal characters
	// smokeTrait is what the mark's MAC is of. No answer of the form becomes such a trait.
	smokeTrait TraitKind = "smoke_test"
	// smokeWithin is how long after a mark was made its report may come in. When it is taken does not count: a test that
	// waited is still a test.
	smokeWithin = 10 * time.Minute
	// SmokeTestLasts is how long the rows of a smoke test's case are kept.
	SmokeTestLasts = 24 * time.Hour
)

// Removal says that a case goes by itself: from At on the store may drop every row of it, those of its report included.
// The zero value keeps the case.
type Removal struct {
	At   time.Time
	Link string // id of the resident's link, "" when there is none
}

// SmokeTestName is the call name that marks a report of now as a smoke test.
func (w Work) SmokeTestName(ctx context.Context, now time.Time) (string, error) {
	moment := now.UTC().Format(smokeLayout)
	macs, err := w.smokeMACs(ctx, moment)
	if err != nil {
		return "", err
	}
	return strings.Join([]string{smokeName, moment, macs[0]}, " "), nil
}

// smokeMACs returns the MAC of a moment under every matching key, the newest first.
func (w Work) smokeMACs(ctx context.Context, moment string) ([]string, error) {
	hashed, err := w.Matcher.Hashes(ctx, []Trait{{Kind: smokeTrait, Value: moment}})
	if err != nil {
		return nil, fmt.Errorf("mark of a smoke test: %w", err)
	}
	return hashed[0], nil
}

// markOf is a call name that has the shape of a mark, "" for any other. Who seals a report cannot tell a true mark.
func markOf(name string) string {
	if _, _, ok := cutMark(name); !ok {
		return ""
	}
	return name
}

func cutMark(name string) (moment, mac string, ok bool) {
	parts := strings.Split(name, " ")
	if len(parts) != 3 || parts[0] != smokeName || len(parts[1]) != len(smokeLayout) || len(parts[2]) != smokeMAC {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// isSmokeTest says whether dispatch made the mark of a report, shortly before it was received.
func (w Work) isSmokeTest(ctx context.Context, mark string, received time.Time) (bool, error) {
	moment, mac, ok := cutMark(mark)
	if !ok {
		return false, nil
	}
	made, err := time.Parse(smokeLayout, moment)
	if err != nil || received.Sub(made).Abs() > smokeWithin {
		return false, nil //nolint:nilerr // a mark without a moment is none
	}
	macs, err := w.smokeMACs(ctx, moment)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(macs, func(own string) bool { return hmac.Equal([]byte(own), []byte(mac)) }), nil
}

// takeSmokeTest makes the case of a smoke test's report: it stands with nobody, has no deadline, leaves no trace that
// another report could meet, and every row of it goes by itself.
func (w Work) takeSmokeTest(ctx context.Context, now time.Time, report Report, f routing.Facts) error {
	c := &Case{
		ID: report.Reference, State: Submitted, Priority: f.Priority, Area: f.Area, Reported: f.Reported.UTC(),
	}
	ev := Act{At: now, By: Service, Command: takeCommand(c.ID)}.event(EvSmokeTest)
	c.stand(&ev, Rehearsed, "", "")
	ev, err := c.chain(ev)
	if err != nil {
		return err
	}
	err = w.Store.Save(ctx, Change{
		Case: *c, Event: ev, Messages: c.Owes(ev, false),
		Removal: Removal{At: now.Add(SmokeTestLasts).UTC(), Link: report.LinkID},
	})
	if errors.Is(err, ErrConflict) {
		return nil // the other wake-up was first
	}
	return err
}
