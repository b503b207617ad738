package example

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/seal/vault"
)

// SetUp makes what a municipality has before its first report: tables, a key pair of each purpose, people, roster,
// directory.
// What is there already stays as it is.
func SetUp(ctx context.Context, store *dynamo.Store, v vault.Vault) error {
	for _, table := range []*dynamodb.CreateTableInput{dynamo.CaseTable(store.Cases), dynamo.ShortTable(store.Short)} {
		_, err := store.Client.CreateTable(ctx, table)
		if _, there := errors.AsType[*types.ResourceInUseException](err); err != nil && !there {
			return fmt.Errorf("create table: %w", err)
		}
	}
	if err := v.MakeMissing(ctx, store); err != nil {
		return err
	}
	staff, err := Of(v.Municipality)
	if err != nil {
		return err
	}
	for _, p := range staff.People {
		if err := store.AddWorker(ctx, p.Card, p.Worker); err != nil && !errors.Is(err, casework.ErrConflict) {
			return fmt.Errorf("add worker %s: %w", p.ID, err)
		}
	}
	if err := store.AddRoster(ctx, staff.Roster); err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("add roster: %w", err)
	}
	for _, o := range staff.Organisations {
		if err := store.AddOrganisation(ctx, o); err != nil && !errors.Is(err, casework.ErrConflict) {
			return fmt.Errorf("add organisation %s: %w", o.ID, err)
		}
	}
	return nil
}
