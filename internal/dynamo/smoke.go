package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"voordeur/internal/casework"
)

// smokeTestRow remembers the latest smoke test, for the next one to look at.
type smokeTestRow struct {
	PK        string `dynamodbav:"PK"`
	SK        string `dynamodbav:"SK"`
	Reference string `dynamodbav:"reference"`
	Started   string `dynamodbav:"started"` // a stamp: compared where it is stored
	TTL       int64  `dynamodbav:"ttl"`
}

// SmokeTest returns the latest smoke test, or casework.ErrNotFound.
func (s *Store) SmokeTest(ctx context.Context) (casework.SmokeTest, error) {
	row, err := get[smokeTestRow](ctx, s, s.Cases, smokeTestKey())
	if err != nil {
		return casework.SmokeTest{}, fmt.Errorf("latest smoke test: %w", err)
	}
	started, err := time.Parse(time.RFC3339, row.Started)
	if err != nil {
		return casework.SmokeTest{}, fmt.Errorf("latest smoke test: %w", err)
	}
	return casework.SmokeTest{Reference: casework.Reference(row.Reference), Started: started}, nil
}

// KeepSmokeTest makes a smoke test the latest one, unless a later one is.
func (s *Store) KeepSmokeTest(ctx context.Context, t casework.SmokeTest) error {
	k := smokeTestKey()
	row := smokeTestRow{
		PK: k.PK, SK: k.SK, Reference: string(t.Reference), Started: stamp(t.Started), TTL: t.Started.Add(casework.SmokeTestLasts).Unix(),
	}
	_, err := s.put(ctx, s.Cases, row, absent+" OR started <= :started", item{":started": str(row.Started)})
	if err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("keep smoke test: %w", err)
	}
	return nil
}

// expire makes every row of a new case go by itself: the ones that were put from a write on, and those of its report,
// which the front door stored before anybody could tell a smoke test. Nobody has a right to delete them (T15).
func (t *transaction) expire(from int, ch casework.Change) {
	ttl := num(int(ch.Removal.At.Unix()))
	for _, w := range t.writes[from:] {
		if w.Put != nil {
			w.Put.Item[TTL] = ttl
		}
	}
	later := []Key{contentKey(ch.Case.ID)} // the report's own row is updated by taken
	if ch.Removal.Link != "" {
		later = append(later, linkKey(ch.Removal.Link))
	}
	for _, k := range later {
		t.update(k, "SET #ttl = :ttl", present, map[string]string{"#ttl": TTL}, item{":ttl": ttl}, conflict)
	}
}

// taken takes the report of a new case out of what is due.
func (t *transaction) taken(ch casework.Change) {
	expression, names, values := "REMOVE #todo, #at", map[string]string{"#todo": "todo", "#at": "at"}, item{":report": str(todoReport)}
	if !ch.Removal.At.IsZero() {
		expression = "SET #ttl = :ttl " + expression
		names["#ttl"], values[":ttl"] = TTL, num(int(ch.Removal.At.Unix()))
	}
	if before := ch.Renewal.ContactBefore; !before.IsZero() {
		expression = "SET #before = :before " + expression
		names["#before"], values[":before"] = "contact_before", str(before.Format(timeLayout))
		t.renewView(ch.Renewal)
	}
	t.update(reportKey(ch.Case.ID), expression, "#todo = :report", names, values, conflict)
}
