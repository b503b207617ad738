package routing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func TestTheCoordinatorIsAlwaysThere(t *testing.T) {
	for name, tt := range map[string]struct {
		workers []routing.Worker
		facts   func(*routing.Facts)
		now     string // "" is a Tuesday morning
		winner  string
		passed  []routing.Passed // after that of the rules
	}{
		"when the team is full": {
			workers: []routing.Worker{worker("w1", full), worker("w2", full), worker("boss", coordinator, hours(0, 0))},
			winner:  "boss",
			passed:  []routing.Passed{{Step: routing.StepGeneralist, Why: routing.WhyNoRoom}},
		},
		"when the area is not known": {
			workers: []routing.Worker{worker("w1"), worker("boss", coordinator)},
			facts:   func(f *routing.Facts) { f.Area = "" },
			winner:  "boss",
			passed:  []routing.Passed{{Step: routing.StepGeneralist, Why: routing.WhyNoArea}},
		},
		"the one who is there, when another is away": {
			workers: []routing.Worker{worker("boss1", coordinator, away("2026-11-01", "2026-11-30")), worker("boss2", coordinator, load(99))},
			winner:  "boss2",
			passed:  []routing.Passed{{Step: routing.StepGeneralist, Why: routing.WhyNobody}},
		},
		"the one who is there on Monday, on Friday night": {
			workers: []routing.Worker{worker("boss1", coordinator, away("2026-11-23", "2026-11-27")), worker("boss2", coordinator, load(99))},
			now:     "2026-11-20 22:00",
			winner:  "boss2",
			passed:  []routing.Passed{{Step: routing.StepGeneralist, Why: routing.WhyNobody}},
		},
		"one whom mail reaches, rather than one whose address nobody confirmed": {
			workers: []routing.Worker{worker("boss1", coordinator, unconfirmed), worker("boss2", coordinator, load(99))},
			winner:  "boss2",
			passed:  []routing.Passed{{Step: routing.StepGeneralist, Why: routing.WhyNobody}},
		},
		"even when nobody confirmed the address, rather than one who is excluded": { // the chain never ends with nobody
			workers: []routing.Worker{worker("boss1", coordinator, unconfirmed), worker("boss2", coordinator)},
			facts:   func(f *routing.Facts) { f.Excluded = []string{"boss2"} },
			winner:  "boss1",
			passed: []routing.Passed{
				{Step: routing.StepGeneralist, Why: routing.WhyNobody}, {Step: routing.StepCoordinator, Why: routing.WhyAllUnconfirmed},
			},
		},
		"even when excluded, rather than one who is away": {
			workers: []routing.Worker{worker("boss1", coordinator, away("2026-11-01", "2026-11-30")), worker("boss2", coordinator)},
			facts:   func(f *routing.Facts) { f.Excluded = []string{"boss2"} },
			winner:  "boss2",
			passed: []routing.Passed{
				{Step: routing.StepGeneralist, Why: routing.WhyNobody}, {Step: routing.StepCoordinator, Why: routing.WhyAllExcluded},
			},
		},
		"even when away, rather than one who left": {
			workers: []routing.Worker{worker("boss1", coordinator, away("2026-11-01", "2026-11-30")), worker("boss0", coordinator, inactive)},
			winner:  "boss1",
			passed: []routing.Passed{
				{Step: routing.StepGeneralist, Why: routing.WhyNobody}, {Step: routing.StepCoordinator, Why: routing.WhyAllAbsent},
			},
		},
		"even when there is only one who left": {
			workers: []routing.Worker{worker("boss", coordinator, inactive)},
			winner:  "boss",
			passed: []routing.Passed{
				{Step: routing.StepGeneralist, Why: routing.WhyNobody}, {Step: routing.StepCoordinator, Why: routing.WhyAllInactive},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, tt.workers...)
			if tt.facts != nil {
				tt.facts(&in.Facts)
			}
			if tt.now != "" {
				in.Now = at(t, tt.now)
			}
			d, got := choose(t, in)
			if got.Step != routing.StepCoordinator || got.Winner != tt.winner || d.Routed {
				t.Errorf("step %d, winner %s, routed %v; want the coordinator %s, not routed", got.Step, got.Winner, d.Routed, tt.winner)
			}
			want := append([]routing.Passed{{Step: routing.StepRules, Why: routing.WhyNoMatch}}, tt.passed...)
			if diff := cmp.Diff(want, got.Passed); diff != "" {
				t.Errorf("passed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWithoutACoordinatorNobodyIsLeft(t *testing.T) {
	if d, err := routing.Choose(inputs(t, worker("w1", full))); err == nil {
		t.Errorf("Choose = %+v, want an error", d)
	}
	if d, err := routing.Queue(inputs(t, worker("w1"))); err == nil {
		t.Errorf("Queue = %+v, want an error", d)
	}
}

func TestQueueAsksNobodyButCoordinators(t *testing.T) {
	d, err := routing.Queue(inputs(t, worker("w1"), worker("boss", coordinator)))
	if err != nil || d.Winner != "boss" || d.Step != routing.StepCoordinator || d.Routed || len(d.Passed) > 0 {
		t.Errorf("Queue = %+v, %v; want boss at step 7 and nothing passed", d, err)
	}
}

func TestEveryP1HasAFirstLook(t *testing.T) {
	roster := routing.Roster{"monday": {"m1", "w1"}, "tuesday": {"w1", "w2"}}
	for name, tt := range map[string]struct {
		now      string
		priority municipality.Priority
		excluded []string
		roster   routing.Roster
		want     []string
	}{
		"today's duty workers in line order":          {tuesday, municipality.P1, nil, roster, []string{"w1", "w2"}},
		"not who is excluded":                         {tuesday, municipality.P1, []string{"w1"}, roster, []string{"w2"}},
		"the coordinator when nobody is left":         {tuesday, municipality.P1, []string{"w1", "w2"}, roster, []string{"boss"}},
		"the coordinator without a roster":            {tuesday, municipality.P1, nil, nil, []string{"boss"}},
		"at night: those of the day the office opens": {"2026-11-23 22:00", municipality.P1, nil, roster, []string{"w1", "w2"}},
		"in the weekend: those of Monday":             {"2026-11-21 10:00", municipality.P1, nil, roster, []string{"m1", "w1"}},
		"over Christmas: those of Monday":             {"2026-12-24 10:00", municipality.P1, nil, roster, []string{"m1", "w1"}},
		"none for P2":                                 {tuesday, municipality.P2, nil, roster, nil},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputs(t, worker("w1"), worker("w2"), worker("m1"), worker("boss", coordinator))
			in.Now, in.Roster, in.Facts.Priority, in.Facts.Excluded = at(t, tt.now), tt.roster, tt.priority, tt.excluded
			d, _ := choose(t, in)
			if diff := cmp.Diff(tt.want, d.FirstLook); diff != "" {
				t.Errorf("first look (-want +got):\n%s", diff)
			}
		})
	}
}
