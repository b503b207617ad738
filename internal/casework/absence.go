package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// AbsenceFault is why somebody cannot be away, or be replaced, as was asked.
type AbsenceFault string

// The faults, in the order of the page that asks.
const (
	AwayBefore    AbsenceFault = "before"    // it begins on a day that went by
	AwayBackwards AbsenceFault = "backwards" // it ends before it begins
	AwayTooLong   AbsenceFault = "too_long"  // it ends more than a year from now
	AwayTwice     AbsenceFault = "twice"     // the worker is away then already
	StandInSelf   AbsenceFault = "self"      // nobody stands in for themselves
	StandInCannot AbsenceFault = "cannot"    // takes no cases, or no longer works here then
	StandInAway   AbsenceFault = "also_away" // is away then
)

// awayAtMost is how many months ahead an absence ends at most.
const awayAtMost = 12

// AbsenceFaults lists why a worker cannot be away as is asked; instead is the first day of the absence that it replaces,
// "" for a new one.
func (p People) AbsenceFaults(worker string, asked routing.Absence, instead string, now time.Time) []AbsenceFault {
	w, _ := p.Worker(worker)
	today := municipality.Local(now)
	var faults []AbsenceFault
	fault := func(f AbsenceFault, holds bool) {
		if holds {
			faults = append(faults, f)
		}
	}
	fault(AwayBefore, asked.From < today.Format(time.DateOnly) && asked.From != instead)
	fault(AwayBackwards, asked.To < max(asked.From, today.Format(time.DateOnly)))
	fault(AwayTooLong, asked.To > today.AddDate(0, awayAtMost, 0).Format(time.DateOnly))
	fault(AwayTwice, slices.ContainsFunc(w.Absent, func(a routing.Absence) bool { return a.From != instead && a.Meets(asked) }))
	standIn, _ := p.Worker(asked.StandIn)
	switch {
	case asked.StandIn == worker:
		fault(StandInSelf, true)
	case !takesCasesUntil(standIn, asked.To):
		fault(StandInCannot, true)
	default:
		fault(StandInAway, slices.ContainsFunc(standIn.Absent, asked.Meets))
	}
	return faults
}

// takesCasesUntil says whether a worker takes cases up to and including a day.
func takesCasesUntil(w routing.Worker, day string) bool {
	return w.Active && w.Aside() == "" && (w.LeftOn == "" || w.LeftOn > day)
}

// WithAbsence is a worker's absences with one more, instead of another unless that is "". What is over goes: nobody needs
// to know later when somebody was ill.
func WithAbsence(absences []routing.Absence, asked routing.Absence, instead string, now time.Time) []routing.Absence {
	others := slices.DeleteFunc(WithoutAbsence(absences, instead, now), func(a routing.Absence) bool { return a == asked })
	all := append(others, asked)
	slices.SortFunc(all, func(a, b routing.Absence) int { return strings.Compare(a.From, b.From) })
	return all
}

// WithoutAbsence is a worker's absences after the one that begins on a day has ended: from today they are here.
func WithoutAbsence(absences []routing.Absence, from string, now time.Time) []routing.Absence {
	today := municipality.Local(now).Format(time.DateOnly)
	return slices.DeleteFunc(slices.Clone(absences), func(a routing.Absence) bool { return a.From == from || a.To < today })
}

// AbsenceMark tells one state of a worker's absences from another: a page that was shown from the page as it is now.
func AbsenceMark(absences []routing.Absence) (string, error) {
	words, err := json.Marshal(append([]routing.Absence{}, absences...))
	if err != nil {
		return "", fmt.Errorf("encode absences: %w", err)
	}
	sum := sha256.Sum256(words)
	return hex.EncodeToString(sum[:8]), nil
}

// ActsFor is who gets what is meant for a worker: their stand-in while they are away and that one is there, else
// themselves.
func (p People) ActsFor(worker string, now time.Time) string {
	w, _ := p.Worker(worker)
	standIn, _ := p.Worker(w.StandIn(now))
	if _, away := standIn.AwayUntil(now); away || !standIn.TakesCases(now) {
		return worker
	}
	return standIn.ID
}

// StandsInFor lists for whom a worker stands in now.
func (p People) StandsInFor(worker string, now time.Time) []routing.Worker {
	var away []routing.Worker
	for _, w := range p.Workers {
		if w.StandIn(now) == worker {
			away = append(away, w)
		}
	}
	return away
}
