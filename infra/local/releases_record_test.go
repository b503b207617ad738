package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/kms"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/message"
	"voordeur/internal/seal/vault"
)

// recordAs keeps what the code at hand writes as the rows of a release, on the commit that is released:
//
//	go test ./infra/local -run TestWhatAReleaseWrote -release 0.3
//
//nolint:gochecknoglobals // a flag of the test binary
var recordAs = flag.String("release", "", "keep what this code writes as the rows of this release")

// release is a town as one release left it: everything that it wrote, and what its people knew of it.
type release struct {
	Name   string    `json:"release"`
	Now    time.Time `json:"now"`     // business time at which it stopped
	KMSKey []byte    `json:"kms_key"` // of the stand-in for key management
	Cases  []row     `json:"cases"`   // of the case table
	Short  []row     `json:"short"`   // of the short-lived table
	Told   []told    `json:"told"`
	Draft  draft     `json:"draft"`
}

// row is one row as DynamoDB writes it.
type row map[string]json.RawMessage

// told is one report with what must be found again.
type told struct {
	What      string             `json:"what"`
	Reference casework.Reference `json:"reference"`
	State     casework.State     `json:"state"` // submitted: no case was made of it yet
	Owner     string             `json:"owner,omitempty"`
	Events    int                `json:"events"`
	CallName  string             `json:"call_name"`
	Story     string             `json:"story"`
	Reasons   []string           `json:"reasons,omitempty"` // in people's words, for the timeline
	LinkToken string             `json:"link_token,omitempty"`
}

// draft is a form that somebody is still filling in.
type draft struct {
	Secret string `json:"secret"`
	Story  string `json:"story"`
}

// recording makes cases in every state they have.
type recording struct {
	*testing.T
	*example.Town
	delivery message.Delivery
	release  release
	answer   error // of the mail service
}

// moment is when a recorded release stops: a Monday, 11.00 uur in Amsterdam.
func moment() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) }

// record runs the code at hand through the life of a town.
func record(t *testing.T, name string) release {
	t.Helper()
	m, err := readMunicipality(waterstad)
	orFail(t, err)
	keyFile := filepath.Join(t.TempDir(), "kms.key")
	fake, err := kms.New("alias/local", keyFile)
	orFail(t, err)
	keys := httptest.NewServer(fake)
	t.Cleanup(keys.Close)
	endpoint := dynoxidetest.Endpoint(t)
	store := &dynamo.Store{
		Client: dynamodb.NewFromConfig(dynoxide.Config(endpoint)),
		Cases:  "cases-" + casework.NewSecret().DraftID(), Short: "short-" + casework.NewSecret().DraftID(),
	}
	town, err := example.Open(t.Context(), m, store, vault.Vault{
		KMS: awskms.NewFromConfig(dynoxide.Config(keys.URL)), KeyID: "alias/local", Municipality: m.ID,
	})
	orFail(t, err)
	r := &recording{T: t, Town: town, release: release{Name: name, Now: moment()}}
	r.delivery = message.Delivery{
		Writer: message.NewWriter(m), Outbox: store, Cases: store, Opener: town.Opener, Transport: r,
		Links: message.Links{Public: "https://hulp.waterstad.example", Desk: "https://bureau.waterstad.example/desk/"},
	}
	r.live()
	r.release.KMSKey, err = os.ReadFile(keyFile)
	orFail(t, err)
	r.now()
	r.release.Cases, r.release.Short = scan(t, endpoint, store.Cases), scan(t, endpoint, store.Short)
	return r.release
}

// live is what happens in the town: a case in every state, mails sent, owed and refused, a draft.
func (r *recording) live() {
	now := moment()
	r.report("waits to be taken", now.Add(-time.Minute), nil)
	r.taken("offered, its mails owed", now.Add(-20*time.Minute), nil)
	r.cameBack(r.sent("offered, its mails sent", now.Add(-25*time.Minute), nil))
	r.answer = message.ErrRefused
	r.sent("offered, its mails refused", now.Add(-30*time.Minute), nil)
	r.answer = errors.New("mail service is down")
	r.sent("offered, its mails tried in vain", now.Add(-30*time.Second), nil)
	r.answer = nil
	r.accepted()
	r.handedOn()
	r.urgent()
	r.matched()
	r.bySystem()
	r.draft()
}

// accepted makes the cases that somebody accepted.
func (r *recording) accepted() {
	start := moment().Add(-3 * time.Hour)
	i := r.sent("accepted", start, nil)
	orFail(r, r.Work.Accept(r.Context(), r.click(i, start.Add(time.Hour), r.owner(i))))
	i = r.sent("spoken with", start.Add(time.Minute), nil)
	orFail(r, r.Work.Accept(r.Context(), r.click(i, start.Add(time.Hour), r.owner(i))))
	orFail(r, r.Work.Contacted(r.Context(), r.click(i, start.Add(2*time.Hour), r.owner(i))))
	long := moment().AddDate(0, 0, -14)
	i = r.sent("accepted, not spoken with in time", long, nil)
	orFail(r, r.Work.Accept(r.Context(), r.click(i, long.Add(time.Hour), r.owner(i))))
	r.overdue(i, casework.DueContact)
	i = r.sent("somebody may not know", start.Add(2*time.Minute), form.Answers{
		"hide_from": {"yes"}, "safe_contact": {"call", "email"}, "safe_contact.when": {"tussen tien en elf"},
	})
	orFail(r, r.Work.Accept(r.Context(), r.click(i, start.Add(time.Hour), r.owner(i))))
}

// handedOn makes the cases that went to somebody else.
func (r *recording) handedOn() {
	start := moment().Add(-2 * time.Hour)
	i := r.sent("given back", start, nil)
	r.release.Told[i].Reasons = []string{"Ik ken dit gezin van de sportclub."}
	orFail(r, r.Work.GiveBack(r.Context(), r.click(i, start.Add(time.Hour), r.owner(i)), r.release.Told[i].Reasons[0], true))
	thursday := moment().AddDate(0, 0, -4)
	i = r.sent("nobody answered", thursday, nil)
	r.overdue(i, casework.DueAccept)
	i = r.sent("placed by the coordinator", thursday.Add(time.Minute), nil)
	r.overdue(i, casework.DueAccept)
	r.release.Told[i].Reasons = []string{"Zij kent de straat goed."}
	orFail(r, r.Work.Place(r.Context(), r.click(i, moment().Add(-5*time.Minute), r.owner(i)), "samira", r.release.Told[i].Reasons[0]))
}

// urgent makes the cases that somebody on duty looks at first.
func (r *recording) urgent() {
	start := moment().Add(-50 * time.Minute)
	i := r.sent("nobody has looked yet", start, form.Answers{"basics": {"food"}})
	r.overdue(i, casework.DueLookNext)
	i = r.sent("looked at", start.Add(time.Minute), form.Answers{"basics": {"bed"}})
	orFail(r, r.Work.Looked(r.Context(), r.click(i, start.Add(10*time.Minute), r.head(i).Look.Holder())))
}

// matched makes the cases of households that came before.
func (r *recording) matched() {
	start := moment().Add(-4 * time.Hour)
	again := func(what string) int {
		number := fmt.Sprintf("06 5550%04d", len(r.release.Told))
		home := form.Answers{"phone": {number}, "house_number": {fmt.Sprint(800 + len(r.release.Told))}}
		first := r.sent(what+": the running case", start, home)
		orFail(r, r.Work.Accept(r.Context(), r.click(first, start.Add(time.Minute), r.owner(first))))
		return r.sent(what, start.Add(2*time.Hour), home)
	}
	again("may belong to a running case")
	i := again("added to a running case")
	orFail(r, r.Work.Merge(r.Context(), r.click(i, start.Add(3*time.Hour), r.owner(i))))
	i = again("of another household")
	orFail(r, r.Work.Apart(r.Context(), r.click(i, start.Add(3*time.Hour), r.owner(i))))
	i = again("an addition taken back")
	orFail(r, r.Work.Merge(r.Context(), r.click(i, start.Add(3*time.Hour), r.owner(i))))
	r.release.Told[i].Reasons = []string{"Het bleken buren te zijn."}
	click := r.click(i, start.Add(200*time.Minute), "willem")
	click.By.Coordinator = true
	orFail(r, r.Work.Unmerge(r.Context(), click, r.release.Told[i].Reasons[0]))
}

// cameBack has the mail service tell that the mails of a case came back.
func (r *recording) cameBack(i int) {
	every := func(string) bool { return true }
	at := moment().Add(-20 * time.Minute)
	_, _, err := r.Store.Feedback(r.Context(), r.release.Told[i].Reference, every, casework.Bounced, at)
	orFail(r, err)
}

// bySystem sends a report by one of the municipality's systems.
func (r *recording) bySystem() {
	in := casework.SystemIntake{Intake: r.Intake, Requests: r.Store}
	draft := form.Draft{Path: form.Full, Language: "nl", Answers: exampletest.Answers(form.Answers{
		"call_name": {"Bewoner Systeem"}, "story": {"Dit kwam van een ander systeem."},
	})}
	at := moment().Add(-10 * time.Second)
	ref, err := in.Submit(r.Context(), at, casework.NewOnce(systemClient, systemKey, nil, at), draft)
	orFail(r, err)
	r.release.Told = append(r.release.Told, told{
		What: requested, Reference: ref, State: casework.Submitted,
		CallName: draft.Answers.One("call_name"), Story: draft.Answers.One("story"),
	})
}

const (
	requested    = "sent by a system"
	systemClient = "local-api"
	systemKey    = "een-verzoek"
)

// draft begins a form and leaves it there.
func (r *recording) draft() {
	secret := casework.NewSecret()
	r.release.Draft = draft{Secret: secret.String(), Story: "Hier ben ik gebleven."}
	orFail(r, r.Drafts.Save(r.Context(), secret, form.Draft{
		Path: form.Full, Language: "nl", Answers: form.Answers{"story": {r.release.Draft.Story}},
	}, moment().Add(-time.Hour)))
}

// report sends a form and returns its place in what was told.
func (r *recording) report(what string, at time.Time, over form.Answers) int {
	r.Helper()
	n := len(r.release.Told) + 1
	answers := exampletest.Answers(form.Answers{
		"call_name": {fmt.Sprintf("Bewoner Voorbeeld %d", n)}, "story": {fmt.Sprintf("Dit is verhaal %d van %s.", n, r.release.Name)},
		"goal": {"Rust."}, "helpers": {"none"}, "areas": {"money"},
	})
	maps.Copy(answers, over)
	secret := casework.NewSecret()
	receipt, err := r.Intake.Submit(r.Context(), at, secret, form.Draft{Path: form.Full, Language: "nl", Answers: answers})
	orFail(r, err)
	to := told{
		What: what, Reference: receipt.Reference, State: casework.Submitted,
		CallName: answers.One("call_name"), Story: answers.One("story"), LinkToken: secret.LinkToken().String(),
	}
	if answers.SafetyFlag() {
		to.LinkToken = ""
	}
	r.release.Told = append(r.release.Told, to)
	return n - 1
}

// taken sends a form and has dispatch take it.
func (r *recording) taken(what string, at time.Time, over form.Answers) int {
	r.Helper()
	i := r.report(what, at, over)
	orFail(r, r.Work.Take(r.Context(), at, r.release.Told[i].Reference))
	return i
}

// sent is taken, with the mails that are owed sent as far as the mail service does.
func (r *recording) sent(what string, at time.Time, over form.Answers) int {
	r.Helper()
	i := r.taken(what, at, over)
	d, err := r.Store.Dossier(r.Context(), r.release.Told[i].Reference)
	orFail(r, err)
	for _, m := range d.Messages {
		if err := r.delivery.Deliver(r.Context(), at, m.Case, m.ID); err != nil && r.answer == nil {
			r.Fatal(err)
		}
	}
	return i
}

// Send is the mail service.
func (r *recording) Send(context.Context, message.Mail) (string, error) { return "taken", r.answer }

// overdue lets a deadline of a case go by.
func (r *recording) overdue(i int, kind casework.DeadlineKind) {
	r.Helper()
	c := r.head(i)
	due, ok := c.Deadline(kind)
	if !ok || due.At.After(moment()) {
		r.Fatalf("%s: no deadline %s that went by", r.release.Told[i].What, kind)
	}
	orFail(r, r.Work.Overdue(r.Context(), due.At, c.ID))
}

func (r *recording) head(i int) casework.Case {
	r.Helper()
	c, err := r.Store.Case(r.Context(), r.release.Told[i].Reference)
	orFail(r, err)
	return c
}

func (r *recording) owner(i int) string {
	c := r.head(i)
	return c.Owner()
}

func (r *recording) click(i int, at time.Time, by string) casework.Click {
	c := r.head(i)
	return casework.Click{
		At: at, Case: c.ID, By: casework.Reader{Worker: by, Coordinator: c.State == casework.Escalated},
		Shown: c.Version, Command: casework.NewSecret().DraftID(),
	}
}

// now writes down how every report stands.
func (r *recording) now() {
	for i, to := range r.release.Told {
		d, err := r.Store.Dossier(r.Context(), to.Reference)
		if errors.Is(err, casework.ErrNotFound) {
			continue
		}
		orFail(r, err)
		to.State, to.Owner, to.Events = d.Case.State, d.Case.Owner(), len(d.Events)
		r.release.Told[i] = to
	}
}

// scan returns the rows of a table as DynamoDB writes them.
func scan(t *testing.T, endpoint, table string) []row {
	t.Helper()
	var out struct {
		Items            []row
		LastEvaluatedKey json.RawMessage
	}
	orFail(t, json.Unmarshal(ask(t, endpoint, "Scan", map[string]any{"TableName": table}), &out))
	if out.LastEvaluatedKey != nil {
		t.Fatal("the town is too large for one page")
	}
	return out.Items
}

// ask calls the store in its own words, so that rows stay as they are.
func ask(t *testing.T, endpoint, operation string, in any) []byte {
	t.Helper()
	body, err := json.Marshal(in)
	orFail(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, bytes.NewReader(body))
	orFail(t, err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	r.Header.Set("X-Amz-Date", "20261123T100000Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20261123/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(r)
	orFail(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	orFail(t, err)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s", operation, response.StatusCode, answer)
	}
	return answer
}

func orFail(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const releases = "testdata/releases"

// keep writes a release to its file, one row on a line.
func (r release) keep() error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	lines := strings.NewReplacer(`,{"PK"`, ",\n{\"PK\"", `,{"what"`, ",\n{\"what\"").Replace(string(data))
	return os.WriteFile(filepath.Join(releases, r.Name+".json"), []byte(lines+"\n"), 0o600)
}
