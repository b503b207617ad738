// Package opening is what desk and dispatch have in common: they open envelopes and work on cases. The front door does
// not import it, and so reaches no key that opens anything.
package opening

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/functions/wiring"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
)

// Config is what the environment says to both.
type Config struct {
	Municipality *municipality.Municipality
	AWS          aws.Config
	cases        string
	kmsKey       string
}

// Read reads it.
func Read(e *wiring.Environment) Config {
	return Config{
		Municipality: e.Municipality("MUNICIPALITY"), AWS: e.AWS(), cases: e.Text("CASES_TABLE"), kmsKey: e.Text("KMS_KEY"),
	}
}

// Work returns the store and the work on its cases. No key is read or decrypted before the first envelope; which
// purposes may be opened is the role's business. short names the short-lived table, "" for a function that has none.
func (c Config) Work(short string, now func() time.Time) (*dynamo.Store, casework.Work) {
	store, id := wiring.Store(c.AWS, c.cases, short), c.Municipality.ID
	opener := vault.NewOpener(vault.Vault{KMS: kms.NewFromConfig(c.AWS), KeyID: c.kmsKey, Municipality: id}, store.Keys)
	return store, casework.Work{
		Municipality: c.Municipality, Store: store, Opener: opener, Matcher: opener, Views: seal.Views{Municipality: id},
		Sealer: &wiring.Sealer{Municipality: id, Keys: func(ctx context.Context) ([]casework.Key, error) { return c.keys(ctx, store) }, Now: now},
	}
}

// keys are the municipality's, with that of its own case system if it hands cases off to one.
func (c Config) keys(ctx context.Context, store *dynamo.Store) ([]casework.Key, error) {
	outside, err := seal.CaseSystemKeys(c.Municipality)
	if err != nil {
		return nil, err
	}
	keys, err := store.Keys(ctx)
	return append(keys, outside...), err
}

// Drafts keeps what workers fill in for residents until it is sent.
func (c Config) Drafts(store *dynamo.Store) seal.Drafts {
	return seal.Drafts{Municipality: c.Municipality.ID, Rows: store}
}

// Intake takes what workers fill in for residents.
func (c Config) Intake(store *dynamo.Store, work casework.Work) casework.Intake {
	return casework.Intake{
		Municipality: c.Municipality, Form: form.Of(c.Municipality), Reports: store, Sealer: work.Sealer,
		Views: seal.Views{Municipality: c.Municipality.ID},
	}
}
