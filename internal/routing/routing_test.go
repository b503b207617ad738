package routing_test

import (
	"testing"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
	"voordeur/schemas"
)

func waterstad(t *testing.T) *municipality.Municipality {
	t.Helper()
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// at reads a moment on the clock of Amsterdam.
func at(t *testing.T, clock string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", clock, municipality.Local(time.Time{}).Location())
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

const tuesday = "2026-11-24 10:00"

// worker returns a generalist of team Noord with room for nine P3 cases, changed.
func worker(id string, change ...func(*routing.Worker)) routing.Worker {
	w := routing.Worker{
		ID: id, Team: "noord", Disciplines: []municipality.Discipline{municipality.Generalist},
		Languages: []string{"nl"}, Active: true, Contracted: 24, Reserved: 6,
	}
	for _, c := range change {
		c(&w)
	}
	return w
}

func inactive(w *routing.Worker)    { w.Active = false }
func full(w *routing.Worker)        { w.Load = 9 }
func unconfirmed(w *routing.Worker) { w.Unconfirmed = true }
func coordinator(w *routing.Worker) {
	w.Roles = []routing.Role{routing.Coordinator}
	w.Disciplines = nil
}
func middenZuid(w *routing.Worker)  { w.Team = "midden-zuid" }
func experienced(w *routing.Worker) { w.Roles = []routing.Role{routing.ExperienceWorker} }

func load(n int) func(*routing.Worker) { return func(w *routing.Worker) { w.Load = n } }

func hours(contracted, reserved int) func(*routing.Worker) {
	return func(w *routing.Worker) { w.Contracted, w.Reserved = contracted, reserved }
}

func speaks(languages ...string) func(*routing.Worker) {
	return func(w *routing.Worker) { w.Languages = languages }
}

func discipline(d municipality.Discipline) func(*routing.Worker) {
	return func(w *routing.Worker) { w.Disciplines = []municipality.Discipline{d} }
}

func away(from, to string) func(*routing.Worker) {
	return func(w *routing.Worker) { w.Absent = []routing.Absence{{From: from, To: to}} }
}

func lastAssigned(t *testing.T, clock string) func(*routing.Worker) {
	return func(w *routing.Worker) { w.LastAssigned = at(t, clock) }
}
