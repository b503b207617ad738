package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/message"
)

const (
	mostSubmitUnits = 8  // write units of a submit
	mostReportUnits = 30 // of a report with its lead and one mail, indexes included
)

// units counts what a case costs: requests, calls to the store, its read and write units, and mails.
func units(ctx context.Context) (_ figures, err error) {
	calls := &tally{next: http.DefaultTransport}
	t, err := openTown(ctx, func(c *aws.Config) {
		calls.plain = store(c.Copy())
		c.HTTPClient = &http.Client{Transport: calls}
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if _, err := t.cost(ctx, calls, filledIn(1)); err != nil { // reads the keys, which stay in memory
		return nil, err
	}
	withReceipt, err := t.cost(ctx, calls, filledIn(2))
	if err != nil {
		return nil, err
	}
	byPhone := filledIn(3)
	byPhone["contact_way"], byPhone["safe_contact"] = []string{"call"}, []string{"call"}
	oneMail, err := t.cost(ctx, calls, byPhone)
	if err != nil {
		return nil, err
	}
	return unitFigures(withReceipt, oneMail), nil
}

// cost is what the parts of one case's way cost.
type cost struct {
	requests                           int
	fillIn, submit, take, lead, others counts
	mails                              int
}

// cost sends a form, has dispatch take it, and delivers the mails.
func (t *town) cost(ctx context.Context, calls *tally, fields url.Values) (c cost, err error) {
	pages, err := frontdoor(t.Municipality, t.Drafts, t.Arrivals, t.Intake)
	if err != nil {
		return cost{}, err
	}
	r := &resident{base: "https://hulp.waterstad.example", server: inProcess{pages}}
	calls.restart()
	if c.requests, err = r.fillIn(ctx, form.Full, fields); err != nil {
		return cost{}, fmt.Errorf("fill in: %w", err)
	}
	c.fillIn = calls.restart()
	if _, err := r.answer(ctx, checkPath, nil); err != nil {
		return cost{}, err
	}
	c.requests++
	c.submit = calls.restart()
	secret, err := r.secret()
	if err != nil {
		return cost{}, err
	}
	if err := t.Work.Take(ctx, monday(), secret.Reference(0)); err != nil {
		return cost{}, err
	}
	c.take = calls.restart()
	return c, t.deliver(ctx, calls, secret.Reference(0), &c)
}

// deliver delivers a case's mails.
func (t *town) deliver(ctx context.Context, calls *tally, ref casework.Reference, c *cost) error {
	d, err := t.Store.Dossier(ctx, ref)
	if err != nil {
		return err
	}
	delivery := message.Delivery{
		Writer: message.NewWriter(t.Municipality), Outbox: t.Store, Cases: t.Store, Opener: t.Opener, Transport: nowhere{},
		Links: message.Links{Public: "https://hulp.waterstad.example", Desk: "https://bureau.waterstad.example/desk/"},
	}
	c.mails = len(d.Messages)
	for _, m := range d.Messages {
		calls.restart()
		if err := delivery.Deliver(ctx, monday(), ref, m.ID); err != nil {
			return err
		}
		if m.Kind == casework.MailLead {
			c.lead = calls.restart()
		} else {
			c.others = c.others.and(calls.restart())
		}
	}
	if c.lead.calls == 0 {
		return errors.New("the lead is owed no mail")
	}
	return nil
}

// nowhere takes every mail.
type nowhere struct{}

// Send takes a mail.
func (nowhere) Send(context.Context, message.Mail) (string, error) { return "taken", nil }

func unitFigures(c, oneMail cost) figures {
	var all figures
	whole := counts{}
	for _, part := range []struct {
		name   string
		counts counts
		most   float64 // write units of tables
	}{
		{"filling in", c.fillIn, 0},
		{"submit", c.submit, mostSubmitUnits},
		{"taking it", c.take, 0},
		{"the lead's mail", c.lead, 0},
		{"the receipt's mail", c.others, 0},
	} {
		whole = whole.and(part.counts)
		all = append(all,
			figure{part.name + ": calls to the store", float64(part.counts.calls), "", 0},
			figure{part.name + ": write units of tables", part.counts.table, "", part.most},
			figure{part.name + ": write units of indexes", part.counts.index, "", 0},
			figure{part.name + ": read units", part.counts.read, "", 0})
	}
	report := oneMail.submit.and(oneMail.take).and(oneMail.lead)
	return append(all,
		figure{"a report with its lead and one mail: write units in all", report.table + report.index, "", mostReportUnits},
		figure{"a report with its lead and one mail: write units of tables", report.table, "", 0},
		figure{"a case: requests", float64(c.requests), "", 0},
		figure{"a case: calls to the store", float64(whole.calls), "", 0},
		figure{"a case: write units", whole.table + whole.index, "", 0},
		figure{"a case: read units", whole.read, "", 0},
		figure{"a case: mails", float64(c.mails), "", 0})
}
