package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// Intake is the front door's side of casework: it stores reports and can read none of them back.
type Intake struct {
	Municipality *municipality.Municipality
	Form         form.Definition
	Reports      Reports
	Sealer       Sealer
	Views        Views
	Limits       Limits
}

// Reports is where reports are kept.
type Reports interface {
	// Submit stores the report and its link (nil for none) in one transaction, on the condition that the reference is
	// free. When it is taken, it returns the report that holds it and ErrTaken.
	Submit(ctx context.Context, r Report, l *Link) (holder Report, err error)
	// Receipt returns a stored report without its envelopes, or ErrNotFound.
	Receipt(ctx context.Context, ref Reference) (Report, error)
	// Link returns a link that has not expired, or ErrNotFound.
	Link(ctx context.Context, id string, now time.Time) (Link, error)
}

// The errors that a caller branches on.
var (
	ErrNotFound = errors.New("not found")
	ErrTaken    = errors.New("reference is taken")
	ErrChanged  = errors.New("already sent, with other answers")
)

// ProblemsError means that a draft is not ready to be sent.
type ProblemsError struct{ Problems []form.Problem }

// Error counts the problems; it names no field, since errors are logged.
func (e *ProblemsError) Error() string { return fmt.Sprintf("draft has %d problems", len(e.Problems)) }

const (
	// maxReferences bounds how many taken references are passed over; two collisions in a row are a bug.
	maxReferences = 5
	// LinkLasts is how long a resident's link works when no later act sets another end.
	LinkLasts = 400 * 24 * time.Hour
)

// Prepare begins in the background what Submit needs of the sealer and does not depend on the report. Who calls it before
// the last click waits for that no longer; nobody has to.
func (in Intake) Prepare() { in.Sealer.Prepare() }

// Submit stores a draft as a report and returns the receipt. The same draft sent again, in another tab or after a lost
// answer gives the same receipt; other answers under the same secret give ErrChanged. *ProblemsError says what to mend.
func (in Intake) Submit(ctx context.Context, now time.Time, secret Secret, draft form.Draft) (Receipt, error) {
	return in.submit(ctx, now, secret, draft, nil, in.Reports.Submit)
}

// submit is Submit with who entered the draft, nil for the resident, and with another way to store than Reports.Submit.
func (in Intake) submit(
	ctx context.Context, now time.Time, secret Secret, draft form.Draft, entry *Entry,
	store func(ctx context.Context, r Report, l *Link) (holder Report, err error),
) (Receipt, error) {
	c := form.Context{Municipality: in.Municipality, Path: draft.Path, Today: now, Printed: entry != nil}
	answers, problems := in.Form.Review(draft.Answers, c)
	if len(problems) > 0 {
		return Receipt{}, &ProblemsError{Problems: problems}
	}
	content := Content{Form: in.Form.Version, Path: draft.Path, Language: draft.Language, Answers: answers, Entry: entry}
	payload, err := json.Marshal(content)
	if err != nil {
		return Receipt{}, fmt.Errorf("encode answers: %w", err)
	}
	// The form is no part of what tells a repeat from a change: a new release may ask in other words.
	sealed := askedAs(payload, draft.Asked)
	for n := range maxReferences {
		report, link, err := in.seal(now, secret, n, content, payload, sealed, in.Limits.suspicion(draft.Begun, now))
		if err != nil {
			return Receipt{}, err
		}
		holder, err := store(ctx, report, link)
		switch {
		case err == nil:
			return report.Receipt, nil
		case !errors.Is(err, ErrTaken):
			return Receipt{}, fmt.Errorf("submit report: %w", err)
		case !slices.Equal(holder.Owner, report.Owner):
			continue // another resident holds this reference: take the next
		case !slices.Equal(holder.MAC, report.MAC):
			return holder.Receipt, ErrChanged
		default:
			return holder.Receipt, nil
		}
	}
	return Receipt{}, fmt.Errorf("submit report: %d references in a row: %w", maxReferences, ErrTaken)
}

// Receipt returns what a secret's report was answered with, or ErrNotFound when nothing was sent.
func (in Intake) Receipt(ctx context.Context, secret Secret) (Report, error) {
	for n := range maxReferences {
		report, err := in.Reports.Receipt(ctx, secret.Reference(n))
		if err != nil {
			return Report{}, fmt.Errorf("read receipt: %w", err)
		}
		if slices.Equal(report.Owner, secret.Owner()) {
			return report, nil
		}
	}
	return Report{}, ErrNotFound
}

// View opens the resident's own page with the token that the visitor brings; ErrNotFound for an unknown, expired,
// revoked or foreign link alike.
func (in Intake) View(ctx context.Context, now time.Time, t LinkToken) (View, error) {
	link, err := in.Reports.Link(ctx, t.ID(), now)
	if err != nil {
		return View{}, fmt.Errorf("read link: %w", err)
	}
	plain, err := in.Views.OpenView(t, link)
	if err != nil {
		return View{}, fmt.Errorf("open view: %w", err)
	}
	var v View
	if err := json.Unmarshal(plain, &v); err != nil {
		return View{}, fmt.Errorf("decode view: %w", err)
	}
	return v, nil
}

// seal makes the report and, without a safety flag, the link.
func (in Intake) seal(
	now time.Time, secret Secret, n int, content Content, payload, sealed []byte, suspicion *Suspicion,
) (Report, *Link, error) {
	ref := secret.Reference(n)
	facts := routing.FactsOf(content.Answers, in.Municipality, string(ref), now)
	due := in.Municipality.Due(now, in.Municipality.TermsOf(facts.Priority).FirstContact)
	r := Report{
		Receipt: Receipt{Reference: ref, Received: now.UTC(), ContactBefore: due},
		Owner:   secret.Owner(),
		MAC:     secret.MAC(payload),
	}
	facts.CaseID, facts.Reported = "", time.Time{} // they stand on the report's row: see openReferral
	contact := contactOf(content)
	var link *Link
	if !contact.Neutral {
		token := secret.LinkToken()
		l, err := sealView(in.Views, token, View{Receipt: r.Receipt, Only: contact.only()})
		if err != nil {
			return Report{}, nil, err
		}
		l.Reference, l.Expires = ref, now.Add(LinkLasts).UTC()
		link, r.LinkID = &l, l.ID
		contact.LinkToken = token.String()
	}
	var err error
	if r.Routing, err = SealJSON(in.Sealer, ForRouting, ref, Referral{
		Facts: facts, Receipt: contact.UpdatesEmail() != "", EnteredBy: content.Entry.by(), Told: content.Entry.told(), Traits: traitsOf(content.Answers),
		KnownWorker: content.Answers.One("known_worker"), Mark: markOf(content.Answers.One("call_name")),
		Suspicion: suspicion,
	}); err != nil {
		return Report{}, nil, err
	}
	if r.Contact, err = SealJSON(in.Sealer, ForContact, ref, contact); err != nil {
		return Report{}, nil, err
	}
	if r.Content, err = in.Sealer.Seal(ForContent, ref, sealed); err != nil {
		return Report{}, nil, fmt.Errorf("seal %s of case %s: %w", ForContent, ref, err)
	}
	return r, link, nil
}

// sealView seals what a resident's page shows under its link's token.
func sealView(views Views, token LinkToken, v View) (Link, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return Link{}, fmt.Errorf("encode view: %w", err)
	}
	l, err := views.SealView(token, plain)
	if err != nil {
		return Link{}, fmt.Errorf("seal view: %w", err)
	}
	return l, nil
}

// contactOf reads how the resident can be reached from clean answers.
func contactOf(content Content) Contact {
	a := content.Answers
	c := Contact{
		CallName:     a.One("call_name"),
		Language:     content.Language,
		Neutral:      a.SafetyFlag(),
		When:         a.One("safe_contact.when"),
		LeaveMessage: a.One("safe_contact.message"),
		Postcode:     a.One("postcode"),
		HouseNumber:  a.One("house_number"),
		ForOther:     a.Has("for_whom", "other"),
	}
	c.Updates = content.Entry.updates(c.Neutral)
	values := map[Way]string{ByCall: "phone", ByText: "phone", ByEmail: "email", ByLetter: "address"}
	for _, way := range a["contact_way"] {
		c.Channels = append(c.Channels, Channel{
			Way:   Way(way),
			Value: strings.TrimSpace(a.One(values[Way(way)])),
			Safe:  a.Has("safe_contact", way) || !c.Neutral && !a.Has("safe_contact", string(ByNoWay)),
		})
	}
	return c
}

// SealJSON seals a value as JSON.
func SealJSON(s Sealer, p Purpose, id Reference, v any) (Envelope, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %s of case %s: %w", p, id, err)
	}
	e, err := s.Seal(p, id, plain)
	if err != nil {
		return nil, fmt.Errorf("seal %s of case %s: %w", p, id, err)
	}
	return e, nil
}

// OpenJSON opens an envelope that SealJSON made.
func OpenJSON[T any](ctx context.Context, o Opener, p Purpose, id Reference, e Envelope) (T, error) {
	var v T
	plain, err := o.Open(ctx, p, id, e)
	if err != nil {
		return v, fmt.Errorf("open %s of case %s: %w", p, id, err)
	}
	if err := json.Unmarshal(plain, &v); err != nil {
		return v, fmt.Errorf("decode %s of case %s: %w", p, id, err)
	}
	return v, nil
}
