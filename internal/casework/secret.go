package casework

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// Secret is what only the resident's cookie holds. Everything that belongs to one draft follows from it: the draft's
// row and key, the reference, the link. So the same form sent twice meets its own first report, and the store can tell
// nobody which draft became which report.
type Secret [32]byte

// ErrSecret means that a text is not a secret or a link token.
var ErrSecret = errors.New("not a secret")

// NewSecret returns a fresh random secret.
func NewSecret() Secret {
	var s Secret
	rand.Read(s[:])
	return s
}

// ParseSecret reads what String wrote.
func ParseSecret(text string) (Secret, error) {
	b, err := parseKey(text)
	return Secret(b), err
}

// String is the secret as the cookie holds it: base64url, 43 characters.
func (s Secret) String() string { return base64.RawURLEncoding.EncodeToString(s[:]) }

// DraftID is the key of the draft's row, hexadecimal.
func (s Secret) DraftID() string { return hex.EncodeToString(s.derive("draft id", 16)) }

// DraftKey is the AES-256 key that the draft is sealed with.
func (s Secret) DraftKey() []byte { return s.derive("draft key", 32) }

// Reference is the n-th reference this secret may take; n rises only when another secret holds the one before.
func (s Secret) Reference(n int) Reference {
	for try := uint32(0); ; try++ {
		label := binary.BigEndian.AppendUint32(fmt.Appendf(nil, "reference %d ", n), try)
		r := referenceFrom(s.derive(string(label), referenceLetters))
		if r.decent() {
			return r
		}
	}
}

// Owner tells a report of this secret from one of another secret with the same reference.
func (s Secret) Owner() []byte { return s.derive("owner", 16) }

// MAC tells a payload from a changed one.
func (s Secret) MAC(payload []byte) []byte {
	mac := hmac.New(sha256.New, s.derive("payload", 32))
	mac.Write(payload)
	return mac.Sum(nil)[:16]
}

// FormToken is the MAC that a page's form carries against forged posts (T11).
func (s Secret) FormToken(page string) string {
	return base64.RawURLEncoding.EncodeToString(s.derive("form "+page, 16))
}

// FormTokenIs compares in constant time.
func (s Secret) FormTokenIs(page, token string) bool {
	return hmac.Equal([]byte(s.FormToken(page)), []byte(token))
}

// LinkToken is the resident's link. It is the same for every repeat of the same draft.
func (s Secret) LinkToken() LinkToken { return LinkToken(s.derive("link token", 32)) }

func (s Secret) derive(label string, length int) []byte { return derive(s[:], label, length) }

// LinkToken stands in a link that a person was given; the store knows only its ID.
type LinkToken [32]byte

// ParseLinkToken reads what String wrote.
func ParseLinkToken(text string) (LinkToken, error) {
	b, err := parseKey(text)
	return LinkToken(b), err
}

// String is the token as it stands in a link: base64url, 43 characters.
func (t LinkToken) String() string { return base64.RawURLEncoding.EncodeToString(t[:]) }

// ID is the key of the link's row, hexadecimal.
func (t LinkToken) ID() string { return hex.EncodeToString(derive(t[:], "link id", 32)) }

// ViewKey is the AES-256 key that the resident's page is sealed with.
func (t LinkToken) ViewKey() []byte { return derive(t[:], "view key", 32) }

func derive(key []byte, label string, length int) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, "voordeur "+label, length)
	if err != nil { // only for a length above 8,160 bytes
		panic(err)
	}
	return out
}

func parseKey(text string) (key [32]byte, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != len(key) {
		return key, ErrSecret
	}
	return [32]byte(b), nil
}
