package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// What dispatch says of its own work. The stack's alarms are made of these lines: their words and attributes are a
// contract with infra/stack, and they hold counts and ids only.

// late is how much is late at the end of a sweep.
type late struct {
	dynamo.Late
	rules []string // ids of active rules that point at nobody
}

func lateOf(ctx context.Context, now time.Time, store *dynamo.Store, rules municipality.Rules) (late, error) {
	counted, err := store.Late(ctx, now)
	if err != nil {
		return late{}, err
	}
	people, err := store.People(ctx)
	if err != nil {
		return late{}, err
	}
	effect, err := routing.DryRun(routing.Trial{Active: rules, Workers: people.Workers, Roster: people.Roster, Now: now})
	if err != nil {
		return late{}, fmt.Errorf("look for rules that point at nobody: %w", err)
	}
	return late{counted, effect.ActiveAlarms}, nil
}

// minute sweeps, and says how much is late. A sweep that leaves something behind says so too, and why: the counts show
// whether that lasts. One that cannot see what is due says nothing of the kind, which is alarming by itself (T33).
func (d *dispatcher) minute(ctx context.Context, now time.Time) error {
	var l late
	swept := d.safely(func() error { return d.sweep(ctx, now) })
	counted := d.safely(func() (err error) {
		l, err = d.late(ctx, now)
		return err
	})
	_, left := errors.AsType[*dynamo.LeftError](swept)
	switch {
	case counted != nil, swept != nil && !left:
		err := errors.Join(swept, counted)
		d.log.ErrorContext(ctx, "sweep failed", slog.Any("error", err))
		return err
	case left:
		d.log.WarnContext(ctx, "sweep left something for the next", slog.Any("error", swept))
	}
	d.log.InfoContext(ctx, "swept",
		slog.Int("late_reports", l.Reports), slog.Int("late_messages", l.Messages), slog.Int("late_cases", l.Cases),
		slog.Int("late_destructions", l.Kept), slog.Int("lost_rules", len(l.rules)), slog.Int("late_first_looks", l.FirstLooks), slog.String("rules", strings.Join(l.rules, " ")))
	return swept
}

// feedback writes down what SES tells of a mail, and says what somebody must know of it. That its case or message is
// gone, erased perhaps, is no error.
func (d *dispatcher) feedback(ctx context.Context, n notice) error {
	m, news, err := d.told(ctx, n)
	if errors.Is(err, casework.ErrNotFound) {
		d.log.WarnContext(ctx, "feedback on a mail that nobody knows", slog.String("case", string(n.ref)))
		return nil
	}
	if err != nil {
		return err
	}
	if n.told != casework.Delivered { // told again as well: a stop before this must lose nothing
		if err := d.cameBack(ctx, d.now(), m); err != nil {
			return err
		}
	}
	switch {
	case !news:
	case n.told == casework.Delivered:
		return d.delivered(ctx, m, n.at)
	case n.told == casework.Bounced && m.To != casework.Resident:
		d.log.WarnContext(ctx, "mail bounced", slog.String("case", string(m.Case)), slog.String("mail", m.ID))
	}
	return nil
}
