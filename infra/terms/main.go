// Command terms gives cases their term that ended under a release which destroyed nothing: from then on dispatch destroys
// them when it is over. It is run once, after the upgrade that .github/guides/operator/upgrades.md names; run again, it
// finds nothing left to do.
//
// It decrypts nothing and prints numbers only. Whoever runs it needs to scan and query the case table and to put and update its items.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"voordeur/functions/wiring"
)

const help = `use:
  go run ./infra/terms         says how many ended cases have no term
  go run ./infra/terms -apply  gives each its term

The environment is that of the functions: MUNICIPALITY, CASES_TABLE, AWS_REGION and credentials. From a profile:
  eval "$(aws configure export-credentials --format env)"`

func main() {
	if err := run(context.Background(), wiring.NewEnvironment(os.Getenv), os.Args[1:], os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "terms:", err)
		os.Exit(1)
	}
}

// run counts the ended cases without a term in the table that the environment names and, told to, gives each its own.
func run(ctx context.Context, e *wiring.Environment, args []string, out io.Writer, now time.Time) error {
	apply := slices.Equal(args, []string{"-apply"})
	if len(args) > 0 && !apply {
		return errors.New(help)
	}
	m, store := e.Municipality("MUNICIPALITY"), wiring.Store(e.AWS(), e.Text("CASES_TABLE"), "")
	if err := e.Err(); err != nil {
		return err
	}
	without, given, err := give(ctx, now, m, store, apply)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "ended cases without a term: %d\ngiven one: %d\n", without, given)
	return err
}
