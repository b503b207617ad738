package casework_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// inDuinrand is a report of somebody who lives in Duinrand, where casework goes until the hand-off.
func inDuinrand(over form.Answers) form.Answers {
	a := exampletest.Answers(over)
	a["postcode"] = []string{"9980 AB"}
	return a
}

func dossier(t *testing.T, town *exampletest.Town, ref casework.Reference) casework.Dossier {
	t.Helper()
	d, err := town.Store.Dossier(t.Context(), ref)
	must(t, err)
	must(t, casework.CheckChain(d.Case, d.Events))
	return d
}

func noFile(context.Context) ([]byte, error) { return []byte("{}"), nil }

// O7: a hand-off is done when the other side has confirmed it, and not before. Confirmed again it is the same.
//
// invariant:I8
func TestAHandOffIsOwedUntilItIsConfirmed(t *testing.T) {
	town := exampletest.In(t, "duinrand")
	c := town.HandedOff(t, monday(), "{}")
	due, owed := c.Deadline(casework.DueHandOff)
	if c.State != casework.Closed || c.Outcome != casework.HandedOff || !owed || due.Owner != c.Lead || c.Bears() != "" {
		t.Fatalf("the case is %s, %s, owed by %q (%v), and counts for %q", c.State, c.Outcome, due.Owner, owed, c.Bears())
	}
	if got := due.At.Format(time.DateOnly); got != "2026-11-30" {
		t.Errorf("it is confirmed before %s, want within five working days", got)
	}
	list, err := town.Store.Standing(t.Context(), c.Lead, "")
	if err != nil || !slices.ContainsFunc(list.Cases, func(l casework.Listed) bool { return l.Case.ID == c.ID }) {
		t.Errorf("it is not in the list of its lead, %v", err)
	}
	must(t, town.Work.Confirmed(t.Context(), c.ID))
	if got := dossier(t, town, c.ID).Case.Version; got != c.Version {
		t.Errorf("nobody confirmed it, and the case moved on to version %d", got)
	}

	later := monday().Add(time.Hour)
	first, err := town.Store.Confirm(t.Context(), c.ID, "zaaksysteem", later)
	must(t, err)
	for range 2 {
		again, err := town.Store.Confirm(t.Context(), c.ID, "another", later.Add(time.Hour))
		if err != nil || again.By != "zaaksysteem" || !again.Confirmed.Equal(first.Confirmed) {
			t.Errorf("confirmed again it says %+v, %v; first %+v", again, err, first)
		}
		must(t, town.Work.Confirmed(t.Context(), c.ID))
	}
	d := dossier(t, town, c.ID)
	last := d.Events[len(d.Events)-1]
	if last.Kind != casework.EvConfirmed || last.By != casework.CaseSystem || !strings.HasSuffix(last.Command, "by zaaksysteem") || d.Case.Version != c.Version+1 {
		t.Errorf("the history ends with %s by %s, at version %d", last.Kind, last.By, d.Case.Version)
	}
	if _, owed := d.Case.Deadline(casework.DueHandOff); owed || !d.Case.Confirmed.Equal(later) || d.Case.StandsWith() != "" {
		t.Errorf("it is owed (%v), confirmed at %s, and stands with %q", owed, d.Case.Confirmed, d.Case.StandsWith())
	}
	if list, err := town.Store.HandOffs(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("the list still has %v, %v", list, err)
	}
}

// Of a confirmation and a taking back at once one wins, and the other is told.
//
// invariant:I3
func TestWhatIsConfirmedIsNotTakenBackAndTheOtherWayRound(t *testing.T) {
	town := exampletest.In(t, "duinrand")
	reopen := func(c casework.Case) error {
		return town.Work.Reopen(t.Context(), click(monday(), c.ID, c.Lead, c.Version, "reopen"), "De bewoner belt.")
	}
	confirmed := town.HandedOff(t, monday(), "{}")
	_, err := town.Store.Confirm(t.Context(), confirmed.ID, "zaaksysteem", monday())
	must(t, err)
	if err := reopen(confirmed); !casework.RefusedBecause(err, casework.IsConfirmed) {
		t.Errorf("before the history says so it is taken back: %v", err)
	}
	must(t, town.Work.Confirmed(t.Context(), confirmed.ID))
	if err := reopen(dossier(t, town, confirmed.ID).Case); !casework.RefusedBecause(err, casework.IsConfirmed) {
		t.Errorf("what is confirmed is taken back: %v", err)
	}

	taken := town.HandedOff(t, monday(), "{}")
	must(t, reopen(taken))
	for name, err := range map[string]error{
		"confirm": second(town.Store.Confirm(t.Context(), taken.ID, "zaaksysteem", monday())),
		"fetch":   second(town.Store.HandOffFile(t.Context(), taken.ID)),
	} {
		if want := map[string]error{"confirm": casework.ErrTakenBack, "fetch": casework.ErrNotFound}[name]; !errors.Is(err, want) {
			t.Errorf("%s after it was taken back: %v", name, err)
		}
	}
	if row := fileOf(t, town, taken.ID); row["PK"] == nil || row["file"] != nil {
		t.Error("what was sealed is still here after it was taken back")
	}
	again := dossier(t, town, taken.ID).Case
	if _, owed := again.Deadline(casework.DueHandOff); owed || again.State != casework.Accepted || again.Outcome != "" {
		t.Errorf("taken back it is %s with outcome %q, owed %v", again.State, again.Outcome, owed)
	}
	for command, act := range []func(casework.Click) error{
		func(k casework.Click) error {
			return town.Work.Meet(t.Context(), k, casework.MeetingReport{}, time.Time{})
		},
		func(k casework.Click) error {
			return town.Work.HandOff(t.Context(), k, casework.ByCall, "Nu echt.", noFile)
		},
		func(k casework.Click) error { return town.Work.ConfirmHandOff(t.Context(), k) },
	} {
		must(t, act(click(monday(), taken.ID, again.Lead, again.Version, fmt.Sprint(command))))
		again = dossier(t, town, taken.ID).Case
	}
	if h, err := town.Store.HandOff(t.Context(), taken.ID); err != nil || h.By != again.Lead || h.Confirmed.IsZero() {
		t.Errorf("handed off again it is %+v, %v", h, err)
	}
}

// fileOf is the row that holds what is sealed of a hand-off.
func fileOf(t *testing.T, town *exampletest.Town, ref casework.Reference) map[string]types.AttributeValue {
	t.Helper()
	out, err := town.Store.Client.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: &town.Store.Cases, Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "HANDOFF#" + string(ref)}, "SK": &types.AttributeValueMemberS{Value: "FILE"},
		},
	})
	must(t, err)
	return out.Item
}

// A worker who confirms what the system confirmed a moment ago changes nothing of what the system was answered.
func TestAWorkerConfirmsWhatTheSystemJustConfirmed(t *testing.T) {
	town := exampletest.In(t, "duinrand")
	c := town.HandedOff(t, monday(), "{}")
	first, err := town.Store.Confirm(t.Context(), c.ID, "zaaksysteem", monday().Add(time.Hour))
	must(t, err)
	must(t, town.Work.ConfirmHandOff(t.Context(), click(monday().Add(2*time.Hour), c.ID, c.Lead, c.Version, "confirm")))
	must(t, town.Work.Confirmed(t.Context(), c.ID)) // which the sweep asks for, not knowing
	d := dossier(t, town, c.ID)
	if again, err := town.Store.Confirm(t.Context(), c.ID, "zaaksysteem", monday().Add(3*time.Hour)); err != nil || !cmp.Equal(first, again) {
		t.Errorf("the system is answered %+v, %v; first %+v", again, err, first)
	}
	if last := d.Events[len(d.Events)-1]; d.Case.Version != c.Version+1 || last.By != c.Lead {
		t.Errorf("the history ends with %s by %s, at version %d", last.Kind, last.By, d.Case.Version)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAHandOffIsRefused(t *testing.T) {
	here, there := exampletest.New(t), exampletest.In(t, "duinrand")
	open := there.InInquiry(t, monday(), inDuinrand(nil))
	unsafe := there.InInquiry(t, monday(), inDuinrand(form.Answers{"contact_way": {"call"}}))
	must(t, there.Work.Told(t.Context(), click(monday(), unsafe.ID, unsafe.Lead, unsafe.Version, "told"), casework.ByCall))
	unsafe = dossier(t, there, unsafe.ID).Case
	ended := there.HandedOff(t, monday(), "{}")
	local := here.InInquiry(t, monday(), exampletest.Answers(nil))
	for name, tt := range map[string]struct {
		town    *exampletest.Town
		c       casework.Case
		by      string
		told    casework.Way
		reason  string
		refused casework.Refusal
	}{
		"where casework goes on until the case is closed": {here, local, local.Lead, casework.ByCall, "Klaar.", casework.NotHere},
		"by somebody else who reads the case":             {there, open, "wout", casework.ByCall, "Klaar.", casework.NotYours},
		"without what came of the inquiry":                {there, open, open.Lead, casework.ByCall, " ", casework.NoReason},
		"before the resident was told":                    {there, open, open.Lead, "", "Klaar.", casework.TellFirst},
		"told in a way that is not safe":                  {there, unsafe, unsafe.Lead, casework.ByEmail, "Klaar.", casework.NotSafe},
		"once more":                                       {there, ended, ended.Lead, casework.ByCall, "Klaar.", casework.WrongState},
	} {
		t.Run(name, func(t *testing.T) {
			k := casework.Click{
				At: monday(), Case: tt.c.ID, By: casework.Reader{Worker: tt.by, Coordinator: tt.by == "wout"}, Shown: tt.c.Version, Command: name,
			}
			if err := tt.town.Work.HandOff(t.Context(), k, tt.told, tt.reason, noFile); !casework.RefusedBecause(err, tt.refused) {
				t.Errorf("got %v, want %s", err, tt.refused)
			}
			if got := dossier(t, tt.town, tt.c.ID).Case.Version; got != tt.c.Version {
				t.Errorf("the case moved on to version %d", got)
			}
		})
	}
}

// Help begins here or elsewhere: what an inquiry is followed by depends on how far casework goes.
func TestAfterTheInquiryHelpBeginsHereOrElsewhere(t *testing.T) {
	for municipality, want := range map[string]struct {
		due     casework.DeadlineKind
		refused bool
	}{"waterstad": {casework.DueStart, false}, "duinrand": {casework.DueHandOff, true}} {
		t.Run(municipality, func(t *testing.T) {
			town, answers := exampletest.In(t, municipality), exampletest.Answers(nil)
			if municipality == "duinrand" {
				answers = inDuinrand(nil)
			}
			c := town.InInquiry(t, monday(), answers)
			must(t, town.Work.Conclude(t.Context(), click(monday(), c.ID, c.Lead, c.Version, "conclude")))
			planned := dossier(t, town, c.ID).Case
			if due, ok := planned.Deadline(want.due); !ok || due.Owner != c.Lead || len(planned.Deadlines) != 1 {
				t.Errorf("after the inquiry is owed: %+v", planned.Deadlines)
			}
			err := town.Work.Start(t.Context(), click(monday(), c.ID, c.Lead, planned.Version, "start"), monday().AddDate(0, 1, 0))
			if casework.RefusedBecause(err, casework.NotHere) != want.refused || !want.refused && err != nil {
				t.Errorf("help begins here: %v", err)
			}
		})
	}
}

// Silence about a hand-off goes up the chain like any other: its owner, then the coordinator, then whom the municipality
// named. Of a lead who left the coordinator has it.
//
// invariant:I8
func TestSilenceAboutAHandOffNeverWins(t *testing.T) {
	for name, left := range map[string]bool{"when nobody confirms it": false, "when its lead has left": true} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.In(t, "duinrand")
			now := monday().AddDate(0, 0, -7)
			c := town.HandedOff(t, now, "{}")
			if left {
				leaves(t, town, c.Lead)
			}
			for range 5 {
				silent := dossier(t, town, c.ID).Case
				next, ok := silent.Next()
				if !ok {
					t.Fatal("nothing wakes it any more")
				}
				now = next.Wake
				must(t, town.Work.Overdue(t.Context(), now, c.ID))
			}
			d := dossier(t, town, c.ID)
			told := map[string]int{}
			for _, m := range d.Messages {
				if m.Created.After(monday().AddDate(0, 0, -7)) {
					told[m.To]++
				}
			}
			due, _ := d.Case.Deadline(casework.DueHandOff)
			if want := map[bool]string{false: c.Lead, true: "wout"}[left]; due.Owner != want || d.Case.StandsWith() != want {
				t.Errorf("it is owed by %s and stands with %s, want %s", due.Owner, d.Case.StandsWith(), want)
			}
			if told["wout"] == 0 || told[casework.LastResort] == 0 || left != (told[c.Lead] == 0) || len(told) > 3 {
				t.Errorf("told were %v", told)
			}
			list, err := town.Store.Standing(t.Context(), due.Owner, "")
			if err != nil || len(list.Cases) != 1 {
				t.Errorf("the list of %s has %d cases, %v", due.Owner, len(list.Cases), err)
			}
		})
	}
}
