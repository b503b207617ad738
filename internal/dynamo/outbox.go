package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

type messageRow struct {
	PK       string     `dynamodbav:"PK"`
	SK       string     `dynamodbav:"SK"`
	ID       string     `dynamodbav:"id"`
	Kind     string     `dynamodbav:"kind"`
	To       string     `dynamodbav:"to"`
	Created  time.Time  `dynamodbav:"created"`
	Status   string     `dynamodbav:"status"`
	Tries    int        `dynamodbav:"tries"`
	Claimed  string     `dynamodbav:"claimed,omitempty"` // until then it is somebody's
	SentAt   *time.Time `dynamodbav:"sent,omitempty"`
	Provider string     `dynamodbav:"provider,omitempty"`
	Todo     string     `dynamodbav:"todo,omitempty"` // index todo, while pending
	At       string     `dynamodbav:"at,omitempty"`

	Delivered  *time.Time `dynamodbav:"delivered,omitempty"`
	Bounced    *time.Time `dynamodbav:"bounced,omitempty"`
	Complained *time.Time `dynamodbav:"complained,omitempty"`
}

func newMessageRow(m casework.Message) messageRow {
	k := messageKey(m.Case, m.ID)
	return messageRow{
		PK: k.PK, SK: k.SK, ID: m.ID, Kind: string(m.Kind), To: m.To, Created: m.Created, Status: string(m.Status),
		Todo: todoMessage, At: stamp(m.NextTry),
	}
}

func (r messageRow) message() (casework.Message, error) {
	ref, _ := Key{PK: r.PK}.reference()
	m := casework.Message{
		Case: ref, ID: r.ID, Kind: casework.MessageKind(r.Kind), To: r.To, Created: r.Created,
		Status: casework.MessageStatus(r.Status), Tries: r.Tries, Sent: value(r.SentAt), Provider: r.Provider,
		Delivered: value(r.Delivered), Bounced: value(r.Bounced), Complained: value(r.Complained),
	}
	var err, err2 error
	if r.At != "" {
		m.NextTry, err = time.Parse(time.RFC3339, r.At)
	}
	if r.Claimed != "" {
		m.ClaimedUntil, err2 = time.Parse(time.RFC3339, r.Claimed)
	}
	return m, errors.Join(err, err2)
}

// Claim takes a pending message for casework.ClaimLasts. It leaves the message's place in the index of what is due as it
// is: the claim's own condition keeps the sweep off, and moving the entry would cost two write units. casework.ErrConflict: it is settled or somebody else's.
// casework.ErrNotFound: there is no such message.
func (s *Store) Claim(ctx context.Context, ref casework.Reference, id string, now time.Time) (casework.Message, error) {
	out, err := s.updateMessage(ctx, ref, id,
		"SET #claimed = :until ADD #tries :one",
		"attribute_exists(PK) AND #status = :pending AND (attribute_not_exists(#claimed) OR #claimed <= :now)",
		item{":until": str(stamp(now.Add(casework.ClaimLasts))), ":now": str(stamp(now)), ":one": num(1)},
		"claimed", "tries", "status")
	if errors.Is(err, casework.ErrConflict) && len(out) == 0 {
		err = casework.ErrNotFound
	}
	if err != nil {
		return casework.Message{}, fmt.Errorf("claim message of case %s: %w", ref, err)
	}
	row, err := decode[messageRow](out)
	if err != nil {
		return casework.Message{}, err
	}
	return row.message()
}

// Settle writes how a claimed message stands now: sent whatever happened since, otherwise only while the claim is still
// this one's. casework.ErrConflict: another sender took it over or settled it otherwise.
func (s *Store) Settle(ctx context.Context, m casework.Message) error {
	expression := "SET #status = :status, #at = :at, #claimed = :claimed"
	condition := "#status = :pending AND #tries = :tries"
	values := item{":status": str(string(m.Status)), ":tries": num(m.Tries)}
	attributes := []string{"status", "at", "claimed", "tries"}
	if m.Status == casework.Pending {
		values[":at"], values[":claimed"] = str(stamp(m.NextTry)), str(stamp(m.ClaimedUntil))
	} else {
		expression = "SET #status = :status, #provider = :provider, #sent = :sent REMOVE #todo, #at, #claimed"
		values[":provider"], values[":sent"] = str(m.Provider), str(m.Sent.UTC().Format(timeLayout))
		attributes = append(attributes, "provider", "sent", "todo")
	}
	if m.Status == casework.Sent {
		condition = "#status = :pending"
		delete(values, ":tries")
		attributes = slices.DeleteFunc(attributes, func(a string) bool { return a == "tries" })
	}
	held, err := s.updateMessage(ctx, m.Case, m.ID, expression, condition, values, attributes...)
	if errors.Is(err, casework.ErrConflict) {
		row, decodeErr := decode[messageRow](held)
		if decodeErr == nil && m.Status != casework.Pending && row.Status == string(m.Status) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("settle message of case %s: %w", m.Case, err)
	}
	return nil
}

func (s *Store) updateMessage(ctx context.Context, ref casework.Reference, id, expression, condition string, values item, attributes ...string) (item, error) {
	names := map[string]string{}
	for _, a := range attributes {
		names["#"+a] = a
	}
	values[":pending"] = str(string(casework.Pending))
	out, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: messageKey(ref, id).item(), UpdateExpression: aws.String(expression),
		ConditionExpression: aws.String(condition), ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		ReturnValues: types.ReturnValueAllNew, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return failed.Item, casework.ErrConflict
	}
	if err != nil {
		return nil, fmt.Errorf("update item: %w", err)
	}
	return out.Attributes, nil
}
