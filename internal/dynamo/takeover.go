package dynamo

import (
	"context"
	"errors"
	"fmt"
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

// takeoverKey is where the act on a worker's list stands: a list has one at a time.
func takeoverKey(from string) Key { return workKey("list-" + from) }

// BeginTakeover stores an act on a worker's list, which is worked off within minutes; casework.ErrConflict while an
// earlier one is under way.
func (s *Store) BeginTakeover(ctx context.Context, t casework.Takeover) error {
	k := takeoverKey(t.From)
	_, err := s.put(ctx, s.Cases, workRow{
		PK: k.PK, SK: k.SK, List: t.From, By: t.By, When: t.At.UTC(), Todo: todoWork, At: stamp(t.At),
	}, absent+" OR attribute_not_exists(todo)", nil)
	if err != nil {
		return fmt.Errorf("begin takeover: %w", err)
	}
	return nil
}

// leaving begins the act that somebody's leaving asks for, whoever did or did not see to it.
func (d Dispatch) leaving(ctx context.Context, now time.Time) error {
	people, err := d.Store.People(ctx)
	if err != nil {
		return err
	}
	for _, worker := range people.Leavers(now) {
		err := d.Store.BeginTakeover(ctx, casework.Leaving(worker, now))
		if err != nil && !errors.Is(err, casework.ErrConflict) {
			return err
		}
	}
	return nil
}

// work goes on with one act on many rows. Done before, it does nothing.
func (d Dispatch) work(ctx context.Context, now time.Time, k Key) error {
	row, err := get[workRow](ctx, d.Store, d.Store.Cases, k)
	switch {
	case err != nil:
		return fmt.Errorf("read work: %w", err)
	case row.Todo == "":
		return nil
	case row.List == "":
		return d.Store.workSome(ctx, k, row)
	}
	kept, err := d.TakeOver(ctx, now, casework.Takeover{From: row.List, By: row.By, At: row.When})
	if err != nil {
		return err
	}
	return d.Store.endTakeover(ctx, k, row, kept)
}

// endTakeover writes what an act on a list left where it was. Another one that began meanwhile stays.
func (s *Store) endTakeover(ctx context.Context, k Key, row workRow, kept []casework.Kept) error {
	left := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
	for _, c := range kept {
		left.Value = append(left.Value, &types.AttributeValueMemberM{Value: item{"case": str(string(c.Case)), "why": str(string(c.Why))}})
	}
	expression, condition := "SET #kept = :kept REMOVE #todo, #at", "#when = :when"
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: k.item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames:  map[string]string{"#kept": "kept", "#todo": "todo", "#at": "at", "#when": "when"},
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
