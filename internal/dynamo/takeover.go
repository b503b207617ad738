package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// keptRow is a case that an act on a list left where it was, and why.
type keptRow struct {
	Case casework.Reference `dynamodbav:"case"`
	Why  casework.Refusal   `dynamodbav:"why"`
}

// onRow is a case that goes to another lead.
type onRow struct {
	Case casework.Reference `dynamodbav:"case"`
	To   string             `dynamodbav:"to"`
	Told casework.Way       `dynamodbav:"told,omitempty"`
}

// takeover is the act that the row tells of.
func (r workRow) takeover() casework.Takeover {
	t := casework.Takeover{From: r.List, By: r.By, At: r.When, Command: r.Command, Reason: r.Reason}
	for _, h := range r.Cases {
		t.Cases = append(t.Cases, casework.HandedOn(h))
	}
	return t
}

// takeoverKey is where the act on a worker's list stands: a list has one at a time.
func takeoverKey(from string) Key { return workKey("list-" + from) }

// BeginTakeover stores an act on a worker's list, which is worked off within minutes. The same command again does nothing.
// casework.ErrConflict while an earlier act is under way.
func (s *Store) BeginTakeover(ctx context.Context, t casework.Takeover) error {
	k := takeoverKey(t.From)
	row := workRow{
		PK: k.PK, SK: k.SK, List: t.From, By: t.By, When: t.At.UTC(), Command: t.Command, Reason: t.Reason,
		Todo: todoWork, At: stamp(t.At),
	}
	for _, h := range t.Cases {
		row.Cases = append(row.Cases, onRow(h))
	}
	condition, values := absent+" OR attribute_not_exists(todo)", item(nil)
	if t.Command != "" {
		condition = absent + " OR attribute_not_exists(todo) AND (attribute_not_exists(command) OR command <> :command)"
		values = item{":command": str(t.Command)}
	}
	held, err := s.put(ctx, s.Cases, row, condition, values)
	if errors.Is(err, casework.ErrConflict) && t.Command != "" {
		if row, decodeErr := decode[workRow](held); decodeErr == nil && row.Command == t.Command {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("begin takeover: %w", err)
	}
	return nil
}

// Takeover returns the latest act on a worker's list, whether it is under way, and what it left where it was; or
// casework.ErrNotFound.
func (s *Store) Takeover(ctx context.Context, from string) (t casework.Takeover, underWay bool, kept []casework.Kept, err error) {
	row, err := get[workRow](ctx, s, s.Cases, takeoverKey(from))
	if err != nil {
		return casework.Takeover{}, false, nil, fmt.Errorf("takeover: %w", err)
	}
	for _, k := range row.Kept {
		kept = append(kept, casework.Kept(k))
	}
	return row.takeover(), row.Todo != "", kept, nil
}

// leaving begins the act that somebody's leaving asks for, whoever did or did not see to it.
func (d Dispatch) leaving(ctx context.Context, now time.Time) error {
	people, err := d.Store.People(ctx)
	if err != nil {
		return err
	}
	for _, worker := range people.Leavers(now) {
		waits, err := d.Store.waitsFor(ctx, worker)
		if err != nil {
			return err
		}
		if !waits {
			continue
		}
		err = d.Store.BeginTakeover(ctx, casework.Leaving(worker, now))
		if err != nil && !errors.Is(err, casework.ErrConflict) {
			return err
		}
	}
	return nil
}

// waitsFor says whether anything in a worker's list waits for them: on its first page, or whatever is on the next.
func (s *Store) waitsFor(ctx context.Context, worker string) (bool, error) {
	list, err := s.Standing(ctx, worker, "")
	waits := func(l casework.Listed) bool { return l.Case.WaitsFor(worker) }
	return list.Next != "" || slices.ContainsFunc(list.Cases, waits), err
}

// work goes on with one act on many rows. Done before, it does nothing.
func (d Dispatch) work(ctx context.Context, now time.Time, k Key) error {
	row, err := get[workRow](ctx, d.Store, d.Store.Cases, k)
	switch {
	case err != nil:
		return fmt.Errorf("read work: %w", err)
	case row.Todo == "":
		return nil
	case row.Code != "":
		return d.sendCode(ctx, now, k, row)
	case row.List == "":
		return d.Store.workSome(ctx, k, row)
	}
	kept, err := d.TakeOver(ctx, now, row.takeover())
	if err != nil {
		return err
	}
	return d.Store.endTakeover(ctx, k, row, kept)
}

// endTakeover writes what an act on a list left where it was, and drops the reason, which each case has now. Another one
// that began meanwhile stays.
func (s *Store) endTakeover(ctx context.Context, k Key, row workRow, kept []casework.Kept) error {
	left := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
	for _, c := range kept {
		left.Value = append(left.Value, &types.AttributeValueMemberM{Value: item{"case": str(string(c.Case)), "why": str(string(c.Why))}})
	}
	expression, condition := "SET #kept = :kept REMOVE #todo, #at, #reason", "#when = :when"
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: k.item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames:  map[string]string{"#kept": "kept", "#todo": "todo", "#at": "at", "#reason": "reason", "#when": "when"},
		ExpressionAttributeValues: item{":kept": left, ":when": str(row.When.Format(timeLayout))},
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end takeover: %w", err)
	}
	return nil
}
