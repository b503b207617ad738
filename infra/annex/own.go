package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// ownAsked is what a municipality asks besides the core form.
type ownAsked struct {
	Municipality string
	Questions    []ownQuestion // in the order of its file
}

// ownQuestion is one of them, in Dutch words.
type ownQuestion struct{ Key, Title, Kind, Choices string }

// ownQuestions reads every municipality's file in dir, in the order of their names.
func ownQuestions(dir string) ([]ownAsked, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read the municipalities in %s: %w", dir, fs.ErrNotExist)
	}
	var all []ownAsked
	for _, file := range files {
		data, err := os.ReadFile(file) //nolint:gosec // a file of the repository
		if err != nil {
			return nil, fmt.Errorf("read a municipality: %w", err)
		}
		m, err := municipality.Read(data)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", filepath.Base(file), err)
		}
		own := ownAsked{Municipality: m.Name}
		for _, q := range m.Questions {
			own.Questions = append(own.Questions, asked(q))
		}
		all = append(all, own)
	}
	return all, nil
}

// asked is a question as the annex shows it.
func asked(q municipality.Question) ownQuestion {
	words := q.Texts["nl"]
	choices := make([]string, 0, len(q.Options))
	for _, o := range q.Options {
		choices = append(choices, words.Options[o])
	}
	kinds := map[string]string{"text": "eigen woorden", "choice": "één keuze", "multi": "meer keuzes", "date": "datum"}
	shown := ownQuestion{Key: form.OwnKey(q.Key), Title: words.Title, Kind: kinds[q.Type], Choices: "–"}
	if len(choices) > 0 {
		shown.Choices = strings.Join(choices, ", ")
	}
	return shown
}
