package functions_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/mail"
)

var reference = regexp.MustCompile(`\b[2-9CDFHJKMNPQRTVWX]{3}-[2-9CDFHJKMNPQRTVWX]{3}-[2-9CDFHJKMNPQRTVWX]{3}\b`)

// The way of a report through the functions: the form page by page, the last click, routing, mails, and what became of
// them. Nothing that the resident fills in is printed on the way.
func TestTheWayOfAReport(t *testing.T) { // invariant:I13 //threat:T17
	s := newService(t)
	door, dispatch := launch(t, "frontdoor", s.environment("frontdoor")), launch(t, "dispatch", s.environment("dispatch"))
	r := &resident{t: t, door: door}
	r.fillIn()
	if status, next := r.answer("/controle", nil); status != http.StatusSeeOther || next != "/ontvangen" {
		t.Fatalf("sent: %d to %q", status, next)
	}
	_, _, page := r.do(http.MethodGet, "/ontvangen", nil)
	ref, err := casework.ParseReference(reference.FindString(page))
	if err != nil {
		t.Fatalf("no number on the receipt: %s", page)
	}
	if failed := wake(dispatch, inserted("REPORT#"+string(ref), "REPORT")); len(failed) > 0 {
		t.Fatalf("the report was not put aside: %v\n%s", failed, dispatch.out)
	}
	// Nobody fills in a form this fast: a person looks first.
	look := casework.Judgement{At: time.Now(), By: "ilse", Human: true} //nolint:forbidigo // the functions keep real time
	if err := s.Store.Judge(t.Context(), ref, look); err != nil {
		t.Fatal(err)
	}
	if failed := wake(dispatch, inserted("REPORT#"+string(ref), "REPORT")); len(failed) > 0 {
		t.Fatalf("the report was not taken: %v\n%s", failed, dispatch.out)
	}
	d, err := s.Store.Dossier(t.Context(), ref)
	if err != nil || d.Case.Lead == "" || len(d.Messages) != 2 {
		t.Fatalf("case %+v with %d messages, %v", d.Case, len(d.Messages), err)
	}
	var mails []string
	for _, m := range d.Messages {
		mails = append(mails, inserted("CASE#"+string(ref), "MESSAGE#"+m.ID), inserted("CASE#"+string(ref), "MESSAGE#"+m.ID))
	}
	if failed := wake(dispatch, mails...); len(failed) > 0 || len(s.ses.all()) != len(d.Messages) {
		t.Fatalf("%d mails for %d messages that were each told twice; failed %v\n%s", len(s.ses.all()), len(d.Messages), failed, dispatch.out)
	}
	for _, sent := range s.ses.all() {
		event := "ses-delivery"
		if strings.HasSuffix(sent.Destination.ToAddresses[0], "@wijkteam.waterstad.example") {
			event = "ses-bounce" // of the lead's mail
		}
		if answer, err := dispatch.invoke(about(t, event, sent)); err != nil || string(answer) != "null" {
			t.Errorf("%s: %s, %v", event, answer, err)
		}
	}
	if d, err = s.Store.Dossier(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	outcomes := map[casework.MessageStatus]int{}
	for _, m := range d.Messages {
		outcomes[m.Outcome()]++
	}
	if outcomes[casework.Delivered] != 1 || outcomes[casework.Bounced] != 1 {
		t.Errorf("outcomes are %v, want one delivered and one bounced", outcomes)
	}
	if got := door.out.String(); got != "" {
		t.Errorf("frontdoor printed %s", got)
	}
	if got := dispatch.out.String(); !says(got, "mail bounced") || isCanary(got) || strings.Contains(got, "@") {
		t.Errorf("dispatch printed %s", got)
	}
}

// says says whether a log is as many lines as there are words, each with its words.
func says(log string, words ...string) bool {
	lines := slices.Collect(strings.Lines(log))
	return slices.EqualFunc(lines, words, strings.Contains)
}

// inserted is a record of the stream; records get their sequence numbers in wake.
func inserted(pk, sk string) string {
	return fmt.Sprintf(`{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"S":%q},"SK":{"S":%q}},"SequenceNumber":"%%d"}}`, pk, sk)
}

// wake sends a batch of the stream, numbered from 1, and returns which failed.
func wake(p *process, records ...string) (failed []string) {
	p.t.Helper()
	for i := range records {
		records[i] = fmt.Sprintf(records[i], i+1)
	}
	var answer struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	p.must([]byte(`{"Records":[`+strings.Join(records, ",")+`]}`), &answer)
	for _, f := range answer.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

// about is a golden SES event about a mail that was sent.
func about(t *testing.T, name string, sent sesMail) []byte {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(readEvent(t, name), &e); err != nil {
		t.Fatal(err)
	}
	tags := e["detail"].(map[string]any)["mail"].(map[string]any)["tags"].(map[string]any)
	for _, tag := range sent.EmailTags {
		if tag.Name != mail.TagCase && tag.Name != mail.TagMessage {
			t.Errorf("mail with tag %s", tag.Name)
		}
		tags[tag.Name] = []string{tag.Value}
	}
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// spring is long past: what was submitted then is due.
func spring() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// A batch with duplicates and a poisonous report between good ones: only the poison comes again.
func TestAPoisonousReportBetweenGoodOnesFailsAlone(t *testing.T) { // threat:T22 //threat:T23
	s := newService(t)
	dispatch := launch(t, "dispatch", s.environment("dispatch"))
	first, poison, last := s.submit(t), s.submit(t), s.submit(t)
	s.spoil(t, poison)
	report := func(ref casework.Reference) string { return inserted("REPORT#"+string(ref), "REPORT") }
	failed := wake(dispatch, report(first), report(first), report(poison), report(last), report(last))
	if strings.Join(failed, " ") != "3" {
		t.Errorf("records %v failed, want 3", failed)
	}
	for _, ref := range []casework.Reference{first, last} {
		d, err := s.Store.Dossier(t.Context(), ref)
		if err != nil || d.Case.Lead == "" || d.Case.Version != 1 || len(d.Events) != 1 {
			t.Errorf("case %s is at version %d with %d events and lead %q, %v", ref, d.Case.Version, len(d.Events), d.Case.Lead, err)
		}
	}
	if _, err := s.Store.Case(t.Context(), poison); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the poison became a case: %v", err)
	}
	if said := dispatch.out.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, string(poison)) || !strings.Contains(said, `"requestId":"request-1"`) {
		t.Errorf("printed %s", said)
	}
}

// What no wake-up told of is found by the minute; a poisonous report is told of and stops nothing.
func TestTheMinuteFindsWhatTheStreamMissed(t *testing.T) { // threat:T23 //invariant:I6
	s := newService(t)
	dispatch := launch(t, "dispatch", s.environment("dispatch"))
	missed := s.submit(t)
	if answer, err := dispatch.invoke(readEvent(t, "schedule")); err != nil || string(answer) != "null" {
		t.Fatalf("answered %s, %v", answer, err)
	}
	if c, err := s.Store.Case(t.Context(), missed); err != nil || c.Lead == "" {
		t.Errorf("case is %+v, %v", c, err)
	}
	s.spoil(t, s.submit(t))
	if _, err := dispatch.invoke(readEvent(t, "schedule")); err == nil {
		t.Error("a sweep that left something behind reported nothing")
	}
}

// submit stores a report that is long due.
func (s *service) submit(t *testing.T) casework.Reference {
	t.Helper()
	return s.Submit(t, spring(), exampletest.Answers(nil)).Reference
}

// spoil makes a report's routing envelope one that cannot be opened.
func (s *service) spoil(t *testing.T, ref casework.Reference) {
	t.Helper()
	_, err := s.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &s.Store.Cases,
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "REPORT#" + string(ref)}, "SK": &types.AttributeValueMemberS{Value: "REPORT"},
		},
		UpdateExpression: aws.String("SET #r = :r"), ExpressionAttributeNames: map[string]string{"#r": "routing"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":r": &types.AttributeValueMemberB{Value: []byte{1, 0, 1, 0}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// With the store gone each page says so, keeps the text, and prints nothing of it.
func TestWithoutAStoreNothingThatWasTypedIsPrinted(t *testing.T) { // invariant:I13 //threat:T17
	s := newService(t)
	env := s.environment("frontdoor")
	r := &resident{t: t, door: launch(t, "frontdoor", env)}
	r.fillIn()
	_, _, page := r.do(http.MethodGet, "/vraag/51", nil)
	token := tokenInput.FindStringSubmatch(page)
	env["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:1"
	r.door = launch(t, "frontdoor", env)
	fields := url.Values{"token": {token[1]}}
	maps.Copy(fields, canaries()["/vraag/51"])
	status, _, page := r.do(http.MethodPost, "/vraag/51", fields)
	if status != http.StatusInternalServerError || !isCanary(page) {
		t.Errorf("got %d; the text is kept: %v", status, isCanary(page))
	}
	if status, _, _ := r.do(http.MethodGet, "/controle", nil); status != http.StatusInternalServerError {
		t.Errorf("the check page is %d", status)
	}
	said := r.door.out.String()
	if said == "" {
		t.Error("nobody hears that the store is gone")
	}
	if isCanary(said) || strings.Contains(said, r.cookie.Value) {
		t.Errorf("printed %s", said)
	}
}
