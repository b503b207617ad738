package routing

import (
	"errors"
	"slices"
	"strings"
	"time"

	"voordeur/internal/municipality"
)

// Choose returns the one lead. It gives an error only when the people have no coordinator at all and nobody else can
// have the case.
//
// Outside office hours the roster is that of the day the office opens next, and who is away on either day is absent: a
// report on Friday night waits for somebody who is there on Monday.
func Choose(in Inputs) (Decision, error) {
	c := newChoice(in)
	for _, yields := range []func() bool{
		c.safety,
		c.continuity,
		c.knownWorker,
		c.rules,
		c.discipline,
		c.generalist,
		c.coordinator,
	} {
		if yields() {
			c.decision.Standby = c.standby()
			return c.decision, nil
		}
	}
	return Decision{}, errors.New("no coordinator among the workers")
}

// Queue returns the coordinator whose queue a case goes to when it is not routed: step 7 alone.
func Queue(in Inputs) (Decision, error) {
	c := newChoice(in)
	if !c.coordinator() {
		return Decision{}, errors.New("no coordinator among the workers")
	}
	return c.decision, nil
}

// choice is a decision in the making. Each step says whether it yielded a winner, and notes why when it did not.
type choice struct {
	Inputs
	opens    time.Time // when work on the case can begin
	days     []string  // on which a lead has to be there: today's, and the one on which work can begin
	decision Decision
}

func newChoice(in Inputs) *choice {
	c := &choice{Inputs: in, opens: in.Municipality.NextOpen(in.Now)}
	c.days = daysOf(in.Now, c.opens)
	c.decision = Decision{Version: in.Rules.Version, Safety: in.Facts.Safety, DecidedAt: in.Now.UTC()}
	if in.Facts.Priority == municipality.P1 {
		c.decision.FirstLook = c.firstLook()
	}
	return c
}

// firstLook returns who looks first at an urgent case. It is never empty while there is a coordinator.
func (c *choice) firstLook() []string {
	line := slices.DeleteFunc(c.Roster.OnDuty(c.opens, c.Workers), func(id string) bool {
		w, _ := workerByID(c.Workers, id)
		return c.excluded(id) || w.Unconfirmed
	})
	if len(line) > 0 {
		return line
	}
	if q, ok := c.queue(); ok {
		return []string{q.keeper.Worker}
	}
	return nil
}

// safety is step 1: the first in line of the duty workers, whatever their room.
func (c *choice) safety() bool {
	if !c.Facts.Safety {
		return false
	}
	day, line := c.Roster.line(c.opens, c.Workers)
	days := daysOf(c.Now, day)
	all := c.record(line, func(w *Worker) Out { return c.out(w, days) })
	left := remaining(all)
	if len(left) == 0 {
		c.pass(StepSafety, "", whyNone(all))
		return false
	}
	for _, later := range left[1:] {
		later.Out = OutLater
	}
	c.win(StepSafety, all, left[0], TieNone)
	return true
}

// rules is step 4: the first rule that fits and has somebody with room.
func (c *choice) rules() bool {
	matched := false
	for _, rule := range c.Rules.Rules {
		if !matches(rule.When, c.Facts) {
			continue
		}
		matched = true
		set := c.pointedAt(rule.Leads)
		if !slices.ContainsFunc(set, func(w *Worker) bool { return w.takesCases(c.days) }) {
			c.decision.Alarms = append(c.decision.Alarms, rule.ID)
			c.pass(StepRules, rule.ID, WhyNobody)
			continue
		}
		if c.route(StepRules, rule.ID, set) {
			c.decision.Rule, c.decision.RuleName = rule.ID, rule.Name
			return true
		}
	}
	if !matched {
		c.pass(StepRules, "", WhyNoMatch)
	}
	return false
}

// matches says whether the facts meet every condition that a rule names.
func matches(when municipality.When, f Facts) bool {
	return meets(when.Areas, f.Area) && meets(when.LifeAreas, f.Main) && meets(when.Priorities, f.Priority) &&
		(len(when.Languages) == 0 || slices.ContainsFunc(when.Languages, func(l string) bool {
			return primary(l) == primary(f.Language)
		}))
}

func meets[T comparable](wanted []T, got T) bool {
	return len(wanted) == 0 || slices.Contains(wanted, got)
}

func (c *choice) pointedAt(l municipality.Leads) []*Worker {
	if l.Worker == "" {
		return c.inTeam(l.Team, l.Discipline)
	}
	return c.only(l.Worker)
}

func (c *choice) inTeam(team string, d municipality.Discipline) []*Worker {
	set := make([]*Worker, 0, len(c.Workers))
	for i := range c.Workers {
		w := &c.Workers[i]
		if w.Team == team && slices.Contains(w.Disciplines, d) {
			set = append(set, w)
		}
	}
	return set
}

// generalist is step 6: a generalist of the team that serves the area.
func (c *choice) generalist() bool {
	team, ok := c.Municipality.TeamOf(c.Facts.Area)
	if !ok {
		c.pass(StepGeneralist, "", WhyNoArea)
		return false
	}
	if !c.route(StepGeneralist, "", c.inTeam(team.ID, municipality.Generalist)) {
		return false
	}
	c.decision.TeamName = team.Name
	return true
}

// route gives the case to the best of a set who has room for it.
func (c *choice) route(step Step, rule string, set []*Worker) bool {
	c.decision.Routed = c.give(step, rule, set, func(w *Worker) Out {
		if w.Load+Weight(c.Facts.Priority) > w.Capacity(c.Municipality.PointsPerHour) {
			return OutNoRoom
		}
		return ""
	})
	return c.decision.Routed
}

// give gives the case to the best of a set whom nothing keeps from it; also names what else may.
func (c *choice) give(step Step, rule string, set []*Worker, also func(*Worker) Out) bool {
	all := c.record(inOrder(set), func(w *Worker) Out {
		if out := c.out(w, c.days); out != "" {
			return out
		}
		return also(w)
	})
	left := remaining(all)
	if len(left) == 0 {
		c.pass(step, rule, whyNone(all))
		return false
	}
	winner, by := c.breakTie(left)
	c.win(step, all, winner, by)
	return true
}

// coordinator is step 7: there is always one, so that nothing is ever unassigned.
func (c *choice) coordinator() bool {
	q, ok := c.queue()
	if !ok {
		return false
	}
	if q.overlooked != "" {
		c.pass(StepCoordinator, "", q.overlooked)
	}
	c.win(StepCoordinator, q.all, q.keeper, q.by)
	return true
}

// queue is who keeps the queue of cases that are not routed.
type queue struct {
	keeper     *Candidate
	by         TieBreak
	all        []Candidate
	overlooked Why // "" when the keeper is available
}

// queue finds the coordinator; ok is false when there is none. When none is available it overlooks, in this order,
// that one is unconfirmed, excluded, absent, inactive: a queue of somebody away can be taken over, a case in no queue is
// lost.
func (c *choice) queue() (q queue, ok bool) {
	var set []*Worker
	for i := range c.Workers {
		w := &c.Workers[i]
		if slices.Contains(w.Roles, Coordinator) {
			set = append(set, w)
		}
	}
	all := c.record(inOrder(set), func(w *Worker) Out { return c.out(w, c.days) })
	for _, o := range []struct {
		out Out
		why Why
	}{{"", ""}, {OutUnconfirmed, WhyAllUnconfirmed}, {OutExcluded, WhyAllExcluded}, {OutAbsent, WhyAllAbsent}, {OutInactive, WhyAllInactive}} {
		for i := range all {
			if all[i].Out == o.out {
				all[i].Out = ""
			}
		}
		if left := remaining(all); len(left) > 0 {
			q.all, q.overlooked = all, o.why
			q.keeper, q.by = c.breakTie(left)
			return q, true
		}
	}
	return queue{}, false
}

func (c *choice) excluded(workerID string) bool {
	return slices.Contains(c.Facts.Excluded, workerID)
}

// out says why a worker cannot have the case, room aside, the weightiest reason first; "" is that they can.
func (c *choice) out(w *Worker, days []string) Out {
	switch {
	case !w.takesCases(days):
		return OutInactive
	case w.absentOn(days):
		return OutAbsent
	case c.excluded(w.ID):
		return OutExcluded
	case w.Unconfirmed:
		return OutUnconfirmed
	}
	return ""
}

func (c *choice) pass(step Step, rule string, why Why) {
	c.decision.Passed = append(c.decision.Passed, Passed{Step: step, Rule: rule, Why: why})
}

func (c *choice) win(step Step, all []Candidate, winner *Candidate, by TieBreak) {
	c.decision.Step, c.decision.Winner, c.decision.TieBreak, c.decision.Candidates = step, winner.Worker, by, all
}

// whyNone says why nobody of a set is left.
func whyNone(all []Candidate) Why {
	outs := map[Out]bool{}
	for _, k := range all {
		outs[k.Out] = true
	}
	switch {
	case len(all) == 0:
		return WhyNobody
	case outs[OutNoRoom]:
		return WhyNoRoom
	case len(outs) > 1:
		return WhyNobodyLeft
	case outs[OutInactive]:
		return WhyAllInactive
	case outs[OutAbsent]:
		return WhyAllAbsent
	case outs[OutUnconfirmed]:
		return WhyAllUnconfirmed
	}
	return WhyAllExcluded
}

// inOrder sorts the workers by id: the order they come in decides nothing.
func inOrder(set []*Worker) []*Worker {
	slices.SortFunc(set, func(a, b *Worker) int { return strings.Compare(a.ID, b.ID) })
	return set
}
