package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// public makes the limits of a town those of the internet.
func public(t *testing.T) *exampletest.Town {
	t.Helper()
	town := exampletest.New(t)
	town.Intake.Limits = casework.PublicLimits()
	return town
}

// received submits a form that began so, and has dispatch take it twice: the stream and the sweep both may.
func received(t *testing.T, town *exampletest.Town, now time.Time, begun form.Begun, answers form.Answers) casework.Receipt {
	t.Helper()
	receipt, err := town.Intake.Submit(t.Context(), now, casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "nl", Answers: answers, Begun: begun,
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := town.Work.Take(t.Context(), now, receipt.Reference); err != nil {
			t.Fatal(err)
		}
	}
	return receipt
}

// hasty is how a program begins: it sends at once.
func hasty(now time.Time) form.Begun {
	return form.Begun{At: now, Network: "0f3a91c2d4e5f607", Count: 1}
}

func dispatchOf(town *exampletest.Town) dynamo.Dispatch {
	return dynamo.Dispatch{
		Store: town.Store, Take: town.Work.Take, Overdue: town.Work.Overdue, Waiting: town.Work.TellWaiting,
		Undelivered: town.Work.Undelivered,
		Deliver:     func(context.Context, time.Time, casework.Reference, string) error { return nil },
	}
}

func TestWhoIsSuspected(t *testing.T) { // threat:T31 //threat:T32
	now := monday()
	slow := now.Add(-time.Minute)
	tests := map[string]struct {
		begun form.Begun
		want  []casework.Doubt
	}{
		"nobody who takes a minute":              {form.Begun{At: slow, Network: "aa", Count: 1}, nil},
		"nobody of a form that began elsewhere":  {form.Begun{}, nil},
		"who sends after fourteen seconds":       {form.Begun{At: now.Add(-14 * time.Second), Count: 1}, []casework.Doubt{casework.TooFast}},
		"nobody who sends after fifteen seconds": {form.Begun{At: now.Add(-15 * time.Second), Count: 1}, nil},
		"who fills in what nobody sees":          {form.Begun{At: slow, Count: 1, Trapped: true}, []casework.Doubt{casework.Trapped}},
		"nobody at the twentieth form":           {form.Begun{At: slow, Network: "aa", Count: 20}, nil},
		"the twenty-first form of a network":     {form.Begun{At: slow, Network: "aa", Count: 21}, []casework.Doubt{casework.Crowded}},
		"all at once": {
			form.Begun{At: now, Network: "aa", Count: 900, Trapped: true},
			[]casework.Doubt{casework.TooFast, casework.Trapped, casework.Crowded},
		},
	}
	town := public(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ref := received(t, town, now, tt.begun, exampletest.Answers(nil)).Reference
			_, err := town.Store.Case(t.Context(), ref)
			if taken := err == nil; taken != (tt.want == nil) {
				t.Errorf("a case was made of it: %v", taken)
			}
			waiting, err := town.Store.Quarantined(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var got []casework.Doubt
			for _, q := range waiting {
				if q.Reference == ref {
					got = q.Doubts
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("doubts (-want +got):\n%s", diff)
			}
		})
	}
}

// What is in quarantine owes nobody a mail (mail bombing), is nobody's load, and is not late.
func TestNothingIsSentBeforeAPersonLooked(t *testing.T) { // threat:T31
	town, now := public(t), monday()
	ref := received(t, town, now, hasty(now), exampletest.Answers(nil)).Reference
	d := dispatchOf(town)
	if err := d.Sweep(t.Context(), now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Store.Dossier(t.Context(), ref); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a case or a mail stands in the store: %v", err)
	}
	if late, err := town.Store.Late(t.Context(), now.Add(time.Hour)); err != nil || late != (dynamo.Late{}) {
		t.Errorf("late is %+v, %v", late, err)
	}
}

func TestAReportThatAPersonSentIsTakenLikeAnyOther(t *testing.T) { // threat:T32
	tests := map[string]struct {
		after time.Duration // between the report and the judgement
		want  func(m *municipality.Municipality, sent, judged time.Time) time.Time
	}{
		"in time: the promise is kept": {time.Hour, func(m *municipality.Municipality, sent, _ time.Time) time.Time {
			return m.Due(sent, m.TermsOf(municipality.P3).FirstContact)
		}},
		"too late: the promise is renewed": {72 * time.Hour, func(m *municipality.Municipality, _, judged time.Time) time.Time {
			return m.Due(judged, m.TermsOf(municipality.P3).FirstContact)
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			town, now := public(t), monday()
			secret := casework.NewSecret()
			receipt, err := town.Intake.Submit(t.Context(), now, secret, form.Draft{
				Path: form.Full, Language: "nl", Answers: exampletest.Answers(nil), Begun: hasty(now),
			})
			if err != nil {
				t.Fatal(err)
			}
			ref, judged := receipt.Reference, now.Add(tt.after)
			if err := town.Work.Take(t.Context(), now, ref); err != nil {
				t.Fatal(err)
			}
			if err := town.Store.Judge(t.Context(), ref, casework.Judgement{By: "ilse", At: judged, Human: true}); err != nil {
				t.Fatal(err)
			}
			if err := dispatchOf(town).Sweep(t.Context(), judged.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			d, err := town.Store.Dossier(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want(town.Municipality, now, judged)
			if due, ok := d.Case.Deadline(casework.DueContact); !ok || !due.At.Equal(want) || due.Owner != d.Case.Owner() {
				t.Errorf("contact is due %v with %q, want %v with %q", due.At, due.Owner, want, d.Case.Owner())
			}
			if kinds := messageKinds(d.Messages); !slices.Contains(kinds, casework.MailReceipt) {
				t.Errorf("the receipt is not owed: %v", kinds)
			}
			if err := casework.CheckChain(d.Case, d.Events); err != nil {
				t.Error(err)
			}
			view, err := town.Intake.View(t.Context(), judged, secret.LinkToken())
			if err != nil || !view.Receipt.ContactBefore.Equal(want) || !view.Receipt.Received.Equal(receipt.Received) {
				t.Errorf("the resident's page says %+v, %v, want %v", view.Receipt, err, want)
			}
			if again, err := town.Intake.Receipt(t.Context(), secret); err != nil || !again.ContactBefore.Equal(want) {
				t.Errorf("the receipt says %v, %v, want %v", again.ContactBefore, err, want)
			}
		})
	}
}

func messageKinds(messages []casework.Message) []casework.MessageKind {
	var kinds []casework.MessageKind
	for _, m := range messages {
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

// messagesOf reads the messages of a report that has no case.
func messagesOf(t *testing.T, town *exampletest.Town, ref casework.Reference) (messages []casework.Message, err error) {
	t.Helper()
	err = town.Store.Walk(t.Context(), func(r dynamo.Row, err error) error {
		if r.Case == ref && r.Owed != "" {
			messages = append(messages, casework.Message{Case: ref, ID: r.Owed})
		}
		return err
	})
	return messages, err
}

func TestWhatNobodySentCanBeUndoneForTenDays(t *testing.T) { // threat:T32
	tests := map[string]struct {
		after time.Duration
		want  error
	}{
		"at once":              {time.Minute, nil},
		"on the tenth day":     {10*24*time.Hour - time.Second, nil},
		"after the tenth day":  {10 * 24 * time.Hour, casework.ErrConflict},
		"after a whole season": {90 * 24 * time.Hour, casework.ErrConflict},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			town, now := public(t), monday()
			ref := received(t, town, now, hasty(now), exampletest.Answers(nil)).Reference
			closing := casework.Judgement{By: "ilse", At: now, Human: false}
			if err := town.Store.Judge(t.Context(), ref, closing); err != nil {
				t.Fatal(err)
			}
			if err := town.Store.Judge(t.Context(), ref, closing); !errors.Is(err, casework.ErrConflict) {
				t.Errorf("closed twice: %v", err)
			}
			if err := town.Work.Take(t.Context(), now, ref); err != nil {
				t.Fatal(err)
			}
			if _, err := town.Store.Case(t.Context(), ref); !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("a closed report has a case: %v", err)
			}
			later := now.Add(tt.after)
			err := town.Store.Judge(t.Context(), ref, casework.Judgement{By: "willem", At: later, Human: true})
			if !errors.Is(err, tt.want) {
				t.Fatalf("undone: %v, want %v", err, tt.want)
			}
			if err := dispatchOf(town).Sweep(t.Context(), later.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := town.Store.Case(t.Context(), ref); (err == nil) != (tt.want == nil) {
				t.Errorf("its case: %v", err)
			}
		})
	}
}

// One mail a day to who is on duty and one to a coordinator, with the number, and only when somebody waits too long.
func TestWhoIsOnDutyIsToldOnceADay(t *testing.T) { // threat:T31
	town, now := public(t), monday()
	d := dispatchOf(town)
	owed := func() (all []string) {
		t.Helper()
		waiting, err := town.Store.Quarantined(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range waiting {
			dossier, err := messagesOf(t, town, q.Reference)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range dossier {
				all = append(all, m.ID)
			}
		}
		return all
	}
	received(t, town, now, hasty(now), exampletest.Answers(nil))
	received(t, town, now, hasty(now), exampletest.Answers(nil))
	due := town.Municipality.Due(now, town.Municipality.TermsOf(municipality.P3).FirstLook)
	for _, step := range []struct {
		name string
		at   time.Time
		want int
	}{
		{"in time", due.Add(-time.Minute), 0},
		{"too late, when the office is closed", due.Add(time.Minute), 0},
		{"too late, the next morning", time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC), 2},
		{"the same day", time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC), 2},
		{"the day after", time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC), 4},
		{"on Saturday", time.Date(2026, 11, 28, 9, 30, 0, 0, time.UTC), 4},
	} {
		if err := d.Sweep(t.Context(), step.at); err != nil {
			t.Fatal(err)
		}
		if got := owed(); len(got) != step.want {
			t.Errorf("%s: owed %v, want %d", step.name, got, step.want)
		}
	}
}

// An urgent report is told of as soon as others would be asked for a first look.
func TestAnUrgentReportIsToldOfAtOnce(t *testing.T) {
	town, now := public(t), monday()
	q := received(t, town, now, hasty(now), exampletest.Answers(form.Answers{"basics": {"food"}})).Reference
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{29 * time.Minute, 0}, {30 * time.Minute, 2}} {
		if err := town.Work.TellWaiting(t.Context(), now.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if got, err := messagesOf(t, town, q); err != nil || len(got) != step.want {
			t.Errorf("after %s: %d messages, %v, want %d", step.after, len(got), err, step.want)
		}
	}
}
