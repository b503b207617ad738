package dynamo_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// keyTable reads the kinds of rows of the case table from the package's documentation.
func keyTable(t *testing.T) map[string]bool {
	t.Helper()
	file, err := os.Open("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	kinds, rows := map[string]bool{}, false
	for s := bufio.NewScanner(file); s.Scan(); {
		fields := strings.Fields(strings.TrimPrefix(s.Text(), "//"))
		switch {
		case strings.Contains(s.Text(), "The short-lived table"):
			return kinds
		case len(fields) > 1 && fields[0] == "PK":
			rows = true
		case rows && len(fields) > 1:
			kind, _, _ := strings.Cut(fields[1], "#")
			if of, _, _ := strings.Cut(fields[0], "#"); of == "MATCH" || of == "AUDIT" {
				kind = of
			}
			kinds[kind] = true
		}
	}
	t.Fatal("the key table has no end")
	return nil
}

func TestEveryKindOfRowSaysItsShape(t *testing.T) {
	for kind := range keyTable(t) {
		if dynamo.NewestShape(kind) == 0 {
			t.Errorf("%s rows say no shape: name them in shape.go", kind)
		}
	}
	town := exampletest.New(t)
	town.Case(t, monday(), exampletest.Answers(form.Answers{"basics": {"food"}}))
	out, err := town.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &town.Store.Cases})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range out.Items {
		var row struct {
			dynamo.Key
			Shape int `dynamodbav:"shape"`
		}
		if err := attributevalue.UnmarshalMap(it, &row); err != nil {
			t.Fatal(err)
		}
		if row.Shape < 1 {
			t.Errorf("%s of %s says no shape", row.SK, strings.SplitN(row.PK, "#", 2)[0])
		}
	}
}

// oneOfEach is a town with a row of each kind of its last report, whose reference is told, and of a system's request.
func oneOfEach(t *testing.T, secret casework.Secret, draft form.Draft) (*exampletest.Town, casework.Reference, casework.Once) {
	t.Helper()
	town := exampletest.New(t)
	o := casework.NewOnce("local-api", "een-verzoek", nil, monday())
	in := casework.SystemIntake{Intake: town.Intake, Requests: town.Store}
	_, err := in.Submit(t.Context(), monday(), o, draft)
	receipt, err2 := town.Intake.Submit(t.Context(), monday(), secret, draft)
	err3 := town.Work.Take(t.Context(), monday(), receipt.Reference)
	_, err4 := town.Store.BindSubject(t.Context(), "https://issuer.example", "sub", "fenna")
	if err := errors.Join(err, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	return town, receipt.Reference, o
}

// A function that was rolled back meets rows of the release after it.
func TestARowOfALaterReleaseIsRefused(t *testing.T) { // threat:T30
	ctx, secret := t.Context(), casework.NewSecret()
	draft := form.Draft{Path: form.Full, Language: "nl", Answers: exampletest.Answers(form.Answers{"basics": {"food"}})}
	town, ref, o := oneOfEach(t, secret, draft)
	link := secret.LinkToken().ID()
	s, claims := town.Store, 0
	tests := map[string]struct {
		row  dynamo.Key
		read func() error
	}{
		"a case's head":       {dynamo.Key{PK: "CASE#" + string(ref), SK: "CASE"}, func() error { return second(s.Case(ctx, ref)) }},
		"a head in a dossier": {dynamo.Key{PK: "CASE#" + string(ref), SK: "CASE"}, func() error { return second(s.Dossier(ctx, ref)) }},
		"a head in a list":    {dynamo.Key{PK: "CASE#" + string(ref), SK: "CASE"}, func() error { return second(s.Standing(ctx, "ilse", "")) }},
		"an event":            {dynamo.Key{PK: "CASE#" + string(ref), SK: "EVENT#0001"}, func() error { return second(s.Dossier(ctx, ref)) }},
		"a message": {dynamo.Key{PK: "CASE#" + string(ref), SK: "MESSAGE#0001-receipt-resident"}, func() error {
			claims++
			return second(s.Claim(ctx, ref, "0001-receipt-resident", monday().Add(time.Duration(claims)*casework.ClaimLasts)))
		}},
		"a report":            {dynamo.Key{PK: "REPORT#" + string(ref), SK: "REPORT"}, func() error { _, _, err := s.Report(ctx, ref); return err }},
		"a report's receipt":  {dynamo.Key{PK: "REPORT#" + string(ref), SK: "REPORT"}, func() error { return second(s.Receipt(ctx, ref)) }},
		"a report sent again": {dynamo.Key{PK: "REPORT#" + string(ref), SK: "REPORT"}, func() error { return second(town.Intake.Submit(ctx, monday(), secret, draft)) }},
		"a report's content":  {dynamo.Key{PK: "REPORT#" + string(ref), SK: "CONTENT"}, func() error { return second(s.Sent(ctx, ref)) }},
		"a link":              {dynamo.Key{PK: "LINK#" + link, SK: "LINK"}, func() error { return second(s.Link(ctx, link, monday())) }},
		"a request":           {dynamo.Key{PK: "IDEMPOTENCY#local-api#" + o.ID, SK: "IDEMPOTENCY"}, func() error { return second(s.Once(ctx, o.Client, o.ID, monday())) }},
		"a worker":            {dynamo.Key{PK: "WORKERS", SK: "WORKER#fenna"}, func() error { return second(s.People(ctx)) }},
		"the roster":          {dynamo.Key{PK: "WORKERS", SK: "ROSTER"}, func() error { return second(s.People(ctx)) }},
		"an organisation":     {dynamo.Key{PK: "ORGANISATIONS", SK: "ORGANISATION#mantelzorgpunt"}, func() error { return second(s.Organisations(ctx)) }},
		"who a subject is":    {dynamo.Key{PK: "SUBJECT#https://issuer.example#sub", SK: "SUBJECT"}, func() error { return second(s.Subject(ctx, "https://issuer.example", "sub")) }},
		"a key pair":          {dynamo.Key{PK: "KEYS", SK: "KEY#content#0001"}, func() error { return second(s.Keys(ctx)) }},
		"a row that is walked": {dynamo.Key{PK: "CASE#" + string(ref), SK: "LOOK"}, func() error {
			return s.Walk(ctx, func(_ dynamo.Row, err error) error { return err })
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tt.read(); err != nil {
				t.Fatalf("before: %v", err)
			}
			kind, _, _ := strings.Cut(tt.row.SK, "#")
			newest := dynamo.NewestShape(kind)
			reshape(ctx, t, s, tt.row, newest+1)
			want := fmt.Sprintf("%s has shape %d, this release reads %d at most", kind, newest+1, newest)
			if err := tt.read(); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
			reshape(ctx, t, s, tt.row, newest)
		})
	}
}

func second[T any](_ T, err error) error { return err }

// reshape says of a row that it was written in another shape.
func reshape(ctx context.Context, t *testing.T, s *dynamo.Store, k dynamo.Key, shape int) {
	t.Helper()
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Cases, ConditionExpression: aws.String("attribute_exists(PK)"), UpdateExpression: aws.String("SET shape = :shape"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK},
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{":shape": &types.AttributeValueMemberN{Value: fmt.Sprint(shape)}},
	})
	if err != nil {
		t.Fatal(err)
	}
}
