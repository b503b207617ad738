package message

import (
	"strings"
	"testing"
	"time"
)

// threat:T29
func TestMomentsAreSaidInDutchTime(t *testing.T) {
	tests := map[string]struct {
		in   string
		want string
	}{
		"winter time is one hour ahead of UTC":          {"2026-11-27T16:00:00Z", "vrijdag 27 november, 17.00 uur"},
		"summer time is two hours ahead":                {"2026-07-01T07:05:00Z", "woensdag 1 juli, 09.05 uur"},
		"late in the evening UTC is the next day":       {"2026-12-31T23:30:00Z", "vrijdag 1 januari, 00.30 uur"},
		"the hour before the clock goes back":           {"2026-10-25T00:30:00Z", "zondag 25 oktober, 02.30 uur"},
		"the hour after it went back reads the same":    {"2026-10-25T01:30:00Z", "zondag 25 oktober, 02.30 uur"},
		"the minute before the clock goes forward":      {"2026-03-29T00:59:00Z", "zondag 29 maart, 01.59 uur"},
		"the minute after it went forward":              {"2026-03-29T01:00:00Z", "zondag 29 maart, 03.00 uur"},
		"another zone is the same moment in Dutch time": {"2026-11-27T11:00:00-05:00", "vrijdag 27 november, 17.00 uur"},
	}
	texts, err := new(catalog).in("nl", false)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in, err := time.Parse(time.RFC3339, test.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := texts.moment(in); got != test.want {
				t.Errorf("moment = %q, want %q", got, test.want)
			}
			if day, _, _ := strings.Cut(test.want, ","); Day(in) != day {
				t.Errorf("Day = %q, want %q", Day(in), day)
			}
		})
	}
}
