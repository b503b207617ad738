package casework

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// AddressCode is a code on its way to a worker's own address: who fills it in has shown that mail reaches them (H3). The
// digits are kept nowhere. They follow from this, from the address, and from the key for matching, which only dispatch
// and desk have.
type AddressCode struct {
	Worker string
	Nonce  string // of this code
	Until  time.Time
}

// Limits of codes.
const (
	CodeLasts = 30 * time.Minute // from when it was asked for
	CodesMost = 5                // sent to a worker before the last one ran out
	CodeTries = 10               // of a worker before the last one ran out
)

// NewAddressCode is a new code for a worker.
func NewAddressCode(worker string, now time.Time) AddressCode {
	return AddressCode{Worker: worker, Nonce: NewSecret().DraftID(), Until: now.Add(CodeLasts).UTC()}
}

// addressTrait makes a code something else than what households are met by.
const addressTrait TraitKind = "address_code"

// Digits are the code's six digits for an address, as those are mailed.
func (c AddressCode) Digits(ctx context.Context, m Matcher, address string) (string, error) {
	all, err := c.digits(ctx, m, address)
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// Is says whether these are the digits that were mailed to an address; spaces and dashes between them do not count.
func (c AddressCode) Is(ctx context.Context, m Matcher, address, typed string) (bool, error) {
	all, err := c.digits(ctx, m, address)
	if err != nil {
		return false, err
	}
	bare := strings.Map(func(r rune) rune {
		if isBetween(r) {
			return -1
		}
		return r
	}, typed)
	is := false
	for _, digits := range all { // under an older key as well, when a newer one was made meanwhile
		is = hmac.Equal([]byte(digits), []byte(bare)) || is
	}
	return is, nil
}

// digits are the code's digits under every key, the newest first.
func (c AddressCode) digits(ctx context.Context, m Matcher, address string) ([]string, error) {
	hashes, err := m.Hashes(ctx, []Trait{{Kind: addressTrait, Value: c.Worker + "\n" + strings.ToLower(address) + "\n" + c.Nonce}})
	if err != nil {
		return nil, fmt.Errorf("code for an address: %w", err)
	}
	all := make([]string, 0, len(hashes[0]))
	for _, hash := range hashes[0] {
		raw, err := hex.DecodeString(hash)
		if err != nil || len(raw) < 8 {
			return nil, fmt.Errorf("code for an address: %d bytes of hash", len(raw))
		}
		all = append(all, fmt.Sprintf("%06d", binary.BigEndian.Uint64(raw)%1_000_000))
	}
	return all, nil
}
