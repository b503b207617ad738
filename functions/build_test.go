package functions_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Built from a copy of the repository in another place, each function is the same to the byte: nothing of the place,
// the time or the history is in it.
func TestTwoBuildsGiveTheSameBytes(t *testing.T) { // threat:T36
	first, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, second := filepath.Join(t.TempDir(), "another", "place"), t.TempDir()
	for _, part := range []string{"functions", "internal", "schemas"} {
		if err := os.CopyFS(filepath.Join(elsewhere, part), os.DirFS(filepath.Join("..", part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "Makefile"} {
		data, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(elsewhere, file), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := build(elsewhere, second); err != nil {
		t.Fatal(err)
	}
	for function := range boots() {
		one, err := os.ReadFile(filepath.Join(first, function, "bootstrap"))
		if err != nil {
			t.Fatal(err)
		}
		two, err := os.ReadFile(filepath.Join(second, function, "bootstrap"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(one, two) {
			t.Errorf("%s: two builds of %d and %d bytes differ", function, len(one), len(two))
		}
	}
}

func TestEveryFunctionHasItsRow(t *testing.T) {
	mains, err := filepath.Glob("*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range mains {
		if _, ok := boots()[filepath.Dir(main)]; !ok {
			t.Errorf("%s is started by no test", main)
		}
	}
	if len(mains) != len(boots()) {
		t.Errorf("%d functions and %d rows", len(mains), len(boots()))
	}
}

// What a function does not reach it cannot misuse, and nobody waits for.
func TestAFunctionReachesOnlyWhatItNeeds(t *testing.T) { // threat:T16 //threat:T34
	const (
		kms   = "github.com/aws/aws-sdk-go-v2/service/kms"
		ses   = "github.com/aws/aws-sdk-go-v2/service/sesv2"
		vault = "voordeur/internal/seal/vault"
		mail  = "voordeur/internal/mail"
		pages = "voordeur/internal/web"
	)
	slow := []string{ // start-up that no request needs
		"github.com/aws/aws-sdk-go-v2/config", "github.com/santhosh-tekuri/jsonschema/v6", "voordeur/schemas/check", "net/http/httptest",
	}
	tests := map[string][]string{
		"frontdoor": {kms, ses, vault, mail},
		"desk":      {ses, mail},
		"api":       {kms, ses, vault, mail},
		"dispatch":  {pages},
	}
	for function, never := range tests {
		t.Run(function, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", "lambda.norpc", "./"+function).Output()
			if err != nil {
				t.Fatal(err)
			}
			deps := strings.Fields(string(out))
			for _, dep := range slices.Concat(never, slow) {
				if slices.Contains(deps, dep) {
					t.Errorf("%s reaches %s", function, dep)
				}
			}
			if !slices.Contains(deps, "github.com/aws/aws-lambda-go/lambda") {
				t.Error("nothing was looked at")
			}
		})
	}
}
