package main

import (
	"context"
	"log/slog"
	"time"

	"voordeur/internal/casework"
)

// digest keeps the digest of a day that has none. The line that says so is all that the alarm digest-missing hears. What
// fails is tried again by the next minute, and keeps no other work from being done.
func (d *dispatcher) digest(ctx context.Context, now time.Time) error {
	var made casework.Digest
	var kept bool
	err := d.safely(func() (err error) {
		made, kept, err = d.keepDigest(ctx, now)
		return err
	})
	switch {
	case err != nil:
		d.log.ErrorContext(ctx, "digest failed", slog.Any("error", err))
	case kept:
		d.log.InfoContext(ctx, "digest kept", slog.String("day", string(made.Day)),
			slog.Int("events", len(made.Events)), slog.Int("audit_rows", len(made.Audits)))
	}
	return err
}
