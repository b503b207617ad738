package functions_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"voordeur/infra/local/example/exampletest"
	"voordeur/infra/local/oidc"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// handOff is what only Duinrand has, where casework goes until the hand-off: its own system takes over one case, a worker
// brings another there, and a third is taken back.
func (w way) handOff() {
	w.t.Helper()
	town := exampletest.In(w.t, "duinrand")
	w.watch(town)
	env := map[string]string{
		"MUNICIPALITY": town.Municipality.ID, "CASES_TABLE": town.Store.Cases, "SHORT_TABLE": town.Store.Short,
		"AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(town.Config.BaseEndpoint), "AWS_ENDPOINT_URL_KMS": town.KMS,
	}
	host, dispatch := gateway{desk: w.begin("desk", env), api: w.begin("api", env)}, w.begin("dispatch", env)
	handed := func() casework.Case {
		c := town.InInquiry(w.t, time.Now(), exampletest.Answers(form.Answers{"postcode": {"9980 AB"}})) //nolint:forbidigo // see arrived
		host.signIn(w.t, c.Lead).act(c.ID, "overzetten", url.Values{"reason": {"Hulp bij schulden is nodig."}, "way": {"call"}})
		return c
	}
	taken := handed()
	system := systemOf(w, host)
	system(http.MethodGet, "handoffs")
	system(http.MethodGet, "handoffs/"+string(taken.ID))
	for range 2 {
		system(http.MethodPut, "handoffs/"+string(taken.ID)+"/confirmation")
	}
	if _, err := dispatch.invoke(w.deployment.scheduled("minute")); err != nil {
		w.t.Fatalf("the minute: %v\n%s", err, dispatch.out)
	}
	brought, back := handed(), handed()
	lead := host.signIn(w.t, brought.Lead)
	lead.open("/desk/casus/" + string(brought.ID) + "/bestand")
	lead.act(brought.ID, "overgezet", url.Values{"there": {"yes"}})
	host.signIn(w.t, back.Lead).act(back.ID, "heropenen", url.Values{"reason": {"De bewoner belt."}})
	for ref, want := range map[casework.Reference]casework.State{taken.ID: casework.Closed, brought.ID: casework.Closed, back.ID: casework.Accepted} {
		c, err := town.Store.Case(w.t.Context(), ref)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, owed := c.Deadline(casework.DueHandOff); owed || c.State != want || c.Confirmed.IsZero() != (want == casework.Accepted) {
			w.t.Errorf("case %s is %s, confirmed at %s, owed %v", ref, c.State, c.Confirmed, owed)
		}
	}
}

// systemOf is a system of the municipality, which must be answered.
func systemOf(w way, host gateway) func(method, path string) {
	system := clientcredentials.Config{
		ClientID: oidc.APIClient, ClientSecret: oidc.APIClient, TokenURL: w.provider.Issuer + "/token",
	}
	client := system.Client(context.WithValue(w.t.Context(), oauth2.HTTPClient, &http.Client{Transport: host}))
	return func(method, path string) {
		w.t.Helper()
		ask(w.t, client, method, deskURL+"/api/v1/"+path)
	}
}

func ask(t *testing.T, client *http.Client, method, address string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %v, %v", method, address, response.StatusCode, answer, err)
	}
}
