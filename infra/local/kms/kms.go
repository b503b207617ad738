// Package kms stands in for AWS KMS on this machine: Encrypt and Decrypt over KMS's own JSON protocol, under one
// AES-256-GCM key, so that the real SDK client works unchanged. It belongs to the service on this machine and to tests.
package kms

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"

	"voordeur/infra/local/durable"
)

// Limits of KMS itself.
const (
	maxPlaintext = 4096     // bytes
	maxRequest   = 64 << 10 // bytes; a generous bound for one call
)

// keySize is that of AES-256, in bytes.
const keySize = 32

// Service answers KMS calls for one key.
type Service struct {
	keyID string
	aead  cipher.AEAD
}

// New returns a service whose one key answers to keyID, which may be an id, an alias or an ARN. The key is read from
// the file, which is made for its owner only when absent; without a file name it is random and lives in memory.
func New(keyID, file string) (*Service, error) {
	key, err := readKey(file)
	if err != nil {
		return nil, fmt.Errorf("read the local encryption key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("use the local encryption key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the local encryption key: %w", err)
	}
	return &Service{keyID: keyID, aead: aead}, nil
}

func readKey(file string) ([]byte, error) {
	if file != "" {
		key, err := os.ReadFile(file) //nolint:gosec // the operator's own data folder
		if err == nil && len(key) != keySize {
			return nil, fmt.Errorf("%s holds %d bytes, want %d", file, len(key), keySize)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return key, err
		}
	}
	key := make([]byte, keySize)
	rand.Read(key)
	if file == "" {
		return key, nil
	}
	return key, durable.WriteFile(file, key)
}

// request is the union of what Encrypt and Decrypt take; byte slices travel as base64.
type request struct {
	KeyID             string            `json:"KeyId"`
	Plaintext         []byte            `json:"Plaintext"`
	CiphertextBlob    []byte            `json:"CiphertextBlob"`
	EncryptionContext map[string]string `json:"EncryptionContext"`
}

// answer is the union of what Encrypt and Decrypt return.
type answer struct {
	KeyID               string `json:"KeyId"`
	Plaintext           []byte `json:"Plaintext,omitempty"`
	CiphertextBlob      []byte `json:"CiphertextBlob,omitempty"`
	EncryptionAlgorithm string `json:"EncryptionAlgorithm"`
}

// fault is an error as AWS words it.
type fault struct {
	Type    string `json:"__type"`
	Message string `json:"message,omitempty"`
}

// ServeHTTP answers one call; the X-Amz-Target header names the operation.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, f := s.call(r)
	status, body := http.StatusOK, any(a)
	if f != nil {
		status, body = http.StatusBadRequest, f
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that went away needs no answer
}

func (s *Service) call(r *http.Request) (*answer, *fault) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err != nil {
		return nil, &fault{Type: "ValidationException", Message: "the request is too long or broke off"}
	}
	var q request
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, &fault{Type: "SerializationException"}
	}
	switch r.Header.Get("X-Amz-Target") {
	case "TrentService.Encrypt":
		return s.encrypt(q)
	case "TrentService.Decrypt":
		return s.decrypt(q)
	default:
		return nil, &fault{Type: "UnknownOperationException"}
	}
}

func (s *Service) encrypt(q request) (*answer, *fault) {
	if q.KeyID != s.keyID {
		return nil, s.notFound()
	}
	if n := len(q.Plaintext); n < 1 || n > maxPlaintext {
		return nil, &fault{Type: "ValidationException", Message: fmt.Sprintf("plaintext of %d bytes, want 1 to %d", n, maxPlaintext)}
	}
	sealed := s.aead.Seal(nil, nil, q.Plaintext, s.associated(q.EncryptionContext)) //nolint:gosec // this AEAD makes its own random nonce
	return &answer{KeyID: s.keyID, CiphertextBlob: sealed, EncryptionAlgorithm: "SYMMETRIC_DEFAULT"}, nil
}

func (s *Service) decrypt(q request) (*answer, *fault) {
	if q.KeyID != "" && q.KeyID != s.keyID {
		return nil, s.notFound()
	}
	opened, err := s.aead.Open(nil, nil, q.CiphertextBlob, s.associated(q.EncryptionContext))
	if err != nil {
		return nil, &fault{Type: "InvalidCiphertextException"} // KMS gives no reason either
	}
	return &answer{KeyID: s.keyID, Plaintext: opened, EncryptionAlgorithm: "SYMMETRIC_DEFAULT"}, nil
}

func (s *Service) notFound() *fault {
	return &fault{Type: "NotFoundException", Message: "the only key here is " + s.keyID}
}

// associated binds a ciphertext to its key id and its encryption context. An absent context equals an empty one, as
// in KMS; encoding/json writes maps in the order of their keys.
func (s *Service) associated(context map[string]string) []byte {
	if context == nil {
		context = map[string]string{}
	}
	encoded, err := json.Marshal([]any{s.keyID, context})
	if err != nil {
		panic(err) // strings always encode
	}
	return encoded
}
