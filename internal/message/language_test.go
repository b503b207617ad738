package message_test

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// H11: whoever filled in the form in English is written to in English, with a link that opens in English; the lead's
// mail stays Dutch.
//
// feature:H11
func TestTheReceiptFollowsTheLanguageOfTheForm(t *testing.T) {
	w := newWorld(t)
	receipt, err := w.intake.Submit(t.Context(), monday(), casework.NewSecret(), form.Draft{
		Path: form.Full, Language: "en", Answers: answers(nil),
	})
	must(t, err)
	must(t, w.work.Take(t.Context(), monday(), receipt.Reference))
	for _, m := range w.dossier(receipt.Reference).Messages {
		must(t, w.deliver(monday().Add(time.Second), m))
	}
	var english, dutch int
	for _, m := range w.server.Mails() {
		plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(m.Data)))
		must(t, err)
		if strings.Contains(string(plain), "We received your request on") && strings.Contains(string(plain), "?taal=en\r\n") {
			english++
		}
		if strings.Contains(string(plain), "Open de casus") {
			dutch++
		}
	}
	if english != 1 || dutch != 1 {
		t.Errorf("got %d receipts in English and %d mails to a lead in Dutch, want one of each", english, dutch)
	}
}

// C3, H11: who entered the form for a resident and gets the updates is a worker: they are written to in Dutch, and in je,
// whatever the resident speaks. A helper whom the resident chose is written to in the resident's language.
//
// feature:C3
// feature:H11
func TestAnIntermediaryIsWrittenToAsAWorker(t *testing.T) {
	for to, want := range map[casework.Recipient]string{
		casework.ToIntermediary: "Je bericht is aangekomen",
		casework.ToHelper:       "Your message has arrived",
	} {
		t.Run(string(to), func(t *testing.T) {
			w := newWorld(t)
			w.intake.Municipality.Formal = true
			receipt, err := w.intake.Enter(t.Context(), monday(), casework.NewSecret(), form.Draft{
				Path: form.Full, Language: "en", Answers: answers(nil),
			}, casework.Entry{
				Worker: "mees", How: casework.AtCounter, Updates: casework.Updates{To: to, Name: "Mees", Email: "mees@post.example"},
			})
			must(t, err)
			must(t, w.work.Take(t.Context(), monday(), receipt.Reference))
			must(t, w.deliver(monday().Add(time.Second), w.message(receipt.Reference, casework.MailReceipt)))
			if got := string(w.server.Mails()[0].Data); !strings.Contains(got, "Subject: "+want+"\r\n") {
				t.Errorf("the mail is not headed %q: %s", want, got)
			}
		})
	}
}
