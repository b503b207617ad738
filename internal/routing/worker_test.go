package routing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func TestCapacityIsRoundedDownButNotByFloats(t *testing.T) {
	for name, tt := range map[string]struct {
		contracted, reserved int
		points               float64
		want                 int
	}{
		"half a point an hour":           {24, 6, 0.5, 9},
		"rounded down":                   {25, 6, 0.5, 9},
		"exact, though a float is under": {100, 0, 0.29, 29},
		"all hours reserved":             {8, 8, 0.5, 0},
		"more reserved than there are":   {8, 12, 0.5, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := routing.Worker{Contracted: tt.contracted, Reserved: tt.reserved}
			if got := w.Capacity(tt.points); got != tt.want {
				t.Errorf("Capacity = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestOnDutyFollowsTheDayInAmsterdam(t *testing.T) {
	workers := []routing.Worker{
		worker("m1"), worker("t1"), worker("t2", inactive), worker("t3", away("2026-11-24", "2026-11-24")), worker("s1"), worker("u1"),
	}
	roster := routing.Roster{
		"monday": {"m1"}, "tuesday": {"t3", "t2", "t1", "gone", "m1"}, "wednesday": {"t3"}, "sunday": {"u1"}, "saturday": {"s1"},
	}
	for name, tt := range map[string]struct {
		at   string // UTC
		want []string
	}{
		"in line order, without absent, inactive and unknown": {"2026-11-24T09:00:00Z", []string{"t1", "m1"}},
		"winter, a minute before midnight":                    {"2026-11-23T22:59:00Z", []string{"m1"}},
		"winter, midnight":                                    {"2026-11-23T23:00:00Z", []string{"t1", "m1"}},
		"summer, a minute before midnight":                    {"2026-06-15T21:59:00Z", []string{"m1"}},
		"summer, midnight":                                    {"2026-06-15T22:00:00Z", []string{"t3", "t1", "m1"}},
		"the night summer time starts, before":                {"2027-03-27T22:59:00Z", []string{"s1"}},
		"the night summer time starts, after":                 {"2027-03-27T23:00:00Z", []string{"u1"}},
		"the night summer time starts, its end":               {"2027-03-28T21:59:00Z", []string{"u1"}},
		"the night summer time starts, Monday":                {"2027-03-28T22:00:00Z", []string{"m1"}},
		"the night summer time ends, before":                  {"2026-10-24T21:59:00Z", []string{"s1"}},
		"the night summer time ends, after":                   {"2026-10-24T22:00:00Z", []string{"u1"}},
		"the night summer time ends, its end":                 {"2026-10-25T22:59:00Z", []string{"u1"}},
		"the night summer time ends, Monday":                  {"2026-10-25T23:00:00Z", []string{"m1"}},
		"a day without a roster: the next that has one":       {"2026-11-26T09:00:00Z", []string{"s1"}},
		"absence is that of the roster's day":                 {"2026-11-25T09:00:00Z", []string{"t3"}},
	} {
		t.Run(name, func(t *testing.T) {
			moment, err := time.Parse(time.RFC3339, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, roster.OnDuty(moment, workers)); diff != "" {
				t.Errorf("on duty (-want +got):\n%s", diff)
			}
		})
	}
	if got := (routing.Roster{}).OnDuty(at(t, tuesday), workers); len(got) > 0 {
		t.Errorf("an empty roster has %v on duty", got)
	}
}

// threat:T29
func TestTheRosterTurnsAtMidnightAroundBothClockChanges(t *testing.T) {
	roster := routing.Roster{"saturday": {"s"}, "sunday": {"u"}, "monday": {"m"}}
	workers := []routing.Worker{worker("s"), worker("u"), worker("m")}
	for _, saturday := range []string{"2026-03-28", "2026-10-24", "2027-03-27", "2027-10-30", "2028-03-25", "2028-10-28"} {
		start := at(t, saturday+" 12:00")
		var turns []string
		for moment := start; moment.Before(start.Add(48 * time.Hour)); moment = moment.Add(5 * time.Minute) {
			if on := roster.OnDuty(moment, workers)[0]; len(turns) == 0 || turns[len(turns)-1][:1] != on {
				turns = append(turns, on+municipality.Local(moment).Format(" 15:04"))
			}
		}
		if !slices.Equal(turns, []string{"s 12:00", "u 00:00", "m 00:00"}) {
			t.Errorf("around %s the roster went %v", saturday, turns)
		}
	}
}

// Who keeps the staff, watches over the reading or works for a partner leads nothing and looks at nothing first, whatever
// else would point at them.
//
// invariant:I10
func TestWhoStandsAsideIsNeverChosen(t *testing.T) {
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for role, takes := range map[routing.Role]bool{
		routing.Administrator: false, routing.PrivacyOfficer: false, routing.Partner: false,
		routing.SafeguardingLead: true, routing.ExperienceWorker: true, routing.Coordinator: true,
	} {
		w := routing.Worker{ID: "w", Active: true, Roles: []routing.Role{routing.ExperienceWorker, role}}
		if got := w.TakesCases(monday); got != takes {
			t.Errorf("%s takes cases: got %v", role, got)
		}
		line := routing.Roster{"monday": {"w"}}.OnDuty(monday, []routing.Worker{w})
		if got := len(line) == 1; got != takes {
			t.Errorf("%s is on duty: got %v", role, got)
		}
	}
}
