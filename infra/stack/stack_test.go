package stack_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack"
	"voordeur/infra/stack/template"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

// TestMain ends the one Node process behind all tests. The library is not safe for goroutines: no test here is parallel.
func TestMain(m *testing.M) {
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

const (
	root    = "../.."
	builtAs = "testdata/functions" // stand-ins, so that the templates do not change with every line of code
)

// synthesised is what a synthesis wrote, and what the checks found.
type synthesised struct {
	files    map[string][]byte // "waterstad-data.json", the templates
	findings []string          // "waterstad/data/ShortTable: AwsSolutions-DDB3: …"
	lasting  []string          // stacks that nobody deletes by accident
}

// synthesise makes the templates of every municipality of a repository; plant changes the app before.
func synthesise(repository string, plant func(awscdk.App)) (_ synthesised, err error) {
	c, err := stack.Read(repository, builtAs)
	if err != nil {
		return synthesised{}, err
	}
	if c.Out, err = os.MkdirTemp("", "cdk.out"); err != nil {
		return synthesised{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(c.Out)) }()
	c.Context["@aws-cdk/core:validateAgainstDefaultRules"] = false // make synth does; here it would take most of the time
	app := stack.New(c)
	plant(app)
	app.Synth(nil)
	s := synthesised{files: map[string][]byte{}}
	for _, m := range c.Municipalities {
		for _, part := range []string{"data", "app"} {
			files, err := filepath.Glob(filepath.Join(c.Out, "assembly-"+m.ID, m.ID+part+"????????.template.json"))
			if err != nil || len(files) != 1 {
				return synthesised{}, fmt.Errorf("%s of %s has %d templates, %w", part, m.ID, len(files), err)
			}
			data, err := os.ReadFile(files[0])
			if err != nil {
				return synthesised{}, err
			}
			s.files[m.ID+"-"+part+".json"] = append(data, '\n')
		}
		found, err := findings(filepath.Join(c.Out, "assembly-"+m.ID))
		if err != nil {
			return synthesised{}, err
		}
		s.findings = append(s.findings, found...)
		for _, made := range *app.Node().FindChild(&m.ID).Node().Children() {
			if made := made.(awscdk.Stack); *made.TerminationProtection() {
				s.lasting = append(s.lasting, *made.StackName())
			}
		}
	}
	return s, nil
}

// findings lists the warnings and errors in the metadata of a Stage's stacks.
func findings(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.metadata.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no metadata in %s, %w", folder, err)
	}
	var all []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var metadata map[string][]struct {
			Type string
			Data any
		}
		if err := json.Unmarshal(data, &metadata); err != nil {
			return nil, err
		}
		for place, entries := range metadata {
			for _, e := range entries {
				if e.Type == "aws:cdk:error" || e.Type == "aws:cdk:warning" {
					all = append(all, fmt.Sprintf("%s: %v", strings.TrimPrefix(place, "/"), e.Data))
				}
			}
		}
	}
	return all, nil
}

var shared = sync.OnceValues(func() (synthesised, error) { //nolint:gochecknoglobals // a synthesis takes seconds
	return synthesise(root, func(awscdk.App) {})
})

func synthesis(t *testing.T) synthesised {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stage returns a municipality's templates as they are now.
func stage(t *testing.T, municipality string) template.Stage {
	t.Helper()
	return synthesis(t).stage(t, municipality)
}

func (s synthesised) stage(t *testing.T, municipality string) template.Stage {
	t.Helper()
	folder := t.TempDir()
	for _, part := range []string{"data", "app"} {
		file := municipality + "-" + part + ".json"
		if err := os.WriteFile(filepath.Join(folder, file), s.files[file], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read, err := template.Read(folder, municipality)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// golden compares with a file of testdata.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s differs; see whether that is meant, and rewrite it with -update (-golden +now):\n%s", path, diff)
	}
}

func TestTheTemplatesOfOneMunicipalityAreAsReviewed(t *testing.T) {
	s := synthesis(t)
	for _, file := range []string{"waterstad-data.json", "waterstad-app.json"} {
		golden(t, file, s.files[file])
	}
}

// The second synthesis has a municipality more, and in each of the others a stack more, with a bucket that takes requests
// without TLS.
func TestASecondSynthesisGivesTheSameBytesAndAPlantedFaultIsFound(t *testing.T) {
	first := synthesis(t)
	if len(first.findings) > 0 {
		t.Errorf("the checks found what nobody accepted:\n%s", strings.Join(first.findings, "\n"))
	}
	stages := []string{"waterstad", "duinrand"}
	second, err := synthesise(repository(t, map[string]string{
		"waterstad.json": example(t, "waterstad"), "duinrand.json": example(t, "duinrand"),
		"kaal.json": example(t, "waterstad", `"id": "waterstad"`, `"id": "kaal"`, `["zaaksysteem"]`, "[]",
			"waterstad.example", "kaal.example", "111122223333", "777788889999"),
	}), func(app awscdk.App) {
		for _, id := range stages {
			in := app.Node().FindChild(&id).(awscdk.Stage)
			awss3.NewBucket(awscdk.NewStack(in, jsii.String("planted"), nil), jsii.String("Bucket"), nil)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range stages {
		for _, file := range []string{id + "-data.json", id + "-app.json"} {
			if diff := cmp.Diff(string(first.files[file]), string(second.files[file])); diff != "" || len(first.files[file]) == 0 {
				t.Errorf("two syntheses of %s (-first +second):\n%s", file, diff)
			}
		}
		want := id + "/planted/Bucket/Resource: AwsSolutions-S10"
		if !slices.ContainsFunc(second.findings, func(f string) bool { return strings.HasPrefix(f, want) }) {
			t.Errorf("a bucket that takes requests without TLS is not found: no %s", want)
		}
	}
	t.Run("a municipality without systems starts its API all the same", func(t *testing.T) {
		got, err := second.stage(t, "kaal").Environment("api", map[string]string{"CaseTable": "c", "UserPool.ProviderURL": "p"})
		if err != nil {
			t.Fatal(err)
		}
		if clients := got["API_CLIENTS"]; clients == "" || len(strings.Fields(clients)) > 0 {
			t.Errorf("the API is told of clients %q: it wants to be told, of none", clients)
		}
	})
}

func TestTheStackOfWhatMustNotBeLostIsNotDeletedByAccident(t *testing.T) {
	got := slices.Sorted(slices.Values(synthesis(t).lasting))
	var want []string // of every municipality, those that a fork has added too
	for file := range synthesis(t).files {
		if stack, data := strings.CutSuffix(file, "-data.json"); data {
			want = append(want, stack+"-data")
		}
	}
	if slices.Sort(want); len(want) < 2 || !slices.Equal(got, want) {
		t.Errorf("protected %v, want %v", got, want)
	}
}

// Everything of a municipality stands and is processed in its own account and region.
func TestAMunicipalityStaysInItsAccountAndRegion(t *testing.T) {
	elsewhere := regexp.MustCompile(`\b(us|ap|sa|ca|af|me|il|mx|eu)-[a-z]+-[0-9]\b`)
	accounts := regexp.MustCompile(`\b[0-9]{12}\b`)
	for id, want := range map[string]struct{ region, account string }{
		"waterstad": {"eu-central-1", "111122223333"}, "duinrand": {"eu-west-1", "444455556666"},
	} {
		for _, part := range []string{"data", "app"} {
			file := synthesis(t).files[id+"-"+part+".json"]
			for _, found := range elsewhere.FindAll(file, -1) {
				if string(found) != want.region {
					t.Errorf("%s names region %s", id, found)
				}
			}
			for _, found := range accounts.FindAll(file, -1) {
				if string(found) != want.account {
					t.Errorf("%s names account %s", id, found)
				}
			}
		}
	}
}
