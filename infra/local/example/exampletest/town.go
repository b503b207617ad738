// Package exampletest sets up the whole example municipality for a test, over a real store and real keys.
package exampletest

import (
	"maps"
	"net/http/httptest"
	"testing"
	"time"

	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example"
	"voordeur/infra/local/kms"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/seal"
	"voordeur/schemas"
)

// Town is Waterstad as it is before its first report.
type Town struct {
	Municipality *municipality.Municipality
	Config       aws.Config // of the store; for a client with a transport of its own, or for the stream
	Store        *dynamo.Store
	Sealer       *seal.Sealer
	Opener       *seal.Opener
	Drafts       seal.Drafts
	Intake       casework.Intake
	Work         casework.Work
}

// New sets up the town; it is gone when the test ends.
func New(tb testing.TB) *Town {
	tb.Helper()
	ctx := tb.Context()
	data, err := schemas.Municipality("waterstad")
	must(tb, err)
	m, err := municipality.Read(data)
	must(tb, err)

	fake, err := kms.New("alias/local", "")
	must(tb, err)
	server := httptest.NewServer(fake)
	tb.Cleanup(server.Close)
	vault := seal.Vault{KMS: awskms.NewFromConfig(dynoxide.Config(server.URL)), KeyID: "alias/local", Municipality: m.ID}

	config := dynoxidetest.Config(tb)
	store := &dynamo.Store{Client: dynamodb.NewFromConfig(config), Cases: "cases-" + casework.NewSecret().DraftID(), Short: "short-" + casework.NewSecret().DraftID()}
	must(tb, example.SetUp(ctx, store, vault))
	keys, err := store.Keys(ctx)
	must(tb, err)
	sealer, err := seal.NewSealer(m.ID, keys)
	must(tb, err)
	opener := seal.NewOpener(vault, keys)
	return &Town{
		Municipality: m, Config: config, Store: store, Sealer: sealer, Opener: opener,
		Drafts: seal.Drafts{Municipality: m.ID, Rows: store},
		Intake: casework.Intake{
			Municipality: m, Form: form.Core(), Reports: store, Sealer: sealer, Views: seal.Views{Municipality: m.ID},
		},
		Work: casework.Work{Municipality: m, Store: store, Sealer: sealer, Opener: opener},
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// Answers returns the least that a resident of Noord has to fill in, with an e-mail address, changed by over.
func Answers(over form.Answers) form.Answers {
	a := form.Answers{
		"call_name": {"Mevrouw Voorbeeld"}, "contact_way": {"call", "email"}, "phone": {"06 12345678"},
		"email": {"voorbeeld@post.example"}, "postcode": {"9991 AB"}, "house_number": {"12"},
	}
	maps.Copy(a, over)
	return a
}

// Submit sends a full form with the answers and returns its receipt. No case is made of it yet.
func (t *Town) Submit(tb testing.TB, now time.Time, answers form.Answers) casework.Receipt {
	tb.Helper()
	receipt, err := t.Intake.Submit(tb.Context(), now, casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "nl", Answers: answers,
	})
	must(tb, err)
	return receipt
}

// Case submits a form and has dispatch take it.
func (t *Town) Case(tb testing.TB, now time.Time, answers form.Answers) casework.Case {
	tb.Helper()
	ref := t.Submit(tb, now, answers).Reference
	must(tb, t.Work.Take(tb.Context(), now, ref))
	c, err := t.Store.Case(tb.Context(), ref)
	must(tb, err)
	return c
}
