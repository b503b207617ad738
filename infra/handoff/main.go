// Command handoff is for the municipality's own case system: it makes that system's key pair, and opens what Voordeur
// hands off. It is an example as much as a tool: open.go is all that a system has to do.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

const help = `use:
  go run ./infra/handoff key                             a new pair: the public key for the municipality's file, the
                                                         private key for the case system, and for nobody else
  go run ./infra/handoff open <municipality> <key file>  reads an answer of GET /api/v1/handoffs/{reference} and writes
                                                         the case; the file holds the private key`

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "handoff:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) == 1 && args[0] == "key" {
		return newKey(out)
	}
	if len(args) != 3 || args[0] != "open" {
		return errors.New(help)
	}
	municipality, file := args[1], args[2]
	key, err := readKey(file)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	document, err := open(municipality, key, answer)
	if err != nil {
		return err
	}
	_, err = out.Write(document)
	return err
}
