package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"voordeur/internal/casework"
)

// loads counts the next part of the workers' loads. The line of a run that is through is all that the alarms load-drifted
// and loads-uncounted hear; of whom a load was corrected it tells the ids, and nobody's load. What fails is tried again by
// the next minute, and keeps no other work from being done.
func (d *dispatcher) loads(ctx context.Context, now time.Time) error {
	err := d.safely(func() error {
		return d.countLoads(ctx, now, func(c casework.Counted) {
			d.log.InfoContext(ctx, "loads counted", slog.Int("workers", c.Workers), slog.Int("drifted", c.Drifted),
				slog.Int("corrected", len(c.Corrected)), slog.String("of", strings.Join(c.Corrected, " ")))
		})
	})
	if err != nil {
		d.log.ErrorContext(ctx, "counting loads failed", slog.Any("error", err))
	}
	return err
}
