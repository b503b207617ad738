// Command digest compares the case table with the digests of its days, and tells what was edited, removed or added since:
// by number of a case and its event, by id of an audit row, and by hash of what is not there any more. It changes nothing,
// and decrypts nothing.
//
// Whoever runs it needs to scan and query the table, and to list and get the objects of the bucket.
// .github/guides/operator/digests.md says what to make of its answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"voordeur/functions/wiring"
	"voordeur/internal/bucket"
	"voordeur/internal/casework"
)

const help = `use:
  go run ./infra/digest check  compares the case table with the digests of its days

The environment is that of the functions: CASES_TABLE, DIGEST_BUCKET, AWS_REGION and credentials. From a profile:
  eval "$(aws configure export-credentials --format env)"`

func main() {
	if err := run(context.Background(), wiring.NewEnvironment(os.Getenv), os.Args[1:], os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "digest:", err)
		os.Exit(1)
	}
}

// run checks the table and the bucket that the environment names, and tells out what does not fit. That there is any is
// an error.
func run(ctx context.Context, e *wiring.Environment, args []string, out io.Writer, now time.Time) error {
	if !slices.Equal(args, []string{"check"}) {
		return errors.New(help)
	}
	config := e.AWS()
	store := wiring.Store(config, e.Text("CASES_TABLE"), "")
	digests := bucket.Bucket{Client: s3.NewFromConfig(config), Name: e.Text("DIGEST_BUCKET")}
	if err := e.Err(); err != nil {
		return err
	}
	c := checker{out: out, today: casework.DayOf(now), events: kept{}, audits: kept{}, seen: map[string]bool{}}
	if err := c.read(ctx, digests); err != nil {
		return err
	}
	if err := c.compare(ctx, store); err != nil {
		return err
	}
	return c.conclude()
}
