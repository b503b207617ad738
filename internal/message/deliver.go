package message

import (
	"context"
	"errors"
	"fmt"
	"time"

	"voordeur/internal/casework"
)

// Delivery sends the messages that the outbox holds. The stream and the sweep may both ask for the same one: the claim
// sees to it that one of them sends it.
type Delivery struct {
	Writer    *Writer
	Outbox    Outbox
	Cases     Cases
	Opener    casework.Opener
	Matcher   casework.Matcher // of codes
	Transport Transport
	Links     Links
	TestLead  string // whom smoke tests are mailed to; "": nobody
}

// Outbox keeps the messages.
type Outbox interface {
	// Claim takes a message for casework.ClaimLasts, on the condition that it is pending and its ClaimedUntil is absent
	// or not after now; NextTry is no condition, so that the stream comes at once. It sets ClaimedUntil to now +
	// ClaimLasts, adds one to Tries and returns the message as it then is. ErrConflict: it is settled, another
	// sender has it, or it waits for its next try. ErrNotFound: there is no such message. A claim whose answer was lost
	// runs out by itself.
	Claim(ctx context.Context, ref casework.Reference, id string, now time.Time) (casework.Message, error)
	// Settle writes Status, NextTry, ClaimedUntil, Sent, StandIn and Provider of a claimed message, on the condition that it is
	// pending and, unless the new status is Sent, that Tries is still that of the claim: what was sent was sent, also by
	// a sender whose claim ran out. A message that is no longer pending leaves the index of what is due. ErrConflict:
	// another sender took it over or settled it otherwise. Settled the same way before is no error.
	Settle(ctx context.Context, m casework.Message) error
}

// Cases is what Delivery reads of casework.Store to render a message.
type Cases interface {
	Report(ctx context.Context, ref casework.Reference) (r casework.Report, taken bool, err error)
	Dossier(ctx context.Context, ref casework.Reference) (casework.Dossier, error)
	People(ctx context.Context) (casework.People, error)
	Quarantined(ctx context.Context) ([]casework.Quarantined, error)
}

// Transport hands a mail to a mail service.
type Transport interface {
	// Send returns the service's id of the mail. ErrRefused: another try would be refused too. Its errors hold no
	// address, since they are logged.
	Send(ctx context.Context, m Mail) (provider string, err error)
}

// ErrRefused means that a mail is refused for good, by its address or its content.
var ErrRefused = errors.New("mail refused for good")

// errNoAddress means that there is nobody to send to: no worker or no safe address, or no longer.
var errNoAddress = errors.New("no address")

// errObsolete means that the case moved on: the message would tell what is no longer so.
var errObsolete = errors.New("case moved on")

const (
	// sendWithin is how long a send may take: a claim must outlast it.
	sendWithin = casework.ClaimLasts * 3 / 4
	// settleWithin is how long it may take to write down how it ended, also when the caller has given up.
	settleWithin = 5 * time.Second
	firstRetry   = time.Minute
	lastRetry    = 15 * time.Minute
)

// Deliver sends one message and writes down how it ended: sent; unsendable when there is no address or it is refused
// for good; obsolete when the case moved on and the message would tell its reader what is no longer so. A message that
// somebody else has, or that is settled, is left alone.
//
// An error means that it did not go out this time. It stays owed and the sweep finds it again, so that the caller has
// only to log the error.
func (d *Delivery) Deliver(ctx context.Context, now time.Time, ref casework.Reference, id string) error {
	m, err := d.Outbox.Claim(ctx, ref, id, now)
	if errors.Is(err, casework.ErrConflict) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claim message %s of case %s: %w", id, ref, err)
	}
	provider, err := d.send(ctx, now, &m)
	switch {
	case err == nil:
		m.Status, m.Sent, m.Provider = casework.Sent, now.UTC(), provider
	case errors.Is(err, errNoAddress), errors.Is(err, ErrRefused):
		m.Status, err = casework.Unsendable, nil
	case errors.Is(err, errObsolete):
		m.Status, err = casework.Obsolete, nil
	default:
		m.NextTry = now.UTC().Add(retryAfter(m.Tries))
		m.ClaimedUntil = m.NextTry
		err = fmt.Errorf("deliver message %s of case %s, try %d: %w", id, ref, m.Tries, err)
	}
	return errors.Join(err, d.settle(ctx, m))
}

// send renders the message as the case stands now, and sends it; the message says in whose place somebody else gets it.
func (d *Delivery) send(ctx context.Context, now time.Time, m *casework.Message) (provider string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	mail, err := d.render(ctx, now, m)
	if err != nil {
		return "", err
	}
	return d.Transport.Send(ctx, mail)
}

// settle does not stop when the caller does: a mail that went out must be marked, or it goes out again.
func (d *Delivery) settle(ctx context.Context, m casework.Message) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	if err := d.Outbox.Settle(ctx, m); err != nil {
		return fmt.Errorf("settle message %s of case %s as %s: %w", m.ID, m.Case, m.Status, err)
	}
	return nil
}

// retryAfter is how long a message waits after its n-th try: 1, 2, 4, 8 and from then on 15 minutes.
func retryAfter(tries int) time.Duration {
	wait := firstRetry
	for n := 1; n < tries && wait < lastRetry; n++ {
		wait *= 2
	}
	return min(wait, lastRetry)
}
