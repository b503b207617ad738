package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/example"
	"voordeur/infra/local/kms"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/seal/vault"
	"voordeur/internal/web"
	"voordeur/schemas"
)

// monday is when everything happens: a Monday in November 2026, 10.00 hours in Amsterdam.
func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// readTown reads the example municipality's file.
func readTown() (*municipality.Municipality, error) {
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		return nil, err
	}
	return municipality.Read(data)
}

// town is the example municipality over a store of its own, in memory.
type town struct {
	*example.Town
	config  aws.Config // of the store
	closers []func() error
}

// openTown starts a fresh store; change may put something between the service and its store.
func openTown(ctx context.Context, change func(*aws.Config)) (_ *town, err error) {
	t := &town{}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.close())
		}
	}()
	m, err := readTown()
	if err != nil {
		return nil, err
	}
	keyVault, err := t.vault(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	server, err := dynoxide.Start(ctx, dynoxide.Options{Binary: os.Getenv("DYNOXIDE_BIN")})
	if err != nil {
		return nil, err
	}
	t.closers = append(t.closers, server.Stop)
	t.config = dynoxide.Config(server.Endpoint)
	if change != nil {
		change(&t.config)
	}
	t.Town, err = example.Open(ctx, m, store(t.config), keyVault)
	return t, err
}

const (
	caseTable  = "bench-cases"
	shortTable = "bench-short"
)

func (t *town) vault(ctx context.Context, municipalityID string) (vault.Vault, error) {
	const keyID = "alias/bench"
	fake, err := kms.New(keyID, "")
	if err != nil {
		return vault.Vault{}, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return vault.Vault{}, fmt.Errorf("listen for key management: %w", err)
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(l) }() // it ends with close
	t.closers = append(t.closers, server.Close)
	client := awskms.NewFromConfig(dynoxide.Config("http://" + l.Addr().String()))
	return vault.Vault{KMS: client, KeyID: keyID, Municipality: municipalityID}, nil
}

// close ends what openTown started, the last first.
func (t *town) close() error {
	var err error
	for i := len(t.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, t.closers[i]())
	}
	return err
}

// frontdoor is the residents' pages over some drafts and an intake. Where no form begins, arrivals are nil.
func frontdoor(m *municipality.Municipality, drafts web.Drafts, arrivals web.Arrivals, intake casework.Intake) (http.Handler, error) {
	assets, err := web.NewAssets(m.Theme)
	if err != nil {
		return nil, err
	}
	return web.Frontdoor{
		Municipality: m, Form: form.Of(m), Drafts: drafts, Arrivals: arrivals, Intake: intake, Texts: web.NewCatalog(), Assets: assets,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: monday, Clock: monday,
	}.Handler(), nil
}

func store(config aws.Config) *dynamo.Store {
	return &dynamo.Store{Client: dynamodb.NewFromConfig(config), Cases: caseTable, Short: shortTable}
}
