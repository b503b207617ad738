package casework

import (
	"slices"
	"time"

	"voordeur/internal/routing"
)

// Reader is a worker who asks to see a case, or to do something with it. What a worker may is read from the table of
// staff on every request.
type Reader struct {
	Worker      string
	Coordinator bool
	Team        string       // of the municipality's file
	StandsInFor []string     // workers who are away, and whose stand-in this is
	Aside       routing.Role // by which they take no case, "" for who does: see routing.Worker.Aside
}

// is says whether the reader is a worker, or stands in for them.
func (r Reader) is(worker string) bool {
	return worker != "" && (worker == r.Worker || slices.Contains(r.StandsInFor, worker))
}

// Relation is what somebody is to a case. What each may do stands in Moves.
type Relation string

// The relations.
const (
	TheLead       Relation = "lead"        // leads it, or stands in for who does
	TheOwner      Relation = "owner"       // it stands with them: lead, or coordinator whose queue it is in
	ACoordinator  Relation = "coordinator" // any coordinator, or who stands in for the one that it waits for
	AnotherPair   Relation = "other_eyes"  // a coordinator who does not lead it: four eyes
	OnDuty        Relation = "on_duty"     // was asked for the first look
	TheNewLead    Relation = "new_lead"    // whom it is being handed over to
	WhoWasAsked   Relation = "asked"       // a colleague who thinks along
	BehindGlass   Relation = "glass"       // broke the glass, a short while ago
	AnyWorker     Relation = "worker"      // works here, and is nothing to the case
	TheService    Relation = "service"     // dispatch, by the clock
	TheCaseSystem Relation = "case_system" // the municipality's own, through the API
)

// Relations lists what a worker is to the case at a moment. Who takes cases and is nothing else to it is AnyWorker. Somebody of a partner
// is something to it only while they are asked, an administrator and a privacy officer never, whatever they were before.
func (c *Case) Relations(r Reader, at time.Time) []Relation {
	asked := c.Open() && slices.ContainsFunc(c.Asked, r.is)
	switch {
	case r.Aside == routing.Partner && asked:
		return []Relation{WhoWasAsked}
	case r.Aside != "":
		return nil
	}
	var relations []Relation
	add := func(relation Relation, holds bool) {
		if holds {
			relations = append(relations, relation)
		}
	}
	add(TheLead, r.is(c.Lead))
	add(TheOwner, r.is(c.Owner()))
	coordinates := r.Coordinator || slices.ContainsFunc(r.StandsInFor, c.waitsForCoordinator)
	add(ACoordinator, coordinates)
	add(AnotherPair, coordinates && !r.is(c.Lead))
	add(OnDuty, slices.Contains(c.Look.Line[:c.Look.Asked], r.Worker))
	add(TheNewLead, r.is(c.Handover.To))
	add(WhoWasAsked, asked)
	add(BehindGlass, slices.ContainsFunc(c.Glass, func(g Glass) bool { return g.Worker == r.Worker && at.Before(g.Until) }))
	if len(relations) == 0 {
		return []Relation{AnyWorker}
	}
	return relations
}

// waitsForCoordinator says whether the case waits for that coordinator, who finds it a lead or decides something.
func (c *Case) waitsForCoordinator(worker string) bool {
	decides := slices.ContainsFunc(c.Deadlines, func(d Deadline) bool {
		return d.Owner == worker && (d.For == DueFind || d.For == DueAnother || d.For == DueHold)
	})
	return decides || c.State.Queued() && c.Coordinator == worker
}

// MayRead says whether a worker may open the case: whoever is more to it than a colleague. A smoke test is nobody's to
// read, nor is a case whose term is over.
func (c *Case) MayRead(r Reader, at time.Time) bool {
	return c.State != Rehearsed && !c.Gone(at) && slices.ContainsFunc(c.Relations(r, at), func(is Relation) bool { return is != AnyWorker })
}

// Outside says as what somebody reads the case who is neither its lead nor of its team: that is shown to the lead (G10).
// It is "" for everybody else. Who broke the glass comes from outside, whatever their team is.
func (c *Case) Outside(r Reader, team string, at time.Time) Relation {
	is := c.Relations(r, at)
	if slices.Contains(is, TheLead) || slices.Contains(is, TheOwner) {
		return ""
	}
	for _, relation := range []Relation{WhoWasAsked, TheNewLead, OnDuty, ACoordinator} {
		if slices.Contains(is, relation) {
			if r.Team == team && r.Aside == "" {
				return ""
			}
			return relation
		}
	}
	return BehindGlass
}

// Reader returns a worker as who reads and acts now.
func (p People) Reader(w routing.Worker, now time.Time) Reader {
	r := Reader{Worker: w.ID, Team: w.Team, Aside: w.Aside()}
	if r.Aside != "" {
		return r
	}
	r.Coordinator = slices.Contains(w.Roles, routing.Coordinator)
	for _, away := range p.StandsInFor(w.ID, now) {
		r.StandsInFor = append(r.StandsInFor, away.ID)
	}
	return r
}

// PrivacyOfficers lists who hears of it when somebody breaks the glass.
func (p People) PrivacyOfficers(now time.Time) []string {
	var officers []string
	for _, w := range p.Workers {
		if slices.Contains(w.Roles, routing.PrivacyOfficer) && w.WorksOn(now) {
			officers = append(officers, w.ID)
		}
	}
	return officers
}
