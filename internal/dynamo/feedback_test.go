package dynamo_test

import (
	"errors"
	"testing"
	"time"

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
		"nothing was told":                {nil, casework.Pending},
		"delivered":                       {[]feedback{{casework.Delivered, 1}}, casework.Delivered},
		"delivered, told twice":           {[]feedback{{casework.Delivered, 1}, {casework.Delivered, 1}}, casework.Delivered},
		"bounced":                         {[]feedback{{casework.Bounced, 1}}, casework.Bounced},
		"taken, then sent back":           {[]feedback{{casework.Delivered, 1}, {casework.Bounced, 9}}, casework.Bounced},
		"sent back, told before taken":    {[]feedback{{casework.Bounced, 9}, {casework.Delivered, 1}}, casework.Bounced},
		"called spam, told before taken":  {[]feedback{{casework.Complained, 30}, {casework.Delivered, 1}}, casework.Complained},
		"called spam after it was read":   {[]feedback{{casework.Delivered, 1}, {casework.Complained, 30}}, casework.Complained},
		"everything, the last told first": {[]feedback{{casework.Complained, 30}, {casework.Bounced, 9}, {casework.Delivered, 1}}, casework.Complained},
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

func TestOfTwoTimesTheFirstToldStands(t *testing.T) {
	town := exampletest.New(t)
	m := owed(t, town)
	is := func(id string) bool { return id == m.ID }
	for _, at := range []time.Time{monday(), monday().Add(time.Hour)} {
		if _, _, err := town.Store.Feedback(t.Context(), m.Case, is, casework.Bounced, at); err != nil {
			t.Fatal(err)
		}
	}
	d, err := town.Store.Dossier(t.Context(), m.Case)
	if err != nil || !d.Messages[0].Bounced.Equal(monday()) {
		t.Errorf("bounced at %v, want %v; %v", d.Messages[0].Bounced, monday(), err)
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
