package main

import (
	"testing"
	"time"
)

func TestAStartIsComparedWithTheReferenceOfTheSameRound(t *testing.T) {
	const ms = time.Millisecond
	for name, tt := range map[string]struct {
		function, reference timings
		want                float64
	}{
		"steady":                             {timings{90 * ms, 6 * ms, 6 * ms, 6 * ms}, timings{1 * ms, 4 * ms, 4 * ms, 4 * ms}, 1.5},
		"a machine that gets slower":         {timings{1 * ms, 6 * ms, 12 * ms, 60 * ms}, timings{1 * ms, 4 * ms, 8 * ms, 40 * ms}, 1.5},
		"one round in which it was kept off": {timings{1 * ms, 6 * ms, 600 * ms, 6 * ms}, timings{1 * ms, 4 * ms, 4 * ms, 4 * ms}, 1.5},
	} {
		t.Run(name, func(t *testing.T) {
			function, reference := program{started: tt.function}, program{started: tt.reference}
			if got := function.over(&reference); got != tt.want {
				t.Errorf("start ÷ reference = %v, want %v", got, tt.want)
			}
		})
	}
}
