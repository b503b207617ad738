package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// quarantinedMost is how many quarantined reports are looked at in one go; when more wait, the likeliest people and of
// those the oldest.
const quarantinedMost = 15_000

// placeOf is where a quarantined report stands in the todo index: the fewest doubts first, then the oldest. It says all
// that the list and the groups are made of, so that ten thousand reports cost no read of their rows:
// "1#2026-11-23T09:00:00.000Z#urgent#crowd#0f3a91c2d4e5f607".
func placeOf(q casework.Quarantined) string {
	urgency, network := "plain", q.Network
	if q.Urgent {
		urgency = "urgent"
	}
	doubts := make([]string, 0, len(q.Doubts))
	for _, d := range q.Doubts {
		doubts = append(doubts, string(d))
	}
	return strings.Join([]string{strconv.Itoa(len(doubts)), stamp(q.Received), urgency, strings.Join(doubts, "+"), network}, "#")
}

// quarantinedAt reads a place, and before it the end of the term to undo when the report was closed.
func quarantinedAt(ref casework.Reference, place string) (casework.Quarantined, error) {
	parts := strings.Split(place, "#")
	q := casework.Quarantined{Reference: ref}
	var err error
	if len(parts) == 6 {
		if q.Until, err = time.Parse(time.RFC3339, parts[0]); err != nil {
			return q, fmt.Errorf("report %s is closed without a term: %w", ref, err)
		}
		parts = parts[1:]
	}
	if len(parts) != 5 {
		return q, fmt.Errorf("report %s has no place in quarantine", ref)
	}
	if q.Received, err = time.Parse(time.RFC3339, parts[1]); err != nil {
		return q, fmt.Errorf("report %s has no place in quarantine: %w", ref, err)
	}
	q.Urgent, q.Network = parts[2] == "urgent", parts[4]
	for d := range strings.SplitSeq(parts[3], "+") {
		q.Doubts = append(q.Doubts, casework.Doubt(d))
	}
	return q, nil
}

// Quarantine puts a report aside that was not taken; casework.ErrConflict when it was, or is aside already.
func (s *Store) Quarantine(ctx context.Context, q casework.Quarantined) error {
	return s.moveReport(ctx, q.Reference, "SET #todo = :todo, #at = :at", "#todo = :report",
		map[string]string{"#todo": "todo", "#at": "at"},
		item{":todo": str(todoQuarantine), ":at": str(placeOf(q)), ":report": str(todoReport)})
}

// Quarantined lists the reports that wait for a person's look, the likeliest people first and of those the oldest.
func (s *Store) Quarantined(ctx context.Context) ([]casework.Quarantined, error) {
	return s.aside(ctx, todoQuarantine, "")
}

// Closed lists the reports that nobody sent, as far as that can still be undone at now, by the end of that term.
func (s *Store) Closed(ctx context.Context, now time.Time) ([]casework.Quarantined, error) {
	return s.aside(ctx, todoNotHuman, endedBy(now))
}

// endedBy is above the place of every closed report whose term to undo has ended at now, and below that of every other.
func endedBy(now time.Time) string { return stamp(now) + "~" }

// aside reads places in the todo index, from one on.
func (s *Store) aside(ctx context.Context, todo, from string) ([]casework.Quarantined, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Cases, IndexName: aws.String(indexTodo.Name),
		KeyConditionExpression:    aws.String("#pk = :pk"),
		ExpressionAttributeNames:  map[string]string{"#pk": indexTodo.PK},
		ExpressionAttributeValues: item{":pk": str(todo)},
	}
	if from != "" {
		in.KeyConditionExpression = aws.String("#pk = :pk AND #sk >= :from")
		in.ExpressionAttributeNames["#sk"] = indexTodo.SK
		in.ExpressionAttributeValues[":from"] = str(from)
	}
	var all []casework.Quarantined
	pages := dynamodb.NewQueryPaginator(s.Client, in)
	for pages.HasMorePages() && len(all) < quarantinedMost {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("query index %s: %w", indexTodo.Name, err)
		}
		for _, it := range page.Items {
			var row struct {
				Key
				At string `dynamodbav:"at"`
			}
			if err := attributevalue.UnmarshalMap(it, &row); err != nil {
				return nil, fmt.Errorf("decode place: %w", err)
			}
			ref, _ := row.reference()
			q, err := quarantinedAt(ref, row.At)
			if err != nil {
				return nil, err
			}
			all = append(all, q)
		}
	}
	return all, nil
}

// InQuarantine returns a report that waits for a person's look, or that nobody sent and can be undone at now; else
// casework.ErrNotFound.
func (s *Store) InQuarantine(ctx context.Context, ref casework.Reference, now time.Time) (casework.Quarantined, error) {
	row, err := get[reportRow](ctx, s, s.Cases, reportKey(ref), "todo", "at")
	if err != nil {
		return casework.Quarantined{}, fmt.Errorf("report %s: %w", ref, err)
	}
	if row.Todo != todoQuarantine && row.Todo != todoNotHuman || row.At == "" { // without a place it is destroyed
		return casework.Quarantined{}, fmt.Errorf("report %s: %w", ref, casework.ErrNotFound)
	}
	q, err := quarantinedAt(ref, row.At)
	if err == nil && row.Todo == todoNotHuman && !now.Before(q.Until) {
		err = fmt.Errorf("report %s: %w", ref, casework.ErrNotFound)
	}
	return q, err
}

// Judge writes what somebody said about a quarantined report: one that a person sent is taken like any other, one that
// nobody sent is closed and can be undone. casework.ErrConflict: somebody else was first, or the term to undo is over.
func (s *Store) Judge(ctx context.Context, ref casework.Reference, j casework.Judgement) error {
	names := map[string]string{"#todo": "todo", "#at": "at", "#by": "judged_by", "#judged": "judged"}
	values := item{
		":by": str(j.By), ":judged": str(j.At.UTC().Format(timeLayout)), ":waits": str(todoQuarantine), ":at": str(stamp(j.At)),
	}
	const expression = "SET #todo = :todo, #at = :at, #by = :by, #judged = :judged"
	if j.Human {
		values[":todo"], values[":closed"] = str(todoReport), str(todoNotHuman)
		values[":over"] = str(endedBy(j.At))
		return s.moveReport(ctx, ref, expression, "#todo = :waits OR (#todo = :closed AND #at > :over)", names, values)
	}
	q, err := s.InQuarantine(ctx, ref, j.At)
	if err != nil {
		return err
	}
	values[":todo"], values[":place"] = str(todoNotHuman), str(placeOf(q))
	values[":at"] = str(stamp(j.At.Add(casework.CloseUndone)) + "#" + placeOf(q))
	return s.moveReport(ctx, ref, expression, "#todo = :waits AND #at = :place", names, values)
}

// moveReport changes what is to be done with a report; casework.ErrConflict when the condition fails.
func (s *Store) moveReport(
	ctx context.Context, ref casework.Reference, expression, condition string, names map[string]string, values item,
) error {
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: reportKey(ref).item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return casework.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("move report %s: %w", ref, err)
	}
	return nil
}

// renew writes a new promise to the report of a running case, and to the resident's page.
func (t *transaction) renew(ref casework.Reference, r casework.Renewal) {
	t.update(reportKey(ref), "SET #before = :before", present, map[string]string{"#before": "contact_before"},
		item{":before": str(r.ContactBefore.Format(timeLayout))}, conflict)
	t.renewView(r)
}

func (t *transaction) renewView(r casework.Renewal) {
	if r.LinkID != "" {
		t.update(linkKey(r.LinkID), "SET #view = :view", present, map[string]string{"#view": "view"},
			item{":view": &types.AttributeValueMemberB{Value: r.View}}, conflict)
	}
}

// OweOnce stores messages unless some were stored under this mark before.
func (s *Store) OweOnce(ctx context.Context, mark string, messages []casework.Message) error {
	t := transaction{store: s}
	k := workKey(mark)
	t.update(k, "SET #when = :when, #shape = :shape", absent, map[string]string{"#when": "when", "#shape": shapeAttribute},
		item{":when": str(messages[0].Created.UTC().Format(timeLayout)), ":shape": num(newestShape(k.kind()))},
		func(item) error { return errMine })
	for _, m := range messages {
		t.put(newMessageRow(m), absent, conflict)
	}
	if err := t.commit(ctx); err != nil && !errors.Is(err, errMine) {
		return fmt.Errorf("owe messages: %w", err)
	}
	return nil
}
