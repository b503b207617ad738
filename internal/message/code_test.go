package message_test

import (
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/mail/mailtest"
)

// H3: the code goes to the worker's own address, in the mail alone: not in its subject, and not in any table. Its link is
// an address only, and a reply goes to the team.
func TestACodeIsMailedToTheAddressThatItConfirms(t *testing.T) { // feature:H3 //feature:H7 //threat:T02
	w := newWorld(t)
	people, err := w.store.People(t.Context())
	must(t, err)
	code := casework.NewAddressCode("daan", monday())
	must(t, w.store.BeginCode(t.Context(), code, monday()))
	digits, err := code.Digits(t.Context(), w.work.Matcher, people.Cards["daan"].Email)
	must(t, err)
	d := dynamo.Dispatch{
		Store: w.store, Take: w.work.Take, Overdue: w.work.Overdue, Undelivered: w.work.Undelivered, Deliver: w.delivery.Deliver,
		SendCode: w.delivery.SendCode,
	}
	must(t, d.Sweep(t.Context(), monday().Add(time.Second))) // the stream comes first
	w.wantMails(0)
	for range 2 { // stream and sweep: once it is done, it is done
		must(t, d.Inserted(t.Context(), monday().Add(time.Second), dynamo.Key{PK: "WORK#code-" + code.Nonce, SK: "WORK"}))
	}
	must(t, d.Sweep(t.Context(), monday().Add(time.Minute)))
	w.wantMails(1)
	mail := w.server.Mails()[0]
	head, body, _ := strings.Cut(string(mail.Data), "\r\n\r\n")
	if mail.To != people.Cards["daan"].Email || !strings.Contains(body, digits[:3]+" "+digits[3:]) {
		t.Errorf("to %s: %s", mail.To, body)
	}
	if strings.Contains(head, digits[:3]+" "+digits[3:]) || !strings.Contains(head, "Reply-To: <wijkteam-noord@waterstad.example>") {
		t.Errorf("head: %s", head)
	}
	if strings.Contains(body, "mijn-mail?") || !strings.Contains(body, "https://bureau.waterstad.example/desk/mijn-mail") {
		t.Errorf("the link holds more than an address: %s", body)
	}
}

// Mail that is down is tried again until the code has run out; who left gets none.
func TestACodeIsTriedUntilItRanOut(t *testing.T) { // feature:H3 //threat:T25
	w := newWorld(t)
	d := dynamo.Dispatch{
		Store: w.store, Take: w.work.Take, Overdue: w.work.Overdue, Undelivered: w.work.Undelivered, Deliver: w.delivery.Deliver,
		SendCode: w.delivery.SendCode,
	}
	must(t, w.store.BeginCode(t.Context(), casework.NewAddressCode("daan", monday()), monday()))
	w.server.Fail(mailtest.AtTo, 451, "later")
	if err := d.Sweep(t.Context(), monday().Add(time.Minute)); err == nil {
		t.Error("nobody noticed that the code did not go out")
	}
	w.server.Fail(mailtest.AtTo, 0, "")
	must(t, d.Sweep(t.Context(), monday().Add(2*time.Minute)))
	w.wantMails(1)
	must(t, w.store.BeginCode(t.Context(), casework.NewAddressCode("fenna", monday()), monday()))
	must(t, d.Sweep(t.Context(), monday().Add(casework.CodeLasts)))
	must(t, w.store.BeginCode(t.Context(), casework.NewAddressCode("gone", monday()), monday()))
	must(t, d.Sweep(t.Context(), monday().Add(time.Minute)))
	w.wantMails(1)
}
