package web

import (
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
	if d.can(v, actMerge, s, c) {
		n.Acts = append(n.Acts, running, d.caseAct(v, s, c, actMerge))
	} else {
		n.Lines = append(n.Lines, lines(v.texts.T("desk.household.look"))...)
		n.Acts = append(n.Acts, d.caseAct(v, s, c, actLooked), running)
	}
	n.Acts = append(n.Acts, d.caseAct(v, s, c, actApart), d.caseAct(v, s, c, actGiveBack))
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
	if d.can(v, actUnmerge, s, c) {
		n.Acts = append(n.Acts, d.caseAct(v, s, c, actUnmerge))
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
