package routing_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// inputs are a P3 report from Noord on a Tuesday morning, without rules or roster.
func inputs(t *testing.T, workers ...routing.Worker) routing.Inputs {
	t.Helper()
	return routing.Inputs{
		Facts:        routing.Facts{CaseID: "c1", Area: "noord", Priority: municipality.P3},
		Municipality: waterstad(t),
		Rules:        municipality.Rules{Version: "1"},
		Workers:      workers,
		Now:          at(t, tuesday),
	}
}

// seen is a decision without the figures.
type seen struct {
	Step   routing.Step
	Rule   string
	Winner string
	Tie    routing.TieBreak
	Out    map[string]routing.Out
	Passed []routing.Passed
	Alarms []string
}

func choose(t *testing.T, in routing.Inputs) (routing.Decision, seen) {
	t.Helper()
	d, err := routing.Choose(in)
	if err != nil {
		t.Fatal(err)
	}
	s := seen{Step: d.Step, Rule: d.Rule, Winner: d.Winner, Tie: d.TieBreak, Passed: d.Passed, Alarms: d.Alarms}
	for _, c := range d.Candidates {
		if c.Out != "" {
			if s.Out == nil {
				s.Out = map[string]routing.Out{}
			}
			s.Out[c.Worker] = c.Out
		}
	}
	return d, s
}

func TestEachStepOfTheTieBreakCanDecide(t *testing.T) {
	// The lots are those of: printf '1\nc1\nw1' | sha256sum
	noRule := []routing.Passed{{Step: routing.StepRules, Why: routing.WhyNoMatch}}
	for name, tt := range map[string]struct {
		workers []routing.Worker
		facts   func(*routing.Facts)
		want    seen
	}{
		"one generalist is simply the lead": {
			workers: []routing.Worker{worker("w1"), worker("w2", middenZuid), worker("w3", discipline(municipality.Debt))},
			want:    seen{Winner: "w1", Tie: routing.TieNone},
		},
		"excluded, absent, inactive and full workers are dropped": {
			workers: []routing.Worker{
				worker("w1"), worker("w2"), worker("w3", away("2026-11-24", "2026-11-24")), worker("w4", inactive), worker("w5", full),
			},
			facts: func(f *routing.Facts) { f.Excluded = []string{"w1"} },
			want: seen{Winner: "w2", Tie: routing.TieNone, Out: map[string]routing.Out{
				"w1": routing.OutExcluded, "w3": routing.OutAbsent, "w4": routing.OutInactive, "w5": routing.OutNoRoom,
			}},
		},
		"room is for the weight of this case": {
			workers: []routing.Worker{worker("w1", load(7)), worker("w2", load(6))},
			facts:   func(f *routing.Facts) { f.Priority = municipality.P1 },
			want:    seen{Winner: "w2", Tie: routing.TieNone, Out: map[string]routing.Out{"w1": routing.OutNoRoom}},
		},
		"who speaks the language goes before who is free": {
			workers: []routing.Worker{worker("w1"), worker("w2", load(8), speaks("nl", "ar"))},
			facts:   func(f *routing.Facts) { f.Language = "ar-SY" },
			want:    seen{Winner: "w2", Tie: routing.TieLanguage, Out: map[string]routing.Out{"w1": "language"}},
		},
		"a language that nobody speaks keeps everybody": {
			workers: []routing.Worker{worker("w1", load(2)), worker("w2", load(1))},
			facts:   func(f *routing.Facts) { f.Language = "ti" },
			want:    seen{Winner: "w2", Tie: routing.TieLoad, Out: map[string]routing.Out{"w1": "load"}},
		},
		"Dutch sets nobody apart": {
			workers: []routing.Worker{worker("w1", load(1), speaks("nl")), worker("w2", speaks("en"))},
			facts:   func(f *routing.Facts) { f.Language = "nl" },
			want:    seen{Winner: "w2", Tie: routing.TieLoad, Out: map[string]routing.Out{"w1": "load"}},
		},
		"a wish for an experience worker": {
			workers: []routing.Worker{worker("w1"), worker("w2", load(3), experienced)},
			facts:   func(f *routing.Facts) { f.Experience = true },
			want:    seen{Winner: "w2", Tie: routing.TieExperience, Out: map[string]routing.Out{"w1": "experience"}},
		},
		"no wish: an experience worker is a worker": {
			workers: []routing.Worker{worker("w1"), worker("w2", load(3), experienced)},
			want:    seen{Winner: "w1", Tie: routing.TieLoad, Out: map[string]routing.Out{"w2": "load"}},
		},
		"language goes before experience": {
			workers: []routing.Worker{worker("w1", experienced), worker("w2", speaks("ar"))},
			facts:   func(f *routing.Facts) { f.Experience, f.Language = true, "ar" },
			want:    seen{Winner: "w2", Tie: routing.TieLanguage, Out: map[string]routing.Out{"w1": "language"}},
		},
		"load counts by hours that are not reserved": {
			workers: []routing.Worker{worker("w1", load(3), hours(36, 0)), worker("w2", load(2), hours(36, 18))},
			want:    seen{Winner: "w1", Tie: routing.TieLoad, Out: map[string]routing.Out{"w2": "load"}},
		},
		"equal thirds are equal, whatever a float says": {
			workers: []routing.Worker{
				worker("w1", load(7), hours(21, 0), lastAssigned(t, "2026-11-02 09:00")),
				worker("w2", load(9), hours(27, 0), lastAssigned(t, "2026-11-01 09:00")),
			},
			want: seen{Winner: "w2", Tie: routing.TieWaited, Out: map[string]routing.Out{"w1": "waited"}},
		},
		"who never had a case waited longest": {
			workers: []routing.Worker{worker("w1", lastAssigned(t, "2020-01-01 09:00")), worker("w2")},
			want:    seen{Winner: "w2", Tie: routing.TieWaited, Out: map[string]routing.Out{"w1": "waited"}},
		},
		"the lot falls by rule version, case and worker": {
			workers: []routing.Worker{worker("w1"), worker("w2"), worker("w3")},
			want:    seen{Winner: "w1", Tie: routing.TieHash, Out: map[string]routing.Out{"w2": "hash", "w3": "hash"}},
		},
		"another case, another lot": {
			workers: []routing.Worker{worker("w1"), worker("w2"), worker("w3")},
			facts:   func(f *routing.Facts) { f.CaseID = "c2" },
			want:    seen{Winner: "w3", Tie: routing.TieHash, Out: map[string]routing.Out{"w1": "hash", "w2": "hash"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, append(tt.workers, worker("boss", coordinator))...)
			if tt.facts != nil {
				tt.facts(&in.Facts)
			}
			d, got := choose(t, in)
			tt.want.Step, tt.want.Passed = routing.StepGeneralist, noRule
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
			if !d.Routed || d.TeamName != "Wijkteam Noord" {
				t.Errorf("Routed = %v, TeamName = %q; want a routed case of Wijkteam Noord", d.Routed, d.TeamName)
			}
		})
	}
}

func TestRulesDecideInOrder(t *testing.T) {
	toYouth := municipality.Rule{
		ID: "r1", Name: "eerste", Leads: municipality.Leads{Team: "midden-zuid", Discipline: municipality.Youth},
	}
	toWorker := municipality.Rule{ID: "r2", Name: "tweede", Leads: municipality.Leads{Worker: "w2"}}
	boss := worker("boss", coordinator)
	youth := worker("y1", middenZuid, discipline(municipality.Youth))
	for name, tt := range map[string]struct {
		rules   []municipality.Rule
		workers []routing.Worker
		want    seen
	}{
		"the first rule that fits decides": {
			[]municipality.Rule{toYouth, toWorker},
			[]routing.Worker{youth, worker("w2")},
			seen{Step: routing.StepRules, Rule: "r1", Winner: "y1", Tie: routing.TieNone},
		},
		"a rule whose people are full passes on to the next": {
			[]municipality.Rule{toYouth, toWorker},
			[]routing.Worker{worker("y1", middenZuid, discipline(municipality.Youth), full), worker("w2")},
			seen{
				Step: routing.StepRules, Rule: "r2", Winner: "w2", Tie: routing.TieNone,
				Passed: []routing.Passed{{Step: routing.StepRules, Rule: "r1", Why: routing.WhyNoRoom}},
			},
		},
		"a rule without such people raises an alarm and falls through": {
			[]municipality.Rule{toYouth, toWorker},
			[]routing.Worker{worker("w1")},
			seen{
				Step: routing.StepGeneralist, Winner: "w1", Tie: routing.TieNone, Alarms: []string{"r1", "r2"},
				Passed: []routing.Passed{
					{Step: routing.StepRules, Rule: "r1", Why: routing.WhyNobody},
					{Step: routing.StepRules, Rule: "r2", Why: routing.WhyNobody},
				},
			},
		},
		"a rule that points at an inactive worker raises an alarm": {
			[]municipality.Rule{toWorker},
			[]routing.Worker{worker("w1"), worker("w2", inactive)},
			seen{
				Step: routing.StepGeneralist, Winner: "w1", Tie: routing.TieNone, Alarms: []string{"r2"},
				Passed: []routing.Passed{{Step: routing.StepRules, Rule: "r2", Why: routing.WhyNobody}},
				Out:    map[string]routing.Out{"w2": routing.OutInactive},
			},
		},
		"a rule that points at an absent worker raises none": {
			[]municipality.Rule{toWorker},
			[]routing.Worker{worker("w1"), worker("w2", away("2026-11-20", "2026-11-24"))},
			seen{
				Step: routing.StepGeneralist, Winner: "w1", Tie: routing.TieNone,
				Passed: []routing.Passed{{Step: routing.StepRules, Rule: "r2", Why: routing.WhyAllAbsent}},
				Out:    map[string]routing.Out{"w2": routing.OutAbsent},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, append(tt.workers, boss)...)
			in.Rules.Rules = tt.rules
			d, got := choose(t, in)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
			if !d.Routed {
				t.Error("a case by rule or generalist is not marked as routed")
			}
		})
	}
}

func TestARuleAsksOnlyWhatItNames(t *testing.T) {
	facts := routing.Facts{
		CaseID: "c1", Area: "noord", Main: municipality.Housing, Priority: municipality.P2, Language: "ar-SY",
		LifeAreas: []municipality.LifeArea{municipality.Money, municipality.Housing},
	}
	for name, tt := range map[string]struct {
		when municipality.When
		want bool
	}{
		"nothing asked":             {municipality.When{}, true},
		"its area":                  {municipality.When{Areas: []string{"zuid", "noord"}}, true},
		"another area":              {municipality.When{Areas: []string{"zuid"}}, false},
		"its main life area":        {municipality.When{LifeAreas: []municipality.LifeArea{"housing"}}, true},
		"a life area, but not main": {municipality.When{LifeAreas: []municipality.LifeArea{"money"}}, false},
		"its priority":              {municipality.When{Priorities: []municipality.Priority{1, 2}}, true},
		"another priority":          {municipality.When{Priorities: []municipality.Priority{3}}, false},
		"its language":              {municipality.When{Languages: []string{"ar"}}, true},
		"another language":          {municipality.When{Languages: []string{"tr"}}, false},
		"all right but for one":     {municipality.When{Areas: []string{"noord"}, Languages: []string{"tr"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, worker("w1"), worker("w2", middenZuid), worker("boss", coordinator))
			in.Facts = facts
			in.Rules.Rules = []municipality.Rule{{ID: "r1", When: tt.when, Leads: municipality.Leads{Worker: "w2"}}}
			d, _ := choose(t, in)
			if got := d.Step == routing.StepRules; got != tt.want {
				t.Errorf("rule fits = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestUnderASafetyFlagTheFirstAvailableDutyWorkerLeads(t *testing.T) {
	for name, tt := range map[string]struct {
		workers  []routing.Worker
		excluded []string
		want     seen
	}{
		"the first in line, room or not": {
			workers: []routing.Worker{worker("w1", full), worker("w2")},
			want: seen{
				Step: routing.StepSafety, Winner: "w1", Tie: routing.TieNone, Out: map[string]routing.Out{"w2": routing.OutLater},
			},
		},
		"the next when the first is away": {
			workers: []routing.Worker{worker("w1", away("2026-11-24", "2026-11-25")), worker("w2")},
			want: seen{
				Step: routing.StepSafety, Winner: "w2", Tie: routing.TieNone, Out: map[string]routing.Out{"w1": routing.OutAbsent},
			},
		},
		"the next when nobody knows whether mail reaches the first": {
			workers: []routing.Worker{worker("w1", unconfirmed), worker("w2")},
			want: seen{
				Step: routing.StepSafety, Winner: "w2", Tie: routing.TieNone, Out: map[string]routing.Out{"w1": routing.OutUnconfirmed},
			},
		},
		"a generalist when nobody on duty can": {
			workers:  []routing.Worker{worker("w1", inactive), worker("w2", middenZuid), worker("w3")},
			excluded: []string{"w2"},
			want: seen{
				Step: routing.StepGeneralist, Winner: "w3", Tie: routing.TieNone, Out: map[string]routing.Out{"w1": routing.OutInactive},
				Passed: []routing.Passed{
					{Step: routing.StepSafety, Why: routing.WhyNobodyLeft}, {Step: routing.StepRules, Why: routing.WhyNoMatch},
				},
			},
		},
		"a generalist when the roster names nobody who is there": {
			workers: []routing.Worker{worker("w3")},
			want: seen{
				Step: routing.StepGeneralist, Winner: "w3", Tie: routing.TieNone,
				Passed: []routing.Passed{
					{Step: routing.StepSafety, Why: routing.WhyNobody}, {Step: routing.StepRules, Why: routing.WhyNoMatch},
				},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, append(tt.workers, worker("boss", coordinator))...)
			in.Roster = routing.Roster{"tuesday": {"w1", "w2"}, "wednesday": {"w3"}}
			in.Facts.Safety, in.Facts.Priority, in.Facts.Excluded = true, municipality.P2, tt.excluded
			d, got := choose(t, in)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("decision (-want +got):\n%s", diff)
			}
			if !d.Safety {
				t.Error("the decision lost its safety flag")
			}
			if d.Routed != (d.Step != routing.StepSafety) {
				t.Errorf("Routed = %v at step %d", d.Routed, d.Step)
			}
		})
	}
}

func TestWhoIsAwayNowOrWhenTheOfficeOpensGetsNothing(t *testing.T) {
	in := inputs(t,
		worker("w1", away("2026-11-23", "2026-11-27")), // from Monday
		worker("w2", away("2026-11-16", "2026-11-20")), // until today
		worker("w3", load(8)), worker("boss", coordinator))
	in.Now = at(t, "2026-11-20 22:00") // Friday night
	if _, got := choose(t, in); got.Winner != "w3" {
		t.Errorf("lead is %s, want w3", got.Winner)
	}
}

// H3: a case is offered to nobody whose address is not confirmed, and no first look is asked of them; the coordinator is
// reached anyway (I8).
func TestWhoseAddressIsNotConfirmedGetsNothing(t *testing.T) { // feature:H3 //invariant:I8
	in := inputs(t, worker("w1", unconfirmed), worker("w2", unconfirmed), worker("boss", coordinator, unconfirmed))
	in.Roster, in.Facts.Priority = routing.Roster{"tuesday": {"w1", "w2"}}, municipality.P1
	d, got := choose(t, in)
	if got.Step != routing.StepCoordinator || got.Winner != "boss" || !slices.Equal(d.FirstLook, []string{"boss"}) {
		t.Errorf("step %d, winner %s, first look %v; want the coordinator for both", got.Step, got.Winner, d.FirstLook)
	}
	want := []routing.Passed{{Step: routing.StepGeneralist, Why: routing.WhyAllUnconfirmed}, {Step: routing.StepCoordinator, Why: routing.WhyAllUnconfirmed}}
	if passed := d.Passed[len(d.Passed)-2:]; !slices.Equal(passed, want) {
		t.Errorf("passed %+v, want %+v", passed, want)
	}
	in.Workers[1].Unconfirmed = false
	if d, got = choose(t, in); got.Winner != "w2" || !slices.Equal(d.FirstLook, []string{"w2"}) {
		t.Errorf("winner %s, first look %v; want w2 for both", got.Winner, d.FirstLook)
	}
}

func TestADecisionIsWrittenTheSameEveryTime(t *testing.T) {
	in := inputs(t, worker("w2", lastAssigned(t, "2026-11-02 09:00")), worker("w1", load(1)), worker("boss", coordinator))
	d, _ := choose(t, in)
	got, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"step":6,"team_name":"Wijkteam Noord","version":"1","winner":"w2","routed":true,` +
		`"candidates":[{"worker":"w1","out":"load","load":1,"hours":18,"capacity":9},` +
		`{"worker":"w2","load":0,"hours":18,"capacity":9,"waited":"2026-11-02T08:00:00Z"}],` +
		`"tie_break":"load","passed":[{"step":4,"why":"no_match"}],"decided_at":"2026-11-24T09:00:00Z"}`
	if string(got) != want {
		t.Errorf("decision is written as\n%s\nwant\n%s", got, want)
	}
}
