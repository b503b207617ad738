package wiring

import (
	"context"
	"fmt"
	"sync"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

const (
	// keysFresh is how long a sealer uses the keys that it read: so soon is a new key in use everywhere.
	keysFresh = 15 * time.Minute
	// readKeysWithin bounds reading them: casework.Sealer has no context to bound it.
	readKeysWithin = 5 * time.Second
)

// Sealer is a casework.Sealer that reads the public keys at its first envelope, since most requests seal nothing, and
// again when they are no longer fresh. A reading that fails is tried again at the next envelope.
type Sealer struct {
	Municipality string
	Keys         func(ctx context.Context) ([]casework.Key, error)
	Now          func() time.Time

	mu     sync.Mutex
	sealer *seal.Sealer
	read   time.Time
}

// Seal makes an envelope of one case.
func (s *Sealer) Seal(p casework.Purpose, id casework.Reference, plain []byte) (casework.Envelope, error) {
	sealer, err := s.current()
	if err != nil {
		return nil, err
	}
	return sealer.Seal(p, id, plain)
}

// Prepare reads the keys and begins what the next envelopes need, in the background.
func (s *Sealer) Prepare() {
	go func() {
		if sealer, err := s.current(); err == nil { // otherwise Seal meets it too, and returns it
			sealer.Prepare()
		}
	}()
}

func (s *Sealer) current() (*seal.Sealer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if s.sealer != nil && now.Sub(s.read) < keysFresh {
		return s.sealer, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), readKeysWithin)
	defer cancel()
	keys, err := s.Keys(ctx)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	sealer, err := seal.NewSealer(s.Municipality, keys)
	if err != nil {
		return nil, err
	}
	s.sealer, s.read = sealer, now
	return sealer, nil
}
