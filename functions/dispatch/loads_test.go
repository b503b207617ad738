package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
)

// The words of the line are a contract with the alarms load-drifted and loads-uncounted.
func TestARunThatCountedTheLoadsIsTold(t *testing.T) { // threat:T28 //threat:T33 //threat:T17
	swept := map[string]any{
		"level": "INFO", "message": "swept", "late_reports": 0.0, "late_messages": 0.0, "late_cases": 0.0,
		"late_first_looks": 0.0, "late_destructions": 0.0, "lost_rules": 0.0, "rules": "",
	}
	right := casework.Counted{Workers: 15}
	drifted := casework.Counted{Workers: 15, Drifted: 3, Corrected: []string{"fenna", "mees"}, Found: []casework.Drift{{Worker: "emre", Load: 7, Counted: 2}}}
	down := errors.New("count load of emre: query index lead: down")
	for name, tt := range map[string]struct {
		through *casework.Counted
		fails   error
		want    []map[string]any
	}{
		"every load is right": {through: &right, want: []map[string]any{swept, {
			"level": "INFO", "message": "loads counted", "workers": 15.0, "drifted": 0.0, "corrected": 0.0, "of": "",
		}}},
		"three have drifted, and two are certain": {through: &drifted, want: []map[string]any{swept, {
			"level": "INFO", "message": "loads counted", "workers": 15.0, "drifted": 3.0, "corrected": 2.0, "of": "fenna mees",
		}}},
		"no run is through": {want: []map[string]any{swept}},
		"it fails, and the sweep was done": {fails: down, want: []map[string]any{swept, {
			"level": "ERROR", "message": "counting loads failed", "error": down.Error(),
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := watched()
			r.countLoads = func(_ context.Context, now time.Time, tell func(casework.Counted)) error {
				if !now.Equal(monday()) {
					t.Errorf("counted at %v", now)
				}
				if tt.through != nil {
					tell(*tt.through)
				}
				return tt.fails
			}
			if _, err := r.handle(t.Context(), readFile(t, "schedule")); !errors.Is(err, tt.fails) {
				t.Errorf("error %v, want %v", err, tt.fails) // Lambda counts it
			}
			if diff := cmp.Diff(tt.want, r.lines(t)); diff != "" {
				t.Errorf("log differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCountingThatPanicsStopsNoOtherWork(t *testing.T) { // threat:T17
	r := watched()
	r.countLoads = func(context.Context, time.Time, func(casework.Counted)) error { panic("kanarie") }
	_, err := r.handle(t.Context(), readFile(t, "schedule"))
	if err == nil || r.sweeps != 1 || strings.Contains(r.log.String(), "kanarie") {
		t.Errorf("error %v after %d sweeps, log %s", err, r.sweeps, r.log.String())
	}
}
