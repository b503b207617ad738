package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

const help = `use:
  go run ./infra/restore hold   holds back every mail that a restored table owes, then checks the table
  go run ./infra/restore check  checks a table and changes nothing; one that is in use shows faults while cases move

The environment is that of the functions: CASES_TABLE (the restored one), AWS_REGION and credentials. From a profile:
  eval "$(aws configure export-credentials --format env)"`

// parse says whether mails are held; for arguments that name no command the error is the help.
func parse(args []string) (hold bool, err error) {
	switch {
	case slices.Equal(args, []string{"hold"}):
		return true, nil
	case slices.Equal(args, []string{"check"}):
		return false, nil
	}
	return false, errors.New(help)
}

// holdMails settles every pending message as held. Broken off, it goes on where it was the next time.
func holdMails(ctx context.Context, store *dynamo.Store, out io.Writer) error {
	inUse, err := store.InUse(ctx)
	if err != nil {
		return err
	}
	if inUse {
		return errors.New("the table has a stream, so it is in use: its mails are not held")
	}
	mails, of := 0, map[casework.Reference]bool{}
	err = store.Walk(ctx, func(r dynamo.Row, _ error) error {
		if r.Owed == "" {
			return nil
		}
		mails++
		of[r.Case] = true
		return store.Hold(ctx, r.Case, r.Owed)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "mails held: %d, of %d cases\n", mails, len(of))
	return err
}
