package message_test

import (
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// Who is on duty is told how many suspected reports wait, when the mail is sent; nobody is told of none, and the
// residents hear nothing.
func TestTheNumberThatWaitsIsMailed(t *testing.T) { // threat:T31
	w := newWorld(t)
	now := monday()
	var refs []casework.Reference
	for _, more := range []form.Answers{nil, {"basics": {"food"}}} {
		receipt, err := w.intake.Submit(t.Context(), now, casework.NewSecret(), form.Draft{
			Path: form.Full, Language: "nl", Answers: answers(more), Begun: form.Begun{At: now, Trapped: true},
		})
		must(t, err)
		must(t, w.work.Take(t.Context(), now, receipt.Reference))
		refs = append(refs, receipt.Reference)
	}
	later := now.Add(time.Hour)
	must(t, w.work.TellWaiting(t.Context(), later))
	owed := func(worker string) casework.Message {
		return casework.Message{Case: refs[1], ID: later.Format(time.DateOnly) + "-waiting-" + worker}
	}
	must(t, w.deliver(later, owed("willem")))
	w.wantMails(1)
	mail := w.server.Mails()[0]
	if !strings.Contains(string(mail.Data), "nakijken") || strings.Contains(mail.To, "thuis.example") {
		t.Errorf("the mail to %s says %s", mail.To, mail.Data)
	}
	for _, ref := range refs {
		must(t, w.store.Judge(t.Context(), ref, casework.Judgement{By: "ilse", At: later}))
	}
	must(t, w.deliver(later, owed("ilse")))
	w.wantMails(1)
}
