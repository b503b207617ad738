package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"voordeur/internal/casework"
)

// matchRow leads from a trait's hash to a case; all that it says is in its key.
type matchRow struct {
	PK string `dynamodbav:"PK"`
	SK string `dynamodbav:"SK"`
}

// Matching returns the cases that share one of the trait hashes, in any order.
func (s *Store) Matching(ctx context.Context, hashes []string) ([]casework.Reference, error) {
	seen := map[casework.Reference]bool{}
	var refs []casework.Reference
	for _, hash := range hashes {
		items, err := s.query(ctx, matchKey(hash, "").PK)
		if err != nil {
			return nil, fmt.Errorf("matching cases: %w", err)
		}
		for _, it := range items {
			k, err := decode[Key](it)
			if err != nil {
				return nil, err
			}
			ref := casework.Reference(strings.TrimPrefix(k.SK, "CASE#"))
			if !seen[ref] {
				seen[ref] = true
				refs = append(refs, ref)
			}
		}
	}
	return refs, nil
}

// Hint lets trait hashes lead to a report, and so to the case that is made of it. It comes before the case and outside its
// transaction, where it costs half: who follows a hint to where no case is made passes on, so it does no harm.
func (s *Store) Hint(ctx context.Context, hashes []string, ref casework.Reference) error {
	for _, hash := range hashes {
		_, err := s.put(ctx, s.Cases, matchRow(matchKey(hash, ref)), absent, nil)
		if err != nil && !errors.Is(err, casework.ErrConflict) {
			return fmt.Errorf("hint at case %s: %w", ref, err)
		}
	}
	return nil
}
