package casework_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// ended is a case that ended, and what happens to it over the years.
type ended struct {
	*testing.T
	town *exampletest.Town
	ref  casework.Reference
}

// head returns the case; ok is false when there is none any more.
func (e ended) head() (c casework.Case, ok bool) {
	e.Helper()
	c, err := e.town.Store.Case(e.Context(), e.ref)
	if errors.Is(err, casework.ErrNotFound) {
		return casework.Case{}, false
	}
	must(e.T, err)
	return c, true
}

// settle has every mail about the case arrive.
func (e ended) settle(now time.Time) {
	e.Helper()
	settle(e.T, e.town, now, e.ref)
}

func settle(t *testing.T, town *exampletest.Town, now time.Time, ref casework.Reference) {
	t.Helper()
	for _, m := range dossier(t, town, ref).Messages {
		if m.Status != casework.Pending {
			continue
		}
		claimed, err := town.Store.Claim(t.Context(), ref, m.ID, now)
		must(t, err)
		claimed.Status = casework.Obsolete
		must(t, town.Store.Settle(t.Context(), claimed))
	}
}

// sweep does what dispatch does each minute.
func (e ended) sweep(now time.Time) {
	e.Helper()
	must(e.T, e.town.Work.Overdue(e.Context(), now, e.ref))
}

// act does something with the case as it stands.
func (e ended) act(now time.Time, by string, do func(context.Context, casework.Click) error) {
	e.Helper()
	c, _ := e.head()
	must(e.T, do(e.Context(), click(now, e.ref, by, c.Version, casework.NewSecret().String())))
}

// withdrawn is a case that was withdrawn on Monday, its mails gone: it is kept for thirty days.
func withdrawn(t *testing.T) ended {
	t.Helper()
	return withdrawnIn(t, exampletest.New(t))
}

func withdrawnIn(t *testing.T, town *exampletest.Town) ended {
	t.Helper()
	c := town.Case(t, monday(), exampletest.Answers(nil))
	e := ended{T: t, town: town, ref: c.ID}
	e.act(monday(), c.Lead, func(ctx context.Context, k casework.Click) error {
		return town.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
	})
	e.settle(monday())
	return e
}

func midnight(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, municipality.Local(monday()).Location())
}

// How long a case is kept follows from how it ended, and from nothing that happened afterwards (N3).
func TestHowLongACaseIsKept(t *testing.T) { // feature:N3
	writes := func(e ended) {
		for _, do := range []func(context.Context, casework.Click) error{
			e.town.Work.Accept,
			func(ctx context.Context, k casework.Click) error {
				return e.town.Work.WritePlan(ctx, k, casework.Plan{Goals: []string{"Rust."}})
			},
		} {
			c, _ := e.head()
			e.act(monday(), c.Lead, do)
		}
	}
	withdraws := func(e ended) {
		c, _ := e.head()
		e.act(monday(), c.Lead, func(ctx context.Context, k casework.Click) error {
			return e.town.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
		})
	}
	closes := func(outcome casework.Outcome, youth bool) func(ended) {
		return func(e ended) {
			for _, do := range []func(context.Context, casework.Click) error{
				e.town.Work.Accept,
				func(ctx context.Context, k casework.Click) error {
					return e.town.Work.Meet(ctx, k, casework.MeetingReport{}, time.Time{})
				},
				e.town.Work.Conclude,
				func(ctx context.Context, k casework.Click) error {
					return e.town.Work.Close(ctx, k, outcome, youth, "Ze redt het.")
				},
			} {
				c, _ := e.head()
				e.act(monday(), c.Lead, do)
			}
		}
	}
	for name, tt := range map[string]struct {
		ends func(ended)
		want municipality.Category
		gone time.Time
	}{
		"help":                             {closes(casework.Helped, false), municipality.KeptPlan, midnight(2041, 11, 24)},
		"help with youth care":             {closes(casework.Helped, true), municipality.KeptYouth, midnight(2046, 11, 24)},
		"an application":                   {closes(casework.ApplicationFiled, false), municipality.KeptPlan, midnight(2041, 11, 24)},
		"advice":                           {closes(casework.Advised, false), municipality.KeptNoPlan, midnight(2031, 11, 24)},
		"advice with youth care":           {closes(casework.Advised, true), municipality.KeptYouth, midnight(2046, 11, 24)},
		"who lives elsewhere":              {closes(casework.OutOfArea, false), municipality.KeptBriefly, midnight(2026, 12, 24)},
		"who lives elsewhere, a child":     {closes(casework.OutOfArea, true), municipality.KeptBriefly, midnight(2026, 12, 24)},
		"withdrawn":                        {withdraws, municipality.KeptBriefly, midnight(2026, 12, 24)},
		"withdrawn after there was a plan": {func(e ended) { writes(e); withdraws(e) }, municipality.KeptPlan, midnight(2041, 11, 24)},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			e := ended{T: t, town: town, ref: town.Case(t, monday(), exampletest.Answers(nil)).ID}
			tt.ends(e)
			c, _ := e.head()
			if until, ok := c.Kept(); !ok || !until.Equal(tt.gone) || c.Category() != tt.want {
				t.Errorf("kept as %s until %s, %v; want %s until %s", c.Category(), until, ok, tt.want, tt.gone)
			}
		})
	}
}

// N5: where the municipality's own system takes over, nothing is destroyed before that has confirmed it, and thirty days
// later all of it.
func TestWhatIsElsewhereIsDestroyedThirtyDaysAfterItWasConfirmed(t *testing.T) { // feature:N5 //feature:O7 //invariant:I14
	town := exampletest.In(t, "duinrand")
	e := ended{T: t, town: town, ref: town.HandedOff(t, monday(), "{}").ID}
	if c, _ := e.head(); c.Gone(monday().AddDate(40, 0, 0)) {
		t.Fatal("a hand-off that nobody confirmed goes by itself")
	}
	later := monday().AddDate(0, 0, 10)
	_, err := town.Store.Confirm(t.Context(), e.ref, "zaaksysteem", later)
	must(t, err)
	must(t, town.Work.Confirmed(t.Context(), e.ref))
	e.settle(later)
	c, _ := e.head()
	if until, ok := c.Kept(); !ok || !until.Equal(midnight(2027, 1, 3)) || c.Category() != municipality.KeptTransit {
		t.Fatalf("confirmed it is kept as %s until %s", c.Category(), until)
	}
	e.sweep(midnight(2027, 1, 3))
	e.onlyItsLineIsLeft(midnight(2027, 1, 3))
}

// rows are those of the case table whose key or link leads to the case.
func (e ended) rows() []map[string]types.AttributeValue {
	e.Helper()
	var rows []map[string]types.AttributeValue
	pages := dynamodb.NewScanPaginator(e.town.Store.Client, &dynamodb.ScanInput{TableName: &e.town.Store.Cases})
	for pages.HasMorePages() {
		page, err := pages.NextPage(e.Context())
		must(e.T, err)
		for _, it := range page.Items {
			if strings.Contains(plain(it["PK"])+" "+plain(it["SK"])+" "+plain(it["case"]), string(e.ref)) {
				rows = append(rows, it)
			}
		}
	}
	return rows
}

func plain(v types.AttributeValue) string {
	s, ok := v.(*types.AttributeValueMemberS)
	if !ok {
		return ""
	}
	return s.Value
}

// onlyItsLineIsLeft says that nobody finds the case, and that every row of it goes but one.
func (e ended) onlyItsLineIsLeft(now time.Time) {
	e.Helper()
	if c, ok := e.head(); ok {
		e.Fatalf("the case is still there, %s", c.State)
	}
	if _, err := e.town.Store.Dossier(e.Context(), e.ref); !errors.Is(err, casework.ErrNotFound) {
		e.Errorf("its history: %v", err)
	}
	var stay []string
	for _, it := range e.rows() {
		at, goes := it[dynamo.TTL].(*types.AttributeValueMemberN)
		if !goes || len(at.Value) != len(strconv.FormatInt(now.Unix(), 10)) || at.Value > strconv.FormatInt(now.Unix(), 10) {
			stay = append(stay, plain(it["PK"]))
		}
	}
	if diff := cmp.Diff([]string{"REGISTER"}, stay); diff != "" {
		e.Errorf("what stays (-want +got):\n%s", diff)
	}
}

// N4, N9: of a case with all that can belong to it, and of what was added to it, nothing is left but a line for each, which
// says no more than that.
func TestOfADestroyedCaseOneLineIsLeft(t *testing.T) { // feature:N4 //feature:N9 //invariant:I14
	town := exampletest.New(t)
	answers := exampletest.Answers(nil)
	e := ended{T: t, town: town, ref: town.Case(t, monday(), answers).ID}
	c, _ := e.head()
	lead := c.Lead
	e.act(monday(), lead, town.Work.Accept)
	added := ended{T: t, town: town, ref: town.Case(t, monday().Add(time.Hour), answers).ID}
	added.act(monday().Add(time.Hour), lead, town.Work.Merge)
	must(t, town.Store.AuditReading(t.Context(), casework.Audit{
		At: monday(), Worker: "willem", Page: "GET /desk/casus/{reference}", Cases: []casework.Reference{e.ref},
	}, casework.ACoordinator))
	e.act(monday(), "samira", func(ctx context.Context, k casework.Click) error {
		return town.Work.BreakGlass(ctx, k, casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnVital, Told: true})
	})
	e.act(monday(), lead, func(ctx context.Context, k casework.Click) error {
		return town.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
	})
	e.settle(monday())
	added.settle(monday())
	events := dossier(t, town, e.ref).Events

	c, _ = e.head()
	over, _ := c.Kept()
	e.sweep(over.Add(-time.Minute))
	if _, ok := e.head(); !ok {
		t.Fatal("destroyed before its term was over")
	}
	e.sweep(over.Add(time.Minute))
	e.onlyItsLineIsLeft(over.Add(time.Minute))
	added.onlyItsLineIsLeft(over.Add(time.Minute))

	if glasses, _, err := town.Store.Glasses(t.Context(), ""); err != nil || len(glasses) > 0 {
		t.Errorf("a broken glass is still listed: %v", err)
	}
	if readings, _, err := town.Store.Readings(t.Context(), e.ref, ""); err != nil || len(readings) > 0 {
		t.Errorf("who read it is still listed: %v", err)
	}
	if again := town.Case(t, over.Add(time.Hour), answers); again.Proposed != "" || again.Nearby {
		t.Error("a new report of the household meets what was destroyed")
	}
	lines, _, err := town.Store.Destroyed(t.Context(), "")
	must(t, err)
	slices.SortFunc(lines, func(a, b casework.Destruction) int { return len(a.Hashes) - len(b.Hashes) })
	if len(lines) != 2 || lines[0].Case != added.ref || lines[1].Case != e.ref {
		t.Fatalf("the register has %d lines", len(lines))
	}
	line := lines[1]
	if len(line.Hashes) != len(events)+1 {
		t.Errorf("the line has %d hashes of %d events and the last one", len(line.Hashes), len(events))
	}
	line.Hashes = nil
	want := casework.Destruction{
		Case: e.ref, Category: municipality.KeptBriefly, From: monday(), Until: over.UTC(), At: over.Add(time.Minute).UTC(),
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("line of the register (-want +got):\n%s", diff)
	}
}

// A resident's own page is gone with the case.
func TestTheLinkOfADestroyedCaseLeadsNowhere(t *testing.T) { // invariant:I12 //invariant:I14
	e := withdrawn(t)
	report, _, err := e.town.Store.Report(t.Context(), e.ref)
	must(t, err)
	over := midnight(2026, 12, 24)
	if _, err := e.town.Store.Link(t.Context(), report.LinkID, over.Add(-time.Second)); err != nil {
		t.Fatalf("link of a case that is kept: %v", err)
	}
	e.sweep(over)
	if _, err := e.town.Store.Link(t.Context(), report.LinkID, over); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the link still works: %v", err)
	}
}

// Whether or not dispatch came: from the end of its term on, nobody may see the case or do anything with it.
func TestACaseWhoseTermIsOverIsNobodysToSee(t *testing.T) { // invariant:I10 //invariant:I14
	e := withdrawn(t)
	c, _ := e.head()
	over := midnight(2026, 12, 24)
	for _, by := range []string{c.Lead, "willem"} {
		if !c.MayRead(reader(by), over.Add(-time.Second)) || c.MayRead(reader(by), over) {
			t.Errorf("%s may not read it until its term is over, or still may", by)
		}
		k := click(over, e.ref, by, c.Version, "too late")
		if err := e.town.Work.Resubmit(t.Context(), k, "Toch weer."); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s takes it up again: %v", by, err)
		}
	}
}

// dropped has the table drop what may go.
func (e ended) dropped() {
	e.Helper()
	for _, it := range e.rows() {
		if it[dynamo.TTL] == nil {
			continue
		}
		_, err := e.town.Store.Client.DeleteItem(e.Context(), &dynamodb.DeleteItemInput{
			TableName: &e.town.Store.Cases, Key: map[string]types.AttributeValue{"PK": it["PK"], "SK": it["SK"]},
		})
		must(e.T, err)
	}
}

// Stopped before or after any call to the store, the next sweep goes on, and the end is the same, also when the table dropped
// meanwhile what it may.
func TestDestroyingStopsHalfwayAndGoesOn(t *testing.T) { // invariant:I14
	for name, fault := range map[string]dynoxidetest.Fault{"before": dynoxidetest.DropBefore, "after": dynoxidetest.DropAfter} {
		t.Run(name+" a call", func(t *testing.T) {
			town := exampletest.New(t)
			for stop, stopped := 0, true; stopped; stop++ {
				e := withdrawnIn(t, town)
				e.act(monday(), "samira", func(ctx context.Context, k casework.Click) error {
					return e.town.Work.BreakGlass(ctx, k, casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnVital})
				})
				e.settle(monday())
				calls := 0
				faults := &dynoxidetest.Faults{Next: func(string) dynoxidetest.Fault {
					if calls++; calls > stop {
						return fault
					}
					return dynoxidetest.None
				}}
				broken, store := e.town.Work, *e.town.Store
				store.Client = dynamodb.NewFromConfig(faults.With(e.town.Config))
				broken.Store = &store
				over := midnight(2026, 12, 24)
				err := broken.Overdue(t.Context(), over, e.ref)
				stopped = err != nil
				e.dropped()
				e.sweep(over.Add(time.Minute))
				e.onlyItsLineIsLeft(over.Add(time.Minute))
				if lines, _, err := town.Store.Destroyed(t.Context(), ""); err != nil || len(lines) != stop+1 {
					t.Fatalf("stopped at call %d: %d lines, %v", stop, len(lines), err)
				}
			}
		})
	}
}

// A held case stays whatever its term, somebody is asked whether it still has to, and once it is let go its term counts from
// where it began.
func TestAHeldCaseIsNotDestroyed(t *testing.T) { // invariant:I14 //invariant:I8
	e := withdrawn(t)
	hold := func(ctx context.Context, k casework.Click) error {
		return e.town.Work.Hold(ctx, k, "Er loopt een klacht.")
	}
	release := func(ctx context.Context, k casework.Click) error {
		return e.town.Work.Release(ctx, k, "De klacht is af.")
	}
	c, _ := e.head()
	if err := hold(t.Context(), click(monday(), e.ref, c.Lead, c.Version, "lead")); !casework.RefusedBecause(err, casework.NotYours) {
		t.Errorf("the lead holds it: %v", err)
	}
	e.act(monday(), "willem", hold)
	c, _ = e.head()
	due, asked := c.Deadline(casework.DueHold)
	if _, kept := c.Kept(); kept || !asked || due.Owner != "willem" || !due.At.Equal(time.Date(2027, 5, 21, 15, 0, 0, 0, time.UTC)) {
		t.Fatalf("held it has %+v", c.Deadlines)
	}
	if list, err := e.town.Store.Standing(t.Context(), "willem", ""); err != nil || len(list.Cases) != 1 {
		t.Errorf("who holds it does not find it in their list: %v", err)
	}
	e.sweep(due.At)
	e.settle(due.At)
	if m := dossier(t, e.town, e.ref).Messages; m[len(m)-1].Kind != casework.MailReminder || m[len(m)-1].To != "willem" {
		t.Errorf("nobody is asked whether it still has to be held: %+v", m)
	}
	e.act(due.At, "willem", hold)
	c, _ = e.head()
	if again, _ := c.Deadline(casework.DueHold); !again.At.After(due.At) || c.Held.Since != monday() {
		t.Errorf("held on it is asked about at %s, held since %s", again.At, c.Held.Since)
	}
	e.act(due.At, "willem", release)
	c, _ = e.head()
	if until, ok := c.Kept(); !ok || !until.Equal(midnight(2026, 12, 24)) || c.Held.On() {
		t.Fatalf("let go it is kept until %s, %v", until, ok)
	}
	e.sweep(due.At)
	e.onlyItsLineIsLeft(due.At)
}

// A hold outlives the end of the case, and its being taken up again.
func TestACaseThatRunsCanBeHeld(t *testing.T) { // invariant:I14
	town := exampletest.New(t)
	e := ended{T: t, town: town, ref: town.Case(t, monday(), exampletest.Answers(nil)).ID}
	c, _ := e.head()
	e.act(monday(), c.Lead, town.Work.Accept)
	e.act(monday(), "willem", func(ctx context.Context, k casework.Click) error {
		return town.Work.Hold(ctx, k, "De rechter vraagt ernaar.")
	})
	for _, do := range []func(context.Context, casework.Click) error{
		func(ctx context.Context, k casework.Click) error {
			return town.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
		},
		func(ctx context.Context, k casework.Click) error { return town.Work.Resubmit(ctx, k, "Toch wel.") },
	} {
		e.act(monday(), c.Lead, do)
		now, _ := e.head()
		if _, kept := now.Kept(); kept || !now.Held.On() {
			t.Errorf("%s it is held by %q, with %+v", now.State, now.Held.By, now.Deadlines)
		}
	}
}

// What did not arrive is seen to first; whoever ended the case hears why it is still there.
func TestACaseWithAMailUnderwayIsNotDestroyed(t *testing.T) { // invariant:I14 //invariant:I6 //invariant:I8
	e := withdrawn(t)
	c, _ := e.head()
	over := midnight(2026, 12, 24)
	e.act(over.Add(-time.Hour), "samira", func(ctx context.Context, k casework.Click) error {
		return e.town.Work.BreakGlass(ctx, k, casework.Emergency{Reason: "De bewoner staat hier en is in de war.", Basis: casework.OnVital, Told: true})
	})
	e.sweep(over)
	still, ok := e.head()
	if !ok || still.Gone(over) || !still.MayRead(reader("willem"), over) {
		t.Fatal("destroyed or hidden while a mail about it is owed")
	}
	if m := dossier(t, e.town, e.ref).Messages; m[len(m)-1].Kind != casework.MailReminder || m[len(m)-1].To != c.Lead {
		t.Errorf("nobody hears of it: %+v", m[len(m)-1])
	}
	e.settle(over)
	next, _ := still.Next()
	e.sweep(next.Wake)
	e.onlyItsLineIsLeft(next.Wake)
}

// I14 over random lives: the case is there if and only if its term is not over, or it is held, or a mail about it is under way.
func TestACaseIsThereUntilItsTermIsOver(t *testing.T) { // invariant:I14
	few(t, "8")
	rapid.Check(t, func(r *rapid.T) {
		town := exampletest.New(t)
		now := monday()
		e := ended{T: t, town: town, ref: town.Case(t, now, exampletest.Answers(nil)).ID}
		c, _ := e.head()
		lead := c.Lead
		e.act(now, lead, town.Work.Accept)
		var over time.Time // zero while it has none
		held, destroyed := false, false
		because := func(move func(context.Context, casework.Click, string) error) func(context.Context, casework.Click) error {
			return func(ctx context.Context, k casework.Click) error { return move(ctx, k, "Dat past beter.") }
		}
		closes := func(ctx context.Context, k casework.Click) error {
			return town.Work.Close(ctx, k, casework.OutOfArea, false, "Woont elders.")
		}
		r.Repeat(map[string]func(*rapid.T){
			"end": func(r *rapid.T) {
				c, ok := e.head()
				if !ok || c.State != casework.Accepted {
					r.Skip()
				}
				e.act(now, lead, rapid.SampledFrom([]func(context.Context, casework.Click) error{because(town.Work.Withdraw), closes}).Draw(r, "how"))
				day := municipality.Local(now)
				over = midnight(day.Year(), day.Month(), day.Day()+31)
			},
			"again": func(r *rapid.T) {
				c, ok := e.head()
				if !ok || c.Gone(now) || c.State != casework.Closed {
					r.Skip()
				}
				e.act(now, lead, because(town.Work.Reopen))
				over = time.Time{}
			},
			"hold": func(r *rapid.T) {
				if c, ok := e.head(); !ok || c.Gone(now) {
					r.Skip()
				}
				e.act(now, "willem", because(town.Work.Hold))
				held = true
			},
			"release": func(r *rapid.T) {
				if _, ok := e.head(); !ok || !held {
					r.Skip()
				}
				e.act(now, "willem", because(town.Work.Release))
				held = false
			},
			"mails arrive": func(r *rapid.T) {
				if _, ok := e.head(); !ok {
					r.Skip()
				}
				e.settle(now)
			},
			"time flies": func(r *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 24*40).Draw(r, "hours")) * time.Hour)
				before, there := e.head()
				wait := there && underway(dossier(t, town, e.ref))
				e.sweep(now)
				_, is := e.head()
				ended := there && (before.State == casework.Closed || before.State == casework.Withdrawn)
				destroyed = destroyed || ended && !held && !over.IsZero() && !now.Before(over) && !wait
				if is == destroyed {
					r.Fatalf("at %s it is there: %v; term over %s, held %v, mail under way %v", now, is, over, held, wait)
				}
			},
		})
	})
}

// underway says whether a mail about the case is owed.
func underway(d casework.Dossier) bool {
	return slices.ContainsFunc(d.Messages, func(m casework.Message) bool { return m.Status == casework.Pending })
}

// A child's safety flag leaves no hint that could be forgotten, and nothing is looked for.
func TestACaseUnderASafetyFlagIsDestroyedToo(t *testing.T) { // invariant:I14
	town := exampletest.New(t)
	c := town.Case(t, monday(), exampletest.Answers(form.Answers{"safe_now": {"rather_not"}, "safe_contact": {"call"}}))
	e := ended{T: t, town: town, ref: c.ID}
	if c.Look.Waiting() {
		e.act(monday(), c.Look.Holder(), town.Work.Looked)
	}
	if _, owed := c.Deadline(casework.DueReceipt); owed {
		e.act(monday(), c.Lead, func(ctx context.Context, k casework.Click) error { return town.Work.Told(ctx, k, casework.ByCall) })
	}
	e.act(monday(), c.Lead, func(ctx context.Context, k casework.Click) error {
		return town.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
	})
	e.settle(monday())
	e.sweep(midnight(2026, 12, 24))
	e.onlyItsLineIsLeft(midnight(2026, 12, 24))
}

// A report that a person said nobody sent goes thirty days later, and leaves a line; put back in time, it stays.
func TestAReportThatNobodySentIsDestroyed(t *testing.T) { // feature:N4 //invariant:I14 //threat:T31
	town := public(t)
	dispatch := dispatchOf(town)
	dispatch.Retention = town.Municipality.Retention
	var refs []casework.Reference
	for range 2 {
		receipt := received(t, town, monday(), hasty(monday()), exampletest.Answers(nil))
		must(t, town.Store.Judge(t.Context(), receipt.Reference, casework.Judgement{By: "willem", At: monday()}))
		refs = append(refs, receipt.Reference)
	}
	bot := ended{T: t, town: town, ref: refs[0]}
	must(t, town.Store.Judge(t.Context(), refs[1], casework.Judgement{By: "willem", At: monday().AddDate(0, 0, 9), Human: true}))
	report, _, err := town.Store.Report(t.Context(), bot.ref)
	must(t, err)
	over := midnight(2026, 12, 24)
	must(t, dispatch.Sweep(t.Context(), over.Add(-time.Second)))
	if lines, _, err := town.Store.Destroyed(t.Context(), ""); err != nil || len(lines) > 0 {
		t.Fatalf("before its term is over %d lines, %v", len(lines), err)
	}
	over = over.Add(10 * time.Hour) // its place in the index ends with the hour of the look
	for range 2 {
		must(t, dispatch.Sweep(t.Context(), over))
	}
	bot.onlyItsLineIsLeft(over)
	if _, err := town.Store.Link(t.Context(), report.LinkID, over); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("its link still works: %v", err)
	}
	lines, _, err := town.Store.Destroyed(t.Context(), "")
	must(t, err)
	if len(lines) != 1 || lines[0].Category != municipality.KeptBot || lines[0].Case != bot.ref {
		t.Errorf("the register says %+v", lines)
	}
	if _, err := town.Store.Case(t.Context(), refs[1]); err != nil {
		t.Errorf("the report that a person sent: %v", err)
	}
}
