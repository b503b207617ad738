package web

import (
	"net/http"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
)

// planPath is the last part of the address of a household's plan.
const planPath = "blad"

// planPage is the plan on a page of its own, for paper: one A4, without anything that is the desk's.
type planPage struct {
	Frame
	Number casework.Reference
	Plan   *planSheet // nil: there is none yet
	Lead   directory.Card
	Apart  []string // under a safety flag: paper lies about
}

// showPlan shows a household's plan.
func (d *desk) showPlan(w http.ResponseWriter, r *http.Request, s seat) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	o, err := d.openCase(r, s, ref)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := planPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.plan.title", "Number", string(ref)), ""), Number: ref,
		Plan: v.plan(o), Lead: v.people.Cards[o.dossier.Case.Lead],
	}
	p.Back = casePath(ref)
	if o.contact.Neutral {
		p.Apart = lines(v.texts.T("desk.plan.apart"))
	}
	return d.render(w, http.StatusOK, "plan", p)
}
