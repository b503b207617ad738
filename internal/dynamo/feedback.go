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

// Feedback writes down what the mail service told of a message of a case: casework.Delivered, Bounced or Complained at
// a time. is tells the message by its id; it is returned, with whether this is news. Told twice, the first one stands.
// casework.ErrNotFound: there is no such case or message, or no longer.
func (s *Store) Feedback(
	ctx context.Context, ref casework.Reference, is func(id string) bool, told casework.MessageStatus, at time.Time,
) (m casework.Message, news bool, err error) {
	d, err := s.Dossier(ctx, ref)
	if err != nil {
		return casework.Message{}, false, fmt.Errorf("find message of case %s: %w", ref, err)
	}
	i := slices.IndexFunc(d.Messages, func(m casework.Message) bool { return is(m.ID) })
	if i < 0 {
		return casework.Message{}, false, fmt.Errorf("find message of case %s: %w", ref, casework.ErrNotFound)
	}
	news, err = s.told(ctx, d.Messages[i], told, at)
	return d.Messages[i], news, err
}

func (s *Store) told(ctx context.Context, m casework.Message, told casework.MessageStatus, at time.Time) (news bool, err error) {
	expression, condition := "SET #told = :at", present+" AND attribute_not_exists(#told)"
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: messageKey(m.Case, m.ID).item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames:            map[string]string{"#told": string(told)},
		ExpressionAttributeValues:           item{":at": str(at.UTC().Format(timeLayout))},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		if len(failed.Item) == 0 {
			return false, fmt.Errorf("message of case %s: %w", m.Case, casework.ErrNotFound)
		}
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("feedback on message of case %s: %w", m.Case, err)
	}
	return true, nil
}
