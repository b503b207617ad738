package dynamo_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// smokeTest submits a report and has dispatch take it; what it is called decides whether it is a smoke test.
func smokeTest(t *testing.T, town *exampletest.Town, callName string) casework.Reference {
	t.Helper()
	receipt, err := town.Intake.Submit(t.Context(), monday(), casework.NewSecret(), form.Draft{
		Path: form.CallMe, Language: "nl",
		Answers: form.Answers{"call_name": {callName}, "contact_way": {"come_by"}, "postcode": {"9990 AA"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := town.Work.Take(t.Context(), monday(), receipt.Reference); err != nil {
		t.Fatal(err)
	}
	return receipt.Reference
}

// rows returns the rows of a report and its case by their kind, the link's too.
func rows(t *testing.T, town *exampletest.Town, ref casework.Reference) map[string]map[string]types.AttributeValue {
	t.Helper()
	out, err := town.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &town.Store.Cases})
	if err != nil {
		t.Fatal(err)
	}
	text := func(v types.AttributeValue) string {
		s, _ := v.(*types.AttributeValueMemberS)
		if s == nil {
			return ""
		}
		return s.Value
	}
	found := map[string]map[string]types.AttributeValue{}
	for _, it := range out.Items {
		pk, sk, of := text(it["PK"]), text(it["SK"]), text(it["case"])
		if strings.Contains(pk+sk+of, string(ref)) {
			kind, _, _ := strings.Cut(sk, "#")
			found[kind] = it
		}
	}
	return found
}

func kinds(rows map[string]map[string]types.AttributeValue) []string {
	var all []string
	for kind := range rows {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}

// T15: nobody may delete, so that a smoke test has to go by itself: every row of it, also after its mail was sent and
// delivered. No row of a report does.
//
// feature:P3
func TestEveryRowOfASmokeTestGoesByItself(t *testing.T) { // threat:T15
	town := exampletest.New(t)
	name, err := town.Work.SmokeTestName(t.Context(), monday())
	if err != nil {
		t.Fatal(err)
	}
	test, real := smokeTest(t, town, name), smokeTest(t, town, "Mevrouw Voorbeeld")
	d, err := town.Store.Dossier(t.Context(), test)
	if err != nil {
		t.Fatal(err)
	}
	m, err := town.Store.Claim(t.Context(), test, d.Messages[0].ID, monday())
	if err != nil {
		t.Fatal(err)
	}
	m.Status, m.Sent, m.Provider = casework.Sent, monday(), "provider-1"
	if err := town.Store.Settle(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if _, _, err := town.Store.Feedback(t.Context(), test, func(string) bool { return true }, casework.Delivered, monday()); err != nil {
		t.Fatal(err)
	}
	of := rows(t, town, test)
	if got, want := kinds(of), []string{"CASE", "CONTENT", "EVENT", "LINK", "MESSAGE", "REPORT"}; !slices.Equal(got, want) {
		t.Errorf("it has rows %v, want %v", got, want)
	}
	want := strconv.FormatInt(monday().Add(24*time.Hour).Unix(), 10)
	for kind, row := range of {
		if ttl, _ := row[dynamo.TTL].(*types.AttributeValueMemberN); ttl == nil || ttl.Value != want {
			t.Errorf("%s goes at %v, want %s", kind, row[dynamo.TTL], want)
		}
	}
	for kind, row := range rows(t, town, real) {
		if row[dynamo.TTL] != nil {
			t.Errorf("%s of a report goes by itself", kind)
		}
	}
}

func TestTheLatestSmokeTestIsKept(t *testing.T) {
	town := exampletest.New(t)
	if _, err := town.Store.SmokeTest(t.Context()); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("before the first: %v", err)
	}
	first := casework.SmokeTest{Reference: "K7M-4RT-9XT", Started: monday()}
	second := casework.SmokeTest{Reference: "K7M-4RT-9XC", Started: monday().Add(15 * time.Minute)}
	for _, s := range []casework.SmokeTest{first, second, first} { // an event may come late
		if err := town.Store.KeepSmokeTest(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := town.Store.SmokeTest(t.Context()); err != nil || got.Reference != second.Reference || !got.Started.Equal(second.Started) {
		t.Errorf("latest is %+v, %v", got, err)
	}
}
