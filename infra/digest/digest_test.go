package main

import (
	"encoding/hex"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"voordeur/functions/wiring"
	localbucket "voordeur/infra/local/bucket"
	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/bucket"
	"voordeur/internal/casework"
)

func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// service is a municipality whose days were digested up to Thursday, and what somebody does behind its back.
type service struct {
	*exampletest.Town
	t        *testing.T
	endpoint string        // of the bucket
	folder   string        // of its digests
	of       casework.Case // taken and accepted on Wednesday
	audit    casework.AuditRow
}

const bucketName = "waterstad-digests"

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{Town: exampletest.New(t), t: t, folder: t.TempDir()}
	fake, err := localbucket.New(s.folder)
	orFail(t, err)
	s.folder = filepath.Join(s.folder, bucketName, "digests")
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	s.endpoint = server.URL
	digests := casework.Digests{
		Municipality: s.Municipality.ID, Store: s.Store, Bucket: bucket.Bucket{Client: s3.NewFromConfig(dynoxide.Config(server.URL)), Name: bucketName},
	}
	keep := func(now time.Time) {
		_, kept, err := digests.KeepNext(t.Context(), now)
		orFail(t, err)
		if !kept {
			t.Fatalf("no digest was kept on %s", now)
		}
	}
	day := func(n int) time.Time { return monday().AddDate(0, 0, n) }
	keep(day(0))
	s.Case(t, day(0), exampletest.Answers(nil))
	keep(day(1))
	keep(day(2))
	s.of = s.Case(t, day(2), exampletest.Answers(nil))
	orFail(t, s.Work.Accept(t.Context(), casework.Click{At: day(2), Case: s.of.ID, By: casework.Reader{Worker: s.of.Lead}, Shown: 1, Command: "accept"}))
	orFail(t, s.Store.Audit(t.Context(), casework.Audit{At: day(2), Worker: s.of.Lead, Page: "GET /desk/", Cases: []casework.Reference{s.of.ID}}))
	rows, err := s.Store.Audited(t.Context(), "2026-11-25", s.of.Lead)
	orFail(t, err)
	s.audit = rows[0]
	keep(day(3))
	keep(day(4))
	s.Case(t, day(4), exampletest.Answers(nil)) // in no digest yet
	return s
}

func orFail(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// check runs the command.
func (s *service) check() (string, error) {
	values := map[string]string{
		"CASES_TABLE": s.Store.Cases, "DIGEST_BUCKET": bucketName, "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local",
		"AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(s.Config.BaseEndpoint), "AWS_ENDPOINT_URL_S3": s.endpoint,
	}
	var out strings.Builder
	err := run(s.t.Context(), wiring.NewEnvironment(func(name string) string { return values[name] }), []string{"check"}, &out, monday().AddDate(0, 0, 60))
	return out.String(), err
}

func text(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

func key(pk, sk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": text(pk), "SK": text(sk)}
}

func (s *service) event(n int) map[string]types.AttributeValue {
	return key("CASE#"+string(s.of.ID), fmt.Sprintf("EVENT#%04d", n))
}

func (s *service) auditKey() map[string]types.AttributeValue {
	return key("AUDIT#2026-11-25#"+s.of.Lead, s.audit.ID)
}

// edit sets an attribute of a row, behind the service's back; a row that is not there is made.
func (s *service) edit(k map[string]types.AttributeValue, attribute string, value types.AttributeValue) {
	_, err := s.Store.Client.UpdateItem(s.t.Context(), &dynamodb.UpdateItemInput{
		TableName: &s.Store.Cases, Key: k, UpdateExpression: aws.String("SET #a = :v"),
		ExpressionAttributeNames: map[string]string{"#a": attribute}, ExpressionAttributeValues: map[string]types.AttributeValue{":v": value},
	})
	orFail(s.t, err)
}

func (s *service) remove(k map[string]types.AttributeValue) {
	_, err := s.Store.Client.DeleteItem(s.t.Context(), &dynamodb.DeleteItemInput{TableName: &s.Store.Cases, Key: k})
	orFail(s.t, err)
}

// add puts a copy of a row under another sort key.
func (s *service) add(k map[string]types.AttributeValue, sk string) {
	out, err := s.Store.Client.GetItem(s.t.Context(), &dynamodb.GetItemInput{TableName: &s.Store.Cases, Key: k})
	orFail(s.t, err)
	out.Item["SK"] = text(sk)
	_, err = s.Store.Client.PutItem(s.t.Context(), &dynamodb.PutItemInput{TableName: &s.Store.Cases, Item: out.Item})
	orFail(s.t, err)
}

func TestWhatWasDoneBehindTheServicesBackShows(t *testing.T) { // threat:T15
	for name, tt := range map[string]struct {
		do   func(s *service)
		want []string // the faults
	}{
		"nothing": {func(*service) {}, nil},
		"an event's words are changed": {
			func(s *service) { s.edit(s.event(2), "by", text("somebody else")) },
			[]string{"event 2 of case CASE, of 2026-11-25, was edited: its words are not those of its hash"},
		},
		"an event has another hash": {
			func(s *service) {
				s.edit(s.event(2), "hash", &types.AttributeValueMemberB{Value: make([]byte, 32)})
			},
			[]string{
				"event 2 of case CASE, of 2026-11-25, was edited or added after its digest",
				"event SECOND of 2026-11-25 was edited or removed after its digest",
			},
		},
		"an event is dated to a day without a digest": {
			func(s *service) { s.edit(s.event(2), "when", text("2027-01-04T09:00:00Z")) },
			[]string{
				"event 2 of case CASE, of 2027-01-04, was edited: its words are not those of its hash",
				"event SECOND of 2026-11-25 was edited or removed after its digest",
			},
		},
		"a case was destroyed": {func(s *service) { s.destroy(s.of, 2, monday().AddDate(0, 0, 4), 40) }, nil},
		"a removed event stands in a line of the register that was made up": {
			func(s *service) {
				first, err := s.Store.History(s.t.Context(), s.of.ID)
				orFail(s.t, err)
				s.remove(s.event(1))
				made := key("REGISTER", "DESTROYED#2026-11-25T09:00:00.000Z_"+string(s.of.ID))
				s.edit(made, "case", text(string(s.of.ID)))
				s.edit(made, "when", text("2026-11-25T09:00:00Z"))
				s.edit(made, "hashes", &types.AttributeValueMemberL{Value: []types.AttributeValue{text(hex.EncodeToString(first[0].Hash)), text("made up")}})
			},
			[]string{
				"line of the register of case CASE, of 2026-11-25, was edited or added after its digest",
				"event FIRST of 2026-11-25 was edited or removed after its digest",
			},
		},
		"a removed event stands in a line of the register that was edited": {
			func(s *service) { s.hides(monday().AddDate(0, 0, 4), 40, true) },
			[]string{
				"line of the register of case CASE, of 2027-01-06, was edited or added after its digest",
				"event FIRST of 2026-11-25 was edited or removed after its digest",
			},
		},
		"a removed event stands in a line of the register from before it": {
			func(s *service) { s.hides(monday().AddDate(0, 0, -60), 40, false) },
			[]string{
				"line of the register of case CASE, of 2026-11-03, was edited or added after its digest",
				"event FIRST of 2026-11-25 was edited or removed after its digest",
			},
		},
		"a removed event stands in a line of the register of a day to come": {
			func(s *service) { s.hides(monday().AddDate(0, 0, 4), 90, false) },
			[]string{
				"line of the register of case CASE, of 2027-02-25, was edited or added after its digest",
				"event FIRST of 2026-11-25 was edited or removed after its digest",
			},
		},
		"an event is removed": {
			func(s *service) { s.remove(s.event(1)) },
			[]string{"event FIRST of 2026-11-25 was edited or removed after its digest"},
		},
		"an event is added": {
			func(s *service) { s.add(s.event(2), "EVENT#0003") },
			[]string{"event 2 of case CASE, of 2026-11-25, was edited or added after its digest"},
		},
		"an audit row says another case": {
			func(s *service) {
				s.edit(s.auditKey(), "cases", &types.AttributeValueMemberL{Value: []types.AttributeValue{text("K7M-4RT-9XC")}})
			},
			[]string{
				"audit row ULID of 2026-11-25 was edited or added after its digest",
				"audit row HASH of 2026-11-25 was edited or removed after its digest",
			},
		},
		"an audit row is removed": {
			func(s *service) { s.remove(s.auditKey()) },
			[]string{"audit row HASH of 2026-11-25 was edited or removed after its digest"},
		},
		"an audit row is added": {
			func(s *service) { s.add(s.auditKey(), "01KASZ00000000000000000000") },
			[]string{"audit row 01KASZ00000000000000000000 of 2026-11-25 was edited or added after its digest"},
		},
		"a digest is another one": {
			func(s *service) {
				file := filepath.Join(s.folder, "2026-11-25.json")
				content, err := os.ReadFile(file)
				orFail(s.t, err)
				orFail(s.t, os.WriteFile(file, append(content, '\n'), 0o600))
			},
			[]string{"the digest of 2026-11-26 does not follow the one before it"},
		},
		"a digest is gone": {
			func(s *service) { orFail(s.t, os.Remove(filepath.Join(s.folder, "2026-11-24.json"))) },
			[]string{"2026-11-24 has no digest", "the digest of 2026-11-25 does not follow the one before it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			names, number := s.names(), regexp.MustCompile(`[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}`)
			tt.do(s)
			out, err := s.check()
			var got []string
			for line := range strings.Lines(out) {
				if fault, ok := strings.CutPrefix(line, "fault: "); ok {
					got = append(got, number.ReplaceAllString(names.Replace(strings.TrimSpace(fault)), "CASE"))
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) != (tt.want == nil) {
				t.Errorf("error %v, faults (-want +got):\n%s", err, diff)
			}
			told := "digests: 2026-11-22 to 2026-11-26\nas they were: 4 rows\nof destroyed cases: 0 rows\nin no digest: 1 rows\n"
			if name == "a case was destroyed" {
				told = "as they were: 2 rows\nof destroyed cases: 2 rows\n"
			}
			if tt.want == nil && !strings.Contains(out, told) {
				t.Errorf("told %s", out)
			}
		})
	}
}

// hides removes an event, and names it in the line of another case, as if it had been one of that: in the line itself, or
// before that was written.
func (s *service) hides(began time.Time, days int, afterwards bool) {
	first, err := s.Store.History(s.t.Context(), s.of.ID)
	orFail(s.t, err)
	hash := first[0].Hash
	s.remove(s.event(1))
	other := s.Case(s.t, began, exampletest.Answers(nil))
	if !afterwards {
		s.edit(key("CASE#"+string(other.ID), "EVENT#0001"), "hash", &types.AttributeValueMemberB{Value: hash})
	}
	s.destroy(other, 1, began, days)
	if !afterwards {
		return
	}
	lines, _, err := s.Store.Destroyed(s.t.Context(), "")
	orFail(s.t, err)
	hashes := []types.AttributeValue{text(hex.EncodeToString(hash))}
	for _, h := range lines[0].Hashes {
		hashes = append(hashes, text(h))
	}
	sk := "DESTROYED#" + lines[0].At.Format("2006-01-02T15:04:05.000Z") + "_" + string(other.ID)
	s.edit(key("REGISTER", sk), "hashes", &types.AttributeValueMemberL{Value: hashes})
}

// destroy ends a case, has its term go by, and drops its rows as the table does.
func (s *service) destroy(c casework.Case, version int, ended time.Time, days int) {
	ctx := s.t.Context()
	orFail(s.t, s.Work.Withdraw(ctx, casework.Click{At: ended, Case: c.ID, By: casework.Reader{Worker: c.Lead}, Shown: version, Command: "withdraw"}, "Het hoeft niet meer."))
	d, err := s.Store.Dossier(ctx, c.ID)
	orFail(s.t, err)
	for _, m := range d.Messages {
		claimed, err := s.Store.Claim(ctx, c.ID, m.ID, ended)
		orFail(s.t, err)
		claimed.Status = casework.Obsolete
		orFail(s.t, s.Store.Settle(ctx, claimed))
	}
	orFail(s.t, s.Work.Overdue(ctx, ended.AddDate(0, 0, days), c.ID))
	out, err := s.Store.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.Store.Cases, KeyConditionExpression: aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text("CASE#" + string(c.ID))},
	})
	orFail(s.t, err)
	for _, it := range out.Items {
		if it["ttl"] != nil {
			s.remove(map[string]types.AttributeValue{"PK": it["PK"], "SK": it["SK"]})
		}
	}
	if events, err := s.Store.History(ctx, c.ID); err != nil || len(events) > 0 {
		s.t.Fatalf("%d events are left, %v", len(events), err)
	}
}

// names writes what differs from run to run in a word.
func (s *service) names() *strings.Replacer {
	events, err := s.Store.History(s.t.Context(), s.of.ID)
	orFail(s.t, err)
	hash, err := s.audit.Hash()
	orFail(s.t, err)
	return strings.NewReplacer(s.audit.ID, "ULID", hash, "HASH",
		hex.EncodeToString(events[0].Hash), "FIRST", hex.EncodeToString(events[1].Hash), "SECOND")
}

func TestWithoutADigestNothingIsSaidToBeWell(t *testing.T) { // threat:T15
	s := newService(t)
	orFail(t, os.RemoveAll(s.folder))
	if out, err := s.check(); err == nil || strings.Contains(out, "as they were") {
		t.Errorf("error %v, told %s", err, out)
	}
}
