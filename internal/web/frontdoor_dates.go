package web

import (
	"strconv"
	"time"

	"voordeur/internal/municipality"
)

// dayOf writes the day of a moment as people say it, "vrijdag 27 november", Europe/Amsterdam.
func dayOf(texts *Texts, t time.Time) string {
	t = municipality.Local(t)
	return texts.T("date.day",
		"Weekday", texts.T("date.weekday."+strconv.Itoa(int(t.Weekday()))), "Day", t.Day(), "Month", monthOf(texts, t))
}

// momentOf writes a moment as people say it, "vrijdag 27 november, 17.00 uur", Europe/Amsterdam.
func momentOf(texts *Texts, t time.Time) string {
	local := municipality.Local(t)
	return texts.T("date.moment", "Day", dayOf(texts, t), "Hour", local.Format("15"), "Minute", local.Format("04"))
}

// dateOf writes a calendar date in full, "27 november 2026".
func dateOf(texts *Texts, t time.Time) string {
	return texts.T("date.full", "Day", t.Day(), "Month", monthOf(texts, t), "Year", strconv.Itoa(t.Year()))
}

func monthOf(texts *Texts, t time.Time) string {
	return texts.T("date.month." + strconv.Itoa(int(t.Month())))
}
