package web

import (
	"net/http"
	"slices"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// soonDays is how many working days today looks ahead.
const soonDays = 5

// todayPart is a part of today's page. Its heading stands under desk.today.part.{part}.
type todayPart string

// The parts.
const (
	partLook     todayPart = "look"     // look first
	partNew      todayPart = "new"      // say yes or no
	partDecide   todayPart = "decide"   // find a lead
	partCall     todayPart = "call"     // speak with a resident
	partMeetings todayPart = "meetings" // of these days
	partSoon     todayPart = "soon"     // what else is due these days
	partAsked    todayPart = "asked"    // what colleagues asked
	partPassed   todayPart = "passed"   // an offer that went by
	partLater    todayPart = "later"    // nothing today
)

// todayParts lists the parts of the page in its order.
func todayParts() []todayPart {
	return []todayPart{partLook, partNew, partDecide, partCall, partMeetings, partSoon, partAsked, partPassed}
}

// partOf says where on today's page a case stands: with its task if that is due these days or cannot wait, or else with its
// meeting.
func (v deskWords) partOf(c casework.Case, t task) todayPart {
	part, waits := partLater, false
	switch t.Kind {
	case taskLook:
		part = partLook
	case taskHousehold, taskOf(casework.DueAccept):
		part = partNew
	case taskOf(casework.DueDecide), taskOf(casework.DueAnother):
		part = partDecide
	case taskContact, taskTell, taskOf(casework.DueCall):
		part, waits = partCall, true
	case taskTakeOver, taskAnswer:
		part = partAsked
	case taskPassed:
		part = partPassed
	case taskNone:
	default: // a deadline of the help itself
		part, waits = partSoon, true
	}
	meeting := v.ahead(c)
	switch {
	case waits && !meeting.IsZero() && meeting.Before(t.Until), part == partLater && !meeting.IsZero():
		return partMeetings
	case waits && !v.soon(t.Until):
		return partLater
	}
	return part
}

// soon says whether a moment went by or is within some working days.
func (v deskWords) soon(t time.Time) bool {
	return v.municipality.WithinWorkingDays(v.now, municipality.Local(t), soonDays)
}

// ahead is the case's next meeting, also that of resident, old and new lead; zero when there is none within some working
// days.
func (v deskWords) ahead(c casework.Case) time.Time {
	var next time.Time
	for _, at := range []time.Time{c.Meeting, c.Handover.Talk} {
		if c.Open() && at.After(v.now) && v.soon(at) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// meets says when a case's next meeting is, "" when there is none within some working days.
func (v deskWords) meets(c casework.Case) string {
	at := v.ahead(c)
	if at.IsZero() {
		return ""
	}
	return v.texts.T("desk.meets", "When", v.moment(at))
}

// today shows what to do now, the most urgent first.
func (d *desk) today(w http.ResponseWriter, r *http.Request, s seat) error {
	if hint := r.URL.Query().Get("login_hint"); hint != "" && hint != s.worker.ID {
		return d.toSignIn(w, r)
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	cards, err := d.cards(r, s, v)
	if err != nil {
		return err
	}
	p := listPage{Frame: d.frame(v.texts, s, v.texts.T("desk.today.title"), deskPath), Done: v.done(r)}
	p.Step = message.Day(v.now)
	p.Notes = slices.Concat(v.unconfirmed(s), v.ownAbsence(s.worker), v.standsIn(s.worker))
	p.Groups = v.byPart(cards, "desk.today.part.")
	busy := slices.ContainsFunc(cards, func(c caseCard) bool { return c.part != partLater && c.part != partPassed })
	switch {
	case busy:
	case len(s.reader().StandsInFor) > 0:
		p.Empty = lines(v.texts.T("desk.today.empty_for"))
	case !readers.admits(s, v.now):
		p.Empty = lines(v.texts.T("desk.today.empty_aside"))
	default:
		p.Empty = lines(v.texts.T("desk.today.empty"))
	}
	later := len(cards)
	for _, g := range p.Groups {
		later -= len(g.Cards)
	}
	switch {
	case s.list.Next != "":
		p.More = v.texts.T("desk.cases.more")
	case later > 0:
		p.More = v.texts.T("desk.today.later", "Count", later)
	default:
		return d.render(w, http.StatusOK, "list", p)
	}
	p.Links = []NavLink{{Label: v.texts.T("desk.cases.all"), URL: casesPath}}
	return d.render(w, http.StatusOK, "list", p)
}

// byPart puts cards in the parts of a day, in each the earliest first. The headings stand under words, or are today's.
func (v deskWords) byPart(cards []caseCard, words string) []caseGroup {
	slices.SortStableFunc(cards, func(a, b caseCard) int { return a.until.Compare(b.until) })
	var groups []caseGroup
	for _, part := range todayParts() {
		if of := cardsOf(cards, part); len(of) > 0 {
			key := words + string(part)
			if !v.texts.Has(key) {
				key = "desk.today.part." + string(part)
			}
			groups = append(groups, caseGroup{ID: string(part), Heading: v.texts.T(key, "N", len(of)), Cards: of})
		}
	}
	return groups
}

// standsIn says for whom a worker stands in today, and leads to what waits there.
func (v deskWords) standsIn(w routing.Worker) []Alert {
	var notes []Alert
	for _, away := range v.people.StandsInFor(w.ID, v.now) {
		name := v.person(away.ID)
		notes = append(notes, Alert{
			Heading: v.texts.T("desk.today.stands_in", "Name", name, "Day", v.lastDayAway(away)), Tone: Heed,
			Link: NavLink{Label: v.texts.T("desk.today.stands_in.link", "Name", name), URL: teamPath + "/" + away.ID},
		})
	}
	return notes
}

// ownAbsence tells a worker that they are away as far as the desk knows.
func (v deskWords) ownAbsence(w routing.Worker) []Alert {
	day := v.lastDayAway(w)
	if day == "" {
		return nil
	}
	var said []string
	if standIn := w.StandIn(v.now); standIn != "" {
		said = []string{v.texts.T("desk.team.stand_in", "Name", v.person(standIn))}
	}
	return []Alert{{
		Heading: v.texts.T("desk.today.away", "Day", day), Lines: said, Tone: Quiet,
		Link: NavLink{Label: v.texts.T("desk.today.away.link"), URL: absencePath},
	}}
}

// away says until when a worker is away, and who stands in; "" when they are there.
func (v deskWords) away(worker string) string {
	w, _ := v.people.Worker(worker)
	day := v.lastDayAway(w)
	if day == "" {
		return ""
	}
	key, standIn := "desk.away.alone", w.StandIn(v.now)
	if standIn != "" {
		key = "desk.away"
	}
	return v.texts.T(key, "Name", v.person(worker), "Day", day, "StandIn", v.person(standIn))
}

// lastDayAway is the last day of the absence that today is in, "" of who is there.
func (v deskWords) lastDayAway(w routing.Worker) string {
	last, _ := w.AwayUntil(v.now)
	day, err := time.Parse(time.DateOnly, last)
	if err != nil {
		return ""
	}
	return message.Day(day)
}
