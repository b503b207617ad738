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

// The words of the line are a contract with the alarm digest-missing.
func TestADigestIsTold(t *testing.T) { // threat:T15 //threat:T33 //threat:T17
	swept := map[string]any{
		"level": "INFO", "message": "swept", "late_reports": 0.0, "late_messages": 0.0, "late_cases": 0.0,
		"late_first_looks": 0.0, "late_destructions": 0.0, "lost_rules": 0.0, "rules": "",
	}
	made := casework.Digest{Day: "2026-11-22", Events: []string{"5f"}, Audits: []string{"6a", "7b"}}
	down := errors.New("keep digest of 2026-11-22: put object: forbidden")
	for name, tt := range map[string]struct {
		kept  bool
		fails error
		want  []map[string]any
	}{
		"a digest was due": {kept: true, want: []map[string]any{swept, {
			"level": "INFO", "message": "digest kept", "day": "2026-11-22", "events": 1.0, "audit_rows": 2.0,
		}}},
		"none was due": {want: []map[string]any{swept}},
		"it fails, and the sweep was done": {fails: down, want: []map[string]any{swept, {
			"level": "ERROR", "message": "digest failed", "error": down.Error(),
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := watched()
			r.keepDigest = func(context.Context, time.Time) (casework.Digest, bool, error) { return made, tt.kept, tt.fails }
			if _, err := r.handle(t.Context(), readFile(t, "schedule")); !errors.Is(err, tt.fails) {
				t.Errorf("error %v, want %v", err, tt.fails) // Lambda counts it
			}
			if diff := cmp.Diff(tt.want, r.lines(t)); diff != "" {
				t.Errorf("log differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestADigestThatPanicsStopsNoOtherWork(t *testing.T) { // threat:T17
	r := watched()
	r.keepDigest = func(context.Context, time.Time) (casework.Digest, bool, error) { panic("kanarie") }
	_, err := r.handle(t.Context(), readFile(t, "schedule"))
	if err == nil || r.sweeps != 1 || strings.Contains(r.log.String(), "kanarie") {
		t.Errorf("error %v after %d sweeps, log %s", err, r.sweeps, r.log.String())
	}
}
