package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"voordeur/internal/casework"
)

// sweepRow remembers the latest sweep that saw all that was due, so that people see when there is none any more (T33).
type sweepRow struct {
	PK          string `dynamodbav:"PK"`
	SK          string `dynamodbav:"SK"`
	Swept       string `dynamodbav:"swept"` // a stamp: compared where it is stored
	Left        int    `dynamodbav:"left"`
	Quarantined int    `dynamodbav:"quarantined"`
}

// KeepSweep makes a sweep the latest one, unless a later one is.
func (s *Store) KeepSweep(ctx context.Context, w casework.Sweep) error {
	k := sweepKey()
	row := sweepRow{PK: k.PK, SK: k.SK, Swept: stamp(w.At), Left: w.Left, Quarantined: w.Quarantined}
	_, err := s.put(ctx, s.Cases, row, absent+" OR swept < :swept", item{":swept": str(row.Swept)})
	if err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("keep sweep: %w", err)
	}
	return nil
}

// Sweep returns the latest sweep; the zero value when there was none yet.
func (s *Store) Sweep(ctx context.Context) (casework.Sweep, error) {
	row, err := get[sweepRow](ctx, s, s.Cases, sweepKey())
	if errors.Is(err, casework.ErrNotFound) {
		return casework.Sweep{}, nil
	}
	if err != nil {
		return casework.Sweep{}, fmt.Errorf("latest sweep: %w", err)
	}
	at, err := time.Parse(time.RFC3339, row.Swept)
	if err != nil {
		return casework.Sweep{}, fmt.Errorf("latest sweep: %w", err)
	}
	return casework.Sweep{At: at, Left: row.Left, Quarantined: row.Quarantined}, nil
}
