package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/schemas"
)

// content is what the desk will read of a report.
func (c *counter) content(ref casework.Reference) casework.Content {
	c.t.Helper()
	r, err := c.Store.Sent(c.t.Context(), ref)
	if err != nil {
		c.t.Fatal(err)
	}
	content, err := casework.OpenJSON[casework.Content](c.t.Context(), c.Opener, casework.ForContent, ref, r.Content)
	if err != nil {
		c.t.Fatal(err)
	}
	return content
}

// reportSchema is the schema of a report, with its examples.
func reportSchema(t testing.TB) (compiled *jsonschema.Schema, document map[string]any) {
	t.Helper()
	data, err := schemas.Schema("2026-11", "report")
	if err != nil {
		t.Fatal(err)
	}
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("report", read); err != nil {
		t.Fatal(err)
	}
	if compiled, err = compiler.Compile("report"); err != nil {
		t.Fatal(err)
	}
	return compiled, read.(map[string]any)
}

func TestTheSchemasExamplesAreAcceptedAsTheyAre(t *testing.T) { // O6
	c := openCounter(t)
	compiled, document := reportSchema(t)
	examples := document["examples"].([]any)
	if len(examples) < 3 {
		t.Fatalf("%d examples", len(examples))
	}
	for i, example := range examples {
		if err := compiled.Validate(example); err != nil {
			t.Errorf("example %d: %v", i, err)
		}
		a := c.send(call{route: addReport, body: example})
		if a.status != http.StatusCreated {
			t.Errorf("example %d: %d %s", i, a.status, a.text)
			continue
		}
		got := c.content(casework.Reference(a.body["reference"].(string)))
		sent := example.(map[string]any)
		if string(got.Path) != sent["path"] || got.Language != sent["language"] {
			t.Errorf("example %d: on path %s in %s", i, got.Path, got.Language)
		}
		for field, value := range sent["answers"].(map[string]any) {
			kept := strings.Join(got.Answers[field], " ")
			said := strings.Trim(fmt.Sprint(value), "[]")
			if field == "postcode" {
				kept, said = strings.ReplaceAll(kept, " ", ""), strings.ReplaceAll(said, " ", "")
			}
			if _, asked := got.Answers[field]; kept != said || !asked {
				t.Errorf("example %d: %s is kept as %q of %q", i, field, kept, said)
			}
		}
	}
}

// The schema is the form said otherwise: each field with the same limits and options, and no field else.
func TestTheSchemaIsThatOfTheForm(t *testing.T) {
	compiled, document := reportSchema(t)
	accepts := func(field string, value any) bool {
		body := report(map[string]any{field: value})
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		read, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(read) == nil
	}
	limits := map[form.Type]int{
		form.Short: form.MaxShort, form.Name: form.MaxName, form.Line: form.MaxLine, form.Story: form.MaxStory,
		form.Email: form.MaxEmail, form.Phone: form.MaxPhone,
	}
	fields := map[string]bool{}
	for _, p := range form.Core().Pages {
		for _, q := range p.Questions {
			for _, field := range q.Fields() {
				fields[field] = true
				limit, options, many := limits[q.Type], q.Options, q.Type == form.Multi || q.Type == form.PickHelps
				if q.Type == form.People {
					limit, options = limits[form.Line], nil
					if strings.HasSuffix(field, ".relation") {
						limit, options = 0, q.Options
					}
					if strings.HasSuffix(field, ".name") {
						limit = limits[form.Name]
					}
				}
				if q.Type == form.Number {
					options = []string{"0", "7", "20"}
				}
				if limit > 0 && (!accepts(field, strings.Repeat("ë", limit)) || accepts(field, strings.Repeat("ë", limit+1))) {
					t.Errorf("%s: the limit is not %d", field, limit)
				}
				for _, o := range options {
					if value := any(o); many && !accepts(field, []string{o}) || !many && !accepts(field, value) {
						t.Errorf("%s: %s is refused", field, o)
					}
				}
				if limit == 0 && q.Type != form.Postcode && q.From != form.FromAreas && q.From != form.FromOrganisations &&
					(accepts(field, "not on offer") || accepts(field, []string{"not on offer"})) {
					t.Errorf("%s: anything is taken", field)
				}
				if accepts(field, 7) || accepts(field, nil) != (field != "call_name" && field != "contact_way") {
					t.Errorf("%s: another type is taken, or it is needed", field)
				}
				if skipped := accepts(field, ""); q.Required == nil && !many && !skipped {
					t.Errorf("%s cannot be skipped", field)
				}
			}
		}
	}
	answers := document["properties"].(map[string]any)["answers"].(map[string]any)
	for field := range answers["properties"].(map[string]any) {
		if !fields[field] {
			t.Errorf("%s is no field of the form", field)
		}
	}
	for _, other := range []string{"helpers.6.name", "companion.3.name", "companion.1.relation", "hard_date.hour", "bsn"} {
		if accepts(other, "x") {
			t.Errorf("%s is taken", other)
		}
	}
}

// What the schema says of an answer that puts up the safety flag is what it does: a system may leave nothing to chance here.
func TestTheSchemaNamesTheAnswersThatPutUpTheSafetyFlag(t *testing.T) { // threat:T01
	_, document := reportSchema(t)
	properties := document["properties"].(map[string]any)["answers"].(map[string]any)["properties"].(map[string]any)
	for _, field := range []string{"hide_from", "safe_now"} {
		property := properties[field].(map[string]any)
		for _, value := range property["enum"].([]any) {
			said := value != "" && strings.Contains(property["description"].(string), fmt.Sprintf("%q", value))
			if up := (form.Answers{field: {value.(string)}}).SafetyFlag(); up != said {
				t.Errorf("%s %q puts up the flag: %t, the schema says so: %t", field, value, up, said)
			}
		}
	}
}

func TestEveryProblemOfABodyIsTold(t *testing.T) {
	type problem struct{ Pointer, Code string }
	tests := map[string]struct {
		body any
		want []problem
	}{
		"nothing is there": {"{}", []problem{{"#/path", "required"}, {"#/language", "required"}, {"#/answers", "required"}}},
		"all is of another type": {
			map[string]any{"path": 1, "language": nil, "answers": []string{}},
			[]problem{{"#/path", "type"}, {"#/language", "type"}, {"#/answers", "type"}},
		},
		"names are those of the schema, to the letter": {
			map[string]any{"Path": "form", "path": "form", "language": "nl", "answers": map[string]any{"Story": "x"}},
			[]problem{{"#/answers/Story", "unknown"}, {"#/Path", "unknown"}},
		},
		"another path and language": {
			map[string]any{"path": "letter", "language": "de", "answers": map[string]any{}},
			[]problem{{"#/path", "path"}, {"#/language", "language"}},
		},
		"answers of another type": {
			report(map[string]any{"story": 1, "areas": "money", "basics": []any{"food", 1}, "goal": []string{"x"}, "orgs_now": map[string]any{}}),
			[]problem{
				{"#/answers/story", "type"},
				{"#/answers/areas", "type"},
				{"#/answers/goal", "type"},
				{"#/answers/basics", "type"},
				{"#/answers/orgs_now", "type"},
			},
		},
		"a name that needs an escape": {report(map[string]any{"a/b~c d": "x"}), []problem{{"#/answers/a~1b~0c%20d", "unknown"}}},
		"what the form says": {
			report(map[string]any{"call_name": " ", "phone": "0", "postcode": "1234 AB", "story": strings.Repeat("é", form.MaxStory+1), "area_main": "money"}),
			[]problem{
				{"#/answers/story", "too_long"},
				{"#/answers/call_name", "required"},
				{"#/answers/phone", "phone"},
				{"#/answers/postcode", "outside"},
				{"#/answers/area_main", "not_asked"},
			},
		},
		"everything a call-me form does not ask": {
			map[string]any{"path": "call_me", "language": "nl", "answers": report(map[string]any{"story": "x"})["answers"]},
			[]problem{{"#/answers/story", "not_asked"}},
		},
		"an unsafe home without a safe way": {report(map[string]any{"safe_now": "no"}), []problem{{"#/answers/safe_contact", "required"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := openCounter(t)
			a := c.send(call{route: addReport, body: tt.body})
			var got struct{ Errors []problem }
			if err := json.Unmarshal([]byte(a.text), &got); err != nil || a.status != http.StatusUnprocessableEntity {
				t.Fatalf("answered %d %s", a.status, a.text)
			}
			if diff := cmp.Diff(tt.want, got.Errors); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// A field that is not sent was not asked; one that is empty was skipped; the people who are named say so themselves.
func TestNotAskedSkippedAndUnknownStayApart(t *testing.T) {
	c := openCounter(t)
	a := c.send(call{route: addReport, body: report(map[string]any{
		"helpers.1.name": "  Noor\u200b ", "safe_now": "", "basics": []string{}, "hard_date": "unknown", "postcode": "9991ab",
	})})
	got := c.content(casework.Reference(a.body["reference"].(string))).Answers
	want := form.Answers{
		"helpers": {"named"}, "helpers.1.name": {"Noor"}, "safe_now": {}, "basics": {}, "hard_date": {"unknown"}, "postcode": {"9991 AB"},
	}
	kept := maps.Clone(got)
	maps.DeleteFunc(kept, func(field string, _ []string) bool { _, ok := want[field]; return !ok })
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	for _, field := range []string{"story", "companion", "birth_year", "helpers.1.relation", "helpers.2.name"} {
		if _, asked := got[field]; asked {
			t.Errorf("%s was not sent and is kept", field)
		}
	}
}

func TestTheSameRequestHasTheSameAnswer(t *testing.T) { // invariant:I2
	c := openCounter(t)
	body, key := report(nil), casework.NewSecret().String()
	first := c.send(call{route: addReport, body: body, key: key})
	c.now = c.now.Add(casework.RepeatsFor - time.Second)
	again := c.send(call{route: addReport, body: body, key: key})
	if first.status != http.StatusCreated || again.status != first.status || again.text != first.text || !cmp.Equal(again.header, first.header) {
		t.Errorf("answered %d %s, then %d %s", first.status, first.text, again.status, again.text)
	}
	if worse := c.send(call{route: addReport, body: "no JSON", key: key}); worse.status != http.StatusUnprocessableEntity {
		t.Errorf("another body: %d, want 422 whatever is in it", worse.status)
	}
	c.now = c.now.Add(time.Second)
	if late := c.send(call{route: addReport, body: body, key: key}); late.status != http.StatusCreated || late.text == first.text {
		t.Errorf("after thirty days: %d %s", late.status, late.text)
	}
}
