package mail_test

import (
	"context"
	"errors"
	"maps"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/mail"
	"voordeur/internal/mail/mailtest"
	"voordeur/internal/message"
)

func senderAt(ses *mailtest.SES) mail.Sender {
	return mail.Sender{Client: ses.Client(), Domain: "waterstad.example", ConfigurationSet: "waterstad"}
}

// ready asks a DNS in which the sender's SPF and DMARC are as they must be.
func ready(t *testing.T) *net.Resolver {
	return mailtest.Resolver(t, mailtest.ReadyZone("waterstad.example", "bounce.waterstad.example"))
}

// with is a copy of a map with another value at a path into it; nil takes the last key away.
func with(m map[string]any, value any, path ...string) map[string]any {
	m = maps.Clone(m)
	switch {
	case len(path) > 1:
		m[path[0]] = with(m[path[0]].(map[string]any), value, path[1:]...)
	case value == nil:
		delete(m, path[0])
	default:
		m[path[0]] = value
	}
	return m
}

// H12: SPF by the MAIL FROM domain, DKIM and TLS, as SES says.
//
// feature:H12
func TestASenderIsReadyWhenSESSaysSo(t *testing.T) { // threat:T06
	ready, set := mailtest.ReadyIdentity("waterstad.example"), mailtest.ReadySet()
	tests := map[string]struct {
		identity, set map[string]any
		failure       string
		want          string // of the error; "" when it is ready
	}{
		"everything is there":                       {ready, set, "", ""},
		"the domain is not verified":                {with(with(ready, false, "VerifiedForSendingStatus"), "PENDING", "VerificationStatus"), set, "", "sender is not ready: the domain is not verified: PENDING"},
		"DKIM is pending":                           {with(ready, "PENDING", "DkimAttributes", "Status"), set, "", "sender is not ready: DKIM: PENDING, signing true"},
		"DKIM is switched off":                      {with(ready, false, "DkimAttributes", "SigningEnabled"), set, "", "sender is not ready: DKIM: SUCCESS, signing false"},
		"there is no DKIM":                          {with(ready, nil, "DkimAttributes"), set, "", "sender is not ready: DKIM: NOT_STARTED, signing false"},
		"the MAIL FROM domain failed":               {with(ready, "FAILED", "MailFromAttributes", "MailFromDomainStatus"), set, "", "sender is not ready: MAIL FROM: FAILED"},
		"there is no MAIL FROM domain":              {with(ready, nil, "MailFromAttributes"), set, "", "sender is not ready: MAIL FROM: NOT_STARTED"},
		"TLS is only tried":                         {ready, with(set, "OPTIONAL", "DeliveryOptions", "TlsPolicy"), "", "sender is not ready: TLS: OPTIONAL"},
		"nobody said anything of TLS":               {ready, with(set, nil, "DeliveryOptions"), "", "sender is not ready: TLS: OPTIONAL"},
		"it says nothing of TLS where it could":     {ready, with(set, map[string]any{}, "DeliveryOptions"), "", "sender is not ready: TLS: OPTIONAL"},
		"two things are missing":                    {with(ready, "PENDING", "DkimAttributes", "Status"), with(set, nil, "DeliveryOptions"), "", "sender is not ready: DKIM: PENDING, signing true; TLS: OPTIONAL"},
		"SES does not know it, and says an address": {ready, set, "NotFoundException", "ask SES for the sender: NotFoundException"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ses := mailtest.StartSES(t, "waterstad.example")
			ses.Identity, ses.Set, ses.Failure = tt.identity, tt.set, tt.failure
			standing, err := senderAt(ses).Ask(t.Context())
			if err == nil {
				err = standing.Err()
			}
			if got := errorText(err); got != tt.want {
				t.Errorf("error %q, want %q", got, tt.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestTheRecordsThatASenderNeeds(t *testing.T) {
	ses := mailtest.StartSES(t, "waterstad.example")
	standing, err := senderAt(ses).Ask(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []mail.Record{
		{Type: mail.CNAME, Name: "one._domainkey.waterstad.example", Value: "one.dkim.eu-central-1.amazonses.com"},
		{Type: mail.CNAME, Name: "two._domainkey.waterstad.example", Value: "two.dkim.eu-central-1.amazonses.com"},
		{Type: mail.CNAME, Name: "three._domainkey.waterstad.example", Value: "three.dkim.eu-central-1.amazonses.com"},
		{Type: mail.MX, Name: "bounce.waterstad.example", Value: "10 feedback-smtp.eu-central-1.amazonses.com"},
		{Type: mail.TXT, Name: "bounce.waterstad.example", Value: "v=spf1 include:amazonses.com -all"},
		{Type: mail.TXT, Name: "_dmarc.waterstad.example", Value: "v=DMARC1; p=reject"},
	}
	if diff := cmp.Diff(want, standing.Records()); diff != "" {
		t.Errorf("records differ (-want +got):\n%s", diff)
	}
	ses.Identity = with(with(ses.Identity, nil, "DkimAttributes", "SigningHostedZone"), nil, "MailFromAttributes")
	if standing, err = senderAt(ses).Ask(t.Context()); err != nil {
		t.Fatal(err)
	}
	want[0].Value, want[1].Value, want[2].Value = "one.dkim.amazonses.com", "two.dkim.amazonses.com", "three.dkim.amazonses.com"
	if diff := cmp.Diff(append(want[:3:3], want[5]), standing.Records()); diff != "" {
		t.Errorf("records of a region whose zone has no name differ (-want +got):\n%s", diff)
	}
}

func TestARecordIsCheckedByDNS(t *testing.T) { // threat:T06
	const (
		key, from, policy = "one._domainkey.waterstad.example", "bounce.waterstad.example", "_dmarc.waterstad.example"
	)
	cname := mail.Record{Type: mail.CNAME, Name: key, Value: "one.dkim.amazonses.com"}
	mx := mail.Record{Type: mail.MX, Name: from, Value: "10 feedback-smtp.eu-central-1.amazonses.com"}
	spf := mail.Record{Type: mail.TXT, Name: from, Value: "v=spf1 include:amazonses.com -all"}
	dmarc := mail.Record{Type: mail.TXT, Name: policy, Value: "v=DMARC1; p=reject"}
	txt := func(name string, texts ...string) mailtest.Zone { return mailtest.Zone{name: {"TXT": texts}} }
	tests := map[string]struct {
		record mail.Record
		zone   mailtest.Zone
		want   string // of the error; "" when it is as it must be
	}{
		"a DKIM name that leads to SES":                 {cname, mailtest.Zone{key: {"CNAME": {"one.dkim.amazonses.com"}}}, ""},
		"a DKIM name that leads to SES, in capitals":    {cname, mailtest.Zone{key: {"CNAME": {"ONE.dkim.AmazonSES.com"}}}, ""},
		"a DKIM name that leads elsewhere":              {cname, mailtest.Zone{key: {"CNAME": {"one.elsewhere.example"}}}, `it is "one.elsewhere.example"`},
		"a DKIM name that is not there":                 {cname, mailtest.Zone{}, "not there"},
		"a DKIM name with another kind of record":       {cname, txt(key, "v=DKIM1; p=abc"), "not there"},
		"a MAIL FROM domain that SES receives for":      {mx, mailtest.Zone{from: {"MX": {"feedback-smtp.eu-central-1.amazonses.com"}}}, ""},
		"a MAIL FROM domain of another region":          {mx, mailtest.Zone{from: {"MX": {"feedback-smtp.eu-west-1.amazonses.com"}}}, `it is "feedback-smtp.eu-west-1.amazonses.com"`},
		"a MAIL FROM domain with a second server":       {mx, mailtest.Zone{from: {"MX": {"feedback-smtp.eu-central-1.amazonses.com", "mx.waterstad.example"}}}, "there are 2, want one"},
		"SPF as it was given":                           {spf, txt(from, "v=spf1 include:amazonses.com -all"), ""},
		"SPF that asks to mark what is forged":          {spf, txt(from, "v=spf1 include:amazonses.com ~all"), ""},
		"SPF with more senders, beside another text":    {spf, txt(from, "site-verification=abc", "v=spf1 include:spf.waterstad.example include:amazonses.com -all"), ""},
		"SPF that is longer than one string":            {spf, txt(from, "v=spf1 "+strings.Repeat("ip4:192.0.2.1 ", 30)+"include:amazonses.com -all"), ""},
		"SPF without SES":                               {spf, txt(from, "v=spf1 -all"), `it is "v=spf1 -all"`},
		"SPF that lets everybody send":                  {spf, txt(from, "v=spf1 include:amazonses.com +all"), `it is "v=spf1 include:amazonses.com +all"`},
		"SPF twice, which is none":                      {spf, txt(from, "v=spf1 include:amazonses.com -all", "v=spf1 -all"), "there are 2, want one"},
		"SPF that is not there":                         {spf, mailtest.Zone{}, "not there"},
		"DMARC as it was given":                         {dmarc, txt(policy, "v=DMARC1; p=reject"), ""},
		"DMARC with reports":                            {dmarc, txt(policy, "v=DMARC1;p=REJECT;rua=mailto:dmarc@waterstad.example; pct=100; sp=reject"), ""},
		"DMARC that only watches":                       {dmarc, txt(policy, "v=DMARC1; p=none"), `it is "v=DMARC1; p=none"`},
		"DMARC that marks as spam":                      {dmarc, txt(policy, "v=DMARC1; p=quarantine"), `it is "v=DMARC1; p=quarantine"`},
		"DMARC for one mail in ten":                     {dmarc, txt(policy, "v=DMARC1; p=reject; pct=10"), `it is "v=DMARC1; p=reject; pct=10"`},
		"DMARC that leaves subdomains alone":            {dmarc, txt(policy, "v=DMARC1; p=reject; sp=none"), `it is "v=DMARC1; p=reject; sp=none"`},
		"DMARC without a policy":                        {dmarc, txt(policy, "v=DMARC1"), `it is "v=DMARC1"`},
		"another text where DMARC is looked for":        {dmarc, txt(policy, "v=spf1 -all"), "not there"},
		"a server that fails: nobody knows what is so":  {dmarc, nil, "look up TXT _dmarc.waterstad.example: "},
		"a server that fails, asked for a DKIM name":    {cname, nil, "look up CNAME one._domainkey.waterstad.example: "},
		"a server that fails, asked for a mail server.": {mx, nil, "look up MX bounce.waterstad.example: "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.record.Check(t.Context(), mailtest.Resolver(t, tt.zone))
			got := errorText(err)
			if got != tt.want && (tt.zone != nil || !strings.HasPrefix(got, tt.want)) {
				t.Errorf("error %q, want %q", got, tt.want)
			}
		})
	}
}

// counted is a transport that counts mails.
type counted struct {
	mu   sync.Mutex
	sent int
}

func (c *counted) Send(context.Context, message.Mail) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	return "provider-1", nil
}

// H12: without a passed check no mail goes out, and none is refused for good: each waits for the next try.
//
// feature:H12
func TestNoMailGoesOutBeforeTheSenderIsReady(t *testing.T) { // threat:T06
	ses, out := mailtest.StartSES(t, "waterstad.example"), &counted{}
	ses.Identity = with(ses.Identity, "PENDING", "DkimAttributes", "Status")
	checked := &mail.Checked{Sender: senderAt(ses), Resolver: ready(t), Transport: out}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	send := func(at time.Time) error {
		_, err := checked.Send(t.Context(), message.Mail{Date: at})
		return err
	}
	for i := range 3 { // together within a minute: one question
		if err := send(now.Add(time.Duration(i) * time.Second)); err == nil || errors.Is(err, message.ErrRefused) {
			t.Errorf("error %v", err)
		}
	}
	if out.sent != 0 || len(ses.Asked()) != 2 {
		t.Errorf("%d mails went out, SES was asked %v", out.sent, ses.Asked())
	}
	if err := send(now.Add(time.Minute)); err == nil || len(ses.Asked()) != 4 {
		t.Errorf("after a minute: %v, SES was asked %v", err, ses.Asked())
	}
	ses.Identity = mailtest.ReadyIdentity("waterstad.example")
	for i := range 3 {
		if err := send(now.Add(time.Duration(2+i) * time.Minute)); err != nil {
			t.Error(err)
		}
	}
	if out.sent != 3 || len(ses.Asked()) != 6 {
		t.Errorf("%d mails went out, want 3; SES was asked %v", out.sent, ses.Asked())
	}
}

// H12: SES sends without SPF and DMARC. We do not: a forged mail would look like ours.
//
// feature:H12
func TestNoMailGoesOutThatOthersCouldForge(t *testing.T) { // threat:T06
	const spf, dmarc = "bounce.waterstad.example", "_dmarc.waterstad.example"
	const refused = "sender is not ready: DNS: no strict TXT at "
	for name, tt := range map[string]struct {
		change func(mailtest.Zone) mailtest.Zone
		want   string
	}{
		"both are there": {func(z mailtest.Zone) mailtest.Zone { return z }, ""},
		"there is no DMARC": {
			func(z mailtest.Zone) mailtest.Zone { delete(z, dmarc); return z }, refused + dmarc,
		},
		"DMARC only watches, and names an address": {func(z mailtest.Zone) mailtest.Zone {
			z[dmarc] = map[string][]string{"TXT": {"v=DMARC1; p=none; rua=mailto:kanarie@waterstad.example"}}
			return z
		}, refused + dmarc},
		"there is no SPF": {func(z mailtest.Zone) mailtest.Zone { delete(z, spf); return z }, refused + spf},
		"neither is there": {
			func(mailtest.Zone) mailtest.Zone { return mailtest.Zone{} }, refused + spf + "; DNS: no strict TXT at " + dmarc,
		},
		"DNS fails: nobody can say": {
			func(mailtest.Zone) mailtest.Zone { return nil }, refused + spf + "; DNS: no strict TXT at " + dmarc,
		},
	} {
		t.Run(name, func(t *testing.T) {
			ses, out := mailtest.StartSES(t, "waterstad.example"), &counted{}
			zone := tt.change(mailtest.ReadyZone("waterstad.example", spf))
			checked := &mail.Checked{Sender: senderAt(ses), Resolver: mailtest.Resolver(t, zone), Transport: out}
			_, err := checked.Send(t.Context(), message.Mail{})
			if got := errorText(err); got != tt.want || errors.Is(err, message.ErrRefused) {
				t.Errorf("error %q, want %q", got, tt.want)
			}
			if went := out.sent == 1; went != (tt.want == "") {
				t.Errorf("%d mails went out", out.sent)
			}
		})
	}
}

// SES takes one such question a second from an account, and many mails may wait for the first one.
func TestMailsThatComeTogetherAskOnce(t *testing.T) {
	ses, out := mailtest.StartSES(t, "waterstad.example"), &counted{}
	checked := &mail.Checked{Sender: senderAt(ses), Resolver: ready(t), Transport: out}
	var g sync.WaitGroup
	for range 20 {
		g.Go(func() {
			if _, err := checked.Send(t.Context(), message.Mail{}); err != nil {
				t.Error(err)
			}
		})
	}
	g.Wait()
	if want := []string{"/v2/email/identities/waterstad.example", "/v2/email/configuration-sets/waterstad"}; !cmp.Equal(ses.Asked(), want) || out.sent != 20 {
		t.Errorf("%d mails went out, SES was asked %v", out.sent, ses.Asked())
	}
}

// A question that gets no answer is no verdict.
func TestWhileSESDoesNotAnswerMailsWait(t *testing.T) { // threat:T25
	ses, out := mailtest.StartSES(t, "waterstad.example"), &counted{}
	ses.Failure = "TooManyRequestsException"
	checked := &mail.Checked{Sender: senderAt(ses), Resolver: ready(t), Transport: out}
	_, err := checked.Send(t.Context(), message.Mail{})
	if err == nil || errors.Is(err, message.ErrRefused) || strings.Contains(err.Error(), "@") || out.sent != 0 {
		t.Errorf("error %v, %d mails", err, out.sent)
	}
}
