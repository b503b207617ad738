package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"golang.org/x/oauth2/clientcredentials"

	"voordeur/infra/local/oidc"
	"voordeur/schemas"
)

// A municipality's own system brings in a report over the whole program, follows it, and is answered the same after a
// restart.
func TestASystemBringsInAReportAndFollowsIt(t *testing.T) {
	address, data := freeAddress(t), t.TempDir()
	p := launch(t, address, data)
	system := clientcredentials.Config{
		ClientID: oidc.APIClient, ClientSecret: oidc.APIClient, TokenURL: p.base + oidc.Path + "/token",
	}
	client := system.Client(t.Context())
	ask := func(method, path string, body []byte) (status int, answer map[string]any) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, p.base+"/api/v1/"+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "0d3f1f0e-5c0f-4b57-9b3f-4f0c1d2e3a4b")
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s %s: %s", method, path, text)
		}
		return response.StatusCode, answer
	}
	status, first := ask(http.MethodPost, "reports", exampleReport(t))
	if status != http.StatusCreated {
		t.Fatalf("answered %d %v", status, first)
	}
	p.waitForMails(2) // to the lead and to the resident
	p.kill()
	p = launch(t, address, data)
	if status, again := ask(http.MethodPost, "reports", exampleReport(t)); status != http.StatusCreated || again["reference"] != first["reference"] {
		t.Errorf("the same request is answered %d %v, first %v", status, again, first)
	}
	reference, _ := first["reference"].(string)
	status, found := ask(http.MethodGet, "cases/"+reference, nil)
	if lead, _ := found["lead"].(map[string]any); status != http.StatusOK || found["state"] != "assigned" || lead["id"] == "" || lead["name"] == "" {
		t.Errorf("the case is %d %v", status, found)
	}
	p.stop()
}

// exampleReport is the first example of the schema.
func exampleReport(t *testing.T) []byte {
	t.Helper()
	data, err := schemas.Schema("2026-11", "report")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct{ Examples []json.RawMessage }
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	return schema.Examples[0]
}
