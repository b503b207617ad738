package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
)

// stranger has nobody know whether mail reaches a worker.
func (o *office) stranger(t *testing.T, worker string) {
	t.Helper()
	o.setWorker(t, worker, "unconfirmed", &types.AttributeValueMemberS{Value: o.people(t).Cards[worker].Email})
}

// digits are those of a worker's latest code, as dispatch mails them. It counts as a try.
func (o *office) digits(t *testing.T, worker string) string {
	t.Helper()
	code, err := o.Store.TryCode(t.Context(), worker, o.business())
	if err != nil {
		t.Fatal(err)
	}
	digits, err := code.Digits(t.Context(), o.Work.Matcher, o.people(t).Cards[worker].Email)
	if err != nil {
		t.Fatal(err)
	}
	return digits
}

// H3: who is new is asked to confirm their address before the first case comes to them; the code comes by mail.
//
// feature:H3
func TestAWorkerConfirmsTheirAddressBeforeTheFirstCase(t *testing.T) {
	o := openOffice(t)
	for _, worker := range []string{"daan", "fenna"} { // all that Noord has
		o.stranger(t, worker)
	}
	if c := o.Case(t, o.now, exampletest.Answers(nil)); c.State != casework.Escalated || c.Coordinator != "willem" {
		t.Errorf("the case is %s with %s, want it with the coordinator", c.State, c.Owner())
	}
	b := o.signedIn(t, "daan")
	today := b.get("/desk/")
	if !strings.Contains(deskText(today.Find("main")), "Bevestig eerst je e-mailadres") || today.Find("main a[href='/desk/mijn-mail']").Length() != 1 {
		t.Errorf("today does not ask for it: %s", deskText(today.Find("main")))
	}
	sent := b.send(b.get("/desk/mijn-mail"), "/code")
	if sent.path != "/desk/mijn-mail?gedaan=code" || !strings.Contains(deskText(sent.Find("main")), "De code is onderweg") {
		t.Fatalf("the code: %d %s", sent.status, sent.path)
	}
	digits := o.digits(t, "daan")
	if strings.Contains(sent.body, digits) {
		t.Error("the page has the code")
	}
	done := b.send(sent, "/mijn-mail", "code", digits[:3]+" "+digits[3:])
	if done.path != "/desk/mijn-mail?gedaan=bevestigd" || done.Find("form[action^='/desk/mijn-mail']").Length() > 0 {
		t.Fatalf("confirmed: %d %s", done.status, deskText(done.Find("main")))
	}
	if again := b.send(sent, "/mijn-mail", "code", digits); again.path != "/desk/mijn-mail?gedaan=bevestigd" {
		t.Errorf("a second click: %d %s", again.status, again.path)
	}
	if today := b.get("/desk/"); strings.Contains(deskText(today.Find("main")), "Bevestig eerst") {
		t.Error("today still asks for it")
	}
	if c := o.Case(t, o.now, exampletest.Answers(nil)); c.Lead != "daan" {
		t.Errorf("the next case is %s with %s, want it offered to who confirmed", c.State, c.Owner())
	}
}

// codeTry is somebody who types something for a code.
type codeTry struct {
	before func(t *testing.T, o *office)
	code   func(t *testing.T, o *office) string
	status int
	want   string
}

func codeTries() map[string]codeTry {
	const wrong, over = "Deze code klopt niet", "Deze code werkt niet meer"
	return map[string]codeTry{
		"another code": {status: http.StatusUnprocessableEntity, want: wrong, code: func(t *testing.T, o *office) string {
			digits := o.digits(t, "daan")
			return fmt.Sprint((int(digits[0]-'0')+1)%10) + digits[1:]
		}},
		"nothing": {status: http.StatusUnprocessableEntity, want: wrong, code: func(*testing.T, *office) string { return "" }},
		"a code that ran out": {
			status: http.StatusUnprocessableEntity, want: over, before: func(_ *testing.T, o *office) { o.later(casework.CodeLasts) },
			code: func(*testing.T, *office) string { return "123456" },
		},
		"the right one after ten tries": {status: http.StatusTooManyRequests, want: "te vaak", before: func(t *testing.T, o *office) {
			for range casework.CodeTries - 1 {
				o.digits(t, "daan")
			}
		}, code: func(t *testing.T, o *office) string { return o.digits(t, "daan") }},
		"the code of an address that was changed since": {status: http.StatusUnprocessableEntity, want: wrong, code: func(t *testing.T, o *office) string {
			digits := o.digits(t, "daan")
			for _, attribute := range []string{"email", "unconfirmed"} {
				o.setWorker(t, "daan", attribute, &types.AttributeValueMemberS{Value: "d.stuurman@wijkteam.waterstad.example"})
			}
			return digits
		}},
		"somebody else's code": {status: http.StatusUnprocessableEntity, want: wrong, before: func(t *testing.T, o *office) {
			o.stranger(t, "fenna")
			other := o.signedIn(t, "fenna")
			other.send(other.get("/desk/mijn-mail"), "/code")
		}, code: func(t *testing.T, o *office) string { return o.digits(t, "fenna") }},
	}
}

// threat:T03
func TestACodeForAnAddressIsNotGuessed(t *testing.T) { // feature:H3
	for name, tt := range codeTries() {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.stranger(t, "daan")
			b := o.signedIn(t, "daan")
			page := b.send(b.get("/desk/mijn-mail"), "/code")
			if tt.before != nil {
				tt.before(t, o)
			}
			a := b.send(page, "/mijn-mail", "code", tt.code(t, o))
			if a.status != tt.status || !strings.Contains(deskText(a.Find("main")), tt.want) {
				t.Errorf("%d, want %d with %q: %s", a.status, tt.status, tt.want, deskText(a.Find("main")))
			}
			if w, _ := o.people(t).Worker("daan"); !w.Unconfirmed {
				t.Error("the address is confirmed")
			}
		})
	}
}

func TestCodesAreSentAFewTimesOnly(t *testing.T) { // feature:H3
	o := openOffice(t)
	o.stranger(t, "daan")
	b := o.signedIn(t, "daan")
	page := b.get("/desk/mijn-mail")
	for range casework.CodesMost {
		if a := b.send(page, "/code"); a.status != http.StatusOK {
			t.Fatalf("a code: %d", a.status)
		}
	}
	if a := b.send(page, "/code"); a.status != http.StatusTooManyRequests {
		t.Errorf("one more: %d", a.status)
	}
	o.later(casework.CodeLasts + time.Second)
	if a := b.send(page, "/code"); a.status != http.StatusOK {
		t.Errorf("half an hour later: %d", a.status)
	}
}
