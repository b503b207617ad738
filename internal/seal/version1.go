package seal

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
	"fmt"

	"voordeur/internal/casework"
)

// This file opens what releases 0.1 and 0.2 sealed; nothing is sealed like that any more. openView1 may go, with
// casework.Link.PublicKey, 400 days after the last front door of those releases stopped: no link of theirs lives longer.
// open1 may go when no case of theirs is left.

// version1 stands in front of their envelopes.
const version1 = 1

// open1 returns the deflated text of an envelope that was bound to its case when its key was encapsulated.
func open1(private hpke.PrivateKey, municipality string, p casework.Purpose, id casework.Reference, sealed []byte) ([]byte, error) {
	return hpke.Open(private, kdf(), aead(), associated(municipality, string(p), string(id)), sealed)
}

// openView1 opens a view that was sealed to a key pair that follows from the link's token.
func openView1(municipality string, t casework.LinkToken, view []byte) ([]byte, error) {
	seed, err := hkdf.Key(sha256.New, t[:], nil, "voordeur link key pair", 32)
	if err != nil {
		return nil, fmt.Errorf("derive seed: %w", err)
	}
	pair, err := hpke.DHKEM(ecdh.X25519()).DeriveKeyPair(seed)
	if err != nil {
		return nil, fmt.Errorf("derive link key pair: %w", err)
	}
	return hpke.Open(pair, kdf(), aead(), associated(municipality, "view", t.ID()), view)
}
