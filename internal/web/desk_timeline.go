package web

import (
	"slices"
	"strings"
	"time"

	"voordeur/internal/casework"
)

// happening is one entry of a case's timeline.
type happening struct {
	Moment
	Other    casework.Reference // the other case it concerns, "" for none
	OtherURL string
}

// timeline is a case's history with what was sent, the newest first. details, by event, may be nil: without reasons.
func (v deskWords) timeline(d casework.Dossier, details []eventDetail) []happening {
	type entry struct {
		at time.Time
		happening
	}
	var entries []entry
	for i, e := range d.Events {
		var detail eventDetail
		if i < len(details) {
			detail = details[i]
		}
		entries = append(entries, entry{e.At, v.event(e, detail)})
	}
	for _, m := range d.Messages {
		at := m.Created
		if m.Status == casework.Sent {
			at = m.Sent
		}
		entries = append(entries, entry{at, happening{Moment: v.mail(m, at)}})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.at.Compare(b.at) })
	slices.Reverse(entries)
	history := make([]happening, 0, len(entries))
	for _, e := range entries {
		history = append(history, e.happening)
	}
	return history
}

func (v deskWords) at(t time.Time, what, who string) Moment {
	return Moment{When: v.moment(t), DateTime: t.UTC().Format(time.RFC3339), What: what, Who: who}
}

// event says one event, with the reason that its worker gave, and on what ground something was shared.
func (v deskWords) event(e casework.Event, detail eventDetail) happening {
	key := "desk.event." + string(e.Kind)
	routed := e.Kind == casework.EvGivenBack || e.Kind == casework.EvApart
	switch {
	case routed && e.To == casework.Escalated:
		key += ".escalated"
	case e.Kind == casework.EvUnmerged && e.From != casework.Merged:
		key += ".running"
	case e.Kind == casework.EvMissed && len(e.Record) > 0:
		key += ".helper"
	case e.Kind == casework.EvHandoverEnded && e.By == casework.Service:
		key += ".left"
	case e.Kind == casework.EvInherited && e.To.Open():
		key += ".running"
	}
	what := v.texts.T(key, "Lead", v.person(e.Lead), "Was", v.person(e.Was), "Subject", v.person(e.Subject), "Other", e.Other, "Way", v.way(e.Way))
	if e.Entered != "" {
		what = v.texts.T("desk.event.entered", "Name", v.person(e.Entered)) + " " + what
	}
	if detail.Reason != "" {
		what += " " + v.texts.T(reasonKey(e.Kind), "Reason", detail.Reason)
	}
	if detail.Share != nil {
		what += " " + v.texts.T("desk.share.heading") + ": " + strings.Join(v.shared(*detail.Share), ". ") + "."
	}
	h := happening{Moment: v.at(e.At, what, v.person(e.By)), Other: e.Other}
	if e.Other != "" {
		h.OtherURL = casePath(e.Other)
	}
	return h
}

// reasonKey is what a worker's words are called: not of every event are they why it happened.
func reasonKey(kind casework.EventKind) string {
	if slices.Contains(ownWords(), kind) {
		return "desk.event.reason." + string(kind)
	}
	return "desk.event.reason"
}

// ownWords are the events whose words are no reason: a question, an answer, how it goes.
func ownWords() []casework.EventKind {
	return []casework.EventKind{
		casework.EvAsked, casework.EvAnswered, casework.EvReviewed, casework.EvSteppedUp, casework.EvClosed, casework.EvHandedOff,
		casework.EvWithdrawn, casework.EvResubmitted,
	}
}

// way says in which way the resident was spoken to, "" for none.
func (v deskWords) way(way casework.Way) string {
	if way == "" {
		return ""
	}
	return v.texts.T("desk.field.way.option." + string(way))
}

// held warns of mails that were held back when the data came back from a copy: nobody sends them any more.
func (v deskWords) held(messages []casework.Message) []Alert {
	var said []string
	for _, m := range messages {
		if m.Status == casework.Held && m.HandledBy == "" {
			said = append(said, v.mailTo(m))
		}
	}
	if len(said) == 0 {
		return nil
	}
	return []Alert{{
		Heading: v.texts.T("desk.warn.held.title"), Lines: append(said, lines(v.texts.T("desk.warn.held.text"))...), Tone: Heed,
	}}
}

// mailTo says what a message is about and to whom.
func (v deskWords) mailTo(m casework.Message) string {
	name := v.person(m.To)
	if m.StandIn != "" {
		name = v.texts.T("desk.mail.stand_in", "Name", v.person(m.StandIn), "For", name)
	}
	return v.texts.T("desk.mail."+string(m.Kind), "Name", name)
}

// mail says one message: what about, to whom, and whether it got there.
func (v deskWords) mail(m casework.Message, at time.Time) Moment {
	what := v.mailTo(m) + " " + v.texts.T("desk.mail.status."+string(m.Outcome()))
	if m.HandledBy != "" {
		what += " " + v.texts.T("desk.mail.handled", "Name", v.person(m.HandledBy))
	}
	return v.at(at, what, v.person(casework.Service))
}
