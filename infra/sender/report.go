package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"text/tabwriter"

	"voordeur/internal/mail"
)

// report prints the records, one a line, with what is wrong with each, and then what SES finds wrong.
func report(ctx context.Context, standing mail.Standing, resolver *net.Resolver, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TYPE\tNAME\tVALUE\tFOUND")
	missing := 0
	for _, r := range standing.Records() {
		found := "yes"
		if err := r.Check(ctx, resolver); err != nil {
			missing++
			found = "no: " + err.Error()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Type, r.Name, r.Value, found)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if missing > 0 {
		return errors.Join(fmt.Errorf("%d DNS records are not as they must be", missing), standing.Err())
	}
	if err := standing.Err(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "\nSES finds nothing wrong with the sender: mails go out.")
	return err
}
