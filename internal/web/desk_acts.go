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

// The fields of an act's form that every act has, and what a worker writes with it.
const (
	versionField = "version"
	commandField = "command"
	reasonField  = "reason"
)

// act is one thing that a worker does with a case: a move of the table, what is asked first, and how it is done. Its words
// stand under its name: desk.act.{name} on the button, desk.done.{name} afterwards, desk.ask.{name}.* on its page.
type act struct {
	name  string // in addresses
	kind  casework.EventKind
	asks  func(s scene) []blank // nil: a click does it
	reads bool                  // asks needs what is sealed: that is audited first
	late  bool                  // done whatever else happened to the case since the page was shown
	away  bool                  // the case may be with somebody else afterwards: today's page follows
	do    func(ctx context.Context, k casework.Click, said filled) error
}

// acts are all acts that a worker does from a case's page, by theme. The receipt by hand has a page of its own.
func (d *desk) acts() []act {
	return slices.Concat(
		d.findingActs(), d.contactActs(), d.meetingActs(), d.helpingActs(), d.thinkingActs(), d.leadActs(), d.endingActs(),
		d.handOffActs(),
		[]act{{name: actTell, kind: casework.EvTold}},
	)
}

// actOf returns the act of a name; one that there is not is no move of the table.
func (d *desk) actOf(name string) act {
	acts := d.acts()
	if i := slices.IndexFunc(acts, func(a act) bool { return a.name == name }); i >= 0 {
		return acts[i]
	}
	return act{}
}

// actRoutes are the addresses of the acts: a page for each that asks something, and where it is sent.
func (d *desk) actRoutes() []deskRoute {
	var routes []deskRoute
	for _, a := range d.acts() {
		if a.do == nil {
			continue
		}
		at := "/desk/casus/{reference}/" + a.name
		if a.asks != nil {
			routes = append(routes, deskRoute{pattern: "GET " + at, may: readers, show: d.askAct(a)})
		}
		routes = append(routes, deskRoute{pattern: "POST " + at, may: readers, show: d.takeAct(a)})
	}
	return routes
}

// can says whether the table of moves lets a worker do an act now, in this municipality.
func (d *desk) can(v deskWords, name string, s seat, c casework.Case) bool {
	move, _ := casework.MoveOf(d.actOf(name).kind)
	return move.Made(d.Municipality.Until) && c.Offer(move.Kind, s.reader(), v.now) && (name != actUnmerge || v.unmergeable(c))
}

// clicked is an act that a click does.
func clicked(move func(context.Context, casework.Click) error) func(context.Context, casework.Click, filled) error {
	return func(ctx context.Context, k casework.Click, _ filled) error { return move(ctx, k) }
}

// because is an act that asks for a reason and nothing else.
func because(move func(context.Context, casework.Click, string) error) func(context.Context, casework.Click, filled) error {
	return func(ctx context.Context, k casework.Click, said filled) error {
		return move(ctx, k, said.One(reasonField))
	}
}

// nothing is what an act asks whose page only says what will happen.
func nothing(scene) []blank { return nil }

// why asks for a reason.
func why(scene) []blank { return []blank{reason()} }

// askAct shows the page of an act; when the act cannot be done now, the case's own page says what can.
func (d *desk) askAct(a act) deskPage {
	return func(w http.ResponseWriter, r *http.Request, s seat) error {
		ref, err := referenceOf(r)
		if err != nil {
			return err
		}
		v, err := d.words(s)
		if err != nil {
			return err
		}
		f, err := d.fileFor(r.Context(), a, s, ref)
		if err != nil {
			return err
		}
		if !d.can(v, a.name, s, f.dossier.Case) || r.PathValue("reference") != string(ref) {
			redirect(w, r, casePath(ref))
			return nil
		}
		sc, err := d.sceneOf(r, a, v, s, f)
		if err != nil {
			return err
		}
		asked := actForm{act: a, scene: sc, blanks: a.asks(sc)}
		return d.render(w, http.StatusOK, "act", d.actPage(asked, asked.preset(), d.caseAct(v, s, f.dossier.Case, a.name)))
	}
}

// takeAct does an act that was sent, or shows its page again with all that is to mend.
func (d *desk) takeAct(a act) deskPage {
	return func(w http.ResponseWriter, r *http.Request, s seat) error {
		k, err := d.clickOf(r, s)
		if err != nil {
			return err
		}
		said, again, err := d.said(r, a, s, k)
		if err != nil {
			return err
		}
		if again != nil {
			return d.render(w, http.StatusUnprocessableEntity, "act", *again)
		}
		if err := a.do(r.Context(), k, said); err != nil {
			return err
		}
		to := casePath(k.Case)
		if a.away {
			to = deskPath
		}
		redirect(w, r, to+"?gedaan="+a.name)
		return nil
	}
}

// said reads what was filled in for an act; again is the page to mend it on, nil when all is well. A command that was
// done before is well too: doing it once more does nothing.
func (d *desk) said(r *http.Request, a act, s seat, k casework.Click) (said filled, again *actPage, err error) {
	if a.asks == nil {
		return filled{}, nil, nil
	}
	v, err := d.words(s)
	if err != nil {
		return filled{}, nil, err
	}
	f, err := d.fetchFor(r.Context(), a, k.Case)
	if err != nil {
		return filled{}, nil, err
	}
	c := f.dossier.Case
	switch {
	case f.dossier.Did(k.Command, s.worker.ID):
		return filled{}, nil, nil
	case !c.MayRead(s.reader(), v.now):
		return filled{}, nil, casework.ErrNotFound
	case c.Version != k.Shown && !a.late:
		return filled{}, nil, &casework.StaleError{Current: c}
	}
	if err := c.Refuse(a.kind, s.reader(), v.now, d.Municipality.Until); err != nil {
		return filled{}, nil, err
	}
	sc, err := d.sceneOf(r, a, v, s, f)
	if err != nil {
		return filled{}, nil, err
	}
	asked := actForm{act: a, scene: sc, blanks: a.asks(sc)}
	said = asked.parse(r.PostForm)
	if problems := asked.problems(said); len(problems) > 0 {
		sent := d.caseAct(v, s, c, a.name)
		sent.Version, sent.Command = k.Shown, k.Command
		page := d.actPage(asked, said, sent)
		page.Problems = problems
		page.Fields = asked.fields(said, problems)
		return said, &page, nil
	}
	return said, nil, nil
}

// clickOf reads the act that was sent from this session's own page.
func (d *desk) clickOf(r *http.Request, s seat) (casework.Click, error) {
	if err := s.sent(r); err != nil {
		return casework.Click{}, err
	}
	ref, err := referenceOf(r)
	if err != nil {
		return casework.Click{}, err
	}
	shown, err := strconv.Atoi(r.PostForm.Get(versionField))
	if err != nil {
		return casework.Click{}, &BodyError{http.StatusBadRequest}
	}
	command := r.PostForm.Get(commandField)
	if _, err := casework.ParseSecret(command); err != nil {
		return casework.Click{}, &BodyError{http.StatusBadRequest}
	}
	return casework.Click{At: d.Now(), Case: ref, By: s.reader(), Shown: shown, Command: command}, nil
}

// may returns a case that a worker may read, else casework.ErrNotFound.
func (d *desk) may(ctx context.Context, s seat, ref casework.Reference) (casework.Case, error) {
	c, err := d.Store.Case(ctx, ref)
	if err == nil && !c.MayRead(s.reader(), d.Now()) {
		err = casework.ErrNotFound
	}
	return c, err
}

// fetchFor reads what an act's page needs: the history, and the report when the page shows what is sealed.
func (d *desk) fetchFor(ctx context.Context, a act, ref casework.Reference) (f file, err error) {
	if a.reads {
		return d.fetch(ctx, ref)
	}
	f.dossier, err = d.Store.Dossier(ctx, ref)
	return f, err
}

// fileFor is fetchFor of a case that the worker may read, else casework.ErrNotFound.
func (d *desk) fileFor(ctx context.Context, a act, s seat, ref casework.Reference) (file, error) {
	f, err := d.fetchFor(ctx, a, ref)
	if err == nil && !f.dossier.Case.MayRead(s.reader(), d.Now()) {
		err = casework.ErrNotFound
	}
	return f, err
}

// actPage asks what an act needs to know.
type actPage struct {
	Frame
	Number     casework.Reference
	Name       string // call name; "" where the page opens nothing
	Area       string
	Alert      *Alert      // why it was not done, nil the first time
	Warnings   []Alert     // what to know before speaking with the resident
	Changes    []happening // what others did meanwhile
	Paragraphs []string
	Fields     []Field
	Act        caseAct
}

func (d *desk) actPage(asked actForm, said filled, sent caseAct) actPage {
	v, c := asked.scene.deskWords, asked.scene.c
	p := actPage{
		Frame:      d.frame(v.texts, asked.scene.seat, asked.say("", "title", v.texts.T("desk.act."+asked.name)), ""),
		Number:     c.ID,
		Name:       asked.scene.contact.CallName,
		Area:       v.area(c.Area),
		Paragraphs: lines(asked.say("", "text", "")),
		Fields:     asked.fields(said, nil),
		Act:        sent,
	}
	if ends(asked.kind) && v.now.Before(c.Meeting) {
		p.Paragraphs = append(p.Paragraphs, v.texts.T("desk.ask.call_off", "When", v.moment(c.Meeting)))
	}
	p.Act.Label = asked.say("", "send", v.texts.T("desk.act."+asked.name))
	p.Back = casePath(c.ID)
	if asked.reads {
		told := told{wording: wording{texts: v.texts, answers: asked.scene.content.Answers}, v: v, contact: asked.scene.contact}
		p.Warnings = told.warnings()
	}
	return p
}

// ends says whether a move leaves nobody who would come to the next meeting.
func ends(kind casework.EventKind) bool {
	return slices.Contains([]casework.EventKind{casework.EvClosed, casework.EvGivenUp, casework.EvHandedOff, casework.EvWithdrawn}, kind)
}

// askedAgain is the page of the act that a POST was for, with what was typed, for a case as it is now; nil when that act
// asks nothing or cannot be done any more.
func (d *desk) askedAgain(r *http.Request, v deskWords, s seat, ref casework.Reference) (*actPage, error) {
	a := d.actOf(path.Base(r.URL.Path))
	if a.asks == nil {
		return nil, nil
	}
	f, err := d.fileFor(r.Context(), a, s, ref)
	if err != nil || !d.can(v, a.name, s, f.dossier.Case) {
		return nil, err
	}
	sc, err := d.sceneOf(r, a, v, s, f)
	if err != nil {
		return nil, err
	}
	asked := actForm{act: a, scene: sc, blanks: a.asks(sc)}
	p := d.actPage(asked, asked.parse(r.PostForm), d.caseAct(v, s, f.dossier.Case, a.name))
	return &p, nil
}

// changed says what others did since the page was shown, and keeps what was typed. Nothing was overwritten.
func (d *desk) changed(w http.ResponseWriter, r *http.Request, s seat, now casework.Case) error {
	dossier, err := d.Store.Dossier(r.Context(), now.ID)
	if err != nil {
		return err
	}
	if !dossier.Case.MayRead(s.reader(), d.Now()) {
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
	events := slices.DeleteFunc(dossier.Events, func(e casework.Event) bool { return e.Version <= shown })
	changes, key := v.timeline(casework.Dossier{Events: events}, nil), "desk.changed"
	if others := slices.ContainsFunc(events, func(e casework.Event) bool { return e.By != s.worker.ID }); !others {
		key = "desk.changed.self" // in another tab, or on a page from before
	}
	again, err := d.askedAgain(r, v, s, now.ID)
	if err != nil {
		return err
	}
	if again != nil {
		again.Changes = changes
		again.Alert = &Alert{Heading: v.texts.T(key + ".title"), Lines: lines(v.texts.T(key + ".text")), Tone: Heed}
		return d.render(w, http.StatusConflict, "act", *again)
	}
	p := d.sayPage(v.texts, s, key)
	p.Link = NavLink{Label: v.texts.T("desk.to_case"), URL: casePath(now.ID)}
	p.Changes, p.Typed = changes, d.allTyped(v.texts, r)
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
	key := "desk.refused." + string(why.Why)
	if why.Move == casework.EvMerged && why.Why == casework.NotYours && c.Lead == s.worker.ID {
		key += ".running" // this case is theirs, the running one no longer
	}
	said := lines(v.texts.T(key, "Name", v.person(c.Owner())))
	again, err := d.askedAgain(r, v, s, ref)
	if err != nil {
		return err
	}
	if again != nil {
		again.Alert = &Alert{Heading: v.texts.T("desk.refused.title"), Lines: said, Tone: Heed}
		return d.render(w, http.StatusConflict, "act", *again)
	}
	p := d.sayPage(v.texts, s, "desk.refused")
	p.Paragraphs, p.Typed = said, d.allTyped(v.texts, r)
	p.Link = NavLink{Label: v.texts.T("desk.to_case"), URL: casePath(ref)}
	return d.render(w, http.StatusConflict, "say", p)
}

// reasonOf returns the reason that a form brought along, normalised.
func reasonOf(r *http.Request) string {
	page := form.Page{Questions: []form.Question{reason().Question}}
	return page.Parse(r.PostForm).One(reasonField)
}
