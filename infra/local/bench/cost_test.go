package main

import (
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack/template"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

func TestEveryPriceSaysWhatItIsForAndWhereItStands(t *testing.T) {
	l, err := readPrices()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := time.Parse(time.DateOnly, l.NotedOn); err != nil || l.Region == "" || l.Note == "" || l.USDPerEUR <= 0 {
		t.Errorf("the list is of %q in %q at %v dollars a euro: %v", l.NotedOn, l.Region, l.USDPerEUR, err)
	}
	for name, p := range l.Prices {
		if p.What == "" || p.USD <= 0 || p.Per <= 0 || p.Free < 0 || !strings.HasPrefix(p.Page, "https://aws.amazon.com/") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestABillIsAddedUpByTheList(t *testing.T) {
	l := priceList{Prices: map[string]price{
		"mails": {What: "mails", USD: 0.10, Per: 1000}, "keys": {What: "keys", USD: 1, Per: 1, Free: 2},
	}}
	tests := map[string]struct {
		bill bill
		want float64
	}{
		"nothing":                   {bill{}, 0},
		"per thousand":              {bill{"mails": 2500}, 0.25},
		"of two kinds":              {bill{"mails": 1000, "keys": 3}, 3.10},
		"ten times the same":        {bill{"mails": 100}.times(10), 0.10},
		"two bills in one":          {bill{"mails": 500, "keys": 1}.and(bill{"mails": 500}), 1.10},
		"without what is free":      {l.free(bill{"mails": 1000, "keys": 3}), 1.10},
		"less than what is free":    {l.free(bill{"keys": 1}), 0},
		"none of what there is two": {l.free(bill{"keys": 2, "mails": 10}), 0.001},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got, err := l.usd(tt.bill); err != nil || math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("got %v %v, want %v", got, err, tt.want)
			}
		})
	}
	if _, err := l.usd(bill{"horses": 1}); err == nil {
		t.Error("what has no price costs nothing")
	}
}

func TestTheDearestPartStandsFirstAndCrumbsAreLeftOut(t *testing.T) {
	l := priceList{Prices: map[string]price{
		"a": {What: "a", USD: 1, Per: 1}, "b": {What: "b", USD: 1, Per: 1}, "c": {What: "c", USD: 1, Per: 1},
	}}
	all, err := l.figures("a day", "a day in all", bill{"a": 10, "b": 90, "c": 0.5})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range all {
		names = append(names, f.name)
	}
	if want := []string{"a day in all", "a day: b", "a day: a"}; !slices.Equal(names, want) || all[0].value != 100.5 {
		t.Errorf("figures %v, want %v and 100.5 in all", all, want)
	}
}

func TestWhatStandsInTheStacksIsCounted(t *testing.T) {
	key := template.Resource{Type: "AWS::KMS::Key"}
	got := standingIn(template.Stage{
		Data: template.Template{Resources: map[string]template.Resource{
			"Table": {Type: "AWS::DynamoDB::Table", Properties: map[string]any{"Rules": "none"}}, "One": key, "Two": key,
		}},
		App: template.Template{Resources: map[string]template.Resource{
			"Acl":   {Type: "AWS::WAFv2::WebACL", Properties: map[string]any{"Rules": []any{map[string]any{"Name": "flood"}}}},
			"Board": {Type: "AWS::CloudWatch::Dashboard"},
			"Swept": {Type: "AWS::Logs::MetricFilter", Properties: map[string]any{"MetricTransformations": []any{1, 2}}},
			"Plain": {Type: "AWS::CloudWatch::Alarm", Properties: map[string]any{"MetricName": "Errors"}},
			"Ratio": {Type: "AWS::CloudWatch::Alarm", Properties: map[string]any{"Metrics": []any{
				map[string]any{"Expression": "a/b"}, map[string]any{"MetricStat": true}, map[string]any{"MetricStat": true},
			}}},
		}},
	})
	want := bill{
		"keys": 2, "web_acls": 1, "web_acl_rules": 1, "dashboards": 1, "custom_metrics": 2, "alarm_metrics": 3, "hosted_zones": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counted (-want +got) %s", diff)
	}
}

func TestAReportsBillGoesUpToItsAcceptance(t *testing.T) {
	w := openWay(t)
	ref, first, err := w.report(t.Context(), form.Full, filledIn(1))
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Store.Case(t.Context(), ref)
	if err != nil || c.State != casework.Accepted {
		t.Errorf("the case is %s, want accepted; %v", c.State, err)
	}
	if first["mails"] != 2 || first["requests"] < 60 || first["store_writes"] < 60 || first["gb_seconds"] <= 0 {
		t.Errorf("a report takes %v: two mails, a page and an answer for each question, and more", first)
	}
	prices, err := readPrices()
	if err != nil {
		t.Fatal(err)
	}
	if usd, err := prices.usd(first); err != nil || usd <= 0 {
		t.Errorf("it costs %v; %v", usd, err)
	}
	_, short, err := w.report(t.Context(), form.CallMe, filledIn(2))
	if err != nil {
		t.Fatal(err)
	}
	if short["requests"] >= first["requests"] {
		t.Errorf("the short path takes %v requests, the whole form %v", short["requests"], first["requests"])
	}
}

func TestFillingTheTableCopiesTheWholeCase(t *testing.T) {
	w := openWay(t)
	ref, _, err := w.report(t.Context(), form.CallMe, filledIn(1))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := w.rowsOf(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	row := rows[slices.IndexFunc(rows, func(r map[string]types.AttributeValue) bool { return stringOf(r["SK"]) == "CASE" })]
	other := copied(row, ref, "K7M-4RT-9XT", 107)
	if stringOf(other["PK"]) != "CASE#K7M-4RT-9XT" || stringOf(other["lead"]) != "elders-7" {
		t.Errorf("copied to %s with lead %s", stringOf(other["PK"]), stringOf(other["lead"]))
	}
	delete(other, "PK")
	delete(other, "lead")
	for name, value := range other {
		if stringOf(value) != stringOf(row[name]) {
			t.Errorf("%s changed", name)
		}
	}
	if err := w.fill(t.Context(), ref, 30); err != nil {
		t.Fatal(err)
	}
	if got, want := w.count(t), 31*len(rows); got != want {
		t.Errorf("%d rows of cases and reports, want %d", got, want)
	}
}

// openWay opens a town with a desk for one test.
func openWay(t *testing.T) way {
	t.Helper()
	calls := &tally{next: http.DefaultTransport}
	town, err := openTown(t.Context(), func(c *aws.Config) {
		calls.plain = store(c.Copy())
		c.HTTPClient = &http.Client{Transport: calls}
	})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := town.openOffice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := desk.closer(); err != nil {
			t.Error(err)
		}
		if err := town.close(); err != nil {
			t.Error(err)
		}
	})
	return way{town: town, calls: calls, desk: desk}
}

// stringOf is a text attribute's value, "" for any other.
func stringOf(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// count is how many rows of cases and reports the table holds.
func (w way) count(t *testing.T) int {
	t.Helper()
	n := 0
	pages := dynamodb.NewScanPaginator(w.Store.Client, &dynamodb.ScanInput{TableName: aws.String(caseTable)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			if pk := stringOf(it["PK"]); strings.HasPrefix(pk, "CASE#") || strings.HasPrefix(pk, "REPORT#") {
				n++
			}
		}
	}
	return n
}

// What a new kind of thing costs by the month is a question to answer before it stands in a hundred accounts.
func TestEveryKindOfThingInTheStacksIsPricedOrFree(t *testing.T) {
	stage, err := template.Read("../../../"+templates, townID)
	if err != nil {
		t.Fatal(err)
	}
	free := map[string]bool{ // for itself: what it does, keeps or sends is in the bills
		"AWS::ApiGateway": true, "AWS::Backup": true, "AWS::Budgets": true, "AWS::CertificateManager": true,
		"AWS::CloudTrail": true, // the first trail's management events
		"AWS::Cognito":    true, // up to 10,000 workers a month
		"AWS::DynamoDB":   true, "AWS::Events": true, "AWS::IAM": true, "AWS::Lambda": true, "AWS::Logs::LogGroup": true,
		"AWS::Logs::ResourcePolicy": true, "AWS::KMS::Alias": true, "AWS::Route53::RecordSet": true, "AWS::S3": true, // the trail's few MB
		"AWS::SES": true, "AWS::SNS": true, "AWS::SQS": true, "AWS::WAFv2::WebACLAssociation": true,
	}
	for _, stack := range []template.Template{stage.Data, stage.App} {
		for id, r := range stack.Resources {
			service := r.Type[:max(0, strings.LastIndex(r.Type, "::"))]
			if len(standing(r)) == 0 && !free[r.Type] && !free[service] {
				t.Errorf("%s is a %s: give it a price in standing, or say here that it is free", id, r.Type)
			}
		}
	}
}

func TestTheBillsCountTheMemoryThatTheStackGives(t *testing.T) {
	stage, err := template.Read("../../../"+templates, townID)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"frontdoor", "desk", "api", "dispatch"} {
		f, err := stage.Function(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := f.Properties["MemorySize"].(float64); got != memoryMB {
			t.Errorf("%s has %v MB, and the bills count %d", name, got, memoryMB)
		}
	}
}
