package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// codeRow is the latest code that a worker's address is to be confirmed with, and how often codes were asked for and
// tried. The digits stand nowhere: see casework.AddressCode.
type codeRow struct {
	PK    string `dynamodbav:"PK"`
	SK    string `dynamodbav:"SK"`
	Nonce string `dynamodbav:"nonce"`
	Ends  string `dynamodbav:"ends"` // a stamp: compared where it is stored
	Codes int    `dynamodbav:"codes"`
	Tries int    `dynamodbav:"tries"`
	TTL   int64  `dynamodbav:"ttl"`
}

// BeginCode makes a code a worker's latest one and has dispatch mail it, both or neither. casework.ErrTooMany: after
// casework.CodesMost, until the last one ran out.
func (s *Store) BeginCode(ctx context.Context, c casework.AddressCode, now time.Time) error {
	held, err := get[codeRow](ctx, s, s.Short, codeKey(c.Worker))
	if err != nil && !errors.Is(err, casework.ErrNotFound) {
		return fmt.Errorf("begin code: %w", err)
	}
	k := codeKey(c.Worker)
	row := codeRow{PK: k.PK, SK: k.SK, Nonce: c.Nonce, Ends: stamp(c.Until), Codes: 1, TTL: c.Until.Unix()}
	if held.Ends > stamp(now) {
		row.Codes, row.Tries = held.Codes+1, held.Tries
	}
	if row.Codes > casework.CodesMost {
		return fmt.Errorf("%d codes: %w", held.Codes, casework.ErrTooMany)
	}
	it, err := encode(row)
	if err != nil {
		return err
	}
	t := transaction{store: s}
	t.add(types.TransactWriteItem{Put: &types.Put{
		TableName: &s.Short, Item: it,
		ConditionExpression:       aws.String(absent + " OR (nonce = :was AND tries = :tries)"),
		ExpressionAttributeValues: item{":was": str(held.Nonce), ":tries": num(held.Tries)},
	}}, conflict)
	work := workKey("code-" + c.Nonce)
	until := c.Until
	t.put(workRow{
		PK: work.PK, SK: work.SK, Code: c.Nonce, By: c.Worker, When: now.UTC(), Until: &until, Todo: todoWork,
		At: stamp(now.Add(casework.SweepAfter)), TTL: c.Until.Add(sessionKept).Unix(),
	}, absent, conflict)
	if err := t.commit(ctx); err != nil {
		return fmt.Errorf("begin code: %w", err)
	}
	return nil
}

// TryCode counts that a worker tries a code, and returns the latest one. casework.ErrNotFound: there is none, or it ran
// out. casework.ErrTooMany: after casework.CodeTries.
func (s *Store) TryCode(ctx context.Context, worker string, now time.Time) (casework.AddressCode, error) {
	out, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Short, Key: codeKey(worker).item(), UpdateExpression: aws.String("ADD tries :one"),
		ConditionExpression:       aws.String("ends > :now AND tries < :most"),
		ExpressionAttributeValues: item{":one": num(1), ":now": str(stamp(now)), ":most": num(casework.CodeTries)},
		ReturnValues:              types.ReturnValueAllNew, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		row, err := decode[codeRow](failed.Item)
		if err == nil && row.Tries >= casework.CodeTries && row.Ends > stamp(now) {
			return casework.AddressCode{}, fmt.Errorf("%d tries: %w", row.Tries, casework.ErrTooMany)
		}
		return casework.AddressCode{}, errors.Join(err, casework.ErrNotFound)
	}
	if err != nil {
		return casework.AddressCode{}, fmt.Errorf("try code: %w", err)
	}
	row, err := decode[codeRow](out.Attributes)
	if err != nil {
		return casework.AddressCode{}, err
	}
	until, err := time.Parse(time.RFC3339, row.Ends)
	return casework.AddressCode{Worker: worker, Nonce: row.Nonce, Until: until}, err
}

// ConfirmAddress says that mail to an address reaches a worker; casework.ErrConflict when theirs is another one by now.
// Said before, it is no error.
func (s *Store) ConfirmAddress(ctx context.Context, worker, address string) error {
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: workerKey(worker).item(), UpdateExpression: aws.String("REMOVE #unconfirmed"),
		ConditionExpression:      aws.String(present + " AND (attribute_not_exists(#unconfirmed) OR #unconfirmed = :address)"),
		ExpressionAttributeNames: map[string]string{"#unconfirmed": "unconfirmed"}, ExpressionAttributeValues: item{":address": str(address)},
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return casework.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("confirm address: %w", err)
	}
	return nil
}

// sendCode mails a code. One that ran out is mailed to nobody.
func (d Dispatch) sendCode(ctx context.Context, now time.Time, k Key, row workRow) error {
	c := casework.AddressCode{Worker: row.By, Nonce: row.Code, Until: value(row.Until)}
	if now.Before(c.Until) {
		if err := d.SendCode(ctx, now, c); err != nil {
			return err
		}
	}
	_, err := d.Store.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &d.Store.Cases, Key: k.item(), UpdateExpression: aws.String("REMOVE todo, #at"),
		ConditionExpression: aws.String(present), ExpressionAttributeNames: map[string]string{"#at": "at"},
	})
	if err != nil {
		return fmt.Errorf("end code: %w", err)
	}
	return nil
}
