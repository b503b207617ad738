package example

import (
	"context"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
)

// Town is an example municipality at work, over a store and keys that are real.
type Town struct {
	Municipality *municipality.Municipality
	Store        *dynamo.Store
	Sealer       *seal.Sealer
	Opener       *vault.Opener
	Drafts       seal.Drafts
	Pauses       *seal.Pauses
	Arrivals     *seal.Arrivals
	Intake       casework.Intake
	Work         casework.Work
}

// MostBegun is how many forms an hour one network may begin on a machine of one's own, where every browser is on the same
// one and programs fill in forms at their own pace, before reports are put aside for a person to look at.
const MostBegun = 5_000

// Open sets a municipality up in a store and puts its parts together as the functions do.
func Open(ctx context.Context, m *municipality.Municipality, store *dynamo.Store, v vault.Vault) (*Town, error) {
	if err := SetUp(ctx, store, v); err != nil {
		return nil, err
	}
	keys, err := store.Keys(ctx)
	if err != nil {
		return nil, err
	}
	outside, err := seal.CaseSystemKeys(m)
	if err != nil {
		return nil, err
	}
	sealer, err := seal.NewSealer(m.ID, append(keys, outside...))
	if err != nil {
		return nil, err
	}
	opener := vault.NewOpener(v, store.Keys)
	drafts := seal.Drafts{Municipality: m.ID, Rows: store}
	return &Town{
		Municipality: m, Store: store, Sealer: sealer, Opener: opener,
		Drafts: drafts, Pauses: &seal.Pauses{Drafts: drafts, Rows: store}, Arrivals: &seal.Arrivals{Rows: store},
		Intake: casework.Intake{
			Municipality: m, Form: form.Of(m), Reports: store, Sealer: sealer, Views: seal.Views{Municipality: m.ID},
			Limits: casework.Limits{MostBegun: MostBegun},
		},
		Work: casework.Work{Municipality: m, Store: store, Sealer: sealer, Opener: opener, Matcher: opener, Views: seal.Views{Municipality: m.ID}},
	}, nil
}
