package routing

import (
	"slices"
	"strconv"
	"time"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// FactsOf reads the facts from clean answers. reported is the moment of sending.
func FactsOf(a form.Answers, m *municipality.Municipality, caseID string, reported time.Time) Facts {
	f := Facts{
		CaseID:      caseID,
		Reported:    reported.UTC(),
		Area:        areaOf(a, m),
		AgeBand:     ageBandOf(a, reported),
		Children:    a.Has("children", "yes"),
		LifeAreas:   lifeAreasOf(a),
		Priority:    PriorityOf(a, m, reported),
		Safety:      a.SafetyFlag(),
		ChildAlone:  a.ChildAlone(municipality.Local(reported)),
		Interpreter: a.Has("language.interpreter", "yes"),
		Experience:  a.Has("experience", "yes"),
	}
	if !a.Has("language", "other") {
		f.Language = a.One("language")
	}
	main := municipality.LifeArea(a.One("area_main"))
	switch {
	case len(f.LifeAreas) == 1:
		f.Main = f.LifeAreas[0]
	case slices.Contains(f.LifeAreas, main):
		f.Main = main
	}
	return f
}

// areaOf returns the id of the area by postcode or, without a fixed address, as chosen; "" is out of area.
func areaOf(a form.Answers, m *municipality.Municipality) string {
	if area, ok := m.AreaOf(a.One("postcode")); ok {
		return area.ID
	}
	area, _ := m.Area(a.One("area"))
	return area.ID
}

// ageBandOf goes by the age somebody reaches in the year of reporting, as form.ChildAlone does.
func ageBandOf(a form.Answers, reported time.Time) AgeBand {
	born, err := strconv.Atoi(a.One("birth_year"))
	age := municipality.Local(reported).Year() - born
	switch {
	case err != nil || age < 0:
		return ""
	case age < 12:
		return Under12
	case age < 16:
		return Under16
	case age < 18:
		return Under18
	}
	return Adult
}

// lifeAreasOf returns the life areas named, in the order of the form.
func lifeAreasOf(a form.Answers) []municipality.LifeArea {
	var named []municipality.LifeArea
	for _, l := range municipality.LifeAreas() {
		if a.Has("areas", string(l)) {
			named = append(named, l)
		}
	}
	return named
}

// The limits of domain.md §3 for a day on which something goes wrong.
const (
	urgentWorkingDays = 3
	soonCalendarDays  = 14
)

// PriorityOf is domain.md §3, from clean answers, with working days of the municipality.
func PriorityOf(a form.Answers, m *municipality.Municipality, reported time.Time) municipality.Priority {
	hardDate, dated := a.Date("hard_date")
	missing := slices.ContainsFunc(a["basics"], func(v string) bool {
		return !slices.Contains([]string{"", "nothing", form.Unknown}, v)
	})
	switch {
	case a.Has("safe_now", "no", "sometimes"), missing, a.Has("call_today", "yes"),
		dated && m.WithinWorkingDays(reported, hardDate, urgentWorkingDays):
		return municipality.P1
	case a.SafetyFlag(), a.ChildAlone(municipality.Local(reported)),
		a.Has("hard_date", "eviction", "cutoff", "insurance"),
		dated && withinDays(reported, hardDate, soonCalendarDays):
		return municipality.P2
	}
	return municipality.P3
}

// withinDays says whether date's day comes at most n calendar days after from's, Europe/Amsterdam.
func withinDays(from, date time.Time, n int) bool {
	last := municipality.Local(from).AddDate(0, 0, n)
	return municipality.Local(date).Format(time.DateOnly) <= last.Format(time.DateOnly)
}

// Weight is what a case of a priority class counts for in a worker's load: 3, 2 or 1.
func Weight(p municipality.Priority) int {
	switch p {
	case municipality.P1:
		return 3
	case municipality.P2:
		return 2
	case municipality.P3:
		return 1
	}
	return 1
}
