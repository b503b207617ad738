package stack_test

import (
	"testing"

	"voordeur/infra/stack/template"
)

// in walks down JSON objects; nil when a step is not there.
func in(value any, path ...string) any {
	for _, step := range path {
		object, _ := value.(map[string]any)
		value = object[step]
	}
	return value
}

// list is a JSON list; one value alone is a list of one, as in policies.
func list(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

// resolve writes out a value with what AWS fills in as "<CaseTable.Arn>".
func resolve(t *testing.T, s template.Stage, value any) string {
	t.Helper()
	text, err := s.Resolve(value, func(name string) (string, bool) { return "<" + name + ">", true })
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// ofType returns a template's resources of a type, by logical id.
func ofType(t template.Template, kind string) map[string]template.Resource {
	all := map[string]template.Resource{}
	for id, r := range t.Resources {
		if r.Type == kind {
			all[id] = r
		}
	}
	return all
}
