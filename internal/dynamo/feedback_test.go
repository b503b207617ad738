package dynamo_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/message"
)

// feedback is one thing that the mail service tells, so many minutes after the mail was handed over.
type feedback struct {
	told    casework.MessageStatus
	minutes int
}

// H4: what became of a message follows from what was told, in whatever order it came.
func TestTheOutcomeOfAMessageDoesNotDependOnTheOrder(t *testing.T) { // threat:T24
	tests := map[string]struct {
		told []feedback
		want casework.MessageStatus
	}{
		"nothing was told":                       {nil, casework.Pending},
		"delivered":                              {[]feedback{{casework.Delivered, 1}}, casework.Delivered},
		"delivered, told twice":                  {[]feedback{{casework.Delivered, 1}, {casework.Delivered, 1}}, casework.Delivered},
		"bounced":                                {[]feedback{{casework.Bounced, 1}}, casework.Bounced},
		"taken, then sent back":                  {[]feedback{{casework.Delivered, 1}, {casework.Bounced, 9}}, casework.Bounced},
		"sent back, told before taken":           {[]feedback{{casework.Bounced, 9}, {casework.Delivered, 1}}, casework.Bounced},
		"called spam, told before taken":         {[]feedback{{casework.Complained, 30}, {casework.Delivered, 1}}, casework.Complained},
		"called spam after it was read":          {[]feedback{{casework.Delivered, 1}, {casework.Complained, 30}}, casework.Complained},
		"sent back, and a second copy was taken": {[]feedback{{casework.Delivered, 9}, {casework.Bounced, 1}}, casework.Delivered},
		"everything, the last told first":        {[]feedback{{casework.Complained, 30}, {casework.Bounced, 9}, {casework.Delivered, 1}}, casework.Complained},
	}
	town := exampletest.New(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			first := owed(t, town)
			d, err := town.Store.Dossier(t.Context(), first.Case)
			if err != nil {
				t.Fatal(err)
			}
			m := d.Messages[1]
			key := message.Key(town.Municipality.ID, m.Case, m.ID)
			is := func(id string) bool { return message.Key(town.Municipality.ID, m.Case, id) == key }
			for _, f := range tt.told {
				at := monday().Add(time.Duration(f.minutes) * time.Minute)
				if _, _, err := town.Store.Feedback(t.Context(), m.Case, is, f.told, at); err != nil {
					t.Fatal(err)
				}
			}
			if d, err = town.Store.Dossier(t.Context(), m.Case); err != nil {
				t.Fatal(err)
			}
			if got := d.Messages[1].Outcome(); got != tt.want {
				t.Errorf("outcome is %s, want %s", got, tt.want)
			}
			if got := d.Messages[0].Outcome(); got != casework.Pending {
				t.Errorf("the other message of the case is %s", got)
			}
		})
	}
}

// H4 as a property: whatever is told, however often and in whatever order, the outcome is that of what happened last; of
// one moment the worse counts.
//
// feature:H4
func TestTheOutcomeIsThatOfWhatHappenedLast(t *testing.T) { // threat:T24
	town := exampletest.New(t)
	first, n := owed(t, town), 0
	badness := func(f feedback) int {
		return slices.Index([]casework.MessageStatus{casework.Delivered, casework.Bounced, casework.Complained}, f.told)
	}
	rapid.Check(t, func(rt *rapid.T) {
		happened := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) feedback {
			return feedback{
				rapid.SampledFrom([]casework.MessageStatus{casework.Delivered, casework.Bounced, casework.Complained}).Draw(rt, "told"),
				rapid.IntRange(1, 4).Draw(rt, "minutes"),
			}
		}), 1, 5).Draw(rt, "happened")
		want := casework.Delivered
		if last := slices.MaxFunc(happened, func(a, b feedback) int {
			return cmp.Or(cmp.Compare(a.minutes, b.minutes), cmp.Compare(badness(a), badness(b)))
		}); last.told != casework.Delivered {
			want = last.told
		}
		if slices.ContainsFunc(happened, func(f feedback) bool { return f.told == casework.Complained }) {
			want = casework.Complained // nobody complains of a mail that did not come
		}
		for _, told := range [][]feedback{happened, rapid.Permutation(append(happened, happened...)).Draw(rt, "told")} {
			n++
			m := first
			m.ID = fmt.Sprintf("%04d-lead-%s", n+1, m.To)
			if err := town.Store.OweOnce(t.Context(), m.ID, []casework.Message{m}); err != nil {
				rt.Fatal(err)
			}
			for _, f := range told {
				at := monday().Add(time.Duration(f.minutes) * time.Minute)
				if _, _, err := town.Store.Feedback(t.Context(), m.Case, func(id string) bool { return id == m.ID }, f.told, at); err != nil {
					rt.Fatal(err)
				}
			}
			wantOutcome(rt, town, m, want)
		}
	})
}

// What is told at one moment by several, as SES does, is not lost by any.
func TestNothingIsLostOfWhatIsToldAtOnce(t *testing.T) { // threat:T24 //threat:T26
	town := exampletest.New(t)
	m := owed(t, town)
	var g errgroup.Group
	for n := range 12 {
		g.Go(func() error {
			told := []casework.MessageStatus{casework.Delivered, casework.Bounced}[n%2]
			_, _, err := town.Store.Feedback(t.Context(), m.Case, func(id string) bool { return id == m.ID }, told, monday().Add(time.Duration(n)*time.Second))
			if errors.Is(err, casework.ErrConflict) {
				return nil // SES tells it again
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	for n := range 12 {
		told := []casework.MessageStatus{casework.Delivered, casework.Bounced}[n%2]
		if _, _, err := town.Store.Feedback(t.Context(), m.Case, func(id string) bool { return id == m.ID }, told, monday().Add(time.Duration(n)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	wantOutcome(t, town, m, casework.Bounced) // at 11 seconds
	duty, err := town.Store.Duty(t.Context(), monday().Add(time.Minute))
	if err != nil || len(duty.Mails) != 1 || duty.Mails[0].Trouble != casework.Returned {
		t.Errorf("the duty screen has %+v, %v", duty.Mails, err)
	}
}

func wantOutcome(t rapid.TB, town *exampletest.Town, m casework.Message, want casework.MessageStatus) {
	t.Helper()
	d, err := town.Store.Dossier(context.Background(), m.Case)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := d.Message(m.ID); got.Outcome() != want {
		t.Errorf("outcome is %s, want %s: %+v", got.Outcome(), want, got)
	}
}

func TestOfTwoTimesTheLastStands(t *testing.T) {
	town := exampletest.New(t)
	m := owed(t, town)
	is := func(id string) bool { return id == m.ID }
	for _, at := range []time.Duration{time.Hour, 0} {
		if _, _, err := town.Store.Feedback(t.Context(), m.Case, is, casework.Bounced, monday().Add(at)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := town.Store.Dossier(t.Context(), m.Case)
	if got, _ := d.Message(m.ID); err != nil || !got.Bounced.Equal(monday().Add(time.Hour)) {
		t.Errorf("bounced at %v, want an hour later than %v; %v", got.Bounced, monday(), err)
	}
}

// What was told does not keep a sender from marking the message as sent.
func TestFeedbackMayComeBeforeTheMessageIsMarked(t *testing.T) { // invariant:I7
	town := exampletest.New(t)
	m := owed(t, town)
	claimed, err := town.Store.Claim(t.Context(), m.Case, m.ID, monday())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := town.Store.Feedback(t.Context(), m.Case, func(id string) bool { return id == m.ID }, casework.Delivered, monday()); err != nil {
		t.Fatal(err)
	}
	claimed.Status, claimed.Sent, claimed.Provider = casework.Sent, monday(), "provider-1"
	if err := town.Store.Settle(t.Context(), claimed); err != nil {
		t.Fatal(err)
	}
	d, err := town.Store.Dossier(t.Context(), m.Case)
	if err != nil || d.Messages[0].Status != casework.Sent || d.Messages[0].Outcome() != casework.Delivered {
		t.Errorf("message is %+v, %v", d.Messages[0], err)
	}
}

func TestFeedbackOnWhatIsNotThereIsNotFound(t *testing.T) {
	town := exampletest.New(t)
	m := owed(t, town)
	tests := map[string]struct {
		ref casework.Reference
		id  string
	}{
		"another message": {m.Case, "0009-lead-nobody"},
		"another case":    {"K7M-4RT-9XT", m.ID},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := town.Store.Feedback(t.Context(), tt.ref, func(id string) bool { return id == tt.id }, casework.Bounced, monday())
			if !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("Feedback = %v, want ErrNotFound", err)
			}
		})
	}
}
