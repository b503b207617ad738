package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// figure is one thing measured.
type figure struct {
	name  string // also its key in the history: a new name begins a new series
	value float64
	unit  string
	most  float64 // the bound; 0: there is none
}

// within says whether the bound holds. What could not be measured does not hold.
func (f figure) within() bool { return f.most == 0 || f.value <= f.most }

type figures []figure

// print writes a line for each figure.
func (all figures) print(w io.Writer) {
	for _, f := range all {
		bound := ""
		switch {
		case !f.within():
			bound = fmt.Sprintf("≤ %.4g  BROKEN", f.most)
		case f.most > 0:
			bound = fmt.Sprintf("≤ %.4g", f.most)
		}
		line := fmt.Sprintf("%-66s %9s %-11s %s", f.name, digits(f.value), f.unit, bound)
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// digits is a value with some three digits that say something.
func digits(v float64) string {
	switch {
	case v == math.Trunc(v), math.Abs(v) >= 100:
		return fmt.Sprintf("%.0f", v)
	case math.Abs(v) >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// broken is an error that counts the bounds that do not hold, nil when all do.
func (all figures) broken() error {
	n := 0
	for _, f := range all {
		if !f.within() {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d of the bounds broken", n)
}

// record adds a line to the history: when, at which commit, and the figures by name.
func (all figures) record(ctx context.Context, file string, now time.Time) error {
	head, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--exclude=*").Output()
	if err != nil {
		return fmt.Errorf("find the commit: %w", err)
	}
	line := struct {
		Date    string             `json:"date"`
		Commit  string             `json:"commit"`
		Figures map[string]float64 `json:"figures"`
	}{now.UTC().Format(time.DateOnly), strings.TrimSpace(string(head)), map[string]float64{}}
	for _, f := range all {
		line.Figures[f.name] = math.Round(f.value*1000) / 1000
	}
	data, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("encode figures: %w", err)
	}
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // a file of the repository
	if err != nil {
		return fmt.Errorf("open history: %w", err)
	}
	if _, err := out.Write(append(data, '\n')); err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	return out.Close()
}

// timings are how long one thing took, each time.
type timings []time.Duration

// quantile is the value that a share q of the timings do not exceed.
func (t timings) quantile(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[max(0, int(math.Ceil(q*float64(len(sorted))))-1)]
}

func (t timings) median() time.Duration { return t.quantile(0.5) }

// over is the ratio of two medians.
func (t timings) over(reference timings) float64 {
	return float64(t.median()) / float64(reference.median())
}

// contestant is one of several things that are compared. prepare is not timed; it returns what is.
type contestant func() (timed func() error, err error)

// compare runs everybody in turn, each round in another order, and returns their timings. The first rounds warm up and
// do not count.
func compare(warmUp, rounds int, all ...contestant) ([]timings, error) {
	taken := make([]timings, len(all))
	for round := range warmUp + rounds {
		for i := range all {
			who := (i + round) % len(all)
			timed, err := all[who]()
			if err != nil {
				return nil, err
			}
			began := time.Now()
			if err := timed(); err != nil {
				return nil, err
			}
			if took := time.Since(began); round >= warmUp {
				taken[who] = append(taken[who], took)
			}
		}
	}
	return taken, nil
}

// repeated makes one contestant of many calls of what is too short to time alone.
func repeated(times int, f func() error) contestant {
	return func() (func() error, error) {
		return func() error {
			for range times {
				if err := f(); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
