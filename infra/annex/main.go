// Command annex writes the annex of the data protection impact assessment, in Dutch, for the privacy officer of a
// municipality: each question of the form and each stored attribute with its purpose, basis, retention, readers and
// envelope. It runs at the top of the repository.
//
// What a field is for stands in fields.json. A field without a line there is a fault, and so is a line without a field.
// A municipality's own questions come from its file.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"voordeur/internal/form"
)

const (
	annexFile = ".github/guides/municipality/dpia-annex.md"
	storeCode = "internal/dynamo"

	municipalityFiles = "schemas/municipalities"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "annex:", err)
		os.Exit(1)
	}
}

// run writes the annex of the repository at root.
func run(root string) error {
	annex, err := makeAnnex(root)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, annexFile), annex, 0o644) //nolint:gosec // a file of the repository, for everybody
}

// makeAnnex returns the annex; on faults they are all in the error.
func makeAnnex(root string) ([]byte, error) {
	l, err := readLines()
	if err != nil {
		return nil, err
	}
	rows, err := storedRows(filepath.Join(root, storeCode))
	if err != nil {
		return nil, err
	}
	asked := questions(form.Core())
	if err := errors.Join(l.faults(asked, rows)...); err != nil {
		return nil, err
	}
	own, err := ownQuestions(filepath.Join(root, municipalityFiles))
	if err != nil {
		return nil, err
	}
	return l.render(asked, own, rows)
}
