package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

func systems(town *exampletest.Town) casework.SystemIntake {
	return casework.SystemIntake{Intake: town.Intake, Requests: town.Store}
}

func sent(answers form.Answers) form.Draft {
	return form.Draft{Path: form.Full, Language: "nl", Answers: answers}
}

// reports are the references of all reports in the store.
func reports(t *testing.T, town *exampletest.Town) []casework.Reference {
	t.Helper()
	out, err := town.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &town.Store.Cases})
	if err != nil {
		t.Fatal(err)
	}
	var refs []casework.Reference
	for _, it := range out.Items {
		var k dynamo.Key
		if err := attributevalue.UnmarshalMap(it, &k); err != nil {
			t.Fatal(err)
		}
		if id, ok := strings.CutPrefix(k.PK, "REPORT#"); ok && k.SK == "REPORT" {
			refs = append(refs, casework.Reference(id))
		}
	}
	return refs
}

func TestARequestMakesOneReport(t *testing.T) { // invariant:I2
	const key = "6f1b0d1e-8f0a-4c55-9d51-3a3c6b0d2f11"
	type request struct {
		client, key, body string
		after             time.Duration
	}
	first := request{client: "zaaksysteem", key: key, body: "{}"}
	for name, tt := range map[string]struct {
		second  request
		wantErr error
		same    bool
	}{
		"the same once more":             {request{"zaaksysteem", key, "{}", time.Second}, nil, true},
		"the same in the last moment":    {request{"zaaksysteem", key, "{}", casework.RepeatsFor - time.Millisecond}, nil, true},
		"the same after thirty days":     {request{"zaaksysteem", key, "{}", casework.RepeatsFor}, nil, false},
		"something else under the key":   {request{"zaaksysteem", key, "{ }", time.Second}, casework.ErrChanged, false},
		"something else, thirty days on": {request{"zaaksysteem", key, "{ }", casework.RepeatsFor}, nil, false},
		"another key":                    {request{"zaaksysteem", key + "2", "{}", time.Second}, nil, false},
		"another client with that key":   {request{"wachtkamer", key, "{}", time.Second}, nil, false},
		"another client, something else": {request{"wachtkamer", key, "{ }", time.Second}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			answers := exampletest.Answers(nil)
			send := func(r request) (casework.Reference, error) {
				now := monday().Add(r.after)
				return systems(town).Submit(t.Context(), now, casework.NewOnce(r.client, r.key, []byte(r.body), now), sent(answers))
			}
			want, err := send(first)
			if err != nil {
				t.Fatal(err)
			}
			now := monday().Add(tt.second.after)
			once := casework.NewOnce(tt.second.client, tt.second.key, []byte(tt.second.body), now)
			wantBefore := tt.wantErr
			if tt.wantErr == nil && !tt.same {
				wantBefore = casework.ErrNotFound
			}
			if before, err := systems(town).Repeat(t.Context(), now, once); !errors.Is(err, wantBefore) || (err == nil && before != want) {
				t.Errorf("before it is sent: %s and %v, want %v", before, err, wantBefore)
			}
			got, err := send(tt.second)
			if !errors.Is(err, tt.wantErr) || (err == nil && (got == want) != tt.same) {
				t.Errorf("got %s after %s and %v, want the same: %t, and %v", got, want, err, tt.same, tt.wantErr)
			}
			wantReports := 2
			if tt.same || tt.wantErr != nil {
				wantReports = 1
			}
			if all := reports(t, town); len(all) != wantReports {
				t.Errorf("%d reports, want %d", len(all), wantReports)
			}
			again, err := systems(town).Repeat(t.Context(), now, once)
			if !errors.Is(err, tt.wantErr) || again != got {
				t.Errorf("asked again: %s and %v", again, err)
			}
		})
	}
}

func TestARequestThatIsNewIsNotRemembered(t *testing.T) {
	town := exampletest.New(t)
	if _, err := systems(town).Repeat(t.Context(), monday(), casework.NewOnce("zaaksysteem", "new", nil, monday())); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// I2: twenty at one moment, and with the answers of the store lost.
//
// invariant:I2
// threat:T26
func TestTheSameRequestAtOneMomentMakesOneReport(t *testing.T) {
	for name, fault := range map[string]dynoxidetest.Fault{
		"nothing is lost": dynoxidetest.None, "every other answer is lost": dynoxidetest.DropAfter,
		"every other call is lost": dynoxidetest.DropBefore,
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			in := faulty(town, func(n int) dynoxidetest.Fault {
				if n%2 == 0 {
					return fault
				}
				return dynoxidetest.None
			})
			answers := exampletest.Answers(nil)
			got := make([]casework.Reference, 20)
			atOnce(len(got), func(i int) {
				for err := errors.New("not sent yet"); err != nil; { // a system sends again until it is answered
					got[i], err = in.Submit(t.Context(), monday(), casework.NewOnce("zaaksysteem", "key", []byte("{}"), monday()), sent(answers))
				}
			})
			all := reports(t, town)
			if len(all) != 1 {
				t.Fatalf("%d reports of one request", len(all))
			}
			if slices.ContainsFunc(got, func(ref casework.Reference) bool { return ref != all[0] }) {
				t.Errorf("answered %v, stored %s", got, all[0])
			}
		})
	}
}

// A system that got no answer at all sends again, as a new process of ours takes it: no report is lost, none doubled.
//
// threat:T26
func TestARequestWhoseAnswerIsLostForGoodIsAnsweredTheNextTime(t *testing.T) {
	for name, fault := range map[string]dynoxidetest.Fault{"stored": dynoxidetest.DropAfter, "not stored": dynoxidetest.DropBefore} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			answers := exampletest.Answers(nil)
			once := casework.NewOnce("zaaksysteem", "key", []byte("{}"), monday())
			in := faulty(town, func(int) dynoxidetest.Fault { return fault })
			if ref, err := in.Submit(t.Context(), monday(), once, sent(answers)); err == nil {
				t.Fatalf("answered %s though nothing came back", ref)
			}
			ref, err := systems(town).Submit(t.Context(), monday(), once, sent(answers))
			if all := reports(t, town); err != nil || !cmp.Equal(all, []casework.Reference{ref}) {
				t.Errorf("answered %s and %v, stored %v", ref, err, all)
			}
		})
	}
}

// faulty is the intake over a store whose transactions meet a fault by their number.
func faulty(town *exampletest.Town, next func(n int) dynoxidetest.Fault) casework.SystemIntake {
	n := -1
	faults := &dynoxidetest.Faults{Next: func(operation string) dynoxidetest.Fault {
		if operation != "TransactWriteItems" {
			return dynoxidetest.None
		}
		n++
		return next(n)
	}}
	in := systems(town)
	store := &dynamo.Store{Client: dynamodb.NewFromConfig(faults.With(town.Config)), Cases: town.Store.Cases, Short: town.Store.Short}
	in.Reports, in.Requests = store, store
	return in
}

func TestNothingThatASystemSendsIsLeftOutSilently(t *testing.T) {
	for name, tt := range map[string]struct {
		over form.Answers
		want []form.Problem // field and code
	}{
		"nothing is wrong": {form.Answers{"story": {"Het gaat niet."}}, nil},
		"a skipped question that is not asked is no matter": {form.Answers{"area_main": {}}, nil},
		"an answer that is not on offer": {
			form.Answers{"safe_now": {"maybe"}}, []form.Problem{{Field: "safe_now", Code: form.CodeChoice}},
		},
		"one of several that is not on offer": {
			form.Answers{"areas": {"money", "gold"}}, []form.Problem{{Field: "areas", Code: form.CodeChoice}},
		},
		"an answer to a question that is not asked": {
			form.Answers{"area_main": {"money"}}, []form.Problem{{Field: "area_main", Code: casework.CodeNotAsked}},
		},
		"a date that belongs to nothing": {
			form.Answers{"hard_date": {"none"}, "hard_date.day": {"1"}}, []form.Problem{{Field: "hard_date.day", Code: casework.CodeNotAsked}},
		},
		"what the form says too": {
			form.Answers{"call_name": {}, "phone": {"0"}, "companion_contact.phone": {"06 12345678"}},
			[]form.Problem{
				{Field: "call_name", Code: form.CodeRequired},
				{Field: "phone", Code: form.CodePhone},
				{Field: "companion_contact.phone", Code: casework.CodeNotAsked},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			town := exampletest.New(t)
			once := casework.NewOnce("zaaksysteem", "key", []byte(name), monday())
			_, err := systems(town).Submit(t.Context(), monday(), once, sent(exampletest.Answers(tt.over)))
			var got []form.Problem
			if refused, ok := errors.AsType[*casework.ProblemsError](err); ok {
				for _, p := range refused.Problems {
					got = append(got, form.Problem{Field: p.Field, Code: p.Code})
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if wantReports := map[bool]int{true: 1, false: 0}[tt.want == nil]; len(reports(t, town)) != wantReports {
				t.Errorf("%d reports, want %d", len(reports(t, town)), wantReports)
			}
		})
	}
}
