package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// Quarantined is a suspected report, which waits for a person to say whether a person sent it. It holds no answer.
type Quarantined struct {
	Reference Reference
	Received  time.Time
	Urgent    bool      // P1, or under a safety flag
	Doubts    []Doubt   // at least one
	Network   string    // form.Begun.Network
	Until     time.Time // until when it can be undone that nobody sent it; zero while it waits
}

// Group names the reports that look alike: of one network in one hour or, where it was not the network that was doubted,
// of one hour; with the same doubts and the same urgency.
func (q Quarantined) Group() string {
	urgency, from := "plain", q.Received.UTC().Format("2006-01-02T15")
	if q.Urgent {
		urgency = "urgent"
	}
	if slices.Contains(q.Doubts, Crowded) {
		from = q.Network
	}
	words := []string{urgency}
	for _, d := range q.Doubts {
		words = append(words, string(d))
	}
	return strings.Join(append(words, from), "-")
}

// ByLook parts reports that are looked at one by one from groups that look alike, each with those to look at first in
// front: urgent ones, then those with the fewest doubts, then the oldest.
func ByLook(waiting []Quarantined) (singles []Quarantined, groups [][]Quarantined) {
	alike := map[string][]Quarantined{}
	for _, q := range waiting {
		alike[q.Group()] = append(alike[q.Group()], q)
	}
	for _, group := range alike {
		least := GroupLeast
		if slices.Equal(group[0].Doubts, []Doubt{Crowded}) {
			least = CrowdLeast
		}
		if len(group) < least {
			singles = append(singles, group...)
			continue
		}
		slices.SortFunc(group, firstToLook)
		groups = append(groups, group)
	}
	slices.SortFunc(singles, firstToLook)
	slices.SortFunc(groups, func(a, b []Quarantined) int { return firstToLook(a[0], b[0]) })
	return singles, groups
}

func firstToLook(a, b Quarantined) int {
	urgentFirst := map[bool]int{true: 0, false: 1}
	return cmp.Or(
		cmp.Compare(urgentFirst[a.Urgent], urgentFirst[b.Urgent]), cmp.Compare(len(a.Doubts), len(b.Doubts)),
		a.Received.Compare(b.Received), cmp.Compare(a.Reference, b.Reference),
	)
}

// LookBefore is by when somebody looks at it: an urgent one within the term of P1.
func (q Quarantined) LookBefore(m *municipality.Municipality) time.Time {
	p := municipality.P3
	if q.Urgent {
		p = municipality.P1
	}
	return m.Due(q.Received, m.TermsOf(p).FirstLook)
}

const (
	// GroupLeast is how many reports look so much alike that they are shown as one group. Fewer are quicker looked at.
	GroupLeast = 20
	// CrowdLeast is the same for reports that only their network speaks against: more than a library sends in an hour.
	CrowdLeast = 100
	// SampleLeast is how many of a group a person must have looked at and closed before the others can go at once.
	SampleLeast = 3
	// CloseUndone is how long it can be undone that nobody sent a report.
	CloseUndone = 10 * 24 * time.Hour
)

// Judgement is who said what about a quarantined report.
type Judgement struct {
	By    string // worker id
	At    time.Time
	Human bool
}

// MayJudge says whether a worker looks at quarantined reports: a coordinator, or who is on duty.
func (p People) MayJudge(r Reader, now time.Time) bool {
	return r.Coordinator || slices.Contains(p.Roster.OnDuty(now, p.Workers), r.Worker)
}

// quarantine puts a suspected report aside. Nothing is sent about it, and nothing lost.
func (w Work) quarantine(ctx context.Context, r Report, referral Referral) error {
	err := w.Store.Quarantine(ctx, Quarantined{
		Reference: r.Reference, Received: r.Received, Urgent: referral.Facts.Priority == municipality.P1 || referral.Facts.Safety,
		Doubts: referral.Suspicion.Doubts, Network: referral.Suspicion.Network,
	})
	if errors.Is(err, ErrConflict) {
		return nil // the other wake-up was first
	}
	return err
}

// promise is by when somebody contacts the resident. What was promised stays; only of a report that was looked at too
// late does the term begin anew when somebody did.
func (w Work) promise(r Report, f routing.Facts) time.Time {
	q := Quarantined{Received: r.Received, Urgent: f.Priority == municipality.P1 || f.Safety}
	if !r.Judged.Human || !r.Judged.At.After(q.LookBefore(w.Municipality)) {
		return r.ContactBefore
	}
	return w.Municipality.Due(r.Judged.At, w.Municipality.TermsOf(f.Priority).FirstContact)
}

// renew tells a resident's page of a new promise, along with the case.
func (w Work) renew(ctx context.Context, r Report, v View) (Renewal, error) {
	renewal := Renewal{ContactBefore: v.Receipt.ContactBefore, LinkID: r.LinkID}
	if r.LinkID == "" {
		return renewal, nil
	}
	contact, err := OpenJSON[Contact](ctx, w.Opener, ForContact, r.Reference, r.Contact)
	if err != nil {
		return Renewal{}, err
	}
	token, err := ParseLinkToken(contact.LinkToken)
	if err != nil {
		return Renewal{}, fmt.Errorf("link of report %s: %w", r.Reference, err)
	}
	v.Only = contact.only()
	link, err := sealView(w.Views, token, v)
	renewal.View = link.View
	return renewal, err
}

// brokenPromise tells the resident's page that nobody spoke with them in time, who looks at it now, and the new date.
func (w Work) brokenPromise(ctx context.Context, c Case, ev Event) (Renewal, error) {
	report, _, err := w.Store.Report(ctx, c.ID)
	if err != nil {
		return Renewal{}, err
	}
	people, err := w.Store.People(ctx)
	if err != nil {
		return Renewal{}, err
	}
	due, _ := c.Deadline(DueContact)
	receipt := report.Receipt
	receipt.ContactBefore = due.At
	return w.renew(ctx, report, View{Receipt: receipt, Looks: people.Cards[ev.Also[0]].Name})
}

// TellWaiting mails who is on duty and a coordinator, at most once a day, when a quarantined report was not looked at in
// time; when an urgent one is among them, as soon as others would be asked for a first look.
func (w Work) TellWaiting(ctx context.Context, now time.Time) error {
	if w.Municipality.NextOpen(now).After(now) {
		return nil
	}
	waiting, err := w.Store.Quarantined(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(waiting, func(q Quarantined) bool { return q.unseen(now, w.Municipality) })
	if i < 0 {
		return nil
	}
	people, err := w.Store.People(ctx)
	if err != nil {
		return err
	}
	oldest := waiting[i].Reference
	queue, err := routing.Queue(w.inputs(now, routing.Facts{CaseID: string(oldest), Priority: municipality.P1}, people))
	if err != nil {
		return fmt.Errorf("find a coordinator: %w", err)
	}
	to := []string{queue.Winner}
	if duty := people.Roster.OnDuty(now, people.Workers); len(duty) > 0 && duty[0] != queue.Winner {
		to = append(to, duty[0])
	}
	day := municipality.Local(now).Format(time.DateOnly)
	var owed []Message
	for _, worker := range to {
		owed = append(owed, Message{
			Case: oldest, ID: fmt.Sprintf("%s-%s-%s", day, MailWaiting, worker), Kind: MailWaiting, To: worker,
			Created: now.UTC(), Status: Pending, NextTry: now.UTC().Add(SweepAfter),
		})
	}
	return w.Store.OweOnce(ctx, string(MailWaiting)+"-"+day, owed)
}

// unseen says whether a report waits for longer than it may.
func (q Quarantined) unseen(now time.Time, m *municipality.Municipality) bool {
	if q.Urgent && !now.Before(m.NextOpen(q.Received).Add(secondLook)) {
		return true
	}
	return !now.Before(q.LookBefore(m))
}
