package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/casework"
)

// workRow is one act on many reports or cases, which is worked off bit by bit, a code to be mailed, or a mark that something was done that day. A
// release that knows no undoing finds no group in one, and closes nothing.
type workRow struct {
	PK     string     `dynamodbav:"PK"`
	SK     string     `dynamodbav:"SK"`
	Group  string     `dynamodbav:"group,omitempty"` // that is closed
	Undo   string     `dynamodbav:"undo,omitempty"`  // the group whose closing is undone
	Until  *time.Time `dynamodbav:"until,omitempty"` // until when that could be
	By     string     `dynamodbav:"by,omitempty"`
	When   time.Time  `dynamodbav:"when"`
	Closed int        `dynamodbav:"closed,omitempty"` // by it, or put back
	List   string     `dynamodbav:"list,omitempty"`   // the worker whose cases go elsewhere: see takeover.go
	Kept   []keptRow  `dynamodbav:"kept,omitempty"`   // those that did not, once it is done

	Command string  `dynamodbav:"command,omitempty"` // of a coordinator's act on a list
	Reason  []byte  `dynamodbav:"reason,omitempty"`
	Cases   []onRow `dynamodbav:"cases,omitempty"` // that go, and to whom

	Code string `dynamodbav:"code,omitempty"` // nonce of a code for By's address, that works until Until: see code.go
	TTL  int64  `dynamodbav:"ttl,omitempty"`  // of a code

	Todo string `dynamodbav:"todo,omitempty"` // index todo, until it is done
	At   string `dynamodbav:"at,omitempty"`
}

// undoKey is where the undoing of a group's closing stands: one closing has one.
func undoKey(group string, until time.Time) Key { return workKey("undo-" + group + "-" + stamp(until)) }

// CloseGroup stores the act that closes a group; the sweep works it off. The same command again does nothing.
func (s *Store) CloseGroup(ctx context.Context, g casework.GroupClosing) error {
	k := workKey(g.Command)
	_, err := s.put(ctx, s.Cases, workRow{
		PK: k.PK, SK: k.SK, Group: g.Group, By: g.By, When: g.At.UTC(), Todo: todoWork, At: stamp(g.At),
	}, absent, nil)
	if err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("close a group: %w", err)
	}
	return nil
}

// UndoGroup stores the act that undoes the closing of a group; the sweep works it off. Asked again it does nothing,
// unless reports were closed after all by a sweep that was under way.
func (s *Store) UndoGroup(ctx context.Context, u casework.GroupUndoing) error {
	k, until := undoKey(u.Group, u.Until), u.Until.UTC()
	_, err := s.put(ctx, s.Cases, workRow{
		PK: k.PK, SK: k.SK, Undo: u.Group, Until: &until, By: u.By, When: u.At.UTC(), Todo: todoWork, At: stamp(u.At),
	}, absent+" OR attribute_not_exists(todo)", nil)
	if err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("undo the closing of a group: %w", err)
	}
	return nil
}

// workMost bounds how many reports of a group one sweep closes or puts back; the next minute goes on.
const workMost = 500

// workSome goes on with an act on a group. Stopped anywhere, the next one goes on from there.
func (s *Store) workSome(ctx context.Context, k Key, row workRow) error {
	reports, act, err := s.reportsOf(ctx, row)
	if err != nil {
		return err
	}
	done := 0
	for _, q := range reports[:min(len(reports), workMost)] {
		switch err := act(q); {
		case err == nil:
			done++
		case !errors.Is(err, casework.ErrConflict) && !errors.Is(err, casework.ErrNotFound):
			return err
		}
	}
	expression := "ADD #closed :done"
	names := map[string]string{"#closed": "closed"}
	if len(reports) <= workMost {
		expression += " REMOVE #todo, #at"
		names["#todo"], names["#at"] = "todo", "at"
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: k.item(), UpdateExpression: &expression,
		ExpressionAttributeNames: names, ExpressionAttributeValues: item{":done": num(done)},
	})
	if err != nil {
		return fmt.Errorf("go on with a group: %w", err)
	}
	return nil
}

// reportsOf returns what is left of an act on a group, and what to do with each report. A closing ends where its undoing
// begins, and closes nothing that came in after it.
func (s *Store) reportsOf(ctx context.Context, row workRow) (left []casework.Quarantined, act func(casework.Quarantined) error, err error) {
	if row.Undo != "" {
		until := value(row.Until)
		closed, err := s.Closed(ctx, row.When)
		return slices.DeleteFunc(closed, func(q casework.Quarantined) bool {
			return q.Group() != row.Undo || !q.Until.Equal(until)
		}), func(q casework.Quarantined) error { return s.putBack(ctx, q) }, err
	}
	_, err = get[workRow](ctx, s, s.Cases, undoKey(row.Group, row.When.Add(casework.CloseUndone)))
	if !errors.Is(err, casework.ErrNotFound) {
		return nil, nil, err
	}
	waiting, err := s.Quarantined(ctx)
	return slices.DeleteFunc(waiting, func(q casework.Quarantined) bool {
			return q.Group() != row.Group || q.Received.After(row.When)
		}), func(q casework.Quarantined) error {
			return s.Judge(ctx, q.Reference, casework.Judgement{By: row.By, At: row.When})
		}, err
}

// putBack has a report that was closed wait for a person's look again; casework.ErrConflict: somebody said more about it
// since.
func (s *Store) putBack(ctx context.Context, q casework.Quarantined) error {
	place := placeOf(q)
	return s.moveReport(ctx, q.Reference, "SET #todo = :waits, #at = :at REMOVE #by, #judged", "#todo = :closed AND #at = :was",
		map[string]string{"#todo": "todo", "#at": "at", "#by": "judged_by", "#judged": "judged"},
		item{":waits": str(todoQuarantine), ":at": str(place), ":closed": str(todoNotHuman), ":was": str(stamp(q.Until) + "#" + place)})
}
