package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// of runs the go command as make build does, for this machine.
func of(t *testing.T, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, said)
	}
	return string(said)
}

const tags, function = "-tags=lambda.norpc", "voordeur/functions/frontdoor"

// shipped is a folder with one function.
func shipped(t *testing.T) (folder string, binary []byte) {
	t.Helper()
	folder = t.TempDir()
	bootstrap := filepath.Join(folder, "frontdoor", "bootstrap")
	of(t, "build", "-trimpath", "-buildvcs=false", tags, "-o", bootstrap, function)
	binary, err := os.ReadFile(bootstrap)
	orFail(t, err)
	return folder, binary
}

func orFail(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheListNamesWhatIsInTheBinary(t *testing.T) { // threat:T36
	folder, binary := shipped(t)
	var written [2]string
	for i := range written {
		out := filepath.Join(t.TempDir(), "sbom")
		orFail(t, run([]string{folder, out}))
		data, err := os.ReadFile(filepath.Join(out, "frontdoor.cdx.json"))
		orFail(t, err)
		written[i] = string(data)
	}
	if diff := cmp.Diff(written[0], written[1]); diff != "" {
		t.Errorf("two lists of one binary differ (-first +second):\n%s", diff)
	}
	var got list
	orFail(t, json.Unmarshal([]byte(written[0]), &got))
	if want := []hash{{"SHA-256", fmt.Sprintf("%x", sha256.Sum256(binary))}}; !cmp.Equal(got.Metadata.Component.Hashes, want) || got.Format != "CycloneDX" {
		t.Errorf("%s of %v, want %v", got.Format, got.Metadata.Component.Hashes, want)
	}
	sums, err := os.ReadFile("../../go.sum")
	orFail(t, err)
	want := map[string]bool{"std": true}
	for module := range strings.Lines(of(t, "list", "-deps", tags, "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", function)) {
		if module := strings.TrimSpace(module); module != "" {
			want[module] = true
		}
	}
	found := map[string]bool{}
	for _, c := range got.Components {
		found[c.Name] = true
		if c.Name == "std" {
			if want := "pkg:golang/std@" + strings.TrimPrefix(runtime.Version(), "go"); c.PURL != want {
				t.Errorf("built with %s, want %s", c.PURL, want)
			}
			continue
		}
		if len(c.Properties) != 1 || !strings.Contains(string(sums), c.Name+" "+c.Version+" "+c.Properties[0].Value+"\n") {
			t.Errorf("%s %s is not as it is pinned in go.sum: %v", c.Name, c.Version, c.Properties)
		}
	}
	if diff := cmp.Diff(want, found); diff != "" || len(found) < 5 {
		t.Errorf("modules (-in the function +in the list):\n%s", diff)
	}
}

func TestWithoutAFunctionThereIsNoList(t *testing.T) {
	for name, args := range map[string][]string{"nothing is built": {t.TempDir(), t.TempDir()}, "no folder is named": nil} {
		t.Run(name, func(t *testing.T) {
			if err := run(args); err == nil {
				t.Error("no error")
			}
		})
	}
}
