package web

import (
	"slices"

	"voordeur/internal/casework"
)

// nextStep is what the worker can do now.
type nextStep struct {
	Lines []string  // what the case waits for
	Acts  []caseAct // what fits the case as it stands; the first is the primary one
	More  []caseAct // what else the worker may do
}

// caseAct is one act: a form, or a link to a page that asks something first.
type caseAct struct {
	Label   string
	Action  string
	Asks    bool   // a link; the rest is for forms
	First   bool   // the primary one of its page
	Version int    // that the page shows
	Command string // the same command does its work once
	Token   string
}

func (d *desk) caseAct(v deskWords, s seat, c casework.Case, name string) caseAct {
	path := casePath(c.ID) + "/" + name
	return caseAct{
		Label: v.texts.T("desk.act." + name), Action: path, Asks: name == actTell || d.actOf(name).asks != nil,
		Version: c.Version, Command: casework.NewSecret().String(), Token: s.token(path),
	}
}

// foremost lists the acts that fit a state, the one that brings the case on first. Those that a worker may not do, or
// that do not fit the case now, are left out of the page.
func foremost(state casework.State) []string {
	switch state {
	case casework.Assigned:
		return []string{actAccept, actGiveBack}
	case casework.Escalated:
		return []string{actPlace, actAccept, actWaitlist}
	case casework.Waiting:
		return []string{actPlace, actCalled}
	case casework.Accepted:
		return []string{actContacted, actMeeting, actTried, actMet}
	case casework.MeetingPlanned:
		return []string{actMet, actMissed, actContacted, actMeeting}
	case casework.InInquiry:
		return []string{actMet, actMissed, actConclude, actMeeting, actPlan, actHandOff}
	case casework.Planning:
		return []string{actMissed, actPlan, actStart, actHandOff}
	case casework.Active:
		return []string{actMissed, actReview, actMet, actDim}
	case casework.PilotLight:
		return []string{actMissed, actReview, actStepUp, actClose}
	case casework.InHandover:
		return []string{actTakeOver, actMet, actMissed, actReview, actObject, actKeepLead}
	case casework.ContactLost:
		return []string{actFound, actTried, actGiveUp}
	case casework.Closed:
		return []string{actReopen}
	case casework.Withdrawn:
		return []string{actResubmit}
	case casework.Submitted, casework.Merged, casework.Destroyed, casework.Rehearsed:
	}
	return nil
}

// next lists what the worker can do with a case now, the most urgent first.
func (d *desk) next(v deskWords, s seat, c casework.Case) nextStep {
	switch {
	case d.can(v, actApart, s, c):
		return d.more(v, s, c, d.householdStep(v, s, c))
	case d.can(v, actConfirmed, s, c):
		return d.more(v, s, c, d.handOffStep(v, s, c))
	case c.State == casework.Merged:
		return d.more(v, s, c, d.mergedStep(v, s, c))
	}
	n := nextStep{Lines: []string{v.waits(c)}}
	names := slices.Concat([]string{actAnswer, actReassign, actDenyAnother, actStays}, foremost(c.State), []string{actTell})
	if _, asked := c.Deadline(casework.DueAnother); !asked { // what a coordinator may always do is not always the next step
		names = slices.DeleteFunc(names, func(name string) bool { return name == actReassign })
	}
	if due, ok := v.firstDue(c); ok && due.For == casework.DueInvite { // also after a meeting that was missed
		names = append([]string{actMeeting}, slices.DeleteFunc(names, func(name string) bool { return name == actMeeting })...)
	}
	if onDuty := slices.Contains(c.Look.Line[:c.Look.Asked], s.worker.ID); onDuty {
		names = append([]string{actLooked}, names...)
	} else { // whoever looks, looks
		names = append(names, actLooked)
	}
	for _, name := range names {
		if d.can(v, name, s, c) {
			n.Acts = append(n.Acts, d.caseAct(v, s, c, name))
			if name == actAccept && c.State.Queued() {
				n.Acts[len(n.Acts)-1].Label = v.texts.T("desk.act.zelf")
			}
		}
	}
	return d.more(v, s, c, n)
}

// more adds what else the worker may do, by theme.
func (d *desk) more(v deskWords, s seat, c casework.Case, n nextStep) nextStep {
	if len(n.Acts) > 0 {
		n.Acts[0].First = true
	}
	for _, a := range d.acts() {
		path := casePath(c.ID) + "/" + a.name
		shown := slices.ContainsFunc(n.Acts, func(shown caseAct) bool { return shown.Action == path })
		if !shown && d.can(v, a.name, s, c) {
			n.More = append(n.More, d.caseAct(v, s, c, a.name))
		}
	}
	return n
}

func (v deskWords) offerPassed(c casework.Case) bool {
	due, ok := c.Deadline(casework.DueAccept)
	return ok && v.late(due.At)
}

// waits says what a case waits for first, from whom and until when.
func (v deskWords) waits(c casework.Case) string {
	due, ok := v.firstDue(c)
	switch {
	case !ok:
		return v.texts.T("desk.waits.nothing")
	case v.offerPassed(c):
		return v.texts.T("desk.task.passed.do")
	}
	key := "desk.waits." + string(due.For)
	if due.For == casework.DueAccept && c.Proposed != "" {
		key = "desk.waits.household"
	}
	return v.texts.T(key, "Name", v.person(due.Owner), "Until", v.before(due.At))
}

// firstDue is what the case waits for first: a lead before all else, then what is due soonest. A first look has its own
// act, and its own lines; an ended case waits for nothing while its term runs.
func (v deskWords) firstDue(c casework.Case) (first casework.Deadline, ok bool) {
	for _, kind := range []casework.DeadlineKind{casework.DueAccept, casework.DueDecide} {
		if due, ok := c.Deadline(kind); ok {
			return due, true
		}
	}
	for _, due := range c.Pressing() {
		looks := due.For == casework.DueLook || due.For == casework.DueLookNext || due.For == casework.DueReceipt
		if !looks && !v.kept(due) && (!ok || due.At.Before(first.At)) {
			first, ok = due, true
		}
	}
	return first, ok
}
