package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// The duty screen: all that stands still, or is about to, for whoever is on duty today and for coordinators (I8). It opens
// nothing: what it shows of a case is its number, where, how urgent, and with whom it stands.
const (
	dutyPath = "/desk/dienst"

	actSendAgain = "opnieuw"
	actPassedOn  = "doorgegeven"

	caseField = "casus"
	mailField = "mail"
)

// dutyMost is how many cards a group has. Who has more is helped by more people, not by a longer page.
const dutyMost = 50

// dutyPage says first whether everything runs, then what waits, the most urgent kind first.
type dutyPage struct {
	Frame
	Done    string
	Stopped *Alert // what does not run by itself
	Fine    string // that nothing waits
	Groups  []dutyGroup
	Doubted string // how many suspected reports wait
	Look    NavLink
	Swept   string // when dispatch looked last
}

type dutyGroup struct {
	ID      string
	Heading string
	Empty   string // that all is well
	Cards   []dutyCard
	More    string
}

// dutyCard is one case or mail, with whom to call about it.
type dutyCard struct {
	URL    string // "" for who may not open the case
	Name   string
	Do     string
	Badges []Badge
	Lines  []string
	Phone  string
	Acts   []dutyAct

	about casework.Reference
}

// dutyAct is a button on the card of a mail.
type dutyAct struct {
	Label  string
	Action string
	Fields []keptField
}

// dutyScreen shows what whoever is on duty watches over.
func (d *desk) dutyScreen(w http.ResponseWriter, r *http.Request, s seat) error {
	var duty casework.Duty
	var sweep casework.Sweep
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() (err error) { duty, err = d.Store.Duty(ctx, d.Now()); return err })
	g.Go(func() (err error) { sweep, err = d.Store.Sweep(ctx); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := dutyPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.duty.title"), dutyPath), Done: v.done(r),
		Stopped: v.stopped(sweep), Groups: v.dutyGroups(s, duty),
	}
	var refs []casework.Reference
	for _, group := range p.Groups {
		for _, card := range group.Cards {
			refs = append(refs, card.about)
		}
	}
	slices.Sort(refs)
	refs = slices.Compact(refs)
	if err := d.audit(r, s, refs...); err != nil {
		return err
	}
	if sweep.Quarantined > 0 {
		p.Doubted = v.texts.T("desk.duty.doubted", "Count", sweep.Quarantined)
		p.Look = NavLink{Label: v.texts.T("desk.duty.look"), URL: quarantinePath}
	}
	if len(refs) == 0 && p.Doubted == "" && p.Stopped == nil {
		p.Fine = v.texts.T("desk.duty.fine")
	}
	if !sweep.At.IsZero() {
		p.Swept = v.texts.T("desk.duty.swept", "Moment", v.moment(sweep.At))
	}
	return d.render(w, http.StatusOK, "duty", p)
}

// stopped warns that dispatch stands still, or that something fails each time; nil when neither.
func (v deskWords) stopped(sweep casework.Sweep) *Alert {
	switch {
	case sweep.At.IsZero():
		return v.dutyAlert("never", Urgent, "")
	case sweep.Stopped(v.now):
		return v.dutyAlert("stopped", Urgent, v.moment(sweep.At))
	case sweep.Left > 0:
		return v.dutyAlert("left", Heed, v.moment(sweep.At))
	}
	return nil
}

func (v deskWords) dutyAlert(why string, tone Tone, moment string) *Alert {
	key := "desk.duty." + why
	return &Alert{Heading: v.texts.T(key + ".title"), Lines: lines(v.texts.T(key+".text", "Moment", moment)), Tone: tone}
}

// byDeadline puts what is late, or will be first, first.
func byDeadline(watched []casework.Watched) []casework.Watched {
	slices.SortStableFunc(watched, func(a, b casework.Watched) int { return a.Before.Compare(b.Before) })
	return watched
}

// dutyGroups are the groups of the screen, the most urgent first. Each is there, also when nothing is in it.
func (v deskWords) dutyGroups(s seat, duty casework.Duty) []dutyGroup {
	cards := func(kind string, all []casework.Watched) []dutyCard {
		made := make([]dutyCard, 0, len(all))
		for _, c := range all {
			made = append(made, v.watchedCard(s, kind, c))
		}
		return made
	}
	mails := make([]dutyCard, 0, len(duty.Mails))
	for _, m := range duty.Mails {
		mails = append(mails, v.undeliveredCard(s, m))
	}
	groups := []dutyGroup{
		v.dutyGroup("looks", municipality.Team{}, cards("look", duty.Looks)),
		v.dutyGroup("mails", municipality.Team{}, mails),
		v.dutyGroup("offers", municipality.Team{}, cards("offer", byDeadline(duty.Offers))),
		v.dutyGroup("queues", municipality.Team{}, cards("queue", byDeadline(duty.Queues))),
	}
	return append(groups, v.waitingLists(s, duty.Waiting)...)
}

// waitingLists is the waiting list of each team, in the order of the municipality's file (L2); one that says that nobody
// waits when nobody does.
func (v deskWords) waitingLists(s seat, waiting []casework.Watched) []dutyGroup {
	byTeam := map[string][]dutyCard{}
	for _, c := range waiting {
		team, _ := v.municipality.TeamOf(c.Area)
		byTeam[team.ID] = append(byTeam[team.ID], v.watchedCard(s, "wait", c))
	}
	var groups []dutyGroup
	for _, team := range v.municipality.Teams {
		if cards := byTeam[team.ID]; len(cards) > 0 {
			groups = append(groups, v.dutyGroup("waiting", team, cards))
		}
	}
	if cards := byTeam[""]; len(cards) > 0 || len(groups) == 0 { // of an area that no team has any more
		groups = append(groups, v.dutyGroup("waiting", municipality.Team{}, cards))
	}
	return groups
}

// dutyGroup is a group of a kind; of a team, "" for everybody's.
func (v deskWords) dutyGroup(kind string, team municipality.Team, cards []dutyCard) dutyGroup {
	key := "desk.duty." + kind
	g := dutyGroup{ID: kind, Heading: v.texts.T(key+".heading", "Count", len(cards)), Cards: cards}
	if team.ID != "" {
		g.ID, g.Heading = kind+"-"+team.ID, v.texts.T(key+".team", "Team", team.Name, "Count", len(cards))
	}
	switch {
	case len(cards) == 0:
		g.Empty = v.texts.T(key + ".empty")
	case len(cards) > dutyMost:
		g.Cards, g.More = cards[:dutyMost], v.texts.T("desk.duty.more", "Count", len(cards)-dutyMost)
	}
	return g
}

// watchedCard is a case without a lead at work: what has to be done by when, with whom it stands since when, and for one
// without a lead why.
func (v deskWords) watchedCard(s seat, kind string, c casework.Watched) dutyCard {
	card := dutyCard{
		Name: string(c.Case), about: c.Case, Badges: []Badge{v.priority(c.Priority)},
		Lines: []string{
			v.texts.T("desk.duty.with", "Name", v.person(c.With), "Moment", v.moment(c.Since)), v.area(c.Area),
		},
	}
	if !c.Before.IsZero() {
		card.Do = v.texts.T("desk.duty."+kind+".do", "Until", v.before(c.Before))
		left := Badge{Text: v.left(c.Before), Tone: Quiet}
		if v.late(c.Before) {
			left.Tone = Urgent
		}
		card.Badges = append([]Badge{left}, card.Badges...)
	}
	if c.Why != "" {
		card.Lines = append([]string{v.texts.T("desk.duty.why." + string(c.Why))}, card.Lines...)
	}
	if c.With != s.worker.ID {
		card.Phone = v.people.Cards[c.With].Phone
	}
	if s.opens(c.With) {
		card.URL = casePath(c.Case)
	}
	return card
}

// opens says whether a case that stands with a worker is this one's to open.
func (s seat) opens(with string) bool {
	return s.as.Coordinator || with == s.as.Worker || slices.Contains(s.as.StandsInFor, with)
}

// undeliveredCard is a mail that did not arrive: to whom in what role, about which case, and what can be done.
func (v deskWords) undeliveredCard(s seat, m casework.WatchedMail) dutyCard {
	card := dutyCard{
		Name: strings.TrimSuffix(v.mailTo(casework.Message{Kind: m.Kind, To: m.To}), "."), about: m.Case,
		Do:    v.texts.T("desk.duty.trouble."+string(m.Trouble), "Moment", v.moment(m.Since)),
		Lines: []string{v.texts.T("desk.duty.about", "Number", m.Case)},
		Phone: v.people.Cards[m.To].Phone,
	}
	if role := v.people.Cards[m.To].Function; role != "" {
		card.Lines = append(card.Lines, v.texts.T("desk.duty.role", "Name", v.person(m.To), "Function", role))
	}
	if s.opens(m.To) {
		card.URL = casePath(m.Case)
	}
	for _, act := range []string{actSendAgain, actPassedOn} {
		path := dutyPath + "/" + act
		card.Acts = append(card.Acts, dutyAct{Label: v.texts.T("desk.act." + act), Action: path, Fields: []keptField{
			{Name: tokenField, Value: s.token(path)}, {Name: caseField, Value: string(m.Case)}, {Name: mailField, Value: m.ID},
		}})
	}
	return card
}

// seeTo does what somebody asks for a mail that did not arrive. Asked again it is done already.
func (d *desk) seeTo(act string) deskPage {
	return func(w http.ResponseWriter, r *http.Request, s seat) error {
		if err := s.sent(r); err != nil {
			return err
		}
		ref, err := casework.ParseReference(r.PostForm.Get(caseField))
		if err != nil {
			return d.say(w, r, s, http.StatusConflict, "desk.seen_to")
		}
		if err := d.audit(r, s, ref); err != nil {
			return err
		}
		do := d.Store.SendAgain
		if act == actPassedOn {
			do = d.Store.PassedOn
		}
		err = do(r.Context(), ref, r.PostForm.Get(mailField), s.worker.ID, d.Now())
		if errors.Is(err, casework.ErrConflict) || errors.Is(err, casework.ErrNotFound) {
			return d.say(w, r, s, http.StatusConflict, "desk.seen_to")
		}
		if err != nil {
			return err
		}
		redirect(w, r, dutyPath+"?gedaan="+act)
		return nil
	}
}
