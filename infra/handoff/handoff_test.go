package main

import (
	"bytes"
	"crypto/hpke"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/municipality"
	"voordeur/schemas"
)

// keyFile holds a private key as the command printed it.
func keyFile(t *testing.T, key hpke.PrivateKey) string {
	t.Helper()
	private, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, []byte(base64.StdEncoding.EncodeToString(private)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// O3: with what the API answers, the municipality's private key and the standard library a system has the case. Nothing
// of ours opens it: open.go is what a system has to do.
func TestWhatIsHandedOffOpensWithTheStandardLibrary(t *testing.T) {
	town := exampletest.In(t, "duinrand")
	key, err := example.CaseSystemKey()
	if err != nil {
		t.Fatal(err)
	}
	other, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{
		"a short one": `{"version":"2026-11"}`, "a long one": `{"story":"` + strings.Repeat("Het is lang. ", 5000) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := town.HandedOff(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), document)
			h, err := town.Store.HandOffFile(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := json.Marshal(map[string]any{"reference": c.ID, "handed_off": h.At, "sealed": h.File})
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := run([]string{"open", "duinrand", keyFile(t, key)}, bytes.NewReader(answer), &got); err != nil || got.String() != document {
				t.Errorf("opened: %.60q, %v", got.String(), err)
			}
			for _, args := range [][]string{{"open", "waterstad", keyFile(t, key)}, {"open", "duinrand", keyFile(t, other)}} {
				if err := run(args, bytes.NewReader(answer), &got); err == nil {
					t.Errorf("%v opens it", args[1])
				}
			}
			number := municipality.KeyNumber(key.PublicKey().Bytes())
			if h.File[1] != byte(number>>8) || h.File[2] != byte(number) {
				t.Errorf("it says that it is sealed to key %x, want %04x", h.File[1:3], number)
			}
		})
	}
}

// A pair that the command makes is one that a file may have, and that opens.
func TestTheKeyThatIsMadeFitsTheFile(t *testing.T) {
	var said bytes.Buffer
	if err := run([]string{"key"}, nil, &said); err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(said.String())
	public, private := words[1], words[len(words)-1]
	data, err := schemas.Municipality("duinrand")
	if err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.ReplaceAll(data, []byte(m.CaseSystem.PublicKey), []byte(public))
	if m, err = municipality.Read(changed); err != nil || m.CaseSystem.PublicKey != public {
		t.Fatalf("the file does not take it: %v", err)
	}
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, []byte(private), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := readKey(name)
	if err != nil || base64.StdEncoding.EncodeToString(key.PublicKey().Bytes()) != public {
		t.Errorf("the private key is another one's: %v", err)
	}
}

func TestWhatIsNoneIsToldAndNotOpened(t *testing.T) {
	key, err := example.CaseSystemKey()
	if err != nil {
		t.Fatal(err)
	}
	file := keyFile(t, key)
	for name, tt := range map[string]struct {
		args   []string
		answer string
		want   string
	}{
		"no command":          {nil, "", "use:"},
		"a word too few":      {[]string{"open", "duinrand"}, "", "use:"},
		"no key file":         {[]string{"open", "duinrand", "nowhere"}, "{}", "read the private key"},
		"no JSON":             {[]string{"open", "duinrand", file}, "<html>", "read the answer"},
		"nothing sealed":      {[]string{"open", "duinrand", file}, `{"reference":"K7M-4RT-9XC"}`, "nothing sealed"},
		"another form":        {[]string{"open", "duinrand", file}, `{"sealed":"` + base64.StdEncoding.EncodeToString(make([]byte, 2000)) + `"}`, "nothing sealed"},
		"bytes of no meaning": {[]string{"open", "duinrand", file}, `{"sealed":"` + base64.StdEncoding.EncodeToString(append([]byte{2}, make([]byte, 2000)...)) + `"}`, "encapsulated key"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := run(tt.args, strings.NewReader(tt.answer), &out)
			if err == nil || !strings.Contains(err.Error(), tt.want) || out.Len() > 0 {
				t.Errorf("got %v and wrote %q, want an error with %q", err, out.String(), tt.want)
			}
		})
	}
}
