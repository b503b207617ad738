package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

type saltRow struct {
	PK   string `dynamodbav:"PK"`
	SK   string `dynamodbav:"SK"`
	Salt []byte `dynamodbav:"salt"`
	TTL  int64  `dynamodbav:"ttl"`
}

// Salt returns the 32 random bytes of a day, which are made when first asked for. TTL sweeps them after ends.
func (s *Store) Salt(ctx context.Context, day string, ends time.Time) ([]byte, error) {
	k := saltKey(day)
	row, err := get[saltRow](ctx, s, s.Short, k)
	if err == nil {
		return row.Salt, nil
	}
	if !errors.Is(err, casework.ErrNotFound) {
		return nil, err
	}
	row = saltRow{PK: k.PK, SK: k.SK, Salt: make([]byte, 32), TTL: ends.Unix()}
	rand.Read(row.Salt)
	held, err := s.put(ctx, s.Short, row, absent, nil)
	if errors.Is(err, casework.ErrConflict) { // another process was first, or this one without hearing of it
		row, err = decode[saltRow](held)
	}
	return row.Salt, err
}

// arrivalsRow counts the forms that a network began in an hour.
type arrivalsRow struct {
	PK    string `dynamodbav:"PK"`
	SK    string `dynamodbav:"SK"`
	Begun int    `dynamodbav:"begun"`
	TTL   int64  `dynamodbav:"ttl"`
}

// CountArrival adds one to a count and returns it. TTL sweeps it after ends; a new hour has a row of its own.
func (s *Store) CountArrival(ctx context.Context, id string, ends time.Time) (int, error) {
	counted, err := s.tick(ctx, arrivalsKey(id), "begun", ends)
	if err != nil {
		return 0, err
	}
	row, err := decode[arrivalsRow](counted)
	return row.Begun, err
}

// tick adds one to an attribute of a row in the short-lived table, which begins at none, and returns the row.
func (s *Store) tick(ctx context.Context, k Key, attribute string, ends time.Time) (item, error) {
	out, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Short, Key: k.item(),
		UpdateExpression:          aws.String("ADD #counted :one SET #ttl = :ttl"),
		ExpressionAttributeNames:  map[string]string{"#counted": attribute, "#ttl": TTL},
		ExpressionAttributeValues: item{":one": num(1), ":ttl": num(int(ends.Unix()))},
		ReturnValues:              types.ReturnValueAllNew,
	})
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	return out.Attributes, nil
}
