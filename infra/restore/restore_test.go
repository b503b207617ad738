package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/functions/wiring"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/message"
)

func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// service is a municipality at work, and a copy of its case table as a restore leaves it: without a stream.
type service struct {
	*exampletest.Town
	mails []string // handed to the mail service: case and message
}

// copied puts every row of the case table in a table of its own, as a restore does.
func (s *service) copied(t *testing.T) *dynamo.Store {
	t.Helper()
	restored := s.empty(t)
	out, err := s.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &s.Store.Cases})
	orFail(t, err)
	for _, it := range out.Items {
		_, err := restored.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &restored.Cases, Item: it})
		orFail(t, err)
	}
	return restored
}

// empty is a table without a row and without a stream.
func (s *service) empty(t *testing.T) *dynamo.Store {
	t.Helper()
	table := dynamo.CaseTable("restored-" + casework.NewSecret().DraftID())
	table.StreamSpecification = nil
	_, err := s.Store.Client.CreateTable(t.Context(), table)
	orFail(t, err)
	return &dynamo.Store{Client: s.Store.Client, Cases: *table.TableName, Short: s.Store.Short}
}

// Send is the mail service.
func (s *service) Send(_ context.Context, m message.Mail) (string, error) {
	s.mails = append(s.mails, string(m.Case)+" "+m.Subject)
	return "taken", nil
}

// sweep is what dispatch does each minute, on a table.
func (s *service) sweep(t *testing.T, store *dynamo.Store, now time.Time) {
	t.Helper()
	work := s.Work
	work.Store = store
	delivery := message.Delivery{
		Writer: message.NewWriter(s.Municipality), Outbox: store, Cases: store, Opener: s.Opener, Transport: s,
		Links: message.Links{Public: "https://hulp.waterstad.example", Desk: "https://bureau.waterstad.example/desk/"},
	}
	d := dynamo.Dispatch{Store: store, Take: work.Take, Deliver: delivery.Deliver, Overdue: work.Overdue, Undelivered: work.Undelivered}
	orFail(t, d.Sweep(t.Context(), now))
}

// environment is that of the command, for a table.
func (s *service) environment(table string) *wiring.Environment {
	values := map[string]string{
		"CASES_TABLE": table, "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(s.Config.BaseEndpoint),
	}
	return wiring.NewEnvironment(func(name string) string { return values[name] })
}

// restore runs the command.
func (s *service) restore(t *testing.T, table, do string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(t.Context(), s.environment(table), []string{do}, &out)
	return out.String(), err
}

// lived is a municipality in which something happened: a report waits, cases are offered, accepted and spoken with, one
// is another's addition, one is with a coordinator, and mails are owed and sent.
func lived(t *testing.T) *service {
	t.Helper()
	s := &service{Town: exampletest.New(t)}
	home := exampletest.Answers(nil)
	running := s.Case(t, monday().Add(-4*24*time.Hour), home)
	s.act(t, running, s.Work.Accept)
	s.act(t, running, s.Work.Contacted)
	added := s.Case(t, monday(), home)
	s.act(t, added, s.Work.Merge)
	s.Case(t, monday().Add(-4*24*time.Hour), exampletest.Answers(nil)) // nobody answers
	s.sweep(t, s.Store, monday())
	s.mails = nil
	s.Case(t, monday(), exampletest.Answers(form.Answers{"basics": {"food"}})) // its mails are owed
	s.Case(t, monday(), exampletest.Answers(form.Answers{"hide_from": {"yes"}, "safe_contact": {"call", "email"}}))
	s.Submit(t, monday(), exampletest.Answers(nil))
	return s
}

// act is a lead's act on a case as it stands.
func (s *service) act(t *testing.T, c casework.Case, do func(context.Context, casework.Click) error) {
	t.Helper()
	now, err := s.Store.Case(t.Context(), c.ID)
	orFail(t, err)
	orFail(t, do(t.Context(), casework.Click{
		At: now.Reported.Add(time.Hour), Case: c.ID, By: casework.Reader{Worker: now.Lead}, Shown: now.Version,
		Command: casework.NewSecret().DraftID(),
	}))
}

func orFail(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const whole = `rows: CASE 5 CONTENT 6 EVENT 10 HASH 10 KEY 4 LINK 5 LOOK 1 MATCH 12 MESSAGE 13 ORGANISATION 8 REPORT 6 ROSTER 1 SWEEP 1 WORKER 15
cases: 5, of which open 4
reports that wait: 1
`

// The drill: a copy is checked, its mails are held, and dispatch sends nothing of them; but what nobody took yet is
// taken, and who is told of it for the first time is told.
func TestTheDrill(t *testing.T) { // invariant:I6 //invariant:I7 //threat:T19 //threat:T30
	s := lived(t)
	restored, control := s.copied(t), s.copied(t)
	out, err := s.restore(t, restored.Cases, "hold")
	if want := "mails held: 9, of 4 cases\n" + whole + "mails owed: 0\n"; out != want || err != nil {
		t.Fatalf("error %v, told (-want +got):\n%s", err, cmp.Diff(want, out))
	}
	t.Logf("%s", out)
	soon := monday().Add(time.Minute)
	s.sweep(t, control, soon)
	if len(s.mails) < 7 {
		t.Fatalf("without holding %d mails go out: the drill says little", len(s.mails))
	}
	s.mails = nil
	s.sweep(t, restored, soon)
	s.sweep(t, restored, soon.Add(time.Minute))
	if again, err := s.restore(t, restored.Cases, "hold"); err != nil || !strings.HasPrefix(again, "mails held: 0, of 0 cases\n") {
		t.Errorf("held again: %s %v", again, err)
	}
	if len(s.mails) != 2 {
		t.Errorf("%d mails went out, want the lead's and the receipt of the report that waited: %v", len(s.mails), s.mails)
	}
	if _, err := s.restore(t, s.Store.Cases, "check"); err != nil {
		t.Errorf("the table in use: %v", err)
	}
}

// T19, T30: what was destroyed after the moment that is restored to cannot be opened in the copy, and its first sweep destroys
// it again, with its line in the register.
func TestWhatWasDestroyedIsDestroyedAgain(t *testing.T) { // threat:T19 //threat:T30 //invariant:I14
	s := &service{Town: exampletest.New(t)}
	c := s.Case(t, monday(), exampletest.Answers(nil))
	s.act(t, c, func(ctx context.Context, k casework.Click) error {
		return s.Work.Withdraw(ctx, k, "Het hoeft niet meer.")
	})
	s.sweep(t, s.Store, monday().Add(2*time.Hour))
	s.arrived(t, c.ID)
	restored := s.copied(t)
	over := monday().AddDate(0, 0, 31)
	s.sweep(t, s.Store, over)
	if _, err := s.Store.Case(t.Context(), c.ID); !errors.Is(err, casework.ErrNotFound) {
		t.Fatalf("the case is not destroyed: %v", err)
	}
	if out, err := s.restore(t, restored.Cases, "hold"); err != nil || !strings.HasPrefix(out, "mails held: 0, of 0 cases\n") {
		t.Errorf("error %v, told %s", err, out)
	}
	back, err := restored.Case(t.Context(), c.ID)
	orFail(t, err)
	if back.MayRead(casework.Reader{Worker: c.Lead}, over) || back.MayRead(casework.Reader{Worker: "willem", Coordinator: true}, over) {
		t.Error("what was destroyed can be opened in the copy")
	}
	s.sweep(t, restored, over)
	if _, err := restored.Case(t.Context(), c.ID); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("it is not destroyed again: %v", err)
	}
	if lines, _, err := restored.Destroyed(t.Context(), ""); err != nil || len(lines) != 1 || lines[0].Case != c.ID {
		t.Errorf("the register of the copy has %d lines, %v", len(lines), err)
	}
}

// arrived says of every mail about a case that it arrived.
func (s *service) arrived(t *testing.T, ref casework.Reference) {
	t.Helper()
	d, err := s.Store.Dossier(t.Context(), ref)
	orFail(t, err)
	for _, m := range d.Messages {
		_, _, err := s.Store.Feedback(t.Context(), ref, func(id string) bool { return id == m.ID }, casework.Delivered, monday().Add(3*time.Hour))
		orFail(t, err)
	}
}

func TestATableInUseKeepsItsMails(t *testing.T) { // invariant:I6
	s := lived(t)
	out, err := s.restore(t, s.Store.Cases, "hold")
	if err == nil || err.Error() != "the table has a stream, so it is in use: its mails are not held" || out != "" {
		t.Errorf("error %v, told %q", err, out)
	}
	s.sweep(t, s.Store, monday().Add(time.Minute))
	if len(s.mails) < 7 {
		t.Errorf("%d mails went out, want every one that is owed", len(s.mails))
	}
}

func TestWhatDoesNotFitIsCounted(t *testing.T) {
	s := lived(t)
	tests := map[string]struct {
		damage func(c damaged)
		want   []fault
	}{
		"nothing":                  {func(damaged) {}, nil},
		"a row of a later release": {func(c damaged) { c.set(c.one("LINK"), "shape", 9) }, []fault{unreadable}},
		"a damaged row":            {func(c damaged) { c.set(c.one("LINK"), "expires", "nooit") }, []fault{unreadable}},
		"an event that is gone":    {func(c damaged) { c.remove(c.of(casework.Merged, "EVENT#0002")) }, []fault{history}},
		"an event that was edited": {func(c damaged) { c.set(c.of(casework.Merged, "EVENT#0001"), "by", "fenna") }, []fault{history}},
		"a head that is behind":    {func(c damaged) { c.set(c.of(casework.Merged, "CASE"), "version", 1) }, []fault{history}},
		"an open case of nobody":   {func(c damaged) { c.set(c.of(casework.Escalated, "CASE"), "coordinator", "") }, []fault{noOwner}},
		"an open case of somebody who is not there": {
			func(c damaged) { c.set(c.of(casework.Escalated, "CASE"), "coordinator", "niemand") }, []fault{noOwner},
		},
		"an open case of two":         {func(c damaged) { c.set(c.of(casework.Escalated, "CASE"), "lead_id", "mees") }, []fault{noOwner, load}},
		"an offer without a term":     {func(c damaged) { c.set(c.of(casework.Assigned, "CASE"), "deadlines", []string{}) }, []fault{noDeadline}},
		"a load that drifted":         {func(c damaged) { c.set(dynamo.Key{PK: "WORKERS", SK: "WORKER#mees"}, "load", 7) }, []fault{load}},
		"a coordinator who is gone":   {func(c damaged) { c.remove(dynamo.Key{PK: "WORKERS", SK: "WORKER#willem"}) }, []fault{noOwner}},
		"a key pair that is gone":     {func(c damaged) { c.remove(dynamo.Key{PK: "KEYS", SK: "KEY#routing#0001"}) }, []fault{noKey}},
		"a report without content":    {func(c damaged) { c.remove(c.one("CONTENT")) }, []fault{noContent}},
		"a case without its report":   {func(c damaged) { c.remove(c.one("REPORT")) }, []fault{noReport}},
		"a report whose case is gone": {func(c damaged) { c.remove(c.of(casework.Merged, "CASE")) }, []fault{noCase}},
		"a match that leads nowhere":  {func(c damaged) { c.add(dynamo.Key{PK: "MATCH#0123", SK: "CASE#K7M-4RT-9XC"}) }, []fault{noCase}},
		"a damaged history":           {func(c damaged) { c.set(c.of(casework.Accepted, "EVENT#0001"), "when", "ooit") }, []fault{unreadable}},
		"a row nobody knows":          {func(c damaged) { c.add(dynamo.Key{PK: "CASE#K7M-4RT-9XC", SK: "NOTE"}) }, []fault{unreadable}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := damaged{t, s.copied(t)}
			tt.damage(c)
			out, err := s.restore(t, c.Cases, "check")
			var got []fault
			for line := range strings.Lines(out) {
				if what, ok := strings.CutPrefix(line, "fault: "); ok {
					_, what, _ = strings.Cut(strings.TrimSpace(what), " ")
					got = append(got, fault(what))
				}
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) != (len(tt.want) == 0) {
				t.Errorf("error %v, faults (-want +got):\n%s", err, diff)
			}
			if strings.Contains(out, "-") {
				t.Errorf("more than numbers is told: %s", out)
			}
		})
	}
}

// What the releases before this one wrote has no faults.
func TestTheRowsOfEarlierReleasesFit(t *testing.T) {
	files, err := filepath.Glob("../local/testdata/releases/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d releases, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			orFail(t, err)
			var release struct{ Cases []json.RawMessage }
			orFail(t, json.Unmarshal(data, &release))
			s := &service{Town: exampletest.New(t)}
			c := damaged{t, s.empty(t)}
			for _, row := range release.Cases {
				c.put(aws.ToString(s.Config.BaseEndpoint), row)
			}
			if out, err := s.restore(t, c.Cases, "hold"); err != nil || !strings.Contains(out, "mails owed: 0\n") {
				t.Errorf("error %v\n%s", err, out)
			}
		})
	}
}

func TestAnythingElseIsAnsweredWithTheHelp(t *testing.T) {
	for _, args := range [][]string{nil, {"restore"}, {"hold", "check"}} {
		var out strings.Builder
		if err := run(t.Context(), (&service{Town: &exampletest.Town{}}).environment("x"), args, &out); err == nil || err.Error() != help {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// damaged is a copy in which something does not fit.
type damaged struct {
	*testing.T
	*dynamo.Store
}

// one returns a row of a kind, of a case that is not the last to be looked for: the first by key.
func (c damaged) one(kind string) dynamo.Key {
	c.Helper()
	keys := c.rows(func(k dynamo.Key, _ map[string]types.AttributeValue) bool { return k.SK == kind })
	return keys[0]
}

// of returns a row of the only case that is in a state, or the first of them.
func (c damaged) of(state casework.State, sk string) dynamo.Key {
	c.Helper()
	heads := c.rows(func(k dynamo.Key, it map[string]types.AttributeValue) bool {
		s, ok := it["state"].(*types.AttributeValueMemberS)
		return ok && s.Value == string(state)
	})
	return dynamo.Key{PK: heads[0].PK, SK: sk}
}

// rows lists the keys of the rows that are meant, by key; at least one.
func (c damaged) rows(meant func(dynamo.Key, map[string]types.AttributeValue) bool) []dynamo.Key {
	c.Helper()
	out, err := c.Client.Scan(c.Context(), &dynamodb.ScanInput{TableName: &c.Cases})
	orFail(c.T, err)
	var keys []dynamo.Key
	for _, it := range out.Items {
		k := dynamo.Key{PK: it["PK"].(*types.AttributeValueMemberS).Value, SK: it["SK"].(*types.AttributeValueMemberS).Value}
		if meant(k, it) {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		c.Fatal("there is no such row")
	}
	slices.SortFunc(keys, func(a, b dynamo.Key) int { return strings.Compare(a.PK+a.SK, b.PK+b.SK) })
	return keys
}

// set changes one attribute of a row.
func (c damaged) set(k dynamo.Key, attribute string, value any) {
	c.Helper()
	to, err := attributevalue.Marshal(value)
	orFail(c.T, err)
	_, err = c.Client.UpdateItem(c.Context(), &dynamodb.UpdateItemInput{
		TableName: &c.Cases, Key: key(k), UpdateExpression: aws.String("SET #a = :to"), ConditionExpression: aws.String("attribute_exists(PK)"),
		ExpressionAttributeNames: map[string]string{"#a": attribute}, ExpressionAttributeValues: map[string]types.AttributeValue{":to": to},
	})
	orFail(c.T, err)
}

func (c damaged) remove(k dynamo.Key) {
	c.Helper()
	_, err := c.Client.DeleteItem(c.Context(), &dynamodb.DeleteItemInput{
		TableName: &c.Cases, Key: key(k), ConditionExpression: aws.String("attribute_exists(PK)"),
	})
	orFail(c.T, err)
}

// add puts a row that is nothing but its key.
func (c damaged) add(k dynamo.Key) {
	c.Helper()
	_, err := c.Client.PutItem(c.Context(), &dynamodb.PutItemInput{TableName: &c.Cases, Item: key(k)})
	orFail(c.T, err)
}

// put writes a row as DynamoDB itself words it.
func (c damaged) put(endpoint string, row json.RawMessage) {
	c.Helper()
	body, err := json.Marshal(map[string]any{"TableName": c.Cases, "Item": row})
	orFail(c.T, err)
	r, err := http.NewRequestWithContext(c.Context(), http.MethodPost, endpoint, bytes.NewReader(body))
	orFail(c.T, err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
	r.Header.Set("X-Amz-Date", "20261123T100000Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20261123/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(r)
	orFail(c.T, err)
	defer response.Body.Close()
	if answer, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK {
		c.Fatalf("put: %d %s %v", response.StatusCode, answer, err)
	}
}

func key(k dynamo.Key) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK},
	}
}
