package main

import (
	"bytes"
	"compress/flate"
	"crypto/hpke"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// The parts of what is sealed.
const (
	head         = 3    // a byte 2, and the first two bytes of the SHA-256 of the public key
	encapsulated = 1120 // ML-KEM-768 and X25519
)

// open opens an answer of GET /api/v1/handoffs/{reference} with nothing but the standard library, and returns the document
// of schemas/2026-11/handoff.schema.json.
func open(municipality string, key hpke.PrivateKey, answer []byte) ([]byte, error) {
	var h struct {
		Reference string
		Sealed    []byte
	}
	if err := json.Unmarshal(answer, &h); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(h.Sealed) < head+encapsulated || h.Sealed[0] != 2 {
		return nil, errors.New("the answer has nothing sealed in this form")
	}
	info := fmt.Appendf(nil, "%d:%s%d:%s%d:%s", len(municipality), municipality, len("case_system"), "case_system", len("2026-11"), "2026-11")
	sealed := h.Sealed[head:]
	recipient, err := hpke.NewRecipient(sealed[:encapsulated], key, hpke.HKDFSHA256(), hpke.AES256GCM(), info)
	if err != nil {
		return nil, fmt.Errorf("take the encapsulated key: %w", err)
	}
	packed, err := recipient.Open([]byte(h.Reference), sealed[encapsulated:])
	if err != nil {
		return nil, fmt.Errorf("open case %s: %w", h.Reference, err)
	}
	document, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		return nil, fmt.Errorf("inflate case %s: %w", h.Reference, err)
	}
	return document, nil
}
