// Package smoke is the scheduled smoke test: dispatch fills in the real public form like a resident, and is mailed what
// came of it. So web ACL, gateway, front door, store, stream, dispatch and mail service are watched together, from
// outside. Nobody has to remove what it leaves: see casework.SmokeTest.
package smoke

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
)

// Test runs smoke tests and says in the log how they end: "smoke test passed" with its seconds from the last click to
// the delivered mail, or "smoke test failed" with the step that did not happen.
type Test struct {
	Municipality *municipality.Municipality
	Work         casework.Work
	Store        *dynamo.Store
	Base         string            // of the public pages: "https://hulp.gemeente.example"
	Transport    http.RoundTripper // to them
	Log          *slog.Logger
}

// The steps of a smoke test, in their order.
const (
	stepForm      = "form"      // the front door took the form
	stepTaken     = "taken"     // dispatch made a case of it
	stepSent      = "sent"      // the mail service took the mail
	stepDelivered = "delivered" // the test lead's mail server took it
)

const (
	// passWithin is how long a smoke test may take before it has failed.
	passWithin = 10 * time.Minute
	// formWithin bounds the walk through the form, so that what went wrong is told before the function is stopped.
	formWithin = 45 * time.Second
)

// Run says how the latest smoke test failed, if it did, and starts the next one. While the latest may still pass it
// does nothing, so that an event that comes twice is one test.
func (t Test) Run(ctx context.Context, now time.Time) error {
	last, err := t.Store.SmokeTest(ctx)
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return err
	}
	age := now.Sub(last.Started)
	if err == nil && age < casework.SmokeTestLasts { // after that its rows may be gone
		missing, err := t.missing(ctx, last.Reference)
		switch {
		case err != nil:
			return err
		case missing != "" && age < passWithin:
			return nil
		case missing != "":
			t.Log.ErrorContext(ctx, "smoke test failed", slog.String("step", missing), slog.String("case", string(last.Reference)))
		}
	}
	return t.start(ctx, now)
}

// missing returns the first step of a smoke test that has not happened, "" when it has passed.
func (t Test) missing(ctx context.Context, ref casework.Reference) (step string, err error) {
	d, err := t.Store.Dossier(ctx, ref)
	if errors.Is(err, casework.ErrNotFound) {
		return stepTaken, nil
	}
	if err != nil {
		return "", fmt.Errorf("look at smoke test: %w", err)
	}
	for _, m := range d.Messages {
		switch m.Outcome() {
		case casework.Delivered, casework.Complained: // nobody complains of a mail that did not come
			return "", nil
		case casework.Sent, casework.Bounced:
			return stepDelivered, nil
		case casework.Pending, casework.Unsendable, casework.Obsolete, casework.Held:
		}
	}
	return stepSent, nil
}

// start fills in the form. A form that cannot be filled in is a failed test, not an error of this function's own.
func (t Test) start(ctx context.Context, now time.Time) error {
	name, err := t.Work.SmokeTestName(ctx, now)
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, formWithin)
	defer cancel()
	ref, err := newResident(t.Base, t.Transport).report(within, answers(name, t.Municipality))
	if err != nil {
		t.Log.ErrorContext(ctx, "smoke test failed", slog.String("step", stepForm), slog.Any("error", err))
		return nil
	}
	return t.Store.KeepSmokeTest(ctx, casework.SmokeTest{Reference: ref, Started: now})
}

// answers is the form as somebody fills it in who would rather walk in: there is nobody to call, write to or mail.
func answers(name string, m *municipality.Municipality) url.Values {
	return url.Values{
		"helpers": {"unknown"}, "safe_now": {"yes"}, "call_name": {name}, "contact_way": {"come_by"},
		"postcode": {fmt.Sprintf("%d AA", m.Areas[0].Postcodes[0].From)}, "language": {"nl"},
	}
}

// Delivered says that a smoke test has passed, when the mail that was delivered is one's.
func (t Test) Delivered(ctx context.Context, m casework.Message, at time.Time) error {
	if m.Kind != casework.MailSmokeTest {
		return nil
	}
	c, err := t.Store.Case(ctx, m.Case)
	if err != nil {
		return fmt.Errorf("smoke test: %w", err)
	}
	t.Log.InfoContext(ctx, "smoke test passed", slog.String("case", string(m.Case)), slog.Float64("seconds", at.Sub(c.Reported).Seconds()))
	return nil
}
