package mail

import (
	"context"
	"errors"
	"strings"
	"testing"

	"voordeur/internal/mail/mailtest"
	"voordeur/internal/message"
)

func TestSMTPHandsOverTheWholeMail(t *testing.T) {
	server := mailtest.Start(t)
	m := example()
	provider, err := SMTP{Server: server.Address}.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if provider != m.MessageID {
		t.Errorf("provider id = %q, want the Message-ID", provider)
	}
	mails := server.Mails()
	if len(mails) != 1 {
		t.Fatalf("server has %d mails, want 1", len(mails))
	}
	if mails[0].From != m.From.Address || mails[0].To != m.To {
		t.Errorf("envelope from %q to %q", mails[0].From, mails[0].To)
	}
	_, text, html := parse(t, mails[0].Data)
	if text != m.Text || html != m.HTML {
		t.Errorf("text = %q, HTML = %q", text, html)
	}
	if got := server.Hello(); got != "waterstad.example" {
		t.Errorf("client says hello as %q, want the sender's domain and not this machine's name", got)
	}
}

// threat:T25
// threat:T17
func TestSMTPFailuresAreRefusedOnlyWhenTheyAreAboutTheMail(t *testing.T) {
	const words = "no such user bewoner+post@thuis.example here"
	tests := map[string]struct {
		at      mailtest.Step
		code    int
		refused bool
	}{
		"unknown recipient":               {mailtest.AtTo, 550, true},
		"full mailbox":                    {mailtest.AtTo, 452, false},
		"content refused":                 {mailtest.AtData, 554, true},
		"busy after the content":          {mailtest.AtData, 451, false},
		"sender not allowed is our fault": {mailtest.AtFrom, 550, false},
		"greylisted":                      {mailtest.AtFrom, 450, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t)
			server.Fail(test.at, test.code, words)
			_, err := SMTP{Server: server.Address}.Send(t.Context(), example())
			if err == nil || errors.Is(err, message.ErrRefused) != test.refused {
				t.Fatalf("error %v, want refused %v", err, test.refused)
			}
			if strings.Contains(err.Error(), "@") {
				t.Errorf("the error repeats the server's words: %v", err)
			}
			if n := len(server.Mails()); n != 0 {
				t.Errorf("server took %d mails", n)
			}
		})
	}
}

// invariant:I7
func TestASMTPServerThatHangsUpAfterItsYesHasTheMail(t *testing.T) {
	server := mailtest.Start(t)
	server.Fail(mailtest.After, 421, "gone")
	if _, err := (SMTP{Server: server.Address}).Send(t.Context(), example()); err != nil {
		t.Errorf("error %v: the mail would go out twice", err)
	}
	if n := len(server.Mails()); n != 1 {
		t.Errorf("server has %d mails, want 1", n)
	}
}

func TestSMTPWithoutAServerFailsForNow(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, server := range map[string]string{"nobody listens": "127.0.0.1:1", "no port": "127.0.0.1", "odd port": "127.0.0.1:smtp"} {
		t.Run(name, func(t *testing.T) {
			if _, err := (SMTP{Server: server}).Send(ctx, example()); err == nil || errors.Is(err, message.ErrRefused) {
				t.Errorf("error %v, want one that passes", err)
			}
		})
	}
}

// threat:T06
func TestSMTPToAnotherMachineInsistsOnTLS(t *testing.T) {
	tests := map[string]struct{ server, want string }{
		"another machine":        {"mail.waterstad.example:25", "TLSMandatory"},
		"another address":        {"192.0.2.1:25", "TLSMandatory"},
		"this machine":           {"127.0.0.1:2525", "NoTLS"},
		"this machine with IPv6": {"[::1]:2525", "NoTLS"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			client, err := SMTP{Server: test.server}.client(example())
			if err != nil {
				t.Fatal(err)
			}
			if got := client.TLSPolicy(); got != test.want {
				t.Errorf("TLS policy = %s, want %s", got, test.want)
			}
		})
	}
}
