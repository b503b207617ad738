package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

// dispatcher gives each event that wakes this function to the work it is about.
type dispatcher struct {
	inserted func(ctx context.Context, now time.Time, k dynamo.Key) error
	sweep    func(ctx context.Context, now time.Time) error
	late     func(ctx context.Context, now time.Time) (late, error)
	// keepDigest keeps the digest of a day that has none, if there is one.
	keepDigest func(ctx context.Context, now time.Time) (made casework.Digest, kept bool, err error)
	// countLoads counts the next part of the workers' loads, and tells of a run that is through.
	countLoads func(ctx context.Context, now time.Time, tell func(casework.Counted)) error
	told       func(ctx context.Context, n notice) (m casework.Message, news bool, err error)
	delivered  func(ctx context.Context, m casework.Message, at time.Time) error
	cameBack   func(ctx context.Context, now time.Time, m casework.Message) error
	smokeTest  func(ctx context.Context, now time.Time) error
	now        func() time.Time
	log        *slog.Logger
}

// atOnce is how many records of a batch are worked off side by side.
const atOnce = 8

// errUnknown means that whatever sends such events is set up wrongly.
var errUnknown = errors.New("event is none of dispatch's")

// handle takes an event of the case table's stream, of the schedules (the minute, the smoke test) or of SES. The answer to the stream names
// the records that failed, so that only these come again; an error makes the whole event come again.
func (d *dispatcher) handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, errUnknown // the decoder's words may repeat what it read
	}
	switch {
	case e.Records != nil:
		return d.batch(ctx, e.Records), nil
	case e.DetailType == scheduled:
		return nil, errors.Join(d.minute(ctx, d.now()), d.digest(ctx, d.now()), d.loads(ctx, d.now()))
	case e.DetailType == smokeTest:
		return nil, d.safely(func() error { return d.smokeTest(ctx, d.now()) })
	case e.Source == ses:
		n, err := readNotice(e.Detail)
		if err != nil || n.ref == "" {
			return nil, err
		}
		return nil, d.safely(func() error { return d.feedback(ctx, n) })
	}
	return nil, errUnknown
}

// batch works off every record: a poisonous one fails alone and keeps no other from its work.
func (d *dispatcher) batch(ctx context.Context, records []json.RawMessage) events.DynamoDBEventResponse {
	failed := make([]bool, len(records))
	numbers := make([]string, len(records))
	var g errgroup.Group
	g.SetLimit(atOnce)
	for i, raw := range records {
		g.Go(func() error {
			r, err := readRecord(raw)
			if err == nil && r.EventName == insert {
				err = d.safely(func() error { return d.inserted(ctx, d.now(), r.key()) })
			}
			if err != nil {
				d.log.WarnContext(ctx, "record failed", slog.String("sequence", r.Change.SequenceNumber), slog.Any("error", err))
			}
			failed[i], numbers[i] = err != nil, r.Change.SequenceNumber
			return nil
		})
	}
	_ = g.Wait() // what failed stands in failed
	response := events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
	for i, number := range numbers {
		if failed[i] {
			response.BatchItemFailures = append(response.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: number})
		}
	}
	return response
}

// safely turns a panic into an error: the process lives on, and so do the other records of a batch. Of the panic its
// type and place are told, since its value may hold an answer.
func (d *dispatcher) safely(work func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %T at %s", v, debug.Stack())
		}
	}()
	return work()
}
