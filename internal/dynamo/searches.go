package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// searchesRow counts a worker's searches in an hour. What was looked for is kept nowhere.
type searchesRow struct {
	PK       string `dynamodbav:"PK"`
	SK       string `dynamodbav:"SK"`
	Searches int    `dynamodbav:"searches"`
	TTL      int64  `dynamodbav:"ttl"`
}

// AuditSearch writes down who searches and counts it, both or neither; casework.ErrTooMany after most in that hour. A new
// hour has a row of its own, and TTL sweeps the old one.
func (s *Store) AuditSearch(ctx context.Context, a casework.Audit, most int) error {
	row, err := newAuditRow(a)
	if err != nil {
		return err
	}
	t := &transaction{store: s}
	t.add(types.TransactWriteItem{Update: &types.Update{
		TableName: &s.Short, Key: searchesKey(a.At, a.Worker).item(),
		UpdateExpression:         aws.String("ADD #searches :one SET #ttl = :ttl"),
		ConditionExpression:      aws.String(absent + " OR #searches < :most"),
		ExpressionAttributeNames: map[string]string{"#searches": "searches", "#ttl": TTL},
		ExpressionAttributeValues: item{
			":one": num(1), ":most": num(most), ":ttl": num(int(a.At.Truncate(time.Hour).Add(time.Hour).Unix())),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}, func(held item) error {
		row, err := decode[searchesRow](held)
		if err != nil {
			return err
		}
		return fmt.Errorf("%d searches: %w", row.Searches, casework.ErrTooMany)
	})
	t.put(row, absent, nil)
	return t.commit(ctx)
}
