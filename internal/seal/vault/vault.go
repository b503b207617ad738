// Package vault holds the private halves of a municipality's key pairs: AWS KMS encrypts them, and an Opener opens
// envelopes with them. Of the functions only desk and dispatch reach it.
package vault

import (
	"context"
	"crypto/hpke"
	"fmt"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

// Vault is the KMS key that the private halves are encrypted with.
type Vault struct {
	KMS          *kms.Client
	KeyID        string // ARN or alias
	Municipality string
}

// NewKey makes the n-th key pair of a purpose.
func (v Vault) NewKey(ctx context.Context, p casework.Purpose, n uint16) (casework.Key, error) {
	pair, err := seal.KEM(p).GenerateKey()
	if err != nil {
		return casework.Key{}, fmt.Errorf("generate key pair: %w", err)
	}
	private, err := pair.Bytes()
	if err != nil {
		return casework.Key{}, fmt.Errorf("encode private key: %w", err)
	}
	out, err := v.KMS.Encrypt(ctx, &kms.EncryptInput{
		KeyId: aws.String(v.KeyID), Plaintext: private, EncryptionContext: v.bound(p, n),
	})
	if err != nil {
		return casework.Key{}, fmt.Errorf("encrypt private key: %w", err)
	}
	return casework.Key{Purpose: p, N: n, Public: pair.PublicKey().Bytes(), Private: out.CiphertextBlob}, nil
}

func (v Vault) open(ctx context.Context, k casework.Key) (hpke.PrivateKey, error) {
	out, err := v.KMS.Decrypt(ctx, &kms.DecryptInput{
		KeyId: aws.String(v.KeyID), CiphertextBlob: k.Private, EncryptionContext: v.bound(k.Purpose, k.N),
	})
	if err != nil {
		return nil, fmt.Errorf("decrypt key %s %d: %w", k.Purpose, k.N, err)
	}
	pair, err := seal.KEM(k.Purpose).NewPrivateKey(out.Plaintext)
	if err != nil {
		return nil, fmt.Errorf("read key %s %d: %w", k.Purpose, k.N, err)
	}
	return pair, nil
}

func (v Vault) bound(p casework.Purpose, n uint16) map[string]string {
	return map[string]string{"municipality": v.Municipality, "purpose": string(p), "n": strconv.Itoa(int(n))}
}

// Keys reads the stored key pairs, as dynamo.Store.Keys does.
type Keys func(ctx context.Context) ([]casework.Key, error)

// Opener opens envelopes. It reads the stored keys when it meets a number that it does not know, at the first envelope
// or after a rotation; KMS decrypts each private half on its first use, and it stays in memory.
type Opener struct {
	vault Vault
	read  Keys

	mu   sync.Mutex
	keys map[keyID]casework.Key
	open map[keyID]hpke.PrivateKey
}

type keyID struct {
	purpose casework.Purpose
	n       uint16
}

// NewOpener returns an opener for the keys of a store.
func NewOpener(v Vault, read Keys) *Opener {
	return &Opener{vault: v, read: read, keys: map[keyID]casework.Key{}, open: map[keyID]hpke.PrivateKey{}}
}

// Open opens an envelope of one case. seal.ErrSealed: it is another case's or municipality's, damaged, or its key is
// gone.
func (o *Opener) Open(ctx context.Context, p casework.Purpose, id casework.Reference, e casework.Envelope) ([]byte, error) {
	n, err := seal.KeyNumber(e)
	if err != nil {
		return nil, err
	}
	private, err := o.private(ctx, keyID{p, n})
	if err != nil {
		return nil, err
	}
	plain, err := seal.Open(private, o.vault.Municipality, p, id, e)
	if err != nil {
		return nil, fmt.Errorf("with key %s %d: %w", p, n, err)
	}
	return plain, nil
}

func (o *Opener) private(ctx context.Context, id keyID) (hpke.PrivateKey, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if private, ok := o.open[id]; ok {
		return private, nil
	}
	k, err := o.key(ctx, id)
	if err != nil {
		return nil, err
	}
	private, err := o.vault.open(ctx, k)
	if err != nil {
		return nil, err
	}
	o.open[id] = private
	return private, nil
}

func (o *Opener) key(ctx context.Context, id keyID) (casework.Key, error) {
	if k, ok := o.keys[id]; ok {
		return k, nil
	}
	stored, err := o.read(ctx)
	if err != nil {
		return casework.Key{}, fmt.Errorf("read keys: %w", err)
	}
	for _, k := range stored {
		o.keys[keyID{k.Purpose, k.N}] = k
	}
	k, ok := o.keys[id]
	if !ok {
		return casework.Key{}, fmt.Errorf("key %s %d is not here: %w", id.purpose, id.n, seal.ErrSealed)
	}
	return k, nil
}
