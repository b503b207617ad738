package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/schemas"
)

// Each municipality is there with each of its own questions, and a file that is wrong stops the annex.
func TestOwnQuestionsComeFromTheMunicipalitysFile(t *testing.T) {
	dir := t.TempDir()
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ownQuestions(dir); err == nil {
		t.Error("a folder without municipalities is no error")
	}
	write("waterstad.json", string(data))
	got, err := ownQuestions(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := ownQuestion{Key: "own_boat", Title: "Woon je op een boot?", Kind: "één keuze", Choices: "Ja, Nee"}
	m := waterstad(t)
	if len(got) != 1 || got[0].Municipality != m.Name || len(got[0].Questions) != len(m.Questions) {
		t.Fatalf("read %+v", got)
	}
	if diff := cmp.Diff(want, got[0].Questions[0]); diff != "" {
		t.Errorf("the first question (-want +got):\n%s", diff)
	}
	annex, err := makeAnnex(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range m.Questions {
		if !strings.Contains(string(annex), "`"+form.OwnKey(q.Key)+"`") {
			t.Errorf("the annex leaves out %s", q.Key)
		}
	}
	write("waterstad.json", strings.Replace(string(data), `"type": "choice"`, `"type": "file"`, 1))
	if _, err := ownQuestions(dir); err == nil {
		t.Error("a question of an unknown kind is no error")
	}
}

// The annex says that answers to own questions are in the content envelope alone.
func TestOwnAnswersAreInTheContentAlone(t *testing.T) { // threat:T16
	m := waterstad(t)
	sealed := func(answer string) map[string][]byte {
		kept := keeper{plain: map[string][]byte{}}
		intake := casework.Intake{Municipality: m, Form: form.Of(m), Reports: kept, Sealer: kept, Views: kept}
		_, err := intake.Submit(t.Context(), monday(), casework.Secret{1}, form.Draft{
			Path: form.Full, Language: "nl", Answers: merged(everything(), form.Answers{"own_boat": {answer}}),
		})
		if err != nil {
			t.Fatal(err)
		}
		return kept.plain
	}
	var changed []string
	before, after := sealed("yes"), sealed("no")
	for purpose := range before {
		if string(before[purpose]) != string(after[purpose]) {
			changed = append(changed, purpose)
		}
	}
	if !slices.Equal(changed, []string{"content"}) {
		t.Errorf("an own answer changes the envelopes %v", changed)
	}
}
