package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"voordeur/internal/casework"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
)

const help = `use:
  go run ./infra/keys make              the first pair of each purpose that has none
  go run ./infra/keys rotate <purpose>  the next pair for routing, contact, content or matching
  go run ./infra/keys list              every pair: purpose, number, fingerprint of the public key, what it does

A new pair is in use everywhere within 15 minutes: a function at work keeps the public keys that it read for so long.
Desk and dispatch open what it seals at once. Earlier pairs stay, and open what they sealed.

The environment is that of the functions: MUNICIPALITY, CASES_TABLE, KMS_KEY (the very key that desk and dispatch
have: a pair under another one opens nothing), AWS_REGION and credentials. From a profile:
  eval "$(aws configure export-credentials --format env)"`

// act is what a command does before the pairs are listed.
type act func(ctx context.Context, v vault.Vault, rows vault.Rows) error

// parse returns the act that the arguments name; for any others the error is the help.
func parse(args []string) (act, error) {
	switch {
	case slices.Equal(args, []string{"make"}):
		return makeMissing, nil
	case slices.Equal(args, []string{"list"}):
		return nothing, nil
	case len(args) == 2 && args[0] == "rotate" && slices.Contains(seal.Purposes(), casework.Purpose(args[1])):
		return rotate(casework.Purpose(args[1])), nil
	}
	return nil, errors.New(help)
}

func makeMissing(ctx context.Context, v vault.Vault, rows vault.Rows) error {
	return v.MakeMissing(ctx, rows)
}

func nothing(context.Context, vault.Vault, vault.Rows) error { return nil }

func rotate(p casework.Purpose) act {
	return func(ctx context.Context, v vault.Vault, rows vault.Rows) error {
		_, err := v.Rotate(ctx, rows, p)
		if errors.Is(err, casework.ErrConflict) {
			return fmt.Errorf("somebody else rotated %s at the same moment; their pair is in use, yours is not stored: %w", p, err)
		}
		return err
	}
}

// list prints the pairs by purpose, the oldest first.
func list(out io.Writer, keys []casework.Key) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PURPOSE\tNUMBER\tFINGERPRINT\tDOES")
	for _, p := range seal.Purposes() {
		pairs := slices.DeleteFunc(slices.Clone(keys), func(k casework.Key) bool { return k.Purpose != p })
		slices.SortFunc(pairs, func(a, b casework.Key) int { return cmp.Compare(a.N, b.N) })
		for _, k := range pairs {
			fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", p, k.N, fingerprint(k), does(k, seal.Newest(keys, p)))
		}
	}
	return table.Flush()
}

// fingerprint is the start of the public key's SHA-256, in hexadecimal.
func fingerprint(k casework.Key) string {
	sum := sha256.Sum256(k.Public)
	return fmt.Sprintf("%x", sum[:8])
}

// does says what a pair is for now. Nothing is sealed to a matching pair: hashes are made with it.
func does(k, newest casework.Key) string {
	matching, inUse := k.Purpose == casework.ForMatching, k.N == newest.N
	switch {
	case matching && inUse:
		return "hashes and finds"
	case matching:
		return "finds"
	case inUse:
		return "seals and opens"
	}
	return "opens"
}
