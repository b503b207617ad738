package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// handOnPath is where a coordinator hands a colleague's cases to other leads; handedOnPath is how far that came.
func handOnPath(worker string) string   { return teamPath + "/" + worker + "/doorgeven" }
func handedOnPath(worker string) string { return teamPath + "/" + worker + "/doorgegeven" }

// handOnPage asks, for each case of a colleague, who becomes its lead and how the resident heard of that (G3).
type handOnPage struct {
	Frame
	Heading    string
	Alert      *Alert
	Paragraphs []string
	Fields     []Field // a group for each case, then the reason
	Stays      []caseGroup
	Act        caseAct
	Links      []NavLink
}

// handOn is a request to hand on what is on a page of a colleague's list.
type handOn struct {
	deskWords
	seat  seat
	of    routing.Worker
	cases []handOnCase
	stays []casework.Case
}

// handOnCase is one case that can go, and what is asked about it.
type handOnCase struct {
	c    casework.Case
	name string
	form actForm // lead, and for a resident who knows their lead the way in which they were told
}

// leadKey and wayKey are the fields of a case.
func (h handOnCase) leadKey() string { return leadField + "." + string(h.c.ID) }
func (h handOnCase) wayKey() string  { return wayField + "." + string(h.c.ID) }

// handOnOf opens what can be handed on of a colleague's list, after the audit row.
func (d *desk) handOnOf(r *http.Request, s seat) (handOn, error) {
	of, err := d.colleagueOf(r, s)
	if err != nil {
		return handOn{}, err
	}
	v, err := d.words(s)
	if err != nil {
		return handOn{}, err
	}
	list := slices.DeleteFunc(s.list.Cases, func(l casework.Listed) bool {
		return l.Case.Lead != of.ID || l.Case.StandsWith() != of.ID || !l.Case.MayRead(s.reader(), v.now)
	})
	if err := d.auditList(r, s, list); err != nil {
		return handOn{}, err
	}
	h := handOn{deskWords: v, seat: s, of: of}
	for _, l := range list {
		if v.staysBecause(l.Case) != "" {
			h.stays = append(h.stays, l.Case)
			continue
		}
		one, err := d.handOnCase(r.Context(), v, s, l)
		if err != nil {
			return handOn{}, err
		}
		h.cases = append(h.cases, one)
	}
	return h, nil
}

// staysBecause says why a case has no other lead to get, whatever happens to the one it has; "" when it has.
func (v deskWords) staysBecause(c casework.Case) string {
	due, owed := c.Deadline(casework.DueHandOff)
	switch {
	case c.State == casework.InHandover:
		return v.texts.T("desk.hand_on.stays.handover", "Name", v.person(c.Handover.To))
	case owed && !c.Open():
		return v.texts.T("desk.hand_on.stays.hand_off", "Until", v.before(due.At))
	}
	return ""
}

func (d *desk) handOnCase(ctx context.Context, v deskWords, s seat, l casework.Listed) (handOnCase, error) {
	contact, err := casework.OpenJSON[casework.Contact](ctx, d.Work.Opener, casework.ForContact, l.Case.ID, l.Contact)
	if err != nil {
		return handOnCase{}, err
	}
	h := handOnCase{c: l.Case, name: contact.CallName}
	sc := scene{deskWords: v, seat: s, c: l.Case, contact: contact}
	lead := choice(h.leadKey(), sc.colleagues(l.Case.Lead))
	lead.list, lead.label = true, v.texts.T("desk.field.lead.label")
	blanks := []blank{lead}
	if l.Case.State.Taken() {
		way := choice(h.wayKey(), sc.ways().options)
		way.list, way.label = true, v.texts.T("desk.field.way.label")
		blanks = append(blanks, way)
	}
	h.form = actForm{act: act{name: "doorgeven"}, scene: sc, blanks: blanks}
	return h, nil
}

// reasonForm asks why.
func (h handOn) reasonForm() actForm {
	return actForm{act: act{name: "doorgeven"}, scene: scene{deskWords: h.deskWords, seat: h.seat}, blanks: []blank{reason()}}
}

// askHandOn shows what can be handed on.
func (d *desk) askHandOn(w http.ResponseWriter, r *http.Request, s seat) error {
	h, err := d.handOnOf(r, s)
	if err != nil {
		return err
	}
	return d.render(w, http.StatusOK, "hand_on", d.handOnPage(r, h, nil, casework.NewSecret().String()))
}

func (d *desk) handOnPage(r *http.Request, h handOn, problems []ProblemLink, command string) handOnPage {
	name, path := h.person(h.of.ID), handOnPath(h.of.ID)
	p := handOnPage{
		Frame:      d.frame(h.texts, h.seat, h.texts.T("desk.hand_on.title"), ""),
		Heading:    h.texts.T("desk.hand_on.of", "Name", name),
		Paragraphs: lines(h.texts.T("desk.hand_on.text", "Name", name)),
		Act:        caseAct{Label: h.texts.T("desk.hand_on.send"), Action: path, Command: command, Token: h.seat.token(path)},
		Links:      []NavLink{{Label: h.texts.T("desk.hand_on.progress"), URL: handedOnPath(h.of.ID)}},
	}
	p.Back, p.Problems = teamPath+"/"+h.of.ID, problems
	p.Stays = h.group("stays", h.staying())
	if len(h.cases) == 0 {
		p.Paragraphs = lines(h.texts.T("desk.hand_on.none", "Name", name))
		return p
	}
	for _, one := range h.cases {
		label := one.name + " · " + string(one.c.ID) + " · " + h.area(one.c.Area)
		p.Fields = append(p.Fields, Field{Group: &FieldGroup{
			Ask: Ask{ID: "casus-" + string(one.c.ID), Label: label}, Fields: one.form.fields(one.form.parse(r.PostForm), problems),
		}})
	}
	why := h.reasonForm()
	p.Fields = append(p.Fields, why.fields(why.parse(r.PostForm), problems)...)
	return p
}

// staying are cards of what cannot be handed on, with the reason.
func (h handOn) staying() []caseCard {
	var cards []caseCard
	for _, c := range h.stays {
		cards = append(cards, caseCard{URL: casePath(c.ID), Number: c.ID, Area: h.area(c.Area), Do: h.staysBecause(c)})
	}
	return cards
}

// takeHandOn begins one act on the list: it is worked off within minutes.
func (d *desk) takeHandOn(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	command := r.PostForm.Get(commandField)
	if _, err := casework.ParseSecret(command); err != nil {
		return &BodyError{http.StatusBadRequest}
	}
	h, err := d.handOnOf(r, s)
	if err != nil {
		return err
	}
	chosen, problems := h.chosen(r)
	why := h.reasonForm()
	said := why.parse(r.PostForm)
	if problems = append(problems, why.problems(said)...); len(problems) > 0 {
		return d.render(w, http.StatusUnprocessableEntity, "hand_on", d.handOnPage(r, h, problems, command))
	}
	t := casework.Takeover{From: h.of.ID, By: s.worker.ID, At: h.now, Command: command, Cases: chosen}
	err = d.Work.HandOn(r.Context(), t, said.One(reasonField))
	if errors.Is(err, casework.ErrConflict) {
		p := d.handOnPage(r, h, nil, command)
		p.Alert = &Alert{Heading: h.texts.T("desk.hand_on.busy"), Lines: lines(h.texts.T("desk.hand_on.busy_text")), Tone: Heed}
		return d.render(w, http.StatusConflict, "hand_on", p)
	}
	if err != nil {
		return err
	}
	redirect(w, r, handedOnPath(h.of.ID))
	return nil
}

// chosen are the cases for which a lead was chosen, and what there is to mend.
func (h handOn) chosen(r *http.Request) (chosen []casework.HandedOn, problems []ProblemLink) {
	for _, one := range h.cases {
		said := one.form.parse(r.PostForm)
		found := one.form.problems(said)
		to, way := said.One(one.leadKey()), said.One(one.wayKey())
		if len(found) == 0 && to != "" && way == "" && one.c.State.Taken() {
			found = []ProblemLink{{Field: one.wayKey(), Text: h.texts.T("desk.hand_on.tell_first")}}
		}
		if to != "" {
			chosen = append(chosen, casework.HandedOn{Case: one.c.ID, To: to, Told: casework.Way(way)})
		}
		problems = append(problems, found...)
	}
	if len(chosen) == 0 && len(problems) == 0 && len(h.cases) > 0 {
		problems = []ProblemLink{{Field: h.cases[0].leadKey(), Text: h.texts.T("desk.hand_on.nobody")}}
	}
	return chosen, problems
}

// handedOn shows how far the latest act on a colleague's list came. Nothing of a resident stands on it.
func (d *desk) handedOn(w http.ResponseWriter, r *http.Request, s seat) error {
	of, err := d.colleagueOf(r, s)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	t, underWay, kept, err := d.Store.Takeover(r.Context(), of.ID)
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return err
	}
	var refs []casework.Reference
	for _, h := range t.Cases {
		refs = append(refs, h.Case)
	}
	var heads map[casework.Reference]casework.Case
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error { return d.audit(r, s, refs...) })
	g.Go(func() (err error) { heads, err = d.Store.Heads(ctx, refs); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	p := listPage{
		Frame:   d.frame(v.texts, s, v.texts.T("desk.handed_on.title"), ""),
		Heading: v.texts.T("desk.handed_on.of", "Name", v.person(of.ID)),
	}
	p.Back = teamPath + "/" + of.ID
	done := 0
	var cards []caseCard
	for _, h := range t.Cases {
		card, gone := v.handedOnCard(heads[h.Case], h, of.ID, kept)
		if gone {
			done++
		}
		cards = append(cards, card)
	}
	switch {
	case len(cards) == 0:
		p.Empty = lines(v.texts.T("desk.handed_on.none"))
	case underWay:
		p.Notes = []Alert{{
			Heading: v.texts.T("desk.handed_on.busy", "Done", done, "All", len(cards)), Lines: lines(v.texts.T("desk.handed_on.busy_text")), Tone: Heed,
			Link: NavLink{Label: v.texts.T("desk.handed_on.again"), URL: r.URL.Path},
		}}
	default:
		p.Notes = []Alert{{Heading: v.texts.T("desk.handed_on.done", "Done", done, "All", len(cards)), Tone: Good}}
	}
	p.Groups = v.group("handed", cards)
	return d.render(w, http.StatusOK, "list", p)
}

// handedOnCard says where a case of an act on a list is now; gone says whether it left the list.
func (v deskWords) handedOnCard(c casework.Case, h casework.HandedOn, from string, kept []casework.Kept) (card caseCard, gone bool) {
	gone = c.Lead != from && c.State != casework.Escalated
	card = caseCard{URL: casePath(h.Case), Number: h.Case, Area: v.area(c.Area), Stands: v.standing(c)}
	i := slices.IndexFunc(kept, func(k casework.Kept) bool { return k.Case == h.Case })
	switch {
	case i >= 0:
		why := cmp.Or(v.staysBecause(c), v.texts.T("desk.refused."+string(kept[i].Why), "Name", v.person(c.Owner())))
		card.Do = v.texts.T("desk.handed_on.kept", "Why", why)
	case gone:
		card.Do = v.texts.T("desk.handed_on.gone", "Name", v.person(h.To))
	default:
		card.Do = v.texts.T("desk.handed_on.waits", "Name", v.person(h.To))
	}
	return card, gone && i < 0
}
