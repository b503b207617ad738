package municipality_test

import (
	"testing"
	"time"

	"voordeur/internal/municipality"
)

// at reads a moment on the clock of Amsterdam.
func at(t *testing.T, clock string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04", clock, zone)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestDueCountsOfficeHoursAndWorkingDays(t *testing.T) {
	m := waterstad(t)
	hours := func(n int) municipality.Term { return municipality.Term{OfficeHours: n} }
	days := func(n int) municipality.Term { return municipality.Term{WorkingDays: n} }
	for name, tt := range map[string]struct {
		from string
		term municipality.Term
		want string
	}{
		"hours inside one day":                                            {"2026-11-23 09:30", hours(4), "2026-11-23 13:30"},
		"hours until closing time":                                        {"2026-11-23 13:00", hours(4), "2026-11-23 17:00"},
		"hours that run over into the next day":                           {"2026-11-23 15:00", hours(4), "2026-11-24 11:00"},
		"hours from before opening":                                       {"2026-11-23 03:00", hours(4), "2026-11-23 13:00"},
		"hours from after closing":                                        {"2026-11-23 21:00", hours(4), "2026-11-24 13:00"},
		"hours over several days":                                         {"2026-11-23 09:00", hours(20), "2026-11-25 13:00"},
		"hours from a weekend night":                                      {"2026-11-21 23:05", hours(4), "2026-11-23 13:00"},
		"hours from Friday afternoon":                                     {"2026-11-20 16:30", hours(4), "2026-11-23 12:30"},
		"a day ends at closing time of the next":                          {"2026-11-23 09:00", days(1), "2026-11-24 17:00"},
		"a day from late at night":                                        {"2026-11-23 23:59", days(1), "2026-11-24 17:00"},
		"a day from just after midnight":                                  {"2026-11-24 00:01", days(1), "2026-11-25 17:00"},
		"a day from Friday":                                               {"2026-11-20 10:00", days(1), "2026-11-23 17:00"},
		"a day from Saturday night":                                       {"2026-11-21 23:59", days(1), "2026-11-23 17:00"},
		"five days are a week":                                            {"2026-11-20 10:00", days(5), "2026-11-27 17:00"},
		"Christmas and the closing day before it":                         {"2026-12-23 10:00", days(1), "2026-12-28 17:00"},
		"hours over Christmas":                                            {"2026-12-23 16:00", hours(4), "2026-12-28 12:00"},
		"New Year's Day":                                                  {"2026-12-31 12:00", days(1), "2027-01-04 17:00"},
		"Good Friday as a closing day, Easter Monday":                     {"2027-03-25 10:00", days(1), "2027-03-30 17:00"},
		"Good Friday is no holiday without the file":                      {"2028-04-13 10:00", days(1), "2028-04-14 17:00"},
		"5 May is no holiday without the file":                            {"2028-05-04 10:00", days(1), "2028-05-05 17:00"},
		"King's Day":                                                      {"2027-04-26 10:00", days(1), "2027-04-28 17:00"},
		"King's Day on a Sunday is kept the day before, so Monday counts": {"2031-04-25 10:00", days(1), "2031-04-28 17:00"},
		"Ascension Day and the closing day after it":                      {"2027-05-05 10:00", days(1), "2027-05-10 17:00"},
		"Whit Monday":                                                     {"2027-05-14 10:00", days(1), "2027-05-18 17:00"},
		"hours over the night that summer time starts":                    {"2027-03-25 16:00", hours(2), "2027-03-30 10:00"},
		"hours over the night that summer time ends":                      {"2026-10-23 16:00", hours(2), "2026-10-26 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			got := m.Due(at(t, tt.from), tt.term)
			if want := at(t, tt.want); !got.Equal(want) {
				t.Errorf("Due(%s, %+v) = %s, want %s", tt.from, tt.term, municipality.Local(got), want)
			}
			if got.Location() != time.UTC {
				t.Errorf("Due gives %s, want UTC", got.Location())
			}
		})
	}
}

// threat:T29
func TestDueIsMonotoneAndInOfficeHoursAroundEveryClockChange(t *testing.T) {
	m := waterstad(t)
	terms := []municipality.Term{{OfficeHours: 4}, {OfficeHours: 9}, {WorkingDays: 1}, {WorkingDays: 5}}
	nights := []string{
		"2026-03-28", "2026-10-24", "2027-03-27", "2027-10-30", "2028-03-25", "2028-10-28", // the clock changes the next morning
	}
	for _, night := range nights {
		before := make([]time.Time, len(terms))
		start := at(t, night+" 12:00")
		for from := start; from.Before(start.Add(48 * time.Hour)); from = from.Add(5 * time.Minute) {
			for i, term := range terms {
				due := m.Due(from, term)
				if due.Before(before[i]) {
					t.Errorf("Due(%s, %+v) = %s, before that of five minutes earlier", from, term, due)
				}
				before[i] = due
				if due.Location() != time.UTC || due.Before(from) {
					t.Errorf("Due(%s, %+v) = %s, want UTC and not before it", from, term, due)
				}
				clock := municipality.Local(due).Format("15:04")
				if !m.IsWorkingDay(due) || clock < "09:00" || clock > "17:00" {
					t.Errorf("Due(%s, %+v) = %s, outside office hours", from, term, municipality.Local(due))
				}
			}
		}
	}
}

// threat:T29
func TestADayBeginsAtMidnightInAmsterdam(t *testing.T) {
	m := waterstad(t)
	for name, tt := range map[string]struct {
		from string // UTC
		want string
	}{
		"winter, a minute before midnight": {"2026-11-23T22:59:00Z", "2026-11-24 17:00"},
		"winter, midnight":                 {"2026-11-23T23:00:00Z", "2026-11-25 17:00"},
		"summer, a minute before midnight": {"2026-06-15T21:59:00Z", "2026-06-16 17:00"},
		"summer, midnight":                 {"2026-06-15T22:00:00Z", "2026-06-17 17:00"},
	} {
		t.Run(name, func(t *testing.T) {
			from, err := time.Parse(time.RFC3339, tt.from)
			if err != nil {
				t.Fatal(err)
			}
			got := m.Due(from, municipality.Term{WorkingDays: 1})
			if want := at(t, tt.want); !got.Equal(want) {
				t.Errorf("Due(%s, 1 working day) = %s, want %s", tt.from, municipality.Local(got), want)
			}
		})
	}
}

func TestNextOpenIsNowInsideOfficeHoursAndElseOpeningTime(t *testing.T) {
	m := waterstad(t)
	for name, tt := range map[string]struct{ in, want string }{
		"inside office hours": {"2026-11-23 10:15", "2026-11-23 10:15"},
		"at night":            {"2026-11-23 04:00", "2026-11-23 09:00"},
		"in the weekend":      {"2026-11-21 10:15", "2026-11-23 09:00"},
		"on a closing day":    {"2026-12-24 10:15", "2026-12-28 09:00"},
		"on a holiday's eve":  {"2026-12-23 18:00", "2026-12-28 09:00"},
		"at the last moment":  {"2026-11-23 17:00", "2026-11-23 17:00"},
		"just after the last": {"2026-11-23 17:01", "2026-11-24 09:00"},
	} {
		t.Run(name, func(t *testing.T) {
			got := m.NextOpen(at(t, tt.in))
			if want := at(t, tt.want); !got.Equal(want) {
				t.Errorf("NextOpen(%s) = %s, want %s", tt.in, municipality.Local(got), want)
			}
		})
	}
}

func TestWithinWorkingDaysCountsFromTheNextDay(t *testing.T) {
	m := waterstad(t)
	const from = "2026-11-24 16:00" // a Tuesday
	for name, tt := range map[string]struct {
		date string
		n    int
		want bool
	}{
		"long ago":                           {"2001-01-01 00:00", 3, true},
		"yesterday":                          {"2026-11-23 00:00", 3, true},
		"today":                              {"2026-11-24 00:00", 3, true},
		"the third working day":              {"2026-11-27 00:00", 3, true},
		"Sunday after the third working day": {"2026-11-29 00:00", 3, true},
		"the fourth working day":             {"2026-11-30 00:00", 3, false},
		"the end of time":                    {"9999-12-31 00:00", 3, false},
		"today is within none":               {"2026-11-24 23:59", 0, true},
		"tomorrow is not within none":        {"2026-11-25 00:00", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := m.WithinWorkingDays(at(t, from), at(t, tt.date), tt.n); got != tt.want {
				t.Errorf("WithinWorkingDays(%s, %s, %d) = %v, want %v", from, tt.date, tt.n, got, tt.want)
			}
		})
	}
	midnightUTC := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	if m.WithinWorkingDays(at(t, from), midnightUTC, 3) {
		t.Error("a date written as midnight UTC is taken for the day before")
	}
}
