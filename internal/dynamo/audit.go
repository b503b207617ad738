package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"voordeur/internal/casework"
)

type auditRow struct {
	PK     string    `dynamodbav:"PK"`
	SK     string    `dynamodbav:"SK"`
	At     time.Time `dynamodbav:"when"`
	Worker string    `dynamodbav:"worker"`
	Page   string    `dynamodbav:"page"`
	Cases  []string  `dynamodbav:"cases,omitempty"`
	About  string    `dynamodbav:"about,omitempty"`
}

func (r auditRow) row() casework.AuditRow {
	a := casework.Audit{At: r.At, Worker: r.Worker, Page: r.Page, About: r.About}
	for _, ref := range r.Cases {
		a.Cases = append(a.Cases, casework.Reference(ref))
	}
	return casework.AuditRow{ID: r.SK, Audit: a}
}

func newAuditRow(a casework.Audit) (auditRow, error) {
	id, err := ulid.New(ulid.Timestamp(a.At), ulid.DefaultEntropy())
	if err != nil {
		return auditRow{}, fmt.Errorf("audit id: %w", err)
	}
	k := auditKey(casework.DayOf(a.At), a.Worker, id.String())
	return auditRow{PK: k.PK, SK: k.SK, At: a.At.UTC(), Worker: a.Worker, Page: a.Page, Cases: texts(a.Cases), About: a.About}, nil
}

// Audit stores who saw what. A row is never changed.
func (s *Store) Audit(ctx context.Context, a casework.Audit) error {
	row, err := newAuditRow(a)
	if err != nil {
		return err
	}
	if _, err := s.put(ctx, s.Cases, row, absent, nil); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}
