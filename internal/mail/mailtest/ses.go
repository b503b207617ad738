package mailtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

// SES answers the real client's questions about a sender over HTTP. Its fields are what it answers: change them before
// asking.
type SES struct {
	Endpoint string
	Identity map[string]any
	Set      map[string]any
	Account  map[string]any
	Failure  string // a type of error that every question gets; "": none

	mu    sync.Mutex
	asked []string
}

// StartSES starts it, with a sender that has everything.
func StartSES(tb testing.TB, domain string) *SES {
	tb.Helper()
	s := &SES{Identity: ReadyIdentity(domain), Set: ReadySet(), Account: ReadyAccount()}
	server := httptest.NewServer(s)
	tb.Cleanup(server.Close)
	s.Endpoint = server.URL
	return s
}

// ReadyIdentity is what SES says of a domain that is set up.
func ReadyIdentity(domain string) map[string]any {
	return map[string]any{
		"IdentityType": "DOMAIN", "VerifiedForSendingStatus": true, "VerificationStatus": "SUCCESS",
		"DkimAttributes": map[string]any{
			"SigningEnabled": true, "Status": "SUCCESS", "Tokens": []string{"one", "two", "three"},
			"SigningAttributesOrigin": "AWS_SES", "SigningHostedZone": "dkim.eu-central-1.amazonses.com",
		},
		"MailFromAttributes": map[string]any{
			"BehaviorOnMxFailure": "REJECT_MESSAGE", "MailFromDomain": "bounce." + domain, "MailFromDomainStatus": "SUCCESS",
		},
	}
}

// ReadySet is what SES says of a configuration set that is set up.
func ReadySet() map[string]any {
	return map[string]any{"DeliveryOptions": map[string]any{"TlsPolicy": "REQUIRE"}}
}

// ReadyAccount is what SES says of an account that may mail to everybody.
func ReadyAccount() map[string]any {
	return map[string]any{"ProductionAccessEnabled": true, "SendingEnabled": true, "EnforcementStatus": "HEALTHY"}
}

// Client asks it.
func (s *SES) Client() *sesv2.Client {
	return sesv2.New(sesv2.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String(s.Endpoint), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
}

// Asked returns the paths that were asked for, in order.
func (s *SES) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// ServeHTTP answers.
func (s *SES) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.Path)
	w.Header().Set("Content-Type", "application/json")
	answer := s.Set
	switch {
	case strings.Contains(r.URL.Path, "/identities/"):
		answer = s.Identity
	case strings.HasSuffix(r.URL.Path, "/account"):
		answer = s.Account
	}
	if s.Failure != "" {
		w.Header().Set("X-Amzn-ErrorType", s.Failure)
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]any{"message": "Email identity post@gemeente.example does not exist"}
	}
	_ = json.NewEncoder(w).Encode(answer) // who hung up asks again
}
