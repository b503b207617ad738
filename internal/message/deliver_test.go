package message_test

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"voordeur/infra/local/dynoxide"
	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example"
	"voordeur/infra/local/kms"
	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
	"voordeur/internal/mail"
	"voordeur/internal/mail/mailtest"
	"voordeur/internal/message"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
	"voordeur/internal/seal"
	"voordeur/internal/seal/vault"
	"voordeur/schemas"
)

// monday is Monday 23 November 2026, 10.00 in Waterstad.
func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// world is a municipality with its real store, envelopes and mail client.
type world struct {
	t        *testing.T
	store    *dynamo.Store
	intake   casework.Intake
	work     casework.Work
	server   *mailtest.Server
	delivery *message.Delivery
}

func newWorld(t *testing.T) *world {
	t.Helper()
	data, err := schemas.Municipality("waterstad")
	must(t, err)
	m, err := municipality.Read(data)
	must(t, err)
	name := strings.ReplaceAll(t.Name(), "/", "-")
	store := &dynamo.Store{Client: dynoxidetest.Client(t), Cases: "cases-" + name, Short: "short-" + name}
	service, err := kms.New("alias/keys", "")
	must(t, err)
	keyServer := httptest.NewServer(service)
	t.Cleanup(keyServer.Close)
	keyVault := vault.Vault{KMS: awskms.NewFromConfig(dynoxide.Config(keyServer.URL)), KeyID: "alias/keys", Municipality: m.ID}
	must(t, example.SetUp(t.Context(), store, keyVault))
	keys, err := store.Keys(t.Context())
	must(t, err)
	sealer, err := seal.NewSealer(m.ID, keys)
	must(t, err)
	opener := vault.NewOpener(keyVault, store.Keys)
	server := mailtest.Start(t)
	return &world{
		t: t, store: store, server: server,
		intake: casework.Intake{Municipality: m, Form: form.Of(m), Reports: store, Sealer: sealer, Views: seal.Views{Municipality: m.ID}},
		work:   casework.Work{Municipality: m, Store: store, Sealer: sealer, Opener: opener, Matcher: opener, Views: seal.Views{Municipality: m.ID}},
		delivery: &message.Delivery{
			Writer: message.NewWriter(m), Outbox: store, Cases: store, Opener: opener, Matcher: opener, Transport: mail.SMTP{Server: server.Address},
			Links: message.Links{Public: "https://hulp.waterstad.example", Desk: "https://bureau.waterstad.example/desk/"},
		},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answers is a report that goes to a generalist, with a safe e-mail address.
func answers(more form.Answers) form.Answers {
	a := form.Answers{
		"helpers": {"none"}, "companion": {"unknown"}, "hide_from": {"no"}, "for_whom": {"myself"}, "safe_now": {"yes"},
		"call_name": {"Sam"}, "contact_way": {"email"}, "email": {"sam@thuis.example"}, "postcode": {"9991 AB"},
	}
	maps.Copy(a, more)
	return a
}

// report submits a report and makes a case of it.
func (w *world) report(a form.Answers) casework.Reference {
	w.t.Helper()
	receipt, err := w.intake.Submit(w.t.Context(), monday(), casework.NewSecret(), form.Draft{Path: form.Full, Language: "nl", Answers: a})
	must(w.t, err)
	must(w.t, w.work.Take(w.t.Context(), monday(), receipt.Reference))
	return receipt.Reference
}

func (w *world) dossier(ref casework.Reference) casework.Dossier {
	w.t.Helper()
	d, err := w.store.Dossier(w.t.Context(), ref)
	must(w.t, err)
	return d
}

// message returns the case's newest message of a kind.
func (w *world) message(ref casework.Reference, kind casework.MessageKind) casework.Message {
	w.t.Helper()
	var found casework.Message
	for _, m := range w.dossier(ref).Messages {
		if m.Kind == kind && m.ID > found.ID {
			found = m
		}
	}
	if found.ID == "" {
		w.t.Fatalf("case owes no %s", kind)
	}
	return found
}

func (w *world) deliver(now time.Time, m casework.Message) error {
	w.t.Helper()
	return w.delivery.Deliver(w.t.Context(), now, m.Case, m.ID)
}

func (w *world) wantMails(n int) {
	w.t.Helper()
	if got := len(w.server.Mails()); got != n {
		w.t.Errorf("%d mails were sent, want %d", got, n)
	}
}

func (w *world) wantStatus(m casework.Message, want casework.MessageStatus) {
	w.t.Helper()
	for _, got := range w.dossier(m.Case).Messages {
		if got.ID == m.ID && got.Status != want {
			w.t.Errorf("message %s is %s after %d tries, want %s", m.ID, got.Status, got.Tries, want)
		}
	}
}

func (w *world) remove(pk, sk string) {
	w.t.Helper()
	_, err := w.store.Client.DeleteItem(w.t.Context(), &dynamodb.DeleteItemInput{TableName: &w.store.Cases, Key: map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk},
	}})
	must(w.t, err)
}

func TestLeadAndResidentAreToldOnce(t *testing.T) {
	w := newWorld(t)
	ref := w.report(answers(nil))
	for range 3 {
		for _, m := range w.dossier(ref).Messages {
			must(t, w.deliver(monday().Add(time.Second), m))
		}
	}
	w.wantMails(2)
	for _, kind := range []casework.MessageKind{casework.MailLead, casework.MailReceipt} {
		m := w.message(ref, kind)
		if m.Status != casework.Sent || m.Tries != 1 || m.Provider == "" || !m.Sent.Equal(monday().Add(time.Second)) {
			t.Errorf("message %s: %s after %d tries at %s", m.ID, m.Status, m.Tries, m.Sent)
		}
	}
	people, err := w.store.People(t.Context())
	must(t, err)
	want := []string{"sam@thuis.example", people.Cards[w.dossier(ref).Case.Lead].Email}
	var got []string
	for _, m := range w.server.Mails() {
		got = append(got, m.To)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Error("the mails are not for the resident and the lead")
	}
}

// invariant:I7
func TestStreamAndSweepAtOneMomentSendOneMail(t *testing.T) {
	w := newWorld(t)
	ref := w.report(answers(nil))
	m := w.message(ref, casework.MailLead)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if err := w.delivery.Deliver(t.Context(), monday().Add(casework.SweepAfter), ref, m.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.wantMails(1)
}

// threat:T25
// invariant:I6
func TestAMailThatFailsIsTriedAgainLaterAndLater(t *testing.T) {
	w := newWorld(t)
	m := w.message(w.report(answers(nil)), casework.MailLead)
	w.server.Fail(mailtest.AtTo, 451, "later")
	now := monday()
	for i, wait := range []time.Duration{1, 2, 4, 8, 15, 15} {
		if err := w.deliver(now, m); err == nil {
			t.Fatalf("try %d: no error", i+1)
		} else if strings.Contains(err.Error(), "@") {
			t.Errorf("try %d: the error holds an address", i+1)
		}
		if got := w.message(m.Case, m.Kind); got.Status != casework.Pending || !got.NextTry.Equal(now.Add(wait*time.Minute)) {
			t.Errorf("try %d: %s, next at %s", i+1, got.Status, got.NextTry.Sub(now))
		}
		must(t, w.deliver(now.Add(wait*time.Minute-time.Second), m)) // too early: nothing happens
		now = now.Add(wait * time.Minute)
	}
	w.server.Fail(mailtest.AtTo, 0, "")
	must(t, w.deliver(now, m))
	w.wantMails(1)
	w.wantStatus(m, casework.Sent)
}

func TestWhatCannotBeSentIsMarkedForAPerson(t *testing.T) {
	flagged := answers(form.Answers{
		"hide_from": {"yes"}, "contact_way": {"email", "call"}, "phone": {"06 12345678"}, "safe_contact": {"call"},
	})
	tests := map[string]struct {
		answers form.Answers
		kind    casework.MessageKind
		prepare func(w *world, m casework.Message)
	}{
		"refused for good": {answers(nil), casework.MailReceipt, func(w *world, _ casework.Message) {
			w.server.Fail(mailtest.AtTo, 550, "no such user")
		}},
		"a worker who left": {answers(nil), casework.MailLead, func(w *world, m casework.Message) {
			w.remove("WORKERS", "WORKER#"+m.To)
		}},
		"a worker who is active no more": {answers(nil), casework.MailLead, func(w *world, m casework.Message) {
			w.change(m.To, func(_ *directory.Card, worker *routing.Worker) { worker.Active = false })
		}},
		"a worker whose day to leave has come": {answers(nil), casework.MailLead, func(w *world, m casework.Message) {
			w.change(m.To, func(_ *directory.Card, worker *routing.Worker) { worker.LeftOn = "2026-11-01" })
		}},
		"a worker without an address": {answers(nil), casework.MailLead, func(w *world, m casework.Message) {
			w.change(m.To, func(card *directory.Card, _ *routing.Worker) { card.Email = "" })
		}},
		"a resident whose report was erased": {answers(nil), casework.MailReceipt, func(w *world, m casework.Message) {
			w.remove("REPORT#"+string(m.Case), "REPORT")
		}},
		"a resident whose contact data were erased": {answers(nil), casework.MailReceipt, func(w *world, m casework.Message) {
			w.eraseContact(m.Case)
		}},
		"an address that is not safe": {flagged, casework.MailReceipt, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ref := w.report(test.answers)
			m := casework.Message{Case: ref, ID: "0001-receipt-resident", Kind: casework.MailReceipt, To: casework.Resident}
			if test.prepare != nil {
				m = w.message(ref, test.kind)
				test.prepare(w, m)
			} else {
				w.owe(m)
			}
			must(t, w.deliver(monday(), m))
			must(t, w.deliver(monday().Add(time.Hour), m))
			w.wantMails(0)
			w.wantStatus(m, casework.Unsendable)
		})
	}
}

// change replaces a worker by a changed one.
func (w *world) change(id string, by func(*directory.Card, *routing.Worker)) {
	w.t.Helper()
	people, err := w.store.People(w.t.Context())
	must(w.t, err)
	worker, _ := people.Worker(id)
	card := people.Cards[id]
	by(&card, &worker)
	w.remove("WORKERS", "WORKER#"+id)
	must(w.t, w.store.AddWorker(w.t.Context(), card, worker))
}

func (w *world) eraseContact(ref casework.Reference) {
	w.t.Helper()
	_, err := w.store.Client.UpdateItem(w.t.Context(), &dynamodb.UpdateItemInput{
		TableName: &w.store.Cases, UpdateExpression: aws.String("REMOVE contact"), Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "REPORT#" + string(ref)}, "SK": &types.AttributeValueMemberS{Value: "REPORT"},
		},
	})
	must(w.t, err)
}

// owe puts a message in the outbox that the case itself would not owe.
func (w *world) owe(m casework.Message) {
	w.t.Helper()
	s := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	at := monday().Format(time.RFC3339)
	_, err := w.store.Client.PutItem(w.t.Context(), &dynamodb.PutItemInput{TableName: &w.store.Cases, Item: map[string]types.AttributeValue{
		"PK": s("CASE#" + string(m.Case)), "SK": s("MESSAGE#" + m.ID), "id": s(m.ID), "kind": s(string(m.Kind)), "to": s(m.To),
		"created": s(at), "status": s(string(casework.Pending)), "tries": &types.AttributeValueMemberN{Value: "0"},
		"todo": s("MESSAGE"), "at": s(at),
	}})
	must(w.t, err)
}

func TestAnOfferThatWasAcceptedIsNotMailed(t *testing.T) {
	w := newWorld(t)
	ref := w.report(answers(nil))
	c := w.dossier(ref).Case
	must(t, w.work.Accept(t.Context(), casework.Click{At: monday(), Case: ref, By: casework.Reader{Worker: c.Lead}, Shown: c.Version, Command: "accept"}))
	m := w.message(ref, casework.MailLead)
	must(t, w.deliver(monday(), m))
	w.wantMails(0)
	w.wantStatus(m, casework.Obsolete)
}

// invariant:I7
func TestAMailIsMarkedAlsoWhenTheCallerGivesUp(t *testing.T) {
	w := newWorld(t)
	m := w.message(w.report(answers(nil)), casework.MailLead)
	ctx, giveUp := context.WithCancel(t.Context())
	w.delivery.Transport = afterwards{w.delivery.Transport, giveUp}
	must(t, w.delivery.Deliver(ctx, monday(), m.Case, m.ID))
	must(t, w.deliver(monday().Add(casework.ClaimLasts), m))
	w.wantMails(1)
	w.wantStatus(m, casework.Sent)
}

// afterwards does something right after each send.
type afterwards struct {
	message.Transport
	then func()
}

func (a afterwards) Send(ctx context.Context, m message.Mail) (string, error) {
	defer a.then()
	return a.Transport.Send(ctx, m)
}

// invariant:I6
// invariant:I7
func TestAClaimThatRanOutIsTakenOverUnderTheSameMessageID(t *testing.T) {
	w := newWorld(t)
	m := w.message(w.report(answers(nil)), casework.MailLead)
	_, err := w.store.Claim(t.Context(), m.Case, m.ID, monday()) // a sender that dies here
	must(t, err)
	must(t, w.deliver(monday().Add(casework.ClaimLasts-time.Second), m))
	w.wantMails(0)
	must(t, w.deliver(monday().Add(casework.ClaimLasts), m))
	w.wantMails(1)
	id := fmt.Sprintf("Message-ID: <%s@waterstad.example>", message.Key("waterstad", m.Case, m.ID))
	if !strings.Contains(string(w.server.Mails()[0].Data), id) {
		t.Errorf("mail lacks %q", id)
	}
}

func TestAMessageThatIsNotThereIsAnError(t *testing.T) {
	w := newWorld(t)
	if err := w.delivery.Deliver(t.Context(), monday(), "K7M-4RT-9XC", "0001-lead-fenna"); err == nil {
		t.Error("no error")
	}
}
