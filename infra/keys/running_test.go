package main

import (
	"io"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"voordeur/functions/wiring"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/seal"
)

// Every purpose is rotated while functions run. For a quarter of an hour one of them still seals with the earlier pairs;
// what both seal opens, and a household is met under either matching pair.
func TestARotationDisturbsNothingThatRuns(t *testing.T) {
	town, now := exampletest.New(t), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	sealer := &wiring.Sealer{Municipality: town.Municipality.ID, Keys: town.Store.Keys, Now: func() time.Time { return now }}
	town.Intake.Sealer, town.Work.Sealer = sealer, sealer
	home := exampletest.Answers(form.Answers{"story": {"Er liggen te veel brieven."}})
	running := town.Case(t, now, home)
	env := map[string]string{
		"MUNICIPALITY": town.Municipality.ID, "CASES_TABLE": town.Store.Cases, "KMS_KEY": exampletest.KMSKey,
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(town.Config.BaseEndpoint), "AWS_ENDPOINT_URL_KMS": town.KMS,
	}
	for _, p := range seal.Purposes() {
		e := wiring.NewEnvironment(func(name string) string { return env[name] })
		if err := run(t.Context(), e, []string{"rotate", string(p)}, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		after time.Duration
		pair  uint16
	}{{14 * time.Minute, 1}, {15 * time.Minute, 2}, {24 * time.Hour, 2}} {
		now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).Add(tt.after)
		c := town.Case(t, now, home)
		if !c.Nearby {
			t.Errorf("%s after the rotation the household is not met", tt.after)
		}
		opens(t, town, c.ID, tt.pair)
	}
	opens(t, town, running.ID, 1)
}

// opens wants that the envelopes of a report were sealed with a pair, and open.
func opens(t *testing.T, town *exampletest.Town, ref casework.Reference, pair uint16) {
	t.Helper()
	report, err := town.Store.Sent(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	for p, e := range map[casework.Purpose]casework.Envelope{
		casework.ForRouting: report.Routing, casework.ForContact: report.Contact, casework.ForContent: report.Content,
	} {
		if n, err := seal.KeyNumber(e); n != pair || err != nil {
			t.Errorf("%s was sealed with pair %d, want %d; %v", p, n, pair, err)
		}
		if _, err := town.Opener.Open(t.Context(), p, ref, e); err != nil {
			t.Errorf("%s sealed with pair %d: %v", p, pair, err)
		}
	}
}
