package routing_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// some draws a few of the values.
func some[T any](r *rapid.T, label string, values ...T) []T {
	return rapid.SliceOfN(rapid.SampledFrom(values), 0, 3).Draw(r, label)
}

func drawWorker(r *rapid.T, id string, now time.Time) routing.Worker {
	w := routing.Worker{
		ID:          id,
		Team:        rapid.SampledFrom([]string{"noord", "midden-zuid", "elders"}).Draw(r, "team"),
		Roles:       some(r, "roles", routing.ExperienceWorker, routing.SafeguardingLead, routing.Coordinator),
		Disciplines: some(r, "disciplines", municipality.Generalist, municipality.Youth, municipality.Debt),
		Languages:   some(r, "languages", "nl", "ar", "tr-TR"),
		Active:      rapid.IntRange(0, 4).Draw(r, "active") > 0,
		Contracted:  rapid.IntRange(0, 36).Draw(r, "contracted"),
		Reserved:    rapid.IntRange(0, 12).Draw(r, "reserved"),
		Load:        rapid.IntRange(0, 12).Draw(r, "load"),
		Unconfirmed: rapid.IntRange(0, 3).Draw(r, "confirmed") == 0,
	}
	if rapid.Bool().Draw(r, "has led") {
		w.LastAssigned = now.Add(-time.Duration(rapid.IntRange(0, 3).Draw(r, "days ago")) * 24 * time.Hour)
	}
	if rapid.IntRange(0, 3).Draw(r, "away") == 0 {
		from := municipality.Local(now).AddDate(0, 0, rapid.IntRange(-3, 3).Draw(r, "from"))
		to := from.AddDate(0, 0, rapid.IntRange(0, 3).Draw(r, "for"))
		w.Absent = []routing.Absence{{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}}
	}
	return w
}

// drawInputs draws any facts, rules, roster and workers, among them at least one coordinator.
func drawInputs(r *rapid.T, m *municipality.Municipality) routing.Inputs {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 24*90).Draw(r, "hour")) * time.Hour)
	var ids []string
	var workers []routing.Worker
	for i := range rapid.IntRange(0, 8).Draw(r, "workers") {
		ids = append(ids, fmt.Sprintf("w%d", i))
		workers = append(workers, drawWorker(r, ids[i], now))
	}
	boss := drawWorker(r, "boss", now)
	boss.Roles = append(boss.Roles, routing.Coordinator)
	workers, ids = append(workers, boss), append(ids, "boss", "gone")
	in := routing.Inputs{
		Facts: routing.Facts{
			CaseID:     rapid.StringMatching(`[a-z]{1,4}`).Draw(r, "case"),
			Area:       rapid.SampledFrom([]string{"noord", "centrum", "zuid", ""}).Draw(r, "area"),
			Main:       rapid.SampledFrom([]municipality.LifeArea{"", "money", "children"}).Draw(r, "main"),
			Priority:   municipality.Priority(rapid.IntRange(1, 3).Draw(r, "priority")),
			Safety:     rapid.Bool().Draw(r, "safety"),
			Language:   rapid.SampledFrom([]string{"", "nl", "ar", "tr"}).Draw(r, "language"),
			Experience: rapid.Bool().Draw(r, "experience"),
			LifeAreas:  some(r, "life areas", municipality.LifeAreas()...),
			ChildAlone: rapid.IntRange(0, 5).Draw(r, "child") == 0,
			Excluded:   some(r, "excluded", ids...),
		},
		Municipality: m,
		Rules:        municipality.Rules{Version: "1"},
		Workers:      workers,
		Roster:       routing.Roster{},
		Now:          now,
	}
	if rapid.IntRange(0, 2).Draw(r, "knows somebody") == 0 {
		in.Facts.KnownWorker = rapid.SampledFrom(ids).Draw(r, "known worker")
	}
	if rapid.IntRange(0, 2).Draw(r, "matches") == 0 {
		in.Facts.Match = &routing.Match{Case: "c0", Lead: rapid.SampledFrom(append(ids, "")).Draw(r, "lead of the match")}
	}
	for i := range rapid.IntRange(0, 3).Draw(r, "rules") {
		rule := municipality.Rule{ID: fmt.Sprintf("r%d", i), When: municipality.When{Areas: some(r, "when", "noord", "centrum")}}
		if rapid.Bool().Draw(r, "to a worker") {
			rule.Leads.Worker = rapid.SampledFrom(ids).Draw(r, "worker")
		} else {
			rule.Leads = municipality.Leads{Team: "noord", Discipline: municipality.Youth}
		}
		in.Rules.Rules = append(in.Rules.Rules, rule)
	}
	for _, day := range []string{"monday", "tuesday", "friday", "saturday"} {
		in.Roster[day] = rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 0, 3, rapid.ID).Draw(r, day)
	}
	return in
}

// invariant:I3
func TestAnyFactsAndWorkersGiveExactlyOneLead(t *testing.T) {
	m := waterstad(t)
	rapid.Check(t, func(r *rapid.T) {
		in := drawInputs(r, m)
		d, err := routing.Choose(in)
		if err != nil {
			r.Fatalf("Choose: %v", err)
		}
		if !slices.ContainsFunc(in.Workers, func(w routing.Worker) bool { return w.ID == d.Winner }) {
			r.Fatalf("lead %q is none of the workers", d.Winner)
		}
		var kept []string
		for _, c := range d.Candidates {
			if c.Out == "" {
				kept = append(kept, c.Worker)
			}
		}
		if !slices.Equal(kept, []string{d.Winner}) {
			r.Fatalf("the record keeps %v, the lead is %s", kept, d.Winner)
		}
		if d.Safety != in.Facts.Safety {
			r.Fatalf("Safety = %v, facts say %v", d.Safety, in.Facts.Safety)
		}
		if (len(d.FirstLook) > 0) != (in.Facts.Priority == municipality.P1) {
			r.Fatalf("%s has first look %v", in.Facts.Priority, d.FirstLook)
		}
		if said := d.Sentence(func(id string) string { return id }); !strings.Contains(said, d.Winner) || !strings.HasSuffix(said, ".") {
			r.Fatalf("sentence %q", said)
		}
	})
}

// invariant:I5
func TestARoutedLeadIsThereAndHasRoom(t *testing.T) {
	m := waterstad(t)
	routed := 0
	rapid.Check(t, func(r *rapid.T) {
		in := drawInputs(r, m)
		d, err := routing.Choose(in)
		if err != nil {
			r.Fatalf("Choose: %v", err)
		}
		if d.Routed != (d.Step >= routing.StepKnownWorker && d.Step <= routing.StepGeneralist) {
			r.Fatalf("Routed = %v at step %d", d.Routed, d.Step)
		}
		i := slices.IndexFunc(in.Workers, func(w routing.Worker) bool { return w.ID == d.Winner })
		lead := in.Workers[i]
		if d.Step == routing.StepCoordinator {
			return
		}
		today := municipality.Local(in.Now).Format(time.DateOnly)
		away := slices.ContainsFunc(lead.Absent, func(a routing.Absence) bool { return a.From <= today && today <= a.To })
		if !lead.Active || away || slices.Contains(in.Facts.Excluded, lead.ID) {
			r.Fatalf("lead is inactive, absent or excluded: %+v", lead)
		}
		if lead.Unconfirmed { // feature:H3
			r.Fatalf("nobody knows whether mail reaches the lead: %+v", lead)
		}
		if !d.Routed {
			return
		}
		routed++
		if room := lead.Capacity(m.PointsPerHour) - lead.Load; room < routing.Weight(in.Facts.Priority) {
			r.Fatalf("lead has room for %d, %s weighs more", room, in.Facts.Priority)
		}
	})
	if routed == 0 {
		t.Error("nothing was routed: the test says nothing")
	}
}

// Feature E6.
func TestTheOrderOfWorkersDecidesNothing(t *testing.T) {
	m := waterstad(t)
	rapid.Check(t, func(r *rapid.T) {
		in := drawInputs(r, m)
		want := written(r, in)
		in.Workers = rapid.Permutation(in.Workers).Draw(r, "shuffled")
		if got := written(r, in); got != want {
			r.Fatalf("same inputs, two decisions:\n%s\n%s", want, got)
		}
	})
}

func written(r *rapid.T, in routing.Inputs) string {
	d, err := routing.Choose(in)
	if err != nil {
		r.Fatalf("Choose: %v", err)
	}
	data, err := json.Marshal(d)
	if err != nil {
		r.Fatal(err)
	}
	return string(data)
}

// Feature A3: who has helpers, and who has nobody, get the same decision.
func TestIHaveNobodyChangesNothing(t *testing.T) {
	m := waterstad(t)
	core := form.Core()
	rapid.Check(t, func(r *rapid.T) {
		in := drawInputs(r, m)
		c := form.Context{Municipality: m, Path: form.Full, Today: in.Now}
		rest := form.Answers{
			"hide_from":  some(r, "hide from", "no", "yes", "rather_not"),
			"safe_now":   some(r, "safe", "yes", "sometimes", "no", "rather_not"),
			"basics":     some(r, "basics", "food", "bed", "nothing"),
			"areas":      some(r, "areas", "money", "children", "mind"),
			"hard_date":  some(r, "hard date", "none", "eviction", "other"),
			"postcode":   {rapid.SampledFrom([]string{"9990 AB", "9995 AB", "1234 AB"}).Draw(r, "postcode")},
			"birth_year": {rapid.SampledFrom([]string{"", "2014", "1970"}).Draw(r, "born")},
			"for_whom":   some(r, "for whom", "myself", "other"),
			"children":   some(r, "children", "yes", "no"),
		}
		nobody, helped := maps.Clone(rest), maps.Clone(rest)
		nobody["helpers"] = []string{"none"}
		nobody["companion"] = []string{"alone"}
		helped["helpers"] = []string{"named"}
		helped["helpers.1.name"] = []string{"Mo"}
		helped["helpers.1.relation"] = []string{"neighbour"}
		helped["helpers.1.with"] = []string{"eten, kinderen, schulden"}
		helped["companion"] = []string{"helper"}
		helped["companion.helpers"] = []string{"1"}
		helped["invite_how"] = []string{"you"}

		want := routing.FactsOf(core.Clean(nobody, c), m, in.Facts.CaseID, in.Now)
		got := routing.FactsOf(core.Clean(helped, c), m, in.Facts.CaseID, in.Now)
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatalf("facts (-nobody +helped):\n%s", diff)
		}
		in.Facts = want
		decided := written(r, in)
		in.Facts = got
		if again := written(r, in); again != decided {
			r.Fatalf("nobody: %s\nhelped: %s", decided, again)
		}
	})
}
