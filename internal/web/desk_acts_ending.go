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

	outcomeField = "outcome"
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
				return []blank{choice(outcomeField, valuesOf(s.deskWords, outcomeField, outcomes, likely)).must(), reason()}
			},
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Close(ctx, k, casework.Outcome(said.One(outcomeField)), said.One(reasonField))
			},
		},
		{name: actGiveUp, kind: casework.EvGivenUp, asks: why, do: because(w.GiveUp)},
		{name: actReopen, kind: casework.EvReopened, asks: why, do: because(w.Reopen)},
		{name: actWithdraw, kind: casework.EvWithdrawn, asks: why, do: because(w.Withdraw)},
		{name: actResubmit, kind: casework.EvResubmitted, away: true, asks: why, do: because(w.Resubmit)},
	}
}
