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

// Late is how much has waited longer than it may.
type Late struct {
	Reports    int // sent more than 2 minutes ago, and no case yet
	Messages   int // owed for more than 15 minutes, and not sent
	Cases      int // a deadline went by; first looks included
	FirstLooks int // urgent, and nobody has looked in time
	Kept       int // ended, their term over for more than an hour
}

const (
	lateReport  = 2 * time.Minute
	lateMessage = 15 * time.Minute
	lateDestroy = time.Hour
	// lateMost bounds how many reports and messages are looked at: whoever is alarmed by so many is not helped by more.
	lateMost = 100
)

// Late counts what is late at now. It reads what is pending and the late ones' places in the index, never all cases.
func (s *Store) Late(ctx context.Context, now time.Time) (Late, error) {
	var l Late
	var errs [7]error
	var unmet, reminded, mails int
	l.Reports, errs[0] = s.waiting(ctx, todoReport, "received", now.Add(-lateReport))
	l.Messages, errs[1] = s.waiting(ctx, todoMessage, "created", now.Add(-lateMessage))
	l.FirstLooks, errs[2] = s.count(ctx, todoLateLook, "")
	reminded, errs[3] = s.count(ctx, todoLate, "")
	unmet, errs[4] = s.count(ctx, todoCase, stamp(now)) // the sweep did not come to these
	mails, errs[5] = s.lateMails(ctx, now.Add(-lateMessage))
	l.Kept, errs[6] = s.count(ctx, todoKept, stamp(now.Add(-lateDestroy)))
	l.Messages += mails
	l.Cases = l.FirstLooks + reminded + unmet
	if err := errors.Join(errs[:]...); err != nil {
		return Late{}, fmt.Errorf("count what is late: %w", err)
	}
	return l, nil
}

// waiting counts the pending rows that began to wait at a moment or before it; attribute holds when that was.
func (s *Store) waiting(ctx context.Context, todo, attribute string, since time.Time) (int, error) {
	keys, err := s.find(ctx, indexTodo, todo, "", lateMost)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, k := range keys {
		row, err := get[map[string]any](ctx, s, s.Cases, k, "todo", attribute)
		if errors.Is(err, casework.ErrNotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		text, _ := row[attribute].(string)
		began, err := time.Parse(time.RFC3339, text)
		if row["todo"] == todo && (err != nil || !began.After(since)) {
			n++ // a row that does not say since when is late as well: nobody would miss it otherwise
		}
	}
	return n, nil
}

// count counts places in the todo index, up to about ten thousand.
func (s *Store) count(ctx context.Context, todo, until string) (int, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Cases, IndexName: aws.String(indexTodo.Name), Select: types.SelectCount,
		KeyConditionExpression:    aws.String("#pk = :pk"),
		ExpressionAttributeNames:  map[string]string{"#pk": indexTodo.PK},
		ExpressionAttributeValues: item{":pk": str(todo)},
	}
	if until != "" {
		in.KeyConditionExpression = aws.String("#pk = :pk AND #sk <= :until")
		in.ExpressionAttributeNames["#sk"] = indexTodo.SK
		in.ExpressionAttributeValues[":until"] = str(until)
	}
	out, err := s.Client.Query(ctx, in)
	if err != nil {
		return 0, fmt.Errorf("count in index %s: %w", indexTodo.Name, err)
	}
	return int(out.Count), nil
}

// todoOf is where the todo index has a case: among those that wait for their next deadline or, when a deadline went by
// and its owner was told, among the late ones. So the late ones can be counted without reading every open case.
func todoOf(c casework.Case) string {
	if _, kept := c.Kept(); kept {
		return todoKept
	}
	todo := todoCase
	for _, d := range c.Pressing() {
		switch reminded := d.Wake.After(d.At) || d.Told > 0; {
		case reminded && d.For == casework.DueLook:
			return todoLateLook
		case reminded:
			todo = todoLate
		}
	}
	return todo
}
