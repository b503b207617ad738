// Package functions_test starts each function as it ships, as a process, against a stand-in for the Lambda Runtime API.
package functions_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"voordeur/internal/lambdahttp/lambdahttptest"
)

// boot is a function's row: a golden event, and what its answer looks like.
type boot struct {
	event  string
	change func(e *events.APIGatewayProxyRequest) // nil: as it is
	check  func(t *testing.T, s *service, answer []byte)
	says   []string          // what it prints about it, line by line
	faults map[string]string // three variables that are wrong, and what is said about each
}

func boots() map[string]boot {
	return map[string]boot{
		"frontdoor": {
			event: "rest-start",
			check: func(t *testing.T, _ *service, answer []byte) {
				response, page := readPage(t, answer)
				if response.StatusCode != http.StatusOK || !strings.Contains(page, `<html lang="nl"`) || !strings.Contains(page, "112") {
					t.Errorf("got %d %s", response.StatusCode, page)
				}
				if csp := response.MultiValueHeaders["Content-Security-Policy"]; len(csp) != 1 {
					t.Errorf("content security policy is %q", csp)
				}
			},
			faults: map[string]string{
				"MUNICIPALITY": "MUNICIPALITY names no municipality", "CASES_TABLE": "CASES_TABLE is not set", "SHORT_TABLE": "SHORT_TABLE is not set",
			},
		},
		"desk": {
			event: "rest-start",
			change: func(e *events.APIGatewayProxyRequest) {
				e.Path, e.MultiValueHeaders["Host"] = "/desk/", []string{"bureau.waterstad.example"}
			},
			check: checkSignIn,
			faults: map[string]string{
				"KMS_KEY": "KMS_KEY is not set", "DESK_URL": "DESK_URL is not an address", "OIDC_ISSUER": "OIDC_ISSUER is not set",
			},
		},
		"api": {
			event: "rest-start",
			change: func(e *events.APIGatewayProxyRequest) {
				e.Path, e.MultiValueHeaders["Host"] = "/api/v1/directory", []string{"bureau.waterstad.example"}
			},
			check: func(t *testing.T, _ *service, answer []byte) {
				response, feed := readPage(t, answer)
				if response.StatusCode != http.StatusOK || !strings.Contains(feed, `"total_items":8`) {
					t.Errorf("got %d %s", response.StatusCode, feed)
				}
				if version := response.MultiValueHeaders["Api-Version"]; len(version) != 1 {
					t.Errorf("version is %q", version)
				}
			},
			faults: map[string]string{
				"CASES_TABLE": "CASES_TABLE is not set", "OIDC_ISSUER": "OIDC_ISSUER is not set", "API_CLIENTS": "API_CLIENTS is not set",
			},
		},
		"dispatch": {
			event: "schedule",
			check: func(t *testing.T, _ *service, answer []byte) {
				if string(answer) != "null" {
					t.Errorf("answered %s", answer)
				}
			},
			says: []string{"swept", "digest kept", "loads counted"},
			faults: map[string]string{
				"KMS_KEY": "KMS_KEY is not set", "PUBLIC_URL": "PUBLIC_URL is not an address", "SES_CONFIGURATION_SET": "SES_CONFIGURATION_SET is not set",
				"DIGEST_BUCKET": "DIGEST_BUCKET is not set",
			},
		},
	}
}

// payload is the event as Lambda sends it.
func (b boot) payload(t *testing.T) []byte {
	t.Helper()
	data := readEvent(t, b.event)
	if b.change == nil {
		return data
	}
	var e events.APIGatewayProxyRequest
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	b.change(&e)
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// readPage reads a response of a function, unpacked as a browser would.
func readPage(t *testing.T, answer []byte) (events.APIGatewayProxyResponse, string) {
	t.Helper()
	var response events.APIGatewayProxyResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		t.Fatal(err)
	}
	page, err := lambdahttptest.Page(response)
	if err != nil {
		t.Fatal(err)
	}
	return response, page
}

// serve has a function with pages answer a request, as API Gateway passes it on.
func (p *process) serve(r *http.Request) (events.APIGatewayProxyResponse, string) {
	p.t.Helper()
	e, err := lambdahttptest.Event(r)
	if err != nil {
		p.t.Fatal(err)
	}
	payload, err := json.Marshal(e)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := p.invoke(payload)
	if err != nil {
		p.t.Fatalf("%s %s: the function reported %v", r.Method, r.URL.Path, err)
	}
	return readPage(p.t, answer)
}

// checkSignIn wants the browser sent to the provider, to come back to the desk's own host.
func checkSignIn(t *testing.T, s *service, answer []byte) {
	response, _ := readPage(t, answer)
	to, err := url.Parse(strings.Join(response.MultiValueHeaders["Location"], ""))
	if err != nil || response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to.String(), s.provider.Issuer) {
		t.Fatalf("got %d to %v, %v", response.StatusCode, to, err)
	}
	query := to.Query()
	if got := query.Get("redirect_uri"); got != deskURL+"/desk/aangemeld" {
		t.Errorf("the browser comes back to %q", got)
	}
	for _, needed := range []string{"state", "nonce", "code_challenge"} {
		if query.Get(needed) == "" {
			t.Errorf("the sign-in has no %s", needed)
		}
	}
}

func TestEachFunctionStartsAndAnswersARealEvent(t *testing.T) {
	s := newService(t)
	for function, tt := range boots() {
		t.Run(function, func(t *testing.T) {
			p := launch(t, function, s.environment(function))
			answer, err := p.invoke(tt.payload(t))
			if err != nil {
				t.Fatalf("reported %v\n%s", err, p.out)
			}
			tt.check(t, s, answer)
			if got := p.out.String(); !says(got, tt.says...) {
				t.Errorf("printed %s", got)
			}
		})
	}
}

func TestAFunctionWithAFaultyEnvironmentDoesNotStartAndTellsEveryFault(t *testing.T) {
	s := newService(t)
	for function, tt := range boots() {
		t.Run(function, func(t *testing.T) {
			env := s.environment(function)
			for name, said := range tt.faults {
				env[name] = map[bool]string{true: "", false: "atlantis"}[strings.HasSuffix(said, "is not set")]
			}
			p := launch(t, function, env)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			select {
			case err := <-p.ended:
				if err == nil || p.cmd.ProcessState.ExitCode() != 1 {
					t.Errorf("it ended with %v", err)
				}
			case <-p.ready:
				t.Fatal("it asks for events")
			case <-ctx.Done():
				t.Fatal("it neither ends nor starts")
			}
			said := p.out.String()
			if strings.Count(said, "\n") != 1 {
				t.Errorf("not one message: %s", said)
			}
			for _, want := range tt.faults {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not said in %s", want, said)
				}
			}
		})
	}
}

// A panic of the process would be a dead process; an event that is none is an answer or a reported error.
func TestAFunctionOutlivesAnEventThatIsNone(t *testing.T) {
	s := newService(t)
	for function, tt := range boots() {
		t.Run(function, func(t *testing.T) {
			p := launch(t, function, s.environment(function))
			for _, odd := range []string{`{}`, `[]`, `"kanarie"`, `{"Records":[{}]}`, `{"path":"/%zz","httpMethod":"GET"}`} {
				if answer, err := p.invoke([]byte(odd)); err == nil && !json.Valid(answer) {
					t.Errorf("%s: answered %s", odd, answer)
				}
			}
			if _, err := p.invoke(tt.payload(t)); err != nil {
				t.Errorf("a real event afterwards: %v", err)
			}
			if strings.Contains(p.out.String(), "kanarie") {
				t.Errorf("printed %s", p.out)
			}
		})
	}
}
