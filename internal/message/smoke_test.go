package message_test

import (
	"strings"
	"testing"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// P3: the mail of a smoke test goes to the address in the municipality's file, and to nobody when there is none.
//
// feature:P3
func TestASmokeTestIsMailedToTheTestLead(t *testing.T) {
	tests := map[string]struct {
		lead string
		want casework.MessageStatus
	}{
		"to the test lead":   {"proef@gemeente.example", casework.Sent},
		"there is none here": {"", casework.Unsendable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.delivery.TestLead = tt.lead
			mark, err := w.work.SmokeTestName(t.Context(), monday())
			must(t, err)
			ref := w.report(answers(form.Answers{"call_name": {mark}}))
			m := w.message(ref, casework.MailSmokeTest)
			must(t, w.deliver(monday(), m))
			must(t, w.deliver(monday(), m)) // the stream and the sweep both may
			if got := w.message(ref, casework.MailSmokeTest).Status; got != tt.want {
				t.Errorf("message is %s, want %s", got, tt.want)
			}
			mails := w.server.Mails()
			if tt.want != casework.Sent {
				if len(mails) > 0 {
					t.Errorf("%d mails went out", len(mails))
				}
				return
			}
			if len(mails) != 1 || mails[0].To != tt.lead || !strings.Contains(string(mails[0].Data), "Subject: Proef "+string(ref)) {
				t.Errorf("mails are %+v", mails)
			}
			if strings.Contains(string(mails[0].Data), mark[len(mark)-32:]) {
				t.Error("the mail tells the mark")
			}
		})
	}
}
