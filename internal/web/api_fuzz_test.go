package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// glassStore stores nothing and seals nothing: it shows what would have been, thousands of times a second.
type glassStore struct{ content casework.Content }

func (g *glassStore) Seal(p casework.Purpose, _ casework.Reference, plain []byte) (casework.Envelope, error) {
	if p != casework.ForContent {
		return plain, nil
	}
	g.content = casework.Content{}
	return plain, json.Unmarshal(plain, &g.content)
}

func (g *glassStore) Prepare() {}

func (g *glassStore) SubmitOnce(context.Context, casework.Report, *casework.Link, casework.Once) (casework.Report, error) {
	return casework.Report{}, nil
}

func (g *glassStore) Once(context.Context, string, string, time.Time) (casework.Once, error) {
	return casework.Once{}, casework.ErrNotFound
}

// What is accepted is within the form's limits as it is stored; what the schema takes is refused by the form only; and
// no body brings the service down.
func FuzzReportBody(f *testing.F) { // threat:T12
	compiled, document := reportSchema(f)
	for _, example := range document["examples"].([]any) {
		data, err := json.Marshal(example)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, odd := range []string{
		"", "null", "[]", "{}", `{"path":"form"}`, `{"path":"form","language":"nl","answers":{"contact_way":["call","call"],"call_name":"\u0000","phone":"06 12345678"}}`,
		`{"path":"call_me","language":"nl","answers":{"helpers.1.name":"\u202eNoor","call_name":"é"}}`, `{"answers":{"areas":[[[[[]]]]]}}`, "{\"\xff\":1}",
	} {
		f.Add([]byte(odd))
	}
	glass := &glassStore{}
	c := openCounter(f, func(c *counter) { c.api.Intake.Requests, c.api.Intake.Sealer = glass, glass })
	bearer := "Bearer " + c.sign(c.claims())
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/reports", bytes.NewReader(body))
		r.Header.Set("Authorization", bearer)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", casework.NewSecret().String())
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		var answer struct{ Errors []struct{ Code string } }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("answered %d %s", w.Code, w.Body)
		}
		read, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		valid := err == nil && compiled.Validate(read) == nil
		switch w.Code {
		case http.StatusCreated:
			stored := glass.content
			context := form.Context{Municipality: c.Municipality, Path: stored.Path, Today: c.now}
			if problems := form.Core().CheckAll(stored.Answers, context); len(problems) > 0 || !cmp.Equal(form.Core().Clean(stored.Answers, context), stored.Answers) {
				t.Errorf("accepted with %v", problems)
			}
		case http.StatusUnprocessableEntity:
			for _, problem := range answer.Errors {
				if valid && slices.Contains([]string{"unknown", "type", "path"}, problem.Code) {
					t.Errorf("the schema takes what is refused as %s", problem.Code)
				}
			}
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		default:
			t.Errorf("answered %d", w.Code)
		}
	})
}
