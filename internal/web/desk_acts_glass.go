package web

import (
	"errors"
	"net/http"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// The key for an emergency: a worker opens a case that they have no part in, for a while (T14). It takes the exact number,
// a real reason, and proof, just now, of who they are. The answer is the same whether there is such a case or not: its
// page, or the one of an unknown number.
const (
	glassPath = "/desk/noodsleutel"
	provePath = glassPath + "/aanmelden"

	numberField = "number"
)

func (d *desk) glassRoutes() []deskRoute {
	return []deskRoute{
		{pattern: "GET " + glassPath, may: team, show: d.askGlass},
		{pattern: "GET " + provePath, may: team, show: d.proveAnew},
		{pattern: "POST " + glassPath, may: team, show: d.breakGlass},
	}
}

// glassPage asks for a number and a reason, or first for a new sign-in.
type glassPage struct {
	Frame
	Alert   *Alert // why nothing happened, nil the first time
	Prove   string // where to sign in anew, "" for who just did
	Form    bool   // is shown, also with what was typed before a sign-in
	Fields  []Field
	Action  string
	Token   string
	Command string
}

func (d *desk) glassForm(v deskWords, s seat) actForm {
	sc := scene{deskWords: v, seat: s}
	number, told := typing(numberField, form.Short).must(), ticked(toldField)
	why := reason()
	why.label = v.texts.T("desk.glass.reason")
	return actForm{scene: sc, blanks: []blank{number, why, sc.basis(casework.EmergencyBases(), ""), told}}
}

func (d *desk) glassPage(v deskWords, s seat) glassPage {
	p := glassPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.glass.ask.title"), ""), Form: isFresh(s.session.Proved, d.Clock()),
		Action: glassPath, Token: s.token(glassPath), Command: casework.NewSecret().String(),
	}
	p.Back = searchPath
	if !p.Form {
		p.Prove = provePath
	}
	return p
}

// askGlass asks who just signed in for a number and a reason, and anybody else to sign in anew.
func (d *desk) askGlass(w http.ResponseWriter, _ *http.Request, s seat) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p, asked := d.glassPage(v, s), d.glassForm(v, s)
	p.Fields = asked.fields(asked.preset(), nil)
	return d.render(w, http.StatusOK, "glass", p)
}

// proveAnew has the provider ask once more who this is.
func (d *desk) proveAnew(w http.ResponseWriter, r *http.Request, _ seat) error {
	return d.startSignIn(w, r, glassPath, "", true)
}

// breakGlass opens the case of a number. That somebody tried is written down and counted, like a search.
func (d *desk) breakGlass(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	command := r.PostForm.Get(commandField)
	if _, err := casework.ParseSecret(command); err != nil {
		return &BodyError{http.StatusBadRequest}
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p, asked := d.glassPage(v, s), d.glassForm(v, s)
	said := asked.parse(r.PostForm)
	p.Command, p.Fields = command, asked.fields(said, nil)
	if !p.Form {
		p.Form, p.Alert = true, &Alert{Lines: lines(v.texts.T("desk.glass.stale")), Tone: Heed}
		return d.render(w, http.StatusForbidden, "glass", p)
	}
	ref, problems := asked.glassProblems(said)
	if len(problems) > 0 {
		p.Problems, p.Fields = problems, asked.fields(said, problems)
		return d.render(w, http.StatusUnprocessableEntity, "glass", p)
	}
	err = d.Store.AuditSearch(r.Context(), casework.Audit{At: d.Now(), Worker: s.worker.ID, Page: r.Pattern}, casework.SearchesMost)
	if errors.Is(err, casework.ErrTooMany) {
		p.Alert = &Alert{Lines: lines(v.texts.T("desk.glass.often")), Phones: v.coordinators(), Tone: Heed}
		return d.render(w, http.StatusTooManyRequests, "glass", p)
	}
	if err != nil {
		return err
	}
	k := casework.Click{At: d.Now(), Case: ref, By: s.reader(), Command: command}
	err = d.Work.BreakGlass(r.Context(), k, casework.Emergency{
		Reason: said.One(reasonField), Basis: casework.Basis(said.One(basisField)), Told: said.Has(toldField, "yes"),
	})
	needless := casework.RefusedBecause(err, casework.NotYours) // they may read it as it is
	if err != nil && !needless && !errors.Is(err, casework.ErrNotFound) {
		return err
	}
	redirect(w, r, casePath(ref))
	return nil
}

// glassProblems reads the number, and lists all there is to mend, in the order of the page.
func (f actForm) glassProblems(said filled) (ref casework.Reference, problems []ProblemLink) {
	ref, err := casework.ParseReference(said.One(numberField))
	if err != nil {
		problems = append(problems, ProblemLink{Field: numberField, Text: f.scene.texts.T("desk.glass.number_wrong")})
	}
	fit := casework.RealReason(said.One(reasonField))
	if !fit {
		problems = append(problems, ProblemLink{Field: reasonField, Text: f.scene.texts.T("desk.glass.reason_wrong")})
	}
	for _, p := range f.problems(said) {
		if p.Field != numberField && (p.Field != reasonField || fit) {
			problems = append(problems, p)
		}
	}
	return ref, problems
}
