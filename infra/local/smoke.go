package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"voordeur/internal/casework"
)

// postSmokeTest runs a smoke test to its end, and says how it ended.
func (v *service) postSmokeTest(w http.ResponseWriter, r *http.Request) {
	ref, err := v.runSmokeTest(r.Context())
	if err != nil {
		slog.ErrorContext(r.Context(), "smoke test", slog.Any("error", err))
		http.Error(w, "The smoke test failed; the log says why.", http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, "passed:", ref)
}

// smokeWithin is how long a smoke test may take on this machine: the stream brings each step within a tenth of a second.
const smokeWithin = 5 * time.Second

// runSmokeTest runs one and tells of its mail what SES would: that it was delivered, as soon as the stand-in took it.
func (v *service) runSmokeTest(ctx context.Context) (casework.Reference, error) {
	if err := v.smokeTest.Run(ctx, v.clock.Now()); err != nil {
		return "", err
	}
	test, err := v.store.SmokeTest(ctx)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, smokeWithin)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		d, err := v.store.Dossier(ctx, test.Reference)
		if err == nil && d.Messages[0].Status == casework.Sent {
			now := v.clock.Now()
			m, _, err := v.store.Feedback(ctx, test.Reference, func(string) bool { return true }, casework.Delivered, now)
			if err != nil {
				return "", err
			}
			return test.Reference, v.smokeTest.Delivered(ctx, m, now)
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("no mail of smoke test %s was sent", test.Reference)
		case <-tick.C:
		}
	}
}
