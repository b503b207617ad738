package wiring_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"voordeur/functions/wiring"
	"voordeur/internal/mail/mailtest"
)

func environment(values map[string]string) *wiring.Environment {
	return wiring.NewEnvironment(func(name string) string { return values[name] })
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	e := environment(map[string]string{
		"MUNICIPALITY": "atlantis", "PUBLIC_URL": "http://hulp.waterstad.example", "AWS_REGION": "eu-central-1",
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret",
	})
	if m := e.Municipality("MUNICIPALITY"); m == nil {
		t.Error("a faulty municipality is nil: reading cannot go on")
	}
	e.AWS()
	e.Base("PUBLIC_URL")
	e.Text("CASES_TABLE")
	err := e.Err()
	if err == nil {
		t.Fatal("no fault")
	}
	for _, want := range []string{`MUNICIPALITY names no municipality that comes along: "atlantis"`, "PUBLIC_URL is not an address", "CASES_TABLE is not set"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if got := strings.Count(err.Error(), "\n"); got != 2 {
		t.Errorf("%d faults, want 3: %s", got+1, err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("%q tells a secret", err)
	}
}

// No template names a server: a function then asks the DNS of its machine.
func TestTheDNSServerIsTheOneThatIsNamed(t *testing.T) {
	server := mailtest.StartDNS(t, mailtest.ReadyZone("waterstad.example", "mail.waterstad.example"))
	found, err := environment(map[string]string{"DNS_SERVER": server}).Resolver("DNS_SERVER").LookupTXT(t.Context(), "_dmarc.waterstad.example.")
	if err != nil || len(found) != 1 {
		t.Errorf("found %q, error %v", found, err)
	}
	if own := environment(nil).Resolver("DNS_SERVER"); own == nil || own.Dial != nil {
		t.Errorf("without a name it asks %v", own)
	}
}

func TestABaseIsAHostByHTTPS(t *testing.T) {
	tests := map[string]struct {
		value string
		ok    bool
	}{
		"a host":             {"https://hulp.waterstad.example", true},
		"with a port":        {"https://hulp.waterstad.example:8443", true},
		"not encrypted":      {"http://hulp.waterstad.example", false},
		"with a slash":       {"https://hulp.waterstad.example/", false},
		"with a path":        {"https://hulp.waterstad.example/desk", false},
		"with a query":       {"https://hulp.waterstad.example?a=b", false},
		"no host":            {"https://", false},
		"no address":         {"hulp.waterstad.example", false},
		"not readable":       {"https://%zz", false},
		"not set":            {"", false},
		"somebody before it": {"https://a@hulp.waterstad.example", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := environment(map[string]string{"PUBLIC_URL": tt.value})
			if got := e.Base("PUBLIC_URL"); got != tt.value || (e.Err() == nil) != tt.ok {
				t.Errorf("Base(%q) = %q, %v", tt.value, got, e.Err())
			}
		})
	}
}

func TestAMunicipalityComesAlong(t *testing.T) {
	e := environment(map[string]string{"MUNICIPALITY": "waterstad"})
	if m := e.Municipality("MUNICIPALITY"); m.ID != "waterstad" || e.Err() != nil {
		t.Errorf("got %q, %v", m.ID, e.Err())
	}
}

func TestCredentialsAndEndpointsComeFromTheEnvironment(t *testing.T) {
	e := environment(map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session",
		"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_SESV2": "http://127.0.0.1:2",
	})
	config := e.AWS()
	if err := e.Err(); err != nil || config.Region != "eu-central-1" {
		t.Fatalf("region %q, %v", config.Region, err)
	}
	got, err := config.Credentials.Retrieve(t.Context())
	if err != nil || got.AccessKeyID != "id" || got.SecretAccessKey != "secret" || got.SessionToken != "session" {
		t.Errorf("credentials %v, %v", got.AccessKeyID, err)
	}
	store := wiring.Store(config, "cases", "short")
	if endpoint := aws.ToString(store.Client.Options().BaseEndpoint); endpoint != "http://127.0.0.1:1" {
		t.Errorf("DynamoDB is looked for at %q", endpoint)
	}
	e = environment(map[string]string{"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"})
	if endpoint := wiring.Store(e.AWS(), "cases", "short").Client.Options().BaseEndpoint; endpoint != nil || e.Err() != nil {
		t.Errorf("without the variable DynamoDB is looked for at %q, %v", *endpoint, e.Err())
	}
}
