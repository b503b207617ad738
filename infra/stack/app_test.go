package stack_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack/template"
)

func TestTheFunctionsRunAsTheyAreBuilt(t *testing.T) {
	s := stage(t, "waterstad")
	roles := map[string]bool{}
	for _, name := range functions() {
		f, err := s.Function(name)
		if err != nil {
			t.Fatal(err)
		}
		p := f.Properties
		if !slices.Equal(list(p["Architectures"]), []any{"arm64"}) || p["Runtime"] != "provided.al2023" || p["MemorySize"] != 512.0 {
			t.Errorf("%s runs on %v, %v with %v MB", name, p["Architectures"], p["Runtime"], p["MemorySize"])
		}
		if in(p["LoggingConfig"], "LogFormat") != "JSON" {
			t.Errorf("%s logs %v: alarms are made of JSON", name, p["LoggingConfig"])
		}
		if seconds := p["Timeout"].(float64); name != "dispatch" && seconds > 29 {
			t.Errorf("%s may take %v s; API Gateway waits 29", name, seconds)
		}
		own := resolve(t, s, p["Role"])
		if roles[own] {
			t.Errorf("%s shares the role %s", name, own)
		}
		roles[own] = true
	}
	dispatch, _ := s.Function("dispatch")
	if room, _ := dispatch.Properties["ReservedConcurrentExecutions"].(float64); room < 1 {
		t.Error("a flood at the door leaves dispatch no room") // threat:T31
	}
}

// T37: what a function is told is written out in the template, so none of it is secret.
func TestAFunctionsEnvironmentHoldsNamesAndNoSecret(t *testing.T) { // threat:T37
	want := map[string]map[string]string{
		"frontdoor": {"MUNICIPALITY": "waterstad", "CASES_TABLE": "<CaseTable>", "SHORT_TABLE": "<ShortTable>"},
		"desk": {
			"MUNICIPALITY": "waterstad", "CASES_TABLE": "<CaseTable>", "SHORT_TABLE": "<ShortTable>", "KMS_KEY": "<EnvelopeKey.Arn>",
			"DESK_URL": "https://bureau.waterstad.example", "OIDC_ISSUER": "<UserPool.ProviderURL>", "OIDC_CLIENT_ID": "<DeskClient>",
		},
		"api": {"MUNICIPALITY": "waterstad", "CASES_TABLE": "<CaseTable>", "OIDC_ISSUER": "<UserPool.ProviderURL>", "API_CLIENTS": "<ApiClientzaaksysteem>"},
		"dispatch": {
			"MUNICIPALITY": "waterstad", "CASES_TABLE": "<CaseTable>", "KMS_KEY": "<EnvelopeKey.Arn>", "PUBLIC_URL": "https://hulp.waterstad.example",
			"DESK_URL": "https://bureau.waterstad.example", "SES_CONFIGURATION_SET": "<ConfigurationSet>", "DIGEST_BUCKET": "<DigestBucket>",
		},
	}
	values := map[string]string{}
	for _, id := range []string{"CaseTable", "ShortTable", "EnvelopeKey.Arn", "UserPool.ProviderURL", "DeskClient", "ApiClientzaaksysteem", "ConfigurationSet", "DigestBucket"} {
		values[id] = "<" + id + ">"
	}
	for _, name := range functions() {
		got, err := stage(t, "waterstad").Environment(name, values)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("environment of %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestEveryLogIsSealedAndForgets(t *testing.T) { // threat:T17
	s := stage(t, "waterstad")
	var names []string
	for id, r := range ofType(s.App, "AWS::Logs::LogGroup") {
		if got := resolve(t, s, r.Properties["KmsKeyId"]); got != "<OperationsKey.Arn>" || r.Properties["RetentionInDays"] != 90.0 {
			t.Errorf("%s is sealed with %s and kept %v days", id, got, r.Properties["RetentionInDays"])
		}
		names = append(names, r.Properties["LogGroupName"].(string))
	}
	slices.Sort(names)
	want := []string{
		"/voordeur/waterstad/api", "/voordeur/waterstad/desk", "/voordeur/waterstad/desk-access", "/voordeur/waterstad/dispatch",
		"/voordeur/waterstad/frontdoor", "/voordeur/waterstad/public-access",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("logs (-want +got):\n%s", diff)
	}
	for _, statement := range list(in(s.App.Resources["OperationsKey"].Properties["KeyPolicy"], "Statement")) {
		for _, group := range list(in(statement, "Condition", "ArnEquals", "kms:EncryptionContext:aws:logs:arn")) {
			want = slices.DeleteFunc(want, func(name string) bool { return strings.HasSuffix(group.(string), "log-group:"+name) })
		}
	}
	if len(want) > 0 {
		t.Errorf("the key does not let these logs be written: %v", want)
	}
}

func TestEachHostHasAnAPIOfItsOwnBehindTheWebACL(t *testing.T) {
	s := stage(t, "waterstad")
	for id, r := range ofType(s.App, "AWS::ApiGateway::RestApi") {
		p := r.Properties
		if !slices.Equal(list(p["BinaryMediaTypes"]), []any{"*/*"}) || p["DisableExecuteApiEndpoint"] != true ||
			!slices.Equal(list(in(p["EndpointConfiguration"], "Types")), []any{"REGIONAL"}) {
			t.Errorf("%s: %v", id, p)
		}
	}
	var hosts []string
	for _, r := range ofType(s.App, "AWS::ApiGateway::DomainName") {
		if r.Properties["SecurityPolicy"] != "TLS_1_2" {
			t.Errorf("%v takes %v", r.Properties["DomainName"], r.Properties["SecurityPolicy"])
		}
		hosts = append(hosts, r.Properties["DomainName"].(string))
	}
	slices.Sort(hosts)
	if want := []string{"bureau.waterstad.example", "hulp.waterstad.example"}; !slices.Equal(hosts, want) {
		t.Errorf("hosts %v, want %v", hosts, want)
	}
	if stages, guarded := ofType(s.App, "AWS::ApiGateway::Stage"), ofType(s.App, "AWS::WAFv2::WebACLAssociation"); len(stages) != 2 || len(guarded) != 2 {
		t.Errorf("%d stages, %d of them behind the web ACL", len(stages), len(guarded))
	}
	acl := s.App.Resources["WebAcl"].Properties
	rules := list(acl["Rules"])
	if len(rules) != 1 || in(rules[0], "Statement", "RateBasedStatement", "AggregateKeyType") != "IP" || in(rules[0], "Statement", "RateBasedStatement", "Limit").(float64) < 2000 {
		t.Errorf("rules %v, want one with a high rate", rules) // threat:T32
	}
	if in(rules[0], "VisibilityConfig", "SampledRequestsEnabled") != false || in(acl["VisibilityConfig"], "SampledRequestsEnabled") != false {
		t.Error("requests are kept as samples")
	}
}

// routes lists which function answers which path of an API.
func routes(t *testing.T, s template.Stage, api string) map[string]string {
	t.Helper()
	path := func(id string) string {
		at := ""
		for part, ok := s.App.Resources[id]; ok && part.Type == "AWS::ApiGateway::Resource"; part, ok = s.App.Resources[id] {
			at = "/" + part.Properties["PathPart"].(string) + at
			parent, _ := in(part.Properties["ParentId"], "Ref").(string)
			id = parent
		}
		return at
	}
	all := map[string]string{}
	for _, r := range ofType(s.App, "AWS::ApiGateway::Method") {
		if resolve(t, s, r.Properties["RestApiId"]) != "<"+api+">" {
			continue
		}
		to := resolve(t, s, in(r.Properties["Integration"], "Uri"))
		resource, _ := in(r.Properties["ResourceId"], "Ref").(string)
		for _, f := range functions() {
			if strings.Contains(to, "<function"+f) && r.Properties["HttpMethod"] == "ANY" && in(r.Properties["Integration"], "Type") == "AWS_PROXY" {
				all[path(resource)] = f
			}
		}
	}
	return all
}

func TestEveryPathGoesToTheFunctionThatAnswersIt(t *testing.T) {
	s := stage(t, "waterstad")
	for api, want := range map[string]map[string]string{
		"apipublic35962154": {"": "frontdoor", "/{proxy+}": "frontdoor"},
		"apidesk18B61692":   {"/desk": "desk", "/desk/{proxy+}": "desk", "/api": "api", "/api/{proxy+}": "api"},
	} {
		if diff := cmp.Diff(want, routes(t, s, api)); diff != "" {
			t.Errorf("routes of %s (-want +got):\n%s", api, diff)
		}
	}
	elsewhere := s.App.Resources["apideskelsewhere04631186"].Properties
	if to := in(elsewhere["ResponseParameters"], "gatewayresponse.header.Location"); to != "'/desk/'" || elsewhere["StatusCode"] != "302" {
		t.Errorf("who types the host alone is sent to %v with %v", to, elsewhere["StatusCode"])
	}
}

func TestAnAccessLogHoldsNoPathQueryOrAddress(t *testing.T) { // threat:T17 threat:T21
	for id, r := range ofType(stage(t, "waterstad").App, "AWS::ApiGateway::Stage") {
		var line map[string]any
		format := in(r.Properties["AccessLogSetting"], "Format").(string)
		if err := json.Unmarshal([]byte(strings.ReplaceAll(format, "$context.status", "200")), &line); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		want := map[string]any{
			"request": "$context.requestId", "time": "$context.requestTimeEpoch", "method": "$context.httpMethod", "route": "$context.resourcePath",
			"status": 200.0, "milliseconds": "$context.responseLatency", "function": "$context.integrationLatency",
			"error": "$context.error.responseType", "waf": "$context.waf.status",
		}
		if diff := cmp.Diff(want, line); diff != "" {
			t.Errorf("%s writes down (-want +got):\n%s", id, diff)
		}
		for _, settings := range list(r.Properties["MethodSettings"]) {
			if in(settings, "DataTraceEnabled") != false || in(settings, "ThrottlingRateLimit") != 50.0 || in(settings, "ThrottlingBurstLimit") != 100.0 {
				t.Errorf("%s: %v", id, settings)
			}
		}
	}
}

// When a function does not answer, the person still learns whom to call.
func TestThePageForWhenNothingAnswersHasTheNumbers(t *testing.T) {
	pages := 0
	for id, r := range ofType(stage(t, "waterstad").App, "AWS::ApiGateway::GatewayResponse") {
		for header, want := range map[string]string{
			"Strict-Transport-Security": "'max-age=63072000; includeSubDomains'", "X-Content-Type-Options": "'nosniff'", "Cache-Control": "'no-store'",
		} {
			if got := in(r.Properties["ResponseParameters"], "gatewayresponse.header."+header); got != want {
				t.Errorf("%s has %s %v, want %s", id, header, got, want)
			}
		}
		page, ok := in(r.Properties["ResponseTemplates"], "text/html").(string)
		if !ok {
			continue
		}
		pages++
		for _, want := range []string{`<html lang="nl">`, "<title>Hulp in de wijk</title>", "14 000", "112"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q: %s", id, want, page)
			}
		}
	}
	if pages != 4 {
		t.Errorf("%d pages, want one for each API's refusals and failures", pages)
	}
}

// matches says whether an event fits a pattern of EventBridge, as far as ours go: values and prefixes.
func matches(pattern, event any) bool {
	switch p := pattern.(type) {
	case map[string]any:
		for key := range p {
			if !matches(p[key], in(event, key)) {
				return false
			}
		}
		return true
	case []any:
		return slices.ContainsFunc(p, func(one any) bool {
			if prefix, ok := in(one, "prefix").(string); ok {
				text, _ := event.(string)
				return strings.HasPrefix(text, prefix)
			}
			return one == event
		})
	}
	return false
}

func TestTheStreamWakesDispatchForNewReportsAndMailsOnly(t *testing.T) {
	stream := stage(t, "waterstad").App.Resources["Stream"].Properties
	wakes := func(event, pk, sk string) bool {
		record := map[string]any{"eventName": event, "dynamodb": map[string]any{"Keys": map[string]any{
			"PK": map[string]any{"S": pk}, "SK": map[string]any{"S": sk},
		}}}
		return slices.ContainsFunc(list(in(stream["FilterCriteria"], "Filters")), func(filter any) bool {
			var pattern any
			if err := json.Unmarshal([]byte(in(filter, "Pattern").(string)), &pattern); err != nil {
				t.Fatal(err)
			}
			return matches(pattern, record)
		})
	}
	for name, tt := range map[string]struct {
		event, pk, sk string
		want          bool
	}{
		"a new report":            {"INSERT", "REPORT#K7M-4RT-9XT", "REPORT", true},
		"a mail that is owed":     {"INSERT", "CASE#K7M-4RT-9XT", "MESSAGE#0001-lead-fenna", true},
		"an act on many rows":     {"INSERT", "WORK#list-fenna", "WORK", true},
		"an act that goes on":     {"MODIFY", "WORK#list-fenna", "WORK", false},
		"a report that was taken": {"MODIFY", "REPORT#K7M-4RT-9XT", "REPORT", false},
		"a mail that was sent":    {"MODIFY", "CASE#K7M-4RT-9XT", "MESSAGE#0001-lead-fenna", false},
		"a report's content":      {"INSERT", "REPORT#K7M-4RT-9XT", "CONTENT", false},
		"a new case":              {"INSERT", "CASE#K7M-4RT-9XT", "CASE", false},
		"an event of a case":      {"INSERT", "CASE#K7M-4RT-9XT", "EVENT#0001", false},
		"who saw what":            {"INSERT", "AUDIT#2026-11-23#fenna", "01K", false},
		"something that is gone":  {"REMOVE", "CASE#K7M-4RT-9XT", "LOOK", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wakes(tt.event, tt.pk, tt.sk); got != tt.want {
				t.Errorf("wakes dispatch: %t, want %t", got, tt.want)
			}
		})
	}
}

func TestAPoisonousRecordBecomesADeadLetterSoon(t *testing.T) { // threat:T23
	s := stage(t, "waterstad")
	stream := s.App.Resources["Stream"].Properties
	if stream["BisectBatchOnFunctionError"] != true || !slices.Equal(list(stream["FunctionResponseTypes"]), []any{"ReportBatchItemFailures"}) ||
		stream["MaximumRetryAttempts"].(float64) > 5 || stream["StartingPosition"] != "TRIM_HORIZON" {
		t.Errorf("stream %v", stream)
	}
	queue := resolve(t, s, in(stream["DestinationConfig"], "OnFailure", "Destination"))
	later := s.App.Resources["DispatchTries"].Properties
	if other := resolve(t, s, in(later["DestinationConfig"], "OnFailure", "Destination")); queue != other || !strings.HasPrefix(queue, "<DeadLetters") {
		t.Errorf("dead letters go to %s and %s", queue, other)
	}
	for id, r := range ofType(s.App, "AWS::Events::Rule") {
		for _, target := range list(r.Properties["Targets"]) {
			if in(target, "Id") == "dispatch" && (resolve(t, s, in(target, "DeadLetterConfig", "Arn")) != queue || in(target, "RetryPolicy", "MaximumRetryAttempts").(float64) > 5) {
				t.Errorf("what %s brings is lost or never given up: %v", id, target)
			}
		}
	}
}

func TestDispatchIsWokenByTheMinuteTheSmokeTestAndSES(t *testing.T) {
	s := stage(t, "waterstad")
	rules := map[string]map[string]any{}
	for _, r := range ofType(s.App, "AWS::Events::Rule") {
		rules[strings.TrimPrefix(r.Properties["Name"].(string), "waterstad-")] = r.Properties
	}
	for id, every := range map[string]string{"minute": "rate(1 minute)", "smoke-test": "rate(15 minutes)"} {
		if rules[id]["ScheduleExpression"] != every || rules[id]["State"] != "ENABLED" {
			t.Errorf("%s: %v", id, rules[id])
		}
	}
	if input := in(list(rules["smoke-test"]["Targets"])[0], "Input"); input != `{"detail-type":"Smoke test"}` {
		t.Errorf("the smoke test begins with %v", input)
	}
	var bounce any
	data, err := os.ReadFile(root + "/schemas/events/ses-bounce.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(data), "123456789012", "111122223333")), &bounce); err != nil {
		t.Fatal(err)
	}
	mail := rules["mail"]["EventPattern"]
	if in(mail, "source") == nil || !matches(in(mail, "source"), in(bounce, "source")) || !matches(in(mail, "resources"), list(in(bounce, "resources"))[0]) {
		t.Errorf("what SES tells does not reach dispatch: %v", mail)
	}
	allowed := map[string]bool{}
	for _, r := range ofType(s.App, "AWS::Lambda::Permission") {
		if r.Properties["Principal"] == "events.amazonaws.com" {
			allowed[resolve(t, s, r.Properties["SourceArn"])] = true
		}
	}
	want := map[string]bool{}
	for _, id := range []string{"minute", "smoke-test", "mail"} {
		want["arn:aws:events:eu-central-1:111122223333:rule/waterstad-"+id] = true
	}
	if diff := cmp.Diff(want, allowed); diff != "" {
		t.Errorf("rules that may wake dispatch (-want +got):\n%s", diff)
	}
}

func TestMailGoesByTLSAndWhatBecomesOfItIsTold(t *testing.T) { // threat:T06
	s := stage(t, "waterstad")
	set := s.App.Resources["ConfigurationSet"].Properties
	if in(set["DeliveryOptions"], "TlsPolicy") != "REQUIRE" || set["TrackingOptions"] != nil {
		t.Errorf("configuration set %v", set)
	}
	told := s.App.Resources["MailEvents"].Properties["EventDestination"]
	var events []string
	for _, e := range list(in(told, "MatchingEventTypes")) {
		events = append(events, fmt.Sprint(e))
	}
	if want := []string{"DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"}; !slices.Equal(events, want) || in(told, "Enabled") != true {
		t.Errorf("SES tells %v: %v", events, told)
	}
}

func TestTheAppTakesItsDataFromTheOtherStackByExports(t *testing.T) {
	imported := map[string]bool{}
	s := stage(t, "waterstad")
	var walk func(value any)
	walk = func(value any) {
		switch v := value.(type) {
		case map[string]any:
			if name, ok := v["Fn::ImportValue"].(string); ok {
				imported[name] = true
			}
			for _, inside := range v {
				walk(inside)
			}
		case []any:
			for _, inside := range v {
				walk(inside)
			}
		}
	}
	for _, r := range s.App.Resources {
		walk(r.Properties)
	}
	exported := map[string]bool{}
	for _, o := range s.Data.Outputs {
		if o.Export.Name != "" {
			exported[o.Export.Name] = true
		}
	}
	if diff := cmp.Diff(exported, imported); diff != "" || len(imported) < 5 {
		t.Errorf("%d imports (-exported +imported):\n%s", len(imported), diff)
	}
	if names := slices.Sorted(maps.Keys(imported)); !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, "CaseTable") }) {
		t.Errorf("the case table is not among %v", names)
	}
}
