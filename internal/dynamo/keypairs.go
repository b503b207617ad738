package dynamo

import (
	"context"
	"fmt"

	"voordeur/internal/casework"
)

type keyRow struct {
	PK      string `dynamodbav:"PK"`
	SK      string `dynamodbav:"SK"`
	Purpose string `dynamodbav:"purpose"`
	N       uint16 `dynamodbav:"n"`
	Public  []byte `dynamodbav:"public"`
	Private []byte `dynamodbav:"private"`
}

// Keys returns every key pair.
func (s *Store) Keys(ctx context.Context) ([]casework.Key, error) { return s.keys(ctx) }

// PublicKeys returns the public half of every key pair. The private one, encrypted as it is, does not leave the store.
func (s *Store) PublicKeys(ctx context.Context) ([]casework.Key, error) {
	return s.keys(ctx, "purpose", "n", "public")
}

func (s *Store) keys(ctx context.Context, attributes ...string) ([]casework.Key, error) {
	items, err := s.query(ctx, keysPK, attributes...)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	keys := make([]casework.Key, 0, len(items))
	for _, it := range items {
		row, err := decode[keyRow](it)
		if err != nil {
			return nil, err
		}
		keys = append(keys, casework.Key{Purpose: casework.Purpose(row.Purpose), N: row.N, Public: row.Public, Private: row.Private})
	}
	return keys, nil
}

// AddKey stores a new key pair; casework.ErrConflict when its number is taken.
func (s *Store) AddKey(ctx context.Context, k casework.Key) error {
	key := keyPairKey(k)
	_, err := s.put(ctx, s.Cases, keyRow{
		PK: key.PK, SK: key.SK, Purpose: string(k.Purpose), N: k.N, Public: k.Public, Private: k.Private,
	}, absent, nil)
	return err
}
