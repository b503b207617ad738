package casework

import (
	"context"
	"strings"
	"time"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// Entry says who filled in a form for a resident: an intermediary. Who it is for stands in the answers, as ever.
type Entry struct {
	Worker  string   `json:"worker"` // id
	How     EntryWay `json:"how"`
	Updates Updates  `json:"updates"`
	Told    bool     `json:"told,omitempty"` // the resident was there, and got the receipt at once
}

// EntryWay is what an intermediary and a resident had between them.
type EntryWay string

// The ways.
const (
	AtCounter EntryWay = "counter"
	OnPhone   EntryWay = "phone"
	FromPaper EntryWay = "paper"
	FromCard  EntryWay = "card" // the outreach card
)

// EntryWays returns every way.
func EntryWays() []EntryWay { return []EntryWay{AtCounter, OnPhone, FromPaper, FromCard} }

// Path is the path through the form that is entered that way.
func (w EntryWay) Path() form.Path {
	if w == FromCard {
		return form.Card
	}
	return form.Full
}

// Recipient is who gets the updates on a report that an intermediary entered.
type Recipient string

// The recipients.
const (
	ToResident     Recipient = "resident"
	ToHelper       Recipient = "helper"
	ToIntermediary Recipient = "intermediary"
)

// Updates says who gets the updates, and where. To the resident they go as the answers say; then the rest is empty.
type Updates struct {
	To    Recipient `json:"to"`
	Name  string    `json:"name,omitempty"`
	Email string    `json:"email,omitempty"`
	Phone string    `json:"phone,omitempty"`
}

// Enter is Submit for a draft that an intermediary filled in. The resident's own ways to be reached stay what the answers
// say, whoever gets the updates.
func (in Intake) Enter(ctx context.Context, now time.Time, secret Secret, draft form.Draft, entry Entry) (Receipt, error) {
	return in.submit(ctx, now, secret, draft, &entry, in.Reports.Submit)
}

// by is the worker who entered the form, "" for the resident.
func (e *Entry) by() string {
	if e == nil {
		return ""
	}
	return e.Worker
}

// told says whether the resident got the receipt at once.
func (e *Entry) told() bool { return e != nil && e.Told }

// updates is who gets the updates instead of the resident, nil for the resident. Under a safety flag the service writes
// to no helper, whatever was asked.
func (e *Entry) updates(flagged bool) *Updates {
	if e == nil || e.Updates.To == ToResident || (flagged && e.Updates.To == ToHelper) {
		return nil
	}
	u := e.Updates
	return &u
}

// UpdatesEmail returns the address that updates are mailed to, "" when there is none: the resident's safe one, unless the
// resident had them sent to another.
func (c Contact) UpdatesEmail() string {
	if c.Updates != nil {
		return c.Updates.Email
	}
	return c.SafeEmail()
}

// StaffContacts returns the fields of the answers in which a number or an address of the staff stands: a worker's, a
// team's or the municipality's own. No resident is reached there.
func StaffContacts(a form.Answers, people People, m *municipality.Municipality) []string {
	taken := map[string]bool{strings.ToLower(m.Sender.Address): true, dialled(m.Numbers.Team.Number): true}
	for _, team := range m.Teams {
		taken[strings.ToLower(team.ReplyTo)] = true
	}
	for _, card := range people.Cards {
		taken[strings.ToLower(card.Email)], taken[dialled(card.Phone)] = true, true
	}
	delete(taken, "")
	var fields []string
	for _, field := range []string{
		"updates.phone", "updates.email", "companion_contact.phone", "companion_contact.email", "phone", "email",
	} {
		if value := a.One(field); taken[strings.ToLower(value)] || taken[dialled(value)] {
			fields = append(fields, field)
		}
	}
	return fields
}

// dialled is a number as it is dialled, "" for what is none.
func dialled(number string) string {
	digits, ok := form.DialPhone(number)
	if !ok {
		return ""
	}
	return digits
}
