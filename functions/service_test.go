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

	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/oidc"
)

// service is everything that the functions talk to: the example municipality in a store, and stand-ins for key
// management, mail and sign-in.
type service struct {
	*exampletest.Town
	ses      *sesFake
	sesURL   string
	provider *oidc.Provider
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{Town: exampletest.New(t), ses: &sesFake{t: t}}
	mail := httptest.NewServer(s.ses)
	t.Cleanup(mail.Close)
	s.sesURL = mail.URL

	mux := http.NewServeMux()
	signIn := httptest.NewServer(mux)
	t.Cleanup(signIn.Close)
	provider, err := oidc.New(oidc.Options{
		Base: signIn.URL, RedirectURL: deskURL + "/desk/aangemeld", Now: time.Now, //nolint:forbidigo // tokens keep real time
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle(oidc.Path+"/", provider)
	s.provider = provider
	return s
}

const (
	publicURL = "https://hulp.waterstad.example"
	deskURL   = "https://bureau.waterstad.example"
)

// environment is what the stack gives a function, with the stand-ins as endpoints.
func (s *service) environment(function string) map[string]string {
	env := map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local",
		"AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(s.Config.BaseEndpoint),
		"MUNICIPALITY":              s.Municipality.ID, "CASES_TABLE": s.Store.Cases,
	}
	maps.Copy(env, map[string]map[string]string{
		"frontdoor": {"SHORT_TABLE": s.Store.Short},
		"desk": {
			"SHORT_TABLE": s.Store.Short, "KMS_KEY": exampletest.KMSKey, "AWS_ENDPOINT_URL_KMS": s.KMS, "DESK_URL": deskURL,
			"OIDC_ISSUER": s.provider.Issuer, "OIDC_CLIENT_ID": oidc.DeskClient,
		},
		"api": {"OIDC_ISSUER": s.provider.Issuer, "API_CLIENTS": oidc.APIClient},
		"dispatch": {
			"KMS_KEY": exampletest.KMSKey, "AWS_ENDPOINT_URL_KMS": s.KMS, "AWS_ENDPOINT_URL_SESV2": s.sesURL,
			"PUBLIC_URL": publicURL, "DESK_URL": deskURL, "SES_CONFIGURATION_SET": s.Municipality.ID,
		},
	}[function])
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

// ServeHTTP takes a mail.
func (s *sesFake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"MessageId":"ses-%d"}`, len(s.mails))
}

func (s *sesFake) all() []sesMail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails
}
