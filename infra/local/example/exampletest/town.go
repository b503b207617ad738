// Package exampletest sets up the whole example municipality for a test, over a real store and real keys.
package exampletest

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
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
	"voordeur/internal/seal/vault"
	"voordeur/schemas"
)

// KMSKey is the key that the private halves are encrypted with.
const KMSKey = "alias/local"

// Town is an example municipality as it is before its first report.
type Town struct {
	*example.Town
	Config aws.Config // of the store; for a client with a transport of its own, or for the stream
	KMS    string     // endpoint of the stand-in for key management, whose key is KMSKey
}

// New sets up Waterstad; it is gone when the test ends.
func New(tb testing.TB) *Town {
	tb.Helper()
	return In(tb, "waterstad")
}

// In sets up an example municipality by its id.
func In(tb testing.TB, municipalityID string) *Town {
	tb.Helper()
	ctx := tb.Context()
	data, err := schemas.Municipality(municipalityID)
	must(tb, err)
	m, err := municipality.Read(data)
	must(tb, err)

	fake, err := kms.New(KMSKey, "")
	must(tb, err)
	server := httptest.NewServer(fake)
	tb.Cleanup(server.Close)
	keyVault := vault.Vault{KMS: awskms.NewFromConfig(dynoxide.Config(server.URL)), KeyID: KMSKey, Municipality: m.ID}

	config := dynoxidetest.Config(tb)
	store := &dynamo.Store{Client: dynamodb.NewFromConfig(config), Cases: "cases-" + casework.NewSecret().DraftID(), Short: "short-" + casework.NewSecret().DraftID()}
	town, err := example.Open(ctx, m, store, keyVault)
	must(tb, err)
	return &Town{Town: town, Config: config, KMS: server.URL}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// household numbers the households, so that no two residents share an address, a phone or an e-mail address unless a
// test says so.
//
//nolint:gochecknoglobals // one count for all tests of a package
var household atomic.Int32

// Answers returns the least that a resident of Noord has to fill in, with an e-mail address, changed by over. Each call
// is another household.
func Answers(over form.Answers) form.Answers {
	n := household.Add(1)
	a := form.Answers{
		"call_name": {"Mevrouw Voorbeeld"}, "contact_way": {"call", "email"}, "phone": {fmt.Sprintf("06 12%06d", n)},
		"email": {fmt.Sprintf("voorbeeld%d@post.example", n)}, "postcode": {"9991 AB"}, "house_number": {strconv.Itoa(int(n))},
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
