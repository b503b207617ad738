package main

import (
	"crypto/hpke"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strings"
)

func newKey(out io.Writer) error {
	pair, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		return fmt.Errorf("make a key pair: %w", err)
	}
	private, err := pair.Bytes()
	if err != nil {
		return fmt.Errorf("write the private key: %w", err)
	}
	_, err = fmt.Fprintf(out, "public_key: %s\n\nprivate key: %s\n",
		base64.StdEncoding.EncodeToString(pair.PublicKey().Bytes()), base64.StdEncoding.EncodeToString(private))
	return err
}

func readKey(file string) (hpke.PrivateKey, error) {
	text, err := os.ReadFile(file) //nolint:gosec // whoever runs this names it
	if err != nil {
		return nil, fmt.Errorf("read the private key: %w", err)
	}
	private, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("read the private key: %w", err)
	}
	return hpke.MLKEM768X25519().NewPrivateKey(private)
}
