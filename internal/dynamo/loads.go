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

// loadsRow remembers how far counting the loads has come.
type loadsRow struct {
	PK        string     `dynamodbav:"PK"`
	SK        string     `dynamodbav:"SK"`
	Version   int        `dynamodbav:"version"`
	At        time.Time  `dynamodbav:"counted"` // not "at": that would put it in the index
	After     string     `dynamodbav:"after,omitempty"`
	Workers   int        `dynamodbav:"workers"`
	Drifted   int        `dynamodbav:"drifted"`
	Corrected []string   `dynamodbav:"corrected,omitempty"`
	Found     []driftRow `dynamodbav:"found,omitempty"`
	Before    []driftRow `dynamodbav:"before,omitempty"`
}

type driftRow struct {
	Worker       string     `dynamodbav:"worker"`
	Load         int        `dynamodbav:"load"`
	Counted      int        `dynamodbav:"counted"`
	LastAssigned *time.Time `dynamodbav:"last_assigned,omitempty"`
}

func newLoadsRow(c casework.Counted) loadsRow {
	k := loadsKey()
	return loadsRow{
		PK: k.PK, SK: k.SK, Version: c.Version, At: c.At.UTC(), After: c.After, Workers: c.Workers, Drifted: c.Drifted,
		Corrected: c.Corrected, Found: newDriftRows(c.Found), Before: newDriftRows(c.Before),
	}
}

func newDriftRows(drifts []casework.Drift) []driftRow {
	var rows []driftRow
	for _, d := range drifts {
		rows = append(rows, driftRow{Worker: d.Worker, Load: d.Load, Counted: d.Counted, LastAssigned: optional(d.LastAssigned)})
	}
	return rows
}

func toDrifts(rows []driftRow) []casework.Drift {
	var drifts []casework.Drift
	for _, r := range rows {
		drifts = append(drifts, casework.Drift{Worker: r.Worker, Load: r.Load, Counted: r.Counted, LastAssigned: value(r.LastAssigned)})
	}
	return drifts
}

// Counted says how far counting the loads has come; the zero value before the first run.
func (s *Store) Counted(ctx context.Context) (casework.Counted, error) {
	row, err := get[loadsRow](ctx, s, s.Cases, loadsKey())
	if errors.Is(err, casework.ErrNotFound) {
		return casework.Counted{}, nil
	}
	if err != nil {
		return casework.Counted{}, fmt.Errorf("loads counted: %w", err)
	}
	return casework.Counted{
		Version: row.Version, At: row.At, After: row.After, Workers: row.Workers, Drifted: row.Drifted, Corrected: row.Corrected,
		Found: toDrifts(row.Found), Before: toDrifts(row.Before),
	}, nil
}

// KeepCounted says how far it has come now; casework.ErrConflict when somebody else said so since.
func (s *Store) KeepCounted(ctx context.Context, c casework.Counted) error {
	t := transaction{store: s}
	t.counted(c)
	if err := t.commit(ctx); err != nil {
		return fmt.Errorf("keep loads counted: %w", err)
	}
	return nil
}

// errActed means that the worker is not as they were when their load was counted.
var errActed = errors.New("worker got or lost a case")

// CorrectLoad makes a worker's counter what was counted and keeps c, in one transaction: a correction is never forgotten,
// and one whose answer was lost is not taken for none. done is false, and nothing written, when the counter is another one
// or the worker was assigned a case since.
func (s *Store) CorrectLoad(ctx context.Context, d casework.Drift, c casework.Counted) (done bool, err error) {
	condition, names := "#load = :load AND ", map[string]string{"#load": "load", "#last": "last_assigned"}
	values := item{":load": num(d.Load), ":counted": num(d.Counted)}
	if d.LastAssigned.IsZero() {
		condition += "attribute_not_exists(#last)"
	} else {
		condition += "#last = :last"
		values[":last"] = str(d.LastAssigned.UTC().Format(timeLayout))
	}
	t := transaction{store: s}
	t.update(workerKey(d.Worker), "SET #load = :counted", condition, names, values, func(item) error { return errActed })
	t.counted(c)
	err = t.commit(ctx)
	if errors.Is(err, errActed) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("correct load of %s: %w", d.Worker, err)
	}
	return true, nil
}

func (t *transaction) counted(c casework.Counted) {
	if c.Version == 1 {
		t.put(newLoadsRow(c), absent, conflict)
		return
	}
	t.putIf(newLoadsRow(c), "#version = :before", map[string]string{"#version": "version"}, item{":before": num(c.Version - 1)}, conflict)
}

// headsMost is how many keys one batch read takes.
const headsMost = 100

// CountLoad adds up what the cases weigh that count in a worker's load, and says how many it looked at.
func (s *Store) CountLoad(ctx context.Context, worker string) (points, cases int, err error) {
	cases, err = s.eachOwned(ctx, worker, func(c casework.Case) {
		if c.Bears() == worker {
			points += c.Weight
		}
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count load of %s: %w", worker, err)
	}
	return points, cases, nil
}

// eachOwned visits the heads of the cases that the index has with a worker as their owner, each once: candidates, which
// may have gone elsewhere. While a case moves within the index, it may be there twice.
func (s *Store) eachOwned(ctx context.Context, worker string, visit func(casework.Case)) (candidates int, err error) {
	refs := map[casework.Reference]bool{}
	pages := dynamodb.NewQueryPaginator(s.Client, &dynamodb.QueryInput{
		TableName: &s.Cases, IndexName: aws.String(indexLead.Name), KeyConditionExpression: aws.String("#pk = :pk"),
		ExpressionAttributeNames: map[string]string{"#pk": indexLead.PK}, ExpressionAttributeValues: item{":pk": str(worker)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, fmt.Errorf("query index %s: %w", indexLead.Name, err)
		}
		for _, it := range page.Items {
			k, err := decode[Key](it)
			if err != nil {
				return 0, err
			}
			if ref, ok := k.reference(); ok && k == caseKey(ref) { // other rows put a case in the list of who does not own it
				refs[ref] = true
			}
		}
	}
	for part := range slices.Chunk(slices.Collect(maps.Keys(refs)), headsMost) {
		heads, err := s.Heads(ctx, part)
		if err != nil {
			return 0, err
		}
		for _, c := range heads {
			visit(c)
		}
	}
	return len(refs), nil
}
