package web

import (
	"net/http"
	"slices"

	"voordeur/internal/casework"
)

// A report may belong to a case that runs already. Its lead says whether it is the same household; neither answer is
// the easy one, so both acts look alike. Only a case that was added shows on the other one's page.

// householdStep says which household it is: read the running case first, then choose. While somebody still has to look
// first, that comes before.
func (d *desk) householdStep(v deskWords, s seat, c casework.Case) nextStep {
	due, _ := c.Deadline(casework.DueAccept)
	n := nextStep{Lines: lines(v.texts.T("desk.household.ask", "Until", v.before(due.At)))}
	running := caseAct{Label: v.texts.T("desk.act.lopend"), Action: casePath(c.Proposed), Asks: true}
	if v.can(actMerge, s, c) {
		n.Acts = append(n.Acts, running, d.caseAct(v, s, c, actMerge))
	} else {
		n.Lines = append(n.Lines, lines(v.texts.T("desk.household.look"))...)
		n.Acts = append(n.Acts, d.caseAct(v, s, c, actLooked), running)
	}
	giveBack := d.caseAct(v, s, c, actGiveBack)
	giveBack.Asks = true
	n.Acts = append(n.Acts, d.caseAct(v, s, c, actApart), giveBack)
	return n
}

// mergedStep leads to the running case that this one was added to.
func (d *desk) mergedStep(v deskWords, s seat, c casework.Case) nextStep {
	n := nextStep{
		Lines: lines(v.texts.T("desk.merged.work")),
		Acts:  []caseAct{{Label: v.texts.T("desk.act.lopend"), Action: casePath(c.Into), Asks: true}},
	}
	if v.unmergeable(c) {
		n.Lines = append(n.Lines, v.texts.T("desk.merged.undo", "Until", v.before(c.UnmergeBefore(v.municipality))))
	}
	if v.can(actUnmerge, s, c) {
		undo := d.caseAct(v, s, c, actUnmerge)
		undo.Asks = true
		n.Acts = append(n.Acts, undo)
	}
	return n
}

// unmergeable says whether an addition can still be taken back.
func (v deskWords) unmergeable(c casework.Case) bool {
	return c.State == casework.Merged && !v.now.After(c.UnmergeBefore(v.municipality))
}

// addition is a report that was added to the case.
type addition struct {
	Number casework.Reference
	URL    string
	Since  string
}

// additions lists what was added to a case and not taken back, the oldest first.
func (v deskWords) additions(events []casework.Event) []addition {
	var added []addition
	for _, e := range events {
		if e.Kind == casework.EvAdded {
			added = append(added, addition{Number: e.Other, URL: casePath(e.Other), Since: v.moment(e.At)})
		}
		if e.Kind == casework.EvUnmerged {
			added = slices.DeleteFunc(added, func(a addition) bool { return a.Number == e.Other })
		}
	}
	return added
}

func (d *desk) askUnmerge(w http.ResponseWriter, r *http.Request, s seat) error {
	return d.ask(w, r, s, actUnmerge, func(v deskWords, c casework.Case) error {
		a := d.caseAct(v, s, c, actUnmerge)
		return d.render(w, http.StatusOK, "act", d.unmergePage(v, s, c, a, "", ""))
	})
}

// unmerge takes an addition back, by a coordinator with a reason.
func (d *desk) unmerge(w http.ResponseWriter, r *http.Request, s seat) error {
	a, err := d.sentActOf(r, s)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	if problem := v.reasonProblem(a.reason); problem != "" {
		c, err := d.may(r.Context(), s, a.Case)
		if err != nil {
			return err
		}
		page := d.unmergePage(v, s, c, d.resent(v, s, c, a, actUnmerge), a.reason, problem)
		return d.render(w, http.StatusUnprocessableEntity, "act", page)
	}
	if err := d.Work.Unmerge(r.Context(), a.Click, a.reason); err != nil {
		return err
	}
	redirect(w, r, casePath(a.Case)+"?gedaan="+actUnmerge)
	return nil
}

func (d *desk) unmergePage(v deskWords, s seat, c casework.Case, act caseAct, reason, problem string) actPage {
	return d.actPage(v, s, c, act, "desk.unmerge", v.reasonField("desk.unmerge.reason", reason, problem))
}
