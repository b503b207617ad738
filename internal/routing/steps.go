package routing

import (
	"slices"

	"voordeur/internal/municipality"
)

// continuity is step 2: whoever leads the case that the report may belong to, whatever their room. That lead says
// whether it is the same household. A case under a safety flag belongs to no other.
func (c *choice) continuity() bool {
	if c.Facts.Match == nil || c.Facts.Safety {
		return false
	}
	given := c.give(StepContinuity, "", c.only(c.Facts.Match.Lead), func(*Worker) Out { return "" })
	c.decision.Former = given && c.Facts.Match.Closed
	return given
}

// knownWorker is step 3: the worker whom the resident knows and names.
func (c *choice) knownWorker() bool {
	if c.Facts.KnownWorker == "" {
		return false
	}
	return c.route(StepKnownWorker, "", c.only(c.Facts.KnownWorker))
}

// discipline is step 5: the discipline with strictly the most weight, if it may lead here.
func (c *choice) discipline() bool {
	d, ok := c.heaviest()
	if !ok {
		return false
	}
	var set []*Worker
	for i := range c.Workers {
		w := &c.Workers[i]
		if slices.Contains(w.Disciplines, d) {
			set = append(set, w)
		}
	}
	if !c.route(StepDiscipline, "", set) {
		return false
	}
	c.decision.Discipline = d
	return true
}

// heaviest is the discipline that may lead the case; ok is false when none stands out or it may not lead.
func (c *choice) heaviest() (d municipality.Discipline, ok bool) {
	if c.Facts.ChildAlone {
		return municipality.Youth, slices.Contains(c.Municipality.MayLead, municipality.Youth)
	}
	weights := c.weights()
	most, alone := 0, false
	for name, weight := range weights {
		switch {
		case weight > most:
			d, most, alone = name, weight, true
		case weight == most:
			alone = false
		}
	}
	return d, alone && slices.Contains(c.Municipality.MayLead, d)
}

// The weight of a life area for its discipline.
const (
	mainWeight  = 3
	otherWeight = 1
)

// weights adds up what each discipline has to do with the case. A life area without a discipline counts for the
// generalist, a child who asks alone for youth.
func (c *choice) weights() map[municipality.Discipline]int {
	weights := map[municipality.Discipline]int{}
	for _, l := range c.Facts.LifeAreas {
		d, ok := c.Municipality.Disciplines[l]
		if !ok {
			d = municipality.Generalist
		}
		weights[d] += otherWeight
		if l == c.Facts.Main {
			weights[d] += mainWeight - otherWeight
		}
	}
	if c.Facts.ChildAlone {
		weights[municipality.Youth] += mainWeight
	}
	return weights
}

// standby lists every other discipline with weight: a generalist leads, the specialist stands behind.
func (c *choice) standby() []municipality.Discipline {
	var behind []municipality.Discipline
	lead, ok := workerByID(c.Workers, c.decision.Winner)
	for d := range c.weights() {
		if d != municipality.Generalist && ok && !slices.Contains(lead.Disciplines, d) {
			behind = append(behind, d)
		}
	}
	slices.Sort(behind)
	return behind
}

// only is the set of one worker; empty when there is no such worker.
func (c *choice) only(id string) []*Worker {
	w, ok := workerByID(c.Workers, id)
	if !ok {
		return nil
	}
	return []*Worker{w}
}
