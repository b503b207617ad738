package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// lines returns what was logged, as the metric filters read it: JSON, without the time.
func (r *recorder) lines(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(r.log.String()) {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		delete(l, "timestamp")
		all = append(all, l)
	}
	return all
}

// watched is a recorder that logs as a function does.
func watched() *recorder {
	r := newRecorder(nil, nil)
	r.dispatcher.log = slog.New(slog.NewJSONHandler(&r.log, &slog.HandlerOptions{ReplaceAttr: lambdacontext.ReplaceAttr}))
	return r
}

// The words of these lines are a contract with the alarms: infra/stack filters by them.
//
// feature:P4
func TestASweepTellsWhatIsLate(t *testing.T) { // threat:T33
	counts := late{dynamo.Late{Reports: 1, Messages: 2, Cases: 3, FirstLooks: 4, Kept: 5}, []string{"r2", "r9"}}
	swept := map[string]any{
		"level": "INFO", "message": "swept", "late_reports": 1.0, "late_messages": 2.0, "late_cases": 3.0,
		"late_first_looks": 4.0, "late_destructions": 5.0, "lost_rules": 2.0, "rules": "r2 r9",
	}
	blind, poison := errors.New("query index todo: down"), &dynamo.LeftError{Left: []error{errors.New("report K7M-4RT-9XT: sealed")}}
	tests := map[string]struct {
		sweep, count error
		panics       bool
		want         []map[string]any
	}{
		"everything was done": {want: []map[string]any{swept}},
		"a poisonous report stays behind, and the rest is counted": {sweep: poison, want: []map[string]any{
			{"level": "WARN", "message": "sweep left something for the next", "error": poison.Error()}, swept,
		}},
		"the sweep cannot see what is due": {sweep: blind, want: []map[string]any{
			{"level": "ERROR", "message": "sweep failed", "error": blind.Error()},
		}},
		"it sees a part, and leaves some of that": {sweep: errors.Join(blind, errors.New("report K7M-4RT-9XT: sealed")), want: []map[string]any{
			{"level": "ERROR", "message": "sweep failed", "error": blind.Error() + "\nreport K7M-4RT-9XT: sealed"},
		}},
		"it cannot count": {count: blind, want: []map[string]any{
			{"level": "ERROR", "message": "sweep failed", "error": blind.Error()},
		}},
		"it leaves something and cannot count": {sweep: poison, count: blind, want: []map[string]any{
			{"level": "ERROR", "message": "sweep failed", "error": poison.Error() + "\n" + blind.Error()},
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := watched()
			r.sweep = func(context.Context, time.Time) error { return tt.sweep }
			r.late = func(context.Context, time.Time) (late, error) { return counts, tt.count }
			_, err := r.handle(t.Context(), readFile(t, "schedule"))
			if (err == nil) != (tt.sweep == nil && tt.count == nil) {
				t.Errorf("error %v", err) // Lambda counts it
			}
			if diff := cmp.Diff(tt.want, r.lines(t)); diff != "" {
				t.Errorf("log differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASweepThatPanicsTellsThatItFailed(t *testing.T) { // threat:T17 //threat:T33
	r := watched()
	r.sweep = func(context.Context, time.Time) error { panic("kanarie") }
	_, err := r.handle(t.Context(), readFile(t, "schedule"))
	lines := r.lines(t)
	if err == nil || len(lines) != 1 || lines[0]["message"] != "sweep failed" || strings.Contains(r.log.String(), "kanarie") {
		t.Errorf("error %v, log %s", err, r.log.String())
	}
}

func TestABounceToAWorkerIsTold(t *testing.T) { // threat:T25 //threat:T17
	to := func(to, id string) casework.Message { return casework.Message{Case: "K7M-4RT-9XT", To: to, ID: id} }
	bounced := []map[string]any{{"level": "WARN", "message": "mail bounced", "case": "K7M-4RT-9XT", "mail": "0001-lead-fenna"}}
	tests := map[string]struct {
		event string
		about casework.Message
		news  bool
		want  []map[string]any
	}{
		"to a worker":                     {"ses-bounce", to("fenna", "0001-lead-fenna"), true, bounced},
		"to a worker, told again":         {"ses-bounce", to("fenna", "0001-lead-fenna"), false, nil},
		"to a resident":                   {"ses-bounce", to(casework.Resident, "0001-receipt-resident"), true, nil},
		"delivered to a worker":           {"ses-delivery", to("fenna", "0001-lead-fenna"), true, nil},
		"a complaint is SES's own metric": {"ses-complaint", to("fenna", "0001-lead-fenna"), true, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := watched()
			r.told = func(context.Context, notice) (casework.Message, bool, error) { return tt.about, tt.news, nil }
			answered(t, r, readFile(t, tt.event))
			if diff := cmp.Diff(tt.want, r.lines(t)); diff != "" {
				t.Errorf("log differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestADeliveryIsToldToTheSmokeTestOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		event string
		news  bool
		want  int
	}{
		"delivered":             {"ses-delivery", true, 1},
		"delivered, told again": {"ses-delivery", false, 0},
		"bounced":               {"ses-bounce", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, told := watched(), 0
			r.told = func(context.Context, notice) (casework.Message, bool, error) { return casework.Message{}, tt.news, nil }
			r.delivered = func(context.Context, casework.Message, time.Time) error { told++; return nil }
			answered(t, r, readFile(t, tt.event))
			if told != tt.want {
				t.Errorf("told %d times, want %d", told, tt.want)
			}
		})
	}
}

// A stop between what SES tells and the task that follows must not lose the task: it is asked for each time.
func TestAMailThatCameBackIsToldToItsCase(t *testing.T) { // threat:T25 //invariant:I8
	for name, tt := range map[string]struct {
		event string
		news  bool
		fails error
		want  int
	}{
		"bounced":               {"ses-bounce", true, nil, 1},
		"bounced, told again":   {"ses-bounce", false, nil, 1},
		"a complaint":           {"ses-complaint", true, nil, 1},
		"delivered":             {"ses-delivery", true, nil, 0},
		"bounced, and it fails": {"ses-bounce", true, errors.New("save case: down"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			r, told := watched(), 0
			r.told = func(context.Context, notice) (casework.Message, bool, error) { return casework.Message{}, tt.news, nil }
			r.cameBack = func(context.Context, time.Time, casework.Message) error { told++; return tt.fails }
			_, err := r.handle(t.Context(), readFile(t, tt.event))
			if told != tt.want || !errors.Is(err, tt.fails) {
				t.Errorf("told %d times, want %d; %v", told, tt.want, err)
			}
		})
	}
}

// A rule that points at nobody is told of, whether or not a report met it.
func TestARuleThatPointsAtNobodyIsCounted(t *testing.T) { // feature:E7
	town := exampletest.New(t)
	leaver := routing.Worker{ID: "leaver", Team: "noord", Active: true, LeftOn: "2026-11-23"}
	if err := town.Store.AddWorker(t.Context(), directory.Card{Name: "Gaat Weg"}, leaver); err != nil {
		t.Fatal(err)
	}
	to := func(worker string) municipality.Rules {
		rules := town.Municipality.Rules
		lost := municipality.Rule{ID: "r9", Name: "vaste afspraak", Leads: municipality.Leads{Worker: worker}}
		return municipality.Rules{Version: "next", Rules: append(slices.Clone(rules.Rules), lost)}
	}
	for name, tt := range map[string]struct {
		rules municipality.Rules
		at    time.Time
		want  []string
	}{
		"all of them point at somebody":                   {town.Municipality.Rules, monday(), nil},
		"one points at nobody":                            {to("nobody"), monday(), []string{"r9"}},
		"one points at who leaves on the day after":       {to("leaver"), monday().AddDate(0, 0, -1), nil},
		"one points at who left on this day":              {to("leaver"), monday(), []string{"r9"}},
		"one points at a partner, who never leads a case": {to("joost"), monday(), []string{"r9"}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := lateOf(t.Context(), tt.at, town.Store, tt.rules)
			if err != nil || !slices.Equal(l.rules, tt.want) {
				t.Errorf("%v point at nobody, want %v; %v", l.rules, tt.want, err)
			}
		})
	}
}
