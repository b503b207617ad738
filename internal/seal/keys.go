package seal

import (
	"context"
	"crypto/hpke"
	"encoding/binary"
	"fmt"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/internal/casework"
)

// Purposes lists every purpose that has key pairs.
func Purposes() []casework.Purpose {
	return []casework.Purpose{casework.ForRouting, casework.ForContact, casework.ForContent}
}

// Vault is the KMS key that the private halves are encrypted with.
type Vault struct {
	KMS          *kms.Client
	KeyID        string // ARN or alias
	Municipality string
}

// NewKey makes the n-th key pair of a purpose.
func (v Vault) NewKey(ctx context.Context, p casework.Purpose, n uint16) (casework.Key, error) {
	pair, err := kemOf(p).GenerateKey()
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
	pair, err := kemOf(k.Purpose).NewPrivateKey(out.Plaintext)
	if err != nil {
		return nil, fmt.Errorf("read key %s %d: %w", k.Purpose, k.N, err)
	}
	return pair, nil
}

func (v Vault) bound(p casework.Purpose, n uint16) map[string]string {
	return map[string]string{"municipality": v.Municipality, "purpose": string(p), "n": strconv.Itoa(int(n))}
}

// Opener opens envelopes with private keys that KMS decrypts on first use; they stay in memory.
type Opener struct {
	vault Vault
	keys  map[keyID]casework.Key

	mu   sync.Mutex
	open map[keyID]hpke.PrivateKey
}

type keyID struct {
	purpose casework.Purpose
	n       uint16
}

// NewOpener takes the keys of the purposes that this function may open.
func NewOpener(v Vault, keys []casework.Key) *Opener {
	o := &Opener{vault: v, keys: map[keyID]casework.Key{}, open: map[keyID]hpke.PrivateKey{}}
	for _, k := range keys {
		o.keys[keyID{k.Purpose, k.N}] = k
	}
	return o
}

// Open opens an envelope of one case. ErrSealed: it is another case's or municipality's, damaged, or its key is gone.
func (o *Opener) Open(ctx context.Context, p casework.Purpose, id casework.Reference, e casework.Envelope) ([]byte, error) {
	if len(e) < 3 || e[0] != envelopeVersion {
		return nil, fmt.Errorf("envelope of %d bytes: %w", len(e), ErrSealed)
	}
	key, err := o.private(ctx, keyID{p, binary.BigEndian.Uint16(e[1:3])})
	if err != nil {
		return nil, err
	}
	packed, err := hpke.Open(key, kdf(), aead(), associated(o.vault.Municipality, string(p), string(id)), e[3:])
	if err != nil {
		return nil, ErrSealed
	}
	plain, err := inflate(packed)
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", ErrSealed)
	}
	return plain, nil
}

func (o *Opener) private(ctx context.Context, id keyID) (hpke.PrivateKey, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if key, ok := o.open[id]; ok {
		return key, nil
	}
	k, ok := o.keys[id]
	if !ok {
		return nil, fmt.Errorf("key %s %d is not here: %w", id.purpose, id.n, ErrSealed)
	}
	key, err := o.vault.open(ctx, k)
	if err != nil {
		return nil, err
	}
	o.open[id] = key
	return key, nil
}
