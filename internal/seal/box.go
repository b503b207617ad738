package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
)

// Both are AES-256-GCM under a key that follows from a secret of the resident. A random nonce stands in front.

func encrypt(key, plain, bound []byte) ([]byte, error) {
	box, err := boxOf(key)
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, plain, bound), nil //nolint:gosec // it makes its own nonce and takes none
}

// decrypt returns ErrSealed when the key or what it is bound to is another, or the text is damaged.
func decrypt(key, sealed, bound []byte) ([]byte, error) {
	box, err := boxOf(key)
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(nil, nil, sealed, bound)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func boxOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("cipher: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("cipher: %w", err)
	}
	return box, nil
}
