package web

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strconv"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// The fields of an act's form.
const (
	versionField = "version"
	commandField = "command"
	reasonField  = "reason"
	leadField    = "lead"

	conflictField = "conflict"
	conflictYes   = "yes"
)

// move is an act of casework.Work that asks for nothing but a click.
type move func(ctx context.Context, k casework.Click) error

// sentAct is an act as it was sent.
type sentAct struct {
	casework.Click
	reason string
}

// sentActOf reads an act that was sent from this session's own page.
func (d *desk) sentActOf(r *http.Request, s seat) (sentAct, error) {
	if err := s.sent(r); err != nil {
		return sentAct{}, err
	}
	ref, err := referenceOf(r)
	if err != nil {
		return sentAct{}, err
	}
	shown, err := strconv.Atoi(r.PostForm.Get(versionField))
	if err != nil {
		return sentAct{}, &BodyError{http.StatusBadRequest}
	}
	command := r.PostForm.Get(commandField)
	if _, err := casework.ParseSecret(command); err != nil {
		return sentAct{}, &BodyError{http.StatusBadRequest}
	}
	return sentAct{
		Click:  casework.Click{At: d.Now(), Case: ref, By: s.reader(), Shown: shown, Command: command},
		reason: reasonOf(r),
	}, nil
}

// reasonPage is the one question that some acts ask, with the form's own limits.
func reasonPage() form.Page {
	return form.Page{
		ID: reasonField, Paths: []form.Path{form.Full},
		Questions: []form.Question{{Key: reasonField, Type: form.Story, Required: &form.Condition{}}},
	}
}

// reasonOf returns the reason that a form brought along, normalised.
func reasonOf(r *http.Request) string { return reasonPage().Parse(r.PostForm).One(reasonField) }

// reasonProblem says what to mend about a reason, "" when nothing.
func (v deskWords) reasonProblem(reason string) string {
	p := reasonPage()
	problems := form.Definition{Pages: []form.Page{p}}.Check(p, form.Answers{reasonField: {reason}}, form.Context{
		Municipality: v.municipality, Path: form.Full, Today: v.now,
	})
	if len(problems) == 0 {
		return ""
	}
	if problems[0].Code == form.CodeRequired {
		return v.texts.T("desk.reason.required")
	}
	return v.texts.T("error."+problems[0].Code, "Count", problems[0].Max)
}

// act does a move and shows the case again; today's page when it may now stand with another.
func (d *desk) act(name string, m move) deskPage {
	return func(w http.ResponseWriter, r *http.Request, s seat) error {
		a, err := d.sentActOf(r, s)
		if err != nil {
			return err
		}
		if err := m(r.Context(), a.Click); err != nil {
			return err
		}
		to := casePath(a.Case)
		if name == actApart {
			to = deskPath
		}
		redirect(w, r, to+"?gedaan="+name)
		return nil
	}
}

// actPage asks what an act needs to know. It shows nothing that was sealed.
type actPage struct {
	Frame
	Number     casework.Reference
	Area       string
	Paragraphs []string
	Fields     []Field
	Act        caseAct
}

// may returns a case that a worker may read, else casework.ErrNotFound.
func (d *desk) may(ctx context.Context, s seat, ref casework.Reference) (casework.Case, error) {
	c, err := d.Store.Case(ctx, ref)
	if err == nil && !c.MayRead(s.reader(), d.Now()) {
		err = casework.ErrNotFound
	}
	return c, err
}

// kinds are the moves that acts ask for.
func kinds() map[string]casework.EventKind {
	return map[string]casework.EventKind{
		actAccept: casework.EvAccepted, actGiveBack: casework.EvGivenBack, actPlace: casework.EvPlaced,
		actLooked: casework.EvLooked, actContacted: casework.EvContacted, actTell: casework.EvTold,
		actMerge: casework.EvMerged, actApart: casework.EvApart, actUnmerge: casework.EvUnmerged,
	}
}

// can says whether the table of moves lets a worker do an act now.
func (v deskWords) can(act string, s seat, c casework.Case) bool {
	return c.Offer(kinds()[act], s.reader(), v.now) && (act != actUnmerge || v.unmergeable(c))
}

// ask shows the page of an act; when the act cannot be done now, the case's own page says what can.
func (d *desk) ask(w http.ResponseWriter, r *http.Request, s seat, act string, show func(deskWords, casework.Case) error) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	c, err := d.may(r.Context(), s, ref)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	if !v.can(act, s, c) || r.PathValue("reference") != string(ref) {
		redirect(w, r, casePath(ref))
		return nil
	}
	return show(v, c)
}

func (d *desk) askGiveBack(w http.ResponseWriter, r *http.Request, s seat) error {
	return d.ask(w, r, s, actGiveBack, func(v deskWords, c casework.Case) error {
		a := d.caseAct(v, s, c, actGiveBack)
		return d.render(w, http.StatusOK, "act", d.giveBackPage(v, s, c, a, givingBack{}))
	})
}

// givingBack is what a worker filled in, and what to mend about it.
type givingBack struct {
	reason, problem string
	conflict        bool // the worker knows these people
}

// giveBack moves the offer on. The worker may not see the case after that, so today's page follows.
func (d *desk) giveBack(w http.ResponseWriter, r *http.Request, s seat) error {
	a, err := d.sentActOf(r, s)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	g := givingBack{
		reason: a.reason, problem: v.reasonProblem(a.reason), conflict: r.PostForm.Get(conflictField) == conflictYes,
	}
	if g.problem != "" {
		c, err := d.may(r.Context(), s, a.Case)
		if err != nil {
			return err
		}
		return d.render(w, http.StatusUnprocessableEntity, "act", d.giveBackPage(v, s, c, d.resent(v, s, c, a, actGiveBack), g))
	}
	if err := d.Work.GiveBack(r.Context(), a.Click, g.reason, g.conflict); err != nil {
		return err
	}
	redirect(w, r, deskPath+"?gedaan="+actGiveBack)
	return nil
}

// resent is the form of an act that came back to be mended: the same command, on the same version.
func (d *desk) resent(v deskWords, s seat, c casework.Case, a sentAct, act string) caseAct {
	form := d.caseAct(v, s, c, act)
	form.Version, form.Command = a.Shown, a.Command
	return form
}

func (d *desk) giveBackPage(v deskWords, s seat, c casework.Case, act caseAct, g givingBack) actPage {
	knows := Field{Confirm: &Confirm{
		Ask: Ask{
			ID: conflictField, Label: v.texts.T("desk.give_back.conflict.label"), Hint: v.texts.T("desk.give_back.conflict.hint"),
		},
		Name: conflictField, Value: conflictYes, Checked: g.conflict,
	}}
	return d.actPage(v, s, c, act, "desk.give_back", v.reasonField("desk.give_back.reason", g.reason, g.problem), knows)
}

func (d *desk) actPage(v deskWords, s seat, c casework.Case, act caseAct, key string, fields ...Field) actPage {
	p := actPage{
		Frame:      d.frame(v.texts, s, v.texts.T(key+".title"), ""),
		Number:     c.ID,
		Area:       v.area(c.Area),
		Paragraphs: lines(v.texts.T(key + ".text")),
		Fields:     fields,
		Act:        act,
	}
	p.Act.Label = v.texts.T(key + ".send")
	p.Back = casePath(c.ID)
	for _, f := range fields {
		switch {
		case f.Select != nil && f.Select.Error != "":
			p.Problems = append(p.Problems, ProblemLink{Field: f.Select.ID, Text: f.Select.Error})
		case f.Area != nil && f.Area.Error != "":
			p.Problems = append(p.Problems, ProblemLink{Field: f.Area.ID, Text: f.Area.Error})
		}
	}
	return p
}

func (v deskWords) reasonField(key, reason, problem string) Field {
	return Field{Area: &TextArea{
		Ask:  Ask{ID: reasonField, Label: v.texts.T(key + ".label"), Hint: v.texts.T(key + ".hint"), Error: problem},
		Name: reasonField, Value: reason, Max: form.MaxStory, Rows: 5,
	}}
}

// changed says what others did since the page was shown, and keeps what was typed. Nothing was overwritten.
func (d *desk) changed(w http.ResponseWriter, r *http.Request, s seat, now casework.Case) error {
	dossier, err := d.Store.Dossier(r.Context(), now.ID)
	if err != nil {
		return err
	}
	c := dossier.Case
	if !c.MayRead(s.reader(), d.Now()) {
		return casework.ErrNotFound
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	shown, err := strconv.Atoi(r.PostForm.Get(versionField))
	if err != nil {
		return err
	}
	p := d.sayPage(v.texts, s, "desk.changed")
	p.Link = NavLink{Label: v.texts.T("desk.to_case"), URL: casePath(c.ID)}
	events := slices.DeleteFunc(dossier.Events, func(e casework.Event) bool { return e.Version <= shown })
	p.Changes = v.timeline(casework.Dossier{Events: events}, nil)
	p.Typed = typed(v.texts, r)
	if act := path.Base(r.URL.Path); p.Typed != nil && v.can(act, s, c) {
		a := d.caseAct(v, s, c, act)
		p.Action, p.Button = a.Action, a.Label
		p.Kept = []keptField{
			{versionField, strconv.Itoa(a.Version)},
			{commandField, a.Command},
			{tokenField, a.Token},
			{leadField, r.PostForm.Get(leadField)},
			{conflictField, r.PostForm.Get(conflictField)},
		}
	}
	return d.render(w, http.StatusConflict, "say", p)
}

// refused says why a move does not fit the case as it stands.
func (d *desk) refused(w http.ResponseWriter, r *http.Request, s seat, why *casework.TransitionError) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	c, err := d.may(r.Context(), s, ref)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := d.sayPage(v.texts, s, "desk.refused")
	key := "desk.refused." + string(why.Why)
	if why.Move == casework.EvMerged && why.Why == casework.NotYours && c.Lead == s.worker.ID {
		key += ".running" // this case is theirs, the running one no longer
	}
	p.Paragraphs = lines(v.texts.T(key, "Name", v.person(c.Owner())))
	p.Link = NavLink{Label: v.texts.T("desk.to_case"), URL: casePath(ref)}
	p.Typed = typed(v.texts, r)
	return d.render(w, http.StatusConflict, "say", p)
}
