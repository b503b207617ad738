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

	"voordeur/internal/casework"
)

// Feedback writes down what the mail service told of a message of a case: casework.Delivered, Bounced or Complained at
// a time. is tells the message by its id; it is returned as it is then, with whether this is news. Of the same thing told
// twice the latest time stands, so that it is the same in whatever order it came. casework.ErrNotFound: there is no such
// case or message, or no longer.
func (s *Store) Feedback(
	ctx context.Context, ref casework.Reference, is func(id string) bool, told casework.MessageStatus, at time.Time,
) (m casework.Message, news bool, err error) {
	for range feedbackTries {
		m, news, err = s.told(ctx, ref, is, told, at)
		if !errors.Is(err, casework.ErrConflict) {
			break
		}
	}
	if err != nil {
		return casework.Message{}, false, fmt.Errorf("feedback on message of case %s: %w", ref, err)
	}
	return m, news, nil
}

// feedbackTries is how often it is written again after something else was told meanwhile. There are three things to tell.
const feedbackTries = 5

func (s *Store) told(
	ctx context.Context, ref casework.Reference, is func(id string) bool, told casework.MessageStatus, at time.Time,
) (m casework.Message, news bool, err error) {
	rows, err := s.messages(ctx, ref)
	if err != nil {
		return m, false, err
	}
	i := slices.IndexFunc(rows, func(r messageRow) bool { return is(r.ID) })
	if i < 0 || rows[i].forgotten() {
		return m, false, casework.ErrNotFound
	}
	if m, err = rows[i].message(); err != nil {
		return m, false, err
	}
	times := map[casework.MessageStatus]*time.Time{
		casework.Delivered: &m.Delivered, casework.Bounced: &m.Bounced, casework.Complained: &m.Complained,
	}
	if !at.After(*times[told]) {
		return m, false, nil
	}
	*times[told] = at.UTC()
	change := item{string(told): str(at.UTC().Format(timeLayout))}
	switch trouble, since := m.Trouble(at); {
	case trouble == casework.Returned:
		change["duty"], change["place"] = str(duty), str(mailPlace(m, trouble, since))
	case m.Outcome() == casework.Delivered && m.Watched():
		change["duty"], change["place"] = nil, nil
	}
	condition, values := asTold(rows[i])
	expression, set := changing(change)
	maps.Copy(values, set)
	attributes := []string{"delivered", "bounced", "complained", "handled_by"}
	_, err = s.updateMessage(ctx, ref, m.ID, expression, condition, values, slices.AppendSeq(attributes, maps.Keys(change))...)
	return m, err == nil, err
}

// asTold is the condition that of a message no more was told or done than the row says.
func asTold(row messageRow) (condition string, values item) {
	condition, values = present, item{}
	for name, was := range map[string]string{
		"delivered": row.Delivered, "bounced": row.Bounced, "complained": row.Complained, "handled_by": row.HandledBy,
	} {
		if was == "" {
			condition += fmt.Sprintf(" AND attribute_not_exists(#%s)", name)
			continue
		}
		condition += fmt.Sprintf(" AND #%s = :was_%[1]s", name)
		values[":was_"+name] = str(was)
	}
	return condition, values
}

// messages reads the messages of a case, or those about a report that is no case yet.
func (s *Store) messages(ctx context.Context, ref casework.Reference) ([]messageRow, error) {
	var rows []messageRow
	prefix := messageKey(ref, "")
	pages := dynamodb.NewQueryPaginator(s.Client, &dynamodb.QueryInput{
		TableName: &s.Cases, KeyConditionExpression: aws.String("PK = :pk AND begins_with(SK, :message)"), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: item{":pk": str(prefix.PK), ":message": str(prefix.SK)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("query: %w", err)
		}
		for _, it := range page.Items {
			row, err := decode[messageRow](it)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}
