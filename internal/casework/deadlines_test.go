package casework

import (
	"testing"
	"time"

	"voordeur/internal/municipality"
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

// Whenever a case is reported, every five minutes around both nights on which the clock changes, for three years: each
// term ends at closing time of a working day, and none that is a maximum ends after it.
func TestTermsEndInTimeWheneverTheyBegin(t *testing.T) { // threat:T29
	m := waterstad(t)
	for _, night := range []string{"2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29", "2029-03-25"} {
		day, err := time.Parse(time.DateOnly, night)
		if err != nil {
			t.Fatal(err)
		}
		for at := day.Add(-12 * time.Hour); at.Before(day.Add(24 * time.Hour)); at = at.Add(5 * time.Minute) {
			local := municipality.Local(at)
			for name, term := range map[string]struct{ due, latest time.Time }{
				"inquiry": {inDays(m, at, inquiryDays), endOfDay(local.AddDate(0, 0, inquiryDays))},
				"invite":  {inDays(m, at, inviteDays), endOfDay(local.AddDate(0, 0, inviteDays))},
				"review":  {inMonths(m, at, reviewMonths), endOfDay(local.AddDate(0, reviewMonths, 0))},
				"call":    {inMonths(m, at, callMonths), endOfDay(local.AddDate(0, callMonths, 0))},
			} {
				if !term.due.After(at) || term.due.After(term.latest) {
					t.Fatalf("%s that begins at %s ends at %s, not between then and %s", name, at, term.due, term.latest)
				}
				if end := municipality.Local(term.due); !m.IsWorkingDay(end) || end.Format("15:04") != "17:00" {
					t.Fatalf("%s that begins at %s ends at %s, when nobody is there", name, at, end)
				}
			}
		}
	}
}

func endOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
}

// A pilot light is looked at after three months and after six, whenever somebody looked in between.
func TestAPilotLightIsLookedAtAfterThreeAndSixMonths(t *testing.T) {
	m := waterstad(t)
	lit := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	act := func(at time.Time) Act {
		return Act{At: at, By: "fenna", As: Reader{Worker: "fenna"}, Reason: Envelope("sealed")}
	}
	c := &Case{ID: "K7M-4RT-9XC", State: Active, Lead: "fenna"}
	if _, err := c.Dim(act(lit), m); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ looked, next string }{{"", "2027-02-23"}, {"2027-02-22", "2027-02-23"}, {"2027-02-24", "2027-05-21"}, {"2027-06-02", "2027-08-23"}} {
		if step.looked != "" {
			at, err := time.Parse(time.DateOnly, step.looked)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Review(act(at.Add(10*time.Hour)), time.Time{}, m); err != nil {
				t.Fatal(err)
			}
		}
		due, _ := c.Deadline(DueCheck)
		if got := due.At.Format(time.DateOnly); got != step.next {
			t.Errorf("after a look on %q the next is on %s, want %s", step.looked, got, step.next)
		}
	}
}
