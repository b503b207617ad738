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

// Feedback writes down what the mail service told of a message of a case: casework.Delivered, Bounced or Complained at
// a time. is tells the message by its id. Told twice, the first one stands. casework.ErrNotFound: there is no such case
// or message, or no longer.
func (s *Store) Feedback(ctx context.Context, ref casework.Reference, is func(id string) bool, told casework.MessageStatus, at time.Time) error {
	d, err := s.Dossier(ctx, ref)
	if err != nil {
		return fmt.Errorf("find message of case %s: %w", ref, err)
	}
	for _, m := range d.Messages {
		if is(m.ID) {
			return s.told(ctx, m, told, at)
		}
	}
	return fmt.Errorf("find message of case %s: %w", ref, casework.ErrNotFound)
}

func (s *Store) told(ctx context.Context, m casework.Message, told casework.MessageStatus, at time.Time) error {
	expression, condition := "SET #told = :at", present+" AND attribute_not_exists(#told)"
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: messageKey(m.Case, m.ID).item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames:            map[string]string{"#told": string(told)},
		ExpressionAttributeValues:           item{":at": str(at.UTC().Format(timeLayout))},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		if len(failed.Item) == 0 {
			return fmt.Errorf("message of case %s: %w", m.Case, casework.ErrNotFound)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("feedback on message of case %s: %w", m.Case, err)
	}
	return nil
}
