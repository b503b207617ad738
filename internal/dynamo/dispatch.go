package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// Dispatch turns what the stream or the sweep finds into work. Each piece of work may be asked for twice, at the same
// moment too, and does its work once.
type Dispatch struct {
	Store   *Store
	Take    func(ctx context.Context, now time.Time, ref casework.Reference) error
	Deliver func(ctx context.Context, now time.Time, ref casework.Reference, message string) error
	Overdue func(ctx context.Context, now time.Time, ref casework.Reference) error
	// Confirmed writes into a case's history that it is elsewhere now.
	Confirmed func(ctx context.Context, ref casework.Reference) error
	// Undelivered has somebody told of a mail to a worker that did not arrive.
	Undelivered func(ctx context.Context, now time.Time, ref casework.Reference, message string) error
	// SendCode mails a code to the worker whose address it confirms.
	SendCode func(ctx context.Context, now time.Time, c casework.AddressCode) error
	// TakeOver works off an act on a worker's list, and returns what it left where it was.
	TakeOver func(ctx context.Context, now time.Time, t casework.Takeover) ([]casework.Kept, error)
	Waiting  func(ctx context.Context, now time.Time) error // asked when suspected reports wait for somebody's look
	// Retention says how long a report is kept that nobody sent.
	Retention municipality.Retention
}

// sweepMost bounds what one sweep takes up of each kind; the next minute goes on.
const sweepMost = 200

// Inserted handles one insert that the stream told of. Other rows than reports, messages and acts on
// many rows are none of its business.
func (d Dispatch) Inserted(ctx context.Context, now time.Time, k Key) error {
	if k.kind() == "WORK" {
		return d.work(ctx, now, k)
	}
	ref, ok := k.reference()
	switch id, message := strings.CutPrefix(k.SK, "MESSAGE#"); {
	case !ok:
		return nil
	case message:
		return d.Deliver(ctx, now, ref, id)
	case k == reportKey(ref):
		return d.Take(ctx, now, ref)
	}
	return nil
}

// LeftError is what a sweep left for the next one: the pieces of work that failed. Everything else was done.
type LeftError struct{ Left []error }

// Error tells each.
func (e *LeftError) Error() string { return errors.Join(e.Left...).Error() }

// Unwrap returns each.
func (e *LeftError) Unwrap() []error { return e.Left }

// Sweep does everything that is due at now and that no wake-up did: reports, deadlines, confirmations, messages, and then
// what is to be destroyed. What fails waits for the next sweep and stops nothing else: *LeftError. Any other error means
// that the sweep could not see all that is due.
func (d Dispatch) Sweep(ctx context.Context, now time.Time) error { return d.sweep(ctx, now, now) }

// Drain is a Sweep that does not leave the first half minute of reports and messages to the stream.
func (d Dispatch) Drain(ctx context.Context, now time.Time) error {
	return d.sweep(ctx, now, now.Add(casework.SweepAfter))
}

func (d Dispatch) sweep(ctx context.Context, now, fresh time.Time) error {
	overdue := func(_ Key, ref casework.Reference) error { return d.Overdue(ctx, now, ref) }
	var left, blind []error
	if err := d.leaving(ctx, now); err != nil {
		left = append(left, err)
	}
	for _, look := range []struct {
		todo  string
		until time.Time
		work  func(Key, casework.Reference) error
	}{
		{todoReport, fresh, func(k Key, ref casework.Reference) error {
			if err := d.Store.pushBack(ctx, k, now); err != nil {
				return err
			}
			return d.Take(ctx, now, ref)
		}},
		{todoCase, now, overdue},
		{todoLateLook, now, overdue},
		{todoLate, now, overdue},
		{todoConfirmed, now, func(_ Key, ref casework.Reference) error { return d.Confirmed(ctx, ref) }},
		{todoMessage, fresh, func(k Key, ref casework.Reference) error {
			return d.Deliver(ctx, now, ref, strings.TrimPrefix(k.SK, "MESSAGE#"))
		}},
		{todoWork, now, func(k Key, _ casework.Reference) error { return d.work(ctx, now, k) }},
	} {
		failed, err := d.each(ctx, look.todo, look.until, look.work)
		if err != nil {
			blind = append(blind, err)
		}
		left = append(left, failed...)
	}
	failed, err := d.mails(ctx, now, fresh)
	if err != nil {
		blind = append(blind, err)
	}
	left = append(left, failed...)
	waiting, err := d.waiting(ctx, now)
	if err != nil {
		left = append(left, err)
	}
	failed, err = d.over(ctx, now) // behind what somebody waits for: many may be due at one midnight
	if err != nil {
		blind = append(blind, err)
	}
	left = append(left, failed...)
	if len(blind) > 0 {
		return errors.Join(append(blind, left...)...)
	}
	if err := d.Store.KeepSweep(ctx, casework.Sweep{At: now, Left: len(left), Quarantined: waiting}); err != nil {
		left = append(left, err)
	}
	if len(left) > 0 {
		return &LeftError{Left: left}
	}
	return nil
}

// over destroys the cases and reports whose term is over.
func (d Dispatch) over(ctx context.Context, now time.Time) (failed []error, err error) {
	failed, err = d.each(ctx, todoKept, now, func(_ Key, ref casework.Reference) error { return d.Overdue(ctx, now, ref) })
	reports, blind := d.each(ctx, todoNotHuman, d.closedBefore(now), func(_ Key, ref casework.Reference) error {
		return d.forgetReport(ctx, now, ref)
	})
	return append(failed, reports...), errors.Join(err, blind)
}

// waiting has somebody told of suspected reports that wait, if there are any, and returns how many.
func (d Dispatch) waiting(ctx context.Context, now time.Time) (n int, err error) {
	if n, err = d.Store.count(ctx, todoQuarantine, ""); err != nil || n == 0 {
		return n, err
	}
	return n, d.Waiting(ctx, now)
}

// closedBefore is where the todo index has a report that nobody sent and whose term is over at now: its place begins with
// the moment until which that can be undone, and before that none goes.
func (d Dispatch) closedBefore(now time.Time) time.Time {
	kept := time.Duration(d.Retention.BrieflyDays) * 24 * time.Hour
	return now.Add(casework.CloseUndone - max(kept, casework.CloseUndone))
}

// each does the work on what is due and returns what failed of it.
func (d Dispatch) each(ctx context.Context, todo string, until time.Time, work func(Key, casework.Reference) error) (failed []error, err error) {
	keys, err := d.Store.find(ctx, indexTodo, todo, stamp(until), sweepMost)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		ref, _ := k.reference()
		if err := work(k, ref); err != nil {
			failed = append(failed, fmt.Errorf("%s %s: %w", strings.ToLower(todo), ref, err))
		}
	}
	return failed, nil
}

// NextDue returns when the earliest thing is due, if anything is; due before or at now it is work for Sweep. A message
// that somebody has claimed is due when the claim ends.
func (s *Store) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	if at, ok, err = s.nextMail(ctx); err != nil {
		return time.Time{}, false, err
	}
	for _, todo := range []string{todoReport, todoCase, todoLate, todoLateLook, todoKept, todoMessage, todoWork, todoConfirmed} {
		keys, err := s.find(ctx, indexTodo, todo, "", nextMost)
		if err != nil {
			return time.Time{}, false, err
		}
		for _, k := range keys {
			row, err := get[struct {
				At      string `dynamodbav:"at"`
				Claimed string `dynamodbav:"claimed"`
			}](ctx, s, s.Cases, k)
			if err != nil || row.At == "" {
				continue // done since: the base item decides
			}
			due, err := time.Parse(time.RFC3339, max(row.At, row.Claimed))
			if err != nil {
				return time.Time{}, false, fmt.Errorf("due time: %w", err)
			}
			if !ok || due.Before(at) {
				at, ok = due, true
			}
		}
	}
	return at, ok, nil
}

// nextMost is how many of each kind NextDue looks at; what stands behind them is due later, claims aside.
const nextMost = 10

// pushBack keeps a report that is being tried out of the sweep for a while, so that a poisonous one does not come first
// every time. A report that was taken meanwhile stays taken.
func (s *Store) pushBack(ctx context.Context, k Key, now time.Time) error {
	expression, condition := "SET #at = :later", "#todo = :report"
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: k.item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames:  map[string]string{"#at": "at", "#todo": "todo"},
		ExpressionAttributeValues: item{":later": str(stamp(now.Add(casework.ClaimLasts))), ":report": str(todoReport)},
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return nil
	}
	if err != nil {
		return fmt.Errorf("push back report: %w", err)
	}
	return nil
}
