package wiring_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"voordeur/functions/wiring"
	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

// keys is a store of public keys: the n-th of each purpose is the newest.
type keys struct {
	t     *testing.T
	n     uint16
	reads int
	err   error
}

func (k *keys) read(ctx context.Context) ([]casework.Key, error) {
	k.reads++
	if _, ok := ctx.Deadline(); !ok {
		k.t.Error("reading the keys may take for ever")
	}
	var all []casework.Key
	for _, p := range seal.Purposes() {
		pair, err := seal.KEM(p).GenerateKey()
		if err != nil {
			k.t.Fatal(err)
		}
		all = append(all, casework.Key{Purpose: p, N: k.n, Public: pair.PublicKey().Bytes()})
	}
	return all, k.err
}

// sealedWith seals and returns the key's number.
func sealedWith(s *wiring.Sealer) (uint16, error) {
	e, err := s.Seal(casework.ForContact, "K7M-4RT-9XT", []byte("bel na zes uur"))
	if err != nil {
		return 0, err
	}
	return seal.KeyNumber(e)
}

func TestKeysAreReadWithTheFirstEnvelopeAndStayFresh(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	k := &keys{t: t, n: 1}
	s := &wiring.Sealer{Municipality: "waterstad", Keys: k.read, Now: func() time.Time { return now }}
	if k.reads != 0 {
		t.Error("keys are read before there is anything to seal")
	}
	for range 3 {
		if n, err := sealedWith(s); n != 1 || err != nil {
			t.Fatalf("sealed with key %d, %v", n, err)
		}
	}
	if k.reads != 1 {
		t.Errorf("keys were read %d times, want once", k.reads)
	}
	k.n, now = 2, now.Add(15*time.Minute)
	if n, err := sealedWith(s); n != 2 || err != nil || k.reads != 2 {
		t.Errorf("a quarter of an hour after a rotation sealed with key %d after %d reads, %v", n, k.reads, err)
	}
}

func TestAReadingOfKeysThatFailsIsTriedAgain(t *testing.T) {
	k := &keys{t: t, n: 1, err: errors.New("store is down")}
	s := &wiring.Sealer{Municipality: "waterstad", Keys: k.read, Now: func() time.Time { return time.Time{} }}
	if _, err := sealedWith(s); !errors.Is(err, k.err) {
		t.Fatalf("error %v", err)
	}
	k.err = nil
	if n, err := sealedWith(s); n != 1 || err != nil {
		t.Errorf("after the store came back sealed with key %d, %v", n, err)
	}
}

func TestKeysAreReadWhileNobodyWaitsForThem(t *testing.T) {
	for name, tt := range map[string]struct {
		err   error // of the first reading
		reads int
	}{
		"they are there when the first envelope is sealed": {nil, 1},
		"a reading that fails is tried again":              {errors.New("store is down"), 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &keys{t: t, n: 1, err: tt.err}
				s := &wiring.Sealer{Municipality: "waterstad", Keys: k.read, Now: func() time.Time { return time.Time{} }}
				s.Prepare()
				synctest.Wait()
				if k.reads != 1 {
					t.Fatalf("keys were read %d times ahead, want once", k.reads)
				}
				k.err = nil
				if n, err := sealedWith(s); n != 1 || err != nil || k.reads != tt.reads {
					t.Errorf("sealed with key %d after %d reads, want %d; %v", n, k.reads, tt.reads, err)
				}
			})
		})
	}
}
