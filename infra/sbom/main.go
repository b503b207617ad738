// Command sbom writes down what is in the functions as they ship (T36): of each a list in the CycloneDX format, with the
// hash of its binary, the release of Go and every module. It reads the binaries themselves, so it names what is in them
// and nothing else, and the same binaries give the same bytes. make synth writes the lists to build/sbom.
//
//	go run ./infra/sbom <folder of the built functions> <folder for the lists>
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("use: go run ./infra/sbom <folder of the built functions> <folder for the lists>")
	}
	built, err := filepath.Glob(filepath.Join(args[0], "*", "bootstrap"))
	if err != nil || len(built) == 0 {
		return errors.Join(fmt.Errorf("no function is built in %s, run make build", args[0]), err)
	}
	if err := os.MkdirAll(args[1], 0o750); err != nil { //nolint:gosec // whoever runs it says where
		return err
	}
	for _, binary := range built {
		list, err := listOf(binary)
		if err != nil {
			return err
		}
		data, err := json.MarshalIndent(list, "", "  ")
		if err != nil {
			return err
		}
		file := filepath.Join(args[1], filepath.Base(filepath.Dir(binary))+".cdx.json")
		if err := os.WriteFile(file, append(data, '\n'), 0o600); err != nil { //nolint:gosec // the same
			return err
		}
	}
	return nil
}
