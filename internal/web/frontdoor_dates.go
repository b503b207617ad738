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

// whenCalled says by when somebody who asks to be called today hears from us at the latest, and that nobody works any
// more today when that is so.
func (d *frontdoor) whenCalled(texts *Texts, now time.Time) string {
	m, key := d.Municipality, "question.call_today"
	if dayOf(texts, m.NextOpen(now)) != dayOf(texts, now) {
		key = "question.call_later"
	}
	return texts.T(key,
		"Before", momentOf(texts, m.Due(now, m.TermsOf(municipality.P1).FirstContact)), "Danger", m.Numbers.Emergency.Number)
}

// dateOf writes a calendar date in full, "27 november 2026".
func dateOf(texts *Texts, t time.Time) string {
	return texts.T("date.full", "Day", t.Day(), "Month", monthOf(texts, t), "Year", strconv.Itoa(t.Year()))
}

func monthOf(texts *Texts, t time.Time) string {
	return texts.T("date.month." + strconv.Itoa(int(t.Month())))
}
