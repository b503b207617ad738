package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// transaction collects the writes of one act, each with what its failed condition means.
type transaction struct {
	store  *Store
	writes []types.TransactWriteItem
	failed []func(held item) error // by write: what to answer when its condition fails
	err    error                   // the first row that could not be encoded
}

// put writes a whole row, under a condition on the row that is there unless condition is empty.
func (t *transaction) put(row any, condition string, failed func(held item) error) {
	t.putIf(row, condition, nil, nil, failed)
}

func (t *transaction) putIf(row any, condition string, names map[string]string, values item, failed func(held item) error) {
	it, err := encode(row)
	t.err = errors.Join(t.err, err)
	put := &types.Put{
		TableName: &t.store.Cases, Item: it, ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	if condition != "" {
		put.ConditionExpression = &condition
	}
	t.add(types.TransactWriteItem{Put: put}, failed)
}

func (t *transaction) update(k Key, expression, condition string, names map[string]string, values item, failed func(held item) error) {
	t.add(types.TransactWriteItem{Update: &types.Update{
		TableName: &t.store.Cases, Key: k.item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}, failed)
}

func (t *transaction) remove(k Key) {
	t.add(types.TransactWriteItem{Delete: &types.Delete{TableName: &t.store.Cases, Key: k.item()}}, nil)
}

func (t *transaction) add(w types.TransactWriteItem, failed func(held item) error) {
	t.writes = append(t.writes, w)
	t.failed = append(t.failed, failed)
}

// collisions is how often a write that met another transaction on its way is sent again.
const collisions = 8

// commit writes all or nothing. A failed condition is answered by the write it belongs to, the first one first.
func (t *transaction) commit(ctx context.Context) error {
	if t.err != nil {
		return t.err
	}
	for try := 0; ; try++ {
		_, err := t.store.Client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: t.writes})
		if err == nil {
			return nil
		}
		cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
		if !ok {
			return fmt.Errorf("write transaction: %w", err)
		}
		collided := false
		for i, reason := range cancelled.CancellationReasons {
			switch aws.ToString(reason.Code) {
			case "ConditionalCheckFailed":
				if t.failed[i] != nil {
					return t.failed[i](reason.Item)
				}
			case "TransactionConflict":
				collided = true
			}
		}
		if !collided || try >= collisions {
			return fmt.Errorf("write transaction: %w", err)
		}
		if err := pause(ctx, time.Duration(1<<try)*5*time.Millisecond); err != nil {
			return err
		}
	}
}

// pause waits for about d, spread so that two who collided do not collide again.
func pause(ctx context.Context, d time.Duration) error {
	spread := time.Duration(rand.Int64N(int64(d))) //nolint:gosec // spread in time needs no secrecy
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d/2 + spread):
		return nil
	}
}
