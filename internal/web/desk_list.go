package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"voordeur/internal/casework"
)

// listPage is a worker's cases, in groups of what they ask for.
type listPage struct {
	Frame
	Heading string // where that is more than the title: a colleague's name
	Done    string // what the worker just did
	Notes   []Alert
	Groups  []caseGroup
	Empty   []string // what to do when there are none
	More    string   // that there are more cases, "" when these are all
	Links   []NavLink
}

type caseGroup struct {
	ID      string
	Heading string
	Cards   []caseCard
}

// caseCard is one case in a list: what to do and for whom first, then the rest.
type caseCard struct {
	URL    string // "" of a case that is not the reader's to open
	Name   string // call name; "" then as well
	Do     string // "Aannemen vóór vandaag, 15.00 uur", "" for nothing now
	Badges []Badge
	Number casework.Reference
	Area   string
	Stands string   // with whom the case stands, when the worker's task does not say so
	Also   []string // a meeting of these days, that who it stands with is away

	area  string
	part  todayPart
	until time.Time // by when, or when the meeting is
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
	if r.URL.Path == deskPath {
		return ""
	}
	return r.URL.Query().Get(afterField)
}

// listOf is whose list a page shows: that of the colleague in the address, or the worker's own.
func listOf(r *http.Request, worker string) string {
	return cmp.Or(r.PathValue(colleagueValue), worker)
}

// cards writes the audit row of a list page and only then opens its envelopes (I9).
func (d *desk) cards(r *http.Request, s seat, v deskWords) ([]caseCard, error) {
	mine := slices.DeleteFunc(s.list.Cases, func(l casework.Listed) bool { return !l.Case.MayRead(s.reader(), v.now) })
	if err := d.auditList(r, s, mine); err != nil {
		return nil, err
	}
	cards := make([]caseCard, 0, len(mine))
	for _, l := range mine {
		card, err := d.card(r.Context(), v, l, s.worker.ID)
		if err != nil {
			return nil, err
		}
		cards = append(cards, card)
	}
	return cards, nil
}

// auditList writes down who is about to see which cases of a list.
func (d *desk) auditList(r *http.Request, s seat, list []casework.Listed) error {
	refs := make([]casework.Reference, 0, len(list))
	for _, l := range list {
		refs = append(refs, l.Case.ID)
	}
	return d.audit(r, s, refs...)
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

// card is a case in the list of a worker: the reader, or a colleague for whom the reader acts.
func (d *desk) card(ctx context.Context, v deskWords, l casework.Listed, worker string) (caseCard, error) {
	contact, err := casework.OpenJSON[casework.Contact](ctx, d.Work.Opener, casework.ForContact, l.Case.ID, l.Contact)
	if err != nil {
		return caseCard{}, err
	}
	c, t := l.Case, v.task(l.Case, worker)
	card := caseCard{
		URL: casePath(c.ID), Name: contact.CallName, Number: c.ID, Area: v.area(c.Area), area: c.Area,
		Do: v.todo(t), Badges: v.badges(c, t), part: v.partOf(c, t), until: t.Until,
	}
	meets := v.meets(c)
	if card.part == partMeetings {
		card.Do, card.until = meets, v.ahead(c)
		card.Badges = []Badge{v.priority(c.Priority)}
	} else if meets != "" {
		card.Also = append(card.Also, meets)
	}
	if t.Kind == taskLook || t.Kind == taskNone || c.Owner() != worker {
		card.Stands = v.standing(c)
	}
	if away := v.away(c.Owner()); away != "" && c.Owner() != worker {
		card.Also = append(card.Also, away)
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
