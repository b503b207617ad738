package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/message"
)

// soonDays is how far today looks ahead.
const soonDays = 5

// listPage is a worker's cases, in groups of what they ask for.
type listPage struct {
	Frame
	Done   string // what the worker just did
	Groups []caseGroup
	Empty  []string // what to do when there are none
	More   string   // that there are more cases, "" when these are all
	Links  []NavLink
}

type caseGroup struct {
	ID      string
	Heading string
	Cards   []caseCard
}

// caseCard is one case in a list: what to do and for whom first, then the rest.
type caseCard struct {
	URL    string
	Name   string // call name
	Do     string // "Aannemen vóór vandaag, 15.00 uur", "" for nothing now
	Badges []Badge
	Number casework.Reference
	Area   string
	Stands string // with whom the case stands, when the worker's task does not say so

	task task
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
	slices.SortStableFunc(cards, func(a, b caseCard) int { return a.task.Until.Compare(b.task.Until) })
	for _, kind := range taskKinds() {
		group := slices.DeleteFunc(slices.Clone(cards), func(c caseCard) bool { return c.task.Kind != kind })
		if len(group) > 0 {
			heading := v.texts.T("desk.task."+string(kind)+".heading", "N", len(group))
			p.Groups = append(p.Groups, caseGroup{ID: string(kind), Heading: heading, Cards: group})
		}
	}
	if !slices.ContainsFunc(cards, func(c caseCard) bool { return c.task.Kind != taskNone && c.task.Kind != taskPassed }) {
		p.Empty = lines(v.texts.T("desk.today.empty"))
	}
	if s.list.Next != "" {
		p.More = v.texts.T("desk.cases.more")
		p.Links = []NavLink{{Label: v.texts.T("desk.cases.all"), URL: casesPath}}
	}
	return d.render(w, http.StatusOK, "list", p)
}

// cases shows every case that stands with the worker, the earliest deadline first, a page at a time.
func (d *desk) cases(w http.ResponseWriter, r *http.Request, s seat) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	cards, err := d.cards(r, s, v)
	if err != nil {
		return err
	}
	p := listPage{Frame: d.frame(v.texts, s, v.texts.T("desk.cases.title"), casesPath)}
	further, more := listAfter(r) != "", s.list.Next != ""
	heading := "desk.cases.count"
	switch {
	case further:
		heading = "desk.cases.further"
	case more:
		heading = "desk.cases.first"
	}
	switch {
	case len(cards) > 0:
		p.Groups = []caseGroup{{ID: "all", Heading: v.texts.T(heading, "Count", len(cards)), Cards: cards}}
	case further:
		p.Empty = lines(v.texts.T("desk.cases.none_further"))
	default:
		p.Empty = lines(v.texts.T("desk.cases.empty"))
	}
	if more {
		p.More = v.texts.T("desk.cases.more")
		p.Links = append(p.Links, NavLink{Label: v.texts.T("desk.cases.next"), URL: casesPath + "?" + url.Values{afterField: {s.list.Next}}.Encode()})
	}
	if further {
		p.Links = append(p.Links, NavLink{Label: v.texts.T("desk.cases.begin"), URL: casesPath})
	}
	return d.render(w, http.StatusOK, "list", p)
}

// afterField says in an address after which place in the worker's list a page of it begins.
const afterField = "na"

// listAfter is where the page of the worker's list begins; what to do today is always found on the first.
func listAfter(r *http.Request) string {
	if r.URL.Path != casesPath {
		return ""
	}
	return r.URL.Query().Get(afterField)
}

// cards writes the audit row of a list page and only then opens its envelopes (I9).
func (d *desk) cards(r *http.Request, s seat, v deskWords) ([]caseCard, error) {
	refs := make([]casework.Reference, 0, len(s.list.Cases))
	for _, l := range s.list.Cases {
		refs = append(refs, l.Case.ID)
	}
	if err := d.audit(r, s, refs...); err != nil {
		return nil, err
	}
	cards := make([]caseCard, 0, len(s.list.Cases))
	for _, l := range s.list.Cases {
		card, err := d.card(r.Context(), v, l, v.task(l.Case, s.worker.ID))
		if err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, nil
}

// audit writes down who is about to see which cases on a route.
func (d *desk) audit(r *http.Request, s seat, refs ...casework.Reference) error {
	return d.Store.Audit(r.Context(), casework.Audit{At: d.Now(), Worker: s.worker.ID, Page: r.Pattern, Cases: refs})
}

// auditReading writes down who is about to read a case, where its lead sees it when they come from outside (G10).
func (d *desk) auditReading(r *http.Request, s seat, c casework.Case) error {
	team, _ := d.Municipality.TeamOf(c.Area)
	a := casework.Audit{At: d.Now(), Worker: s.worker.ID, Page: r.Pattern, Cases: []casework.Reference{c.ID}}
	return d.Store.AuditReading(r.Context(), a, c.Outside(s.reader(), team.ID, d.Now()))
}

func (d *desk) card(ctx context.Context, v deskWords, l casework.Listed, t task) (caseCard, error) {
	contact, err := casework.OpenJSON[casework.Contact](ctx, d.Work.Opener, casework.ForContact, l.Case.ID, l.Contact)
	if err != nil {
		return caseCard{}, err
	}
	card := caseCard{
		URL: casePath(l.Case.ID), Name: contact.CallName, Number: l.Case.ID, Area: v.area(l.Case.Area),
		Do: v.todo(t), Badges: v.badges(l.Case, t), task: t,
	}
	if t.Kind == taskLook || t.Kind == taskNone {
		card.Stands = v.standing(l.Case)
	}
	return card, nil
}

// todo says a task with its deadline: "Aannemen vóór vandaag, 15.00 uur".
func (v deskWords) todo(t task) string {
	if t.Kind == taskNone {
		return ""
	}
	return v.texts.T("desk.task."+string(t.Kind)+".do", "Until", v.before(t.Until))
}

// badges says how a case stands in a few words: how much time is left, and how urgent it is.
func (v deskWords) badges(c casework.Case, t task) []Badge {
	badges := []Badge{v.priority(c.Priority)}
	if t.Until.IsZero() {
		return badges
	}
	time := Badge{Text: v.left(t.Until), Tone: Quiet}
	if v.late(t.Until) {
		time.Tone = Urgent
	}
	return append([]Badge{time}, badges...)
}

// standing says with whom a case stands.
func (v deskWords) standing(c casework.Case) string {
	return v.texts.T("desk.standing."+string(c.State), "Name", v.person(c.Owner()))
}

// done says what the worker just did, "" for an address that says nothing we know.
func (v deskWords) done(r *http.Request) string {
	key := "desk.done." + r.URL.Query().Get("gedaan")
	if !v.texts.Has(key) {
		return ""
	}
	return v.texts.T(key)
}
