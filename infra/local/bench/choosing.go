package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

const (
	mostChoosing   = 100 // µs among 1,000 workers
	mostGrowth     = 12  // among 10,000 ÷ among 1,000: linear
	choosingRounds = 100
)

// choosing routes a report that every step is asked about, to the generalists of a team that half of all workers are
// in, and compares that with one look at each worker. All sizes run in turn: how the time grows is a comparison too.
func choosing(context.Context) (figures, error) {
	m, err := readTown()
	if err != nil {
		return nil, err
	}
	d := draftOf(m, 1)
	sizes := []int{10, 1_000, 10_000}
	times := func(size int) int { return min(100, 10_000/size) }
	var all []contestant
	for _, size := range sizes {
		in := routing.Inputs{
			Facts: routing.FactsOf(d.Answers, m, "K7M-4RT-9XC", monday()), Municipality: m, Rules: m.Rules,
			Workers: crowd(m, size), Now: monday(),
		}
		if got, err := routing.Choose(in); err != nil || got.Step != routing.StepGeneralist {
			return nil, errors.Join(err, fmt.Errorf("routed at step %d", got.Step))
		}
		all = append(all,
			repeated(times(size), func() error {
				_, err := routing.Choose(in)
				return err
			}),
			repeated(times(size), func() error { return leastLoaded(in) }))
	}
	taken, err := compare(choosingRounds/10, choosingRounds, all...)
	if err != nil {
		return nil, err
	}
	median := map[int]time.Duration{}
	var shown figures
	for i, size := range sizes {
		chosen, looked := taken[2*i], taken[2*i+1]
		median[size] = chosen.median() / time.Duration(times(size))
		choosing := figure{fmt.Sprintf("routing among %d workers", size), micros(median[size]), "µs", 0}
		if size == 1_000 {
			choosing.most = mostChoosing
		}
		shown = append(shown, choosing,
			figure{fmt.Sprintf("routing among %d workers ÷ a look at each", size), chosen.over(looked), "×", 0})
	}
	growth := float64(median[10_000]) / float64(median[1_000])
	return append(shown, figure{"routing among 10000 workers ÷ among 1000", growth, "×", mostGrowth}), nil
}

// crowd returns generalists, spread over the teams, no two with the same load a while ago.
func crowd(m *municipality.Municipality, size int) []routing.Worker {
	workers := make([]routing.Worker, size)
	for i := range workers {
		workers[i] = routing.Worker{
			ID: fmt.Sprintf("worker-%05d", i), Team: m.Teams[i%len(m.Teams)].ID, Active: i%20 != 0,
			Disciplines: []municipality.Discipline{municipality.Generalist}, Languages: []string{"nl", "en"},
			Contracted: 32, Reserved: 4, Load: i % 13,
			Absent:       []routing.Absence{{From: "2026-12-21", To: "2027-01-01"}},
			LastAssigned: monday().Add(-time.Duration(i*7919%size) * time.Minute),
		}
	}
	return workers
}

// leastLoaded looks at each worker once, as the least that choosing can take.
func leastLoaded(in routing.Inputs) error {
	team, _ := in.Municipality.TeamOf(in.Facts.Area)
	best := -1
	for i, w := range in.Workers {
		if w.Active && w.Team == team.ID && w.Load < w.Capacity(in.Municipality.PointsPerHour) &&
			(best < 0 || w.Load < in.Workers[best].Load) {
			best = i
		}
	}
	if best < 0 {
		return errors.New("nobody has room")
	}
	return nil
}
