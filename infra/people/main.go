// Command people loads a municipality's workers, duty roster and partners from the files that its functional
// administrator keeps in a spreadsheet; help says how. It prints ids and line numbers, never what a cell holds.
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

func main() {
	if err := run(context.Background(), wiring.NewEnvironment(os.Getenv), os.Args[1:], os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run checks the files that the arguments name, prints to out what they would change, and with -apply changes it.
func run(ctx context.Context, e *wiring.Environment, args []string, out io.Writer, now time.Time) error {
	apply := slices.Contains(args, "-apply")
	paths := slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "-apply" })
	if len(paths) == 0 || paths[0] == "-h" {
		return errors.New(help)
	}
	m, config := e.Municipality("MUNICIPALITY"), e.AWS()
	store := wiring.Store(config, e.Text("CASES_TABLE"), "")
	if err := e.Err(); err != nil {
		return err
	}
	files, err := load(m, paths)
	if err != nil {
		return err
	}
	p, err := newPlan(ctx, m, store, files, now)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(p.faults, func(f fault) bool { return f.file != "" }) {
		return p.faults // what faulty files would change is no news
	}
	if err := p.tell(out); err != nil {
		return err
	}
	if len(p.faults) > 0 {
		return p.faults
	}
	if !apply {
		_, err := fmt.Fprintln(out, tried)
		return err
	}
	return p.apply(ctx, store, out)
}
