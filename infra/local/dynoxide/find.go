package dynoxide

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// binarySHA256 is the hash of the binary in npm package @dynoxide/linux-x64 1.2.1.
const binarySHA256 = "be909b7910d3fb552e85db10ef3c8ebae4bd35fee0f26dffdb6dfa5cc656426e"

// Find returns the path of the packaged binary in the nearest node_modules at or above the working directory, after
// checking its hash. npm quietly installs nothing on another platform than linux/amd64: there, as when the package is
// missing, the error says to point DYNOXIDE_BIN at a binary (a main reads it and passes it as Options.Binary).
func Find() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find Dynoxide: %w", err)
	}
	return find(runtime.GOOS, runtime.GOARCH, dir, binarySHA256)
}

func find(goos, goarch, dir, sum string) (string, error) {
	if goos != "linux" || goarch != "amd64" {
		return "", fmt.Errorf("the packaged Dynoxide is for linux/amd64 and this is %s/%s: point DYNOXIDE_BIN at a Dynoxide binary", goos, goarch)
	}
	for at := dir; ; at = filepath.Dir(at) {
		binary := filepath.Join(at, "node_modules", "@dynoxide", "linux-x64", "dynoxide")
		err := checkSum(binary, sum)
		if !errors.Is(err, fs.ErrNotExist) {
			return binary, err
		}
		if at == filepath.Dir(at) {
			return "", errors.New("the local store is not installed: run `npm ci --omit=dev`, or point DYNOXIDE_BIN at a Dynoxide binary")
		}
	}
}

func checkSum(binary, want string) error {
	file, err := os.Open(binary) //nolint:gosec // the path is ours, below a node_modules folder
	if err != nil {
		return fmt.Errorf("read Dynoxide's binary: %w", err)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return fmt.Errorf("read Dynoxide's binary: %w", err)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != want {
		return fmt.Errorf("%s is not the Dynoxide we know (SHA-256 %s, want %s): remove node_modules and run `npm ci`", binary, got, want)
	}
	return nil
}
