package seal_test

import (
	_ "embed"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

// release02 is what release 0.2 sealed, with the keys of this test: nobody's.
//
//go:embed testdata/release-0.2.json
var release02 []byte

type earlier struct {
	Municipality string
	Case         casework.Reference
	Envelopes    map[casework.Purpose]struct {
		Private, Envelope []byte
		Plain             string
	}
	Link struct {
		Token     string
		PublicKey []byte `json:"public_key"`
		View      []byte
		Plain     string
	}
}

func sealedEarlier(t *testing.T) (e earlier) {
	t.Helper()
	if err := json.Unmarshal(release02, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEnvelopesOfAnEarlierReleaseOpen(t *testing.T) {
	e := sealedEarlier(t)
	if len(e.Envelopes) != 3 {
		t.Fatalf("there are %d envelopes, want 3", len(e.Envelopes))
	}
	for p, sealed := range e.Envelopes {
		private, err := seal.KEM(p).NewPrivateKey(sealed.Private)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := seal.KeyNumber(sealed.Envelope); n != 1 || err != nil {
			t.Errorf("%s: sealed with key %d, %v; want 1", p, n, err)
		}
		if got, err := seal.Open(private, e.Municipality, p, e.Case, sealed.Envelope); err != nil || string(got) != sealed.Plain {
			t.Errorf("%s: Open = %q, %v; want %s", p, got, err, sealed.Plain)
		}
		for _, other := range []struct {
			municipality string
			id           casework.Reference
		}{{"duinrand", e.Case}, {e.Municipality, "K7M-4RT-9XD"}} {
			if _, err := seal.Open(private, other.municipality, p, other.id, sealed.Envelope); !errors.Is(err, seal.ErrSealed) {
				t.Errorf("%s: opens for %s in %s: %v", p, other.id, other.municipality, err)
			}
		}
	}
}

func TestALinkOfAnEarlierReleaseOpens(t *testing.T) { // invariant:I12
	town, e := exampletest.New(t), sealedEarlier(t)
	token, err := casework.ParseLinkToken(e.Link.Token)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	row, err := attributevalue.MarshalMap(map[string]any{ // as that release stored it
		"PK": "LINK#" + token.ID(), "SK": "LINK", "case": string(e.Case), "expires": now.Add(casework.LinkLasts),
		"public_key": e.Link.PublicKey, "view": e.Link.View,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = town.Store.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(town.Store.Cases), Item: row})
	if err != nil {
		t.Fatal(err)
	}
	link, err := town.Store.Link(t.Context(), token.ID(), now)
	if err != nil {
		t.Fatal(err)
	}
	views := seal.Views{Municipality: e.Municipality}
	if got, err := views.OpenView(token, link); err != nil || string(got) != e.Link.Plain {
		t.Errorf("OpenView = %q, %v; want %s", got, err, e.Link.Plain)
	}
	if _, err := views.OpenView(casework.NewSecret().LinkToken(), link); !errors.Is(err, seal.ErrSealed) {
		t.Errorf("another token: %v, want ErrSealed", err)
	}
}
