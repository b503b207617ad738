package web

import (
	"context"

	"voordeur/internal/casework"
)

// Ending, and beginning again.
const (
	actClose    = "afsluiten"
	actGiveUp   = "opgeven"
	actReopen   = "heropenen"
	actWithdraw = "intrekken"
	actResubmit = "toch-weer"

	actHold    = "vasthouden"
	actRelease = "loslaten"

	outcomeField = "outcome"
	youthField   = "youth"
)

func (d *desk) endingActs() []act {
	w := d.Work
	return []act{
		{
			name: actClose, kind: casework.EvClosed,
			asks: func(s scene) []blank {
				outcomes := casework.Outcomes(s.c.State)
				likely := casework.Outcome("")
				if len(outcomes) == 1 {
					likely = outcomes[0]
				}
				asked := []blank{choice(outcomeField, valuesOf(s.deskWords, outcomeField, outcomes, likely)).must(), reason()}
				if len(outcomes) > 1 { // help may have been given
					asked = append(asked, ticked(youthField))
				}
				return asked
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Close(ctx, k, casework.Outcome(said.One(outcomeField)), said.Has(youthField, "yes"), said.One(reasonField))
			},
		},
		{name: actGiveUp, kind: casework.EvGivenUp, asks: why, do: because(w.GiveUp)},
		{name: actReopen, kind: casework.EvReopened, asks: why, do: because(w.Reopen)},
		{name: actWithdraw, kind: casework.EvWithdrawn, asks: why, do: because(w.Withdraw)},
		{name: actHold, kind: casework.EvHeld, asks: why, do: because(w.Hold)},
		{name: actRelease, kind: casework.EvReleased, away: true, asks: why, do: because(w.Release)},
		{name: actResubmit, kind: casework.EvResubmitted, away: true, asks: why, do: because(w.Resubmit)},
	}
}
