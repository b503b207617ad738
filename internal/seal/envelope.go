// Package seal closes and opens what is stored: HPKE envelopes per purpose (RFC 9180), a resident's page sealed to the
// key in its link, and drafts under the key that only the resident's cookie holds. It holds no private key of a
// purpose: those are in package vault below it, which the front door does not reach.
package seal

import (
	"bytes"
	"compress/flate"
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"voordeur/internal/casework"
)

// ErrSealed means that an envelope cannot be opened: another case's, another municipality's, damaged, or of a key that
// is gone.
var ErrSealed = errors.New("cannot be opened")

const (
	envelopeVersion = 1
	// headSize is the version and the key's number before the sealed bytes.
	headSize = 3
	// schemaVersion is part of the associated data: an envelope never opens as one of another shape.
	schemaVersion = "2026-11"
	// maxPlain bounds what an envelope may hold after decompression, in bytes.
	maxPlain = 1 << 20
)

// Purposes lists every purpose that has key pairs.
func Purposes() []casework.Purpose {
	return []casework.Purpose{casework.ForRouting, casework.ForContact, casework.ForContent, casework.ForMatching}
}

// KEM gives each purpose its key encapsulation. Content is kept for years and gets the hybrid of ML-KEM-768 and
// X25519; the others are short-lived and small.
func KEM(p casework.Purpose) hpke.KEM {
	if p == casework.ForContent {
		return hpke.MLKEM768X25519()
	}
	return hpke.DHKEM(ecdh.X25519())
}

// Sealer seals with the newest public key of each purpose. It holds no private key.
type Sealer struct {
	municipality string
	newest       map[casework.Purpose]casework.Key
	public       map[casework.Purpose]hpke.PublicKey
}

// NewSealer takes a municipality's keys; every purpose must have one.
func NewSealer(municipality string, keys []casework.Key) (*Sealer, error) {
	s := &Sealer{municipality: municipality, newest: map[casework.Purpose]casework.Key{}, public: map[casework.Purpose]hpke.PublicKey{}}
	for _, p := range Purposes() {
		k := Newest(keys, p)
		if k.N == 0 {
			return nil, fmt.Errorf("there is no key pair for %s", p)
		}
		pub, err := KEM(p).NewPublicKey(k.Public)
		if err != nil {
			return nil, fmt.Errorf("public key %s %d: %w", p, k.N, err)
		}
		s.newest[p], s.public[p] = k, pub
	}
	return s, nil
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

// Seal makes an envelope of one case: version, key number, encapsulated key, and the deflated text sealed with
// municipality, case, purpose and schema version as associated data.
func (s *Sealer) Seal(p casework.Purpose, id casework.Reference, plain []byte) (casework.Envelope, error) {
	packed, err := deflate(plain)
	if err != nil {
		return nil, fmt.Errorf("deflate: %w", err)
	}
	sealed, err := hpke.Seal(s.public[p], kdf(), aead(), associated(s.municipality, string(p), string(id)), packed)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	head := binary.BigEndian.AppendUint16([]byte{envelopeVersion}, s.newest[p].N)
	return append(head, sealed...), nil
}

// KeyNumber tells which key pair of its purpose an envelope was sealed with.
func KeyNumber(e casework.Envelope) (uint16, error) {
	if len(e) < headSize || e[0] != envelopeVersion {
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
	packed, err := hpke.Open(private, kdf(), aead(), associated(municipality, string(p), string(id)), e[headSize:])
	if err != nil {
		return nil, ErrSealed
	}
	plain, err := inflate(packed)
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", ErrSealed)
	}
	return plain, nil
}

// SealView seals the small view of a resident's page to the key pair that follows from the link's token.
func (s *Sealer) SealView(t casework.LinkToken, plain []byte) (casework.Link, error) {
	pair, err := linkPair(t)
	if err != nil {
		return casework.Link{}, err
	}
	view, err := hpke.Seal(pair.PublicKey(), kdf(), aead(), associated(s.municipality, "view", t.ID()), plain)
	if err != nil {
		return casework.Link{}, fmt.Errorf("seal view: %w", err)
	}
	return casework.Link{ID: t.ID(), PublicKey: pair.PublicKey().Bytes(), View: view}, nil
}

// Views opens residents' pages with the token that the visitor brings.
type Views struct{ Municipality string }

// OpenView opens the view of a link.
func (v Views) OpenView(t casework.LinkToken, l casework.Link) ([]byte, error) {
	pair, err := linkPair(t)
	if err != nil {
		return nil, err
	}
	plain, err := hpke.Open(pair, kdf(), aead(), associated(v.Municipality, "view", t.ID()), l.View)
	if err != nil {
		return nil, fmt.Errorf("view: %w", ErrSealed)
	}
	return plain, nil
}

func linkPair(t casework.LinkToken) (hpke.PrivateKey, error) {
	pair, err := hpke.DHKEM(ecdh.X25519()).DeriveKeyPair(t.Seed())
	if err != nil {
		return nil, fmt.Errorf("derive link key pair: %w", err)
	}
	return pair, nil
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

// compressors are used again: a new one takes 800 KB, and three are needed for each report.
//
//nolint:gochecknoglobals // a cache without state that anybody sees
var compressors sync.Pool

func deflate(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, ok := compressors.Get().(*flate.Writer)
	if ok {
		w.Reset(&b)
	} else {
		var err error
		if w, err = flate.NewWriter(&b, flate.BestCompression); err != nil {
			return nil, err
		}
	}
	defer compressors.Put(w)
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func inflate(packed []byte) ([]byte, error) {
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxPlain+1))
	if err != nil {
		return nil, err
	}
	if len(plain) > maxPlain {
		return nil, ErrSealed
	}
	return plain, nil
}
