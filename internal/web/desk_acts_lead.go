package web

import (
	"context"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// Another lead: warm handover, a coordinator's act, and what only proposes one.
const (
	actHandOver    = "overdragen"
	actTakeOver    = "overnemen"
	actKeepLead    = "overdracht-stoppen"
	actObject      = "bezwaar"
	actReassign    = "andere-regisseur"
	actHandBack    = "naar-coordinator"
	actAskAnother  = "andere-gevraagd"
	actDenyAnother = "niet-wisselen"
	actMove        = "verhuisd"
	actStays       = "blijft"

	areaField      = "area"
	lifeAreasField = "life_areas"
	mainField      = "main_area"
)

func (d *desk) leadActs() []act {
	w := d.Work
	return []act{
		{
			name: actHandOver, kind: casework.EvHandoverBegun, reads: true,
			asks: func(s scene) []blank {
				return []blank{s.newLead(), s.ways(), reason(), day(dateField, waitsAtMost), clock(clockField, dateField)}
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.BeginHandover(ctx, k, said.handingOver())
			},
		},
		{
			name: actTakeOver, kind: casework.EvHandoverAccepted,
			asks: func(s scene) []blank {
				talk, at := day(dateField, waitsAtMost), clock(clockField, dateField)
				if agreed := s.c.Handover.Talk; agreed.IsZero() {
					talk, at = talk.must(), at.must()
				} else if agreed.After(s.now) {
					talk.preset, at.preset = dayAndTime(agreed)
				}
				return []blank{talk, at}
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.AcceptHandover(ctx, k, said.moment(dateField, clockField))
			},
		},
		{name: actKeepLead, kind: casework.EvHandoverEnded, away: true, asks: why, do: because(w.EndHandover)},
		{name: actObject, kind: casework.EvObjected, away: true, asks: why, do: because(w.Object)},
		{
			name: actReassign, kind: casework.EvReassigned, reads: true,
			asks: func(s scene) []blank { return []blank{s.newLead(), s.ways(), reason()} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Reassign(ctx, k, said.handingOver())
			},
		},
		{name: actHandBack, kind: casework.EvHandedBack, asks: why, do: because(w.HandBack)},
		{
			name: actAskAnother, kind: casework.EvAnotherAsked,
			asks: func(s scene) []blank {
				asked := []blank{reason()}
				if s.c.Lead == s.seat.worker.ID {
					asked = append(asked, ticked(conflictField))
				}
				return asked
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.AskAnother(ctx, k, said.One(reasonField), said.Has(conflictField, "yes"))
			},
		},
		{name: actDenyAnother, kind: casework.EvAnotherRefused, asks: why, do: because(w.RefuseAnother)},
		{
			name: actMove, kind: casework.EvMoved, reads: true, asks: scene.relocationBlanks,
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Move(ctx, k, said.relocation())
			},
		},
		{name: actStays, kind: casework.EvKept, asks: why, do: because(w.Keep)},
	}
}

// handingOver is what was filled in about the new lead, and how the resident heard of it.
func (f filled) handingOver() casework.HandingOver {
	return casework.HandingOver{
		To: f.One(leadField), Talk: f.moment(dateField, clockField), Told: casework.Way(f.One(wayField)), Reason: f.One(reasonField),
	}
}

// relocationBlanks ask where the household lives now and what it is about now; as it was stands there already.
func (s scene) relocationBlanks() []blank {
	var areas, abouts, mains []Option
	for _, area := range s.municipality.Areas {
		areas = append(areas, Option{Value: area.ID, Label: area.Name, Checked: area.ID == s.c.Area})
	}
	answers := s.content.Answers
	for _, about := range municipality.LifeAreas() {
		key := "q.areas.option." + string(about)
		if s.texts.Has(key + ".other") {
			key += ".other"
		}
		o := Option{Value: string(about), Label: s.texts.T(key), Checked: answers.Has("areas", string(about))}
		abouts = append(abouts, o)
		o.Checked = answers.Has("area_main", o.Value) || o.Checked && len(answers["areas"]) == 1
		mains = append(mains, o)
	}
	where, main := choice(areaField, areas).must(), choice(mainField, mains)
	where.list, main.list = true, true
	return []blank{where, boxes(lifeAreasField, abouts), main}
}

// relocation is where the household lives now and what it is about. The main life area is one of them.
func (f filled) relocation() casework.Relocation {
	to := casework.Relocation{Area: f.One(areaField), Main: municipality.LifeArea(f.One(mainField))}
	for _, about := range f.Answers[lifeAreasField] {
		to.LifeAreas = append(to.LifeAreas, municipality.LifeArea(about))
	}
	switch {
	case to.Main == "" && len(to.LifeAreas) > 0:
		to.Main = to.LifeAreas[0]
	case to.Main != "" && !slices.Contains(to.LifeAreas, to.Main):
		to.LifeAreas = append(to.LifeAreas, to.Main)
	}
	return to
}
