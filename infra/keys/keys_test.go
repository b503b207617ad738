package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/functions/wiring"
	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/kms"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
)

const (
	kmsKey    = "alias/test"
	reference = "K7M-4RT-9XT"
)

// town is a municipality that has a table and no key pairs.
type town struct {
	t      *testing.T
	config aws.Config
	store  *dynamo.Store
	kms    string // endpoint
	env    map[string]string

	mu    sync.Mutex
	asked []string // operations of KMS, in order
}

func newTown(t *testing.T) *town {
	t.Helper()
	service, err := kms.New(kmsKey, "")
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, config: dynoxidetest.Config(t)}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		w.mu.Lock()
		w.asked = append(w.asked, operation)
		w.mu.Unlock()
		service.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.kms = server.URL
	w.store = &dynamo.Store{Client: dynamodb.NewFromConfig(w.config), Cases: "cases-" + casework.NewSecret().DraftID()}
	if _, err := w.store.Client.CreateTable(t.Context(), dynamo.CaseTable(w.store.Cases)); err != nil {
		t.Fatal(err)
	}
	w.env = map[string]string{
		"MUNICIPALITY": "waterstad", "CASES_TABLE": w.store.Cases, "KMS_KEY": kmsKey,
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(w.config.BaseEndpoint), "AWS_ENDPOINT_URL_KMS": server.URL,
	}
	return w
}

func (w *town) vault() vault.Vault {
	return vault.Vault{KMS: awskms.NewFromConfig(dynoxide.Config(w.kms)), KeyID: kmsKey, Municipality: "waterstad"}
}

// keys runs the command and returns what it lists, fingerprints as "…".
func (w *town) keys(args ...string) string {
	w.t.Helper()
	return regexp.MustCompile(`[0-9a-f]{16}`).ReplaceAllString(w.fingerprints(args...), "…")
}

func (w *town) fingerprints(args ...string) string {
	w.t.Helper()
	var out strings.Builder
	get := func(name string) string { return w.env[name] }
	if err := run(w.t.Context(), wiring.NewEnvironment(get), args, &out); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}

// seal seals with the pairs that are stored now.
func (w *town) seal(p casework.Purpose) casework.Envelope {
	w.t.Helper()
	keys, err := w.store.Keys(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	sealer, err := seal.NewSealer("waterstad", keys)
	if err != nil {
		w.t.Fatal(err)
	}
	e, err := sealer.Seal(p, reference, []byte("bel na zes uur"))
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

const first = `PURPOSE   NUMBER  FINGERPRINT  DOES
routing   1       …            seals and opens
contact   1       …            seals and opens
content   1       …            seals and opens
matching  1       …            hashes and finds
`

// dense has one space between columns: fingerprints take more room than "…".
func dense(table string) string { return regexp.MustCompile(` {2,}`).ReplaceAllString(table, " ") }

func TestMakingTwiceIsMakingOnce(t *testing.T) {
	w := newTown(t)
	if got := w.keys("list"); dense(got) != "PURPOSE NUMBER FINGERPRINT DOES\n" {
		t.Errorf("before the first pair:\n%s", got)
	}
	made := w.fingerprints("make")
	if got := w.keys("list"); dense(got) != dense(first) {
		t.Errorf("after make:\n%s\nwant\n%s", got, first)
	}
	if again := w.fingerprints("make"); again != made {
		t.Errorf("making again:\n%s\nwant\n%s", again, made)
	}
}

func TestARotationSealsAnewAndOpensTheOld(t *testing.T) {
	w := newTown(t)
	w.keys("make")
	before := w.seal(casework.ForContent)
	want := strings.Replace(first, "content   1       …            seals and opens\n",
		"content   1       …            opens\ncontent   2       …            seals and opens\n", 1)
	if got := w.keys("rotate", "content"); dense(got) != dense(want) {
		t.Errorf("after a rotation:\n%s\nwant\n%s", got, want)
	}
	after := w.seal(casework.ForContent)
	if n, err := seal.KeyNumber(after); n != 2 || err != nil {
		t.Errorf("sealed with pair %d, want 2; %v", n, err)
	}
	opener := vault.NewOpener(w.vault(), w.store.Keys)
	for name, e := range map[string]casework.Envelope{"before": before, "after": after} {
		if got, err := opener.Open(t.Context(), casework.ForContent, reference, e); string(got) != "bel na zes uur" {
			t.Errorf("sealed %s the rotation: opens as %q, %v", name, got, err)
		}
	}
}

func TestAfterARotationWhatMatchedStillMatches(t *testing.T) {
	w := newTown(t)
	w.keys("make")
	trait := casework.Trait{Kind: casework.SamePhone, Value: "+31612345678"}
	opener := vault.NewOpener(w.vault(), w.store.Keys)
	before, err := opener.Hashes(t.Context(), []casework.Trait{trait})
	if err != nil || len(before[0]) != 1 {
		t.Fatalf("%d hashes, %v", len(before[0]), err)
	}
	if got := w.keys("rotate", "matching"); !strings.Contains(dense(got), "matching 1 … finds\nmatching 2 … hashes and finds\n") {
		t.Errorf("after a rotation:\n%s", got)
	}
	after, err := opener.Hashes(t.Context(), []casework.Trait{trait})
	if err != nil || len(after[0]) != 2 || after[0][0] == before[0][0] || after[0][1] != before[0][0] {
		t.Errorf("hashes %d, the older one last: %v; %v", len(after[0]), slices.Contains(after[0], before[0][0]), err)
	}
}

func TestMakingAndRotatingOpensNothing(t *testing.T) { // threat:T16
	w := newTown(t)
	w.keys("make")
	w.keys("rotate", "contact")
	if got := slices.Compact(w.asked); !slices.Equal(got, []string{"Encrypt"}) {
		t.Errorf("KMS was asked to %v, want Encrypt alone", got)
	}
}

func TestARemovedPairIsRefusedByName(t *testing.T) {
	w := newTown(t)
	w.keys("make")
	e := w.seal(casework.ForContact)
	w.keys("rotate", "contact")
	remove := func(sk string) {
		_, err := w.store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
			TableName: &w.store.Cases, ConditionExpression: aws.String("attribute_exists(PK)"),
			Key: map[string]types.AttributeValue{
				"PK": &types.AttributeValueMemberS{Value: "KEYS"}, "SK": &types.AttributeValueMemberS{Value: sk},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	remove("KEY#contact#0001")
	remove("KEY#matching#0001")
	opener := vault.NewOpener(w.vault(), w.store.Keys)
	_, err := opener.Open(t.Context(), casework.ForContact, reference, e)
	if !errors.Is(err, seal.ErrSealed) || err.Error() != "key contact 1 is not here: cannot be opened" {
		t.Errorf("an envelope of a removed pair: %v", err)
	}
	_, err = opener.Hashes(t.Context(), []casework.Trait{{Kind: casework.SamePhone, Value: "+31612345678"}})
	if !errors.Is(err, seal.ErrSealed) || err.Error() != "no key matching is here: cannot be opened" {
		t.Errorf("a trait without a matching pair: %v", err)
	}
	if got := w.keys("make"); !strings.Contains(dense(got), "routing 1 … seals and opens\ncontact 2 …") {
		t.Errorf("a removed number is used again:\n%s", got)
	}
}

// together is a store whose first readers wait for each other, so that they see the same pairs.
type together struct {
	*dynamo.Store
	readers *sync.WaitGroup
	once    *sync.Once
}

func (s together) Keys(ctx context.Context) ([]casework.Key, error) {
	keys, err := s.Store.Keys(ctx)
	s.once.Do(func() {
		s.readers.Done()
		s.readers.Wait()
	})
	return keys, err
}

func TestOfTwoRotationsAtOnceOneWins(t *testing.T) {
	w := newTown(t)
	w.keys("make")
	var readers, ended sync.WaitGroup
	readers.Add(2)
	errs := make([]error, 2)
	for i := range errs {
		v := w.vault()
		ended.Go(func() {
			errs[i] = rotate(casework.ForRouting)(t.Context(), v, together{w.store, &readers, new(sync.Once)})
		})
	}
	ended.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("errors %v, want one", errs)
	}
	lost := errors.Join(errs...)
	if !errors.Is(lost, casework.ErrConflict) || !strings.HasPrefix(lost.Error(), "somebody else rotated routing at the same moment;") {
		t.Errorf("error %v", lost)
	}
	if got := w.keys("list"); !strings.Contains(dense(got), "routing 1 … opens\nrouting 2 … seals and opens\ncontact 1") {
		t.Errorf("after two rotations at once:\n%s", got)
	}
}

func TestARotationWhoseAnswerIsLostIsOneRotation(t *testing.T) { // threat:T26
	w := newTown(t)
	w.keys("make")
	lost := false
	faults := &dynoxidetest.Faults{Next: func(operation string) dynoxidetest.Fault {
		if operation != "PutItem" || lost {
			return dynoxidetest.None
		}
		lost = true
		return dynoxidetest.DropAfter
	}}
	store := &dynamo.Store{Client: dynamodb.NewFromConfig(faults.With(w.config)), Cases: w.store.Cases}
	if err := rotate(casework.ForContact)(t.Context(), w.vault(), store); err != nil || !lost {
		t.Errorf("answer lost: %v, error %v", lost, err)
	}
	if got := w.keys("list"); !strings.Contains(dense(got), "contact 2 … seals and opens\ncontent") {
		t.Errorf("after the rotation:\n%s", got)
	}
}

func TestWhatCannotBeDoneIsSaid(t *testing.T) {
	w := newTown(t)
	for name, tt := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"no command":               {want: help},
		"another command":          {args: []string{"remove"}, want: help},
		"a purpose there is not":   {args: []string{"rotate", "inhoud"}, want: help},
		"no purpose":               {args: []string{"rotate"}, want: help},
		"more than there is to do": {args: []string{"make", "contact"}, want: help},
		"nothing to follow":        {args: []string{"rotate", "contact"}, want: "there is no key pair for contact to follow: make the first one"},
		"every fault of the environment": {
			args: []string{"list"}, env: map[string]string{"MUNICIPALITY": "", "KMS_KEY": ""},
			want: "MUNICIPALITY is not set\nKMS_KEY is not set",
		},
	} {
		t.Run(name, func(t *testing.T) {
			env := maps.Clone(w.env)
			maps.Copy(env, tt.env)
			var out strings.Builder
			err := run(t.Context(), wiring.NewEnvironment(func(name string) string { return env[name] }), tt.args, &out)
			if err == nil || err.Error() != tt.want || out.Len() > 0 {
				t.Errorf("error %v\nwant %s\nprinted %q", err, tt.want, &out)
			}
		})
	}
}
