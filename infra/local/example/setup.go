package example

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
)

// SetUp makes what a municipality has before its first report: tables, a key pair of each purpose, people, roster.
// What is there already stays as it is.
func SetUp(ctx context.Context, store *dynamo.Store, v vault.Vault) error {
	for _, table := range []*dynamodb.CreateTableInput{dynamo.CaseTable(store.Cases), dynamo.ShortTable(store.Short)} {
		_, err := store.Client.CreateTable(ctx, table)
		if _, there := errors.AsType[*types.ResourceInUseException](err); err != nil && !there {
			return fmt.Errorf("create table: %w", err)
		}
	}
	if err := addKeys(ctx, store, v); err != nil {
		return err
	}
	for _, p := range People() {
		if err := store.AddWorker(ctx, p.Card, p.Worker); err != nil && !errors.Is(err, casework.ErrConflict) {
			return fmt.Errorf("add worker %s: %w", p.ID, err)
		}
	}
	if err := store.AddRoster(ctx, Roster()); err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("add roster: %w", err)
	}
	return nil
}

func addKeys(ctx context.Context, store *dynamo.Store, v vault.Vault) error {
	keys, err := store.Keys(ctx)
	if err != nil {
		return err
	}
	has := map[casework.Purpose]bool{}
	for _, k := range keys {
		has[k.Purpose] = true
	}
	for _, p := range seal.Purposes() {
		if has[p] {
			continue
		}
		k, err := v.NewKey(ctx, p, 1)
		if err != nil {
			return err
		}
		if err := store.AddKey(ctx, k); err != nil {
			return fmt.Errorf("add key %s: %w", p, err)
		}
	}
	return nil
}
