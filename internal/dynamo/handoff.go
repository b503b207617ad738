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

// handOffRow decides between a confirmation and taking the case back: both ask whether it is owed, and change that. The
// case's own rows are none of the API's business: dispatch writes what was confirmed into its history.
type handOffRow struct {
	PK          string     `dynamodbav:"PK"`
	SK          string     `dynamodbav:"SK"`
	HandedOff   time.Time  `dynamodbav:"handed_off"`
	Before      time.Time  `dynamodbav:"confirm_before"`
	Confirmed   *time.Time `dynamodbav:"confirmed,omitempty"`
	ConfirmedBy string     `dynamodbav:"confirmed_by,omitempty"`
	Todo        string     `dynamodbav:"todo,omitempty"` // HANDOFF while it is owed, then CONFIRMED until the history says so
	At          string     `dynamodbav:"at,omitempty"`
	TTL         int64      `dynamodbav:"ttl,omitempty"` // of a destroyed case
}

func (r handOffRow) handOff() casework.HandOff {
	ref, _ := Key{PK: r.PK}.reference()
	return casework.HandOff{Case: ref, At: r.HandedOff, Before: r.Before, Confirmed: value(r.Confirmed), By: r.ConfirmedBy}
}

// owed says whether somebody still has to confirm it; what is neither owed nor confirmed was taken back.
func (r handOffRow) owed() bool { return r.Todo == todoHandOff }

// fileRow has a row of its own, since it is large: a list reads none of them.
type fileRow struct {
	PK   string `dynamodbav:"PK"`
	SK   string `dynamodbav:"SK"`
	File []byte `dynamodbav:"file,omitempty"` // none once the case was taken back
}

// handOff writes what a change does to a case's hand-off. The head's condition guards what is put.
func (t *transaction) handOff(ch casework.Change) {
	k, f := handOffKey(ch.Case.ID), fileKey(ch.Case.ID)
	names := map[string]string{"#todo": "todo", "#at": "at"}
	switch {
	case ch.HandedOff != nil:
		due, _ := ch.Case.Deadline(casework.DueHandOff)
		t.put(handOffRow{
			PK: k.PK, SK: k.SK, HandedOff: ch.Event.At, Before: due.At, Todo: todoHandOff, At: stamp(ch.Event.At),
		}, "", nil)
		t.put(fileRow{PK: f.PK, SK: f.SK, File: ch.HandedOff}, "", nil)
	case ch.TakesBack:
		t.update(k, "REMOVE #todo, #at", "#todo = :owed", names, item{":owed": str(todoHandOff)},
			func(item) error { return casework.ErrConfirmed })
		t.put(fileRow{PK: f.PK, SK: f.SK}, "", nil)
	case ch.Event.Kind == casework.EvConfirmed: // whoever confirmed first
		names["#confirmed"], names["#by"] = "confirmed", "confirmed_by"
		t.update(k, "SET #confirmed = if_not_exists(#confirmed, :now), #by = if_not_exists(#by, :by) REMOVE #todo, #at", present, names,
			item{":now": str(ch.Event.At.Format(timeLayout)), ":by": str(ch.Event.By)}, conflict)
	}
}

// handOffsMost is how many hand-offs a list has: a batch read.
const handOffsMost = 100

// HandOffs lists the cases that were handed off and that nobody confirmed, the oldest first, of at most 100: those that
// are confirmed make room for the next.
func (s *Store) HandOffs(ctx context.Context) ([]casework.HandOff, error) {
	keys, err := s.find(ctx, indexTodo, todoHandOff, "", handOffsMost)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	items, err := s.batch(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("hand-offs: %w", err)
	}
	var owed []casework.HandOff
	for _, it := range items {
		row, err := decode[handOffRow](it)
		if err != nil {
			return nil, err
		}
		if row.owed() {
			owed = append(owed, row.handOff())
		}
	}
	slices.SortFunc(owed, func(a, b casework.HandOff) int { return a.At.Compare(b.At) })
	return owed, nil
}

// HandOff returns a case that was handed off, without its file; casework.ErrNotFound when it was not, was taken back, or is
// destroyed.
func (s *Store) HandOff(ctx context.Context, ref casework.Reference) (casework.HandOff, error) {
	row, err := get[handOffRow](ctx, s, s.Cases, handOffKey(ref))
	if err == nil && (!row.owed() && row.Confirmed == nil || row.TTL > 0) {
		err = casework.ErrNotFound
	}
	if err != nil {
		return casework.HandOff{}, fmt.Errorf("hand-off %s: %w", ref, err)
	}
	return row.handOff(), nil
}

// HandOffFile returns a case that was handed off with what is sealed for the municipality's own system; else
// casework.ErrNotFound.
func (s *Store) HandOffFile(ctx context.Context, ref casework.Reference) (casework.HandOff, error) {
	h, err := s.HandOff(ctx, ref)
	if err != nil {
		return casework.HandOff{}, err
	}
	row, err := get[fileRow](ctx, s, s.Cases, fileKey(ref))
	if err != nil {
		return casework.HandOff{}, fmt.Errorf("file of hand-off %s: %w", ref, err)
	}
	h.File = row.File
	return h, nil
}

// Confirm records that a system has what was handed off, and returns it as it is then: a second time the same as the
// first. casework.ErrTakenBack: it is here again. casework.ErrNotFound: it was never handed off, or is destroyed.
func (s *Store) Confirm(ctx context.Context, ref casework.Reference, by string, now time.Time) (casework.HandOff, error) {
	expression := "SET #confirmed = :now, #by = :by, #todo = :confirmed, #at = :stamp"
	condition := "#todo = :owed"
	out, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, Key: handOffKey(ref).item(), UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames: map[string]string{"#confirmed": "confirmed", "#by": "confirmed_by", "#todo": "todo", "#at": "at"},
		ExpressionAttributeValues: item{
			":now": str(now.UTC().Format(timeLayout)), ":by": str(by), ":confirmed": str(todoConfirmed), ":stamp": str(stamp(now)),
			":owed": str(todoHandOff),
		},
		ReturnValues: types.ReturnValueAllNew, ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var held item
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		held = failed.Item
	} else if err != nil {
		return casework.HandOff{}, fmt.Errorf("confirm hand-off %s: %w", ref, err)
	} else {
		held = out.Attributes
	}
	if len(held) == 0 {
		return casework.HandOff{}, fmt.Errorf("confirm hand-off %s: %w", ref, casework.ErrNotFound)
	}
	row, err := decode[handOffRow](held)
	switch {
	case err == nil && row.TTL > 0:
		err = casework.ErrNotFound
	case err == nil && row.Confirmed == nil:
		err = casework.ErrTakenBack
	}
	if err != nil {
		return casework.HandOff{}, fmt.Errorf("confirm hand-off %s: %w", ref, err)
	}
	return row.handOff(), nil
}
