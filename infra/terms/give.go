package main

import (
	"context"
	"errors"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
)

// give counts the ended cases without a term and, told to apply it, gives each its own.
func give(ctx context.Context, now time.Time, m *municipality.Municipality, store *dynamo.Store, apply bool) (without, given int, err error) {
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
			if err := passedOn(ctx, now, store, d.Messages); err != nil {
				return without, given, err
			}
		case !errors.Is(err, casework.ErrConflict): // somebody took it up again meanwhile
			return without, given, err
		}
	}
	return without, given, nil
}

// passedOn says of old mails to workers that nobody has to see to them any more: the screen where that is done does not
// show them, and a case about which a mail did not arrive is not destroyed.
func passedOn(ctx context.Context, now time.Time, store *dynamo.Store, mails []casework.Message) error {
	for _, m := range mails {
		if trouble, _ := m.Trouble(now); trouble == "" || trouble == casework.Owed {
			continue
		}
		if err := store.PassedOn(ctx, m.Case, m.ID, casework.Service, now); err != nil && !errors.Is(err, casework.ErrConflict) {
			return err
		}
	}
	return nil
}
