package functions_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"voordeur/infra/local/bucket"
	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/oidc"
	"voordeur/internal/mail/mailtest"
)

// service is everything that the functions talk to: the example municipality in a store, and stand-ins for key
// management, mail and sign-in.
type service struct {
	*exampletest.Town
	ses        *sesFake
	sesURL     string
	s3URL      string
	dns        string
	provider   *oidc.Provider
	deployment deployment
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{Town: exampletest.New(t), ses: &sesFake{t: t}}
	mail := httptest.NewServer(s.ses)
	t.Cleanup(mail.Close)
	s.sesURL = mail.URL
	s.dns = mailtest.StartDNS(t, mailtest.ReadyZone(s.Municipality.Sender.Domain(), "mail."+s.Municipality.Sender.Domain()))
	buckets, err := bucket.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	objects := httptest.NewServer(buckets)
	t.Cleanup(objects.Close)
	s.s3URL = objects.URL

	mux := http.NewServeMux()
	signIn := httptest.NewServer(mux)
	t.Cleanup(signIn.Close)
	var people []oidc.Person
	elsewhere, err := example.Of("duinrand")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(example.People(), elsewhere.People...) {
		people = append(people, oidc.Person{ID: p.ID, Name: p.Name, Role: p.Function, Email: p.Email})
	}
	provider, err := oidc.New(oidc.Options{
		Base: signIn.URL, RedirectURL: deskURL + "/desk/aangemeld", People: people, Now: time.Now, //nolint:forbidigo // tokens keep real time
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle(oidc.Path+"/", provider)
	s.provider = provider
	s.deployment = readDeployment(t, map[string]string{
		"CaseTable": s.Store.Cases, "ShortTable": s.Store.Short, "EnvelopeKey.Arn": exampletest.KMSKey,
		"UserPool.ProviderURL": provider.Issuer, "DeskClient": oidc.DeskClient, "ApiClientzaaksysteem": oidc.APIClient,
		"ConfigurationSet": s.Municipality.ID, "DigestBucket": s.Municipality.ID + "-digests",
	})
	return s
}

const (
	publicURL = "https://hulp.waterstad.example"
	deskURL   = "https://bureau.waterstad.example"
)

// environment is what a function gets: from Lambda, from its template, and the stand-ins as endpoints.
func (s *service) environment(function string) map[string]string {
	env := map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local",
		"AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(s.Config.BaseEndpoint), "AWS_ENDPOINT_URL_KMS": s.KMS, "AWS_ENDPOINT_URL_SESV2": s.sesURL,
		"AWS_ENDPOINT_URL_S3": s.s3URL, "DNS_SERVER": s.dns,
	}
	maps.Copy(env, s.deployment.environment(function))
	return env
}

// sesFake answers the real client over HTTP and keeps what it was given.
type sesFake struct {
	t     *testing.T
	mu    sync.Mutex
	mails []sesMail
}

// sesMail is a mail that SES was given, as far as the tests look at it.
type sesMail struct {
	Destination struct{ ToAddresses []string }
	Content     struct{ Raw struct{ Data []byte } }
	EmailTags   []struct{ Name, Value string }
}

// ServeHTTP takes a mail, and tells of a sender that is set up.
func (s *sesFake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet {
		fmt.Fprint(w, `{"VerifiedForSendingStatus":true,"DkimAttributes":{"SigningEnabled":true,"Status":"SUCCESS"},`+
			`"MailFromAttributes":{"MailFromDomain":"mail.waterstad.example","MailFromDomainStatus":"SUCCESS"},"DeliveryOptions":{"TlsPolicy":"REQUIRE"}}`)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	var mail sesMail
	if err := json.Unmarshal(body, &mail); err != nil {
		s.t.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, mail)
	fmt.Fprintf(w, `{"MessageId":"ses-%d"}`, len(s.mails))
}

func (s *sesFake) all() []sesMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails
}
