package main

import (
	"strings"
	"testing"

	"voordeur/functions/wiring"
	"voordeur/internal/mail/mailtest"
)

// everything is a zone in which the sender's records are as they must be.
func everything() mailtest.Zone {
	const spf = "v=spf1 include:amazonses.com -all"
	return mailtest.Zone{
		"one._domainkey.waterstad.example":   {"CNAME": {"one.dkim.eu-central-1.amazonses.com"}},
		"two._domainkey.waterstad.example":   {"CNAME": {"two.dkim.eu-central-1.amazonses.com"}},
		"three._domainkey.waterstad.example": {"CNAME": {"three.dkim.eu-central-1.amazonses.com"}},
		"bounce.waterstad.example":           {"MX": {"feedback-smtp.eu-central-1.amazonses.com"}, "TXT": {spf}},
		"_dmarc.waterstad.example":           {"TXT": {"v=DMARC1; p=reject"}},
	}
}

const listed = `TYPE   NAME                                VALUE                                        FOUND
CNAME  one._domainkey.waterstad.example    one.dkim.eu-central-1.amazonses.com          yes
CNAME  two._domainkey.waterstad.example    two.dkim.eu-central-1.amazonses.com          yes
CNAME  three._domainkey.waterstad.example  three.dkim.eu-central-1.amazonses.com        yes
MX     bounce.waterstad.example            10 feedback-smtp.eu-central-1.amazonses.com  yes
TXT    bounce.waterstad.example            v=spf1 include:amazonses.com -all            yes
TXT    _dmarc.waterstad.example            v=DMARC1; p=reject                           yes
`

// H12: what a municipality does before its first mail.
//
// feature:H12
func TestTheCommandSaysWhatIsMissing(t *testing.T) { // threat:T06
	tests := map[string]struct {
		change  func(z mailtest.Zone, ses *mailtest.SES, env map[string]string)
		want    string // a part of what is printed
		wantErr string
	}{
		"everything is there": {
			func(mailtest.Zone, *mailtest.SES, map[string]string) {},
			listed + "\nSES finds nothing wrong with the sender: mails go out.\n", "",
		},
		"one record is missing": {
			func(z mailtest.Zone, _ *mailtest.SES, _ map[string]string) { delete(z, "_dmarc.waterstad.example") },
			"v=DMARC1; p=reject                           no: not there\n", "1 DNS records are not as they must be",
		},
		"SES has not looked yet": {
			func(_ mailtest.Zone, ses *mailtest.SES, _ map[string]string) {
				ses.Identity["VerifiedForSendingStatus"], ses.Identity["VerificationStatus"] = false, "PENDING"
			},
			listed, "sender is not ready: the domain is not verified: PENDING",
		},
		"both": {
			func(z mailtest.Zone, ses *mailtest.SES, _ map[string]string) {
				delete(z, "_dmarc.waterstad.example")
				ses.Set["DeliveryOptions"] = map[string]any{"TlsPolicy": "OPTIONAL"}
			},
			"no: not there\n", "1 DNS records are not as they must be\nsender is not ready: TLS: OPTIONAL",
		},
		"the account is as new": {
			func(_ mailtest.Zone, ses *mailtest.SES, _ map[string]string) {
				ses.Account["ProductionAccessEnabled"] = false
			},
			listed, "sender is not ready: the account mails to confirmed addresses only (SES's sandbox)",
		},
		"AWS stopped the account": {
			func(_ mailtest.Zone, ses *mailtest.SES, _ map[string]string) {
				ses.Account["SendingEnabled"], ses.Account["EnforcementStatus"] = false, "SHUTDOWN"
			},
			listed, "sender is not ready: the account may not send: SHUTDOWN",
		},
		"nothing was deployed yet": {
			func(_ mailtest.Zone, ses *mailtest.SES, _ map[string]string) { ses.Failure = "NotFoundException" },
			"", "ask SES for the sender: NotFoundException",
		},
		"the environment has faults": {
			func(_ mailtest.Zone, _ *mailtest.SES, env map[string]string) {
				delete(env, "SES_CONFIGURATION_SET")
				env["MUNICIPALITY"] = "atlantis"
			},
			"", "MUNICIPALITY names no municipality that comes along: \"atlantis\"\nSES_CONFIGURATION_SET is not set",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ses, zone := mailtest.StartSES(t, "waterstad.example"), everything()
			env := map[string]string{
				"MUNICIPALITY": "waterstad", "SES_CONFIGURATION_SET": "waterstad", "AWS_REGION": "eu-central-1",
				"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL_SESV2": ses.Endpoint,
			}
			tt.change(zone, ses, env)
			var out strings.Builder
			err := run(t.Context(), wiring.NewEnvironment(func(name string) string { return env[name] }), mailtest.Resolver(t, zone), &out)
			if got := errorText(err); got != tt.wantErr {
				t.Errorf("error %q, want %q", got, tt.wantErr)
			}
			if !strings.Contains(out.String(), tt.want) {
				t.Errorf("printed:\n%s\nwant:\n%s", out.String(), tt.want)
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
