package seal_test

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"pgregory.net/rapid"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/example/exampletest"
	fake "voordeur/infra/local/kms"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
)

func newVault(t *testing.T) vault.Vault {
	t.Helper()
	service, err := fake.New("alias/test", "")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	return vault.Vault{KMS: kms.NewFromConfig(dynoxide.Config(server.URL)), KeyID: "alias/test", Municipality: "waterstad"}
}

func keys(t *testing.T, v vault.Vault, n uint16) []casework.Key {
	t.Helper()
	var keys []casework.Key
	for _, p := range seal.Purposes() {
		k, err := v.NewKey(t.Context(), p, n)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	return keys
}

// stored is a store that holds these keys.
func stored(keys ...casework.Key) vault.Keys {
	return func(context.Context) ([]casework.Key, error) { return keys, nil }
}

func sealer(t *testing.T, municipality string, k []casework.Key) *seal.Sealer {
	t.Helper()
	s, err := seal.NewSealer(municipality, k)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnEnvelopeOpensOnlyAsWhatItWasSealedFor(t *testing.T) { // threat:T18
	v := newVault(t)
	k := keys(t, v, 1)
	s, o := sealer(t, "waterstad", k), vault.NewOpener(v, stored(k...))
	plain := []byte("wat de bewoner schreef")
	envelope, err := s.Seal(casework.ForContent, "K7M-4RT-9XC", plain)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.Open(t.Context(), casework.ForContent, "K7M-4RT-9XC", envelope); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("Open = %q, %v", got, err)
	}
	other := sealer(t, "duinrand", k)
	elsewhere, err := other.Seal(casework.ForContent, "K7M-4RT-9XC", plain)
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(envelope)
	damaged[len(damaged)-1] ^= 1
	tests := map[string]struct {
		purpose  casework.Purpose
		id       casework.Reference
		envelope casework.Envelope
	}{
		"as another case's":          {casework.ForContent, "K7M-4RT-9XD", envelope},
		"as another purpose's":       {casework.ForContact, "K7M-4RT-9XC", envelope},
		"from another municipality":  {casework.ForContent, "K7M-4RT-9XC", elsewhere},
		"damaged":                    {casework.ForContent, "K7M-4RT-9XC", damaged},
		"cut within its head":        {casework.ForContent, "K7M-4RT-9XC", envelope[:2]},
		"cut within its key":         {casework.ForContent, "K7M-4RT-9XC", envelope[:1000]},
		"of a key that is gone":      {casework.ForContent, "K7M-4RT-9XC", append([]byte{2, 0, 9}, envelope[3:]...)},
		"as of an earlier format":    {casework.ForContent, "K7M-4RT-9XC", append([]byte{1}, envelope[1:]...)},
		"of a later envelope format": {casework.ForContent, "K7M-4RT-9XC", append([]byte{3}, envelope[1:]...)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got, err := o.Open(t.Context(), tt.purpose, tt.id, tt.envelope); !errors.Is(err, seal.ErrSealed) {
				t.Errorf("Open = %q, %v; want ErrSealed", got, err)
			}
		})
	}
}

func TestOldEnvelopesOpenAfterANewKey(t *testing.T) {
	v := newVault(t)
	old := keys(t, v, 1)
	envelope, err := sealer(t, "waterstad", old).Seal(casework.ForContact, "K7M-4RT-9XC", []byte("bel na zes uur"))
	if err != nil {
		t.Fatal(err)
	}
	all := append(keys(t, v, 2), old...)
	o := vault.NewOpener(v, stored(all...))
	if _, err := o.Open(t.Context(), casework.ForContact, "K7M-4RT-9XC", envelope); err != nil {
		t.Errorf("an envelope of key 1 does not open: %v", err)
	}
	newer, err := sealer(t, "waterstad", all).Seal(casework.ForContact, "K7M-4RT-9XC", []byte("x"))
	if err != nil || newer[2] != 2 {
		t.Errorf("sealed with key %d, want 2; %v", newer[2], err)
	}
}

func TestASealerNeedsAPairForEachPurpose(t *testing.T) {
	all := keys(t, newVault(t), 1)
	for i, p := range seal.Purposes() {
		without := slices.Delete(slices.Clone(all), i, i+1)
		_, err := seal.NewSealer("waterstad", without)
		if want := "there is no key pair for " + string(p); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestAnyTextComesBackAsItWas(t *testing.T) {
	v := newVault(t)
	k := keys(t, v, 1)
	s, o := sealer(t, "waterstad", k), vault.NewOpener(v, stored(k...))
	rapid.Check(t, func(r *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(r, "plain")
		p := rapid.SampledFrom(seal.Purposes()).Draw(r, "purpose")
		if rapid.Bool().Draw(r, "prepared") {
			s.Prepare()
		}
		envelope, err := s.Seal(p, "K7M-4RT-9XC", plain)
		if err != nil {
			r.Fatal(err)
		}
		if len(plain) > 8 && bytes.Contains(envelope, plain) {
			r.Fatal("the text stands in its envelope")
		}
		got, err := o.Open(t.Context(), p, "K7M-4RT-9XC", envelope)
		if err != nil || !bytes.Equal(got, plain) {
			r.Fatalf("Open = %q, %v; want %q", got, err, plain)
		}
	})
}

func TestAPageOpensOnlyWithItsToken(t *testing.T) { // invariant:I12 //threat:T03 //threat:T18
	token, other := casework.NewSecret().LinkToken(), casework.NewSecret().LinkToken()
	views, plain := seal.Views{Municipality: "waterstad"}, []byte(`{"receipt":{}}`)
	link, err := views.SealView(token, plain)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(link.View, plain) {
		t.Error("the view stands in its link")
	}
	if got, err := views.OpenView(token, link); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("OpenView = %q, %v", got, err)
	}
	changed := func(i int) []byte {
		view := bytes.Clone(link.View)
		view[i] ^= 1
		return view
	}
	for name, tt := range map[string]struct {
		municipality string
		token        casework.LinkToken
		view         []byte
	}{
		"with another token":    {"waterstad", other, link.View},
		"in another place":      {"duinrand", token, link.View},
		"damaged":               {"waterstad", token, changed(len(link.View) - 1)},
		"of a later format":     {"waterstad", token, changed(0)},
		"cut within its nonce":  {"waterstad", token, link.View[:9]},
		"empty":                 {"waterstad", token, nil},
		"of an earlier release": {"waterstad", token, append(make([]byte, 32), link.View...)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := seal.Views{Municipality: tt.municipality}.OpenView(tt.token, casework.Link{ID: link.ID, View: tt.view})
			if !errors.Is(err, seal.ErrSealed) {
				t.Errorf("OpenView = %q, %v; want ErrSealed", got, err)
			}
		})
	}
}

// A key that seals two texts gives both away: however many seal and prepare at once, each envelope has its own.
func TestNoKeySealsTwice(t *testing.T) { // threat:T16
	const sealing, each = 16, 12
	v := newVault(t)
	k := keys(t, v, 1)
	s, o := sealer(t, "waterstad", k), vault.NewOpener(v, stored(k...))
	envelopes := make(chan casework.Envelope, sealing*each)
	var all sync.WaitGroup
	for range sealing {
		all.Go(func() {
			for n := range each {
				s.Prepare()
				e, err := s.Seal(casework.ForContact, "K7M-4RT-9XC", []byte("bel na zes uur"))
				if err != nil {
					t.Error(err)
				}
				envelopes <- e
				if n%2 == 0 {
					s.Prepare()
				}
			}
		})
	}
	all.Wait()
	close(envelopes)
	seen := map[string]bool{}
	for e := range envelopes {
		key := string(e[3 : 3+32])
		if seen[key] {
			t.Fatal("two envelopes have one key")
		}
		seen[key] = true
		if _, err := o.Open(t.Context(), casework.ForContact, "K7M-4RT-9XC", e); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADraftIsReadableWithItsSecretOnly(t *testing.T) {
	town := exampletest.New(t)
	secret, now := casework.NewSecret(), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	draft := form.Draft{Path: form.Full, Language: "nl", Answers: form.Answers{"story": {"kanarie"}}}
	if err := town.Drafts.Save(t.Context(), secret, draft, now); err != nil {
		t.Fatal(err)
	}
	got, err := town.Drafts.Load(t.Context(), secret, now)
	if err != nil || got.Answers.One("story") != "kanarie" || got.Version != 1 {
		t.Fatalf("Load = %v, %v", got, err)
	}
	if _, err := town.Drafts.Load(t.Context(), casework.NewSecret(), now); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("another secret: %v, want ErrNotFound", err)
	}
	row, err := town.Store.Draft(t.Context(), secret.DraftID(), now)
	if err != nil || bytes.Contains(row.Sealed, []byte("kanarie")) {
		t.Errorf("the draft stands in the table as it is; %v", err)
	}
	if err := town.Drafts.Save(t.Context(), secret, draft, now); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("saving version 1 again: %v, want ErrConflict", err)
	}
	if _, err := town.Drafts.Load(t.Context(), secret, now.Add(seal.DraftLasts)); !errors.Is(err, casework.ErrNotFound) { // A9
		t.Errorf("after 72 hours: %v, want ErrNotFound", err)
	}
}
