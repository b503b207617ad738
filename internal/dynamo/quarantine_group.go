package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/casework"
)

// workRow is one act on many reports, which is worked off bit by bit, or a mark that something was done that day.
type workRow struct {
	PK     string    `dynamodbav:"PK"`
	SK     string    `dynamodbav:"SK"`
	Group  string    `dynamodbav:"group,omitempty"`
	By     string    `dynamodbav:"by,omitempty"`
	When   time.Time `dynamodbav:"when"`
	Closed int       `dynamodbav:"closed,omitempty"`
	Todo   string    `dynamodbav:"todo,omitempty"` // index todo, until it is done
	At     string    `dynamodbav:"at,omitempty"`
}

// CloseGroup stores the act that closes a group; the sweep works it off. The same command again does nothing.
func (s *Store) CloseGroup(ctx context.Context, g casework.GroupClosing) error {
	k := workKey(g.Command)
	_, err := s.put(ctx, s.Cases, workRow{
		PK: k.PK, SK: k.SK, Group: g.Group, By: g.By, When: g.At.UTC(), Todo: todoWork, At: stamp(g.At),
	}, absent, nil)
	if err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("close a group: %w", err)
	}
	return nil
}

// closeMost bounds how many reports of a group one sweep closes; the next minute goes on.
const closeMost = 500

// closeSome goes on with an act that closes a group. What came in after the act is not closed by it. Stopped anywhere, the
// next one goes on from there.
func (s *Store) closeSome(ctx context.Context, k Key) error {
	row, err := get[workRow](ctx, s, s.Cases, k)
	if err != nil || row.Todo == "" {
		return err
	}
	waiting, err := s.Quarantined(ctx)
	if err != nil {
		return err
	}
	group := slices.DeleteFunc(waiting, func(q casework.Quarantined) bool {
		return q.Group() != row.Group || q.Received.After(row.When)
	})
	closed := 0
	for _, q := range group[:min(len(group), closeMost)] {
		err := s.Judge(ctx, q.Reference, casework.Judgement{By: row.By, At: row.When})
		switch {
		case err == nil:
			closed++
		case !errors.Is(err, casework.ErrConflict) && !errors.Is(err, casework.ErrNotFound):
			return err
		}
	}
	expression := "ADD #closed :closed"
	names := map[string]string{"#closed": "closed"}
	if len(group) <= closeMost {
		expression += " REMOVE #todo, #at"
		names["#todo"], names["#at"] = "todo", "at"
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: k.item(), UpdateExpression: &expression,
		ExpressionAttributeNames: names, ExpressionAttributeValues: item{":closed": num(closed)},
	})
	if err != nil {
		return fmt.Errorf("go on closing a group: %w", err)
	}
	return nil
}
