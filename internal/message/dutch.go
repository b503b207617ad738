package message

import (
	"fmt"
	"time"

	"voordeur/internal/municipality"
)

// Day says a day as workers read it: "vrijdag 27 november", Europe/Amsterdam.
func Day(t time.Time) string {
	t = municipality.Local(t)
	weekdays := [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	months := [...]string{
		"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december",
	}
	return fmt.Sprintf("%s %d %s", weekdays[t.Weekday()], t.Day(), months[t.Month()-1])
}
