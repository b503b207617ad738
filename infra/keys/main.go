// Command keys makes, rotates and lists one municipality's key pairs; help says how. It opens nothing: whoever runs it
// needs to encrypt with the municipality's KMS key, never to decrypt, and to read and put KEYS rows of the case table.
//
// There is no command that removes a pair: nothing tells which envelopes still need it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/functions/wiring"
	"voordeur/internal/seal/vault"
)

func main() {
	if err := run(context.Background(), wiring.NewEnvironment(os.Getenv), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "keys:", err)
		os.Exit(1)
	}
}

// run does what the arguments say and then lists the pairs to out.
func run(ctx context.Context, e *wiring.Environment, args []string, out io.Writer) error {
	do, err := parse(args)
	if err != nil {
		return err
	}
	m, config := e.Municipality("MUNICIPALITY"), e.AWS()
	rows, kmsKey := wiring.Store(config, e.Text("CASES_TABLE"), ""), e.Text("KMS_KEY")
	if err := e.Err(); err != nil {
		return err
	}
	v := vault.Vault{KMS: kms.NewFromConfig(config), KeyID: kmsKey, Municipality: m.ID}
	if err := do(ctx, v, rows); err != nil {
		return err
	}
	keys, err := rows.Keys(ctx)
	if err != nil {
		return err
	}
	return list(out, keys)
}
