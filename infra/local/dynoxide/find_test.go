package dynoxide

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	content := []byte("a binary")
	sum := sha256.Sum256(content)
	known := hex.EncodeToString(sum[:])

	cases := map[string]struct {
		goos, goarch, sum string
		installed         bool
		want              string // in the error; "" for success
	}{
		"the package above the working directory is found": {"linux", "amd64", known, true, ""},
		"a missing package says how to install it":         {"linux", "amd64", known, false, "npm ci"},
		"another binary in its place is refused":           {"linux", "amd64", strings.Repeat("0", 64), true, "is not the Dynoxide we know"},
		"another system says to bring a binary":            {"darwin", "amd64", known, true, "DYNOXIDE_BIN"},
		"another processor says to bring a binary":         {"linux", "arm64", known, true, "DYNOXIDE_BIN"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			dir := filepath.Join(root, "infra", "local")
			binary := filepath.Join(root, "node_modules", "@dynoxide", "linux-x64", "dynoxide")
			for _, folder := range []string{dir, filepath.Dir(binary)} {
				if err := os.MkdirAll(folder, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if c.installed {
				if err := os.WriteFile(binary, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := find(c.goos, c.goarch, dir, c.sum)
			if c.want == "" {
				if err != nil || got != binary {
					t.Errorf("got %q, %v, want %q", got, err, binary)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %v, want one line with %q", err, c.want)
			}
		})
	}
}
