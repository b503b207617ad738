package message

import (
	"strings"
	"time"

	"voordeur/internal/casework"
)

// Undelivered tells a coordinator that a mail about a case did not reach a colleague.
type Undelivered struct {
	Summary
	Name  string // of the colleague
	Phone string // their direct number, "" for none
	Duty  string // page of the duty screen
}

func (l Undelivered) write(p *page, t texts) {
	p.Subject = t.say("undelivered.subject", "Number", l.Number).Text
	p.paragraph(t.say("undelivered.intro", "Name", l.Name))
	rows := l.rows(t)
	if l.Phone != "" {
		rows = append(rows, fact{t.say("undelivered.phone"), l.Phone})
	}
	p.facts(rows...)
	p.link(t.say("undelivered.link"), l.Duty)
	p.paragraph(t.say("undelivered.ask"))
	p.paragraph(t.say("case.closing"))
}

// undelivered returns that letter, or errObsolete when the mail arrived after all, or somebody saw to it.
func (d *Delivery) undelivered(now time.Time, s Summary, dossier casework.Dossier, ev casework.Event, people casework.People) (Letter, error) {
	m, _ := dossier.Message(strings.TrimPrefix(ev.Command, casework.UndeliveredCommand("")))
	if trouble, _ := m.Trouble(now); trouble == "" {
		return nil, errObsolete
	}
	card := people.Cards[m.To]
	return Undelivered{Summary: s, Name: card.Name, Phone: card.Phone, Duty: d.Links.DutyLink()}, nil
}
