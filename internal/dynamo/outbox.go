package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	StandIn  string     `dynamodbav:"stand_in,omitempty"` // who got it in place of to
	Provider string     `dynamodbav:"provider,omitempty"`
	Todo     string     `dynamodbav:"todo,omitempty"` // index todo, while pending and to no worker
	At       string     `dynamodbav:"at,omitempty"`

	Delivered  string `dynamodbav:"delivered,omitempty"` // as it stands there: see Feedback
	Bounced    string `dynamodbav:"bounced,omitempty"`
	Complained string `dynamodbav:"complained,omitempty"`

	HandledBy string     `dynamodbav:"handled_by,omitempty"` // who saw to it after it did not arrive
	Handled   *time.Time `dynamodbav:"handled,omitempty"`
	Duty      string     `dynamodbav:"duty,omitempty"` // index duty, until it arrived or somebody saw to it
	Place     string     `dynamodbav:"place,omitempty"`

	TTL int64 `dynamodbav:"ttl,omitempty"` // of a smoke test, and of a destroyed case
}

// forgotten says whether the mail goes with a destroyed case, or with a report that nobody sent.
func (r messageRow) forgotten() bool { return r.TTL > 0 && r.Kind != string(casework.MailSmokeTest) }

func newMessageRow(m casework.Message) messageRow {
	k := messageKey(m.Case, m.ID)
	row := messageRow{
		PK: k.PK, SK: k.SK, ID: m.ID, Kind: string(m.Kind), To: m.To, Created: m.Created, Status: string(m.Status),
		At: stamp(m.NextTry),
	}
	if m.Watched() {
		row.Duty, row.Place = duty, mailPlace(m, casework.NoWord, m.Created)
	} else {
		row.Todo = todoMessage
	}
	return row
}

func (r messageRow) message() (casework.Message, error) {
	ref, _ := Key{PK: r.PK}.reference()
	m := casework.Message{
		Case: ref, ID: r.ID, Kind: casework.MessageKind(r.Kind), To: r.To, Created: r.Created,
		Status: casework.MessageStatus(r.Status), Tries: r.Tries, Sent: value(r.SentAt), StandIn: r.StandIn, Provider: r.Provider,
		HandledBy: r.HandledBy, Handled: value(r.Handled),
	}
	var errs []error
	for text, into := range map[*string]*time.Time{
		&r.At: &m.NextTry, &r.Claimed: &m.ClaimedUntil, &r.Delivered: &m.Delivered, &r.Bounced: &m.Bounced, &r.Complained: &m.Complained,
	} {
		if *text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, *text)
		*into, errs = t, append(errs, err)
	}
	return m, errors.Join(errs...)
}

// Claim takes a pending message for casework.ClaimLasts. It leaves the message's place in the index of what is due as it
// is: the claim's own condition keeps the sweep off, and moving the entry would cost two write units. casework.ErrConflict: it is settled or somebody else's.
// casework.ErrNotFound: there is no such message.
func (s *Store) Claim(ctx context.Context, ref casework.Reference, id string, now time.Time) (casework.Message, error) {
	out, err := s.updateMessage(ctx, ref, id,
		"SET #claimed = :until ADD #tries :one",
		"attribute_exists(PK) AND #status = :pending AND (attribute_not_exists(#claimed) OR #claimed <= :now)",
		item{
			":until": str(stamp(now.Add(casework.ClaimLasts))), ":now": str(stamp(now)), ":one": num(1), ":pending": str(string(casework.Pending)),
		},
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
	change := settled(m)
	attributes := append(slices.Collect(maps.Keys(change)), "status")
	expression, values := changing(change)
	condition := "#status = :pending"
	values[":pending"] = str(string(casework.Pending))
	if m.Status != casework.Sent {
		condition += " AND #tries = :tries"
		values[":tries"] = num(m.Tries)
		attributes = append(attributes, "tries")
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

// settled is what is written of a message that was claimed; nil goes.
func settled(m casework.Message) item {
	if m.Status == casework.Pending {
		return item{"at": str(stamp(m.NextTry)), "claimed": str(stamp(m.ClaimedUntil))}
	}
	change := item{
		"status": str(string(m.Status)), "provider": str(m.Provider), "sent": str(m.Sent.UTC().Format(timeLayout)),
		"todo": nil, "at": nil, "claimed": nil,
	}
	if m.StandIn != "" {
		change["stand_in"] = str(m.StandIn)
	}
	switch {
	case m.Status == casework.Obsolete:
		change["duty"], change["place"] = nil, nil
	case m.Status == casework.Sent && m.Watched() && m.Sent.Sub(m.Created) >= casework.ArriveWithin:
		change["place"] = str(mailPlace(m, casework.NoWord, m.Created)) // it was shown as owed
	case m.Status == casework.Unsendable && m.Watched():
		change["place"] = str(mailPlace(m, casework.Unsent, m.Created))
	}
	return change
}

func (s *Store) updateMessage(ctx context.Context, ref casework.Reference, id, expression, condition string, values item, attributes ...string) (item, error) {
	names := map[string]string{}
	for _, a := range attributes {
		names["#"+a] = a
	}
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
