package web

import (
	"slices"
	"time"

	"voordeur/internal/casework"
)

// timeline is a case's history with what was sent, the newest first. details, by event, may be nil: without reasons.
func (v deskWords) timeline(d casework.Dossier, details []eventDetail) []Moment {
	type entry struct {
		at time.Time
		Moment
	}
	var entries []entry
	for i, e := range d.Events {
		reason := ""
		if i < len(details) {
			reason = details[i].Reason
		}
		entries = append(entries, entry{e.At, v.event(e, reason)})
	}
	for _, m := range d.Messages {
		at := m.Created
		if m.Status == casework.Sent {
			at = m.Sent
		}
		entries = append(entries, entry{at, v.mail(m, at)})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.at.Compare(b.at) })
	slices.Reverse(entries)
	moments := make([]Moment, 0, len(entries))
	for _, e := range entries {
		moments = append(moments, e.Moment)
	}
	return moments
}

func (v deskWords) at(t time.Time, what, who string) Moment {
	return Moment{When: v.moment(t), DateTime: t.UTC().Format(time.RFC3339), What: what, Who: who}
}

// event says one event, with the reason that its worker gave.
func (v deskWords) event(e casework.Event, reason string) Moment {
	key := "desk.event." + string(e.Kind)
	if e.Kind == casework.EvGivenBack && e.To == casework.Escalated {
		key += ".escalated"
	}
	what := v.texts.T(key, "Lead", v.person(e.Lead), "Was", v.person(e.Was), "Subject", v.person(e.Subject))
	if reason != "" {
		what += " " + v.texts.T("desk.event.reason", "Reason", reason)
	}
	return v.at(e.At, what, v.person(e.By))
}

// mail says one message: what about, to whom, and whether it got there.
func (v deskWords) mail(m casework.Message, at time.Time) Moment {
	what := v.texts.T("desk.mail."+string(m.Kind), "Name", v.person(m.To))
	return v.at(at, what+" "+v.texts.T("desk.mail.status."+string(m.Status)), v.person(casework.Service))
}
