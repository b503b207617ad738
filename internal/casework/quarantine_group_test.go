package casework_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// Ten thousand clicks become four: three looks, and one act that is worked off bit by bit. Urgent reports, people of the
// same library who are doubted for less, and whoever comes later are not of the group.
func TestAGroupIsClosedAfterALookAtASample(t *testing.T) { // threat:T31
	town, now := public(t), monday()
	bot := form.Begun{At: now, Network: "0f3a91c2d4e5f607", Count: 400, Trapped: true}
	var group []casework.Reference
	for range 8 {
		group = append(group, received(t, town, now, bot, exampletest.Answers(nil)).Reference)
	}
	person := bot
	person.At, person.Trapped = now.Add(-time.Hour), false
	kept := []casework.Reference{
		received(t, town, now, bot, exampletest.Answers(form.Answers{"basics": {"food"}})).Reference,
		received(t, town, now, person, exampletest.Answers(nil)).Reference,
	}
	at := now.Add(time.Minute)
	closing := casework.GroupClosing{
		Group: casework.Quarantined{
			Received: now, Doubts: []casework.Doubt{casework.TooFast, casework.Trapped, casework.Crowded}, Network: bot.Network,
		}.Group(), By: "ilse", At: at, Command: casework.NewSecret().String(),
	}
	for i := range casework.SampleLeast {
		if err := town.Work.CloseGroup(t.Context(), closing); !errors.Is(err, casework.ErrSampleFirst) {
			t.Fatalf("closed after %d looks: %v", i, err)
		}
		if err := town.Store.Judge(t.Context(), group[i], casework.Judgement{By: "ilse", At: at}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // a double click
		if err := town.Work.CloseGroup(t.Context(), closing); err != nil {
			t.Fatal(err)
		}
	}
	late := at.Add(time.Second)
	bot.At = late
	kept = append(kept, received(t, town, late, bot, exampletest.Answers(nil)).Reference)
	for range 2 {
		if err := dispatchOf(town).Sweep(t.Context(), at.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	waiting, err := town.Store.Quarantined(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var left []casework.Reference
	for _, q := range waiting {
		left = append(left, q.Reference)
	}
	slices.Sort(left)
	slices.Sort(kept)
	if diff := cmp.Diff(kept, left); diff != "" {
		t.Errorf("what waits (-want +got):\n%s", diff)
	}
	closed, err := town.Store.Closed(t.Context(), at)
	if err != nil || len(closed) != len(group) {
		t.Errorf("%d closed, %v, want %d", len(closed), err, len(group))
	}
}

// closedAtOnce is a group of five reports, of which three were looked at and closed one by one. The rest is closed at a
// moment by one act; swept says whether that was worked off.
func closedAtOnce(t *testing.T, town *exampletest.Town, now time.Time, swept bool) (rest []casework.Reference, undo casework.GroupUndoing) {
	t.Helper()
	bot := form.Begun{At: now, Network: "0f3a91c2d4e5f607", Count: 400, Trapped: true}
	for range casework.SampleLeast {
		ref := received(t, town, now, bot, exampletest.Answers(nil)).Reference
		if err := town.Store.Judge(t.Context(), ref, casework.Judgement{By: "ilse", At: now}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		rest = append(rest, received(t, town, now, bot, exampletest.Answers(nil)).Reference)
	}
	waiting, err := town.Store.Quarantined(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closing := casework.GroupClosing{
		Group: waiting[0].Group(), By: "ilse", At: now.Add(time.Minute + 1234*time.Microsecond), Command: casework.NewSecret().String(),
	}
	if err := town.Work.CloseGroup(t.Context(), closing); err != nil {
		t.Fatal(err)
	}
	if swept {
		sweep(t, town, closing.At.Add(time.Minute))
	}
	slices.Sort(rest)
	until := closing.At.Add(casework.CloseUndone).Truncate(time.Millisecond)
	return rest, casework.GroupUndoing{Group: closing.Group, Until: until, By: "willem", At: closing.At.Add(time.Hour)}
}

func sweep(t *testing.T, town *exampletest.Town, at time.Time) {
	t.Helper()
	if err := dispatchOf(town).Sweep(t.Context(), at); err != nil {
		t.Fatal(err)
	}
}

// waitingIn are the reports that wait for a look.
func waitingIn(t *testing.T, town *exampletest.Town) (refs []casework.Reference) {
	t.Helper()
	waiting, err := town.Store.Quarantined(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range waiting {
		refs = append(refs, q.Reference)
	}
	slices.Sort(refs)
	return refs
}

// A group that was closed by mistake waits again after one act; what was closed one by one stays closed, and no case is
// made of any.
func TestTheClosingOfAGroupIsUndoneInOneAct(t *testing.T) { // threat:T32
	tests := map[string]struct {
		swept bool          // the closing was worked off before
		after time.Duration // between the closing and the act
		want  error
	}{
		"an hour later":                      {true, time.Hour, nil},
		"on the tenth day":                   {true, casework.CloseUndone - time.Second, nil},
		"after the tenth day":                {true, casework.CloseUndone, casework.ErrNotFound},
		"the closing was not worked off yet": {false, time.Hour, casework.ErrNotFound},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			town := public(t)
			rest, undo := closedAtOnce(t, town, monday(), tt.swept)
			undo.At = undo.Until.Add(tt.after - casework.CloseUndone)
			for range 2 { // a double click
				if err := town.Work.UndoGroup(t.Context(), undo); !errors.Is(err, tt.want) {
					t.Fatalf("undone: %v, want %v", err, tt.want)
				}
			}
			sweep(t, town, undo.At.Add(time.Minute))
			sweep(t, town, undo.At.Add(2*time.Minute))
			want := rest
			if tt.want != nil {
				want = nil
			}
			if diff := cmp.Diff(want, waitingIn(t, town)); diff != "" {
				t.Errorf("what waits (-want +got):\n%s", diff)
			}
			for _, ref := range rest {
				if _, err := town.Store.Case(t.Context(), ref); !errors.Is(err, casework.ErrNotFound) {
					t.Errorf("a case was made of %s: %v", ref, err)
				}
			}
		})
	}
}

// What was undone is looked at like anything that waits: a second click, the next day too, puts nothing back that was
// closed since.
func TestWhatIsSaidAfterAnUndoingStands(t *testing.T) {
	town := public(t)
	rest, undo := closedAtOnce(t, town, monday(), true)
	if err := town.Work.UndoGroup(t.Context(), undo); err != nil {
		t.Fatal(err)
	}
	sweep(t, town, undo.At.Add(time.Minute))
	again := undo.At.Add(time.Hour)
	for ref, human := range map[casework.Reference]bool{rest[0]: true, rest[1]: false} {
		if err := town.Store.Judge(t.Context(), ref, casework.Judgement{By: "ilse", At: again, Human: human}); err != nil {
			t.Fatal(err)
		}
	}
	undo.At = again.Add(24 * time.Hour)
	if err := town.Work.UndoGroup(t.Context(), undo); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("undone again: %v", err)
	}
	sweep(t, town, undo.At.Add(time.Minute))
	if diff := cmp.Diff(rest[2:], waitingIn(t, town)); diff != "" {
		t.Errorf("what waits (-want +got):\n%s", diff)
	}
	if _, err := town.Store.Case(t.Context(), rest[0]); err != nil {
		t.Errorf("no case of what a person sent: %v", err)
	}
}

// A large group is closed bit by bit: undone before it is all closed, the rest is not closed any more.
func TestAnUndoingStopsAClosingThatIsUnderWay(t *testing.T) {
	town := public(t)
	rest, undo := closedAtOnce(t, town, monday(), false)
	first := casework.Judgement{By: "ilse", At: undo.Until.Add(-casework.CloseUndone)}
	if err := town.Store.Judge(t.Context(), rest[0], first); err != nil { // as far as the closing came
		t.Fatal(err)
	}
	undo.At = first.At.Add(-time.Second) // another machine's clock: it is worked off before the rest of the closing
	if err := town.Work.UndoGroup(t.Context(), undo); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		sweep(t, town, first.At.Add(time.Duration(n+1)*time.Minute))
	}
	if diff := cmp.Diff(rest, waitingIn(t, town)); diff != "" {
		t.Errorf("what waits (-want +got):\n%s", diff)
	}
}

func TestClosedReportsArePartedByHowTheyWereClosed(t *testing.T) {
	at := func(ref casework.Reference, network string, until time.Duration) casework.Quarantined {
		return casework.Quarantined{
			Reference: ref, Received: monday(), Doubts: []casework.Doubt{casework.Crowded}, Network: network, Until: monday().Add(until),
		}
	}
	alone, other := at("AAA-AAA-AAA", "aa", time.Hour), at("BBB-BBB-BBB", "bb", 2*time.Hour)
	first, second := at("CCC-CCC-CCC", "aa", 2*time.Hour), at("DDD-DDD-DDD", "aa", 2*time.Hour)
	singles, groups := casework.ByClosing([]casework.Quarantined{alone, first, other, second})
	if diff := cmp.Diff([]casework.Quarantined{alone, other}, singles); diff != "" {
		t.Errorf("singles (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]casework.Quarantined{{first, second}}, groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}
