package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

// Rows is where a municipality's key pairs are stored.
type Rows interface {
	// Keys returns every pair.
	Keys(ctx context.Context) ([]casework.Key, error)
	// AddKey stores a new pair; casework.ErrConflict when its number is taken.
	AddKey(ctx context.Context, k casework.Key) error
}

// MakeMissing makes the first pair of each purpose that has none. What is there, or is made by somebody else meanwhile,
// stays as it is.
func (v Vault) MakeMissing(ctx context.Context, rows Rows) error {
	keys, err := rows.Keys(ctx)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	for _, p := range seal.Purposes() {
		if seal.Newest(keys, p).N > 0 {
			continue
		}
		if _, err := v.add(ctx, rows, p, 1); err != nil && !errors.Is(err, casework.ErrConflict) {
			return err
		}
	}
	return nil
}

// Rotate makes the next pair of a purpose. Who reads the keys afterwards seals with it: a function at work within 15
// minutes, see wiring.Sealer. An Opener opens what it seals at once; the earlier pairs stay, and open what they sealed.
// casework.ErrConflict: somebody else rotated at the same moment, and theirs is the next pair.
func (v Vault) Rotate(ctx context.Context, rows Rows, p casework.Purpose) (casework.Key, error) {
	keys, err := rows.Keys(ctx)
	if err != nil {
		return casework.Key{}, fmt.Errorf("read keys: %w", err)
	}
	newest := seal.Newest(keys, p)
	if newest.N == 0 {
		return casework.Key{}, fmt.Errorf("there is no key pair for %s to follow: make the first one", p)
	}
	return v.add(ctx, rows, p, newest.N+1)
}

// add makes and stores the n-th pair of a purpose. A number that is taken by this very pair is an earlier try whose
// answer was lost.
func (v Vault) add(ctx context.Context, rows Rows, p casework.Purpose, n uint16) (casework.Key, error) {
	k, err := v.NewKey(ctx, p, n)
	if err != nil {
		return casework.Key{}, err
	}
	err = rows.AddKey(ctx, k)
	if errors.Is(err, casework.ErrConflict) {
		stored, readErr := rows.Keys(ctx)
		if readErr != nil {
			return casework.Key{}, fmt.Errorf("read keys: %w", readErr)
		}
		if slices.ContainsFunc(stored, func(s casework.Key) bool { return bytes.Equal(s.Public, k.Public) }) {
			return k, nil
		}
	}
	if err != nil {
		return casework.Key{}, fmt.Errorf("add key %s %d: %w", p, n, err)
	}
	return k, nil
}
