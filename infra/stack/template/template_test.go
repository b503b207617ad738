package template_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack/template"
)

const (
	data = `{"Outputs": {"a": {"Value": {"Ref": "CaseTable"}, "Export": {"Name": "stad-data:cases"}}}}`
	app  = `{"Resources": {"f": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "stad-desk", "Environment": {"Variables": {
		"PLAIN": "as it is", "TABLE": {"Fn::ImportValue": "stad-data:cases"}, "KEY": {"Fn::GetAtt": ["Key", "Arn"]},
		"CLIENTS": {"Fn::Join": [" ", ["one", {"Ref": "Two"}]]}}}}},
		"g": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "stad-api", "Environment": {"Variables": {
		"LOST": {"Fn::ImportValue": "elsewhere"}}}}},
		"h": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "stad-odd", "Environment": {"Variables": {
		"ODD": {"Fn::Select": [0, []]}}}}}}}`
)

func stad(t *testing.T) template.Stage {
	t.Helper()
	folder := t.TempDir()
	for file, text := range map[string]string{"stad-data.json": data, "stad-app.json": app} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := template.Read(folder, "stad")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAFunctionsEnvironmentIsWrittenOut(t *testing.T) {
	got, err := stad(t).Environment("desk", map[string]string{"CaseTable": "local-cases", "Key.Arn": "arn:key", "Two": "2"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"PLAIN": "as it is", "TABLE": "local-cases", "KEY": "arn:key", "CLIENTS": "one 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeWrittenOutIsAnErrorThatNamesIt(t *testing.T) {
	for name, tt := range map[string]struct {
		function string
		want     string
	}{
		"a value that nobody gave":               {"desk", "no value for"},
		"an import of what is not exported":      {"api", "nothing exports elsewhere"},
		"a call that we do not know":             {"odd", "Fn::Select cannot be resolved"},
		"a function that is not in the template": {"frontdoor", "function frontdoor is not in the template"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := stad(t).Environment(tt.function, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, error %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestATemplateThatIsNotThereIsAnError(t *testing.T) {
	if _, err := template.Read(t.TempDir(), "stad"); err == nil {
		t.Error("no error")
	}
}
