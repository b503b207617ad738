package municipality

import (
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a function's machine may have no time zones

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"
)

//nolint:gochecknoglobals // the zone is read once: each LoadLocation parses the file anew
var amsterdam = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // cannot be: the zones are in the binary
	}
	return zone
})

// Local returns t in Europe/Amsterdam, where days begin and offices open.
func Local(t time.Time) time.Time {
	return t.In(amsterdam())
}

// Day returns the key of a day in weekly tables such as office hours and rosters: "monday" … "sunday".
func Day(d time.Weekday) string {
	return strings.ToLower(d.String())
}

// IsWorkingDay says whether the office opens on the day, Europe/Amsterdam, that t falls on.
func (m *Municipality) IsWorkingDay(t time.Time) bool {
	_, _, ok := m.hours(t)
	return ok
}

// Due returns when a term that starts at from ends: office hours are counted inside office hours; a working-day term
// ends at closing time of the n-th working day after from's day. The answer is UTC.
func (m *Municipality) Due(from time.Time, t Term) time.Time {
	if t.WorkingDays > 0 {
		_, closes, _ := m.hours(m.workingDayAfter(from, t.WorkingDays))
		return closes.UTC()
	}
	left := time.Duration(t.OfficeHours) * time.Hour
	for day := from; ; day = nextDay(day) {
		start, closes, ok := m.hours(day)
		if !ok {
			continue
		}
		if start.Before(from) {
			start = from
		}
		open := closes.Sub(start)
		if open >= left {
			return start.Add(left).UTC()
		}
		left -= max(open, 0)
	}
}

// NextOpen returns from itself inside office hours, and otherwise when the office opens next. The answer is UTC.
func (m *Municipality) NextOpen(from time.Time) time.Time {
	return m.Due(from, Term{})
}

// WithinWorkingDays says whether at most n working days lie after from's day up to and including date's day. Past
// days are within any n. It looks no further than n+1 working days, however far away date is.
func (m *Municipality) WithinWorkingDays(from, date time.Time, n int) bool {
	return isoDay(date) < isoDay(m.workingDayAfter(from, n+1))
}

// workingDayAfter returns a moment on the n-th working day after from's day; n is at least 1.
func (m *Municipality) workingDayAfter(from time.Time, n int) time.Time {
	day := from
	for n > 0 {
		day = nextDay(day)
		if m.IsWorkingDay(day) {
			n--
		}
	}
	return day
}

// hours returns when the office opens and closes on t's day; ok is false on a day it does not open.
func (m *Municipality) hours(t time.Time) (opens, closes time.Time, ok bool) {
	t = Local(t)
	h, ok := m.OfficeHours[Day(t.Weekday())]
	if !ok || isHoliday(t) || slices.Contains(m.ClosingDays, isoDay(t)) {
		return time.Time{}, time.Time{}, false
	}
	return atClock(t, h.From), atClock(t, h.To), true
}

// atClock returns the moment on t's day at which the clock says "09:00".
func atClock(t time.Time, clock string) time.Time {
	c, err := time.Parse(clockLayout, clock)
	if err != nil {
		panic(err) // Read refuses such hours
	}
	return time.Date(t.Year(), t.Month(), t.Day(), c.Hour(), c.Minute(), 0, 0, t.Location())
}

// nextDay returns noon of the day after t's: noon is never skipped or repeated when the clock changes.
func nextDay(t time.Time) time.Time {
	t = Local(t)
	return time.Date(t.Year(), t.Month(), t.Day()+1, 12, 0, 0, 0, t.Location())
}

func isoDay(t time.Time) string {
	return Local(t).Format(time.DateOnly)
}

// isHoliday says whether offices are closed everywhere on t's day. Good Friday and 5 May are not here, although they
// are statutory holidays: an office that closes then has them among its closing days.
func isHoliday(t time.Time) bool {
	holidays := cal.Calendar{Holidays: []*cal.Holiday{
		nl.Nieuwjaar, nl.TweedePaasdag, nl.Koningsdag, nl.Hemelvaart, nl.TweedePinksterDag,
		nl.EersteKerstdag, nl.TweedeKerstdag,
	}}
	actual, observed, _ := holidays.IsHoliday(t)
	return actual || observed
}
