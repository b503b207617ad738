package municipality

import (
	"crypto/hpke"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// CaseSystem is the municipality's own, which takes over after the inquiry. What it takes over is sealed to its key: a
// hybrid of ML-KEM-768 and X25519, like all content.
type CaseSystem struct {
	PublicKey string `json:"public_key"` // base64; go run ./infra/handoff key makes one
}

// Key returns the bytes of the public key.
func (s CaseSystem) Key() ([]byte, error) { return base64.StdEncoding.DecodeString(s.PublicKey) }

// KeyNumber tells keys of one system apart: the first two bytes of the SHA-256 of the public one.
func KeyNumber(public []byte) uint16 {
	sum := sha256.Sum256(public)
	return binary.BigEndian.Uint16(sum[:])
}

// caseSystemFaults wants a key that something can be sealed to exactly where there is something to seal.
func caseSystemFaults(m *Municipality) Faults {
	const place = "case_system"
	switch {
	case m.Until != UntilHandOff && m.CaseSystem != nil:
		return Faults{{place, "haal dit weg, of zet until op handoff"}}
	case m.Until != UntilHandOff:
		return nil
	case m.CaseSystem == nil:
		return Faults{{place, "vul de openbare sleutel van het zaaksysteem in"}}
	}
	if err := sealsTo(*m.CaseSystem); err != nil {
		return Faults{{place + ".public_key", "dit is geen openbare sleutel, maak er een met: go run ./infra/handoff key"}}
	}
	return nil
}

// sealsTo tries the key: some of the right length seal nothing.
func sealsTo(s CaseSystem) error {
	key, err := s.Key()
	if err != nil {
		return err
	}
	public, err := hpke.MLKEM768X25519().NewPublicKey(key)
	if err != nil {
		return err
	}
	_, _, err = hpke.NewSender(public, hpke.HKDFSHA256(), hpke.AES256GCM(), nil)
	return err
}
