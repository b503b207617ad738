package dynamo

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"voordeur/internal/casework"
)

// hashesLast is how long the hashes of a day stay, for a digest that is late: as long as the table can be taken back.
const hashesLast = 35 * 24 * time.Hour

// hashRow says that an event of a day has this hash; all of it is in its key. It stands apart from the case, and no
// function may update or remove one: of an event that is edited or removed before the day's digest, it stays.
type hashRow struct {
	PK  string `dynamodbav:"PK"`
	SK  string `dynamodbav:"SK"`
	TTL int64  `dynamodbav:"ttl"` // seconds
}

func newHashRow(e casework.Event) hashRow {
	k := hashKey(casework.DayOf(e.At), hex.EncodeToString(e.Hash))
	return hashRow{PK: k.PK, SK: k.SK, TTL: e.At.Add(hashesLast).Unix()}
}

// EventHashes returns the hashes of a day's events, in any order.
func (s *Store) EventHashes(ctx context.Context, day casework.Day) ([]string, error) {
	hashes := []string{}
	for _, shard := range hexDigits {
		items, err := s.query(ctx, hashKey(day, string(shard)).PK)
		if err != nil {
			return nil, fmt.Errorf("hashes of %s: %w", day, err)
		}
		for _, it := range items {
			row, err := decode[hashRow](it)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, strings.TrimPrefix(row.SK, "HASH#"))
		}
	}
	return hashes, nil
}

// Audited returns what a worker saw on a day.
func (s *Store) Audited(ctx context.Context, day casework.Day, worker string) ([]casework.AuditRow, error) {
	items, err := s.query(ctx, auditKey(day, worker, "").PK)
	if err != nil {
		return nil, fmt.Errorf("audit of %s: %w", day, err)
	}
	var rows []casework.AuditRow
	for _, it := range items {
		row, err := decode[auditRow](it)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row.row())
	}
	return rows, nil
}

// History returns a case's events, oldest first, whether or not its head is there.
func (s *Store) History(ctx context.Context, ref casework.Reference) ([]casework.Event, error) {
	items, err := s.query(ctx, caseKey(ref).PK)
	if err != nil {
		return nil, fmt.Errorf("history of case %s: %w", ref, err)
	}
	var events []casework.Event
	for _, it := range items {
		k, err := decode[Key](it)
		if err != nil {
			return nil, err
		}
		if k.kind() != "EVENT" {
			continue
		}
		row, err := decode[eventRow](it)
		if err != nil {
			return nil, err
		}
		events = append(events, row.event())
	}
	return events, nil
}

type digestRow struct {
	PK   string `dynamodbav:"PK"`
	SK   string `dynamodbav:"SK"`
	Day  string `dynamodbav:"digested"`
	Hash string `dynamodbav:"hash"`
}

// LastDigest says how far the digests have come, or casework.ErrNotFound.
func (s *Store) LastDigest(ctx context.Context) (casework.Digested, error) {
	row, err := get[digestRow](ctx, s, s.Cases, digestKey())
	if err != nil {
		return casework.Digested{}, fmt.Errorf("last digest: %w", err)
	}
	return casework.Digested{Day: casework.Day(row.Day), Hash: row.Hash}, nil
}

// KeepDigested says how far the digests have come; casework.ErrConflict when they have come as far or further already.
func (s *Store) KeepDigested(ctx context.Context, d casework.Digested) error {
	k := digestKey()
	row := digestRow{PK: k.PK, SK: k.SK, Day: string(d.Day), Hash: d.Hash}
	_, err := s.put(ctx, s.Cases, row, absent+" OR digested < :digested", item{":digested": str(row.Day)})
	return err
}
