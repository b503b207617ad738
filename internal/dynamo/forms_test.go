package dynamo_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// A12: a form is kept once and never changed.
//
// feature:A12
func TestAFormIsKeptUnderItsHash(t *testing.T) {
	town := exampletest.New(t)
	asked := form.Asked{Definition: form.Of(town.Municipality), Texts: map[string]string{"q.goal.title": "Wat moet er beter zijn?"}}
	if _, err := town.Store.Form(t.Context(), asked.Hash()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("before it is kept: %v", err)
	}
	times := 0
	forms := dynamo.Forms{Store: town.Store, Asked: func() (form.Asked, error) { times++; return asked, nil }}
	again := dynamo.Forms{Store: town.Store, Asked: forms.Asked}
	for _, keep := range []*dynamo.Forms{&forms, &forms, &again} {
		if err := keep.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if times != 2 {
		t.Errorf("worked out %d times, want once for each", times)
	}
	got, err := town.Store.Form(t.Context(), asked.Hash())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asked, got); diff != "" {
		t.Errorf("form (-kept +read):\n%s", diff)
	}
}

func TestAKeptFormIsNeverReplaced(t *testing.T) {
	town := exampletest.New(t)
	asked := form.Asked{Definition: form.Core(), Texts: map[string]string{"q.goal.title": "Wat?"}}
	first := form.Asked{Definition: form.Core(), Texts: map[string]string{"q.goal.title": "Van wie eerst kwam"}}
	_, err := town.Store.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &town.Store.Cases, Item: map[string]types.AttributeValue{
		"PK":   &types.AttributeValueMemberS{Value: "FORM#" + asked.Hash()},
		"SK":   &types.AttributeValueMemberS{Value: "FORM"},
		"form": &types.AttributeValueMemberB{Value: first.Encode()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := town.Store.KeepForm(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	if got, err := town.Store.Form(t.Context(), asked.Hash()); err != nil || got.Hash() != first.Hash() {
		t.Errorf("kept is %s, %v, want the first", got.Hash(), err)
	}
}

func TestAFormThatCannotBeKeptIsTriedAgain(t *testing.T) {
	town := exampletest.New(t)
	broken, away := errors.New("no texts"), true
	forms := dynamo.Forms{Store: town.Store, Asked: func() (form.Asked, error) {
		if away {
			return form.Asked{}, broken
		}
		return form.Asked{Definition: form.Core()}, nil
	}}
	if err := forms.Keep(t.Context()); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	away = false
	if err := forms.Keep(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := town.Store.Form(t.Context(), form.Asked{Definition: form.Core()}.Hash()); err != nil {
		t.Error(err)
	}
}
