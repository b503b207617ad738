// Package seal closes and opens what is stored: HPKE envelopes per purpose (RFC 9180), a resident's page under the key
// that follows from its link, and drafts under the key that only the resident's cookie holds. It holds no private key of
// a purpose: those are in package vault below it, which the front door does not reach.
package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/mlkem"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// ErrSealed means that an envelope cannot be opened: another case's, another municipality's, damaged, or of a key that
// is gone.
var ErrSealed = errors.New("cannot be opened")

const (
	envelopeVersion = 2
	// headSize is the version and the key's number before the sealed bytes.
	headSize = 3
	// schemaVersion is part of the associated data: an envelope never opens as one of another shape.
	schemaVersion = "2026-11"
)

// Purposes lists every purpose that has key pairs.
func Purposes() []casework.Purpose {
	return []casework.Purpose{casework.ForRouting, casework.ForContact, casework.ForContent, casework.ForMatching}
}

// KEM gives each purpose its key encapsulation. Content is kept for years, here or elsewhere, and gets the hybrid of
// ML-KEM-768 and X25519; the others are short-lived and small.
func KEM(p casework.Purpose) hpke.KEM {
	if keptLong(p) {
		return hpke.MLKEM768X25519()
	}
	return hpke.DHKEM(ecdh.X25519())
}

// encapsulatedSize is how many bytes of an envelope are the encapsulated key.
func encapsulatedSize(p casework.Purpose) int {
	const x25519 = 32
	if keptLong(p) {
		return mlkem.CiphertextSize768 + x25519
	}
	return x25519
}

func keptLong(p casework.Purpose) bool {
	return p == casework.ForContent || p == casework.ForCaseSystem
}

// Sealer seals with the newest public key of each purpose. It holds no private key.
type Sealer struct{ senders map[casework.Purpose]*senders }

// NewSealer takes a municipality's keys; every purpose must have one. That of its own case system is there where
// something is handed off to that.
func NewSealer(municipality string, keys []casework.Key) (*Sealer, error) {
	s := &Sealer{senders: map[casework.Purpose]*senders{}}
	for _, p := range Purposes() {
		k := Newest(keys, p)
		if k.N == 0 {
			return nil, fmt.Errorf("there is no key pair for %s", p)
		}
		if err := s.add(municipality, k); err != nil {
			return nil, err
		}
	}
	for _, k := range keys {
		if k.Purpose == casework.ForCaseSystem {
			if err := s.add(municipality, k); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (s *Sealer) add(municipality string, k casework.Key) error {
	pub, err := KEM(k.Purpose).NewPublicKey(k.Public)
	if err != nil {
		return fmt.Errorf("public key %s %d: %w", k.Purpose, k.N, err)
	}
	s.senders[k.Purpose] = &senders{key: k, public: pub, info: associated(municipality, string(k.Purpose))}
	return nil
}

// CaseSystemKeys returns the public key of the municipality's own case system, from its file; none where nothing is handed
// off to one.
func CaseSystemKeys(m *municipality.Municipality) ([]casework.Key, error) {
	if m.CaseSystem == nil {
		return nil, nil
	}
	public, err := m.CaseSystem.Key()
	if err != nil {
		return nil, fmt.Errorf("public key of the case system: %w", err)
	}
	return []casework.Key{{Purpose: casework.ForCaseSystem, N: municipality.KeyNumber(public), Public: public}}, nil
}

// Newest returns the pair of a purpose that is sealed with: the one with the highest number, or number 0 when the
// purpose has none.
func Newest(keys []casework.Key, p casework.Purpose) casework.Key {
	var newest casework.Key
	for _, k := range keys {
		if k.Purpose == p && k.N > newest.N {
			newest = k
		}
	}
	return newest
}

// Prepare begins in the background what the envelopes of the next report need and does not depend on it; what was begun
// before stays. Seal takes it, or makes its own.
func (s *Sealer) Prepare() {
	var begun []func() (sender, error)
	// Sealing goes the other way round: where the two meet, each has done a part.
	for _, p := range []casework.Purpose{casework.ForContent, casework.ForContact, casework.ForRouting} {
		if next, ok := s.senders[p].begin(); ok {
			begun = append(begun, next)
		}
	}
	if len(begun) == 0 {
		return
	}
	go func() {
		for _, next := range begun {
			_, _ = next() // who takes it gets the error
		}
	}()
}

// Seal makes an envelope of one case: version, key number, encapsulated key, and the deflated text. Municipality,
// purpose and schema version are bound to the key, the case to the text under it.
func (s *Sealer) Seal(p casework.Purpose, id casework.Reference, plain []byte) (casework.Envelope, error) {
	packed, err := deflate(plain)
	if err != nil {
		return nil, fmt.Errorf("deflate: %w", err)
	}
	if s.senders[p] == nil {
		return nil, fmt.Errorf("there is no key pair for %s", p)
	}
	by, err := s.senders[p].take()
	if err != nil {
		return nil, err
	}
	sealed, err := by.context.Seal([]byte(id), packed)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	head := binary.BigEndian.AppendUint16([]byte{envelopeVersion}, s.senders[p].key.N)
	return slices.Concat(head, by.encapsulated, sealed), nil
}

// KeyNumber tells which key pair of its purpose an envelope was sealed with.
func KeyNumber(e casework.Envelope) (uint16, error) {
	if len(e) < headSize || e[0] != envelopeVersion && e[0] != version1 {
		return 0, fmt.Errorf("envelope of %d bytes: %w", len(e), ErrSealed)
	}
	return binary.BigEndian.Uint16(e[1:headSize]), nil
}

// Open opens an envelope of one case with the private half of the key pair that KeyNumber tells. ErrSealed: it is
// another case's or municipality's, or damaged.
func Open(private hpke.PrivateKey, municipality string, p casework.Purpose, id casework.Reference, e casework.Envelope) ([]byte, error) {
	if _, err := KeyNumber(e); err != nil {
		return nil, err
	}
	unseal := open
	if e[0] == version1 {
		unseal = open1
	}
	packed, err := unseal(private, municipality, p, id, e[headSize:])
	if err != nil {
		return nil, ErrSealed
	}
	plain, err := inflate(packed)
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", ErrSealed)
	}
	return plain, nil
}

// open returns the deflated text of an envelope.
func open(private hpke.PrivateKey, municipality string, p casework.Purpose, id casework.Reference, sealed []byte) ([]byte, error) {
	size := encapsulatedSize(p)
	if len(sealed) < size {
		return nil, ErrSealed
	}
	recipient, err := hpke.NewRecipient(sealed[:size], private, kdf(), aead(), associated(municipality, string(p)))
	if err != nil {
		return nil, err
	}
	return recipient.Open([]byte(id), sealed[size:])
}

func kdf() hpke.KDF   { return hpke.HKDFSHA256() }
func aead() hpke.AEAD { return hpke.AES256GCM() }

// associated joins what an envelope is bound to; the lengths keep the parts apart.
func associated(parts ...string) []byte {
	var b strings.Builder
	for _, p := range append(parts, schemaVersion) {
		b.WriteString(strconv.Itoa(len(p)) + ":" + p)
	}
	return []byte(b.String())
}
