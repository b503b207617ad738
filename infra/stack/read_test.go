package stack_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"voordeur/infra/stack"
)

// repository is a root with the settings and these municipality files.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	settings, err := os.ReadFile(filepath.Join(root, "cdk.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"cdk.json": string(settings)}
	for name, text := range files {
		all[filepath.Join("schemas", "municipalities", name)] = text
	}
	for name, text := range all {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func example(t *testing.T, id string, changes ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "schemas", "municipalities", id+".json"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(changes...).Replace(string(data))
	if len(changes) > 0 && text == string(data) {
		t.Fatal("nothing was changed")
	}
	return text
}

func TestABrokenFileRefusesTheWholeDeploymentWithEveryFault(t *testing.T) {
	broken := repository(t, map[string]string{
		"waterstad.json": example(t, "waterstad", `"eu-central-1"`, `"us-east-1"`, `"111122223333"`, `"1111"`, `"desk": "bureau.waterstad.example"`, `"desk": "hulp.waterstad.example"`),
		"duinrand.json":  example(t, "duinrand", `"#6d2077"`, `"#cccccc"`, `"issuer": "https://`, `"issuer": "http://`),
		"elders.json":    example(t, "waterstad"),
	})
	c, err := stack.Read(broken, builtAs)
	if err == nil || len(c.Municipalities) > 0 {
		t.Fatalf("read %d municipalities, error %v", len(c.Municipalities), err)
	}
	got := strings.Split(err.Error(), "\n")
	for _, want := range []string{
		"duinrand.json: theme.link: te weinig contrast tussen link en surface: 1,46, nodig is 4,5",
		"duinrand.json: deployment.sign_in.issuer: vul een webadres in dat met https:// begint",
		"elders.json: id: het bestand heet anders dan de gemeente, waterstad",
		"waterstad.json: deployment.account: vul de twaalf cijfers van het AWS-account in",
		"waterstad.json: deployment.region: kies uit: eu-central-1, eu-west-1, eu-west-3, eu-north-1, eu-south-1",
		"waterstad.json: deployment.hosts.desk: kies een andere naam dan die van de voordeur",
	} {
		found := false
		for i, line := range got {
			if line == want {
				got[i], found = "", true
			}
		}
		if !found {
			t.Errorf("not told: %s", want)
		}
	}
	if rest := strings.TrimSpace(strings.Join(got, "\n")); rest != "" {
		t.Errorf("also told: %s", rest)
	}
}

func TestACopyWhoseAccountAndAddressesWereForgottenIsRefused(t *testing.T) {
	copied := repository(t, map[string]string{
		"waterstad.json": example(t, "waterstad"), "polderdam.json": example(t, "waterstad", `"id": "waterstad"`, `"id": "polderdam"`),
	})
	_, err := stack.Read(copied, builtAs)
	want := `waterstad.json: deployment.account: 111122223333 staat al in polderdam.json
waterstad.json: deployment.hosts.public: hulp.waterstad.example staat al in polderdam.json
waterstad.json: deployment.hosts.desk: bureau.waterstad.example staat al in polderdam.json
waterstad.json: sender.address: @waterstad.example staat al in polderdam.json`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestWhatTheStacksAreMadeFromMustBeThere(t *testing.T) {
	for name, tt := range map[string]struct {
		root, functions, want string
	}{
		"no settings":         {t.TempDir(), builtAs, "read settings"},
		"no municipality":     {repository(t, nil), builtAs, "no municipality"},
		"functions not built": {root, t.TempDir(), "function frontdoor is not built, run make build"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := stack.Read(tt.root, tt.functions); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// source is the code of folders, without tests.
func source(t *testing.T, folders ...string) string {
	t.Helper()
	var all strings.Builder
	for _, folder := range folders {
		for _, pattern := range []string{"*.go", "*/*.go"} {
			files, err := filepath.Glob(filepath.Join(root, folder, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasSuffix(file, "_test.go") {
					all.Write(data)
				}
			}
		}
	}
	return all.String()
}
