// Command restore readies a case table that was restored from a backup, before any function uses it. It reads every row
// and says in numbers what does not fit, and holds back every mail that was owed when the backup was made: most were
// sent since, and a lead who is offered a case twice, or a resident who is thanked twice, trusts neither mail. Who has
// the case at the desk sees which mails were held.
//
// It decrypts nothing and prints no reference. Whoever runs it needs to describe, scan and query the table and to update
// its items. A table that is in use it only checks. Cases whose term is over nobody can open in the copy, and its first sweep
// destroys them again: see .github/decisions/0034-how-a-case-is-destroyed.md.
//
// .github/guides/operator/restore.md has the whole way.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"voordeur/functions/wiring"
)

func main() {
	if err := run(context.Background(), wiring.NewEnvironment(os.Getenv), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "restore:", err)
		os.Exit(1)
	}
}

// run does what the arguments say to the table that the environment names, and tells it to out. Faults are an error:
// the table is not to be used.
func run(ctx context.Context, e *wiring.Environment, args []string, out io.Writer) error {
	hold, err := parse(args)
	if err != nil {
		return err
	}
	store := wiring.Store(e.AWS(), e.Text("CASES_TABLE"), "")
	if err := e.Err(); err != nil {
		return err
	}
	if hold {
		if err := holdMails(ctx, store, out); err != nil {
			return err
		}
	}
	f, err := check(ctx, store)
	if err != nil {
		return err
	}
	return f.print(out)
}
