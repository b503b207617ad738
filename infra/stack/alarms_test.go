package stack_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack/template"
	"voordeur/internal/dynamo"
)

// ringing lists what mails the people on call, by the name of its runbook: alarms, and the budget.
func ringing(t *testing.T, municipality string) []string {
	t.Helper()
	s := stage(t, municipality)
	var all []string
	for id, r := range ofType(s.App, "AWS::CloudWatch::Alarm") {
		for _, how := range []string{"AlarmActions", "OKActions"} {
			if to := list(r.Properties[how]); len(to) != 1 || !strings.HasPrefix(resolve(t, s, to[0]), "<Alarms") {
				t.Errorf("%s of %s go to %v", how, id, to)
			}
		}
		all = append(all, strings.TrimPrefix(r.Properties["AlarmName"].(string), municipality+"-"))
	}
	for _, r := range ofType(s.App, "AWS::Budgets::Budget") {
		all = append(all, strings.TrimPrefix(in(r.Properties["Budget"], "BudgetName").(string), municipality+"-"))
	}
	slices.Sort(all)
	return all
}

func TestEveryAlarmHasItsRunbookAndEveryRunbookItsAlarm(t *testing.T) {
	files, err := filepath.Glob(root + "/.github/guides/operator/alarms/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var runbooks []string
	for _, file := range files {
		runbooks = append(runbooks, strings.TrimSuffix(filepath.Base(file), ".md"))
	}
	slices.Sort(runbooks)
	for _, municipality := range []string{"waterstad", "duinrand"} {
		if diff := cmp.Diff(runbooks, ringing(t, municipality)); diff != "" {
			t.Errorf("%s (-runbooks +alarms):\n%s", municipality, diff)
		}
	}
	for _, r := range ofType(stage(t, "waterstad").App, "AWS::CloudWatch::Alarm") {
		id := strings.TrimPrefix(r.Properties["AlarmName"].(string), "waterstad-")
		if says, _ := r.Properties["AlarmDescription"].(string); !strings.HasSuffix(says, " Runbook: "+id+".md") {
			t.Errorf("%s does not name its runbook: %q", id, says)
		}
	}
}

// A job that stops says nothing, and that must ring (T33, I8).
func TestSilenceRingsWhereProgressIsWatched(t *testing.T) { // threat:T33
	want := []string{"backup-failed", "digest-missing", "loads-uncounted", "smoke-test-stopped", "sweep-stopped"}
	var got []string
	for _, r := range ofType(stage(t, "waterstad").App, "AWS::CloudWatch::Alarm") {
		id := strings.TrimPrefix(r.Properties["AlarmName"].(string), "waterstad-")
		switch missing := r.Properties["TreatMissingData"]; missing {
		case "breaching":
			got = append(got, id)
			if r.Properties["ComparisonOperator"] != "LessThanThreshold" || r.Properties["Threshold"] != 1.0 {
				t.Errorf("%s rings at %v %v", id, r.Properties["ComparisonOperator"], r.Properties["Threshold"])
			}
			if watched := list(r.Properties["Metrics"]); len(watched) != 2 || in(watched[0], "Expression") != "FILL(done, 0)" {
				t.Errorf("%s takes a period without data for none at all, and rings later than its runbook says: %v", id, watched)
			}
		case "notBreaching":
		default:
			t.Errorf("%s treats missing data as %v", id, missing)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("silence rings (-want +got):\n%s", diff)
	}
}

// CloudWatch counts what an index turns away apart from its table, and whoever writes hears it from the table (T27).
func TestAnIndexThatIsFullRingsToo(t *testing.T) { // threat:T27
	s := stage(t, "waterstad")
	want := map[string]bool{
		"<CaseTable> ReadThrottleEvents": true, "<CaseTable> WriteThrottleEvents": true,
		"<ShortTable> ReadThrottleEvents": true, "<ShortTable> WriteThrottleEvents": true,
	}
	for _, index := range dynamo.Indexes() {
		want["<CaseTable> "+index.Name+" WriteThrottleEvents"] = true
	}
	got := map[string]bool{}
	for _, r := range ofType(s.App, "AWS::CloudWatch::Alarm") {
		if r.Properties["AlarmName"] != "waterstad-tables-throttled" {
			continue
		}
		for _, m := range list(r.Properties["Metrics"]) {
			watched := in(m, "MetricStat", "Metric")
			if watched == nil {
				continue // the sum
			}
			of := map[string]string{}
			for _, d := range list(in(watched, "Dimensions")) {
				of[in(d, "Name").(string)] = resolve(t, s, in(d, "Value"))
			}
			got[strings.Join(strings.Fields(of["TableName"]+" "+of["GlobalSecondaryIndexName"]+" "+in(watched, "MetricName").(string)), " ")] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("watched (-want +got):\n%s", diff)
	}
}

// Whoever sends to the topic or to the dead letters has to use their key. AWS names an account to the key for CloudWatch
// and for budgets; for EventBridge it does not, and a condition on it would lose the event without a word.
func TestWhatRingsMayUseTheKeyOfTheTopic(t *testing.T) {
	s := stage(t, "waterstad")
	const account = "StringEquals aws:SourceAccount 111122223333"
	want := map[string][]string{
		"cloudwatch.amazonaws.com": {account}, "budgets.amazonaws.com": {account},
		"events.amazonaws.com": {
			"StringEquals kms:EncryptionContext:aws:sns:topicArn arn:aws:sns:eu-central-1:111122223333:waterstad-alarms",
			"StringEquals kms:EncryptionContext:aws:sqs:arn arn:aws:sqs:eu-central-1:111122223333:waterstad-dead-letters",
		},
	}
	got := map[string][]string{}
	for _, statement := range list(in(s.App.Resources["OperationsKey"].Properties["KeyPolicy"], "Statement")) {
		if who, _ := in(statement, "Principal", "Service").(string); want[who] != nil {
			got[who] = append(got[who], bounds(in(statement, "Condition")))
			if diff := cmp.Diff([]any{"kms:Decrypt", "kms:GenerateDataKey"}, list(in(statement, "Action"))); diff != "" {
				t.Errorf("%s may (-want +got):\n%s", who, diff)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("who may use the key, and when (-want +got):\n%s", diff)
	}
	for kind, named := range map[string][2]string{"AWS::SNS::Topic": {"TopicName", "waterstad-alarms"}, "AWS::SQS::Queue": {"QueueName", "waterstad-dead-letters"}} {
		for id, r := range ofType(s.App, kind) {
			if r.Properties[named[0]] != named[1] {
				t.Errorf("the key counts on %s, and %s is called %v", named[1], id, r.Properties[named[0]])
			}
		}
	}
}

// The metrics of our own are made of log lines whose words stand in the code. An alarm on a metric that nobody makes
// never rings, and a filter that no alarm looks at is paid for nothing.
func TestOurOwnMetricsAreMadeAndLookedAt(t *testing.T) {
	s := stage(t, "waterstad")
	made, looked := map[string]bool{}, map[string]bool{}
	for _, r := range ofType(s.App, "AWS::Logs::MetricFilter") {
		for _, to := range list(r.Properties["MetricTransformations"]) {
			if in(to, "MetricNamespace") != "Voordeur/waterstad" {
				t.Errorf("metric %v", to)
			}
			made[in(to, "MetricName").(string)] = true
		}
	}
	look := func(metric any) {
		if in(metric, "Namespace") == "Voordeur/waterstad" {
			looked[in(metric, "MetricName").(string)] = true
		}
	}
	for _, r := range ofType(s.App, "AWS::CloudWatch::Alarm") {
		look(r.Properties)
		for _, m := range list(r.Properties["Metrics"]) {
			look(in(m, "MetricStat", "Metric"))
		}
	}
	if diff := cmp.Diff(made, looked); diff != "" {
		t.Errorf("metrics (-made +looked at):\n%s", diff)
	}
}

func TestTheFiltersReadTheWordsThatTheCodeWrites(t *testing.T) {
	code := source(t, "functions/dispatch", "internal/web")
	for _, r := range ofType(stage(t, "waterstad").App, "AWS::Logs::MetricFilter") {
		pattern := r.Properties["FilterPattern"].(string)
		_, words, found := strings.Cut(pattern, `$.message = "`)
		words, _, _ = strings.Cut(words, `"`)
		if found && !strings.Contains(code, `"`+words+`"`) {
			t.Errorf("nothing logs %q", words)
		}
		for _, to := range list(r.Properties["MetricTransformations"]) {
			if field, ok := strings.CutPrefix(in(to, "MetricValue").(string), "$."); ok && !strings.Contains(code, `"`+field+`"`) {
				t.Errorf("nothing logs the attribute %s", field)
			}
		}
	}
}

// The envelopes' key rings for anybody but desk and dispatch: another role, or no role at all. What it cannot see stands
// here as well, since the runbook says so.
func TestAnyOtherUseOfTheEnvelopeKeyRings(t *testing.T) { // threat:T16
	s := stage(t, "waterstad")
	rule := s.App.Resources["ruleenvelopekeys"].Properties
	if rule["State"] != "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" {
		t.Errorf("state %v: Decrypt is an event that only reads", rule["State"])
	}
	const key, own = "arn:aws:kms:eu-central-1:111122223333:key/envelopes", "arn:aws:iam::111122223333:role/waterstad-"
	call := func(source, name, on, role string) map[string]any {
		who := map[string]any{"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"}
		if role != "" {
			who = map[string]any{"type": "AssumedRole", "sessionContext": map[string]any{"sessionIssuer": map[string]any{"type": "Role", "arn": role}}}
		}
		return map[string]any{"source": source, "detail-type": "AWS API Call via CloudTrail", "detail": map[string]any{
			"eventName": name, "userIdentity": who, "resources": []any{map[string]any{"type": "AWS::KMS::Key", "ARN": on}},
		}}
	}
	for name, tt := range map[string]struct {
		event map[string]any
		rings bool
	}{
		"desk opens pairs":                           {call("aws.kms", "Decrypt", key, own+"desk"), false},
		"dispatch opens pairs":                       {call("aws.kms", "Decrypt", key, own+"dispatch"), false},
		"the front door opens a pair":                {call("aws.kms", "Decrypt", key, own+"frontdoor"), true},
		"an administrator's role opens a pair":       {call("aws.kms", "Decrypt", key, "arn:aws:iam::111122223333:role/admin"), true},
		"somebody without a role opens a pair":       {call("aws.kms", "Decrypt", key, ""), true},
		"another account's role of that name":        {call("aws.kms", "Decrypt", key, "arn:aws:iam::444455556666:role/waterstad-desk"), true},
		"somebody makes a pair":                      {call("aws.kms", "Encrypt", key, "arn:aws:iam::111122223333:role/operator"), true},
		"a deployment changes the policy":            {call("aws.kms", "PutKeyPolicy", key, "arn:aws:iam::111122223333:role/cdk"), true},
		"somebody wants the key deleted":             {call("aws.kms", "ScheduleKeyDeletion", key, ""), true},
		"somebody looks at the key":                  {call("aws.kms", "DescribeKey", key, ""), false},
		"somebody opens something with another key":  {call("aws.kms", "Decrypt", key+"-of-others", ""), false},
		"not seen: who took on the role of desk":     {call("aws.kms", "Decrypt", key, own+"desk"), false},
		"not seen: other code for desk":              {call("aws.lambda", "UpdateFunctionCode20150331v2", "", ""), false},
		"not seen: the trail is stopped":             {call("aws.cloudtrail", "StopLogging", "", ""), false},
		"not seen: a refused call that names no key": {call("aws.kms", "Decrypt", "", ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := caught(t, s, rule["EventPattern"], tt.event, key); got != tt.rings {
				t.Errorf("rings: %t, want %t", got, tt.rings)
			}
		})
	}
	if trail := s.Data.Resources["Trail"].Properties; trail["IsLogging"] != true {
		t.Error("nothing tells EventBridge of it: the trail is off")
	}
}

// caught says whether EventBridge takes an event for a pattern, in which key stands for the envelopes' key. Of its language
// it knows what our patterns say.
func caught(t *testing.T, s template.Stage, pattern, event any, key string) bool {
	t.Helper()
	switch p := pattern.(type) {
	case map[string]any:
		for name, inner := range p {
			if name == "$or" {
				if !slices.ContainsFunc(list(inner), func(one any) bool { return caught(t, s, one, event, key) }) {
					return false
				}
				continue
			}
			of := []any{event}
			if several, ok := event.([]any); ok {
				of = several
			}
			if !slices.ContainsFunc(of, func(one any) bool { return caught(t, s, inner, in(one, name), key) }) {
				return false
			}
		}
		return true
	case []any:
		return slices.ContainsFunc(p, func(one any) bool {
			if but := in(one, "anything-but"); but != nil {
				return event != nil && !slices.Contains(list(but), event)
			}
			if exists := in(one, "exists"); exists != nil {
				return exists == (event != nil)
			}
			if text, plain := one.(string); plain {
				return event == text
			}
			if to := resolve(t, s, one); to != "<EnvelopeKey.Arn>" {
				t.Fatalf("a pattern on %s", to)
			}
			return event == key
		})
	}
	t.Fatalf("a pattern that nobody knows: %v", pattern)
	return false
}

// The runbook says which calls ring: these and no others.
func TestTheRunbookNamesEveryCallThatRings(t *testing.T) { // threat:T16
	text, err := os.ReadFile(root + "/.github/guides/operator/alarms/envelope-keys-used-elsewhere.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rings, _ := strings.Cut(string(text), "**Rings**")
	rings, _, _ = strings.Cut(rings, "\n\n")
	var named []string
	for _, found := range regexp.MustCompile("`([A-Za-z]+)`").FindAllStringSubmatch(rings, -1) {
		named = append(named, found[1])
	}
	var want []string
	for _, call := range list(in(stage(t, "waterstad").App.Resources["ruleenvelopekeys"].Properties["EventPattern"], "detail", "eventName")) {
		want = append(want, call.(string))
	}
	slices.Sort(named)
	slices.Sort(want)
	if diff := cmp.Diff(want, named); diff != "" {
		t.Errorf("calls (-of the rule +of the runbook):\n%s", diff)
	}
}

// Twenty requests an hour with one error page are one person's trouble; a hundred with two are the objective's.
func TestTheBudgetOfErrorPagesBurnsAtTwoSpeeds(t *testing.T) {
	alarms := ofType(stage(t, "waterstad").App, "AWS::CloudWatch::Alarm")
	for id, want := range map[string]struct{ share, seconds float64 }{"slo-fast-burn": {0.0144, 3600}, "slo-slow-burn": {0.006, 21600}} {
		for _, r := range alarms {
			if r.Properties["AlarmName"] != "waterstad-"+id {
				continue
			}
			if share := r.Properties["Threshold"].(float64); share < want.share-1e-9 || share > want.share+1e-9 {
				t.Errorf("%s rings at %v, want %v", id, share, want.share)
			}
			for _, m := range list(r.Properties["Metrics"]) {
				if period := in(m, "MetricStat", "Period"); period != nil && period != want.seconds {
					t.Errorf("%s looks at %v s, want %v", id, period, want.seconds)
				}
			}
		}
	}
}

func TestTheBudgetIsInDollarsAndNeverWarnsLate(t *testing.T) {
	budget := stage(t, "waterstad").App.Resources["Budget"].Properties
	want := map[string]any{"Amount": 40.0, "Unit": "USD"}
	if diff := cmp.Diff(want, in(budget["Budget"], "BudgetLimit")); diff != "" {
		t.Errorf("limit (-want +got):\n%s", diff)
	}
	var kinds []string
	for _, n := range list(budget["NotificationsWithSubscribers"]) {
		kinds = append(kinds, in(n, "Notification", "NotificationType").(string))
	}
	if want := []string{"ACTUAL", "FORECASTED"}; !slices.Equal(kinds, want) {
		t.Errorf("warns of %v, want %v", kinds, want)
	}
}
