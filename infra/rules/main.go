// Command rules tries a candidate rule table on example reports before it goes live: what would change, and for whom.
// It reads files only, and ends with 1 when the candidate has faults or a rule that points at nobody.
//
//	go run ./infra/rules -municipality FILE -candidate FILE [-examples FILE] [-people FILE]
//
// Examples and people are described by examples.schema.json and people.schema.json under schemas.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"voordeur/internal/routing"
)

func main() {
	err := run(os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run tries the candidate that the arguments name and prints its effect to out.
func run(args []string, out io.Writer) error {
	var f files
	flags := flag.NewFlagSet("rules", flag.ContinueOnError)
	flags.StringVar(&f.municipality, "municipality", "", "`file` of the municipality; its rules are those of now")
	flags.StringVar(&f.candidate, "candidate", "", "`file` of the new rules, as under \"rules\" in the municipality's file")
	flags.StringVar(&f.examples, "examples", "", "`file` of example reports (default schemas/examples/<municipality>/reports.json)")
	flags.StringVar(&f.people, "people", "", "`file` of workers and roster (default schemas/examples/<municipality>/people.json)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if f.municipality == "" || f.candidate == "" {
		return errors.New("noem twee bestanden: -municipality en -candidate")
	}
	t, err := f.read()
	if err != nil {
		return err
	}
	effect, err := routing.DryRun(t.Trial)
	if err != nil {
		return err
	}
	if err := tell(out, t, effect); err != nil {
		return err
	}
	if n := len(effect.CandidateAlarms); n > 0 {
		return fmt.Errorf("regels %s wijzen %d keer niemand aan", t.Candidate.Version, n)
	}
	return nil
}
