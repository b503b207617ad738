package message

import (
	"context"
	"errors"
	"fmt"
	"time"

	"voordeur/internal/casework"
)

// Code asks a worker to show that mail reaches them.
type Code struct {
	Digits string // six
	Until  time.Time
	Link   string
}

func (l Code) write(p *page, t texts) {
	p.Subject = t.say("code.subject").Text
	p.paragraph(t.say("code.intro"))
	p.facts(fact{t.say("code.code"), l.Digits[:3] + " " + l.Digits[3:]}, fact{t.say("code.until"), t.moment(l.Until)})
	p.link(t.say("code.link"), l.Link)
	p.paragraph(t.say("code.ask"))
}

// SendCode mails a code to its worker. One who left or has no address gets none, and one whose address is refused for good
// sees that nothing comes. Asked again it is mailed again: two mails with the same code harm nobody.
func (d *Delivery) SendCode(ctx context.Context, now time.Time, c casework.AddressCode) error {
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	people, err := d.Cases.People(ctx)
	if err != nil {
		return fmt.Errorf("read people: %w", err)
	}
	address, err := d.addressOf(now, c.Worker, people)
	if errors.Is(err, errNoAddress) {
		return nil
	}
	digits, err := c.Digits(ctx, d.Matcher, address)
	if err != nil {
		return err
	}
	worker, _ := people.Worker(c.Worker)
	mail, err := d.Writer.Write(Cover{ID: "code-" + c.Nonce, To: address, ReplyTo: d.replyToTeam(worker.Team), Now: now},
		Code{Digits: digits, Until: c.Until, Link: d.Links.AddressLink()})
	if err != nil {
		return err
	}
	if _, err := d.Transport.Send(ctx, mail); err != nil && !errors.Is(err, ErrRefused) {
		return fmt.Errorf("send a code: %w", err)
	}
	return nil
}

// replyToTeam is a team's own address, or the sender's when there is no such team any more.
func (d *Delivery) replyToTeam(id string) string {
	for _, team := range d.Writer.municipality.Teams {
		if team.ID == id {
			return team.ReplyTo
		}
	}
	return d.Writer.municipality.Sender.Address
}
