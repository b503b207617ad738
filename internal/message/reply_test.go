package message_test

import (
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// H7: a reply to a mail about a case goes to the working address of its area's team, never to the sender and never into
// nothing; the mail says so. That holds for whatever a worker is mailed of it.
func TestAReplyOfAWorkerGoesToTheTeam(t *testing.T) { // feature:H7 //ux:25
	w := newWorld(t)
	for postcode, want := range map[string]string{
		"9991 AB": "wijkteam-noord@waterstad.example", "9998 AB": "wijkteam-midden-zuid@waterstad.example",
	} {
		ref := w.report(answers(form.Answers{"postcode": {postcode}, "basics": {"food"}}))
		late := monday().Add(casework.ArriveWithin)
		for _, m := range w.dossier(ref).Messages {
			must(t, w.work.Undelivered(t.Context(), late, ref, m.ID))
		}
		kinds := map[casework.MessageKind]bool{}
		for _, m := range slices.Backward(w.dossier(ref).Messages) { // what is told of a mail is told before it goes out
			if m.To == casework.Resident {
				continue
			}
			kinds[m.Kind] = true
			before := len(w.server.Mails())
			must(t, w.deliver(late.Add(time.Second), m))
			sent := w.server.Mails()[before:]
			if len(sent) != 1 {
				t.Fatalf("%s: %d mails", m.ID, len(sent))
			}
			read, err := mail.ReadMessage(strings.NewReader(string(sent[0].Data)))
			must(t, err)
			if got, err := mail.ParseAddress(read.Header.Get("Reply-To")); err != nil || got.Address != want {
				t.Errorf("%s: a reply goes to %v, want %s; %v", m.ID, got, want, err)
			}
		}
		if !kinds[casework.MailLead] || !kinds[casework.MailLook] || !kinds[casework.MailUndelivered] {
			t.Errorf("only of %v was a mail read", kinds)
		}
	}
}
