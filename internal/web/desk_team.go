package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

const (
	teamPath       = "/desk/team"
	colleagueValue = "worker" // of an address: whose list, or whose absence it is about
)

// teamPage is who is there and who is away, team by team; each name leads to a list.
type teamPage struct {
	Frame
	Groups []teamGroup
}

type teamGroup struct {
	ID      string
	Heading string
	Members []teamMember
}

type teamMember struct {
	Name   string
	URL    string // of the list
	Is     string // function
	Badges []Badge
	Lines  []string
	Away   NavLink // where an absence is put down, for who may

	until string // the last day away
}

// team shows the worker's own team, and a coordinator every team. It is about no case.
func (d *desk) team(w http.ResponseWriter, _ *http.Request, s seat) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := teamPage{Frame: d.frame(v.texts, s, v.texts.T("desk.team.title"), teamPath)}
	for _, t := range d.Municipality.Teams {
		g := teamGroup{ID: "team-" + t.ID, Heading: t.Name}
		for _, member := range v.people.Workers {
			if member.Team == t.ID && s.seesListOf(member, v.now) {
				g.Members = append(g.Members, v.member(s, member))
			}
		}
		slices.SortFunc(g.Members, func(a, b teamMember) int { // who is away first
			return cmp.Or(strings.Compare(b.until, a.until), strings.Compare(a.Name, b.Name))
		})
		if len(g.Members) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	return d.render(w, http.StatusOK, "team", p)
}

// seesListOf says whether somebody may see which cases stand with a worker: their own, of the same team, of whom they
// stand in for, or a coordinator.
func (s seat) seesListOf(of routing.Worker, now time.Time) bool {
	as := s.reader()
	near := of.ID == s.worker.ID || of.Team == s.worker.Team || as.Coordinator || slices.Contains(as.StandsInFor, of.ID)
	return near && of.TakesCases(now)
}

// setsAbsenceOf says whether somebody may say when a worker is away: the worker, or a coordinator.
func (s seat) setsAbsenceOf(of routing.Worker, now time.Time) bool {
	return of.TakesCases(now) && (of.ID == s.worker.ID || s.reader().Coordinator)
}

func (v deskWords) member(s seat, w routing.Worker) teamMember {
	card := v.people.Cards[w.ID]
	m := teamMember{Name: card.Name, URL: teamPath + "/" + w.ID, Is: card.Function, Badges: v.presence(w)}
	m.until, _ = w.AwayUntil(v.now)
	if standIn := w.StandIn(v.now); standIn != "" {
		m.Lines = append(m.Lines, v.texts.T("desk.team.stand_in", "Name", v.person(standIn)))
	}
	for _, away := range v.people.StandsInFor(w.ID, v.now) {
		m.Lines = append(m.Lines, v.texts.T("desk.team.stands_in", "Name", v.person(away.ID)))
	}
	switch {
	case w.ID == s.worker.ID:
		m.Away = NavLink{Label: v.texts.T("desk.team.own_absence"), URL: absencePath}
	case s.setsAbsenceOf(w, v.now):
		m.Away = NavLink{Label: v.texts.T("desk.team.absence"), URL: absencePath + "/" + w.ID}
	}
	return m
}

// colleagueOf returns the worker of the address, when the reader may see their list; else casework.ErrNotFound.
func (d *desk) colleagueOf(r *http.Request, s seat) (routing.Worker, error) {
	of, _ := s.people.Worker(r.PathValue(colleagueValue))
	if !s.seesListOf(of, d.Now()) {
		return routing.Worker{}, casework.ErrNotFound
	}
	return of, nil
}

// colleagueList shows the cases that stand with a colleague. Who may open one sees what to do and for whom, as the colleague
// would: a stand-in, a coordinator. To others of the team a row says how it stands, and nothing of the resident (T14).
func (d *desk) colleagueList(w http.ResponseWriter, r *http.Request, s seat) error {
	of, err := d.colleagueOf(r, s)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(s.list.Cases, func(l casework.Listed) bool {
		return l.Case.State == casework.Rehearsed || !l.Case.MayRead(s.reader(), v.now) && l.Case.Owner() != of.ID
	})
	if err := d.auditList(r, s, list); err != nil {
		return err
	}
	var cards, rows, waiting []caseCard
	for _, l := range list {
		if !l.Case.MayRead(s.reader(), v.now) {
			rows = append(rows, v.bareCard(l.Case))
			continue
		}
		card, err := d.card(r.Context(), v, l, of.ID)
		if err != nil {
			return err
		}
		if l.Case.State == casework.Waiting {
			card.Also, card.until = append(card.Also, v.waitsSince(l.Case)), l.Case.Reported
			waiting = append(waiting, card)
			continue
		}
		cards = append(cards, card)
	}
	p := listPage{
		Frame:   d.frame(v.texts, s, v.texts.T("desk.team.list"), ""),
		Heading: v.texts.T("desk.team.list_of", "Name", v.person(of.ID)),
	}
	p.Back = teamPath
	if away := v.away(of.ID); away != "" {
		p.Notes = []Alert{{Lines: []string{away}, Tone: Heed}}
	}
	p.Groups = slices.Concat(v.byPart(cards, "desk.team.part."), v.group("later", cardsOf(cards, partLater)), v.group("rows", rows), v.waitingByTeam(waiting))
	if len(list) == 0 {
		p.Empty = lines(v.texts.T("desk.team.empty", "Name", v.person(of.ID)))
	}
	if s.list.Next != "" {
		p.Links = append(p.Links, NavLink{
			Label: v.texts.T("desk.cases.next"), URL: r.URL.Path + "?" + url.Values{afterField: {s.list.Next}}.Encode(),
		})
	}
	p.Links = append(p.Links, v.listActs(s, of)...)
	return d.render(w, http.StatusOK, "list", p)
}

// listActs lead to what a coordinator does with a whole list.
func (v deskWords) listActs(s seat, of routing.Worker) []NavLink {
	if !s.reader().Coordinator {
		return nil
	}
	return []NavLink{
		{Label: v.texts.T("desk.team.hand_on"), URL: handOnPath(of.ID)},
		{Label: v.texts.T("desk.team.absence"), URL: absencePath + "/" + of.ID},
	}
}

// bareCard says how a case stands to who has no part in it: nothing of it is opened.
func (v deskWords) bareCard(c casework.Case) caseCard {
	t := task{Kind: taskNone}
	if due, ok := v.firstDue(c); ok {
		t = task{taskOf(due.For), due.At}
	}
	card := caseCard{Number: c.ID, Area: v.area(c.Area), Stands: v.standing(c), Badges: v.badges(c, t)}
	if !t.Until.IsZero() {
		card.Do = v.texts.T("desk.team.due", "Until", v.before(t.Until))
	}
	return card
}

// waitsSince says since when somebody waits for a lead.
func (v deskWords) waitsSince(c casework.Case) string {
	return v.texts.T("desk.team.waits_since", "Day", message.Day(c.Reported))
}

// waitingByTeam are the waiting lists of the teams (L2) in somebody’s list, each with who waits longest first.
func (v deskWords) waitingByTeam(waiting []caseCard) []caseGroup {
	slices.SortStableFunc(waiting, func(a, b caseCard) int { return a.until.Compare(b.until) })
	of := func(team municipality.Team) (cards []caseCard) {
		for _, card := range waiting {
			if t, _ := v.municipality.TeamOf(card.area); t.ID == team.ID {
				cards = append(cards, card)
			}
		}
		return cards
	}
	var groups []caseGroup
	for _, team := range append(slices.Clone(v.municipality.Teams), municipality.Team{}) { // the last: of an area that is gone
		if cards := of(team); len(cards) > 0 {
			heading := v.texts.T("desk.team.waiting", "Team", team.Name, "N", len(cards))
			groups = append(groups, caseGroup{ID: "wacht-" + team.ID, Heading: heading, Cards: cards})
		}
	}
	return groups
}

func cardsOf(cards []caseCard, part todayPart) []caseCard {
	return slices.DeleteFunc(slices.Clone(cards), func(c caseCard) bool { return c.part != part })
}

// group is a group of a list, none without cards.
func (v deskWords) group(id string, cards []caseCard) []caseGroup {
	if len(cards) == 0 {
		return nil
	}
	return []caseGroup{{ID: id, Heading: v.texts.T("desk.team.group."+id, "N", len(cards)), Cards: cards}}
}
