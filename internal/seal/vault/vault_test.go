package vault_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/infra/local/dynoxide"
	fake "voordeur/infra/local/kms"
	"voordeur/internal/casework"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
)

// store holds keys; calls counts what was asked of KMS.
type store struct {
	t     *testing.T
	vault vault.Vault
	keys  []casework.Key
	reads int
	calls atomic.Int32
}

func newStore(t *testing.T) *store {
	t.Helper()
	service, err := fake.New("alias/test", "")
	if err != nil {
		t.Fatal(err)
	}
	s := &store{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.calls.Add(1)
		service.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.vault = vault.Vault{KMS: kms.NewFromConfig(dynoxide.Config(server.URL)), KeyID: "alias/test", Municipality: "waterstad"}
	return s
}

func (s *store) Keys(context.Context) ([]casework.Key, error) {
	s.reads++
	return s.keys, nil
}

// rotate adds the next key of each purpose and returns an envelope sealed with it.
func (s *store) rotate(n uint16) casework.Envelope {
	s.t.Helper()
	for _, p := range seal.Purposes() {
		k, err := s.vault.NewKey(s.t.Context(), p, n)
		if err != nil {
			s.t.Fatal(err)
		}
		s.keys = append(s.keys, k)
	}
	sealer, err := seal.NewSealer("waterstad", s.keys)
	if err != nil {
		s.t.Fatal(err)
	}
	e, err := sealer.Seal(casework.ForContact, "K7M-4RT-9XT", []byte("bel na zes uur"))
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func open(t *testing.T, o *vault.Opener, e casework.Envelope) error {
	t.Helper()
	_, err := o.Open(t.Context(), casework.ForContact, "K7M-4RT-9XT", e)
	return err
}

func TestNothingIsReadOrDecryptedBeforeTheFirstEnvelope(t *testing.T) {
	s := newStore(t)
	e := s.rotate(1)
	s.calls.Store(0)
	o := vault.NewOpener(s.vault, s.Keys)
	if s.reads != 0 || s.calls.Load() != 0 {
		t.Errorf("%d reads and %d calls to KMS before the first envelope", s.reads, s.calls.Load())
	}
	for range 3 {
		if err := open(t, o, e); err != nil {
			t.Fatal(err)
		}
	}
	if s.reads != 1 || s.calls.Load() != 1 {
		t.Errorf("%d reads and %d calls to KMS for three envelopes, want one each", s.reads, s.calls.Load())
	}
}

func TestAnOpenerAtWorkLearnsOfANewKey(t *testing.T) {
	s := newStore(t)
	old := s.rotate(1)
	o := vault.NewOpener(s.vault, s.Keys)
	if err := open(t, o, old); err != nil {
		t.Fatal(err)
	}
	if err := open(t, o, s.rotate(2)); err != nil {
		t.Errorf("an envelope of the new key: %v", err)
	}
	if err := open(t, o, old); err != nil {
		t.Errorf("an envelope of the old key: %v", err)
	}
}

func TestARemovedKeyIsRefused(t *testing.T) {
	s := newStore(t)
	e := s.rotate(1)
	s.rotate(2)
	s.keys = slices.DeleteFunc(s.keys, func(k casework.Key) bool { return k.N == 1 })
	err := open(t, vault.NewOpener(s.vault, s.Keys), e)
	if !errors.Is(err, seal.ErrSealed) || err.Error() != "key contact 1 is not here: cannot be opened" {
		t.Errorf("error %v", err)
	}
}

func TestAnEnvelopeThatDoesNotOpenNamesItsKey(t *testing.T) {
	s := newStore(t)
	e := s.rotate(1)
	e[len(e)-1] ^= 1
	err := open(t, vault.NewOpener(s.vault, s.Keys), e)
	if !errors.Is(err, seal.ErrSealed) || err.Error() != "with key contact 1: cannot be opened" {
		t.Errorf("error %v", err)
	}
}

// raced is a store whose every number somebody else takes between reading and writing.
type raced struct{ *store }

func (s raced) AddKey(ctx context.Context, k casework.Key) error {
	theirs, err := s.vault.NewKey(ctx, k.Purpose, k.N)
	s.keys = append(s.keys, theirs)
	return errors.Join(err, casework.ErrConflict)
}

func TestAFirstPairMadeBySomebodyElseStays(t *testing.T) {
	s := newStore(t)
	if err := s.vault.MakeMissing(t.Context(), raced{s}); err != nil {
		t.Fatal(err)
	}
	if len(s.keys) != len(seal.Purposes()) {
		t.Errorf("%d pairs, want one of each purpose", len(s.keys))
	}
	if _, err := s.vault.Rotate(t.Context(), raced{s}, casework.ForContact); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a rotation that somebody else was before: %v, want ErrConflict", err)
	}
}
