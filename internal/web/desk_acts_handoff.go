package web

import (
	"context"
	"encoding/json"

	"voordeur/internal/casework"
)

// Where casework goes until the hand-off: the municipality's own case system takes over. A worker can bring the case there
// by hand, with a file; the system can also fetch it (api_handoff.go).
const (
	actHandOff   = "overzetten"
	actConfirmed = "overgezet"

	thereField = "there"
)

func (d *desk) handOffActs() []act {
	w := d.Work
	return []act{
		{
			name: actHandOff, kind: casework.EvHandedOff, reads: true,
			asks: func(s scene) []blank { return []blank{reason(), s.ways()} },
			do: func(ctx context.Context, k casework.Click, said filled) error {
				told, outcome := casework.Way(said.One(wayField)), said.One(reasonField)
				return w.HandOff(ctx, k, told, outcome, func(ctx context.Context) ([]byte, error) {
					f, err := d.toHandOff(ctx, said.asked.scene)
					if err != nil {
						return nil, err
					}
					f.HandedOff, f.Told, f.Outcome = k.At.UTC(), told, outcome
					return json.Marshal(f)
				})
			},
		},
		{
			name: actConfirmed, kind: casework.EvConfirmed,
			asks: func(scene) []blank { return []blank{ticked(thereField).must()} },
			do:   clicked(w.ConfirmHandOff),
		},
	}
}

// toHandOff opens what is handed off of the case that an act's form was made of: that form wrote the audit row.
func (d *desk) toHandOff(ctx context.Context, sc scene) (handOffFile, error) {
	f, err := d.fetch(ctx, sc.c.ID)
	if err != nil {
		return handOffFile{}, err
	}
	return d.openHandOff(ctx, sc.deskWords, sc.seat, "POST /desk/casus/{reference}/"+actHandOff, f)
}
