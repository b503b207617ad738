package message_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"maps"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"
	"testing"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// canaries is a report with a value of its own in every field that takes free text, and what must not be found.
func canaries(more form.Answers) (a form.Answers, values []string) {
	a = answers(form.Answers{
		"helpers": {"named"}, "helpers.1.name": {"Kanariehelper"}, "helpers.1.with": {"kanariemetwat"}, "helpers.1.relation": {"neighbour"},
		"companion": {"other"}, "companion.1.name": {"Kanariemeekomer"}, "invite_how": {"you"},
		"companion_contact.email": {"kanariemeekomer@elders.example"}, "companion_contact.knows": {"yes"},
		"story": {"Kanarieverhaal over wat er is"}, "areas": {"money", "addiction"}, "area_main": {"addiction"},
		"children": {"yes"}, "children.number": {"2"}, "children.ages": {"kanarieleeftijd"}, "goal": {"kanariedoel"},
		"basics": {"food"}, "call_name": {"Kanarienaam"}, "contact_way": {"email", "call", "letter"}, "phone": {"06 98765432"},
		"email": {"kanariepost@thuis.example"}, "address": {"Kanariestraat 17"}, "safe_contact.when": {"kanariewanneer"},
		"postcode": {"9991 XZ"}, "house_number": {"kanariehuis"},
	})
	maps.Copy(a, more)
	values = []string{"kanarie", "98765432", "9991 xz", "9991xz", "addiction", "verslav", "alcohol", "money", "schuld", "food", "neighbour"}
	return a, values
}

// search returns a function that says how a value, in lower case, stands in a mail; "" when it does not.
func search(data []byte) func(value string) string {
	decoded, _ := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(data))) // up to where it is none
	views := []string{strings.ToLower(string(data)), strings.ToLower(string(decoded))}
	opened := openBase64(string(data)) + openBase64(string(decoded))
	return func(value string) string {
		forms := map[string]string{
			"plain": value, "URL": strings.ToLower(url.QueryEscape(value)), "hexadecimal": hex.EncodeToString([]byte(value)),
			"UTF-16": strings.Join(strings.Split(value, ""), "\x00"),
		}
		for name, form := range forms {
			if strings.Contains(views[0], form) || strings.Contains(views[1], form) {
				return name
			}
		}
		if strings.Contains(opened, value) {
			return "base64"
		}
		return ""
	}
}

// openBase64 decodes every run of base64, broken over lines or not, at each of its four offsets, to lower case.
func openBase64(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
	text = strings.NewReplacer("\r\n", "", "\n", "").Replace(text)
	var opened strings.Builder
	for _, run := range strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune(alphabet, r) }) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for offset := range min(4, len(run)) {
			part := run[offset:]
			if len(part)%4 == 1 { // no length that base64 can have
				part = part[:len(part)-1]
			}
			plain, _ := base64.RawStdEncoding.DecodeString(part)
			opened.Write(append(plain, '\n'))
		}
	}
	return strings.ToLower(opened.String())
}

// withoutTo cuts the one place where the resident's own address must stand.
func withoutTo(data []byte) []byte {
	before, after, _ := bytes.Cut(data, []byte("\r\nTo: "))
	_, after, _ = bytes.Cut(after, []byte("\r\n"))
	return slices.Concat(before, []byte("\r\n"), after)
}

// invariant:I13
// threat:T17
//
//ux:25
func TestNoAnswerStandsInAnyMail(t *testing.T) {
	w := newWorld(t)
	a, values := canaries(nil)
	urgent := w.report(a)
	neutral, _ := canaries(form.Answers{"hide_from": {"yes"}, "safe_contact": {"email"}})
	flagged := w.report(neutral)

	c := w.dossier(urgent).Case
	must(t, w.deliver(monday(), w.message(urgent, casework.MailLead)))
	must(t, w.work.GiveBack(t.Context(), casework.Click{
		At: monday(), Case: urgent, By: casework.Reader{Worker: c.Lead}, Shown: c.Version, Command: "back",
	}, "kanariereden", false))
	now := monday()
	for range 20 { // from one deadline that nobody meets to the next
		next := now.AddDate(0, 0, 7)
		for _, ref := range []casework.Reference{urgent, flagged} {
			must(t, w.work.Overdue(t.Context(), now, ref))
			d := w.dossier(ref)
			for _, m := range d.Messages {
				if m.Status == casework.Pending {
					must(t, w.deliver(now, m))
				}
			}
			if due, ok := d.Case.Next(); ok && due.Wake.Before(next) {
				next = due.Wake
			}
		}
		now = next
	}

	sent := map[casework.MessageKind]int{}
	for _, ref := range []casework.Reference{urgent, flagged} {
		for _, m := range w.dossier(ref).Messages {
			if m.Status == casework.Sent {
				sent[m.Kind]++
			}
		}
	}
	for _, kind := range []casework.MessageKind{
		casework.MailLead, casework.MailCoordinator, casework.MailLook, casework.MailUnseen, casework.MailReminder, casework.MailReceipt,
	} {
		if sent[kind] == 0 {
			t.Errorf("no %s was sent: this test searched none", kind)
		}
	}
	if sent[casework.MailReceipt] != 2 {
		t.Errorf("%d receipts were sent, want an ordinary and a neutral one", sent[casework.MailReceipt])
	}
	for i, m := range w.server.Mails() {
		if len(m.Data) > 15<<10 {
			t.Errorf("mail %d has %d bytes, want at most 15 KB", i, len(m.Data))
		}
		found := search(withoutTo(m.Data))
		for _, value := range values {
			if how := found(value); how != "" {
				t.Errorf("mail %d holds %q, %s", i, value, how)
			}
		}
	}
}

func TestTheSearchForLeaksFindsThem(t *testing.T) {
	const value = "kanarieverhaal"
	encoded := base64.URLEncoding.EncodeToString([]byte("~~Kanarieverhaal"))
	hidden := map[string]string{
		"plain": "x Kanarieverhaal y", "base64": "x " + base64.StdEncoding.EncodeToString([]byte("12 Kanarieverhaal y")),
		"URL-safe base64 broken over lines":  "x " + encoded[:6] + "\r\n" + encoded[6:],
		"quoted-printable broken over lines": "x Kanarie=\r\nverhaal y", "quoted-printable escapes": "K=61narieverhaal",
		"hexadecimal": hex.EncodeToString([]byte(value)), "UTF-16": "k\x00a\x00n\x00a\x00r\x00i\x00e\x00v\x00e\x00r\x00h\x00a\x00a\x00l\x00",
	}
	for name, data := range hidden {
		t.Run(name, func(t *testing.T) {
			if search([]byte("Subject: x\r\n\r\n"+data+"\r\n"))(value) == "" {
				t.Error("not found")
			}
		})
	}
	if how := search([]byte("Subject: niets\r\n\r\nHallo,\r\n"))(value); how != "" {
		t.Errorf("found as %s where it is not", how)
	}
}
