package routing

import (
	"math"
	"slices"
	"strings"
	"time"

	"voordeur/internal/municipality"
)

// available is how many hours a week are open to cases.
func (w *Worker) available() int {
	return max(w.Contracted-w.Reserved, 0)
}

// Capacity is floor((contracted − reserved) × points per hour).
func (w *Worker) Capacity(pointsPerHour float64) int {
	const rounding = 1e-9 // 0.29 × 100 is a little under 29 in binary
	return int(math.Floor(float64(w.available())*pointsPerHour + rounding))
}

// WorksOn says whether the worker works here, absent or not, on the day, Europe/Amsterdam, that t falls on.
func (w *Worker) WorksOn(t time.Time) bool { return w.worksOn(daysOf(t)) }

// worksOn says the same of all of the days, as daysOf writes them.
func (w *Worker) worksOn(days []string) bool {
	return w.Active && (w.LeftOn == "" || !slices.ContainsFunc(days, func(day string) bool { return w.LeftOn <= day }))
}

// Aside is the role by which somebody works here and takes no case: who keeps the staff, who watches over who read what,
// and who works for a partner. It is "" for everybody else, and holds whatever other role they have.
func (w *Worker) Aside() Role {
	for _, role := range []Role{Administrator, PrivacyOfficer, Partner} {
		if slices.Contains(w.Roles, role) {
			return role
		}
	}
	return ""
}

// TakesCases says whether the worker can lead a case, or look at one first, on the day, Europe/Amsterdam, that t falls on.
func (w *Worker) TakesCases(t time.Time) bool { return w.takesCases(daysOf(t)) }

// takesCases says the same of all of the days, as daysOf writes them.
func (w *Worker) takesCases(days []string) bool { return w.worksOn(days) && w.Aside() == "" }

// absentOn says whether the worker is away on any of the days, as daysOf writes them.
func (w *Worker) absentOn(days []string) bool {
	for _, a := range w.Absent {
		if slices.ContainsFunc(days, func(day string) bool { return a.From <= day && day <= a.To }) {
			return true
		}
	}
	return false
}

// Meets says whether two absences share a day.
func (a Absence) Meets(b Absence) bool { return a.From <= b.To && b.From <= a.To }

// StandIn is who acts for the worker while they are away on the day, Europe/Amsterdam, that t falls on; "" when they are
// here or nobody was named.
func (w *Worker) StandIn(t time.Time) string {
	today := daysOf(t)[0]
	for _, a := range w.Absent {
		if a.From <= today && today <= a.To {
			return a.StandIn
		}
	}
	return ""
}

// AwayUntil returns the last day, "2026-12-21", of the absence that t's day, Europe/Amsterdam, falls in; away is false
// when the worker is there.
func (w *Worker) AwayUntil(t time.Time) (last string, away bool) {
	for _, day := range daysOf(t) {
		for _, a := range w.Absent {
			if a.From <= day && day <= a.To {
				last, away = max(last, a.To), true
			}
		}
	}
	return last, away
}

// daysOf returns the days, Europe/Amsterdam, that moments fall on: "2026-12-21".
func daysOf(moments ...time.Time) []string {
	days := make([]string, len(moments))
	for i, t := range moments {
		days[i] = municipality.Local(t).Format(time.DateOnly)
	}
	return slices.Compact(days)
}

// speaks compares primary languages, as primary returns them: who speaks "ar" speaks "ar-SY".
func (w *Worker) speaks(language string) bool {
	return slices.ContainsFunc(w.Languages, func(l string) bool { return primary(l) == language })
}

func primary(language string) string {
	p, _, _ := strings.Cut(strings.ToLower(language), "-")
	return p
}

// Roster says who is on duty: worker ids by weekday ("monday" …), first in line first.
type Roster map[string][]string

// OnDuty returns the duty workers of the day t falls on, Europe/Amsterdam, in line order, absent or inactive ones left
// out; on a day without a roster, those of the next day that has one.
func (r Roster) OnDuty(t time.Time, workers []Worker) []string {
	day, line := r.line(t, workers)
	days := daysOf(day)
	var ids []string
	for _, w := range line {
		if w.takesCases(days) && !w.absentOn(days) {
			ids = append(ids, w.ID)
		}
	}
	return ids
}

// line returns everybody on the roster of t's day, or of the next day that has one, and that day.
func (r Roster) line(t time.Time, workers []Worker) (day time.Time, line []*Worker) {
	for ahead := range 7 {
		day = municipality.Local(t).AddDate(0, 0, ahead)
		ids := r[municipality.Day(day.Weekday())]
		if len(ids) == 0 {
			continue
		}
		for _, id := range ids {
			if w, ok := workerByID(workers, id); ok {
				line = append(line, w)
			}
		}
		return day, line
	}
	return t, nil
}

func workerByID(workers []Worker, id string) (w *Worker, ok bool) {
	for i := range workers {
		if workers[i].ID == id {
			return &workers[i], true
		}
	}
	return nil, false
}
