// Package internal_test holds the rules of the house: which way imports go, how long a main may be, what stands at the
// top.
package internal_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type pkg struct {
	ImportPath string
	Name       string
	Dir        string
	Imports    []string
	Deps       []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Name,Dir,Imports,Deps", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, "voordeur/") {
			all = append(all, p)
		}
	}
}

// layers lists the parts of the house from the bottom up; a part imports only what stands below its own layer.
func layers() [][]string {
	return [][]string{
		{"internal/municipality"},
		{"internal/form", "internal/directory"},
		{"internal/routing"},
		{"internal/casework"},
		{"internal/message"},
		{"internal/web", "internal/dynamo", "internal/mail", "internal/seal", "internal/lambdahttp", "internal/bucket"},
	}
}

func layerOf(path string) int {
	return slices.IndexFunc(layers(), func(layer []string) bool {
		return slices.ContainsFunc(layer, func(part string) bool {
			return path == "voordeur/"+part || strings.HasPrefix(path, "voordeur/"+part+"/")
		})
	})
}

// partOf is the part of the house that a package belongs to: "internal/seal" for voordeur/internal/seal/vault.
func partOf(path string) string {
	parts := strings.SplitN(strings.TrimPrefix(path, "voordeur/"), "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

func TestImportsGoDownOnly(t *testing.T) {
	for _, p := range packages(t) {
		layer := layerOf(p.ImportPath)
		inside := strings.HasPrefix(p.ImportPath, "voordeur/internal/")
		if inside && layer < 0 {
			t.Errorf("%s has no place in the house", p.ImportPath)
		}
		for _, dep := range p.Deps {
			switch {
			case !inside || !strings.HasPrefix(dep, "voordeur/"):
			case layerOf(dep) < 0:
				t.Errorf("%s reaches %s, which is wiring or data", p.ImportPath, dep)
			case layerOf(dep) >= layer && partOf(dep) != partOf(p.ImportPath):
				t.Errorf("%s reaches %s, which does not stand below it", p.ImportPath, dep)
			}
		}
	}
}

// The domain is the standard library and pure value libraries: nothing of AWS, HTTP, the machine or logging.
func TestTheDomainIsPure(t *testing.T) {
	for _, p := range packages(t) {
		if layer := layerOf(p.ImportPath); layer < 0 || layer == len(layers())-1 {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains([]string{"net/http", "os", "log", "log/slog"}, imported) || strings.HasPrefix(imported, "github.com/aws/") {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
	}
}

func TestNoFunctionReachesWhatStandsInForAWS(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.ImportPath, "voordeur/infra/local") {
			continue
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "voordeur/infra/local") {
				t.Errorf("%s reaches %s", p.ImportPath, dep)
			}
		}
	}
}

func TestAMainOnlyWires(t *testing.T) {
	const most = 60
	mains := 0
	for _, p := range packages(t) {
		file := filepath.Join(p.Dir, "main.go")
		if p.Name != "main" {
			continue
		}
		mains++
		f, err := os.Open(file)
		if err != nil {
			t.Error(err)
			continue
		}
		lines := 0
		for s := bufio.NewScanner(f); s.Scan(); {
			lines++
		}
		if err := f.Close(); err != nil || lines > most {
			t.Errorf("%s has %d lines, want at most %d; %v", p.ImportPath, lines, most, err)
		}
	}
	if mains == 0 {
		t.Error("no main was looked at")
	}
}

func TestTheTopLevelIsFixed(t *testing.T) {
	allowed := []string{
		"functions", "infra", "internal", "schemas", "go.mod", "go.sum", "cdk.json", "README.md",
		"Makefile", "LICENSE", "package.json", "package-lock.json",
	}
	out, err := exec.CommandContext(t.Context(), "git", "-C", "..", "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	for file := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(file), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s does not belong at the top", top)
		}
	}
}
