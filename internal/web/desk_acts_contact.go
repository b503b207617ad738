package web

import (
	"context"

	"voordeur/internal/casework"
)

// Reaching the resident.
const (
	actTried     = "geprobeerd"
	actContacted = "gesproken"
	actLost      = "geen-contact"
	actFound     = "weer-contact"

	wayField = "way"
)

func (d *desk) contactActs() []act {
	w := d.Work
	return []act{
		{name: actContacted, kind: casework.EvContacted, do: clicked(w.Contacted)},
		{
			name: actTried, kind: casework.EvTried, reads: true,
			asks: func(s scene) []blank { return []blank{s.ways()} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				return w.Tried(ctx, k, casework.Way(said.One(wayField)))
			},
		},
		{name: actLost, kind: casework.EvLost, asks: nothing, do: clicked(w.Lose)},
		{name: actFound, kind: casework.EvFound, do: clicked(w.Find)},
	}
}

// ways asks in which of the ways that are safe the resident was spoken to.
func (s scene) ways() blank {
	return choice(wayField, valuesOf(s.deskWords, wayField, s.contact.Ways(), "")).must()
}
