package casework_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/seal/vault"
)

// walkedIn submits a report of somebody who would rather walk in, under a name, and has dispatch take it later.
func walkedIn(t *testing.T, town *exampletest.Town, callName string, sent, taken time.Time) casework.Dossier {
	t.Helper()
	receipt, err := town.Intake.Submit(t.Context(), sent, casework.NewSecret(), form.Draft{
		Path: form.CallMe, Language: "nl",
		Answers: form.Answers{"call_name": {callName}, "contact_way": {"come_by"}, "postcode": {"9990 AA"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the stream and the sweep both may
		if err := town.Work.Take(t.Context(), taken, receipt.Reference); err != nil {
			t.Fatal(err)
		}
	}
	d, err := town.Store.Dossier(t.Context(), receipt.Reference)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// mark is the call name of a smoke test that dispatch of a town starts.
func mark(t *testing.T, town *exampletest.Town, now time.Time) string {
	t.Helper()
	name, err := town.Work.SmokeTestName(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// P3: a smoke test stands with nobody, and is told to the test lead alone.
//
// feature:P3
func TestASmokeTestIsNobodysWork(t *testing.T) {
	town, now := exampletest.New(t), monday()
	before, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := walkedIn(t, town, mark(t, town, now), now, now)
	c := d.Case
	if c.State != casework.Rehearsed || c.Open() || c.Owner() != "" || c.Bears() != "" || len(c.Deadlines) > 0 || c.Look.Waiting() {
		t.Errorf("case is %+v", c)
	}
	if c.MayRead(casework.Reader{Worker: "ilse", Coordinator: true}, monday()) {
		t.Error("a coordinator may read it")
	}
	if len(d.Messages) != 1 || d.Messages[0].Kind != casework.MailSmokeTest || d.Messages[0].To != casework.TestLead {
		t.Errorf("it owes %+v", d.Messages)
	}
	if err := casework.CheckChain(c, d.Events); err != nil || len(d.Events) != 1 {
		t.Errorf("%d events, %v", len(d.Events), err)
	}
	after, err := town.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range after.Workers {
		if w.Load != before.Workers[i].Load || !w.LastAssigned.Equal(before.Workers[i].LastAssigned) {
			t.Errorf("%s has load %d, last assigned %v", w.ID, w.Load, w.LastAssigned)
		}
		list, err := town.Store.Standing(t.Context(), w.ID, "")
		if err != nil || len(list.Cases) > 0 {
			t.Errorf("%d cases in the list of %s, %v", len(list.Cases), w.ID, err)
		}
	}
	if next, due, err := town.Store.NextDue(t.Context()); err != nil || !due || next.After(now.Add(casework.SweepAfter)) {
		t.Errorf("due next at %v, %v; want the mail alone, %v", next, due, err)
	}
}

// What counts is that the report came in shortly after the mark was made, not when dispatch came to it.
func TestASmokeTestThatWaitedIsStillOne(t *testing.T) { // threat:T33
	town, now := exampletest.New(t), monday()
	if d := walkedIn(t, town, mark(t, town, now), now.Add(9*time.Minute), now.AddDate(0, 0, 3)); d.Case.State != casework.Rehearsed {
		t.Errorf("case is %s", d.Case.State)
	}
}

func TestASmokeTestOutlivesARotation(t *testing.T) {
	town, now := exampletest.New(t), monday()
	v := vault.Vault{KMS: awskms.NewFromConfig(dynoxide.Config(town.KMS)), KeyID: exampletest.KMSKey, Municipality: town.Municipality.ID}
	name := mark(t, town, now)
	if _, err := v.Rotate(t.Context(), town.Store, casework.ForMatching); err != nil {
		t.Fatal(err)
	}
	if mark(t, town, now) == name {
		t.Error("the new key is not in use")
	}
	if d := walkedIn(t, town, name, now, now); d.Case.State != casework.Rehearsed {
		t.Errorf("case is %s", d.Case.State)
	}
}

// Whoever has not the key makes no test: their report is a report, and gets its lead.
func TestNobodyOutsideMakesASmokeTest(t *testing.T) {
	town, now := exampletest.New(t), monday()
	parts := strings.Split(mark(t, town, now), " ")
	word, moment, mac := parts[0], parts[1], parts[2]
	other := exampletest.In(t, "duinrand")
	tests := map[string]struct {
		name  string
		later time.Duration
	}{
		"the word alone":                  {word, 0},
		"without a MAC":                   {word + " " + moment, 0},
		"with a MAC of nothing":           {word + " " + moment + " " + strings.Repeat("0", 32), 0},
		"of another moment":               {word + " 20261123T090001Z " + mac, 0},
		"of no moment":                    {word + " 2026-11-23T09:00 " + mac, 0},
		"under another municipality's":    {mark(t, other, now), 0},
		"with something behind it":        {word + " " + moment + " " + mac + " Jansen", 0},
		"under another word":              {"Proefpersoon " + moment + " " + mac, 0},
		"one that was seen an hour ago":   {word + " " + moment + " " + mac, time.Hour},
		"one of eleven minutes ago":       {word + " " + moment + " " + mac, 11 * time.Minute},
		"one that is made for later":      {mark(t, town, now.Add(time.Hour)), 0},
		"a resident who is called so too": {"Proefmelding", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			at := now.Add(tt.later)
			if d := walkedIn(t, town, tt.name, at, at); !d.Case.Open() || d.Case.Owner() == "" {
				t.Errorf("case is %s and stands with %q", d.Case.State, d.Case.Owner())
			}
		})
	}
}

// brokenMatcher stands for key management that does not answer.
type brokenMatcher struct{}

var errBroken = errors.New("key management is down")

func (brokenMatcher) Hashes(context.Context, []casework.Trait) ([][]string, error) {
	return nil, errBroken
}

// While nobody can tell whether it is a test, it is neither.
func TestAMarkThatCannotBeCheckedWaits(t *testing.T) {
	town, now := exampletest.New(t), monday()
	receipt, err := town.Intake.Submit(t.Context(), now, casework.NewSecret(), form.Draft{
		Path: form.CallMe, Language: "nl",
		Answers: form.Answers{"call_name": {mark(t, town, now)}, "contact_way": {"come_by"}, "postcode": {"9990 AA"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	broken := town.Work
	broken.Matcher = brokenMatcher{}
	if err := broken.Take(t.Context(), now, receipt.Reference); !errors.Is(err, errBroken) {
		t.Errorf("Take = %v", err)
	}
	if _, err := broken.SmokeTestName(t.Context(), now); !errors.Is(err, errBroken) {
		t.Errorf("SmokeTestName = %v", err)
	}
	if _, err := town.Store.Case(t.Context(), receipt.Reference); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a case was made of it: %v", err)
	}
}
