package vault

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

// Hashes returns each trait's keyed hashes, one under every matching key there is, the newest first: 32 hexadecimal
// characters, at least one. seal.ErrSealed: every matching key is gone.
// The key is what follows from a matching pair's private half; nothing is ever sealed to its public half.
func (o *Opener) Hashes(ctx context.Context, traits []casework.Trait) ([][]string, error) {
	numbers, err := o.numbers(ctx, casework.ForMatching)
	if err != nil {
		return nil, err
	}
	if len(numbers) == 0 {
		return nil, fmt.Errorf("no key %s is here: %w", casework.ForMatching, seal.ErrSealed)
	}
	hashes := make([][]string, len(traits))
	for _, n := range numbers {
		key, err := o.matchingKey(ctx, n)
		if err != nil {
			return nil, err
		}
		for i, t := range traits {
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(string(t.Kind) + "\n" + t.Value))
			hashes[i] = append(hashes[i], hex.EncodeToString(mac.Sum(nil)[:16]))
		}
	}
	return hashes, nil
}

func (o *Opener) matchingKey(ctx context.Context, n uint16) ([]byte, error) {
	private, err := o.private(ctx, keyID{casework.ForMatching, n})
	if err != nil {
		return nil, err
	}
	secret, err := private.Bytes()
	if err != nil {
		return nil, fmt.Errorf("matching key %d: %w", n, err)
	}
	return hkdf.Key(sha256.New, secret, nil, "voordeur matching "+o.vault.Municipality, sha256.Size)
}

// numbers lists the key numbers of a purpose, the newest first.
func (o *Opener) numbers(ctx context.Context, p casework.Purpose) ([]uint16, error) {
	stored, err := o.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	var numbers []uint16
	for _, k := range stored {
		if k.Purpose == p {
			numbers = append(numbers, k.N)
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	return numbers, nil
}
