package main

import (
	"context"
	"errors"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
)

// give counts the ended cases without a term and, told to apply it, gives each its own.
func give(ctx context.Context, m *municipality.Municipality, store *dynamo.Store, apply bool) (without, given int, err error) {
	var cases []casework.Reference
	err = store.Walk(ctx, func(r dynamo.Row, err error) error {
		if r.Kind == "CASE" && !r.Expires {
			cases = append(cases, r.Case)
		}
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	for _, ref := range cases {
		d, err := store.Dossier(ctx, ref)
		if err != nil {
			return without, given, err
		}
		kept, missing := d.Retained(m)
		if !missing {
			continue
		}
		without++
		if !apply {
			continue
		}
		switch err := store.Retain(ctx, kept); {
		case err == nil:
			given++
		case !errors.Is(err, casework.ErrConflict): // somebody took it up again meanwhile
			return without, given, err
		}
	}
	return without, given, nil
}
