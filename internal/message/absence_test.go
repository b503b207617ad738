package message_test

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/mail/mailtest"
	"voordeur/internal/routing"
)

// away has a worker be away from Monday 23 November on, with who stands in for them.
func (w *world) away(worker, to, standIn string) {
	w.t.Helper()
	after := []routing.Absence{{From: "2026-11-23", To: to, StandIn: standIn}}
	must(w.t, w.store.SaveAbsence(w.t.Context(), worker, nil, after, casework.Audit{At: monday(), Worker: worker, About: worker}))
}

// said is what a mail says, its quoted-printable parts as text.
func said(t *testing.T, m mailtest.Received) string {
	t.Helper()
	plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(m.Data)))
	must(t, err)
	return string(plain)
}

// G4: what is meant for a lead who is away goes to who stands in, and says for whom. The lead stays the lead.
func TestMailOfWhoIsAwayGoesToTheStandIn(t *testing.T) { // feature:G4
	for name, tt := range map[string]struct {
		away func(w *world, lead, standIn string)
		in   bool // the stand-in gets it
	}{
		"nobody is away":               {func(*world, string, string) {}, false},
		"the lead is away":             {func(w *world, lead, standIn string) { w.away(lead, "2026-11-27", standIn) }, true},
		"the lead is away with nobody": {func(w *world, lead, _ string) { w.away(lead, "2026-11-27", "") }, false},
		"who stands in is a partner":   {func(w *world, lead, _ string) { w.away(lead, "2026-11-27", "joost") }, false},
		"the stand-in became ill as well": {func(w *world, lead, standIn string) {
			w.away(lead, "2026-11-27", standIn)
			w.away(standIn, "2026-11-24", "noor")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			m := w.message(w.report(answers(nil)), casework.MailLead)
			lead, standIn := m.To, "mees"
			tt.away(w, lead, standIn)
			must(t, w.deliver(monday().Add(time.Second), m))
			people, err := w.store.People(t.Context())
			must(t, err)
			mails := w.server.Mails()
			if len(mails) != 1 {
				t.Fatalf("%d mails", len(mails))
			}
			want := lead
			if tt.in {
				want = standIn
			}
			if mails[0].To != people.Cards[want].Email {
				t.Errorf("it does not go to %s", want)
			}
			if says := strings.Contains(said(t, mails[0]), "Jij vervangt "+people.Cards[lead].Name); says != tt.in {
				t.Errorf("it says for whom: %t", says)
			}
			sent, _ := w.dossier(m.Case).Message(m.ID)
			if got := map[bool]string{true: standIn}[tt.in]; sent.StandIn != got {
				t.Errorf("it is kept that %q got it, want %q", sent.StandIn, got)
			}
			if c := w.dossier(m.Case).Case; c.Lead != lead {
				t.Errorf("the lead is %s", c.Lead)
			}
		})
	}
}

// H6: who lets an offer pass is asked whether they are away, once the coordinator has the case; not when the desk knows.
func TestWhoDoesNotAnswerIsAskedWhetherTheyAreAway(t *testing.T) { // feature:H6
	for name, known := range map[string]bool{"nobody knows": false, "the desk knows": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ref := w.report(answers(nil))
			late := monday().Add(48 * time.Hour)
			must(t, w.work.Overdue(t.Context(), late, ref))
			m := w.message(ref, casework.MailNews)
			if known {
				w.away(m.To, "2026-11-27", "mees")
			}
			must(t, w.deliver(late, m))
			if known {
				w.wantMails(0)
				w.wantStatus(m, casework.Obsolete)
				return
			}
			w.wantMails(1)
			if text := said(t, w.server.Mails()[0]); !strings.Contains(text, "https://bureau.waterstad.example/desk/afwezig\"") || !strings.Contains(text, "ziek") {
				t.Errorf("the mail does not ask: %s", text)
			}
		})
	}
}
