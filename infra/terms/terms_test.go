package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/functions/wiring"
	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

func orFail(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func terms(t *testing.T, town *exampletest.Town, args ...string) (string, error) {
	t.Helper()
	values := map[string]string{
		"CASES_TABLE": town.Store.Cases, "MUNICIPALITY": "waterstad", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local",
		"AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(town.Config.BaseEndpoint),
	}
	var out strings.Builder
	err := run(t.Context(), wiring.NewEnvironment(func(name string) string { return values[name] }), args, &out, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	return out.String(), err
}

// A case that ended before there were terms gets the one that it would have had, of whoever ended it; nothing else changes.
func TestACaseOfAnOlderReleaseGetsItsTerm(t *testing.T) { // feature:P8 //feature:N3
	town, now := exampletest.New(t), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	open := town.Case(t, now, exampletest.Answers(nil))
	ended := town.Case(t, now, exampletest.Answers(nil))
	click := casework.Click{At: now, Case: ended.ID, By: casework.Reader{Worker: ended.Lead}, Shown: ended.Version, Command: "withdraw"}
	orFail(t, town.Work.Withdraw(t.Context(), click, "Het hoeft niet meer."))
	want, err := town.Store.Case(t.Context(), ended.ID)
	orFail(t, err)
	older(t, town, ended.ID)
	d, err := town.Store.Dossier(t.Context(), ended.ID)
	orFail(t, err)
	for _, m := range d.Messages {
		claimed, err := town.Store.Claim(t.Context(), ended.ID, m.ID, now)
		orFail(t, err)
		claimed.Status, claimed.Sent = casework.Sent, now // and nobody told that it arrived
		orFail(t, town.Store.Settle(t.Context(), claimed))
	}

	const none = "ended cases without a term: 0\ngiven one: 0\n"
	for _, step := range []struct{ args, says string }{
		{"", "ended cases without a term: 1\ngiven one: 0\n"}, {"-apply", "ended cases without a term: 1\ngiven one: 1\n"}, {"", none}, {"-apply", none},
	} {
		if out, err := terms(t, town, strings.Fields(step.args)...); err != nil || out != step.says {
			t.Errorf("%q says %q, %v", step.args, out, err)
		}
	}
	got, err := town.Store.Case(t.Context(), ended.ID)
	orFail(t, err)
	due, _ := got.Deadline(casework.DueDestroy)
	if old, _ := want.Deadline(casework.DueDestroy); due != old || got.Version != want.Version || due.Owner != ended.Lead {
		t.Errorf("got %+v at version %d, want %+v at %d", due, got.Version, old, want.Version)
	}
	if d, err := town.Store.Dossier(t.Context(), open.ID); err != nil || d.Case.Version != open.Version {
		t.Errorf("the open case is at version %d, %v", d.Case.Version, err)
	}
	if next, ok, err := town.Store.NextDue(t.Context()); err != nil || !ok || next.After(due.At) {
		t.Errorf("the sweep finds it at %s, %v", next, err)
	}
	orFail(t, town.Work.Overdue(t.Context(), due.At, ended.ID))
	if lines, _, err := town.Store.Destroyed(t.Context(), ""); err != nil || len(lines) != 1 {
		t.Errorf("%d cases are destroyed, %v", len(lines), err)
	}
}

// older makes the head what a release wrote that destroyed nothing.
func older(t *testing.T, town *exampletest.Town, ref casework.Reference) {
	t.Helper()
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	_, err := town.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &town.Store.Cases, Key: map[string]types.AttributeValue{"PK": text("CASE#" + string(ref)), "SK": text("CASE")},
		UpdateExpression: aws.String("REMOVE deadlines, #todo, #at"), ExpressionAttributeNames: map[string]string{"#todo": "todo", "#at": "at"},
	})
	orFail(t, err)
}

func TestAnythingElseIsAnsweredWithTheHelp(t *testing.T) {
	if out, err := terms(t, &exampletest.Town{Town: &example.Town{Store: &dynamo.Store{}}}, "now"); err == nil || err.Error() != help || out != "" {
		t.Errorf("%v, told %q", err, out)
	}
}
