package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestABrokenBoundIsToldAndFailsTheRun(t *testing.T) {
	tests := map[string]struct {
		figure figure
		line   string
		broken bool
	}{
		"under its bound":   {figure{"a ÷ b", 1.234, "×", 1.5}, "1.23 ×           ≤ 1.5", false},
		"at its bound":      {figure{"units", 8, "", 8}, "8             ≤ 8", false},
		"over its bound":    {figure{"a ÷ b", 1.51, "×", 1.5}, "1.51 ×           ≤ 1.5  BROKEN", true},
		"without a bound":   {figure{"took", 1234.5, "µs", 0}, "1234 µs", false},
		"never measured":    {figure{"a ÷ b", nan(), "×", 1.5}, "BROKEN", true},
		"of two digits":     {figure{"took", 12.34, "ms", 0}, "12.3 ms", false},
		"whole and without": {figure{"mails", 2, "", 0}, "2", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			all := figures{tt.figure}
			all.print(&b)
			if got := strings.TrimSuffix(b.String(), "\n"); !strings.HasPrefix(got, tt.figure.name) || !strings.HasSuffix(got, tt.line) {
				t.Errorf("printed %q, want it to end in %q", got, tt.line)
			}
			if err := all.broken(); (err != nil) != tt.broken {
				t.Errorf("broken = %v, want %v", err, tt.broken)
			}
		})
	}
}

func nan() float64 { return timings{}.over(timings{}) }

func TestEachRecordedRunIsOneMoreLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.jsonl")
	day := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for range 2 {
		if err := (figures{{"a ÷ b", 1.23456, "×", 0}}).record(t.Context(), file, day); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2: %s", len(lines), data)
	}
	var line struct {
		Date, Commit string
		Figures      map[string]float64
	}
	if err := json.Unmarshal([]byte(lines[1]), &line); err != nil {
		t.Fatal(err)
	}
	if line.Date != "2026-11-22" || line.Commit == "" || line.Figures["a ÷ b"] != 1.235 {
		t.Errorf("recorded %+v", line)
	}
}

func TestAQuantileIsATimingThatWasSeen(t *testing.T) {
	tests := map[string]struct {
		timings timings
		q       float64
		want    time.Duration
	}{
		"the middle of three":      {timings{9, 1, 5}, 0.5, 5},
		"the lower middle of four": {timings{4, 3, 2, 1}, 0.5, 2},
		"p95 of twenty":            {timings{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, 0.95, 19},
		"of one":                   {timings{7}, 0.95, 7},
		"of none":                  {nil, 0.5, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.timings.quantile(tt.q); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestWhatIsComparedTakesTurnsAndWarmsUp(t *testing.T) {
	var order strings.Builder
	say := func(name string, slow time.Duration) contestant {
		return func() (func() error, error) {
			time.Sleep(slow) // preparing is not timed
			return func() error {
				order.WriteString(name)
				return nil
			}, nil
		}
	}
	taken, err := compare(1, 2, say("a", 20*time.Millisecond), say("b", 0))
	if err != nil {
		t.Fatal(err)
	}
	if order.String() != "abbaab" {
		t.Errorf("the order is %s, want abbaab", order.String())
	}
	if len(taken) != 2 || len(taken[0]) != 2 || len(taken[1]) != 2 {
		t.Fatalf("timings %v, want two for each: the first round does not count", taken)
	}
	if taken[0].median() >= 20*time.Millisecond {
		t.Errorf("preparing counts: %v", taken[0])
	}
}
