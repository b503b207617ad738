package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"voordeur/functions/wiring"
	"voordeur/infra/local/dynoxide/dynoxidetest"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

const examples = "../../schemas/examples/waterstad/"

// office is a municipality whose administrator runs the command on Monday 23 November 2026, 10.00 hours in Amsterdam.
type office struct {
	t     *testing.T
	store *dynamo.Store
	town  *exampletest.Town // nil for one without staff
	env   map[string]string
	now   time.Time
}

func newOffice(t *testing.T, config aws.Config, store *dynamo.Store) *office {
	t.Helper()
	return &office{
		t: t, store: store, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		env: map[string]string{
			"MUNICIPALITY": "waterstad", "CASES_TABLE": store.Cases, "AWS_REGION": "eu-central-1",
			"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
			"AWS_ENDPOINT_URL_DYNAMODB": aws.ToString(config.BaseEndpoint),
		},
	}
}

// staffed is an office where the example staff works.
func staffed(t *testing.T) *office {
	t.Helper()
	town := exampletest.New(t)
	o := newOffice(t, town.Config, town.Store)
	o.town = town
	return o
}

// empty is an office whose table nobody has loaded anything into.
func empty(t *testing.T) *office {
	t.Helper()
	config := dynoxidetest.Config(t)
	store := &dynamo.Store{Client: dynamodb.NewFromConfig(config), Cases: "cases-" + casework.NewSecret().DraftID()}
	if _, err := store.Client.CreateTable(t.Context(), dynamo.CaseTable(store.Cases)); err != nil {
		t.Fatal(err)
	}
	return newOffice(t, config, store)
}

// people runs the command.
func (o *office) people(args ...string) (printed string, err error) {
	o.t.Helper()
	var out strings.Builder
	get := func(name string) string { return o.env[name] }
	err = run(o.t.Context(), wiring.NewEnvironment(get), args, &out, o.now)
	return out.String(), err
}

func (o *office) staff() dynamo.Staff {
	o.t.Helper()
	staff, err := o.store.Staff(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return staff
}

// file writes a file of lines.
func file(t *testing.T, lines ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "bestand.csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// edited writes an example file with texts replaced: old, new, old, new …
func edited(t *testing.T, name string, replace ...string) (path string) {
	t.Helper()
	data, err := os.ReadFile(examples + name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(data), replace[i]) {
			t.Fatalf("%s does not hold %q", name, replace[i])
		}
	}
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.NewReplacer(replace...).Replace(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func allExamples() []string {
	return []string{examples + "workers.csv", examples + "roster.csv", examples + "partners.csv"}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
