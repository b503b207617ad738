package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/casework"
)

// Pages of what a privacy officer looks at.
const (
	glassesMost  = 20 // each has words of its own
	readingsMost = 100
)

// readRow is an audit row under its case, or the last one of somebody from outside.
type readRow struct {
	PK     string    `dynamodbav:"PK"`
	SK     string    `dynamodbav:"SK"`
	At     time.Time `dynamodbav:"when"`
	Worker string    `dynamodbav:"worker"`
	Page   string    `dynamodbav:"page"`
	As     string    `dynamodbav:"as,omitempty"`
}

func newReadRow(k Key, a casework.Audit, as casework.Relation) readRow {
	return readRow{PK: k.PK, SK: k.SK, At: a.At.UTC(), Worker: a.Worker, Page: a.Page, As: string(as)}
}

func (r readRow) reading() casework.Reading {
	return casework.Reading{At: r.At, Worker: r.Worker, Page: r.Page, As: casework.Relation(r.As)}
}

// AuditReading stores who reads the one case that a names, in one transaction: the audit row, the same under the case,
// and for who comes from outside that this was the last time. The audit row is what digests hold; the others are found
// by it. See .github/decisions/0028-who-read-a-case.md.
func (s *Store) AuditReading(ctx context.Context, a casework.Audit, as casework.Relation) error {
	row, err := newAuditRow(a)
	if err != nil {
		return err
	}
	t := &transaction{store: s}
	t.put(row, absent, nil)
	for _, ref := range a.Cases {
		t.put(newReadRow(readKey(ref, row.SK), a, as), absent, nil)
		if as != "" {
			t.put(newReadRow(outsideKey(ref, a.Worker), a, as), "", nil) // only ever the last one
		}
	}
	if err := t.commit(ctx); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// Readings lists who read a case, the newest first, a page at a time; nobody of one that is destroyed.
func (s *Store) Readings(ctx context.Context, ref casework.Reference, after string) ([]casework.Reading, string, error) {
	items, next, err := s.latest(ctx, readKey(ref, after), readingsMost)
	if err != nil {
		return nil, "", fmt.Errorf("readings of case %s: %w", ref, err)
	}
	readings := make([]casework.Reading, 0, len(items))
	for _, it := range items {
		row, err := decode[readRow](it)
		if err != nil {
			return nil, "", err
		}
		if goes(it) {
			continue
		}
		readings = append(readings, row.reading())
	}
	return readings, next, nil
}

// glassBrokenRow is a glass that was broken, apart from its case, so that all of them are found together.
type glassBrokenRow struct {
	PK     string     `dynamodbav:"PK"`
	SK     string     `dynamodbav:"SK"`
	Case   string     `dynamodbav:"case"`
	Worker string     `dynamodbav:"worker"`
	At     time.Time  `dynamodbav:"when"`
	Until  time.Time  `dynamodbav:"until"`
	Reason []byte     `dynamodbav:"reason"`
	Share  []byte     `dynamodbav:"share"`
	SeenBy string     `dynamodbav:"seen_by,omitempty"`
	SeenAt *time.Time `dynamodbav:"seen_at,omitempty"`
}

func newGlassBrokenRow(c casework.Case, ev casework.Event) glassBrokenRow {
	k := glassKey(glassID(ev))
	row := glassBrokenRow{PK: k.PK, SK: k.SK, Case: string(ev.Case), Worker: ev.By, At: ev.At, Reason: ev.Reason, Share: ev.Record}
	for _, g := range c.Glass {
		if g.Worker == ev.By {
			row.Until = g.Until
		}
	}
	return row
}

func glassID(e casework.Event) string {
	return fmt.Sprintf("%s_%s_%04d", stamp(e.At), e.Case, e.Version)
}

// Glasses lists the times that somebody broke the glass, the newest first, a page at a time. Those of a destroyed case,
// which the table has not dropped yet, are not in it.
func (s *Store) Glasses(ctx context.Context, after string) ([]casework.BrokenGlass, string, error) {
	items, next, err := s.latest(ctx, glassKey(after), glassesMost)
	if err != nil {
		return nil, "", fmt.Errorf("broken glasses: %w", err)
	}
	glasses := make([]casework.BrokenGlass, 0, len(items))
	for _, it := range items {
		row, err := decode[glassBrokenRow](it)
		if err != nil {
			return nil, "", err
		}
		if goes(it) {
			continue
		}
		glasses = append(glasses, casework.BrokenGlass{
			ID: idOf(row.SK), Case: casework.Reference(row.Case), Worker: row.Worker, At: row.At, Until: row.Until,
			Reason: row.Reason, Share: row.Share, SeenBy: row.SeenBy, SeenAt: value(row.SeenAt),
		})
	}
	return glasses, next, nil
}

// SeeGlass writes down which privacy officer looked at a broken glass first; casework.ErrNotFound when there is none.
func (s *Store) SeeGlass(ctx context.Context, id, officer string, at time.Time) error {
	t := &transaction{store: s}
	t.update(glassKey(id), "SET #by = :by, #at = :at", present+" AND attribute_not_exists(#by)",
		map[string]string{"#by": "seen_by", "#at": "seen_at"}, item{":by": str(officer), ":at": str(at.UTC().Format(timeLayout))},
		func(held item) error {
			if len(held) == 0 {
				return casework.ErrNotFound
			}
			return nil // somebody did already
		})
	if err := t.commit(ctx); err != nil {
		return fmt.Errorf("see glass: %w", err)
	}
	return nil
}

// latest reads the newest rows of a partition whose sort keys are in the order of time, those before k's unless that
// names none. next is what the following page begins after, "" when there is none.
func (s *Store) latest(ctx context.Context, k Key, most int32) (items []item, next string, err error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Cases, KeyConditionExpression: aws.String("PK = :pk"), ExpressionAttributeValues: item{":pk": str(k.PK)},
		ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(most),
	}
	if idOf(k.SK) != "" {
		in.KeyConditionExpression, in.ExpressionAttributeValues[":sk"] = aws.String("PK = :pk AND SK < :sk"), str(k.SK)
	}
	out, err := s.Client.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("query: %w", err)
	}
	if len(out.LastEvaluatedKey) > 0 {
		next = idOf(keyOf(out.LastEvaluatedKey).SK)
	}
	return out.Items, next, nil
}

// idOf is what a sort key says behind its kind.
func idOf(sk string) string {
	_, id, _ := strings.Cut(sk, "#")
	return id
}
