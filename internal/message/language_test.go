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
