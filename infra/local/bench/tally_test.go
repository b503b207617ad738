package main

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The rules of AWS: 1 KB is a unit, a transaction doubles it, an index entry is one unit to come or go and two to move.
func TestUnitsAreCountedByTheRulesOfAWS(t *testing.T) {
	calls := &tally{next: http.DefaultTransport}
	town, err := openTown(t.Context(), func(c *aws.Config) {
		calls.plain = store(c.Copy())
		c.HTTPClient = &http.Client{Transport: calls}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := town.close(); err != nil {
			t.Error(err)
		}
	})
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	key := map[string]types.AttributeValue{"PK": text("CASE#1"), "SK": text("CASE")}
	due := func(at string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{
			"PK": key["PK"], "SK": key["SK"], "todo": text("CASE"), "at": text(at),
			"big": &types.AttributeValueMemberB{Value: make([]byte, 1500)},
		}
	}
	put := func(item map[string]types.AttributeValue) error {
		_, err := town.Store.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(caseTable), Item: item})
		return err
	}
	steps := []struct { // each on what the one before left
		name string
		do   func() error
		want counts
	}{
		{"an item of two units that enters an index", func() error { return put(due("1")) }, counts{1, 0, 2, 1}},
		{"the same again", func() error { return put(due("1")) }, counts{1, 0, 2, 0}},
		{"its entry moves, in a transaction", func() error {
			_, err := town.Store.Client.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{
				TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: aws.String(caseTable), Item: due("2")}}},
			})
			return err
		}, counts{1, 0, 4, 2}},
		{"its entry goes", func() error {
			_, err := town.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
				TableName: aws.String(caseTable), Key: key, UpdateExpression: aws.String("REMOVE todo"),
			})
			return err
		}, counts{1, 0, 2, 1}},
		{"a consistent read", func() error {
			_, err := town.Store.Client.GetItem(t.Context(), &dynamodb.GetItemInput{
				TableName: aws.String(caseTable), Key: key, ConsistentRead: aws.Bool(true),
			})
			return err
		}, counts{1, 1, 0, 0}},
	}
	for _, step := range steps {
		calls.restart()
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := calls.restart(); got != step.want {
			t.Errorf("%s: counted %+v, want %+v", step.name, got, step.want)
		}
	}
}
