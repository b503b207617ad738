package mail

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/google/go-cmp/cmp"

	"voordeur/internal/message"
)

// sesRequest is what SendEmail sends, as far as we set it.
type sesRequest struct {
	ConfigurationSetName, FromEmailAddress string
	Destination                            struct{ ToAddresses []string }
	Content                                struct{ Raw struct{ Data []byte } }
	EmailTags                              []struct{ Name, Value string }
}

// sesFake answers the real client over HTTP: with an id, or with an error of that type.
func sesFake(t *testing.T, status int, failure string) (SES, *[]sesRequest) {
	t.Helper()
	requests := &[]sesRequest{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var request sesRequest
		if err := errors.Join(err, json.Unmarshal(body, &request)); err != nil {
			t.Error(err)
		}
		*requests = append(*requests, request)
		w.Header().Set("Content-Type", "application/json")
		if failure != "" {
			w.Header().Set("X-Amzn-ErrorType", failure)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"MessageId":"ses-1","message":"Email address is not verified: bewoner+post@thuis.example"}`)
	}))
	t.Cleanup(server.Close)
	client := sesv2.New(sesv2.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	return SES{Client: client, ConfigurationSet: "waterstad"}, requests
}

func TestSESGetsTheSameMIMEWithTagsThatTellNothing(t *testing.T) {
	ses, requests := sesFake(t, http.StatusOK, "")
	m := example()
	provider, err := ses.Send(t.Context(), m)
	if err != nil || provider != "ses-1" {
		t.Fatalf("Send = %q, %v", provider, err)
	}
	if len(*requests) != 1 {
		t.Fatalf("SES was asked %d times, want 1", len(*requests))
	}
	want := sesRequest{ConfigurationSetName: "waterstad", FromEmailAddress: m.From.Address}
	want.Destination.ToAddresses = []string{m.To}
	want.EmailTags = []struct{ Name, Value string }{{"case", "K7M-4RT-9XC"}, {"message", "0123456789abcdef0123456789abcdef"}}
	if want.Content.Raw.Data, err = raw(m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, (*requests)[0]); diff != "" {
		t.Errorf("request differs (-want +got):\n%s", diff)
	}
}

// threat:T25
// threat:T17
// invariant:I7
func TestSESFailures(t *testing.T) {
	tests := map[string]struct {
		status  int
		failure string
		refused bool
	}{
		"a request that can never be right":            {400, "BadRequestException", true},
		"rejected, perhaps since we are not set up":    {400, "MessageRejected", false},
		"our sender is not set up":                     {400, "MailFromDomainNotVerifiedException", false},
		"sending is paused":                            {400, "SendingPausedException", false},
		"the account is suspended":                     {400, "AccountSuspendedException", false},
		"throttled":                                    {429, "TooManyRequestsException", false},
		"an answer that is none, as of a broken proxy": {502, "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ses, requests := sesFake(t, test.status, test.failure)
			_, err := ses.Send(t.Context(), example())
			if err == nil || errors.Is(err, message.ErrRefused) != test.refused {
				t.Fatalf("error %v, want refused %v", err, test.refused)
			}
			if strings.Contains(err.Error(), "@") {
				t.Errorf("the error repeats the service's words: %v", err)
			}
			if len(*requests) != 1 {
				t.Errorf("SES was asked %d times: without an idempotency key each may be a mail", len(*requests))
			}
		})
	}
}
