package message

import (
	"strconv"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// Letter is what one kind of mail says.
type Letter interface {
	write(p *page, t texts)
}

// Summary is what every mail to a worker tells of the case, and all it may tell.
type Summary struct {
	Number   casework.Reference
	Area     string // its name
	Priority municipality.Priority
	Link     string
}

// Lead asks a worker to take a case as its lead.
type Lead struct {
	Summary
	AcceptBefore time.Time
}

func (l Lead) write(p *page, t texts) {
	p.Subject = t.say("lead.subject", "Number", l.Number).Text
	p.paragraph(t.say("lead.intro"))
	p.facts(append(l.rows(t), fact{t.say("due.accept"), t.moment(l.AcceptBefore)})...)
	p.link(t.say("case.link"), l.Link)
	p.paragraph(t.say("lead.ask"))
	p.paragraph(t.say("case.closing"))
}

// Coordinator tells a coordinator that a case stands in their queue.
type Coordinator struct {
	Summary
	Why          Why
	DecideBefore time.Time
}

// Why is why a case came to the coordinator.
type Why string

// The reasons.
const (
	NobodyFree     Why = "nobody_free"
	GivenBack      Why = "given_back"
	NobodyAnswered Why = "nobody_answered"
	HandedBack     Why = "handed_back"
	Resubmitted    Why = "resubmitted"
)

func (l Coordinator) write(p *page, t texts) {
	p.Subject = t.say("coordinator.subject", "Number", l.Number).Text
	switch l.Why {
	case NobodyFree:
		p.paragraph(t.say("coordinator.nobody_free"))
	case GivenBack:
		p.paragraph(t.say("coordinator.given_back"))
	case NobodyAnswered:
		p.paragraph(t.say("coordinator.nobody_answered"))
	case HandedBack:
		p.paragraph(t.say("coordinator.handed_back"))
	case Resubmitted:
		p.paragraph(t.say("coordinator.resubmitted"))
	}
	p.facts(append(l.rows(t), fact{t.say("due.decide"), t.moment(l.DecideBefore)})...)
	p.link(t.say("case.link"), l.Link)
	p.paragraph(t.say("coordinator.ask"))
	p.paragraph(t.say("case.closing"))
}

// Look asks a duty worker to look first.
type Look struct {
	Summary
	LookBefore time.Time
}

func (l Look) write(p *page, t texts) {
	p.Subject = t.say("look.subject", "Number", l.Number).Text
	p.paragraph(t.say("look.intro"))
	p.facts(append(l.rows(t), fact{t.say("due.first_look"), t.moment(l.LookBefore)})...)
	p.link(t.say("case.link"), l.Link)
	p.paragraph(t.say("look.ask"))
	p.paragraph(t.say("case.closing"))
}

// Unseen tells a coordinator that nobody on duty has looked yet.
type Unseen struct {
	Summary
	LookBefore time.Time
}

func (l Unseen) write(p *page, t texts) {
	p.Subject = t.say("unseen.subject", "Number", l.Number).Text
	p.paragraph(t.say("unseen.intro"))
	p.facts(append(l.rows(t), fact{t.say("due.first_look"), t.moment(l.LookBefore)})...)
	p.link(t.say("case.link"), l.Link)
	p.paragraph(t.say("unseen.ask"))
	p.paragraph(t.say("case.closing"))
}

// Task tells a worker that something of a case stands with them, because of an event.
type Task struct {
	Summary
	Event   casework.EventKind
	Before  time.Time // zero: no deadline
	Running bool      // of what was inherited: the case is not handed off
}

func (l Task) write(p *page, t texts) {
	p.Subject = t.say("task.subject", "Number", l.Number).Text
	inherited := t.say("task.inherited")
	if l.Running {
		inherited = t.say("task.inherited.running")
	}
	p.paragraph(map[casework.EventKind]said{
		casework.EvHandoverBegun: t.say("task.handover_begun"),
		casework.EvAsked:         t.say("task.asked"),
		casework.EvAnotherAsked:  t.say("task.another_asked"),
		casework.EvLost:          t.say("task.contact_lost"),
		casework.EvReassigned:    t.say("task.reassigned"),
		casework.EvInherited:     inherited,
		casework.EvObjected:      t.say("task.objected"),
	}[l.Event])
	rows := l.rows(t)
	if !l.Before.IsZero() {
		rows = append(rows, fact{t.say("due.task"), t.moment(l.Before)})
	}
	p.facts(rows...)
	p.link(t.say("case.link"), l.Link)
	p.paragraph(t.say("case.closing"))
}

// News tells a worker what happened to a case that they have, or had, a part in.
type News struct {
	Summary
	Event casework.EventKind
	Gone  bool      // the reader may not open the case any more; Link is a page of their own
	Led   bool      // of what went back to a coordinator: the reader led it or was offered it
	Talk  time.Time // of resident, old and new lead, after a handover; zero: none to come
}

func (l News) write(p *page, t texts) {
	p.Subject = t.say("news.subject", "Number", l.Number).Text
	handedBack := t.say("news.handed_back")
	if l.Led {
		handedBack = t.say("news.taken_back")
	}
	p.paragraph(map[casework.EventKind]said{
		casework.EvReassigned:       t.say("news.reassigned"),
		casework.EvHandoverAccepted: t.say("news.handover_accepted"),
		casework.EvHandoverEnded:    t.say("news.handover_ended"),
		casework.EvHandedBack:       handedBack,
		casework.EvWaitlisted:       t.say("news.taken_back"),
		casework.EvObjected:         t.say("news.objected"),
		casework.EvAnswered:         t.say("news.answered"),
		casework.EvAnotherRefused:   t.say("news.another_refused"),
		casework.EvClosed:           t.say("news.closed"),
		casework.EvHandedOff:        t.say("news.closed"), // to whoever thought along it is the same
		casework.EvGivenUp:          t.say("news.closed"),
		casework.EvWithdrawn:        t.say("news.closed"),
		casework.EvAskEnded:         t.say("news.ask_ended"),
		casework.EvReopened:         t.say("news.reopened"),
		casework.EvPassed:           t.say("news.passed"),
		casework.EvUnmerged:         t.say("news.unmerged"),
		casework.EvFound:            t.say("news.found"),
	}[l.Event])
	rows := l.rows(t)
	if !l.Talk.IsZero() {
		rows = append(rows, fact{t.say("news.talk"), t.moment(l.Talk)})
	}
	p.facts(rows...)
	switch {
	case l.Event == casework.EvPassed:
		p.link(t.say("news.away"), l.Link)
	case l.Gone:
		p.link(t.say("news.today"), l.Link)
	default:
		p.link(t.say("case.link"), l.Link)
	}
	p.paragraph(t.say("case.closing"))
}

// InPlace is a letter to who stands in for its reader.
type InPlace struct {
	Letter
	Name string // of who is away
}

func (l InPlace) write(p *page, t texts) {
	p.paragraph(t.say("in_place", "Name", l.Name))
	l.Letter.write(p, t)
}

// Glass tells a case's lead and the privacy officer that somebody without a part in it opened the case.
type Glass struct {
	Summary
	Name    string // of who did
	At      time.Time
	Officer bool // the reader watches over this, and opens no case; Link is the page for that
}

func (l Glass) write(p *page, t texts) {
	p.Subject = t.say("glass.subject", "Number", l.Number).Text
	intro, link, ask := t.say("glass.intro", "Name", l.Name), t.say("case.link"), t.say("glass.ask")
	if l.Officer {
		intro, link, ask = t.say("glass.officer.intro", "Name", l.Name), t.say("glass.officer.link"), t.say("glass.officer.ask")
	}
	p.paragraph(intro)
	p.facts(append(l.rows(t), fact{t.say("glass.at"), t.moment(l.At)})...)
	p.link(link, l.Link)
	p.paragraph(ask)
	p.paragraph(t.say("case.closing"))
}

// Receipt tells the resident that the report came in, and the three duties of Wmo art. 2.3.2. A neutral one, under a
// safety flag, tells only that a message came in and when an answer comes: whoever reads along learns no more.
type Receipt struct {
	Number        casework.Reference
	Received      time.Time
	ContactBefore time.Time
	Neutral       bool
	ForOther      bool   // the reader fills in for another
	Asked         bool   // the resident asked us to write to the reader instead
	Link          string // the resident's own page; "" when there is none
	Municipality  *municipality.Municipality
}

// ownPlanDays is how long after the report the resident may hand in an own plan (Wmo art. 2.3.2).
const ownPlanDays = 7

func (l Receipt) write(p *page, t texts) {
	p.Subject = t.say("receipt.subject").Text
	if l.Neutral {
		l.writeNeutral(p, t)
		return
	}
	team, supporter := l.Municipality.Numbers.Team, l.Municipality.Supporter
	p.paragraph(t.say("receipt.intro", "Moment", t.moment(l.Received)))
	if l.Asked {
		p.paragraph(t.say("receipt.asked"))
	}
	p.facts(fact{t.say("receipt.number"), string(l.Number)})
	p.paragraph(t.say("receipt.contact", "Moment", t.moment(l.ContactBefore)))
	for _, t := range t.andDutch() {
		p.paragraph(t.say("receipt.until_then", "Name", team.Name, "Number", team.Number,
			"Emergency", l.Municipality.Numbers.Emergency.Number))
	}
	planUntil := t.day(municipality.Local(l.Received).AddDate(0, 0, ownPlanDays))
	if l.ForOther {
		p.paragraph(t.say("receipt.plan_other", "Day", planUntil))
		p.paragraph(t.say("receipt.supporter_other", "Name", supporter.Name, "Number", supporter.Number))
		p.paragraph(t.say("receipt.bring_other"))
	} else {
		p.paragraph(t.say("receipt.plan", "Day", planUntil))
		p.paragraph(t.say("receipt.supporter", "Name", supporter.Name, "Number", supporter.Number))
		p.paragraph(t.say("receipt.bring"))
	}
	if l.Link != "" {
		p.link(t.say("receipt.link"), l.Link)
		p.paragraph(t.say("receipt.keep"))
	}
}

func (l Receipt) writeNeutral(p *page, t texts) {
	p.Neutral = true
	p.paragraph(t.say("neutral.intro", "Moment", t.moment(l.Received)))
	p.facts(fact{t.say("receipt.number"), string(l.Number)})
	p.paragraph(t.say("neutral.contact", "Moment", t.moment(l.ContactBefore)))
	p.paragraph(t.say("neutral.until_then", "Number", l.Municipality.Numbers.Team.Number))
}

// Waiting tells a worker that suspected reports wait for somebody's look, and how many.
type Waiting struct {
	Number int
	Urgent int
	Link   string
}

func (l Waiting) write(p *page, t texts) {
	p.Subject = t.say("waiting.subject").Text
	p.paragraph(t.say("waiting.intro"))
	p.facts(fact{t.say("waiting.number"), strconv.Itoa(l.Number)}, fact{t.say("waiting.urgent"), strconv.Itoa(l.Urgent)})
	p.link(t.say("waiting.link"), l.Link)
	p.paragraph(t.say("waiting.ask"))
}

// SmokeTest tells the test lead that a smoke test's report came all the way.
type SmokeTest struct {
	Number   casework.Reference
	Received time.Time
}

func (l SmokeTest) write(p *page, t texts) {
	p.Subject = t.say("smoke_test.subject", "Number", l.Number).Text
	p.paragraph(t.say("smoke_test.intro"))
	p.facts(fact{t.say("case.number"), string(l.Number)}, fact{t.say("smoke_test.sent"), t.moment(l.Received)})
	p.paragraph(t.say("smoke_test.ask"))
}

func (s Summary) rows(t texts) []fact {
	return []fact{
		{t.say("case.number"), string(s.Number)},
		{t.say("case.area"), s.Area},
		{t.say("case.priority"), priorityLabel(s.Priority, t)},
	}
}

func priorityLabel(p municipality.Priority, t texts) string {
	switch p {
	case municipality.P1:
		return t.say("priority.p1").Text
	case municipality.P2:
		return t.say("priority.p2").Text
	case municipality.P3:
		return t.say("priority.p3").Text
	}
	return p.String()
}
