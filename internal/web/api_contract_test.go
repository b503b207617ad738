package web_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"voordeur/internal/casework"
	"voordeur/internal/web"
	"voordeur/schemas"
)

// contract is the OpenAPI document, and which of its answers were seen.
type contract struct {
	document map[string]any
	compiler *jsonschema.Compiler
	seen     map[string]bool // "POST /reports 201"
}

func readContract(t testing.TB) contract {
	t.Helper()
	data, err := schemas.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openapi.json", document); err != nil {
		t.Fatal(err)
	}
	return contract{document: document.(map[string]any), compiler: c, seen: map[string]bool{}}
}

// at returns what stands at a place of the document, references followed, and its own place.
func (c contract) at(path ...string) (found map[string]any, place []string) {
	found = c.document
	for i, name := range path {
		inner, ok := found[name].(map[string]any)
		if !ok {
			return nil, nil
		}
		found = inner
		if ref, ok := found["$ref"].(string); ok && strings.HasPrefix(ref, "#/") {
			to := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
			return c.at(append(to, path[i+1:]...)...)
		}
	}
	return found, path
}

// schema compiles the schema at a place.
func (c contract) schema(t testing.TB, place ...string) *jsonschema.Schema {
	t.Helper()
	var pointer strings.Builder
	pointer.WriteString("openapi.json#")
	for _, name := range place {
		pointer.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	s, err := c.compiler.Compile(pointer.String())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// operations lists the document's operations, as routes of the service: "POST /reports".
func (c contract) operations() []string {
	var all []string
	paths, _ := c.at("paths")
	for path := range paths {
		methods, _ := c.at("paths", path)
		for method := range methods {
			all = append(all, strings.ToUpper(method)+" "+path)
		}
	}
	return all
}

func operation(route string) []string {
	method, path, _ := strings.Cut(route, " ")
	return []string{"paths", path, strings.ToLower(method)}
}

// hold holds an answer to a request for a route against the document, and against what every answer must be.
func (c contract) hold(t testing.TB, route string, a replied) {
	t.Helper()
	status := strconv.Itoa(a.status)
	c.seen[route+" "+status] = true
	response, place := c.at(append(operation(route), "responses", status)...)
	if response == nil {
		t.Errorf("%s answered %s, which is not in the document: %s", route, status, a.text)
		return
	}
	mediaType := a.header.Get("Content-Type")
	if content, _ := c.at(append(place, "content", mediaType)...); content == nil {
		t.Errorf("%s %s: media type %q is not in the document", route, status, mediaType)
		return
	}
	body, err := jsonschema.UnmarshalJSON(strings.NewReader(a.text))
	if err != nil {
		t.Errorf("%s %s: %v", route, status, err)
		return
	}
	_, place = c.at(append(operation(route), "responses", status)...)
	if err := c.schema(t, append(slices.Clone(place), "content", mediaType, "schema")...).Validate(body); err != nil {
		t.Errorf("%s %s answers %s\n%v", route, status, a.text, err)
	}
	c.holdHeaders(t, route+" "+status, place, a.header)
	if got := fmt.Sprint(a.body["status"]); a.status >= http.StatusBadRequest && got != status {
		t.Errorf("%s %s: its problem says %s", route, status, got)
	}
}

func (c contract) holdHeaders(t testing.TB, answer string, place []string, got http.Header) {
	t.Helper()
	headers, _ := c.at(append(slices.Clone(place), "headers")...)
	for name := range headers {
		header, at := c.at(append(slices.Clone(place), "headers", name)...)
		value := got.Get(name)
		if value == "" && header["required"] == true {
			t.Errorf("%s has no %s", answer, name)
		}
		if value != "" {
			if err := c.schema(t, append(slices.Clone(at), "schema")...).Validate(value); err != nil {
				t.Errorf("%s: %s is %q: %v", answer, name, value, err)
			}
		}
	}
	for _, name := range []string{"Api-Version", "Location", "Www-Authenticate", "Allow", "Retry-After"} {
		if got.Get(name) != "" && !slices.ContainsFunc(slices.Collect(maps.Keys(headers)), func(h string) bool { return strings.EqualFold(h, name) }) {
			t.Errorf("%s has %s, which is not in the document", answer, name)
		}
	}
	for name, want := range map[string]string{
		"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":       "nosniff",
		"Cache-Control":                "no-store",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Robots-Tag":                 "noindex, nofollow",
		"Access-Control-Allow-Origin":  "",
		"Set-Cookie":                   "",
	} {
		if value := got.Get(name); value != want {
			t.Errorf("%s: %s is %q, want %q", answer, name, value, want)
		}
	}
}

// O6: every route is in the document with its scope, and every operation of the document is a route.
func TestTheDocumentAndTheRoutesAreTheSame(t *testing.T) {
	c := readContract(t)
	documented := map[string]string{}
	for _, route := range c.operations() {
		method, path, _ := strings.Cut(route, " ")
		o, _ := c.at(operation(route)...)
		scope := ""
		security, named := o["security"].([]any)
		if !named {
			t.Errorf("%s does not say who may", route)
		}
		for _, one := range security {
			scope = fmt.Sprint(one.(map[string]any)["systems"].([]any)...)
		}
		documented[method+" /api/v1"+path] = scope
	}
	if diff := cmp.Diff(documented, web.APIRoutes()); diff != "" {
		t.Errorf("routes (-document +service):\n%s", diff)
	}
}

// Every state that a case can be in may be answered.
func TestTheDocumentKnowsEveryState(t *testing.T) {
	state, _ := readContract(t).at("components", "schemas", "Case", "properties", "state")
	var want []any
	for _, s := range casework.States() {
		want = append(want, string(s))
	}
	if diff := cmp.Diff(want, state["enum"]); diff != "" {
		t.Errorf("states (-casework +document):\n%s", diff)
	}
}

// The kinds of problems that an answer can be of are those that have this status.
func TestAProblemIsDocumentedUnderItsStatus(t *testing.T) {
	c := readContract(t)
	responses, _ := c.at("components", "responses")
	kinds := 0
	for name := range responses {
		status := 0
		for _, route := range c.operations() {
			all, _ := c.at(append(operation(route), "responses")...)
			for code, response := range all {
				if ref, _ := response.(map[string]any)["$ref"].(string); ref == "#/components/responses/"+name {
					status, _ = strconv.Atoi(code)
				}
			}
		}
		text := fmt.Sprint(responses[name])
		for _, found := range regexp.MustCompile(`/problems/([a-z]+)`).FindAllStringSubmatch(text, -1) {
			kinds++
			if got := web.ProblemStatus(found[1]); got != status {
				t.Errorf("%s has %s, whose status is %d, under %d", name, found[1], got, status)
			}
		}
	}
	if kinds != 14 {
		t.Errorf("%d kinds of problems in the document, want 14", kinds)
	}
}
