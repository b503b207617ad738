package message

import "voordeur/internal/casework"

// Reminder tells a worker which of their deadlines went by.
type Reminder struct {
	Summary
	Missed []casework.Deadline // at least one
}

func (l Reminder) write(p *page, t texts) {
	p.Subject = t.say("reminder.subject", "Number", l.Number).Text
	p.paragraph(t.say("reminder.intro"))
	p.facts(append(l.rows(t), dueRows(l.Missed, t)...)...)
	p.link(t.say("case.link"), l.Link)
	p.paragraph(t.say("reminder.ask"))
	p.paragraph(t.say("case.closing"))
}

// Late tells a coordinator, or whom the municipality named above coordinators, that a deadline went by and that who owns
// it is silent.
type Late struct {
	Summary
	Missed []casework.Deadline
}

func (l Late) write(p *page, t texts) {
	p.Subject = t.say("late.subject", "Number", l.Number).Text
	p.paragraph(t.say("late.intro"))
	p.facts(append(l.rows(t), dueRows(l.Missed, t)...)...)
	p.link(t.say("case.link"), l.Link)
	p.paragraph(t.say("late.ask"))
	p.paragraph(t.say("case.closing"))
}

// dueRows are deadlines, each by what must have happened and when.
func dueRows(missed []casework.Deadline, t texts) []fact {
	var rows []fact
	for _, d := range missed {
		rows = append(rows, fact{dueLabel(d, t), t.moment(d.At)})
	}
	return rows
}

func dueLabel(d casework.Deadline, t texts) said {
	switch d.For {
	case casework.DueAccept:
		return t.say("due.accept")
	case casework.DueDecide:
		return t.say("due.decide")
	case casework.DuePlace:
		return t.say("due.place")
	case casework.DueCall:
		return t.say("due.call")
	case casework.DueContact:
		if d.Told > 0 { // At is a new date: the promise before it was broken
			return t.say("due.new_contact")
		}
		return t.say("due.first_contact")
	case casework.DueLook, casework.DueLookNext:
		return t.say("due.first_look")
	case casework.DueReceipt:
		return t.say("due.receipt")
	case casework.DueInvite:
		return t.say("due.invite")
	case casework.DueRecord:
		return t.say("due.record")
	case casework.DueInquiry:
		return t.say("due.inquiry")
	case casework.DueStart:
		return t.say("due.start")
	case casework.DueReview:
		return t.say("due.review")
	case casework.DueCheck:
		return t.say("due.check")
	case casework.DueHandover:
		return t.say("due.handover")
	case casework.DueFind:
		return t.say("due.find")
	case casework.DueAnother:
		return t.say("due.another_lead")
	case casework.DueKeep:
		return t.say("due.keep")
	case casework.DueHandOff:
		return t.say("due.hand_off")
	case casework.DueHold:
		return t.say("due.hold")
	case casework.DueDestroy:
		return t.say("due.destroy")
	}
	return said{Text: string(d.For)}
}
