package kms_test

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/aws/smithy-go"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/kms"
)

const keyID = "alias/waterstad-keys"

func TestWhatIsEncryptedDecrypts(t *testing.T) {
	t.Parallel()
	context := map[string]string{"municipality": "waterstad", "purpose": "content"}
	cases := map[string]struct {
		keyID     *string
		plaintext []byte
		context   map[string]string
	}{
		"with the key's id":             {aws.String(keyID), []byte("half a key pair"), context},
		"without naming the key":        {nil, []byte("half a key pair"), context},
		"without an encryption context": {aws.String(keyID), []byte{0}, nil},
		"at the greatest length":        {aws.String(keyID), bytes.Repeat([]byte{7}, 4096), context},
	}
	client := newClient(t, "")
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sealed := encrypt(t, client, c.plaintext, c.context)
			if bytes.Contains(sealed, c.plaintext) && len(c.plaintext) > 1 {
				t.Error("the ciphertext holds the plaintext")
			}
			got, err := client.Decrypt(t.Context(), &awskms.DecryptInput{KeyId: c.keyID, CiphertextBlob: sealed, EncryptionContext: c.context})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Plaintext, c.plaintext) || aws.ToString(got.KeyId) != keyID {
				t.Errorf("got %d bytes under %q, want the plaintext's %d under %q", len(got.Plaintext), aws.ToString(got.KeyId), len(c.plaintext), keyID)
			}
		})
	}
}

func TestWhatDoesNotBelongTogetherIsRefused(t *testing.T) {
	t.Parallel()
	client, stranger := newClient(t, ""), newClient(t, "")
	context := map[string]string{"municipality": "waterstad"}
	sealed := encrypt(t, client, []byte("half a key pair"), context)
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1

	cases := map[string]struct {
		client  *awskms.Client
		keyID   string
		sealed  []byte
		context map[string]string
		want    string // the error's code
	}{
		"another encryption context":       {client, keyID, sealed, map[string]string{"municipality": "elders"}, "InvalidCiphertextException"},
		"a missing encryption context":     {client, keyID, sealed, nil, "InvalidCiphertextException"},
		"one more pair in the context":     {client, keyID, sealed, map[string]string{"municipality": "waterstad", "purpose": ""}, "InvalidCiphertextException"},
		"a changed byte":                   {client, keyID, changed, context, "InvalidCiphertextException"},
		"a ciphertext that is too short":   {client, keyID, sealed[:5], context, "InvalidCiphertextException"},
		"a key of the same id but another": {stranger, keyID, sealed, context, "InvalidCiphertextException"},
		"a key that is not there":          {client, "alias/elders", sealed, context, "NotFoundException"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.client.Decrypt(t.Context(), &awskms.DecryptInput{KeyId: aws.String(c.keyID), CiphertextBlob: c.sealed, EncryptionContext: c.context})
			wantCode(t, err, c.want)
		})
	}
	if _, ok := errors.AsType[*types.InvalidCiphertextException](decryptError(t, client, changed)); !ok {
		t.Error("the SDK does not know the error by its type")
	}
}

func TestEncryptRefusesWhatKMSRefuses(t *testing.T) {
	t.Parallel()
	client := newClient(t, "")
	cases := map[string]struct {
		keyID     string
		plaintext []byte
		want      string
	}{
		"an unknown key":        {"alias/elders", []byte("x"), "NotFoundException"},
		"nothing":               {keyID, []byte{}, "ValidationException"},
		"more than 4,096 bytes": {keyID, make([]byte, 4097), "ValidationException"},
		"a whole book":          {keyID, make([]byte, 100<<10), "ValidationException"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client.Encrypt(t.Context(), &awskms.EncryptInput{KeyId: aws.String(c.keyID), Plaintext: c.plaintext})
			wantCode(t, err, c.want)
		})
	}
	_, err := client.ListKeys(t.Context(), &awskms.ListKeysInput{})
	wantCode(t, err, "UnknownOperationException")
}

func TestTheKeyInItsFileSurvivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "kms.key")
	sealed := encrypt(t, newClient(t, file), []byte("half a key pair"), nil)
	got, err := newClient(t, file).Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: sealed})
	if err != nil || string(got.Plaintext) != "half a key pair" {
		t.Errorf("after a restart: %v", err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: got mode %v, %v, want 0600", info.Mode().Perm(), err)
	}
}

func TestAKeyFileOfAnotherLengthIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "kms.key")
	if err := os.WriteFile(file, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := kms.New(keyID, file); err == nil || !strings.Contains(err.Error(), "holds 5 bytes, want 32") {
		t.Errorf("got %v", err)
	}
}

func newClient(t *testing.T, file string) *awskms.Client {
	t.Helper()
	service, err := kms.New(keyID, file)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	return awskms.NewFromConfig(dynoxide.Config(server.URL))
}

func encrypt(t *testing.T, client *awskms.Client, plaintext []byte, context map[string]string) []byte {
	t.Helper()
	out, err := client.Encrypt(t.Context(), &awskms.EncryptInput{KeyId: aws.String(keyID), Plaintext: plaintext, EncryptionContext: context})
	if err != nil {
		t.Fatal(err)
	}
	return out.CiphertextBlob
}

func decryptError(t *testing.T, client *awskms.Client, sealed []byte) error {
	t.Helper()
	_, err := client.Decrypt(t.Context(), &awskms.DecryptInput{CiphertextBlob: sealed})
	return err
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	fault, ok := errors.AsType[smithy.APIError](err)
	if !ok || fault.ErrorCode() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
