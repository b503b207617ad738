package web

import (
	"context"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// Helping: the one-page plan, and how much help there is.
const (
	actPlan     = "plan"
	actConclude = "onderzoek-klaar"
	actStart    = "start"
	actReview   = "evaluatie"
	actDim      = "waakvlam"
	actStepUp   = "opschalen"

	goalsField     = "goals"
	limitsField    = "limits"
	leadHoursField = "lead_hours"
	leadUntilField = "lead_until"
	reviewField    = "review"
	levelField     = "level"
)

// reviewAtMost is how many months ahead help is looked at again.
const reviewAtMost = 3

func (d *desk) helpingActs() []act {
	w := d.Work
	again := day(reviewField, reviewAtMost).must()
	return []act{
		{
			name: actPlan, kind: casework.EvPlanWritten, reads: true, asks: scene.planningBlanks,
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.WritePlan(ctx, k, said.plan())
			},
		},
		{name: actConclude, kind: casework.EvConcluded, asks: nothing, do: clicked(w.Conclude)},
		{
			name: actStart, kind: casework.EvStarted, asks: func(scene) []blank { return []blank{again} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Start(ctx, k, said.moment(reviewField, ""))
			},
		},
		{
			name: actReview, kind: casework.EvReviewed,
			asks: func(s scene) []blank {
				levels := []casework.Level{casework.Same, casework.StepUp, casework.StepDown}
				asked := []blank{choice(levelField, valuesOf(s.deskWords, levelField, levels, "")).must(), reason()}
				if s.c.Stage() == casework.Active { // a pilot light has its own days
					asked = append(asked, again)
				}
				return asked
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				r := casework.Review{Level: casework.Level(said.One(levelField)), Next: said.moment(reviewField, "")}
				return w.Review(ctx, k, r, said.One(reasonField))
			},
		},
		{name: actDim, kind: casework.EvDimmed, asks: why, do: because(w.Dim)},
		{
			name: actStepUp, kind: casework.EvSteppedUp, asks: func(scene) []blank { return []blank{reason(), again} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.StepUp(ctx, k, said.moment(reviewField, ""), said.One(reasonField))
			},
		},
	}
}

// planningBlanks ask for the plan on one page. What it says now stands there already: before the first plan, what the
// resident wants to be better, and what was agreed when they met.
func (s scene) planningBlanks() []blank {
	goals := typing(goalsField, form.Story).must()
	goals.preset = strings.Join(s.plan.Goals, "\n")
	agreed := s.plan.Agreements
	if len(s.plan.Goals) == 0 {
		goals.preset, agreed = s.content.Answers.One("goal"), s.met.Agreements
	}
	limits, hours, until := typing(limitsField, form.Line), typing(leadHoursField, form.Short), day(leadUntilField, 0)
	limits.preset, hours.preset, until.preset = s.plan.Limits, s.plan.LeadHours, s.plan.LeadUntil
	asked := append([]blank{goals}, s.agreementBlanks(agreed)...)
	return append(asked, limits, hours, until)
}

// plan is the plan that was filled in.
func (f filled) plan() casework.Plan {
	p := casework.Plan{
		Goals: strings.FieldsFunc(f.One(goalsField), func(r rune) bool { return r == '\n' }), Agreements: f.agreements(),
		Limits: f.One(limitsField), LeadHours: f.One(leadHoursField),
	}
	if until, ok := f.Date(leadUntilField); ok {
		p.LeadUntil = until.Format(time.DateOnly)
	}
	return p
}
